import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCsv } from "../../core/csv/read.ts";
import { newQrTenant, runQr, startQr } from "../support/qr-command.ts";
import { makeFolder } from "../support/temporary-folder.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

let stack: TestStack;
let folder: Awaited<ReturnType<typeof makeFolder>>;

beforeAll(async () => {
  stack = await startTestStack();
  folder = await makeFolder("qr-import-");
});
afterAll(async () => {
  await stack.close();
  await folder.remove();
});

/** A tenant of its own, and `qr` on its behalf in a folder of its own. */
async function newTenant() {
  const { tenant, env, cwd, qr } = await newQrTenant(stack, folder.path);
  const write = (name: string, text: string | Uint8Array) => writeFileSync(join(cwd, name), text);
  const read = (name: string) => readFileSync(join(cwd, name), "utf8");
  /** All codes of the tenant, as the service has them. */
  const codes = async () =>
    (await qr("export", "--format", "ndjson")).stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { tenant, env, cwd, write, read, qr, codes };
}

const cellsOf = (text: string) => readCsv(text).records.map(({ cells }) => cells);

/** The first line, and rows of which each second one has an ID. */
function manyRows(tenant: string, count: number): string {
  const rows = Array.from({ length: count }, (_, index) =>
    [
      index % 2 ? `${tenant}-${index}` : "",
      `https://example.com/table/${index}`,
      `"Tisch ""${index}"" 🦄"`,
    ].join(","),
  );
  return `qrId,targetUrl,name\n${rows.join("\n")}\n`;
}

/** Waits for a state rather than for a time. */
async function until(state: () => boolean): Promise<void> {
  while (!state()) await sleep(5);
}

