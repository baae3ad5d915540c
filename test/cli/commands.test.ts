import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../bin/local/free-port.ts";
import { createProgram } from "../../bin/qr/program.ts";
import { readCsv } from "../../core/csv/read.ts";
import { newQrTenant, runQr } from "../support/qr-command.ts";
import { makeFolder } from "../support/temporary-folder.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { PHONE } from "../support/user-agents.ts";

const TARGET = "https://example.com/menu";
let stack: TestStack;
let folder: Awaited<ReturnType<typeof makeFolder>>;

beforeAll(async () => {
  stack = await startTestStack();
  folder = await makeFolder("qr-command-");
});
afterAll(async () => {
  await stack.close();
  await folder.remove();
});

/** A tenant of its own, and `qr` on its behalf in a folder of its own. */
async function newTenant() {
  const { tenant, env, cwd, qr } = await newQrTenant(stack, folder.path);
  const call: TestStack["call"] = (path, init) => stack.call(path, { tenant, ...init });
  const create = async (fields: object): Promise<{ qrId: string }> => {
    const created = await call("/generate", { method: "POST", json: { targetUrl: TARGET, ...fields } });
    return (await created.json()) as { qrId: string };
  };
  return { tenant, env, cwd, qr, call, create };
}

describe("a code from its creation on", { timeout: 120_000 }, () => {
  it("is created, changed, deleted and restored", async () => {
    const { qr, call, tenant } = await newTenant();
    const id = `${tenant}-menu`;
    const fields = [
      "--name",
      "Café",
      "--tags",
      "shop, red",
      "--max-scans",
      "5",
      "--expires-at",
      "2099-01-01T00:00:00Z",
    ];
    const created = await qr("create", TARGET, "--id", id, ...fields);
    expect(created).toEqual({ code: 0, stdout: `${id}\t${stack.baseUrl}/scan/${id}\n`, stderr: "" });
    expect(await (await call(`/qr/${id}`)).json()).toMatchObject({
      targetUrl: TARGET,
      name: "Café",
      tags: ["shop", "red"],
      maxScans: 5,
      expiresAt: "2099-01-01T00:00:00.000Z",
    });

    const changed = await qr("set", id, "--status", "paused", "--max-scans", "", "--tags", "");
    expect(changed).toEqual({ code: 0, stdout: `${id}\tchanged\n`, stderr: "" });
    expect(await (await call(`/qr/${id}`)).json()).toMatchObject({
      status: "paused",
      maxScans: null,
      tags: [],
    });

    expect(await qr("delete", id)).toEqual({ code: 0, stdout: `${id}\tdeleted\n`, stderr: "" });
    expect((await call(`/qr/${id}`)).status).toBe(404);
    expect(await qr("restore", id)).toEqual({ code: 0, stdout: `${id}\trestored\n`, stderr: "" });
    expect((await call(`/qr/${id}`)).status).toBe(200);
  });

  it("is created once however often the command is repeated with an idempotency key", async () => {
    const { qr, call } = await newTenant();
    const [first, second] = [
      await qr("create", TARGET, "--idempotency-key", "once", "--json"),
      await qr("create", TARGET, "--idempotency-key", "once", "--json"),
    ];
    expect(JSON.parse(first.stdout)).toMatchObject({ targetUrl: TARGET });
    expect(JSON.parse(second.stdout).qrId).toBe(JSON.parse(first.stdout).qrId);
    expect(await (await call("/qr")).json()).toMatchObject({ count: 1 });
  });

  it("is refused with each field that is wrong", async () => {
    const { qr } = await newTenant();
    const refused = await qr("create", "ftp://example.com", "--name", "a".repeat(201));
    expect([refused.code, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toMatch(/\n {2}targetUrl: [^\n]+\n {2}name: [^\n]+\n$/);
  });

  it.each([["set", "--name", "x"], ["delete"], ["restore"]])(
    "%s of several exits with 2 if some fail, with 1 if all do, and names them",
    async (command, ...options) => {
      const { qr, create, tenant } = await newTenant();
      const { qrId } = await create({});
      if (command === "restore") await qr("delete", qrId);
      const some = await qr(command, qrId, `${tenant}-absent`, ...options);
      expect([some.code, some.stdout.split("\t")[0]]).toEqual([2, qrId]);
      expect(some.stderr).toMatch(new RegExp(`^${tenant}-absent: [^\\n]*404[^\\n]*\\n$`));
      const none = await qr(command, `${tenant}-absent`, ...options);
      expect([none.code, none.stdout]).toEqual([1, ""]);
    },
  );
});

describe("qr stats", { timeout: 120_000 }, () => {
  it("shows a tenant's figures, those of a tag, and those of a code", async () => {
    const { qr, create } = await newTenant();
    const { qrId } = await create({ name: "Menu", tags: ["shop"] });
    await stack.call(`/scan/${qrId}`, { tenant: null, headers: { "user-agent": PHONE } });
    const all = await qr("stats");
    expect([all.code, all.stderr]).toEqual([0, ""]);
    expect(all.stdout).toMatch(new RegExp(`^All codes\\n[^]*Never scanned: 1\\n  ${qrId}  Menu\\n`));
    const ofTag = JSON.parse((await qr("stats", "--tag", "shop", "--tz", "Asia/Kathmandu", "--json")).stdout);
    expect(ofTag).toMatchObject({ tz: "Asia/Kathmandu", unscannedCodes: [{ qrId }] });
    const ofCode = await qr("stats", qrId, "--days", "7");
    expect(ofCode.stdout).toMatch(new RegExp(`^Code ${qrId}\\n  scans, ever +1\\n`));
  });
});

describe("qr export", { timeout: 120_000 }, () => {
  const NAME = '=Ünïcode; "quoted"';

  it("writes a file that opens in a spreadsheet and holds each code once", async () => {
    const { qr, create, cwd } = await newTenant();
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift((await create({ name: `${NAME} ${count}` })).qrId);
    const run = await qr("export", "-o", "codes.csv");
    expect(run).toEqual({
      code: 0,
      stdout: "",
      stderr: expect.stringMatching(/^codes\.csv: [\d,]+ bytes\n$/),
    });
    const text = readFileSync(join(cwd, "codes.csv"), "utf8");
    expect(text.codePointAt(0)).toBe(0xfeff);
    const [header, ...rows] = readCsv(text).records.map(({ cells }) => cells);
    expect(header?.[0]).toBe("qrId");
    expect(rows.map(([qrId]) => qrId)).toEqual(ids);
    expect(rows[0]).toContain(`${NAME} 4`);
    expect(readdirSync(cwd)).toEqual(["codes.csv"]);
  });

  it("writes to standard output, as NDJSON, what the filter chooses", async () => {
    const { qr, create } = await newTenant();
    await create({ name: "Other" });
    const { qrId } = await create({ tags: ["shop"] });
    const { code, stdout, stderr } = await qr("export", "--format", "ndjson", "--tag", "shop");
    expect([code, stderr, stdout.split("\n").length]).toEqual([0, "", 2]);
    expect(JSON.parse(stdout)).toMatchObject({ qrId, tags: ["shop"] });
  });

  it("leaves the file that is there if it fails", async () => {
    const { qr, cwd } = await newTenant();
    writeFileSync(join(cwd, "codes.csv"), "before");
    const refused = await qr("export", "-o", "codes.csv", "-q", "a");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("q: must have at least 3")]);
    expect(readFileSync(join(cwd, "codes.csv"), "utf8")).toBe("before");
    const nowhere = await qr("export", "-o", "absent/codes.csv");
    expect([nowhere.code, nowhere.stderr]).toEqual([
      1,
      expect.stringMatching(/^ENOENT[^\n]*codes\.csv[^\n]*\n$/),
    ]);
  });
});

