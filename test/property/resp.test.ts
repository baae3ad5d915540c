import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Reply } from "../../data/redis/port.ts";
import { encoded } from "../../data/redis/resp/command.ts";
import { ErrorReply, ProtocolError, ReplyParser } from "../../data/redis/resp/reply-parser.ts";

type Wire = { bytes: string; reply: Reply | ErrorReply };

const line = fc.string({ unit: "binary" }).map((text) => text.replace(/[\r\n]/g, " "));

const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;

const list = (items: Wire[]): Wire => ({
  bytes: `*${items.length}\r\n${items.map(({ bytes }) => bytes).join("")}`,
  reply:
    items.map(({ reply }) => reply).find((reply) => reply instanceof ErrorReply) ??
    items.map(({ reply }) => reply as Reply),
});

const { reply: anyReply } = fc.letrec<{ reply: Wire }>((tie) => ({
  reply: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.string({ unit: "binary" }).map((text) => ({ bytes: bulk(text), reply: text })),
    fc.string({ unit: "grapheme-ascii" }).map((text) => ({ bytes: bulk(text), reply: text })),
    fc.maxSafeInteger().map((number) => ({ bytes: `:${number}\r\n`, reply: number })),
    fc.constantFrom({ bytes: "$-1\r\n", reply: null }, { bytes: "*-1\r\n", reply: null }),
    line.map((text) => ({ bytes: `+${text}\r\n`, reply: text })),
    line.map((text) => ({ bytes: `-${text}\r\n`, reply: new ErrorReply(text) })),
    fc.array(tie("reply"), { maxLength: 5 }).map(list),
  ),
}));

/** The bytes in pieces that end at these shares of their length. */
function split(bytes: Buffer, shares: number[]): Buffer[] {
  const ends = [...shares.map((share) => Math.floor(share * bytes.length)), bytes.length].sort(
    (a, b) => a - b,
  );
  return ends.map((end, n) => bytes.subarray(ends[n - 1] ?? 0, end));
}

const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 10 });

describe("RESP", () => {
  it("is read the same however it is split", () => {
    fc.assert(
      fc.property(fc.array(anyReply, { maxLength: 6 }), shares, (wires, at) => {
        const replies: unknown[] = [];
        const parser = new ReplyParser((reply) => replies.push(reply));
        for (const chunk of split(Buffer.from(wires.map(({ bytes }) => bytes).join("")), at))
          parser.read(chunk);
        expect(replies).toEqual(wires.map(({ reply }) => reply));
      }),
    );
  });

  it("that is nonsense is refused or waited for, and makes no error besides", () => {
    const nonsense = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      // Almost right: bytes of replies in disorder.
      fc
        .array(fc.constantFrom("*1", "*3", "$1", "$-1", "\r\n", "\r", "a", ":", "-", "+", "é", "9"), {
          maxLength: 40,
        })
        .map((parts) => Buffer.from(parts.join(""))),
    );
    fc.assert(
      fc.property(nonsense, shares, (bytes, at) => {
        const parser = new ReplyParser(() => {});
        try {
          for (const chunk of split(bytes, at)) parser.read(chunk);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
    );
  });

  it("is written as it is read, whatever the arguments", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme-ascii" }),
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (parts) => {
        const replies: unknown[] = [];
        new ReplyParser((reply) => replies.push(reply)).read(Buffer.from(encoded(parts), "latin1"));
        expect(replies).toEqual([parts]);
      }),
    );
  });
});
