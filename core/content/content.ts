import * as z from "zod";
import { emailSchema, emailText } from "./email.ts";
import { geoSchema, geoText } from "./geo.ts";
import { phoneSchema, phoneText } from "./phone.ts";
import { anyText } from "./plain-text.ts";
import { vcardSchema, vcardText } from "./vcard.ts";
import { wifiSchema, wifiText } from "./wifi.ts";

/** More than any code holds: what is too long for one is told by its capacity. */
const MAX_TEXT = 10_000;

/** What an untracked picture may say, and how it is written. */
const KINDS = {
  wifi: { schema: wifiSchema, textOf: wifiText },
  vcard: { schema: vcardSchema, textOf: vcardText },
  text: { schema: anyText(MAX_TEXT, "as it is, a URL for example"), textOf: (text: string) => text },
  geo: { schema: geoSchema, textOf: geoText },
  email: { schema: emailSchema, textOf: emailText },
  phone: { schema: phoneSchema, textOf: phoneText },
};

type Kind = keyof typeof KINDS;

export const CONTENT_KINDS = Object.keys(KINDS) as Kind[];

type Schemas = { [K in Kind]: z.ZodOptional<(typeof KINDS)[K]["schema"]> };

const ERROR = `must hold exactly one of ${CONTENT_KINDS.join(", ")}`;

/** The body of `POST /pictures`: one of the kinds. */
export const contentSchema = z
  .strictObject(
    Object.fromEntries(CONTENT_KINDS.map((kind) => [kind, KINDS[kind].schema.optional()])) as Schemas,
    "must be a JSON object",
  )
  .refine((content) => Object.values(content).filter((value) => value !== undefined).length === 1, ERROR)
  .meta({ minProperties: 1, maxProperties: 1 });

export type Content = z.output<typeof contentSchema>;

/** The kind of a content, and what a code of it says. */
export function textOf(content: Content): { kind: Kind; text: string } {
  const kind = CONTENT_KINDS.find((name) => content[name] !== undefined) as Kind;
  return { kind, text: (KINDS[kind].textOf as (value: unknown) => string)(content[kind]) };
}
