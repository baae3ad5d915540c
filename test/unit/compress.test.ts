import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { compressed } from "../../functions/http/compress.ts";
import { type HttpReply, json } from "../../functions/http/reply.ts";

const LONG = { text: "scan ".repeat(1_000) };
const asking = (encoding?: string) => ({
  headers: encoding === undefined ? {} : { "accept-encoding": encoding },
});

describe("a JSON reply", () => {
  it.each(["gzip", "GZIP", "br;q=1.0, gzip;q=0.8, *;q=0.1", "deflate,gzip", "*", "gzip ; q=0.001"])(
    "is compressed for whoever takes gzip (%s)",
    async (encoding) => {
      const reply = await compressed(json(200, LONG), asking(encoding));
      expect(reply).toMatchObject({
        isBase64Encoded: true,
        headers: { "content-encoding": "gzip", vary: "accept-encoding", "content-type": "application/json" },
      });
      expect(JSON.parse(gunzipSync(Buffer.from(reply.body ?? "", "base64")).toString())).toEqual(LONG);
    },
  );

  it.each([undefined, "", "identity", "br", "gzip;q=0", "gzip;q=0.0, *", "*;q=0", "gzipped", "gzip;q=x"])(
    "stays as it is for whoever does not (%s)",
    async (encoding) => {
      const reply = await compressed(json(200, LONG), asking(encoding));
      expect(reply.body).toBe(JSON.stringify(LONG));
      expect(reply.headers).not.toHaveProperty("content-encoding");
      expect(reply.headers.vary).toBe("accept-encoding");
    },
  );

  it("keeps what else it varies by", async () => {
    for (const [vary, expected] of [
      ["accept", "accept, accept-encoding"],
      ["accept-encoding", "accept-encoding"],
    ] as const) {
      const reply = await compressed(json(200, LONG, { vary }), asking("gzip"));
      expect(reply.headers.vary).toBe(expected);
    }
  });

  it("is left alone if it is short", async () => {
    const short = json(200, { text: "x".repeat(1_000) });
    expect(await compressed(short, asking("gzip"))).toBe(short);
  });
});

it.each(["text/csv; charset=utf-8; header=present", "application/x-ndjson; charset=utf-8"])(
  "rows of %s are compressed as JSON is",
  async (type) => {
    const rows = { statusCode: 200, headers: { "content-type": type }, body: "a,b\n".repeat(1_000) };
    const reply = await compressed(rows, asking("gzip"));
    expect(gunzipSync(Buffer.from(reply.body ?? "", "base64")).toString()).toBe(rows.body);
    expect(reply.headers).toMatchObject({ "content-encoding": "gzip", "content-type": type });
  },
);

it.each<[string, HttpReply]>([
  ["nothing", { statusCode: 204, headers: {} }],
  ["a picture", { statusCode: 200, headers: { "content-type": "image/svg+xml" }, body: "x".repeat(5_000) }],
  [
    "bytes",
    {
      statusCode: 200,
      headers: { "content-type": "application/json" },
      body: "A".repeat(4_000),
      isBase64Encoded: true,
    },
  ],
])("%s is never compressed", async (_what, reply) => {
  expect(await compressed(reply, asking("gzip"))).toBe(reply);
});