describe("qr pictures", { timeout: 120_000 }, () => {
  it("draws each code into a file of its own, lists them, and draws none twice", async () => {
    const { qr, create, cwd, tenant } = await newTenant();
    const names = ["../x", "CON", "🦄", "a".repeat(200), "Twin", "Twin", null, 'Größe: 3/4 "neu"'];
    const ids: string[] = [];
    for (const name of names) ids.push((await create(name === null ? {} : { name })).qrId);
    // These two are one file to Windows and macOS.
    for (const qrId of [`${tenant}-menu`, `${tenant}-MENU`]) await create({ qrId, name: "Menu" });
    await create({ qrId: "COM1" });

    const first = await qr("pictures", "--format", "svg", "--out", "pictures");
    expect([first.code, first.stderr]).toEqual([0, "pictures: 11 drawn; manifest.csv lists them\n"]);
    const [header, ...rows] = readCsv(readFileSync(join(cwd, "pictures/manifest.csv"), "utf8")).records;
    expect(header?.cells).toEqual(["qrId", "name", "file", "scanUrl", "targetUrl"]);
    const files = new Map(rows.map(({ cells }) => [cells[0], cells[2] ?? ""]));
    expect(files.size).toBe(11);
    expect(ids.map((qrId) => files.get(qrId)?.replace(qrId, "ID"))).toEqual([
      "x.ID.svg",
      "_CON.ID.svg",
      "ID.svg",
      `${"a".repeat(60)}.ID.svg`,
      "Twin.ID.svg",
      "Twin.ID.svg",
      "ID.svg",
      "Größe-3-4-neu.ID.svg",
    ]);
    expect(files.get("COM1")).toBe("_COM1.svg");
    expect(new Set([...files.values()].map((file) => file.toLowerCase())).size).toBe(11);
    expect(new Set(readdirSync(join(cwd, "pictures")))).toEqual(
      new Set([...files.values(), "manifest.csv", ".qr-pictures.json"]),
    );
    for (const file of files.values())
      expect(readFileSync(join(cwd, "pictures", file), "utf8")).toMatch(/^<svg/);

    await create({ name: "New" });
    const again = await qr("pictures", "--format", "svg", "--out", "pictures");
    expect(again.stderr).toBe("pictures: 1 drawn, 11 there already; manifest.csv lists them\n");
    const others = await qr("pictures", "--format", "svg", "--out", "pictures", "-p", "ecc=H");
    expect([others.code, others.stderr]).toEqual([1, expect.stringMatching(/^[^\n]*--anew\n$/)]);
    const anew = await qr("pictures", "--format", "svg", "--out", "pictures", "-p", "ecc=H", "--anew");
    expect(anew.stderr).toBe("pictures: 12 drawn; manifest.csv lists them\n");
  });

  it.each([
    ["png", "\x89PNG"],
    ["pdf", "%PDF"],
    ["eps", "%!PS"],
  ])("draws %s", async (format, start) => {
    const { qr, create, cwd } = await newTenant();
    const { qrId } = await create({});
    expect((await qr("pictures", "--format", format, "--out", "out", "-p", "width=30mm")).code).toBe(0);
    expect(readFileSync(join(cwd, `out/${qrId}.${format}`), "latin1").slice(0, 4)).toBe(start);
  });

  it("names a code that can't be drawn so, draws the others, and exits with 2", async () => {
    const { qr, create, cwd } = await newTenant();
    const { qrId } = await create({ style: { caption: "x".repeat(40), frame: "banner" } });
    const refused = await qr("pictures", "--out", "out", "-p", "logo=absent");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(new RegExp(`^${qrId}: [^]*1 failed`));
    expect(existsSync(join(cwd, `out/${qrId}.svg`))).toBe(false);
  });
});

