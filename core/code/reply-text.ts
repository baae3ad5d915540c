import type { TaggedCode } from "./code-tag.ts";
import { blankCode, presentCode, type QrCode, type StoredCode, scanUrl } from "./qr-code.ts";
import { type CodeState, codeState, isAlwaysOpen, type StateFields } from "./state.ts";

/**
 * Codes as replies show them, in JSON text that can be kept: a `0` stands where a live value goes, and where a scan URL goes,
 * whose base is the process's. Plain data, so that it can be stored as JSON.
 */
export interface ReplyText {
  text: string;
  qrIds: string[];
  versions: number[];
  /** Offsets into the text, in order. For each code: where its scan URL goes, its state if `rules` has it, its scans. */
  cuts: number[];
  /** What the state of a code follows from, by its place among `qrIds`; a code without is open. */
  rules: Record<number, StateFields>;
  /** Places of the codes whose scan URL is written in capitals. */
  capitals: number[];
}

/** The text of one code: a JSON object. */
export function textOfCode(code: StoredCode): ReplyText {
  const reply = emptyText("");
  append(reply, code);
  return reply;
}

/** The text of several codes: a JSON list. A tombstone's also says when it was deleted. */
export function textOfCodes(codes: readonly { code: StoredCode; deletedAt?: string }[]): ReplyText {
  const reply = emptyText("[");
  for (const { code, deletedAt } of codes) {
    if (reply.qrIds.length > 0) reply.text += ",";
    append(reply, code, deletedAt === undefined ? {} : { deletedAt });
  }
  reply.text += "]";
  return reply;
}

/**
 * The text with what is live: what `JSON.stringify` makes of `presentCode`.
 *
 * @param scans the live counters, in the order of the codes
 * @param now Unix ms, at which the reply is made
 * @param today scans of the current day, in the order of the codes: with them, each code has a `today` behind its `scans`
 */
export function spliced(
  { text, qrIds, cuts, rules, capitals }: ReplyText,
  scans: readonly number[],
  publicBaseUrl: string,
  now: number,
  today?: readonly number[],
): string {
  const base = JSON.stringify(`${publicBaseUrl}/scan/`).slice(0, -1);
  let reply = "";
  let from = 0;
  let cut = 0;
  for (const [index, qrId] of qrIds.entries()) {
    const count = scans[index] ?? 0;
    const rule = rules[index];
    const urlAt = cuts[cut++] as number;
    const inCapitals = capitals.includes(index);
    const url = inCapitals
      ? JSON.stringify(scanUrl(publicBaseUrl, { qrId, alphanumeric: true }))
      : `${base}${qrId}"`;
    reply += text.slice(from, urlAt) + url;
    from = urlAt + 1;
    if (rule) {
      const stateAt = cuts[cut++] as number;
      reply += `${text.slice(from, stateAt)}"${codeState(rule, count, now)}"`;
      from = stateAt + 1;
    }
    const scansAt = cuts[cut++] as number;
    reply += text.slice(from, scansAt) + count;
    if (today) reply += `,"today":${today[index] ?? 0}`;
    from = scansAt + 1;
  }
  return reply + text.slice(from);
}

/**
 * What the tags of the codes are made of, in their order.
 *
 * @param scans the live counters, in the order of the codes
 * @param now Unix ms, at which the reply is made
 */
export function taggedCodes(
  { qrIds, versions, rules }: ReplyText,
  scans: readonly number[],
  now: number,
): (TaggedCode & { qrId: string })[] {
  return qrIds.map((qrId, index) => {
    const count = scans[index] ?? 0;
    const rule = rules[index];
    const state: CodeState = rule ? codeState(rule, count, now) : "open";
    return { qrId, version: versions[index] as number, scans: count, state };
  });
}

function emptyText(text: string): ReplyText {
  return { text, qrIds: [], versions: [], cuts: [], rules: {}, capitals: [] };
}

/** What stands before each member's value, in the order of `presentCode`. */
const MEMBERS = Object.keys(presentCode(blankCode(), 0, "", 0)).map((name, index) => ({
  name: name as keyof QrCode,
  opening: `${index === 0 ? "{" : ","}"${name}":`,
}));

/** Member by member: to make the whole code for each of a hundred costs twice as much as to write it. */
function append(reply: ReplyText, code: StoredCode, added: Record<string, string> = {}): void {
  const { qrId, version, alphanumeric, status, startsAt, expiresAt, maxScans } = code;
  const place = reply.qrIds.length;
  const rule = isAlwaysOpen(code) ? undefined : { status, startsAt, expiresAt, maxScans };
  if (rule) reply.rules[place] = rule;
  if (alphanumeric) reply.capitals.push(place);
  reply.qrIds.push(qrId);
  reply.versions.push(version);
  for (const { name, opening } of MEMBERS) {
    reply.text += opening;
    if (name === "scanUrl" || name === "scans" || (name === "state" && rule)) {
      reply.cuts.push(reply.text.length);
      reply.text += "0";
    } else reply.text += name === "state" ? '"open"' : JSON.stringify(code[name]);
  }
  for (const [name, value] of Object.entries(added)) reply.text += `,"${name}":${JSON.stringify(value)}`;
  reply.text += "}";
}
