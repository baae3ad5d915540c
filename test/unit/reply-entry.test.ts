import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { textOfCode, textOfCodes } from "../../core/code/reply-text.ts";
import { parseEntry } from "../../data/redis/cache-helpers.ts";
import {
  codeEntry,
  codeIn,
  listEntry,
  parseCodeEntry,
  parseListEntry,
  parseTodaysListEntry,
} from "../../data/redis/reply-entry.ts";
import { PLAIN_CODE } from "../support/stored-code.ts";

const plain = PLAIN_CODE;
const withAll = {
  ...plain,
  qrId: "qr_2",
  name: 'Menu "007"\n🎈 \ud800',
  tags: ["a", "b"],
  startsAt: plain.createdAt,
  expiresAt: plain.createdAt,
  maxScans: 7,
  fallbackUrl: "https://example.org/",
};
const page = { ...textOfCodes([{ code: plain }, { code: withAll }]), nextCursor: "next" };
const ENTRIES = {
  code: { entry: codeEntry(textOfCode(withAll)), parse: parseCodeEntry },
  page: { entry: listEntry(page), parse: parseListEntry },
};

describe("an entry", () => {
  it.each([plain, withAll])("of a code is what was stored, and the code can be had of it", (code) => {
    const reply = parseCodeEntry(codeEntry(textOfCode(code)));
    expect(reply).toEqual(textOfCode(code));
    expect(reply && codeIn(reply)).toEqual(code);
  });

  it("of no code is null", () => {
    expect(codeEntry(null)).toBe("null");
    expect(parseCodeEntry("null")).toBeNull();
  });

  it.each([
    ["with more to come", page],
    ["without", { ...textOfCodes([]), nextCursor: null }],
  ])("of a page %s is what was stored", (_what, stored) => {
    expect(parseListEntry(listEntry(stored))).toEqual(stored);
  });

  it("of a page serves the day's scans only if their counters were healed when it was stored", () => {
    expect(parseTodaysListEntry(listEntry(page))).toBeUndefined();
    const healing = { ...page, healsToday: true as const };
    expect(parseTodaysListEntry(listEntry(healing))).toEqual(healing);
    expect(parseListEntry(listEntry(healing))).toEqual(healing);
  });

  it.each(Object.entries(ENTRIES))("of a %s is JSON that tells what it holds", (_what, { entry }) => {
    const { reply } = JSON.parse(entry) as { reply: object };
    const [code] = [reply].flat().slice(-1);
    expect(code).toMatchObject({
      qrId: "qr_2",
      scanUrl: 0,
      name: withAll.name,
      state: 0,
      scans: 0,
    });
  });
});

describe.each(Object.entries(ENTRIES))("what a key holds is no entry of a %s", (_what, { entry, parse }) => {
  it("if a character is another one, is missing or comes on top, wherever", () => {
    const taken: string[] = [];
    for (let at = 0; at < entry.length; at++) {
      const [before, after] = [entry.slice(0, at), entry.slice(at + 1)];
      const other = entry[at] === "7" ? "8" : "7";
      for (const text of [before + other + after, before + after, `${before}7${entry.slice(at)}`]) {
        if (parseEntry(text, parse) !== undefined) taken.push(text);
      }
      if (parseEntry(before, parse) !== undefined) taken.push(before);
    }
    expect(taken).toEqual([]);
  });

  it.each([
    ["nothing", null],
    ["a number", 7],
    ["empty text", ""],
    ["text", "code"],
    ["a JSON text", '"code"'],
    ["a list", "[]"],
    ["an object", "{}"],
    ["a code as an earlier version stored it", JSON.stringify(withAll)],
    ["a page as an earlier version stored it", JSON.stringify({ codes: [plain], nextCursor: null })],
  ])("if it is %s", (_text, value) => {
    expect(parseEntry(value, parse)).toBeUndefined();
  });
});

it.each(Object.entries(ENTRIES))(
  "what another version stored of a %s is a miss",
  (_what, { entry, parse }) => {
    const restAt = '{"check":"5e3a01c7'.length;
    const signed = (form: number) => {
      const check = crc32(entry.slice(restAt), form).toString(16).padStart(8, "0");
      return `{"check":"${check}${entry.slice(restAt)}`;
    };
    const forms = Array.from({ length: 100 }, (_, form) => form);
    expect(forms.filter((form) => parseEntry(signed(form), parse) !== undefined)).toEqual([]);
  },
);
