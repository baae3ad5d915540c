import * as z from "zod";
import { anyText, lineOfText } from "./plain-text.ts";

/** Of a person or a list: something, an at sign and a domain. No quoted names, no comments, no blanks. */
export const addressSchema = z
  .string("must be a string")
  .max(254, "must have at most 254 characters")
  .regex(/^[^\s\p{Cc}@<>()[\]\\,;:"]+@[^\s\p{Cc}@<>()[\]\\,;:"]+$/u, "must be an email address")
  .refine((value) => value.isWellFormed(), "must not hold half of a character")
  .meta({ description: "an email address", examples: ["ann@example.com"] });

export const emailSchema = z
  .strictObject({
    to: addressSchema,
    subject: lineOfText(200, "of the message that is to be written").optional(),
    body: anyText(2_000, "of the message that is to be written").optional(),
  })
  .meta({ component: "EmailContent" });

/** https://www.rfc-editor.org/rfc/rfc6068 */
export function emailText({ to, subject, body }: z.output<typeof emailSchema>): string {
  const fields = Object.entries({ subject, body }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escaped(value.replace(/\r\n|\r|\n/g, "\r\n"))}`],
  );
  const at = to.lastIndexOf("@");
  const address = `${escaped(to.slice(0, at))}@${escaped(to.slice(at + 1))}`;
  return `mailto:${address}${fields.length === 0 ? "" : "?"}${fields.join("&")}`;
}

/** Whatever has a meaning in such a URL, or none at all. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