describe("whoever calls", { timeout: 120_000 }, () => {
  const lines = (text: string) => text.split("\n").slice(0, -1);

  it("without a token, or with what is none, is told so in a line", async () => {
    const { env } = await newTenant();
    const { QR_URL = "" } = env;
    expect(await runQr(["stats"], { QR_URL })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^QR_TOKEN is missing[^\n]*\n$/),
    });
    const npm = await runQr(["stats"], { QR_URL, QR_TOKEN: "\n> qr-service@0.1.0 token\nsecret" });
    expect([npm.code, lines(npm.stderr).length]).toEqual([1, 1]);
    expect(npm.stderr).not.toContain("secret");
  });

  it("with a foreign, an expired or a wrong token is told to set another one", async () => {
    const { env } = await newTenant();
    const expired = await stack.issuer.issue(["tenant_a"], ["qr:read"], Date.now() - 400 * 86_400_000);
    for (const QR_TOKEN of [expired, "abc", `qrs_${"a".repeat(16)}_${"b".repeat(49)}`]) {
      const { code, stderr } = await runQr(["stats"], { ...env, QR_TOKEN });
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^QR_TOKEN was refused[^\n]*\(401\)\n$/)]);
    }
  });

  it("without the scope is told which one is missing", async () => {
    const { env, tenant } = await newTenant();
    const QR_TOKEN = await stack.issuer.issue([tenant], ["qr:read"]);
    const { code, stderr } = await runQr(["create", TARGET], { ...env, QR_TOKEN });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^QR_TOKEN may not do this[^\n]*qr:write[^\n]*\n/),
    ]);
  });

  it("with an API key works, and with a token of several tenants as the one that is chosen", async () => {
    const { env, tenant, call } = await newTenant();
    const made = await call("/keys", { method: "POST", json: { name: "printer", scopes: ["qr:read"] } });
    const { key } = (await made.json()) as { key: string };
    expect((await runQr(["stats"], { ...env, QR_TOKEN: key })).code).toBe(0);
    const QR_TOKEN = await stack.issuer.issue([tenant, "tenant_other"], ["qr:read"]);
    const open = await runQr(["stats"], { ...env, QR_TOKEN });
    expect([open.code, open.stderr]).toEqual([1, expect.stringContaining("X-Tenant-ID")]);
    expect((await runQr(["stats"], { ...env, QR_TOKEN, QR_TENANT: tenant })).code).toBe(0);
  });

  it("is told in a line that nobody answers, or that the address is none", async () => {
    const { env } = await newTenant();
    const silent = await runQr(["stats"], { ...env, QR_URL: `http://127.0.0.1:${await freePort()}` });
    expect([silent.code, silent.stderr]).toEqual([
      1,
      expect.stringMatching(/^the service does not answer \(ECONNREFUSED\)[^\n]*QR_URL[^\n]*\n$/),
    ]);
    for (const QR_URL of ["qr.example.com", "ftp://qr.example.com", "https://user:secret@qr.example.com"]) {
      const { code, stderr } = await runQr(["stats"], { ...env, QR_URL });
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^QR_URL must be [^\n]*\n$/)]);
      expect(stderr).not.toContain("secret");
    }
  });

  it("is told what a command takes", async () => {
    const commands = createProgram({}).commands.map((command) => command.name());
    for (const command of commands) {
      const { code, stdout } = await runQr([command, "--help"], {});
      expect([command, code, stdout]).toEqual([command, 0, expect.stringContaining(`Usage: qr ${command}`)]);
    }
    const wrong = await runQr(["stats", "--dayz", "3"], {});
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("unknown option '--dayz'")]);
  });
});

