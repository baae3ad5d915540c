import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DrawingPool, drawingPool } from "../../bin/local/drawing-pool.ts";
import { lacks } from "../support/requirements.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { PHONE } from "../support/user-agents.ts";

const CLIENTS = 32;
const PLACES = 64;
const MAX_SCANS = 50;
const SCANS = 200;
const SCANS_AT_ONCE = 8;

describe.skipIf(await lacks("redis-server"))("beside clients that draw as fast as they can,", () => {
  let drawing: DrawingPool;
  let stack: TestStack;

  beforeAll(async () => {
    drawing = drawingPool(PLACES);
    stack = await startTestStack({ drawing });
  });
  afterAll(async () => {
    await stack.close();
    await drawing.close();
  });

  async function create(fields: object = {}): Promise<string> {
    const reply = await stack.call("/generate", {
      method: "POST",
      json: { targetUrl: "https://example.com/", ...fields },
    });
    expect(reply.status).toBe(201);
    return ((await reply.json()) as { qrId: string }).qrId;
  }

  it("a limit on scans holds exactly, and the breaker stays closed", { timeout: 60_000 }, async () => {
    const drawn = await create();
    const limited = await create({ maxScans: MAX_SCANS });
    let flooding = true;
    const pictures: number[] = [];
    const flood = Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        while (flooding) {
          const reply = await stack.call(`/qr/${drawn}?format=png&size=2048`);
          await reply.arrayBuffer();
          pictures.push(reply.status);
        }
      }),
    );
    await expect.poll(() => pictures.length, { timeout: 30_000 }).toBeGreaterThan(CLIENTS);

    const statuses: number[] = [];
    const breakers = new Set<string>();
    await Promise.all(
      Array.from({ length: SCANS_AT_ONCE }, async () => {
        for (let n = 0; n < SCANS / SCANS_AT_ONCE; n++) {
          const headers = { "user-agent": PHONE, accept: "application/json" };
          const reply = await stack.call(`/scan/${limited}`, { tenant: null, headers });
          await reply.arrayBuffer();
          statuses.push(reply.status);
          breakers.add(stack.services.redis.state());
        }
      }),
    );
    flooding = false;
    await flood;

    expect(statuses.filter((status) => status === 302)).toHaveLength(MAX_SCANS);
    expect(statuses.filter((status) => status === 410)).toHaveLength(SCANS - MAX_SCANS);
    expect([...breakers]).toEqual(["closed"]);
    expect(new Set(pictures)).toEqual(new Set([200]));
    const spilled = await stack.database.sql("SELECT 1 FROM event_outbox WHERE type = 'qr.scanned'");
    expect(spilled).toEqual([]);
    expect(stack.log.lines.filter(({ message }) => message.includes("redis"))).toEqual([]);
  });

  it("nothing is created whose picture there is no place for", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = Array.from({ length: PLACES }, () => drawing.reserve(() => promise));
    const before = await stack.database.sql("SELECT 1 FROM qr_codes");
    const reply = await stack.call("/generate", {
      method: "POST",
      json: { targetUrl: "https://example.com/" },
    });
    expect(reply.status).toBe(503);
    expect(reply.headers.get("retry-after")).toBe("1");
    expect(await reply.json()).toMatchObject({ detail: "too many pictures are waiting to be drawn" });
    expect(await stack.database.sql("SELECT 1 FROM qr_codes")).toHaveLength(before.length);
    resolve();
    await Promise.all(waiting);
    await create();
  });
});
