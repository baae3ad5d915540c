import * as z from "zod";
import { addressSchema } from "./email.ts";
import { digitsOf, phoneSchema } from "./phone.ts";
import { anyText, lineOfText } from "./plain-text.ts";

const MAX_ENTRIES = 5;

/** Of ASCII, so that nothing of it needs an escape or ends its line. */
const HTTP_URL = /^https?:\/\/[!-~]+$/i;

const choice = <const T extends readonly string[]>(of: T) =>
  z.enum(of, `must be one of ${of.join(", ")}`).optional();

const phoneType = choice(["work", "home", "cell"]);
const emailType = choice(["work", "home"]);

const few = <T extends z.ZodType>(entry: T, description: string) =>
  z
    .array(entry, "must be a list")
    .max(MAX_ENTRIES, `must have at most ${MAX_ENTRIES} entries`)
    .meta({ description })
    .optional();

const part = (description: string) => lineOfText(100, description).optional();

const addressOfPlace = z
  .strictObject({
    street: part("with the number of the house"),
    city: part("or town"),
    region: part("state or province"),
    postalCode: part("as the country writes it"),
    country: part("its name"),
  })
  .meta({ component: "ContactAddress" });

export const vcardSchema = z
  .strictObject({
    givenName: part("first name"),
    familyName: part("last name"),
    organization: part("company"),
    title: part("position in the organization"),
    phones: few(
      z.strictObject({ number: phoneSchema, type: phoneType }).meta({ component: "ContactPhone" }),
      "telephone numbers, the most important first",
    ),
    emails: few(
      z.strictObject({ address: addressSchema, type: emailType }).meta({ component: "ContactEmail" }),
      "email addresses, the most important first",
    ),
    url: z
      .string("must be a string")
      .max(2_048, "must have at most 2048 characters")
      .refine((value) => HTTP_URL.test(value) && URL.canParse(value), "must be an http or https URL")
      .meta({ description: "of a website", format: "uri" })
      .optional(),
    address: addressOfPlace.optional(),
    note: anyText(1_000, "may have several lines").optional(),
  })
  .refine(
    ({ givenName, familyName, organization }) => givenName ?? familyName ?? organization,
    "needs a givenName, a familyName or an organization",
  )
  .meta({ component: "ContactContent" });

type VCard = z.output<typeof vcardSchema>;

/**
 * A vCard of version 3.0, which every reader of codes knows. What is written here is the same in 4.0: its escapes, its lines
 * and how they are folded (https://www.rfc-editor.org/rfc/rfc2426, https://www.rfc-editor.org/rfc/rfc6350#section-3).
 */
export function vcardText(card: VCard): string {
  const { givenName = "", familyName = "", organization, title, phones, emails, url, address, note } = card;
  const fullName = [givenName, familyName].filter((name) => name !== "").join(" ") || (organization ?? "");
  const lines = [
    "BEGIN:VCARD",
    "VERSION:3.0",
    `N:${list([familyName, givenName, "", "", ""])}`,
    `FN:${escaped(fullName)}`,
    ...(organization === undefined ? [] : [`ORG:${escaped(organization)}`]),
    ...(title === undefined ? [] : [`TITLE:${escaped(title)}`]),
    ...(phones ?? []).map(({ number, type: kind }) => `TEL${parameter(kind)}:${digitsOf(number)}`),
    ...(emails ?? []).map(({ address: to, type: kind }) => `EMAIL${parameter(kind)}:${escaped(to)}`),
    ...(url === undefined ? [] : [`URL:${url}`]),
    ...(address === undefined ? [] : [`ADR:${list(partsOf(address))}`]),
    ...(note === undefined ? [] : [`NOTE:${escaped(note)}`]),
    "END:VCARD",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

/** A post office box and an extension come first, and stay empty. */
function partsOf({ street, city, region, postalCode, country }: NonNullable<VCard["address"]>): string[] {
  return ["", "", ...[street, city, region, postalCode, country].map((value) => value ?? "")];
}

const list = (parts: readonly string[]) => parts.map(escaped).join(";");

const parameter = (kind: string | undefined) => (kind === undefined ? "" : `;TYPE=${kind.toUpperCase()}`);

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r\n|\r|\n/g, "\\n");
}

/** Octets of a line, without its end. */
const MAX_LINE = 75;

/** A line goes on in the next one, behind a blank; no character is cut. */
function folded(line: string): string {
  let [text, octets] = ["", 0];
  for (const character of line) {
    const more = Buffer.byteLength(character);
    if (octets + more > MAX_LINE) {
      text += "\r\n ";
      octets = 1;
    }
    text += character;
    octets += more;
  }
  return text;
}
