import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DEFAULTS } from "../../core/code/defaults.ts";
import { Unavailable } from "../../core/errors.ts";
import type { Db, Query } from "../../data/postgres/db.ts";
import type { CodeCache } from "../../data/redis/code-cache.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { removeCode } from "../../functions/delete/use-case.ts";
import { generateCode } from "../../functions/generate/use-case.ts";
import { patchCode } from "../../functions/patch/use-case.ts";
import { restoreDeleted } from "../../functions/restore/use-case.ts";
import type { Services } from "../../functions/runtime/services.ts";
import { personOf } from "../support/person.ts";
import { lacks } from "../support/requirements.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const TENANT = "tenant_a";
const OLD = "https://example.com/old";
const NEW = "https://example.com/new";

const CHANGES = {
  "a new code": (services: Services) =>
    generateCode(services, personOf(TENANT), { ...DEFAULTS, qrId: "new", targetUrl: NEW }),
  "a new code with an idempotency key": (services: Services) =>
    generateCode(
      services,
      personOf(TENANT),
      { ...DEFAULTS, qrId: "new", targetUrl: NEW },
      crypto.randomUUID(),
    ),
  "a new code whose ID it makes": (services: Services) =>
    generateCode(services, personOf(TENANT), { ...DEFAULTS, targetUrl: NEW }),
  "a patch": (services: Services) => patchCode(services, personOf(TENANT), "code", { targetUrl: NEW }),
  "a deletion": (services: Services) => removeCode(services, personOf(TENANT), "code"),
  "a restoration": (services: Services) => restoreDeleted(services, personOf(TENANT), "tombstone"),
};

