import { crc32 } from "node:zlib";
import { blankCode, FIELDS, knownFields, type StoredCode } from "../../core/code/qr-code.ts";
import { type ReplyText, textOfCode } from "../../core/code/reply-text.ts";

/*
 * What the keys `qr:` and `qr-codes:` hold: JSON, made so that a hit needs to parse only its first line.
 *
 *   {"check":"5e3a01c7","at":{"qrIds":[…],"cuts":[…],"rules":{…}},
 *   "reply":…}
 *
 * `check` is the CRC-32 of all that follows it, which tells apart what this version of the service has written from anything
 * else that the key may hold: a value of another version, of another program, or half of one. Such a value is a miss.
 */

/** The first page of a tenant's list. */
export interface ListEntry extends ReplyText {
  nextCursor: string | null;
  /** Set if it was stored by a reader who heals the codes' counters of the day too: without, one may be too low. */
  healsToday?: true;
}

const CHECK_LENGTH = 8;
const OPENING = '{"check":"';
const REST_AT = OPENING.length + CHECK_LENGTH;
const REPLY = ',\n"reply":';

/** What a code looks like in this version of the service: entries of another one do not have its checksum. */
const FORM = crc32(JSON.stringify([1, FIELDS, textOfCode(blankCode())]));

/** @param reply null: the tenant has no code of that ID */
export function codeEntry(reply: ReplyText | null): string {
  return reply === null ? "null" : entryOf(reply);
}

export function listEntry(page: ListEntry): string {
  return entryOf(page);
}

/** What is stored of a code, null for a look-up that found nothing, or `undefined` if it is no such entry. */
export function parseCodeEntry(entry: string): ReplyText | null | undefined {
  return entry === "null" ? null : parseEntry<ReplyText>(entry);
}

/** A stored page, or `undefined` if it is no such entry. */
export function parseListEntry(entry: string): ListEntry | undefined {
  return parseEntry<ListEntry>(entry);
}

/** A stored page with whose codes the counters of the day were healed; likewise. */
export function parseTodaysListEntry(entry: string): ListEntry | undefined {
  const page = parseListEntry(entry);
  return page?.healsToday && page;
}

/** The code of which `textOfCode` made this. */
export function codeIn({ text }: ReplyText): StoredCode {
  return knownFields(JSON.parse(text) as StoredCode);
}

function entryOf({ text, ...at }: ReplyText): string {
  const rest = `","at":${JSON.stringify(at)}${REPLY}${text}}`;
  return OPENING + checkOf(rest) + rest;
}

function parseEntry<E extends ReplyText>(entry: string): E | undefined {
  if (!entry.startsWith(OPENING)) return undefined;
  if (entry.slice(OPENING.length, REST_AT) !== checkOf(entry.slice(REST_AT))) return undefined;
  const replyAt = entry.indexOf(REPLY);
  const { at } = JSON.parse(`${entry.slice(0, replyAt)}}`) as { at: Omit<E, "text"> };
  return { ...at, text: entry.slice(replyAt + REPLY.length, -1) } as E;
}

function checkOf(rest: string): string {
  return crc32(rest, FORM).toString(16).padStart(CHECK_LENGTH, "0");
}
