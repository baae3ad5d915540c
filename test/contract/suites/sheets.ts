import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import { DECODERS } from "../../support/decoders.ts";
import { cutOut } from "../../support/label-sheets.ts";
import { pdfInfo, pdfText, rasterizePage } from "../../support/printed.ts";
import { lacks } from "../../support/requirements.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#036"/></svg>';
const TENANT = "tenant_sheets";
const missing = await lacks("pdftoppm");

/** Sheets of labels, through any stack. */
export function sheetsSuite(start: StartStack): void {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await start();
  });
  afterAll(() => stack.close());

  const sheet = (json: unknown, tenant = TENANT) => stack.call("/sheets", { tenant, method: "POST", json });
  const create = async (fields: object, tenant = TENANT) => {
    const json = { targetUrl: "https://example.com/", ...fields };
    const reply = await stack.call("/generate", { tenant, method: "POST", json });
    expect(reply.status).toBe(201);
    return (await reply.json()) as QrCode;
  };
  const pdfOf = async (reply: Response) => {
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "application/pdf"]);
    return Buffer.from(await reply.arrayBuffer()).toString("latin1");
  };

  async function refusal(reply: Response): Promise<[number, string[]]> {
    const { errors = [] } = (await reply.json()) as { errors?: { path: string; message: string }[] };
    return [reply.status, errors.map(({ path, message }) => `${path} ${message}`)];
  }

  /** What the labels of the first page say, row by row; `undefined` where a label is empty. */
  async function labelsOf(pdf: string): Promise<(string | undefined)[]> {
    const raster = rasterizePage("pdftoppm", pdf, "pdf", 300);
    const labels = Array.from({ length: 24 }, (_, n) => {
      return { x: (n % 3) * 70, y: 0.5 + Math.floor(n / 3) * 37, width: 70, height: 37 };
    });
    return Promise.all(labels.map((label) => DECODERS.zxing(cutOut(raster, label, 300))));
  }

  describe.skipIf(missing)("POST /sheets", () => {
    it("lays codes out in the order of their IDs, in their own styles, with their names", async () => {
      await stack.call("/logos/acme", {
        ...{ tenant: TENANT, method: "PUT", body: LOGO },
        headers: { "content-type": "image/svg+xml" },
      });
      const codes = [
        await create({ name: "Menu" }),
        await create({ name: "Karte", style: { modules: "dots", color: "#003366" } }),
        await create({ name: "Кафе", style: { logo: "acme", ecc: "Q" }, alphanumeric: false }),
      ].reverse();
      const pdf = await pdfOf(
        await sheet({ ids: codes.map(({ qrId }) => qrId), layout: "a4-3x8", copies: 2, skip: 1 }),
      );
      const read = await labelsOf(pdf);
      expect(read.slice(0, 8)).toEqual([
        undefined,
        ...codes.flatMap(({ scanUrl }) => [scanUrl, scanUrl]),
        undefined,
      ]);
      for (const name of ["Menu", "Karte", "Кафе"]) expect(pdfText(pdf, 1)).toContain(name);
    });

    it("sets the ID of a code that has no name, or one in letters that it has no outlines of", async () => {
      const codes = [await create({}), await create({ name: "メニュー" }), await create({ name: "Menu 🍜" })];
      const ids = codes.map(({ qrId }) => qrId);
      // An ID of wide letters is set in two lines.
      const printed = async (caption?: string) =>
        pdfText(await pdfOf(await sheet({ ids, layout: "a4-3x8", caption })), 1).replaceAll(/\s+/g, "");
      expect(await printed()).toBe(ids.join(""));
      expect(await printed("id")).toBe(ids.join(""));
      expect(pdfText(await pdfOf(await sheet({ ids, layout: "a4-3x8", caption: "none" })), 1).trim()).toBe(
        "",
      );
    });

    it("finds the codes of a filter, newest first", async () => {
      const codes = [];
      for (const name of ["One", "Two", "Three"])
        codes.push(await create({ name, tags: ["shop"] }, "tenant_sheets_filter"));
      await create({ tags: ["other"] }, "tenant_sheets_filter");
      const pdf = await pdfOf(
        await sheet({ filter: { tag: "shop" }, layout: "a4-3x8" }, "tenant_sheets_filter"),
      );
      expect((await labelsOf(pdf)).slice(0, 4)).toEqual([
        ...codes.reverse().map(({ scanUrl }) => scanUrl),
        undefined,
      ]);
      const none = await sheet({ filter: { tag: "none" }, layout: "a4-3x8" }, "tenant_sheets_filter");
      expect([none.status, await none.json()]).toEqual([
        404,
        expect.objectContaining({ detail: "the filter finds no code" }),
      ]);
    });

    it("takes a sheet of the caller's own, with crop marks", async () => {
      const { qrId } = await create({ name: "Menu" });
      const custom = {
        page: { width: 100, height: 150 },
        rows: 2,
        columns: 2,
        gaps: { horizontal: 4, vertical: 4 },
        margins: { top: 5, right: 5, bottom: 5, left: 5 },
      };
      const pdf = await pdfOf(
        await sheet({ ids: [qrId], layout: "custom", custom, cropMarks: true, copies: 6 }),
      );
      expect(pdfInfo(pdf)).toMatch(/Pages:\s+2\n/);
    });
  });

  describe("POST /sheets refuses", () => {
    it("codes of others as it does codes that never were or are no more, and names them", async () => {
      const [own, foreign, deleted] = [await create({}), await create({}, "tenant_other"), await create({})];
      await stack.call(`/qr/${deleted.qrId}`, { tenant: TENANT, method: "DELETE" });
      const ids = [own.qrId, foreign.qrId, "never-was", deleted.qrId];
      const reply = await sheet({ ids, layout: "a4-3x8" });
      expect(await refusal(reply)).toEqual([
        404,
        [1, 2, 3].map((n) => `ids.${n} there is no code ${ids[n]}`),
      ]);
    });

    const custom = {
      page: { width: 100, height: 100 },
      rows: 1,
      columns: 1,
      margins: { top: 0, right: 0, bottom: 0, left: 0 },
    };
    it.each([
      [{ layout: "a4-3x8" }, "ids or filter must be given, and not both"],
      [{ ids: ["abc"], filter: {}, layout: "a4-3x8" }, "ids or filter must be given, and not both"],
      [{ ids: [], layout: "a4-3x8" }, "ids must not be empty"],
      [{ ids: Array(501).fill("abc"), layout: "a4-3x8" }, "ids must have at most 500 entries"],
      [{ ids: ["a b"], layout: "a4-3x8" }, "ids.0 must match ^[A-Za-z0-9_-]{3,64}$"],
      [{ ids: ["abc"] }, "layout must be one of a4-3x8, letter-5160, custom"],
      [{ ids: ["abc"], layout: "custom" }, "custom must be given with layout custom, and only then"],
      [{ ids: ["abc"], layout: "a4-3x8", custom }, "custom must be given with layout custom, and only then"],
      [{ ids: ["abc"], layout: "a4-3x8", copies: 0 }, "copies must be a whole number from 1 to 1000"],
      [{ ids: ["abc"], layout: "a4-3x8", skip: 24 }, "skip must be less than the 24 labels of a page"],
      [{ ids: ["abc"], layout: "a4-3x8", ink: "rgb", spot: "Red" }, "spot must not be given beside ink"],
      [{ ids: ["abc"], layout: "a4-3x8", captions: "id" }, "captions is not a known field"],
      [
        { ids: ["abc"], layout: "custom", custom: { ...custom, columns: 20 } },
        "custom leaves a width of 5 mm for each label, which needs 10",
      ],
    ])("%j", async (body, problem) => {
      expect(await refusal(await sheet(body))).toEqual([400, [problem]]);
    });

    it("more labels than a sheet has, and more codes than a filter may find", async () => {
      const { qrId } = await create({}, "tenant_many");
      expect(
        await refusal(
          await sheet({ ids: Array(6).fill(qrId), layout: "a4-3x8", copies: 1_000 }, "tenant_many"),
        ),
      ).toEqual([400, ["copies make 6000 labels, of which there may be 5000"]]);
      await stack.database.sql(
        `INSERT INTO qr_codes (qr_id, tenant_id, target_url, created_at, updated_at)
         SELECT 'many-' || n, 'tenant_many', 'https://example.com/', now(), now() FROM generate_series(1, 500) AS n`,
        [],
      );
      expect(await refusal(await sheet({ filter: {}, layout: "a4-3x8" }, "tenant_many"))).toEqual([
        422,
        ["filter finds more than 500 codes; narrow it, or give their IDs in several requests"],
      ]);
    });
  });

  it("draws 500 codes from one statement, and their logo from another", { timeout: 60_000 }, async () => {
    const tenant = "tenant_statements";
    await stack.call("/logos/acme", {
      ...{ tenant, method: "PUT", body: LOGO },
      headers: { "content-type": "image/svg+xml" },
    });
    await stack.call("/style", { tenant, method: "PUT", json: { logo: "acme", ecc: "H" } });
    await stack.database.sql(
      `INSERT INTO qr_codes (qr_id, tenant_id, target_url, created_at, updated_at)
       SELECT 'counted-' || n, $1, 'https://example.com/', now(), now() FROM generate_series(1, 500) AS n`,
      [tenant],
    );
    // Whatever is cached is.
    await sheet({ ids: ["counted-1"], layout: "a4-3x8" }, tenant);
    const ids = Array.from({ length: 500 }, (_, n) => `counted-${n + 1}`);
    const read = vi.spyOn(stack.services.db, "read");
    const pdf = await pdfOf(await sheet({ ids, layout: "a4-3x8" }, tenant));
    const statements = read.mock.calls.map(([sql]) => sql);
    read.mockRestore();
    expect(statements).toHaveLength(2);
    expect(pdf.length).toBeLessThan(4_400_000);
    expect(pdf.split("/Type /Page ").length - 1).toBe(Math.ceil(500 / 24));
  });
}
