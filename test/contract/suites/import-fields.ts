import { afterAll, beforeAll, expect, it } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import type { ImportReport } from "../../../functions/import/schema.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";

const URL_OK = "https://example.com/menu";
const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1z"/></svg>';

/** Fields of an import that mean more than their own bounds: alphanumeric codes, and styles with their logos. */
export function importFieldsSuite(start: StartStack): void {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await start();
  });
  afterAll(() => stack.close());

  const post = async (tenant: string, body: unknown, query = "") => {
    const csv = typeof body === "string";
    const reply = await stack.call(`/import${query}`, {
      method: "POST",
      tenant,
      ...(csv ? { body } : { json: { codes: body } }),
      headers: csv ? { "content-type": "text/csv" } : {},
    });
    return { status: reply.status, report: (await reply.json()) as ImportReport };
  };
  const get = async (tenant: string, qrId: string) =>
    (await (await stack.call(`/qr/${qrId}`, { tenant })).json()) as QrCode;
  const putLogo = async (tenant: string, name: string) =>
    expect((await stack.call(`/logos/${name}`, { tenant, method: "PUT", body: LOGO })).status).toBe(201);

  it("makes alphanumeric codes, with IDs of their own kind", async () => {
    const tenant = "tenant_capitals";
    const { report } = await post(tenant, [
      { targetUrl: URL_OK, alphanumeric: true },
      { qrId: "TABLE-1", targetUrl: URL_OK, alphanumeric: true },
    ]);
    const [made, chosen] = report.codes.map(({ qrId }) => String(qrId));
    expect([made, chosen]).toEqual([expect.stringMatching(/^QR-[0-9A-HJ-NP-Z]{14}$/), "TABLE-1"]);
    expect(await get(tenant, String(made))).toMatchObject({
      alphanumeric: true,
      scanUrl: expect.stringMatching(/\/SCAN\/QR-/),
    });
    const small = await post(tenant, [{ qrId: "table-2", targetUrl: URL_OK, alphanumeric: true }]);
    expect([small.status, small.report.failures[0]?.path]).toEqual([400, "qrId"]);
  });

  it("never turns a code into an alphanumeric one, or back", async () => {
    const tenant = "tenant_fixed";
    await post(tenant, [
      { qrId: "FIXED-1", targetUrl: URL_OK, alphanumeric: true },
      { qrId: "FIXED-2", targetUrl: URL_OK },
    ]);
    const turned = [
      { qrId: "FIXED-1", alphanumeric: false },
      { qrId: "FIXED-2", alphanumeric: true },
      { qrId: "FIXED-1", alphanumeric: null },
    ];
    for (const row of turned) {
      const { status, report } = await post(tenant, [row], "?onConflict=update");
      expect([status, report.failures]).toEqual([
        400,
        [{ line: 1, path: "alphanumeric", message: "can't be changed" }],
      ]);
    }
    const same = [{ qrId: "FIXED-1", alphanumeric: true, name: "New" }];
    expect((await post(tenant, same, "?onConflict=update")).report).toMatchObject({ updated: 1 });
    const blank = await post(tenant, "qrId,alphanumeric,name\nFIXED-1,,Newer\n", "?onConflict=update");
    expect(blank.report).toMatchObject({ updated: 1, failed: 0 });
  });

  it("takes styles, and refuses a logo that the tenant has not", async () => {
    const tenant = "tenant_style";
    await putLogo(tenant, "acme");
    await putLogo("tenant_other", "theirs");
    const rows = ["acme", "theirs", "acme", "none"].map((logo, index) => ({
      qrId: `style-${index}`,
      targetUrl: URL_OK,
      style: { color: "#036", logo },
    }));
    const { report } = await post(tenant, rows, "?mode=partial");
    expect(report.failures).toEqual(
      [2, 4].map((line) => ({ line, path: "style.logo", message: "is none of the tenant's logos" })),
    );
    expect((await get(tenant, "style-0")).style).toEqual({ color: "#003366", logo: "acme" });
    const cleared = await post(tenant, [{ qrId: "style-0", style: null }], "?onConflict=update");
    expect(cleared.report.updated).toBe(1);
    expect((await get(tenant, "style-0")).style).toBeNull();
    const bulk = await stack.call("/bulk", {
      method: "POST",
      tenant,
      json: { select: { ids: ["style-2"] }, set: { style: { logo: "theirs" } } },
    });
    expect([bulk.status, ((await bulk.json()) as { errors: unknown }).errors]).toEqual([
      400,
      [{ path: "set.style.logo", message: "is none of the tenant's logos" }],
    ]);
  });

  it("takes both back from an export, as they are and as a spreadsheet writes them", async () => {
    const tenant = "tenant_back";
    await putLogo(tenant, "acme");
    await post(tenant, [
      { qrId: "BACK-1", targetUrl: URL_OK, alphanumeric: true },
      { qrId: "back-2", targetUrl: URL_OK, style: { caption: "Menü", logo: "acme", margin: 2 } },
    ]);
    const csv = await (await stack.call("/export", { tenant })).text();
    for (const text of [csv, csv.replace(",true,", ",TRUE,").replace(",false,", ",FALSE,")]) {
      const { report } = await post(tenant, text, "?onConflict=update");
      expect(report).toMatchObject({ rows: 2, unchanged: 2, failed: 0 });
    }
    const bad = await post(tenant, "qrId,targetUrl,style\nbad-1,https://example.com/,{red}\n");
    expect([bad.status, bad.report.failures[0]]).toMatchObject([400, { line: 2, path: "style" }]);
    const none = await post(tenant, "qrId,targetUrl,style\nbad-2,https://example.com/,7\n");
    expect([none.status, none.report.failures[0]?.path]).toEqual([400, "style"]);
  });
}