describe.skipIf(await lacks("redis-server"))("a change", () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await startTestStack();
  });
  beforeEach(async () => {
    await stack.services.redis.command("FLUSHALL");
    await stack.database.sql("TRUNCATE qr_codes, pending_invalidations, event_outbox, scan_totals");
    await generateCode(stack.services, personOf(TENANT), { ...DEFAULTS, qrId: "code", targetUrl: OLD });
    await stack.services.redis.command("SET", CacheKeys.scanCount("code"), "7");
    const tombstone = { ...DEFAULTS, qrId: "tombstone", targetUrl: OLD };
    await generateCode(stack.services, personOf(TENANT), tombstone);
    await removeCode(stack.services, personOf(TENANT), "tombstone");
  });
  afterAll(() => stack.close());

  const pending = () => stack.database.sql("SELECT id FROM pending_invalidations");
  const marks = async () => (await stack.services.redis.command("KEYS", "qr-service:mark:*")) as string[];
  const rows = () =>
    stack.database.sql("SELECT qr_id, target_url, deleted_at IS NULL AS alive FROM qr_codes ORDER BY 1");

  /** Services whose cache fails at some steps; what was called, in order, is noted. */
  function failing(parts: Partial<CodeCache>, calls: string[] = []): Services {
    const { services } = stack;
    const cache: CodeCache = { ...services.cache, ...parts };
    const noted: CodeCache = {
      ...cache,
      close: (change) => {
        calls.push("close");
        return cache.close(change);
      },
      forget: (change, now) => {
        calls.push("forget");
        return cache.forget(change, now);
      },
    };
    return { ...services, cache: noted };
  }

  describe.each(Object.entries(CHANGES))("(%s)", (_name, change) => {
    it("closes the keys, commits, and opens them", async () => {
      const calls: string[] = [];
      const before = await rows();
      const services = failing({}, calls);
      const seen: unknown[] = [];
      const close: CodeCache["close"] = async (closed) => {
        const result = await services.cache.close(closed);
        seen.push(await rows(), (await marks()).length);
        return result;
      };
      await change({ ...services, cache: { ...services.cache, close } });
      expect(seen).toEqual([before, 3]);
      expect(calls).toEqual(["close", "forget"]);
      expect(await rows()).not.toEqual(before);
      expect([await pending(), await marks()]).toEqual([[], []]);
    });

    it.each(["down", "refused", "open"] as const)(
      "stands though Redis is %s when it would close",
      async (result) => {
        const before = await rows();
        const calls: string[] = [];
        await change(failing({ close: async () => ({ result }) }, calls));
        expect(calls).toEqual(["close", "forget"]);
        expect(await rows()).not.toEqual(before);
        expect(await pending()).toEqual([]);
      },
    );

    it("stands though Redis falls silent when it would close, and does not ask it again", async () => {
      const before = await rows();
      const calls: string[] = [];
      await change(failing({ close: async () => ({ result: "timeout" }) }, calls));
      expect(calls).toEqual(["close"]);
      expect(await rows()).not.toEqual(before);
      expect(await pending()).toHaveLength(1);
    });

    it("stands though Redis fails when it would invalidate: the keys stay closed until that is replayed", async () => {
      const before = await rows();
      await change(failing({ forget: async () => false }));
      expect(await rows()).not.toEqual(before);
      expect(await pending()).toHaveLength(1);
      expect(await marks()).toHaveLength(3);
    });

    it("whose commit is refused opens the keys again and loses no counter", async () => {
      const before = await rows();
      const { services } = stack;
      await expect(change({ ...services, db: refusing(services.db) })).rejects.toThrow("refused");
      expect([await rows(), await pending(), await marks()]).toEqual([before, [], []]);
      expect(await services.redis.command("GET", CacheKeys.scanCount("code"))).toBe("7");
    });

    it.each([true, false])(
      "whose commit nobody knows of leaves its marks to expire (committed: %s)",
      async (committed) => {
        const before = await rows();
        const { services } = stack;
        const changed = change({ ...services, db: losing(services.db, committed) });
        await expect(changed).rejects.toThrow(Unavailable);
        expect(JSON.stringify(await rows()) !== JSON.stringify(before)).toBe(committed);
        expect(await pending()).toHaveLength(committed ? 1 : 0);
        expect(await marks()).toHaveLength(3);
        for (const mark of await marks()) {
          const left = Number(await services.redis.command("PTTL", mark));
          expect(left).toBeGreaterThan(0);
          expect(left).toBeLessThanOrEqual(10_000);
        }
      },
    );
  });

  it("of another tenant's code, or of none, touches no key of it", async () => {
    const { services } = stack;
    await stack.call("/qr/code", { tenant: TENANT });
    await stack.call("/scan/code", { tenant: null });
    const keys = async () => ((await services.redis.command("KEYS", "*")) as string[]).sort();
    const before = await keys();
    for (const qrId of ["code", "none"]) {
      await expect(patchCode(services, personOf("tenant_b"), qrId, { targetUrl: NEW })).rejects.toThrow();
      await expect(removeCode(services, personOf("tenant_b"), qrId)).rejects.toThrow();
    }
    const taken = { ...DEFAULTS, qrId: "code", targetUrl: NEW };
    await expect(generateCode(services, personOf("tenant_b"), taken)).rejects.toThrow();
    await expect(generateCode(services, personOf("tenant_b"), taken, "key")).rejects.toThrow();
    expect(await keys()).toEqual(before);
  });
});

/** A database that refuses each change at its last step. */
function refusing(db: Db): Db {
  const refuse = () => Promise.reject(new Error("refused"));
  return {
    ...db,
    transaction: (work) =>
      db.transaction(async (query) => {
        await work(query);
        return refuse();
      }),
    autocommit: (work) => db.autocommit(() => work(refuse)),
  };
}

/** A database whose answer to the last step of each change is lost. */
function losing(db: Db, committed: boolean): Db {
  const lost = new Unavailable("the database");
  const lose = () => Promise.reject(lost);
  return {
    ...db,
    async transaction(work) {
      const run = async (query: Query) => {
        await work(query);
        if (!committed) await lose();
      };
      await db.transaction(run).catch(() => {});
      return lose();
    },
    async autocommit(work) {
      await db.autocommit((query) => work(committed ? query : lose)).catch(() => {});
      return lose();
    },
  };
}
