import * as z from "zod";
import type { PictureStyle } from "../picture/picture-style.ts";
import { STYLE_MEMBERS } from "../picture/style-schema.ts";
import type { BoundsOf } from "./field-types.ts";
import type { Bounds, Kind } from "./fields.ts";
import { FIELDS, type QrCode, type StoredCode } from "./qr-code.ts";
import { CODE_STATES } from "./state.ts";

/** ISO 8601 UTC with milliseconds. */
export const instant = z.iso.datetime({ precision: 3 });

/** A style in a reply. */
export function styleReply(): z.ZodType<PictureStyle> {
  return z.object(STYLE_MEMBERS).meta({ component: "StoredPictureStyle" });
}

/** What a reply shows of each kind. */
const SCHEMAS: { [K in Kind]: (bounds: BoundsOf<K>) => z.ZodType } = {
  id: () => z.string(),
  text: () => z.string(),
  texts: () => z.array(z.string()),
  choice: ({ of }) => z.enum(of as string[]),
  instant: () => instant,
  integer: () => z.int(),
  // As it was given: what a browser takes for a URL need not be the ASCII that the format `uri` means.
  url: () => z.string().meta({ description: "http or https" }),
  flag: () => z.boolean(),
  style: () => z.object(STYLE_MEMBERS).nullable().meta({ component: "StoredCodeStyle" }),
};

type Members<T> = { [N in keyof T]: z.ZodType<T[N]> };

/** The members of a code in a reply. */
export function replyFields(): Members<QrCode> {
  const stored = FIELDS.map(([name, field]) => {
    const schema = (SCHEMAS[field.kind] as (bounds: Bounds) => z.ZodType)(field);
    return [name, field.default === null && !schema.isNullable() ? schema.nullable() : schema];
  });
  const { qrId, tenantId, targetUrl, name, tags, status, ...others } = Object.fromEntries(
    stored,
  ) as Members<StoredCode>;
  return {
    qrId,
    tenantId,
    targetUrl,
    scanUrl: z.url().meta({ description: "what the picture encodes" }),
    name,
    tags,
    status,
    state: z.enum(CODE_STATES).meta({ description: "what a scan would meet now" }),
    ...others,
    scans: z.int().min(0).meta({ description: "as counted now" }),
  };
}
