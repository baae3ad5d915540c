import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import { blindDecoders } from "../../support/decoders.ts";
import { rasterOf } from "../../support/raster.ts";
import { rasterize } from "../../support/scanner.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";

const TENANT = "tenant_public";

/** Pictures that anybody may see, through any stack. */
export function publicPictureSuite(start: StartStack): void {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await start();
  });
  afterAll(() => stack.close());

  async function create(fields: Record<string, unknown> = {}): Promise<QrCode> {
    const json = { targetUrl: "https://example.com/", ...fields };
    const reply = await stack.call("/generate", { tenant: TENANT, method: "POST", json });
    expect(reply.status).toBe(201);
    return (await reply.json()) as QrCode;
  }

  const show = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    stack.call(`/scan/${path}`, { tenant: null, method, headers });
  const ofOwner = (qrId: string, format: string) =>
    stack.call(`/qr/${qrId}/picture?format=${format}`, { tenant: TENANT });

  describe("the public picture", () => {
    it("is the stored one as SVG and PNG, without a token, and reads", async () => {
      const { qrId, scanUrl } = await create({ style: { color: "#003366", modules: "rounded" } });
      const svg = await show(`${qrId}/picture.svg`);
      expect([svg.status, svg.headers.get("content-type")]).toEqual([200, "image/svg+xml"]);
      const text = await svg.text();
      expect(text).toBe(await (await ofOwner(qrId, "svg")).text());
      expect(await blindDecoders(rasterOf(rasterize(text, 500)), scanUrl)).toEqual([]);
      const png = await show(`${qrId}/picture.png`);
      expect([png.status, png.headers.get("content-type")]).toEqual([200, "image/png"]);
      expect(await png.bytes()).toEqual(await (await ofOwner(qrId, "png")).bytes());
    });

    it("draws the tenant's logo where the style names it", async () => {
      const logo = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>';
      await stack.call("/logos/public", { tenant: TENANT, method: "PUT", body: logo });
      const { qrId } = await create({ style: { logo: "public" } });
      expect(await (await show(`${qrId}/picture.svg`)).text()).toContain("data:image/png");
    });

    it("is of the code in capitals, too, whose scan URL is in capitals", async () => {
      const { qrId } = await create();
      const reply = await stack.call(`/SCAN/${qrId}/picture.svg`, { tenant: null });
      expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "image/svg+xml"]);
    });

    it("takes no style from the query", async () => {
      const { qrId } = await create();
      const plain = await (await show(`${qrId}/picture.svg`)).text();
      const reply = await show(`${qrId}/picture.svg?color=ff0000&size=9999&v=2`);
      expect([reply.status, await reply.text()]).toEqual([200, plain]);
    });

    it("is asked for again each time, and 304 for who has it, until the style is edited", async () => {
      const { qrId } = await create();
      const first = await show(`${qrId}/picture.svg`);
      const etag = first.headers.get("etag") ?? "";
      expect(first.headers.get("cache-control")).toBe("no-cache");
      expect(first.headers.get("x-robots-tag")).toBe("noindex");
      const again = await show(`${qrId}/picture.svg`, { "if-none-match": etag });
      expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
      const json = { style: { color: "#660000" } };
      expect((await stack.call(`/qr/${qrId}`, { tenant: TENANT, method: "PATCH", json })).status).toBe(200);
      const edited = await show(`${qrId}/picture.svg`, { "if-none-match": etag });
      expect(edited.status).toBe(200);
      expect(await edited.text()).toContain("#660000");
    });

    it("is not found for a code that there is not, and for one that was deleted", async () => {
      const { qrId } = await create({ fallbackUrl: "https://example.com/later" });
      await stack.call(`/qr/${qrId}`, { tenant: TENANT, method: "DELETE" });
      for (const id of [qrId, "no-such-code"])
        for (const format of ["svg", "png"]) {
          const reply = await show(`${id}/picture.${format}`);
          expect([id, format, reply.status]).toEqual([id, format, 404]);
        }
      expect((await show("a/picture.svg")).status).toBe(400);
    });

    it("counts nothing, and leaves no event", async () => {
      const { qrId } = await create();
      const events = async () => (await stack.services.redis.command("XLEN", "qr-service:outbox")) as number;
      const before = await events();
      for (const method of ["GET", "HEAD"])
        expect((await show(`${qrId}/picture.png`, {}, method)).status).toBe(200);
      expect(await events()).toBe(before);
      const read = await stack.call(`/qr/${qrId}`, { tenant: TENANT });
      expect(await read.json()).toMatchObject({ scans: 0 });
    });

    it("leaves the scan's path with something behind it to the scan", async () => {
      const { qrId } = await create();
      expect((await show(`${qrId}/`)).status).toBe(302);
      expect((await show(`${qrId}/picture.gif`)).status).toBe(400);
    });
  });
}