describe("sheets of labels", { timeout: 120_000 }, () => {
  it("are written as PDFs of whole pages, of any number of codes", { timeout: 120_000 }, async () => {
    const { qr, tenant, cwd } = await newTenant();
    await stack.database.sql(
      `INSERT INTO qr_codes (qr_id, tenant_id, target_url, created_at, updated_at)
       SELECT $1 || '-' || n, $1, '${TARGET}', now(), now() FROM generate_series(1, 600) AS n`,
      [tenant],
    );
    const written = await qr("sheets", "-o", "labels", "--layout", "a4-3x8", "--caption", "id");
    expect(written).toEqual({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining("labels: 600 codes on 600 labels in 2 files"),
    });
    expect(readdirSync(join(cwd, "labels")).sort()).toEqual(["labels-001.pdf", "labels-002.pdf"]);
    const pages = ["labels-001.pdf", "labels-002.pdf"].map((name) => {
      return readFileSync(join(cwd, "labels", name), "latin1").split("/Type /Page ").length - 1;
    });
    expect(pages).toEqual([20, 5]);
  });

  it("may be of a layout from a file, which the service checks", async () => {
    const { qr, cwd, create } = await newTenant();
    await create({ name: "Menu" });
    const layout = {
      page: { width: 100, height: 100 },
      rows: 2,
      columns: 2,
      margins: { top: 5, right: 5, bottom: 5, left: 5 },
    };
    writeFileSync(join(cwd, "mine.json"), JSON.stringify(layout));
    expect(
      (await qr("sheets", "-o", ".", "--layout", "mine.json", "--copies", "4", "--crop-marks")).code,
    ).toBe(0);
    expect(readFileSync(join(cwd, "labels-001.pdf"), "latin1")).toContain("%PDF-1.4");
    writeFileSync(join(cwd, "bad.json"), JSON.stringify({ ...layout, rows: 50 }));
    const refused = await qr("sheets", "-o", ".", "--layout", "bad.json");
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("custom") });
    expect((await qr("sheets", "-o", ".", "--layout", "none.json")).code).toBe(1);
  });
});
