import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import { directPublisher } from "../../../functions/relay/direct-publisher.ts";
import { housekeep, keptMonths } from "../../../functions/relay/housekeep.ts";
import { runRelay } from "../../../functions/relay/relay.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";
import { PHONE } from "../../support/user-agents.ts";

type Deleted = QrCode & { deletedAt: string };

/** The way back from a deletion, through any stack. */
export function restoreSuite(start: StartStack): void {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await start();
    await housekeep(stack.services, keptMonths(stack.services.env));
  });
  afterAll(() => stack.close());

  const targetUrl = "https://example.com/menu";

  async function create(fields: Record<string, unknown> = {}, tenant = "tenant_a"): Promise<QrCode> {
    const reply = await stack.call("/generate", { method: "POST", tenant, json: { targetUrl, ...fields } });
    expect(reply.status).toBe(201);
    const { svg: _svg, ...code } = (await reply.json()) as QrCode & { svg: string };
    return code;
  }

  const remove = async (qrId: string, tenant = "tenant_a") => {
    expect((await stack.call(`/qr/${qrId}`, { method: "DELETE", tenant })).status).toBe(204);
  };
  const restore = (qrId: string, tenant = "tenant_a", headers: Record<string, string> = {}) =>
    stack.call(`/qr/${qrId}/restore`, { method: "POST", tenant, headers });
  const scan = (qrId: string) =>
    stack.call(`/scan/${qrId}`, {
      tenant: null,
      headers: { "user-agent": PHONE, accept: "application/json" },
    });
  const read = async (path: string, tenant = "tenant_a") =>
    (await (await stack.call(path, { tenant })).json()) as QrCode & { today: number; cached: boolean };
  const deletedOf = async (tenant: string, query = "") =>
    (await (await stack.call(`/qr?deleted=true${query}`, { tenant })).json()) as {
      qrCodes: Deleted[];
      count: number;
      cached: boolean;
      nextCursor?: string;
    };

  /** Brings every captured scan to its row. */
  async function persist(): Promise<void> {
    const options = { outboxMaxLength: 1_000, idleMs: 0, signal: AbortSignal.timeout(20_000) };
    expect(await runRelay(stack.services, directPublisher(stack.services), options)).toMatchObject({
      failures: 0,
      depth: 0,
    });
  }

  describe("POST /qr/{qrId}/restore", () => {
    it("brings a code back with its target, options and picture, and says so to every reader", async () => {
      const options = { name: "Menu", tags: ["a"], maxScans: 50, fallbackUrl: "https://example.com/closed" };
      const code = await create(options);
      expect(
        (await stack.call(`/qr/${code.qrId}`, { method: "PATCH", json: { status: "paused" } })).status,
      ).toBe(200);
      await remove(code.qrId);
      expect((await stack.call(`/qr/${code.qrId}`)).status).toBe(404);
      expect((await scan(code.qrId)).headers.get("location")).toBe(options.fallbackUrl);

      const reply = await restore(code.qrId);
      expect(reply.status).toBe(200);
      const restored = (await reply.json()) as QrCode;
      const expected = {
        ...code,
        status: "paused",
        state: "paused",
        version: 4,
        updatedAt: restored.updatedAt,
      };
      expect(restored).toEqual(expected);
      expect(restored.updatedAt >= code.updatedAt).toBe(true);
      expect(await read(`/qr/${code.qrId}`)).toEqual({ ...expected, cached: true });
      expect((await stack.call(`/qr/${code.qrId}/picture`)).status).toBe(200);
    });

    it("is seen at once by list and scan, which had the tombstone in the cache", async () => {
      const { qrId } = await create({}, "tenant_r");
      await remove(qrId, "tenant_r");
      for (let round = 0; round < 2; round++) {
        expect(await read("/qr", "tenant_r")).toMatchObject({ count: 0, cached: round === 1 });
        expect((await scan(qrId)).status).toBe(410);
        expect((await stack.call(`/qr/${qrId}`, { tenant: "tenant_r" })).status).toBe(404);
      }
      expect((await restore(qrId, "tenant_r")).status).toBe(200);
      expect(await read("/qr", "tenant_r")).toMatchObject({ count: 1, qrCodes: [{ qrId }], cached: false });
      expect((await scan(qrId)).headers.get("location")).toBe(targetUrl);
    });

    it("can be done after each deletion, and once after each", async () => {
      const { qrId } = await create();
      for (let round = 1; round <= 2; round++) {
        await remove(qrId);
        const [first, second] = await Promise.all([restore(qrId), restore(qrId)]);
        expect([first.status, second.status].sort()).toEqual([200, 409]);
        expect((await read(`/qr/${qrId}`)).version).toBe(1 + 2 * round);
      }
    });

    it("answers 409 for a code that is there, and leaves it", async () => {
      const code = await create();
      const reply = await restore(code.qrId);
      expect(reply.status).toBe(409);
      expect(await reply.json()).toMatchObject({
        type: "urn:problem:qr-service:conflict",
        errors: [{ path: "qrId", message: "is not deleted" }],
      });
      expect(await read(`/qr/${code.qrId}`)).toMatchObject(code);
    });

    it("answers 404 for what the tenant never had, another tenant's tombstone included", async () => {
      const { qrId } = await create({}, "tenant_b");
      await remove(qrId, "tenant_b");
      expect((await restore(qrId)).status).toBe(404);
      expect((await restore("never-was")).status).toBe(404);
      expect((await restore(qrId, "tenant_b")).status).toBe(200);
    });

    it("keeps the ID taken all along", async () => {
      const { qrId } = await create();
      await remove(qrId);
      await restore(qrId);
      const json = { qrId, targetUrl };
      expect((await stack.call("/generate", { method: "POST", json })).status).toBe(409);
    });

    it("restores what an Idempotency-Key made, which its repetition then shows again", async () => {
      const send = () =>
        stack.call("/generate", {
          method: "POST",
          json: { targetUrl },
          headers: { "idempotency-key": "restored-1" },
        });
      const { qrId } = (await (await send()).json()) as QrCode;
      await remove(qrId);
      expect((await send()).status).toBe(410);
      await restore(qrId);
      const again = await send();
      expect([again.status, await again.json()]).toMatchObject([201, { qrId, version: 3 }]);
    });
  });

  describe("scans of before the deletion", () => {
    it("are there again once they are persisted, in the counters, the figures and the limit", async () => {
      const { qrId } = await create({ maxScans: 5 });
      for (let times = 0; times < 3; times++) expect((await scan(qrId)).status).toBe(302);
      await persist();
      await remove(qrId);
      const restored = (await (await restore(qrId)).json()) as QrCode;
      expect(restored.scans).toBe(3);
      for (let times = 0; times < 2; times++) expect((await scan(qrId)).status).toBe(302);
      expect((await scan(qrId)).status).toBe(410);
      expect(await read(`/qr/${qrId}/stats`)).toMatchObject({ scans: 5, today: 5 });
      await persist();
      expect(await read(`/qr/${qrId}/stats`)).toMatchObject({ scans: 5, today: 5, uniqueVisitors: 1 });
    });

    it("that are persisted only after the restoration count once", async () => {
      const { qrId } = await create();
      for (let times = 0; times < 3; times++) expect((await scan(qrId)).status).toBe(302);
      await remove(qrId);
      expect((await restore(qrId)).status).toBe(200);
      for (let times = 0; times < 2; times++) expect((await scan(qrId)).status).toBe(302);
      await persist();
      expect(await read(`/qr/${qrId}/stats`)).toMatchObject({ scans: 5, today: 5 });
      expect(await read(`/qr/${qrId}`)).toMatchObject({ scans: 5 });
      await scan(qrId);
      expect(await read(`/qr/${qrId}`)).toMatchObject({ scans: 6 });
    });
  });

  describe("GET /qr?deleted=true", () => {
    it("lists what can be restored, last deleted first, with the time of its deletion", async () => {
      const tenant = "tenant_d";
      const codes = [await create({}, tenant), await create({}, tenant), await create({}, tenant)];
      const [a, b, c] = codes.map(({ qrId }) => qrId) as [string, string, string];
      await scan(b);
      await persist();
      await remove(b, tenant);
      await remove(a, tenant);
      const page = await deletedOf(tenant);
      expect(page).toMatchObject({ count: 2, cached: false });
      expect(page.qrCodes.map(({ qrId }) => qrId)).toEqual([a, b]);
      expect(page.qrCodes[1]).toEqual({
        ...codes[1],
        version: 2,
        scans: 1,
        deletedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      });
      expect(await deletedOf(tenant)).toEqual(page);
      expect(await read("/qr", tenant)).toMatchObject({ count: 1, qrCodes: [{ qrId: c }] });
      await restore(b, tenant);
      expect((await deletedOf(tenant)).qrCodes.map(({ qrId }) => qrId)).toEqual([a]);
      expect(await deletedOf("tenant_e")).toMatchObject({ count: 0, qrCodes: [] });
    });

    it("is paged, each tombstone once", async () => {
      const tenant = "tenant_f";
      const ids: string[] = [];
      for (let number = 0; number < 5; number++) {
        const { qrId } = await create({}, tenant);
        await remove(qrId, tenant);
        ids.unshift(qrId);
      }
      // Of one instant, they are told apart by their IDs.
      await stack.database.sql("UPDATE qr_codes SET deleted_at = now() WHERE tenant_id = $1", [tenant]);
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await deletedOf(tenant, `&limit=2${cursor ? `&cursor=${cursor}` : ""}`);
        found.push(...page.qrCodes.map(({ qrId }) => qrId));
        cursor = page.nextCursor;
      } while (cursor);
      expect(found).toEqual([...ids].sort().reverse());
    });

    it.each(["q=menu", "tag=a", "status=active", "today=true"])(
      "can't be combined with %s",
      async (other) => {
        const reply = await stack.call(`/qr?deleted=true&${other}`);
        expect(reply.status).toBe(400);
        expect(await reply.json()).toMatchObject({ errors: [{ path: other.split("=")[0] }] });
      },
    );

    it.each(["false", "", "1"])("takes no deleted=%s", async (value) => {
      expect((await stack.call(`/qr?deleted=${value}`)).status).toBe(400);
    });
  });
}
