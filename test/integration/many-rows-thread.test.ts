import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type ManyRowsThread, manyRowsThread } from "../../bin/local/many-rows-thread.ts";
import { countedMetrics } from "../../bin/local/metrics/counted.ts";
import type { ImportReport } from "../../functions/import/schema.ts";
import { manyRows } from "../support/many-rows.ts";
import { envBeside } from "../support/many-rows-stack.ts";
import { lacks } from "../support/requirements.ts";
import { type StackServers, startTestStack, type TestStack } from "../support/test-stack.ts";

const ROWS = 10_000;

const counted = countedMetrics();
let servers: StackServers;
let stack: TestStack;
const threads: ManyRowsThread[] = [];

/** Another thread, in the place of the one before. */
function use(given: Partial<Parameters<typeof manyRowsThread>[0]> = {}): ManyRowsThread {
  const thread = manyRowsThread({ env: envBeside(servers), counted, ...given });
  threads.push(thread);
  Object.assign(stack.handlers, thread.handlers);
  return thread;
}

describe.skipIf(await lacks("redis-server"))("many rows in a thread", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    stack = await startTestStack({
      startHandlers: async (given) => {
        servers = given;
        return { handlers: {} as TestStack["handlers"], close: async () => {} };
      },
    });
  });
  afterAll(async () => {
    await Promise.all(threads.map((thread) => thread.close()));
    await stack?.close();
  });

  const post = (prefix: string, rows = ROWS, key = "") =>
    stack.call("/import", {
      method: "POST",
      body: manyRows(rows, prefix).mended,
      headers: { "content-type": "text/csv", ...(key === "" ? {} : { "idempotency-key": key }) },
    });
  const figureOf = (name: string, route: string) =>
    counted
      .read()
      .find((family) => family.name === name)
      ?.values.find(({ labels }) => labels.function === route)?.value;
  /** Connections to the database, beside the one that asks. */
  const connections = async () => {
    const [row] = await stack.database.sql<{ count: number }>(
      `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
         AND application_name = ''`,
    );
    return row?.count;
  };

  it("leave this thread free: of 10,000 rows it parses, checks and writes none", async () => {
    use();
    let [turns, isOver] = [0, false];
    const turn = () => {
      turns += 1;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    const reply = await post("free");
    isOver = true;
    expect([reply.status, ((await reply.json()) as ImportReport).created]).toEqual([200, ROWS]);
    // Inline it has some hundreds, each at the end of 4 ms of work.
    expect(turns).toBeGreaterThan(20_000);
  });

  it("are counted where the gateway counts, by their function", async () => {
    const before = figureOf("qr_invalidations_total", "import") ?? 0;
    use();
    expect((await post("counted", 25)).status).toBe(200);
    expect(figureOf("qr_invalidations_total", "import")).toBe(before + 25);
    const json = { select: { ids: ["counted-00001", "counted-00002"] }, addTags: ["new"] };
    expect((await stack.call("/bulk", { method: "POST", json })).status).toBe(200);
    expect(figureOf("qr_invalidations_total", "bulk")).toBe(2);
  });

  const allClosed = async () => {
    await Promise.all(threads.map((thread) => thread.close()));
    await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 30_000 });
  };

  it("find another thread once the first was idle, whose connections are closed", async () => {
    await allClosed();
    use({ idleMs: 1 });
    expect((await post("idle-a", 5)).status).toBe(200);
    await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 30_000 });
    expect((await post("idle-b", 5)).status).toBe(200);
  });

  it("are answered with 503 if the thread dies with them or can't start, and done by the next one", async () => {
    const key = crypto.randomUUID();
    use({ file: new URL("../support/threads/dying.ts", import.meta.url) });
    const replies = await Promise.all([post("dead", 5, key), post("dead", 5, key)]);
    expect(replies.map(({ status, headers }) => [status, headers.get("retry-after")])).toEqual([
      [503, "2"],
      [503, "2"],
    ]);
    use({ file: new URL("../support/threads/absent.ts", import.meta.url) });
    expect((await post("dead", 5, key)).status).toBe(503);
    use();
    expect(await (await post("dead", 5, key)).json()).toMatchObject({ created: 5 });
    expect((await post("dead", 5, key)).headers.get("idempotent-replayed")).toBe("true");
  });

  it("end with the thread, after what is under way", async () => {
    await allClosed();
    const thread = use();
    const begun = async () => {
      const isThere = async () => expect(await connections()).toBeGreaterThan(0);
      await vi.waitFor(isThere, { timeout: 30_000, interval: 1 });
      await thread.close();
    };
    const [reply] = await Promise.all([post("last", 50), begun()]);
    expect([reply.status, await reply.json()]).toMatchObject([200, { created: 50 }]);
    await allClosed();
  });
});
