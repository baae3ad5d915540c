import { decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PictureInfo } from "../../../core/picture/picture-info.ts";
import { CONTENTS } from "../../support/contents.ts";
import { blindDecoders } from "../../support/decoders.ts";
import { rasterOf } from "../../support/raster.ts";
import { rasterize } from "../../support/scanner.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#036"/></svg>';

/** Pictures of what is no code, through any stack. */
export function staticPictureSuite(start: StartStack): void {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await start();
  });
  afterAll(() => stack.close());

  const draw = (json: unknown, query = "", tenant = "tenant_static") =>
    stack.call(`/pictures${query}`, { tenant, method: "POST", json });
  const readBy = async (reply: Response, text: string) => {
    const body = Buffer.from(await reply.arrayBuffer());
    const isPng = reply.headers.get("content-type") === "image/png";
    return blindDecoders(rasterOf(isPng ? body : rasterize(body.toString(), 900)), text);
  };

  async function refusal(reply: Response): Promise<[number, string[]]> {
    const { errors = [] } = (await reply.json()) as { errors?: { path: string; message: string }[] };
    return [reply.status, errors.map(({ path, message }) => `${path} ${message}`)];
  }

  describe("POST /pictures", () => {
    it.each(CONTENTS)("draws $text, which three decoders read", async ({ content, text }) => {
      for (const query of ["", "?format=png&size=900", "?modules=rounded&ecc=L&color=003366"]) {
        const reply = await draw(content, query);
        expect(reply.status).toBe(200);
        expect([query, await readBy(reply, text)]).toEqual([query, []]);
      }
    });

    it("says that nobody may keep it", async () => {
      expect((await draw({ text: "a" })).headers.get("cache-control")).toBe("no-store");
    });

    it("draws in every format, by the query or the Accept header", async () => {
      const body = async (query: string) =>
        Buffer.from(await (await draw({ text: "a" }, query)).arrayBuffer());
      expect((await body("?format=pdf&width=30mm")).subarray(0, 5).toString()).toBe("%PDF-");
      expect((await body("?format=eps&ink=black")).subarray(0, 4).toString()).toBe("%!PS");
      expect(decode(await body("?format=png&width=20mm&dpi=300")).width).toBeGreaterThan(200);
      const info = (await (await draw({ text: "a".repeat(50) }, "?format=info")).json()) as PictureInfo;
      expect(info).toMatchObject({ version: 4, errorCorrection: "M", warnings: [{ code: "lower-level" }] });
      const accepted = await stack.call("/pictures", {
        tenant: "tenant_static",
        method: "POST",
        json: { text: "a" },
        headers: { accept: "image/png" },
      });
      expect(accepted.headers.get("content-type")).toBe("image/png");
    });

    it("draws in the tenant's style, with its logo, and the query over it", async () => {
      const tenant = "tenant_static_styled";
      const put = { tenant, method: "PUT", headers: { "content-type": "image/svg+xml" } };
      await stack.call("/logos/acme", { ...put, body: LOGO });
      const style = { color: "#102030", logo: "acme", ecc: "H" };
      await stack.call("/style", { tenant, method: "PUT", json: style });
      const drawn = await (await draw({ phone: "+4930123456" }, "", tenant)).text();
      expect(drawn).toContain("#102030");
      expect(drawn).toContain("data:image/png");
      expect(await readBy(new Response(drawn), "tel:+4930123456")).toEqual([]);
      expect(await (await draw({ text: "a" }, "?color=%23203040", tenant)).text()).toContain("#203040");
      // What is too long for a level that nobody asked for has a lower one.
      const text = "Ein langer Text. ".repeat(150);
      const info = (await (await draw({ text }, "?format=info", tenant)).json()) as PictureInfo;
      expect(info).toMatchObject({ version: 37, errorCorrection: "L" });
      expect(await readBy(await draw({ text }, "?format=png&size=1600", tenant), text)).toEqual([]);
    });

    it("says how much a code holds where that is too little", async () => {
      const limits = (most: string) =>
        `which holds at most ${most} (2953 at L, 2331 at M, 1663 at Q, 1273 at H)`;
      expect(await refusal(await draw({ text: "a".repeat(2_954) }))).toEqual([
        422,
        [`text takes 2954 bytes in a QR code, ${limits("2331 at M")}`],
      ]);
      expect(await refusal(await draw({ text: "a".repeat(1_300) }, "?ecc=H"))).toEqual([
        422,
        [`text takes 1300 bytes in a QR code, ${limits("1273 at H")}`],
      ]);
      const [status, [message]] = await refusal(await draw({ text: "7".repeat(7_090) }));
      expect([status, message]).toEqual([422, expect.stringContaining("takes 7090 digits in a QR code")]);
      const note = "日本語".repeat(333);
      expect(await refusal(await draw({ vcard: { organization: "日本", note } }))).toEqual([
        422,
        [expect.stringMatching(/^vcard takes \d+ bytes in a QR code/)],
      ]);
    });

    it("names what is wrong with a content", async () => {
      expect(await refusal(await draw({}))).toEqual([
        400,
        ["body must hold exactly one of wifi, vcard, text, geo, email, phone"],
      ]);
      expect(await refusal(await draw({ wifi: { ssid: "Guests", password: "short" } }))).toEqual([
        400,
        ["wifi.password must have 8 to 63 characters of ASCII, or 64 hexadecimal digits"],
      ]);
      expect(await refusal(await draw({ text: "a" }, "?modules=stars&size=3"))).toEqual([
        400,
        [expect.stringContaining("size"), expect.stringContaining("modules")],
      ]);
      expect(await refusal(await draw({ text: "a" }, "?logo=nobody"))).toEqual([
        400,
        ["logo is none of the tenant's logos"],
      ]);
    });

    it("stores nothing of it, and logs nothing of it", async () => {
      const secret = "correct-horse-battery-staple";
      expect((await draw({ wifi: { ssid: "Guests", password: secret } })).status).toBe(200);
      expect((await draw({ wifi: { ssid: secret.repeat(2), password: secret } })).status).toBe(400);
      expect(JSON.stringify(stack.log.lines)).not.toContain(secret);
      const [counted] = await stack.database.sql<{ codes: number }>(
        "SELECT count(*)::int AS codes FROM qr_codes WHERE tenant_id = 'tenant_static'",
        [],
      );
      expect(counted).toEqual({ codes: 0 });
    });
  });
}
