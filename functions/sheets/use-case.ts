import { type StoredCode, scanUrl } from "../../core/code/qr-code.ts";
import { type FieldError, Invalid, MAX_NAMED_ERRORS, ServiceError } from "../../core/errors.ts";
import { CAPTION_TEXT } from "../../core/picture/caption/characters.ts";
import type { LogoImage } from "../../core/picture/logo-image.ts";
import { styleOver } from "../../core/picture/picture-style.ts";
import { drawSheet } from "../../core/sheet/draw-sheet.ts";
import type { LabelOrder } from "../../core/sheet/label.ts";
import { MAX_CODES, MAX_LABELS } from "../../core/sheet/limits.ts";
import type { SheetPen } from "../../core/sheet/sheet-drawing.ts";
import { findLogos } from "../../data/postgres/logos.ts";
import { findCodes, listCodes } from "../../data/postgres/read-codes.ts";
import { readTenantStyle } from "../../data/read-pictured.ts";
import type { Services } from "../runtime/services.ts";
import { layoutOf, type SheetBody } from "./schema.ts";

/** What Lambda may reply with is 6 MB, as Base64. */
const MAX_BYTES = 4_400_000;

/**
 * Sheets of labels as a PDF, each character a byte (Latin-1). The codes are one statement, and their logos another one.
 *
 * @throws ServiceError `not-found` naming the IDs of which the tenant has no code, or if the filter finds none; `too-broad`
 * if it finds too many, or the file is larger than a reply
 * @throws Invalid if copies make too many labels; Unscannable if labels are too small for their codes
 */
export async function sheetOf(
  services: Services,
  pen: SheetPen,
  tenantId: string,
  body: SheetBody,
  baseUrl: string,
): Promise<string> {
  const codes = body.ids
    ? await codesOf(services, tenantId, body.ids)
    : await found(services, tenantId, body);
  const labels = codes.length * body.copies;
  if (labels > MAX_LABELS)
    throw new Invalid([
      { path: "copies", message: `make ${labels} labels, of which there may be ${MAX_LABELS}` },
    ]);
  const orders = await ordersOf(services, tenantId, codes, body, baseUrl);
  const { caption: captions, ink, spot, copies, skip, cropMarks } = body;
  const plan = { layout: layoutOf(body), copies, skip, cropMarks };
  const pdf = await drawSheet(pen, orders, { captions, ink, spot }, plan);
  if (pdf.length > MAX_BYTES) throw tooLarge(pdf.length);
  return pdf;
}

/** In the order of their IDs. A code of another tenant is missing as one that never was. */
async function codesOf({ db }: Services, tenantId: string, ids: readonly string[]): Promise<StoredCode[]> {
  const byId = new Map((await findCodes(db, tenantId, ids)).map((code) => [code.qrId, code]));
  const missing: FieldError[] = [];
  const codes = ids.flatMap((qrId, n) => {
    const code = byId.get(qrId);
    if (!code) missing.push({ path: `ids.${n}`, message: `there is no code ${qrId}` });
    return code ? [code] : [];
  });
  if (missing.length === 0) return codes;
  const named = missing.slice(0, MAX_NAMED_ERRORS);
  const more = missing.length - named.length;
  const detail = [...named.map(({ message }) => message), ...(more > 0 ? [`and ${more} more`] : [])].join(
    "; ",
  );
  throw new ServiceError("not-found", detail, { errors: named });
}

async function found({ db }: Services, tenantId: string, { filter = {} }: SheetBody): Promise<StoredCode[]> {
  const { q: search, tag, status } = filter;
  const listed = await listCodes(db, tenantId, { limit: MAX_CODES + 1, search, tag, status });
  if (listed.length === 0) throw new ServiceError("not-found", "the filter finds no code");
  if (listed.length <= MAX_CODES) return listed.map(({ code }) => code);
  const message = `finds more than ${MAX_CODES} codes; narrow it, or give their IDs in several requests`;
  throw new ServiceError("too-broad", `the filter ${message}`, { errors: [{ path: "filter", message }] });
}

async function ordersOf(
  services: Services,
  tenantId: string,
  codes: readonly StoredCode[],
  { caption }: SheetBody,
  baseUrl: string,
): Promise<LabelOrder[]> {
  const tenantStyle = await readTenantStyle(services, tenantId);
  const styled = codes.map((code) => ({ code, style: styleOver(code.style, tenantStyle) }));
  const names = new Set(styled.flatMap(({ style }) => (style.logo ? [style.logo] : [])));
  const logos: ReadonlyMap<string, LogoImage> =
    names.size === 0 ? new Map() : await findLogos(services.db, tenantId, [...names]);
  return styled.map(({ code, style }) => ({
    text: scanUrl(baseUrl, code),
    style,
    logo: style.logo ? logos.get(style.logo) : undefined,
    caption: captionOf(code, caption),
  }));
}

/** A name in letters that there are outlines of, or else the ID: half a name would be another one. */
function captionOf({ qrId, name }: StoredCode, caption: SheetBody["caption"]): string {
  if (caption === "none") return "";
  return caption === "name" && name !== null && CAPTION_TEXT.test(name) ? name : qrId;
}

function tooLarge(bytes: number): ServiceError {
  const message = `make a file of ${(bytes / 1e6).toFixed(1)} MB, and a reply has at most ${MAX_BYTES / 1e6}; ask for fewer at a time`;
  return new ServiceError("too-broad", `the codes ${message}`, { errors: [{ path: "ids", message }] });
}
