import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newQrTenant, type QrRun } from "../support/qr-command.ts";
import { makeFolder } from "../support/temporary-folder.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const TARGET = "https://example.com/menu";

let stack: TestStack;
let folder: Awaited<ReturnType<typeof makeFolder>>;
beforeAll(async () => {
  stack = await startTestStack();
  folder = await makeFolder("qr-bulk-");
});
afterAll(async () => {
  await stack.close();
  await folder.remove();
});

/** A tenant of its own with so many codes, and `qr` on its behalf in a folder of its own. */
async function tenantWith(count: number, sql = "NULL") {
  const { tenant, cwd, qr, start } = await newQrTenant(stack, folder.path);
  await stack.database.sql(
    `INSERT INTO qr_codes (qr_id, tenant_id, target_url, created_at, updated_at, starts_at)
     SELECT $1 || '-' || n, $1, '${TARGET}', now(), now(), ${sql} FROM generate_series(1, $2::int) n`,
    [tenant, count],
  );
  const ids = Array.from({ length: count }, (_, index) => `${tenant}-${index + 1}`);
  writeFileSync(
    join(cwd, "codes.csv"),
    `\ufeffname;qrId\r\n${ids.map((qrId) => `x;${qrId}\r\n`).join("")};\r\n`,
  );
  /** How many codes there are of each state. */
  const versions = async () =>
    stack.database.sql<{ version: number; deleted: boolean; codes: number }>(
      `SELECT version, deleted_at IS NOT NULL AS deleted, count(*)::int AS codes FROM qr_codes
       WHERE tenant_id = $1 GROUP BY 1, 2 ORDER BY 1, 2`,
      [tenant],
    );
  return { tenant, cwd, ids, qr, start, versions };
}

/** How often each word stands behind an ID. */
function wordsOf(stdout: string): Record<string, number> {
  const words: Record<string, number> = {};
  for (const line of stdout.split("\n").filter(Boolean)) {
    const word = line.split("\t")[1] ?? "";
    words[word] = (words[word] ?? 0) + 1;
  }
  return words;
}

/** Kills a command once the first codes are done. */
async function killedInTheMiddle(run: QrRun, signal: NodeJS.Signals): Promise<number | string> {
  let ending: number | string | undefined;
  void run.ended.then((how) => {
    ending = how;
  });
  while (run.stdout() === "" && ending === undefined) await sleep(2);
  run.child.kill(signal);
  return run.ended;
}

