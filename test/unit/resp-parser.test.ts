import { describe, expect, it } from "vitest";
import type { Reply } from "../../data/redis/port.ts";
import { ErrorReply, ProtocolError, ReplyParser } from "../../data/redis/resp/reply-parser.ts";

/** What a parser makes of these chunks, an error as `{ code }`. */
function read(...chunks: (string | Buffer)[]): (Reply | ErrorReply)[] {
  const replies: (Reply | ErrorReply)[] = [];
  const parser = new ReplyParser((reply) => replies.push(reply));
  for (const chunk of chunks) parser.read(Buffer.from(chunk));
  return replies;
}

const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;

describe("the parser of replies", () => {
  it.each<[wire: string, reply: Reply]>([
    ["+OK\r\n", "OK"],
    ["+\r\n", ""],
    ["+Grüße\r\n", "Grüße"],
    [":0\r\n", 0],
    [":-17\r\n", -17],
    [":9007199254740991\r\n", Number.MAX_SAFE_INTEGER],
    ["$-1\r\n", null],
    ["$0\r\n\r\n", ""],
    [bulk("a\r\nb"), "a\r\nb"],
    [bulk("ÿ 🎈"), "ÿ 🎈"],
    ["*-1\r\n", null],
    ["*0\r\n", []],
    ["*2\r\n*1\r\n:1\r\n*0\r\n", [[1], []]],
    [`*3\r\n${bulk("open")}$-1\r\n*1\r\n${bulk("ü")}`, ["open", null, ["ü"]]],
  ])("reads %j, whole or byte by byte", (wire, reply) => {
    expect(read(wire)).toEqual([reply]);
    const bytes = [...Buffer.from(wire)].map((byte) => Buffer.from([byte]));
    expect(read(...bytes)).toEqual([reply]);
    expect(read(wire + wire, wire)).toEqual([reply, reply, reply]);
  });

  it.each([
    ["-OOM command not allowed when used memory > 'maxmemory', SECRET\r\n", "OOM"],
    ["-NOSCRIPT No matching script\r\n", "NOSCRIPT"],
    ["-something with a SECRET\r\n", "ERR"],
    [`-${"A".repeat(1_000)}\r\n`, "A".repeat(32)],
  ])("keeps the code of an error alone", (wire, code) => {
    expect(read(wire, "+OK\r\n")).toEqual([expect.objectContaining({ code }), "OK"]);
    expect(read(wire)[0]).toBeInstanceOf(ErrorReply);
  });

  it("takes a list with an error in it, however deep, for the first such error", () => {
    const [reply, next] = read("*3\r\n:1\r\n*2\r\n-OOM a\r\n-ERR b\r\n*0\r\n+OK\r\n");
    expect(reply).toEqual(new ErrorReply("OOM"));
    expect(reply).toBeInstanceOf(ErrorReply);
    expect(next).toBe("OK");
  });

  it("reads a large string in time that grows with its length", () => {
    const text = "é".repeat(4 * 1024 * 1024);
    const wire = Buffer.from(bulk(text) + bulk("after"));
    const chunks = Array.from({ length: Math.ceil(wire.length / 1_000) }, (_, n) =>
      wire.subarray(1_000 * n, 1_000 * (n + 1)),
    );
    expect(read(...chunks).map((reply) => reply === text || reply)).toEqual([true, "after"]);
  });

  it("reads many items, an item at a time", () => {
    const items = Array.from({ length: 10_000 }, (_, n) => `item ${n}`);
    const chunks = [`*${items.length}\r\n`, ...items.map(bulk)];
    expect(read(...chunks)).toEqual([items]);
  });

  it.each([
    ["HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["HTTP without its end", "HTTP/1.1 400"],
    ["a type of RESP3", "%1\r\n+a\r\n+b\r\n"],
    ["zeros", "\0\0\0\0"],
    ["an empty line", "\r\n"],
    ["a number that is none", ":1.5\r\n"],
    ["no number at all", ":\r\n"],
    ["a sign alone", ":-\r\n"],
    ["a length that is none", "$a\r\n"],
    ["a length below null's", "$-2\r\n"],
    ["a string that no Redis sends", `$${256 * 1024 * 1024 + 1}\r\n`],
    ["a list that no Redis sends", "*1000001\r\n"],
    ["a string that is longer than it says", "$1\r\nab\r\n"],
    ["a string that ends half", "$1\r\na\rb"],
    ["a string that ends in another way", "$1\r\nab\n"],
    ["lists too deep", "*1\r\n".repeat(33)],
    ["a line without an end", `+${"a".repeat(64 * 1024)}`],
    ["a line that is too long", `+${"a".repeat(64 * 1024)}\r\n`],
  ])("refuses %s", (_what, wire) => {
    expect(() => read(wire)).toThrow(ProtocolError);
    expect(() => read("+OK\r\n", wire)).toThrow(ProtocolError);
  });

  it("takes lists as deep, lines as long and lists as large as it says", () => {
    expect(read(`${"*1\r\n".repeat(32)}:1\r\n`)).toHaveLength(1);
    expect(read(`+${"a".repeat(64 * 1024 - 1)}\r\n`)).toHaveLength(1);
    expect(read("*1000000\r\n", ":1\r\n".repeat(1_000_000))).toHaveLength(1);
  });
});