describe("qr import", { timeout: 120_000 }, () => {
  it("says what failed by line, and goes on once it is mended", async () => {
    const { tenant, qr, codes, write, read } = await newTenant();
    const good = `${tenant}-1;https://example.com/1;"Größe ""M""; rot";"shop,rot"`;
    write(
      "codes.csv",
      `\ufeffqrId;targetUrl;name;tags\r\n${good}\r\n;ftp://example.com;"zwei\r\nZeilen";\r\n${tenant}-1;https://example.com/3;=1+1;\r\n\r\n;https://example.com/4;🦄;\r\n;;;;;x\r\n;;;;;\r\n`,
    );
    const first = await qr("import", "codes.csv", "--results", "ids.csv");
    expect(first).toEqual({ code: 2, stdout: "", stderr: expect.any(String) });
    expect(first.stderr.split("\n")).toEqual([
      expect.stringMatching(/^line 3, targetUrl: must be .*; name: /),
      "line 5, qrId: is also that of line 2",
      expect.stringMatching(/^line 8, row: has 6 cells/),
      "codes.csv: 2 created, 3 failed",
      "codes.failed.csv has the failed rows: mend them, and import that file",
      "",
    ]);
    const made = await codes();
    expect(made).toHaveLength(2);
    expect(made).toContainEqual(expect.objectContaining({ name: "🦄" }));
    expect(made).toContainEqual(
      expect.objectContaining({ qrId: `${tenant}-1`, name: 'Größe "M"; rot', tags: ["shop", "rot"] }),
    );
    expect(cellsOf(read("ids.csv"))).toEqual([
      ["line", "qrId", "result"],
      ["2", `${tenant}-1`, "created"],
      ["7", expect.stringMatching(/^qr_/), "created"],
    ]);

    const [header, ...failed] = cellsOf(read("codes.failed.csv"));
    expect(header).toEqual(["import line", "import problem", "qrId", "targetUrl", "name", "tags"]);
    expect(failed.map(([line]) => line)).toEqual(["3", "5", "8"]);
    expect(failed[0]?.slice(2)).toEqual(["", "ftp://example.com", "zwei\r\nZeilen", ""]);
    const mended = read("codes.failed.csv")
      .replace("ftp://example.com", "https://example.com/2")
      .replace(/zwei\r\nZeilen/, "zwei Zeilen")
      .replace(`${tenant}-1`, `${tenant}-3`)
      .replace(/^8,.*\r\n/m, "");
    write("codes.failed.csv", mended);
    const second = await qr("import", "codes.failed.csv");
    expect(second).toEqual({ code: 0, stdout: "", stderr: "codes.failed.csv: 2 created\n" });
    expect(await codes()).toHaveLength(4);
    expect(await codes()).toContainEqual(expect.objectContaining({ qrId: `${tenant}-3`, name: "=1+1" }));

    // Neither file doubles anything when it is imported again.
    const again = await qr("import", "codes.csv");
    expect([again.code, again.stderr]).toEqual([
      2,
      expect.stringMatching(/^codes\.csv was imported already .*--anew/),
    ]);
    expect((await qr("import", "codes.failed.csv")).code).toBe(0);
    expect(await codes()).toHaveLength(4);
  });

  it("brings an exported file back unchanged, and changes what was edited in it", async () => {
    const { tenant, qr, codes, write, read } = await newTenant();
    write("codes.csv", manyRows(tenant, 20));
    await qr("import", "codes.csv");
    await qr("export", "-o", "out.csv");
    const before = await codes();
    const same = await qr("import", "out.csv", "--on-conflict", "update");
    expect([same.code, same.stderr]).toEqual([0, "out.csv: 20 unchanged\n"]);
    expect(await codes()).toEqual(before);
    write("out.csv", read("out.csv").replace('Tisch ""7""', "Terrasse"));
    const edited = await qr("import", "out.csv", "--on-conflict", "update");
    expect([edited.code, edited.stderr]).toEqual([0, "out.csv: 1 updated, 19 unchanged\n"]);
    const skipped = await qr("import", "out.csv", "--on-conflict", "skip");
    expect(skipped.stderr).toBe("out.csv: 20 skipped\n");
    const refused = await qr("import", "out.csv");
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("line 2, qrId: is taken\n")]);
  });

  it("names every row that failed, also where a reply names only the first ones", async () => {
    const { qr, codes, write, read } = await newTenant();
    const rows = Array.from({ length: 2_600 }, (_, index) =>
      index % 13 ? "ftp://x" : `https://example.com/${index}`,
    );
    write("codes.csv", `targetUrl\n${rows.join("\n")}\n`);
    const run = await qr("import", "codes.csv");
    expect([run.code, run.stderr.split("\n").slice(-3)]).toEqual([
      2,
      ["codes.csv: 200 created, 2,400 failed", expect.any(String), ""],
    ]);
    expect(run.stderr).toContain("… and 2,380 more\n");
    const [, ...failed] = cellsOf(read("codes.failed.csv"));
    const expected = rows.flatMap((url, index) => (url === "ftp://x" ? [String(index + 2)] : []));
    expect(failed.map(([line]) => line)).toEqual(expected);
    expect(failed.every(([, problem]) => problem?.startsWith("targetUrl: must be"))).toBe(true);
    expect(await codes()).toHaveLength(200);
  });

  it("changes nothing in a dry run, and nothing with --atomic if a row would fail", async () => {
    const { tenant, qr, codes, write, cwd } = await newTenant();
    const bad = `${manyRows(tenant, 30)},ftp://x,\n`;
    write("codes.csv", bad);
    const dry = await qr("import", "codes.csv", "--dry-run", "--chunk-rows", "10");
    expect([dry.code, dry.stderr]).toEqual([
      2,
      expect.stringMatching(
        /^line 32, targetUrl: .*\ncodes\.csv: nothing was changed; there would be 30 created, 1 failed\n/,
      ),
    ]);
    const atomic = await qr("import", "codes.csv", "--atomic", "--chunk-rows", "10");
    expect([atomic.code, atomic.stderr]).toEqual([1, expect.stringContaining("line 32, targetUrl: ")]);
    expect(await codes()).toEqual([]);
    write("codes.csv", bad.replace("ftp://x", "https://example.com"));
    const mended = await qr("import", "codes.csv", "--atomic", "--chunk-rows", "10");
    expect([mended.code, mended.stderr]).toEqual([0, "codes.csv: 31 created\n"]);
    expect(await codes()).toHaveLength(31);
    expect(existsSync(join(cwd, "codes.failed.csv"))).toBe(false);
  });

  it("names what is no file for it before it sends anything", async () => {
    const { qr, codes, write } = await newTenant();
    write("colour.csv", "targetUrl,colour\nhttps://example.com,red\n");
    write("open.csv", 'targetUrl,name\nhttps://example.com,a\nhttps://example.com,"b\n');
    write("latin.csv", Buffer.from("targetUrl,name\nhttps://example.com,Größe\n", "latin1"));
    write("header.csv", "targetUrl\n");
    write("empty.csv", "");
    const said = async (file: string) => {
      const { code, stderr } = await qr("import", file);
      return [code, stderr];
    };
    expect(await said("colour.csv")).toEqual([1, expect.stringContaining("colour: is not a known field")]);
    expect(await said("open.csv")).toEqual([
      1,
      expect.stringMatching(/open\.csv, line 3: a quotation mark is not closed/),
    ]);
    expect(await said("latin.csv")).toEqual([1, expect.stringContaining("not in UTF-8")]);
    expect(await said("header.csv")).toEqual([1, expect.stringContaining("has no rows")]);
    expect(await said("empty.csv")).toEqual([1, expect.stringContaining("has no rows")]);
    expect(await said("absent.csv")).toEqual([1, expect.stringMatching(/^ENOENT.*\n$/)]);
    expect(await codes()).toEqual([]);
  });
});