describe("qr set, delete and restore of many codes", { timeout: 120_000 }, () => {
  it("go by calls of thousands, and on after a kill without doing anything twice", async () => {
    const { qr, start, versions } = await tenantWith(8_000);
    const set = ["set", "--from", "codes.csv", "--status", "paused", "--chunk-codes", "1000"];
    expect(await killedInTheMiddle(start(...set), "SIGKILL")).toBe("SIGKILL");
    const resumed = await qr(...set);
    const words = wordsOf(resumed.stdout);
    expect([resumed.code, resumed.stderr, (words.changed ?? 0) + (words.unchanged ?? 0)]).toEqual([
      0,
      "",
      8_000,
    ]);
    expect(words.unchanged).toBeGreaterThanOrEqual(1_000);
    expect(await versions()).toEqual([{ version: 2, deleted: false, codes: 8_000 }]);

    const remove = ["delete", "--from", "codes.csv", "--chunk-codes", "1000"];
    await killedInTheMiddle(start(...remove), "SIGKILL");
    const deleted = await qr(...remove);
    expect([deleted.code, deleted.stderr]).toEqual([0, ""]);
    expect(wordsOf(deleted.stdout)["deleted before"]).toBeGreaterThanOrEqual(1_000);
    expect(await versions()).toEqual([{ version: 3, deleted: true, codes: 8_000 }]);

    const restored = await qr("restore", "--from", "codes.csv");
    expect([restored.code, wordsOf(restored.stdout)]).toEqual([0, { restored: 8_000 }]);
    expect(wordsOf((await qr("restore", "--from", "codes.csv")).stdout)).toEqual({ "not deleted": 8_000 });
    expect(await versions()).toEqual([{ version: 4, deleted: false, codes: 8_000 }]);
  });

  it("say on Ctrl-C how far they are and how to go on", async () => {
    const { start } = await tenantWith(3_000);
    const run = start("delete", "--from", "codes.csv", "--chunk-codes", "300");
    expect(await killedInTheMiddle(run, "SIGINT")).toBe(130);
    expect(run.stderr()).toMatch(
      /\nInterrupted; [\d,]+ of 3,000 codes are done; the same command goes on\.\n$/,
    );
  });

  it("tell in a dry run what would become of each, and change nothing", async () => {
    const { qr, ids, versions } = await tenantWith(3);
    await qr("delete", ids[0] ?? "");
    for (const [command, words, ...options] of [
      ["set", { "would be changed": 2 }, "--name", "New"],
      ["delete", { "would be deleted": 2, "deleted before": 1 }],
      ["restore", { "would be restored": 1, "not deleted": 2 }],
    ] as const) {
      const run = await qr(command, ...ids, "--dry-run", ...options);
      expect([command, wordsOf(run.stdout)]).toEqual([command, words]);
      expect(run.code).toBe(command === "set" ? 2 : 0);
    }
    expect(await versions()).toEqual([
      { version: 1, deleted: false, codes: 2 },
      { version: 2, deleted: true, codes: 1 },
    ]);
  });

  it("name the codes that are refused, and change the others", async () => {
    const starts = "CASE WHEN n % 3 = 0 THEN timestamptz '2040-01-01' END";
    const { qr, tenant, versions } = await tenantWith(3_600, starts);
    const run = await qr(
      "set",
      "--from",
      "codes.csv",
      "--expires-at",
      "2035-01-01T00:00:00Z",
      "no",
      `${tenant}-0`,
    );
    expect([run.code, wordsOf(run.stdout)]).toEqual([2, { changed: 2_400 }]);
    const reasons = run.stderr.split("\n").filter(Boolean);
    expect(reasons).toHaveLength(1_202);
    expect(reasons.slice(0, 3)).toEqual([
      "no: an ID must match ^[A-Za-z0-9_-]{3,64}$",
      `${tenant}-0: there is no code ${tenant}-0 (404)`,
      `${tenant}-3: expiresAt must be after startsAt`,
    ]);
    expect(await versions()).toEqual([
      { version: 1, deleted: false, codes: 1_200 },
      { version: 2, deleted: false, codes: 2_400 },
    ]);
  });

  it("end at once where no code may be changed so, or none is named", async () => {
    const { qr, ids, cwd, versions } = await tenantWith(2);
    const refused = await qr("set", ...ids, "--target-url", "ftp://example.com");
    expect([refused.code, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toMatch(/\n {2}targetUrl: [^\n]+\n$/);
    writeFileSync(join(cwd, "none.txt"), "\n\n");
    for (const [args, reason] of [
      [["delete"], "name at least one code"],
      [["delete", "--from", "none.txt"], "none.txt names no code"],
      [["delete", "--from", "absent.txt"], "ENOENT"],
      [["set", ...ids], "name at least one field"],
    ] as const) {
      const run = await qr(...args);
      expect([run.code, run.stderr]).toEqual([1, expect.stringContaining(reason)]);
    }
    expect(await versions()).toEqual([{ version: 1, deleted: false, codes: 2 }]);
  });

  it("take a plain list of IDs, each once", async () => {
    const { qr, ids, cwd, versions } = await tenantWith(3);
    writeFileSync(join(cwd, "ids.txt"), `${ids[1]}\n${ids[0]}\n\n${ids[1]}\n`);
    const run = await qr("set", ids[0] ?? "", "--from", "ids.txt", "--name", "Menu");
    expect(run).toEqual({ code: 0, stdout: `${ids[0]}\tchanged\n${ids[1]}\tchanged\n`, stderr: "" });
    expect(await versions()).toEqual([
      { version: 1, deleted: false, codes: 1 },
      { version: 2, deleted: false, codes: 2 },
    ]);
  });
});
