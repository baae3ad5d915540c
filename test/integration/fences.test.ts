import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { utcDate } from "../../core/utc-date.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { replayInvalidations } from "../../data/replay-invalidations.ts";
import { lacks } from "../support/requirements.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { PHONE } from "../support/user-agents.ts";

const OLD = "https://example.com/old";
const NEW = "https://example.com/new";
const TENANT = "tenant_a";
const DYING_CHANGE = fileURLToPath(new URL("../support/dying-change.ts", import.meta.url));

describe.skipIf(await lacks("redis-server"))("the cache", () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await startTestStack();
  });
  beforeEach(async () => {
    await stack.services.redis.command("FLUSHALL");
    await stack.database.sql("TRUNCATE qr_codes, pending_invalidations, event_outbox, scan_totals");
  });
  afterAll(() => stack.close());

  const create = (qrId: string) =>
    stack.call("/generate", { method: "POST", json: { qrId, targetUrl: OLD } });
  const patch = (qrId: string, json: unknown) => stack.call(`/qr/${qrId}`, { method: "PATCH", json });
  const remove = (qrId: string) => stack.call(`/qr/${qrId}`, { method: "DELETE" });
  const scan = (qrId: string, method = "GET") =>
    stack.call(`/scan/${qrId}`, { tenant: null, method, headers: { "user-agent": PHONE } });
  const pending = () => stack.database.sql("SELECT qr_id, deleted FROM pending_invalidations");

  const marks = async () => (await stack.services.redis.command("KEYS", "qr-service:mark:*")) as string[];

  /** A process changes the code, or deletes it if there is no target, and is killed before it can do this. */
  async function dieBefore(step: "commit" | "invalidate", qrId: string, target: string): Promise<void> {
    const variables = JSON.stringify(stack.services.env);
    const child = spawn(process.execPath, [DYING_CHANGE, qrId, target, variables, step], {
      stdio: "inherit",
    });
    expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
  }

  /** What every way of reading tells of a code: its target where there is one, else the status. */
  async function readEverywhere(qrId: string) {
    const got = await stack.call(`/qr/${qrId}`);
    const code = (await got.json()) as { targetUrl?: string };
    const page = (await (await stack.call("/qr")).json()) as {
      qrCodes: { qrId: string; targetUrl: string }[];
    };
    const [peeked, scanned] = [await scan(qrId, "HEAD"), await scan(qrId)];
    return {
      get: code.targetUrl ?? got.status,
      list: page.qrCodes.find((listed) => listed.qrId === qrId)?.targetUrl ?? "none",
      stats: (await stack.call(`/qr/${qrId}/stats`)).status,
      peek: peeked.headers.get("location") ?? peeked.status,
      scan: scanned.headers.get("location") ?? scanned.status,
    };
  }

  const alive = (target: string) => ({ get: target, list: target, stats: 200, peek: target, scan: target });
  const GONE = { get: 404, list: "none", stats: 404, peek: 410, scan: 410 };

  it("tells of a code as soon as it is made, though everyone had just asked for it in vain", async () => {
    const unknown = { get: 404, list: "none", stats: 404, peek: 404, scan: 404 };
    for (let times = 0; times < 2; times++) expect(await readEverywhere("custom")).toEqual(unknown);
    expect((await create("custom")).status).toBe(201);
    expect(await readEverywhere("custom")).toEqual(alive(OLD));
    expect((await stack.call("/qr/custom", { tenant: "tenant_b" })).status).toBe(404);
  });

  it("renews the lifetime of no key when it is read, not even of a fence", async () => {
    await create("read");
    await readEverywhere("read");
    const { redis } = stack.services;
    const mortal = ((await redis.command("KEYS", "*")) as string[]).filter(
      (key) => key !== CacheKeys.outbox && key !== CacheKeys.scanCount("read"),
    );
    expect(mortal).toEqual(
      expect.arrayContaining([
        CacheKeys.code(TENANT, "read"),
        CacheKeys.list(TENANT),
        CacheKeys.link("read"),
        CacheKeys.fence(CacheKeys.list(TENANT)),
        CacheKeys.dailyScanCount("read", utcDate(Date.now())),
      ]),
    );
    for (const key of mortal) await redis.command("EXPIRE", key, "30");
    await readEverywhere("read");
    for (const key of mortal)
      expect([key, Number(await redis.command("TTL", key)) <= 30]).toEqual([key, true]);
  });

  it("makes no counter for a deleted code, though its scans are persisted and it is scanned again", async () => {
    await create("counted");
    await stack.database.sql("INSERT INTO scan_totals (qr_id, scans, bots) VALUES ('counted', 7, 0)");
    expect(await (await stack.call("/qr/counted")).json()).toMatchObject({ scans: 7 });
    await remove("counted");
    expect(await readEverywhere("counted")).toEqual(GONE);
    const counters = [
      CacheKeys.scanCount("counted"),
      CacheKeys.dailyScanCount("counted", utcDate(Date.now())),
    ];
    expect(await stack.services.redis.command("MGET", ...counters)).toEqual([null, null]);
  });

  describe("is told to forget a change", () => {
    it("by a row that is written with the change or not at all", async () => {
      await create("atomic");
      await stack.database.sql(
        "ALTER TABLE pending_invalidations ADD CONSTRAINT never CHECK (qr_id NOT IN ('atomic', 'new'))",
      );
      try {
        for (const change of [create("new"), patch("atomic", { targetUrl: NEW }), remove("atomic")]) {
          expect((await change).status).toBe(500);
        }
      } finally {
        await stack.database.sql("ALTER TABLE pending_invalidations DROP CONSTRAINT never");
      }
      expect(await stack.database.sql("SELECT qr_id, target_url, deleted_at FROM qr_codes")).toEqual([
        { qr_id: "atomic", target_url: OLD, deleted_at: null },
      ]);
    });

    it("by a row that is gone once it has confirmed", async () => {
      await create("settled");
      await patch("settled", { targetUrl: NEW });
      await remove("settled");
      expect(await pending()).toEqual([]);
    });

    it("by whoever changes codes in the database, as the manual for deploying says", async () => {
      await create("by-hand");
      await readEverywhere("by-hand");
      await stack.database.sql("UPDATE qr_codes SET target_url = $1", [NEW]);
      expect(await readEverywhere("by-hand")).toEqual(alive(OLD));
      const manual = readFileSync(join(import.meta.dirname, "../../docs/deploy.md"), "utf8");
      const [, statement = ""] = /```sql\n(INSERT INTO pending_invalidations[^`]*)```/.exec(manual) ?? [];
      await stack.database.sql(statement);
      await stack.database.sql("UPDATE pending_invalidations SET created_at = now() - interval '2 seconds'");
      expect(await replayInvalidations(stack.services)).toBe(1);
      expect(await readEverywhere("by-hand")).toEqual(alive(NEW));
    });

    it.each([
      { how: "changed", target: NEW, after: alive(NEW) },
      { how: "deleted", target: "", after: GONE },
    ])("though the process that $how the code is killed before it could tell", async ({ target, after }) => {
      await create("orphan");
      await readEverywhere("orphan");
      await dieBefore("invalidate", "orphan", target);
      // Closed by the dead, so that every read goes to the database; the replay need not wait for its mark to expire.
      for (let times = 0; times < 2; times++) expect(await readEverywhere("orphan")).toEqual(after);
      expect(await marks()).toHaveLength(3);
      expect(await pending()).toEqual([{ qr_id: "orphan", deleted: target === "" }]);

      await stack.database.sql("UPDATE pending_invalidations SET created_at = now() - interval '2 seconds'");
      expect(await replayInvalidations(stack.services)).toBe(1);
      expect(await readEverywhere("orphan")).toEqual(after);
      expect([await pending(), await marks()]).toEqual([[], []]);
    });

    it("by nobody, if the process that would change it is killed before its commit: its mark expires", async () => {
      await create("unchanged");
      await readEverywhere("unchanged");
      await dieBefore("commit", "unchanged", NEW);
      for (let times = 0; times < 2; times++) expect(await readEverywhere("unchanged")).toEqual(alive(OLD));
      expect(await pending()).toEqual([]);
      const cached = [
        CacheKeys.list(TENANT),
        CacheKeys.code(TENANT, "unchanged"),
        CacheKeys.link("unchanged"),
      ];
      const { redis } = stack.services;
      expect(await redis.command("EXISTS", ...cached)).toBe(0);
      expect((await marks()).sort()).toEqual(cached.map(CacheKeys.mark).sort());
      for (const mark of await marks()) {
        const left = Number(await redis.command("PTTL", mark));
        expect(left).toBeGreaterThan(0);
        expect(left).toBeLessThanOrEqual(10_000);
        await redis.command("PEXPIRE", mark, "0");
      }
      expect(await readEverywhere("unchanged")).toEqual(alive(OLD));
      expect(await redis.command("EXISTS", ...cached)).toBe(3);
    });
  });
});
