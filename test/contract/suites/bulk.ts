import { afterAll, beforeAll, expect, it } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import { maintainHistory } from "../../../data/postgres/partitions.ts";
import type { BulkReport } from "../../../functions/bulk/schema.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";

const URL_OK = "https://example.com/menu";

/** `POST /bulk`, through any stack. */
export function bulkSuite(start: StartStack): void {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await start();
    await maintainHistory(stack.services.db, Date.now(), 25);
  });
  afterAll(() => stack.close());

  const seed = async (tenant: string, rows: object[]) => {
    const codes = rows.map((row) => ({ targetUrl: URL_OK, ...row }));
    expect((await stack.call("/import", { method: "POST", tenant, json: { codes } })).status).toBe(200);
  };
  const post = (tenant: string, json: unknown, { query = "", key = "" } = {}) =>
    stack.call(`/bulk${query}`, {
      method: "POST",
      tenant,
      json,
      headers: key === "" ? {} : { "idempotency-key": key },
    });
  const done = async (tenant: string, json: unknown, query = ""): Promise<BulkReport> => {
    const reply = await post(tenant, json, { query });
    expect(reply.status).toBe(200);
    return (await reply.json()) as BulkReport;
  };
  const get = async (tenant: string, qrId: string) => {
    const reply = await stack.call(`/qr/${qrId}`, { tenant });
    return { status: reply.status, code: (await reply.json()) as QrCode };
  };

  it("sets fields of codes by ID, and says which changed, which had them and which are none", async () => {
    await seed("tenant_set", [{ qrId: "set-1" }, { qrId: "set-2", status: "paused" }]);
    await seed("tenant_other", [{ qrId: "set-foreign" }]);
    await Promise.all([get("tenant_set", "set-1"), stack.call("/scan/set-1")]);
    const select = { ids: ["set-2", "set-none", "set-1", "set-foreign", "set-1"] };
    const body = { select, set: { status: "paused" } };
    const expected = {
      selected: 4,
      changed: ["set-1"],
      unchanged: ["set-2"],
      notFound: ["set-none", "set-foreign"],
    };
    expect(await done("tenant_set", body, "?dryRun=true")).toEqual({ ...expected, dryRun: true });
    expect((await get("tenant_set", "set-1")).code.status).toBe("active");
    expect(await done("tenant_set", body)).toEqual({ ...expected, dryRun: false });
    expect((await get("tenant_set", "set-1")).code).toMatchObject({ status: "paused", version: 2 });
    expect((await stack.call("/scan/set-1")).status).toBe(410);
    expect((await get("tenant_other", "set-foreign")).code.status).toBe("active");
    const { history } = (await (await stack.call("/qr/set-1/history", { tenant: "tenant_set" })).json()) as {
      history: unknown[];
    };
    expect(history[0]).toMatchObject({ change: "updated", changes: [{ field: "status", to: "paused" }] });
  });

  it("adds and removes tags of what a filter chooses", async () => {
    const tenant = "tenant_tags";
    await seed(tenant, [
      { qrId: "tags-1", tags: ["a"] },
      { qrId: "tags-2", tags: ["a", "b"] },
      { qrId: "tags-3" },
    ]);
    const select = { filter: { tag: "a" } };
    expect(await done(tenant, { select, addTags: ["b", "c"] })).toMatchObject({ selected: 2, unchanged: [] });
    expect((await get(tenant, "tags-2")).code.tags).toEqual(["a", "b", "c"]);
    const removed = await done(tenant, { select: { filter: {} }, removeTags: ["b"] });
    expect([removed.changed.sort(), removed.unchanged]).toEqual([["tags-1", "tags-2"], ["tags-3"]]);
    expect((await get(tenant, "tags-1")).code.tags).toEqual(["a", "c"]);
  });

  it("deletes and restores, with their events", async () => {
    const tenant = "tenant_gone";
    await seed(tenant, [{ qrId: "gone-1" }, { qrId: "gone-2" }]);
    await Promise.all([get(tenant, "gone-1"), stack.call("/scan/gone-1"), stack.call("/qr", { tenant })]);
    const select = { ids: ["gone-1", "gone-2"] };
    expect(await done(tenant, { select, delete: true })).toMatchObject({ changed: select.ids });
    expect([(await get(tenant, "gone-1")).status, (await stack.call("/scan/gone-1")).status]).toEqual([
      404, 410,
    ]);
    expect(await done(tenant, { select, delete: true })).toMatchObject({ changed: [], notFound: select.ids });
    await stack.call("/qr/gone-2/restore", { method: "POST", tenant });
    const restored = await done(tenant, { select, restore: true });
    expect(restored).toMatchObject({ changed: ["gone-1"], unchanged: ["gone-2"], notFound: [] });
    expect([(await get(tenant, "gone-1")).status, (await stack.call("/scan/gone-1")).status]).toEqual([
      200, 302,
    ]);
    const events = await stack.database.sql(
      "SELECT type FROM event_outbox WHERE qr_id = 'gone-1' AND type <> 'qr.scanned' ORDER BY event_id",
    );
    expect(events).toEqual(["qr.created", "qr.deleted", "qr.restored"].map((type) => ({ type })));
    expect(await stack.database.sql("SELECT id FROM pending_invalidations")).toEqual([]);
  });

  it("changes none if one can't be changed, and names it", async () => {
    const tenant = "tenant_none";
    const startsAt = "2031-01-01T00:00:00Z";
    await seed(tenant, [{ qrId: "none-1" }, { qrId: "none-2", startsAt }]);
    const body = { select: { filter: {} }, set: { expiresAt: "2030-01-01T00:00:00Z" } };
    const reply = await post(tenant, body);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({
      failed: 1,
      failures: [{ qrId: "none-2", path: "expiresAt", message: "must be after startsAt" }],
    });
    expect((await get(tenant, "none-1")).code.expiresAt).toBeNull();
    const tags = Array.from({ length: 20 }, (_, index) => `tag ${index}`);
    await done(tenant, { select: { ids: ["none-1"] }, addTags: tags });
    expect((await post(tenant, { select: { ids: ["none-1"] }, addTags: ["one more"] })).status).toBe(400);
  });

  it("does its work once for an Idempotency-Key", async () => {
    const tenant = "tenant_key";
    await seed(tenant, [{ qrId: "key-1" }]);
    const [body, key] = [{ select: { ids: ["key-1"] }, set: { name: "New" } }, crypto.randomUUID()];
    const [first, second] = [await post(tenant, body, { key }), await post(tenant, body, { key })];
    expect(await second.json()).toEqual(await first.json());
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    expect((await get(tenant, "key-1")).code.version).toBe(2);
  });

  it.each<[string, unknown, string]>([
    ["nothing to do", { select: { ids: ["abc"] } }, "body"],
    ["two things to do", { select: { ids: ["abc"] }, delete: true, addTags: ["a"] }, "body"],
    ["ids and a filter", { select: { ids: ["abc"], filter: {} }, delete: true }, "select"],
    ["neither", { select: {}, delete: true }, "select"],
    ["a filter to restore by", { select: { filter: {} }, restore: true }, "select"],
    ["a field that is none", { select: { ids: ["abc"] }, set: { colour: "red" } }, "set.colour"],
    ["too many IDs", { select: { ids: new Array(10_001).fill("abc") }, delete: true }, "select.ids"],
  ])("refuses %s", async (_what, body, path) => {
    const reply = await post("tenant_a", body);
    expect(reply.status).toBe(400);
    expect(((await reply.json()) as { errors: { path: string }[] }).errors[0]?.path).toBe(path);
  });
}