describe("an import that is interrupted", { timeout: 120_000 }, () => {
  it("and killed in the middle goes on without doubling or leaving out a row", async () => {
    const { tenant, env, cwd, qr, codes, write, read } = await newTenant();
    const text = manyRows(tenant, 30_000);
    write("codes.csv", text);
    const journal = join(cwd, "codes.csv.qr-import.jsonl");
    const started = startQr(["import", "codes.csv", "--results", "ids.csv"], env, cwd);
    // The second chunk is on its way.
    await until(() => existsSync(journal) && readFileSync(journal, "utf8").includes('"sending":1'));
    started.child.kill("SIGKILL");
    expect(await started.ended).toBe("SIGKILL");
    // What a kill may leave behind: rows of a chunk that is not done, and half a line of the journal.
    appendFileSync(join(cwd, "ids.csv"), "10002,qr_half");
    appendFileSync(journal, '{"done":"20');

    const resumed = await qr("import", "codes.csv", "--results", "ids.csv");
    // A slow machine shows its progress between them.
    const said = resumed.stderr.split("\n").filter((line) => !/^\d+ %: /.test(line));
    expect([resumed.code, resumed.stdout, said]).toEqual([
      0,
      "",
      ["codes.csv: going on behind row 10,000", "codes.csv: 30,000 created", ""],
    ]);
    const targets = (await codes()).map(({ targetUrl }) => targetUrl);
    expect(targets).toHaveLength(30_000);
    expect(new Set(targets).size).toBe(30_000);
    const [, ...results] = cellsOf(read("ids.csv"));
    expect(results.map(([line]) => Number(line))).toEqual(
      Array.from({ length: 30_000 }, (_, index) => index + 2),
    );
  });

  it("by Ctrl-C says how to go on, and another file is not mixed up with it", async () => {
    const { tenant, env, cwd, qr, codes, write } = await newTenant();
    write("codes.csv", manyRows(tenant, 3_000));
    const started = startQr(["import", "codes.csv", "--chunk-rows", "1000"], env, cwd);
    const journal = join(cwd, "codes.csv.qr-import.jsonl");
    await until(() => existsSync(journal) && readFileSync(journal, "utf8").includes('"sending":1'));
    started.child.kill("SIGINT");
    expect(await started.ended).toBe(130);
    expect(started.stderr()).toMatch(
      /\nInterrupted; [12],000 rows are done\. The same command goes on with the next one\.\n$/,
    );

    write("codes.csv", manyRows(tenant, 2_999));
    const other = await qr("import", "codes.csv", "--chunk-rows", "1000");
    expect([other.code, other.stderr]).toEqual([
      1,
      expect.stringMatching(/content of the file differs.*--anew/),
    ]);
    write("codes.csv", manyRows(tenant, 3_000));
    const foreign = { ...env, QR_TOKEN: await stack.issuer.issue(["tenant_other"], ["qr:write"]) };
    const wrong = await runQr(["import", "codes.csv", "--chunk-rows", "1000"], foreign, cwd);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("tenant differs")]);

    expect((await qr("import", "codes.csv", "--chunk-rows", "1000")).code).toBe(0);
    expect(await codes()).toHaveLength(3_000);
  });
});

describe("a service that is busy", { timeout: 120_000 }, () => {
  let server: Server;
  let answers: { status: number; headers?: Record<string, string>; body?: unknown }[] = [];
  let keys: (string | undefined)[] = [];
  let env: Record<string, string>;

  beforeAll(async () => {
    server = createServer((request, reply) => {
      request.resume();
      request.on("end", () => {
        keys.push(request.headers["idempotency-key"] as string | undefined);
        const { status, headers = {}, body = {} } = answers.shift() ?? { status: 500 };
        if (status === 0) request.socket.destroy();
        else
          reply
            .writeHead(status, { "content-type": "application/json", ...headers })
            .end(JSON.stringify(body));
      });
    }).listen(0, "127.0.0.1");
    await new Promise((listening) => server.once("listening", listening));
    env = { QR_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, QR_TOKEN: "token" };
  });
  afterAll(() => {
    server.close();
  });

  const REPORT = {
    dryRun: false,
    rows: 1,
    created: 1,
    updated: 0,
    unchanged: 0,
    skipped: 0,
    failed: 0,
    failures: [],
    codes: [{ line: 2, qrId: "qr_1", result: "created" }],
  };
  const ok = { status: 200, body: REPORT };

  async function importOne(name: string, given: typeof answers) {
    const path = join(folder.path, name);
    writeFileSync(path, `targetUrl\nhttps://example.com/${name}\n`);
    [answers, keys] = [given, []];
    return runQr(["import", path], env);
  }

  it("is waited for as long as it asks, with the same idempotency key, and that is said", async () => {
    const run = await importOne("busy.csv", [
      { status: 429, headers: { "retry-after": "1" } },
      { status: 503, headers: { "retry-after": "0" } },
      { status: 0 },
      ok,
    ]);
    expect([run.code, run.stderr]).toEqual([
      0,
      expect.stringMatching(/^the service said 429; waiting 1 s\n.*1 created\n$/s),
    ]);
    expect([keys.length, new Set(keys).size]).toEqual([4, 1]);
  });

  it("is not waited for if it asks for too long, and the same command goes on later, with the same key", async () => {
    const run = await importOne("late.csv", [{ status: 503, headers: { "retry-after": "3600" } }]);
    expect([run.code, run.stderr]).toEqual([
      1,
      expect.stringMatching(/^the service can't answer now: try again later/),
    ]);
    const [first] = keys;
    answers = [ok];
    expect((await runQr(["import", join(folder.path, "late.csv")], env)).code).toBe(0);
    expect(keys).toEqual([first, first]);
  });
});
