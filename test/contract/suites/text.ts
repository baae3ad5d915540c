import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";

const TARGET = "https://example.com/";
const COMPOSED = "Café";
const DECOMPOSED = "Cafe\u0301";

/** What becomes of bytes and characters on their way in, and of words that are looked for, through any stack. */
export function textSuite(start: StartStack): void {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await start();
  });
  afterAll(() => stack.close());

  const send = (body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    stack.call("/generate", {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...headers },
    });
  const create = async (fields: object): Promise<QrCode> => {
    const reply = await stack.call("/generate", { method: "POST", json: { targetUrl: TARGET, ...fields } });
    expect(reply.status).toBe(201);
    return (await reply.json()) as QrCode;
  };
  const found = async (query: Record<string, string>): Promise<string[]> => {
    const reply = await stack.call(`/qr?${new URLSearchParams(query)}`);
    expect(reply.status, JSON.stringify(query)).toBe(200);
    const { qrCodes } = (await reply.json()) as { qrCodes: QrCode[] };
    return qrCodes.map(({ qrId }) => qrId).sort();
  };
  const problem = async (reply: Response) => {
    const { errors = [] } = (await reply.json()) as { errors?: { path: string; message: string }[] };
    return [reply.status, errors[0]?.path];
  };

  describe("a body", () => {
    const json = `{"targetUrl":"${TARGET}","name":"${COMPOSED}"}`;

    it("that is not UTF-8 is refused, and stores nothing", async () => {
      const before = await found({ limit: "100" });
      const bytes = Buffer.from(`{"targetUrl":"${TARGET}caf\u00e9"}`, "latin1");
      expect(await problem(await send(bytes))).toEqual([400, "body"]);
      expect(await problem(await send(Buffer.from(json, "utf16le")))).toEqual([400, "body"]);
      expect(await found({ limit: "100" })).toEqual(before);
    });

    it.each(["iso-8859-1", "utf-16", "windows-1252", '"latin1"'])(
      "of charset %s is refused",
      async (charset) => {
        const type = { "content-type": `application/json; charset=${charset}` };
        expect(await problem(await send(Buffer.from(json), type))).toEqual([415, "content-type"]);
      },
    );

    it.each([
      ["gzip", gzipSync(json)],
      ["deflate", deflateSync(json)],
      ["br", brotliCompressSync(json)],
      ["gzip", Buffer.from(json)],
    ])("compressed by %s is refused", async (coding, body) => {
      const reply = await send(Buffer.from(body), { "content-encoding": coding });
      expect(await problem(reply)).toEqual([415, "content-encoding"]);
    });

    it("may begin with a byte-order mark", async () => {
      const reply = await send(Buffer.from(`\ufeff${json}`));
      expect(reply.status).toBe(201);
      expect(await reply.json()).toMatchObject({ name: COMPOSED });
    });
  });

  describe("a name or a tag", () => {
    it("is found whichever way it is composed, stored and asked for", async () => {
      const one = await create({ name: `${COMPOSED} one`, tags: [COMPOSED] });
      const two = await create({ name: `${DECOMPOSED} two`, tags: [` ${DECOMPOSED} `] });
      expect([two.name, two.tags]).toEqual([`${COMPOSED} two`, [COMPOSED]]);
      const both = [one.qrId, two.qrId].sort();
      for (const asked of [COMPOSED, DECOMPOSED, ` ${COMPOSED}\u3000`])
        expect(await found({ tag: asked }), asked).toEqual(both);
      for (const asked of [`${COMPOSED} `, `${DECOMPOSED} `])
        expect(await found({ q: asked, tag: COMPOSED }), asked).toEqual(both);
    });
  });

  it("a tag that was stored with spaces is found as it is shown", async () => {
    const { qrId } = await create({ tags: ["old"] });
    await stack.database.sql("UPDATE qr_codes SET tags = '{\" old \"}' WHERE qr_id = $1", [qrId]);
    expect(await found({ tag: " old " })).toEqual([qrId]);
    expect(await found({ tag: "old" })).toEqual([]);
  });

  describe("a word of one or two characters", () => {
    it.each([
      ["咖啡", "星巴克咖啡店", "星巴克酒店"],
      ["茶", "星巴克茶馆", "星巴克酒馆"],
      ["カフ", "新宿カフェ", "新宿バー"],
      ["카페", "서울카페입니다", "서울주점입니다"],
      ["𠮷野", "𠮷野家", "松野家"],
    ])("%s is found in %s", async (word, name, other) => {
      const { qrId } = await create({ name, tags: ["words"] });
      await create({ name: other, tags: ["words"] });
      expect(await found({ q: word })).toEqual([qrId]);
      expect(await found({ q: word, tag: "words" })).toEqual([qrId]);
      expect(await found({ q: word, status: "paused" })).toEqual([]);
    });

    it.each(["a", "ab", "é", "ж1", "。、"])(
      "is refused as %s, of which the index knows nothing",
      async (word) => {
        const reply = await stack.call(`/qr?${new URLSearchParams({ q: word })}`);
        expect(await problem(reply)).toEqual([400, "q"]);
      },
    );
  });
}
