import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";
import { PHONE } from "../../support/user-agents.ts";

interface Page {
  qrCodes: (QrCode & { today?: number })[];
  count: number;
  cached: boolean;
  date?: string;
  nextCursor?: string;
}

/** The tenant's list, through any stack. */
export function listSuite(start: StartStack): void {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await start();
    for (let index = 0; index < 105; index++) {
      await create("many", {
        qrId: `many-${String(index).padStart(3, "0")}`,
        tags: [index % 2 ? "odd" : "even"],
      });
    }
  });
  afterAll(() => stack.close());

  async function create(tenant: string, fields: Record<string, unknown>): Promise<void> {
    const reply = await stack.call("/generate", {
      method: "POST",
      tenant,
      json: { targetUrl: "https://example.com/", ...fields },
    });
    expect(reply.status).toBe(201);
  }

  async function list(tenant: string, query = ""): Promise<Page> {
    const reply = await stack.call(`/qr${query}`, { tenant });
    expect(reply.status).toBe(200);
    return (await reply.json()) as Page;
  }

  const ids = ({ qrCodes }: Page) => qrCodes.map(({ qrId }) => qrId);

  describe("GET /qr", () => {
    it("is the tenant's newest 100 codes, cached from the second time on", async () => {
      const first = await list("many");
      expect(first).toMatchObject({ count: 100, cached: false });
      expect(ids(first)[0]).toBe("many-104");
      const second = await list("many");
      expect(second).toEqual({ ...first, cached: true });
    });

    it("shows the live count of a cached code", async () => {
      await list("many");
      await stack.call("/scan/many-104", { tenant: null, headers: { "user-agent": PHONE } });
      const page = await list("many");
      expect(page.cached).toBe(true);
      expect(page.qrCodes[0]).toMatchObject({ qrId: "many-104", scans: 1 });
    });

    it("is empty for a tenant without codes, and is cached even so", async () => {
      expect(await list("nobody")).toEqual({ qrCodes: [], count: 0, cached: false });
      expect(await list("nobody")).toEqual({ qrCodes: [], count: 0, cached: true });
    });

    it("gives each code its scans of today where they are asked for, of the page that is cached", async () => {
      await create("daily", { qrId: "daily-1" });
      await create("daily", { qrId: "daily-2" });
      await stack.call("/scan/daily-1", { tenant: null, headers: { "user-agent": PHONE } });
      const first = await list("daily", "?today=true");
      expect(first.cached).toBe(false);
      let page: Page;
      let figures: { scans: number; today: number; date: string };
      do {
        page = await list("daily", "?today=true");
        figures = (await (
          await stack.call("/qr/daily-1/stats", { tenant: "daily" })
        ).json()) as typeof figures;
        // Unless midnight has just passed.
      } while (page.date !== figures.date);
      expect(page).toMatchObject({ cached: true, count: 2 });
      expect(page.qrCodes[0]).toMatchObject({ qrId: "daily-2", scans: 0, today: 0 });
      expect(page.qrCodes[1]).toMatchObject({ qrId: "daily-1", scans: 1, today: figures.today });
      const plain = await list("daily");
      expect(plain).not.toHaveProperty("date");
      expect(plain.qrCodes).toEqual(page.qrCodes.map(({ today: _, ...code }) => code));
    });

    it("pages through all codes, each once, newest first", async () => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await list("many", `?limit=20${cursor ? `&cursor=${cursor}` : ""}`);
        expect(page.cached).toBe(false);
        seen.push(...ids(page));
        cursor = page.nextCursor;
      } while (cursor);
      expect(seen).toHaveLength(105);
      expect(new Set(seen).size).toBe(105);
      expect(seen).toEqual([...seen].sort().reverse());
    });

    it("leads on from the default page", async () => {
      const { nextCursor } = await list("many");
      expect(ids(await list("many", `?cursor=${nextCursor}`))).toEqual([
        "many-004",
        "many-003",
        "many-002",
        "many-001",
        "many-000",
      ]);
    });

    it("filters by tag, status and text, and combines them", async () => {
      await create("shop", { qrId: "alpha", name: "Summer 50%_off", tags: ["poster", "été"] });
      await create("shop", { qrId: "beta", targetUrl: "https://example.com/SUMMER", tags: ["poster"] });
      await create("shop", { qrId: "gamma", name: "Winter", tags: [] });
      await stack.call("/qr/beta", { method: "PATCH", tenant: "shop", json: { status: "paused" } });
      const found = async (query: string) => ids(await list("shop", query)).sort();
      expect(await found("?tag=poster")).toEqual(["alpha", "beta"]);
      expect(await found(`?tag=${encodeURIComponent("été")}`)).toEqual(["alpha"]);
      expect(await found("?status=paused")).toEqual(["beta"]);
      expect(await found("?status=active")).toEqual(["alpha", "gamma"]);
      expect(await found("?q=summer")).toEqual(["alpha", "beta"]);
      expect(await found("?q=amm")).toEqual(["gamma"]);
      expect(await found(`?q=${encodeURIComponent("50%_o")}`)).toEqual(["alpha"]);
      expect(await found(`?q=${encodeURIComponent("50__o")}`)).toEqual([]);
      expect(await found("?q=summer&tag=poster&status=active")).toEqual(["alpha"]);
    });

    it("never shows another tenant's codes, whatever is asked", async () => {
      await create("secretive", { qrId: "secret-code", name: "shared-word", tags: ["shared"] });
      for (const query of [
        "",
        "?q=secret",
        "?q=shared-word",
        "?tag=shared",
        "?status=active",
        "?limit=100",
        "?today=true",
      ]) {
        expect(ids(await list("many", query))).not.toContain("secret-code");
      }
    });

    it.each([
      ["?limit=0", "limit"],
      ["?limit=101", "limit"],
      ["?limit=1.5", "limit"],
      ["?limit=1&limit=2", "limit"],
      ["?limit=", "limit"],
      ["?cursor=nonsense", "cursor"],
      ["?q=ab", "q"],
      [`?q=${"x".repeat(201)}`, "q"],
      ["?q=abc%00", "q"],
      ["?tag=", "tag"],
      [`?tag=${"x".repeat(51)}`, "tag"],
      ["?status=gone", "status"],
      ["?today=false", "today"],
      ["?today=2026-03-15", "today"],
      ["?page=2", "page"],
      ["?__proto__=x", "__proto__"],
    ])("refuses %s and names %s", async (query, path) => {
      const reply = await stack.call(`/qr${query}`, { tenant: "many" });
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({ errors: [{ path }] });
    });
  });
}
