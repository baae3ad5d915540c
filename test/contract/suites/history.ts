import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import type { HistoryEntry } from "../../../core/history.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";

interface Page {
  history: HistoryEntry[];
  count: number;
  nextCursor?: string;
}

/** Who changed what, when, through any stack. */
export function historySuite(start: StartStack): void {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await start();
  });
  afterAll(() => stack.close());

  const send = async (method: string, path: string, status: number, tenant = "tenant_a", json?: unknown) => {
    const reply = await stack.call(path, { method, tenant, json });
    expect(reply.status).toBe(status);
    return reply;
  };
  const create = async (fields: Record<string, unknown> = {}, tenant = "tenant_a") => {
    const json = { targetUrl: "https://example.com/menu", ...fields };
    return (await (await send("POST", "/generate", 201, tenant, json)).json()) as QrCode;
  };
  const historyOf = async (path: string, tenant = "tenant_a") =>
    (await (await send("GET", path, 200, tenant)).json()) as Page;

  describe("GET /qr/{qrId}/history", () => {
    it("tells each change of a code, newest first: who, when and what", async () => {
      const code = await create({ name: "Menu", expiresAt: "2030-01-31T12:00:00+02:00" });
      const path = `/qr/${code.qrId}`;
      const patch = {
        name: null,
        tags: ["a", "b"],
        targetUrl: code.targetUrl,
        expiresAt: "2030-02-01T00:00:00Z",
      };
      await send("PATCH", path, 200, "tenant_a", patch);
      await send("DELETE", path, 204);
      const restored = (await (await send("POST", `${path}/restore`, 200)).json()) as QrCode;
      const { history, count } = await historyOf(`${path}/history`);
      const actor = { type: "user", id: "local", name: "Somebody at this machine" };
      const entry = { qrId: code.qrId, actor, id: expect.stringMatching(/^[\da-f-]{36}$/) };
      expect(history).toEqual([
        { ...entry, change: "restored", version: 4, changedAt: restored.updatedAt, changes: [] },
        { ...entry, change: "deleted", version: 3, changedAt: expect.any(String), changes: [] },
        {
          ...{ ...entry, change: "updated", version: 2, changedAt: expect.any(String) },
          changes: [
            { field: "name", from: "Menu", to: null },
            { field: "tags", from: [], to: ["a", "b"] },
            { field: "expiresAt", from: "2030-01-31T10:00:00.000Z", to: "2030-02-01T00:00:00.000Z" },
          ],
        },
        {
          ...{ ...entry, change: "created", version: 1, changedAt: code.createdAt },
          changes: [
            { field: "targetUrl", from: null, to: code.targetUrl },
            { field: "name", from: null, to: "Menu" },
            { field: "tags", from: null, to: [] },
            { field: "status", from: null, to: "active" },
            { field: "expiresAt", from: null, to: "2030-01-31T10:00:00.000Z" },
            { field: "alphanumeric", from: null, to: false },
          ],
        },
      ]);
      expect(count).toBe(4);
    });

    it("knows a change that changed nothing, and none that was refused", async () => {
      const { qrId } = await create({ startsAt: "2030-01-01T00:00:00Z" });
      await send("PATCH", `/qr/${qrId}`, 200, "tenant_a", { status: "active" });
      await send("PATCH", `/qr/${qrId}`, 400, "tenant_a", { expiresAt: "2029-01-01T00:00:00Z" });
      await send("POST", "/generate", 409, "tenant_a", { qrId, targetUrl: "https://example.com" });
      await send("POST", `/qr/${qrId}/restore`, 409);
      const { history } = await historyOf(`/qr/${qrId}/history`);
      expect(history.map(({ change, version, changes }) => [change, version, changes.length])).toEqual([
        ["updated", 2, 0],
        ["created", 1, 5],
      ]);
    });

    it("is there for a deleted code, and empty where what it told is no longer kept", async () => {
      const { qrId } = await create();
      await send("DELETE", `/qr/${qrId}`, 204);
      expect((await historyOf(`/qr/${qrId}/history`)).count).toBe(2);
      await stack.database.sql("DELETE FROM code_history WHERE qr_id = $1", [qrId]);
      expect(await historyOf(`/qr/${qrId}/history`)).toEqual({ history: [], count: 0 });
    });

    it("answers 404 for what the tenant never had", async () => {
      const { qrId } = await create({}, "tenant_b");
      await send("GET", `/qr/${qrId}/history`, 404);
      await send("GET", "/qr/never-was/history", 404);
      expect((await historyOf(`/qr/${qrId}/history`, "tenant_b")).count).toBe(1);
    });

    it.each(["limit=0", "limit=101", "limit=x", "cursor=x", "q=menu"])("refuses ?%s", async (query) => {
      const { qrId } = await create();
      await send("GET", `/qr/${qrId}/history?${query}`, 400);
    });

    it("refuses the cursor of a list", async () => {
      const tenant = "tenant_cursor";
      const { qrId } = await create({}, tenant);
      await create({}, tenant);
      const reply = await send("GET", "/qr?limit=1", 200, tenant);
      const { nextCursor } = (await reply.json()) as { nextCursor: string };
      await send("GET", `/qr/${qrId}/history?cursor=${nextCursor}`, 400, tenant);
    });
  });

  describe.each(["code", "tenant"])("a %s's history", (whose) => {
    it("is paged, each entry once, also of one instant", async () => {
      const tenant = `tenant_${whose}`;
      const { qrId } = await create({}, tenant);
      for (let number = 0; number < 4; number++)
        await send("PATCH", `/qr/${qrId}`, 200, tenant, { name: `${number}` });
      await stack.database.sql("UPDATE code_history SET changed_at = now() WHERE qr_id = $1", [qrId]);
      const path = whose === "code" ? `/qr/${qrId}/history` : "/history";
      const all = (await historyOf(path, tenant)).history;
      expect(all.map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
      const found: HistoryEntry[] = [];
      let next: string | undefined = `${path}?limit=2`;
      while (next) {
        const reply: Response = await send("GET", next, 200, tenant);
        const page = (await reply.json()) as Page;
        found.push(...page.history);
        next = /^<(.*)>; rel="next"$/.exec(reply.headers.get("link") ?? "")?.[1];
        expect(next === undefined).toBe(page.nextCursor === undefined);
      }
      expect(found).toEqual(all);
    });
  });

  describe("GET /history", () => {
    it("tells the changes of all the tenant's codes, and of no other's", async () => {
      const tenant = "tenant_h";
      const [a, b] = [await create({}, tenant), await create({}, tenant)];
      await create({}, "tenant_i");
      await send("DELETE", `/qr/${a.qrId}`, 204, tenant);
      const { history } = await historyOf("/history", tenant);
      expect(history.map(({ qrId, change }) => [qrId, change])).toEqual([
        [a.qrId, "deleted"],
        [b.qrId, "created"],
        [a.qrId, "created"],
      ]);
      expect(await historyOf("/history", "tenant_nobody")).toEqual({ history: [], count: 0 });
    });
  });
}
