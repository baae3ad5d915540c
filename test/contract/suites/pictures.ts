import { decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import type { PictureInfo } from "../../../core/picture/picture-info.ts";
import type { PictureStyle } from "../../../core/picture/picture-style.ts";
import { BAD_LOGOS, smallPng, svgWith } from "../../support/bad-logos.ts";
import { blindDecoders } from "../../support/decoders.ts";
import { rasterOf } from "../../support/raster.ts";
import { rasterize } from "../../support/scanner.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";
import { PHONE } from "../../support/user-agents.ts";

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#036"/></svg>';

/** Styles, logos and formats of pictures, through any stack. */
export function picturesSuite(start: StartStack): void {
  let stack: TestStack;
  let tenants = 0;
  beforeAll(async () => {
    stack = await start();
  });
  afterAll(() => stack.close());

  /** A tenant of its own for each test, since a default style is a tenant's. */
  const newTenant = () => `tenant_${tenants++}`;

  const send = (tenant: string, method: string, path: string, json?: unknown) =>
    stack.call(path, { tenant, method, ...(json === undefined ? {} : { json }) });

  async function create(
    tenant: string,
    fields: Record<string, unknown> = {},
  ): Promise<QrCode & { svg: string }> {
    const reply = await send(tenant, "POST", "/generate", { targetUrl: "https://example.com/", ...fields });
    expect([reply.status, await reply.clone().text()]).toEqual([201, expect.anything()]);
    return (await reply.json()) as QrCode & { svg: string };
  }

  const putLogo = (
    tenant: string,
    name: string,
    body: string | Uint8Array<ArrayBuffer>,
    type = "image/png",
  ) => stack.call(`/logos/${name}`, { tenant, method: "PUT", body, headers: { "content-type": type } });

  async function withLogo(): Promise<string> {
    const tenant = newTenant();
    expect((await putLogo(tenant, "acme", LOGO, "image/svg+xml")).status).toBe(201);
    return tenant;
  }

  const picture = (tenant: string, qrId: string, query = "") =>
    stack.call(`/qr/${qrId}/picture${query}`, { tenant });
  const svgOf = async (tenant: string, qrId: string, query = "") =>
    (await picture(tenant, qrId, query)).text();
  const readBy = async (svg: string, text: string) => blindDecoders(rasterOf(rasterize(svg, 500)), text);

  async function refusal(reply: Response): Promise<[number, string[]]> {
    const { errors = [] } = (await reply.json()) as { errors?: { path: string; message: string }[] };
    return [reply.status, errors.map(({ path, message }) => `${path} ${message}`)];
  }

  describe("the style of a code", () => {
    const style: PictureStyle = { modules: "rounded", color: "#003366", frame: "banner", caption: "Scan me" };

    it("is kept as it is given, shown, and drawn by every endpoint that draws", async () => {
      const tenant = newTenant();
      const code = await create(tenant, { style: { ...style, color: "036" } });
      expect(code.style).toEqual(style);
      expect(code.svg).toContain('fill="#003366"');
      expect(await svgOf(tenant, code.qrId)).toBe(code.svg);
      const byAccept = await stack.call(`/qr/${code.qrId}`, { tenant, headers: { accept: "image/svg+xml" } });
      expect(await byAccept.text()).toBe(code.svg);
      expect(await readBy(code.svg, code.scanUrl)).toEqual([]);
    });

    it("is set and cleared by a patch, which no later picture misses", async () => {
      const tenant = newTenant();
      const { qrId, svg: plain } = await create(tenant);
      expect(await svgOf(tenant, qrId)).toBe(plain);
      const patched = await send(tenant, "PATCH", `/qr/${qrId}`, { style });
      expect(await patched.json()).toMatchObject({ style });
      expect(await svgOf(tenant, qrId)).toContain("#003366");
      await send(tenant, "PATCH", `/qr/${qrId}`, { style: null });
      expect(await svgOf(tenant, qrId)).toBe(plain);
    });

    it("gives way to the query, member by member", async () => {
      const tenant = newTenant();
      const { qrId } = await create(tenant, { style });
      const drawn = await svgOf(tenant, qrId, "?color=600&caption=");
      expect(drawn).toContain("#660000");
      expect(drawn).not.toContain("#003366");
    });

    it.each<[string, unknown, string]>([
      ["an unknown member", { shape: "star" }, "style.shape is not a known field"],
      ["an unknown shape", { modules: "star" }, "style.modules must be one of square, rounded, dots"],
      ["a colour that is none", { ring: "red" }, "style.ring must be a hex color such as 1a2b3c or #1a2b3c"],
      [
        "too little contrast",
        { modules: "dots", color: "#aaaaaa", ring: "#000000" },
        "style.color must be darker than the ground by at least 50 % of full brightness",
      ],
      [
        "an inverted code",
        { color: "fff", background: "000" },
        "style.color color must be darker than background: many scanners can't read an inverted code",
      ],
      [
        "a caption in another script",
        { caption: "扫描" },
        "style.caption must be written in Latin, Greek or Cyrillic letters, digits and usual punctuation",
      ],
      ["a logo that there is not", { logo: "nothing" }, "style.logo is none of the tenant's logos"],
    ])("is refused with %s", async (_name, wrong, message) => {
      const tenant = newTenant();
      const refused = await send(tenant, "POST", "/generate", {
        targetUrl: "https://example.com/",
        style: wrong,
      });
      expect(await refusal(refused)).toEqual([400, [message]]);
    });
  });

  describe("the style of a tenant", () => {
    it("is drawn where a code has none of its own, at once and no other tenant's", async () => {
      const [tenant, other] = [newTenant(), newTenant()];
      const { qrId, svg: plain } = await create(tenant);
      const foreign = await create(other);
      expect(await svgOf(tenant, qrId)).toBe(plain);
      expect(await (await send(tenant, "GET", "/style")).json()).toEqual({});
      const style = { color: "#660000", margin: 2 };
      const put = await send(tenant, "PUT", "/style", style);
      expect([put.status, await put.json()]).toEqual([200, style]);
      expect(await (await send(tenant, "GET", "/style")).json()).toEqual(style);
      expect(await svgOf(tenant, qrId)).toContain("#660000");
      expect((await create(tenant)).svg).toContain("#660000");
      expect(await svgOf(other, foreign.qrId)).toBe(foreign.svg);
      await send(tenant, "PUT", "/style", {});
      expect(await svgOf(tenant, qrId)).toBe(plain);
    });

    it("gives way to a code's, whose colours take the place of all of its colours", async () => {
      const tenant = newTenant();
      await send(tenant, "PUT", "/style", { background: "#ccddee", ring: "#000044", caption: "Acme" });
      const { svg } = await create(tenant, { style: { color: "#770000" } });
      expect(svg).toContain("#770000");
      expect(svg).not.toMatch(/#ccddee|#000044/);
      const [captioned, bare] = [svg, (await create(tenant, { style: { caption: "" } })).svg];
      expect(captioned.length).toBeGreaterThan(bare.length);
    });

    it("never stands still in a cache while it changes", async () => {
      const tenant = newTenant();
      const { qrId } = await create(tenant);
      for (let n = 10; n < 20; n++) {
        await send(tenant, "PUT", "/style", { color: `#0000${n}` });
        const drawn = await Promise.all(Array.from({ length: 4 }, () => svgOf(tenant, qrId)));
        for (const svg of drawn) expect(svg).toContain(`#0000${n}`);
      }
    });
  });

  describe("a logo", () => {
    it("is kept as a PNG, replaced, listed, read and deleted, by its tenant alone", async () => {
      const [tenant, other] = [await withLogo(), newTenant()];
      const replaced = await putLogo(tenant, "acme", new Uint8Array(smallPng()));
      expect([replaced.status, await replaced.json()]).toEqual([
        200,
        expect.objectContaining({ name: "acme", width: 8, height: 8 }),
      ]);
      const listed = (await (await send(tenant, "GET", "/logos")).json()) as {
        count: number;
        logos: unknown[];
      };
      expect(listed).toMatchObject({ count: 1, logos: [{ name: "acme", width: 8 }] });
      const read = await send(tenant, "GET", "/logos/acme");
      expect(read.headers.get("content-type")).toBe("image/png");
      expect(decode(new Uint8Array(await read.arrayBuffer()))).toMatchObject({ width: 8, height: 8 });
      const etag = read.headers.get("etag") ?? "";
      const known = await stack.call("/logos/acme", { tenant, headers: { "if-none-match": etag } });
      expect(known.status).toBe(304);

      for (const [method, path] of [
        ["GET", "/logos/acme"],
        ["DELETE", "/logos/acme"],
      ] as const)
        expect((await send(other, method, path)).status).toBe(404);
      expect(await (await send(other, "GET", "/logos")).json()).toEqual({ logos: [], count: 0 });
      const { qrId } = await create(other);
      expect(await refusal(await picture(other, qrId, "?logo=acme"))).toEqual([
        400,
        ["logo is none of the tenant's logos"],
      ]);
      expect((await send(tenant, "DELETE", "/logos/acme")).status).toBe(204);
      expect((await send(tenant, "GET", "/logos/acme")).status).toBe(404);
    });

    it.each(Object.entries(BAD_LOGOS))("of %s is refused", async (_name, [file, status, says]) => {
      const reply = await putLogo(newTenant(), "bad", new Uint8Array(file));
      expect(await refusal(reply)).toEqual([status, [expect.stringMatching(says)]]);
    });

    it("is known by its bytes, whatever its type says", async () => {
      const tenant = newTenant();
      expect((await putLogo(tenant, "a", new Uint8Array(smallPng()), "image/jpeg")).status).toBe(201);
      expect((await putLogo(tenant, "b", LOGO, "application/octet-stream")).status).toBe(201);
      expect((await putLogo(tenant, "c", "<script>", "image/png")).status).toBe(400);
    });

    it.each([
      ["with more bytes than are taken", "big", new Uint8Array(256 * 1024 + 1), 413],
      ["without any", "none", new Uint8Array(0), 400],
      ["by a name that can't be one", "a.b", new Uint8Array(smallPng()), 400],
    ])("%s is refused", async (_how, name, body, status) => {
      expect((await putLogo(newTenant(), name, body)).status).toBe(status);
    });

    it("may be one of a hundred", async () => {
      const tenant = newTenant();
      await stack.database.sql(
        `INSERT INTO logos (tenant_id, name, png, width, height, digest, created_at, updated_at)
         SELECT $1, 'logo-' || n, '\\x00', 1, 1, '', now(), now() FROM generate_series(1, 100) n`,
        [tenant],
      );
      expect(await refusal(await putLogo(tenant, "more", new Uint8Array(smallPng())))).toEqual([
        409,
        ["name is one more than the 100 logos that a tenant may have"],
      ]);
      expect((await putLogo(tenant, "logo-7", new Uint8Array(smallPng()))).status).toBe(200);
    });

    it("is drawn in every format, where the code is still read", async () => {
      const tenant = await withLogo();
      const { qrId, scanUrl } = await create(tenant, { style: { logo: "acme", ecc: "H", modules: "dots" } });
      const svg = await svgOf(tenant, qrId);
      expect(svg).toContain("data:image/png;base64,");
      expect(await readBy(svg, scanUrl)).toEqual([]);
      const png = new Uint8Array(await (await picture(tenant, qrId, "?format=png&size=600")).arrayBuffer());
      expect(await blindDecoders(rasterOf(png), scanUrl)).toEqual([]);
      const pdf = await (await picture(tenant, qrId, "?format=pdf")).text();
      expect(pdf).toContain("/Subtype /Image");
    });

    it("of the default is left out of a code, or of one picture, that says so by an empty name", async () => {
      const tenant = await withLogo();
      expect((await send(tenant, "PUT", "/style", { logo: "acme" })).status).toBe(200);
      const [plain, bare] = [await create(tenant), await create(tenant, { style: { logo: "" } })];
      expect(plain.svg).toContain("<image");
      expect(bare.svg).not.toContain("<image");
      expect(await svgOf(tenant, plain.qrId, "?logo=")).not.toContain("<image");
      const info = (await (await picture(tenant, bare.qrId, "?format=info")).json()) as PictureInfo;
      expect(info.logo).toBeUndefined();
      expect(info.warnings.map(({ code }) => code)).not.toContain("logo-left-out");
    });

    it("that is too large is refused with what each level bears, or fitted", async () => {
      const tenant = await withLogo();
      const { qrId, scanUrl } = await create(tenant);
      const [status, [message = ""]] = await refusal(
        await picture(tenant, qrId, "?logo=acme&logoSize=16&ecc=L"),
      );
      expect(status).toBe(422);
      expect(message).toMatch(
        /^logoSize of 16 would make the code unreadable: at most [\d.]+ % at L, [\d.]+ % at M, [\d.]+ % at Q, [\d.]+ % at H of its width; fit=true/,
      );
      const fitted = await picture(tenant, qrId, "?logo=acme&logoSize=16&ecc=L&fit=true");
      expect(fitted.status).toBe(200);
      expect(await readBy(await fitted.text(), scanUrl)).toEqual([]);
      const info = (await (
        await picture(tenant, qrId, "?format=info&logo=acme&logoSize=50&fit=true")
      ).json()) as PictureInfo;
      expect(info.logo?.size).toBeLessThan(50);
      expect(info.logo?.size).toBe(Math.max(...Object.values(info.logo?.largest ?? {})));
    });

    it("that a code's style asks for never fails a picture: it is fitted, or left out once it is deleted", async () => {
      const tenant = await withLogo();
      const { qrId, svg } = await create(tenant, { style: { logo: "acme", logoSize: 50 } });
      expect(svg).toContain("<image");
      const with_ = await picture(tenant, qrId);
      await send(tenant, "DELETE", "/logos/acme");
      const without = await picture(tenant, qrId);
      expect(await without.text()).not.toContain("<image");
      expect(without.headers.get("etag")).not.toBe(with_.headers.get("etag"));
      const info = (await (await picture(tenant, qrId, "?format=info")).json()) as PictureInfo;
      expect(info.warnings.map(({ code }) => code)).toContain("logo-left-out");
    });

    it("changes the picture's tag with its pixels", async () => {
      const tenant = await withLogo();
      const { qrId } = await create(tenant, { style: { logo: "acme" } });
      const before = (await picture(tenant, qrId)).headers.get("etag");
      await putLogo(tenant, "acme", new Uint8Array(svgWith("")));
      expect((await picture(tenant, qrId)).headers.get("etag")).not.toBe(before);
    });
  });

  describe("a print", () => {
    it.each([
      ["pdf", "application/pdf", "%PDF-1.4"],
      ["eps", "application/postscript", "%!PS-Adobe-3.0 EPSF-3.0"],
    ])("as %s is %s of just its size", async (format, type, begins) => {
      const tenant = newTenant();
      const { qrId } = await create(tenant);
      const reply = await picture(tenant, qrId, `?format=${format}&width=30mm`);
      expect(reply.headers.get("content-type")).toBe(type);
      expect(reply.headers.get("content-disposition")).toBe(`inline; filename="${qrId}.${format}"`);
      const file = Buffer.from(await reply.arrayBuffer()).toString("latin1");
      expect(file.slice(0, begins.length)).toBe(begins);
      // 30 mm are 85.04 points.
      expect(file).toMatch(/(MediaBox \[0 0|HiResBoundingBox: 0 0) 85\.0393[67]? 85\.0393[67]?/);
      // Black is black ink alone.
      expect(file).toContain(format === "pdf" ? "0 0 0 1 k" : "0 0 0 1 setcmykcolor");
    });

    it("as PNG and SVG has its physical size, too", async () => {
      const tenant = newTenant();
      const { qrId, scanUrl } = await create(tenant);
      const png = new Uint8Array(
        await (await picture(tenant, qrId, "?format=png&module=0.5mm&dpi=600")).arrayBuffer(),
      );
      const { width, resolution } = decode(png);
      // Version 4, and the quiet zone.
      const modules = 33 + 8;
      expect(width % modules).toBe(0);
      expect((width / (resolution?.x ?? 0)) * 1_000).toBeCloseTo(0.5 * modules, 1);
      expect(resolution?.x).toBeGreaterThanOrEqual(600 / 0.0254 - 1);
      expect(await blindDecoders(rasterOf(png), scanUrl)).toEqual([]);
      expect(await svgOf(tenant, qrId, "?width=1.2in")).toContain('width="30.48mm" height="30.48mm"');
    });

    it("in a spot colour names it", async () => {
      const tenant = newTenant();
      const { qrId } = await create(tenant);
      const pdf = await (await picture(tenant, qrId, "?format=pdf&spot=PANTONE%20286%20C")).text();
      expect(pdf).toContain("/Separation /PANTONE#20286#20C");
    });

    it.each([
      ["format=pdf&size=300", "size is not a parameter of a pdf reply"],
      ["format=png&ink=black", "ink is not a parameter of a png reply"],
      ["format=pdf&width=30", "width must be a length from 2 to 5000 mm with a unit of mm, in, such as 30mm"],
      [
        "format=pdf&width=1mm",
        "width must be a length from 2 to 5000 mm with a unit of mm, in, such as 30mm",
      ],
      ["format=pdf&width=30mm&module=1mm", "module must not be given beside width"],
      ["format=pdf&spot=a(b", "spot must be 1 to 64 letters, digits, blanks, dots, dashes or underscores"],
      ["format=pdf&spot=a&ink=black", "spot must not be given beside ink"],
      ["format=pdf&ink=gold", "ink must be one of rgb, cmyk, black"],
      ["format=png&dpi=300", "dpi needs a width or a module"],
      [
        "format=png&width=500mm",
        "width makes 5920 pixels of a PNG, which may have 64 to 2048: set another dpi, or draw a PDF",
      ],
      ["format=gif", "format must be one of svg, png, pdf, eps, info"],
      ["fit=yes", "fit must be true or false"],
      ["modules=star", "modules must be one of square, rounded, dots"],
      [
        "modules=dots&format=png&size=64",
        "size must be at least 111 here: 3 pixels for each module of the picture",
      ],
    ])("is refused by ?%s", async (query, message) => {
      const tenant = newTenant();
      const { qrId } = await create(tenant, { qrId: `print-${tenants}` });
      expect(await refusal(await picture(tenant, qrId, `?${query}`))).toEqual([400, [message]]);
    });
  });

  describe("the advice on a picture", () => {
    it("says what the code is, and how large it must be from a distance", async () => {
      const tenant = newTenant();
      const { qrId } = await create(tenant);
      const ask = async (query: string) =>
        (await (await picture(tenant, qrId, `?format=info${query}`)).json()) as PictureInfo;
      const info = await ask("");
      expect(info).toMatchObject({
        version: 4,
        modules: 33,
        errorCorrection: "M",
        widthInModules: 41,
        distanceMm: 300,
      });
      // A tenth of the distance for a code of 25 modules, and as much for each module of a denser one.
      expect(info.leastModuleMm).toBe(1.2);
      expect(info.leastWidthMm).toBe(49.2);
      expect((await ask("&distance=2m")).leastWidthMm).toBe(328);
      expect((await ask("&distance=20mm")).leastModuleMm).toBe(0.34);
      expect((await ask("&width=20mm")).warnings.map(({ code }) => code)).toContain("too-small");
      expect((await ask("&margin=1")).warnings.map(({ code }) => code)).toContain("narrow-quiet-zone");
      const codesOf = async (query: string) => (await ask(query)).warnings.map(({ code }) => code);
      expect(await codesOf("&background=0cb894")).toContain("dark-ground");
      // Either helps: what is around the ground is dark, or the ground is not.
      expect(await codesOf("&background=0cb894&frame=line")).not.toContain("dark-ground");
      expect(await codesOf("&background=b8e0d0")).not.toContain("dark-ground");
      const dense = await ask("&ecc=H");
      expect(dense.warnings).toContainEqual({
        code: "lower-level",
        message: expect.stringMatching(/^at [LMQ] the code would have \d+ modules a side instead of \d+$/),
      });
      expect(dense.warnings).toContainEqual({
        code: "shorter-id",
        message: expect.stringMatching(
          /^an ID of \d+ characters instead of 15 would make a code of \d+ modules/,
        ),
      });
    });
  });

  describe("an alphanumeric code", () => {
    it("has a scan URL in capitals, a smaller picture, and is scanned there", async () => {
      const tenant = newTenant();
      const usual = await create(tenant);
      const code = await create(tenant, { alphanumeric: true });
      expect(code.qrId).toMatch(/^QR-[0-9A-HJ-NP-Z]{14}$/);
      expect(code.scanUrl).toBe(`${stack.baseUrl.toUpperCase()}/SCAN/${code.qrId}`);
      const modulesOf = async (qrId: string) =>
        ((await (await picture(tenant, qrId, "?format=info")).json()) as PictureInfo).modules;
      expect(await modulesOf(code.qrId)).toBeLessThan(await modulesOf(usual.qrId));
      expect(await readBy(code.svg, code.scanUrl)).toEqual([]);
      const path = new URL(code.scanUrl).pathname;
      const scanned = await stack.call(path, { tenant: null, headers: { "user-agent": PHONE } });
      expect([scanned.status, scanned.headers.get("location")]).toEqual([302, "https://example.com/"]);
      // IDs are told apart by their case.
      const folded = await stack.call(path.toLowerCase(), { tenant: null, headers: { "user-agent": PHONE } });
      expect(folded.status).toBe(404);
    });

    it.each([
      [{ alphanumeric: true, qrId: "menu-1" }, "qrId must match ^[0-9A-Z-]{3,64}$ in an alphanumeric code"],
      [{ alphanumeric: true, qrId: "MENU_1" }, "qrId must match ^[0-9A-Z-]{3,64}$ in an alphanumeric code"],
      [{ alphanumeric: "yes" }, "alphanumeric must be true or false"],
    ])("can't be made of %j", async (fields, message) => {
      const reply = await send(newTenant(), "POST", "/generate", {
        targetUrl: "https://example.com/",
        ...fields,
      });
      expect(await refusal(reply)).toEqual([400, [message]]);
    });

    it("is not a matter of a patch", async () => {
      const tenant = newTenant();
      const { qrId } = await create(tenant);
      expect((await send(tenant, "PATCH", `/qr/${qrId}`, { alphanumeric: true })).status).toBe(400);
    });
  });
}
