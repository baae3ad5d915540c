import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QrCode } from "../../core/code/qr-code.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { PHONE } from "../support/user-agents.ts";

const TARGET = "https://example.com/";
const HOUR = 3_600_000;

let stack: TestStack;
let now = Date.UTC(2030, 0, 1, 12);
beforeAll(async () => {
  stack = await startTestStack({ now: () => now });
});
afterAll(() => stack.close());

type Shown = QrCode & { cached?: boolean };

async function send<T>(method: string, path: string, json?: unknown, headers = {}): Promise<T> {
  return (await stack.call(path, { method, json, headers })).json() as Promise<T>;
}

const create = (fields: Record<string, unknown>) =>
  send<Shown>("POST", "/generate", { targetUrl: TARGET, ...fields });
const patch = (qrId: string, fields: Record<string, unknown>) => send<Shown>("PATCH", `/qr/${qrId}`, fields);
const scan = (qrId: string) =>
  stack.call(`/scan/${qrId}`, { tenant: null, headers: { "user-agent": PHONE, accept: "application/json" } });

/** The state in each reply that shows the code, from the cache wherever there is one. */
async function statesOf(qrId: string): Promise<string[]> {
  const one = await send<Shown>("GET", `/qr/${qrId}`);
  const lists = await Promise.all(
    ["/qr", "/qr?limit=100", `/qr?q=${qrId}`].map((path) =>
      send<{ qrCodes: Shown[]; cached: boolean }>("GET", path),
    ),
  );
  const listed = lists.map(({ qrCodes }) => qrCodes.find((code) => code.qrId === qrId)?.state ?? "absent");
  expect([one.cached, lists[0]?.cached], "from the cache").toEqual([true, true]);
  return [one.state, ...listed];
}

async function fillCache(qrId: string): Promise<void> {
  for (const path of [`/qr/${qrId}`, "/qr"]) await send("GET", path);
}

const each = (state: string) => [state, state, state, state];

describe("a code's state", () => {
  it("follows the clock without a change of what is cached", async () => {
    const startsAt = new Date(now + HOUR).toISOString();
    const expiresAt = new Date(now + 2 * HOUR).toISOString();
    const { qrId, state } = await create({ startsAt, expiresAt });
    expect(state).toBe("early");
    await fillCache(qrId);
    expect(await statesOf(qrId)).toEqual(each("early"));
    expect((await scan(qrId)).status).toBe(404);
    now += HOUR;
    expect(await statesOf(qrId)).toEqual(each("open"));
    expect((await scan(qrId)).status).toBe(302);
    now += HOUR - 1;
    expect(await statesOf(qrId)).toEqual(each("open"));
    now += 1;
    expect(await statesOf(qrId)).toEqual(each("expired"));
    expect((await scan(qrId)).status).toBe(410);
    const active = await send<{ qrCodes: Shown[] }>("GET", "/qr?status=active");
    expect(active.qrCodes.find((code) => code.qrId === qrId)).toMatchObject({
      status: "active",
      state: "expired",
    });
  });

  it("follows the live counter without a change of what is cached", async () => {
    const { qrId } = await create({ maxScans: 2 });
    await fillCache(qrId);
    for (const [status, state] of [
      [302, "open"],
      [302, "exhausted"],
      [410, "exhausted"],
    ] as const) {
      expect((await scan(qrId)).status).toBe(status);
      expect(await statesOf(qrId)).toEqual(each(state));
    }
    expect(await patch(qrId, { name: "still" })).toMatchObject({ state: "exhausted", scans: 2 });
    expect(await patch(qrId, { maxScans: 3 })).toMatchObject({ state: "open", scans: 2 });
  });

  it("stands in the reply to the change that brings it about", async () => {
    const { qrId, state } = await create({});
    expect(state).toBe("open");
    expect((await patch(qrId, { status: "paused" })).state).toBe("paused");
    await fillCache(qrId);
    expect(await statesOf(qrId)).toEqual(each("paused"));
    // Paused goes before whatever else would close it.
    const past = new Date(now - HOUR).toISOString();
    expect((await patch(qrId, { expiresAt: past })).state).toBe("paused");
    expect((await patch(qrId, { status: "active" })).state).toBe("expired");
    expect((await patch(qrId, { expiresAt: null })).state).toBe("open");
  });

  it("is that of now when a creation is repeated, and a deleted code has none", async () => {
    const order = { method: "POST", json: { targetUrl: TARGET }, headers: { "idempotency-key": "order" } };
    const first = (await (await stack.call("/generate", order)).json()) as Shown;
    expect(first.state).toBe("open");
    await patch(first.qrId, { status: "paused" });
    const retry = await stack.call("/generate", order);
    expect(retry.status).toBe(201);
    expect(await retry.json()).toMatchObject({ qrId: first.qrId, status: "paused", state: "paused" });
    await stack.call(`/qr/${first.qrId}`, { method: "DELETE" });
    const late = await stack.call("/generate", order);
    expect(late.status).toBe(410);
    expect(late.headers.get("idempotent-replayed")).toBe("true");
  });
});
