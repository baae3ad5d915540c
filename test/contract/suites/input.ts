import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import type { CallInit, StartStack, TestStack } from "../../support/test-stack.ts";

const URL_OK = "https://example.com/menu";
const MIB = 1_048_576;
const MAX_BODY = 32_768;

/** What a client may send, and what is refused without a trace, through any stack. */
export function inputSuite(start: StartStack): void {
  let stack: TestStack;
  /** A code that no refused request may change. */
  let qrId: string;
  /** Signed once: hundreds of requests follow. */
  let authorization: string;

  beforeAll(async () => {
    stack = await start();
    authorization = `Bearer ${await stack.issuer.issue(["tenant_a"], ["qr:read", "qr:write"])}`;
    qrId = await create({ name: "before" });
  });
  afterAll(() => stack.close());

  // Fences expire by themselves; with no key to start from, any key at the end is the request's doing.
  beforeEach(() => stack.services.redis.command("FLUSHALL"));

  // Whatever a client sends, nothing of it is this service's error.
  afterEach(() => expect(stack.log.lines.filter(({ level }) => level === "error")).toEqual([]));

  type Json = Record<string, unknown>;

  const call = (path: string, init: CallInit = {}) =>
    stack.call(path, { ...init, tenant: null, headers: { authorization, ...init.headers } });

  async function create(fields: Json = {}): Promise<string> {
    const reply = await generate({ targetUrl: URL_OK, ...fields });
    expect(reply.status).toBe(201);
    return ((await reply.json()) as QrCode).qrId;
  }

  const generate = (json: unknown, headers: Record<string, string> = {}) =>
    call("/generate", { method: "POST", json, headers });
  const patch = (json: unknown, id = qrId) => call(`/qr/${id}`, { method: "PATCH", json });

  /** Both ways to set a field. A refused `generate` must not use up its idempotency key either. */
  const WRITERS = {
    generate: (fields: Json) =>
      generate({ targetUrl: URL_OK, ...fields }, { "idempotency-key": "refused-request" }),
    patch: (fields: Json) => patch(fields),
  } as const;
  type Writer = keyof typeof WRITERS;
  const writers = Object.keys(WRITERS) as Writer[];

  interface Problem {
    status: number;
    errors: { path: string; message: string }[];
  }

  /** Every row of every table that a request could write, and the number of Redis keys. */
  async function stored(): Promise<unknown> {
    const [rows] = await stack.services.db.read(
      `SELECT (SELECT md5(json_agg(c ORDER BY qr_id)::text) FROM qr_codes c) AS codes,
      (SELECT count(*) FROM qr_codes) AS code_count,
      (SELECT count(*) FROM event_outbox) AS events,
      (SELECT count(*) FROM idempotency_keys) AS keys,
      (SELECT count(*) FROM pending_invalidations) AS invalidations`,
      [],
    );
    return { ...rows, redisKeys: await stack.services.redis.command("DBSIZE") };
  }

  /** Makes a request that must be refused with a problem that names `path` (and nothing else), and leave no trace. */
  async function refused(request: () => Promise<Response>, path: string, status = 400): Promise<Problem> {
    const before = await stored();
    const reply = await request();
    const problem = (await reply.json()) as Problem;
    expect(problem).toMatchObject({
      status,
      errors: expect.arrayContaining([{ path, message: expect.stringMatching(/.+/) }]),
    });
    expect([...new Set(problem.errors.map((error) => error.path))]).toEqual([path]);
    expect(reply.status).toBe(status);
    expect(reply.headers.get("content-type")).toBe("application/problem+json");
    expect(reply.headers.get("x-request-id")).toMatch(/^[\w-]{16}$/);
    expect(await stored()).toEqual(before);
    return problem;
  }

  const A = "a".repeat(200);
  const longUrl = (length: number) => `https://example.com/${"a".repeat(length - 20)}`;
  const distinctTags = (count: number) => Array.from({ length: count }, (_, index) => `tag ${index}`);

  /** Values that a field may have, the outermost ones first; `null` is what the reply then shows for none. */
  const ACCEPTED: [field: string, label: string, value: unknown, shown?: unknown][] = [
    ["name", "1 character", "x"],
    ["name", "200 characters", A],
    ["name", "any script", "メニュー 😀 ‏قائمة"],
    ["name", "markup and quotes", `<b>"it's"</b> \\ %00 $1 {}`],
    ["name", "null", null],
    ["name", "spaces around it", " \u3000\ufeffMenu\u200b\n ", "Menu"],
    ["name", "200 characters and spaces around them", ` ${A} `, A],
    ["name", "200 characters once composed", "e\u0301".repeat(200), "é".repeat(200)],
    ["name", "decomposed", "Cafe\u0301", "Café"],
    [
      "name",
      "joiners and selectors",
      "👩‍👧 ❤️ 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} می\u200cخواهم",
    ],
    ["tags", "spaces and decomposed letters", [" Cafe\u0301\u2003", "  a  b "], ["Café", "a  b"]],
    ["tags", "20 entries", distinctTags(20)],
    ["tags", "50 characters", ["t".repeat(50)]],
    ["tags", "no entry", []],
    ["tags", "entries that differ in case only", ["Menu", "menu"]],
    ["tags", "characters of an array literal", ["a,b", '{"c"}', "NULL", "\\"]],
    ["startsAt", "an offset", "2030-01-31T12:00:00+05:30", "2030-01-31T06:30:00.000Z"],
    ["startsAt", "a negative offset", "2030-12-31T23:00:00-14:00", "2031-01-01T13:00:00.000Z"],
    ["startsAt", "microseconds", "2030-01-31T12:00:00.123456Z", "2030-01-31T12:00:00.123Z"],
    ["startsAt", "a leap day", "2028-02-29T00:00:00Z", "2028-02-29T00:00:00.000Z"],
    ["startsAt", "the first instant", "2000-01-01T00:00:00Z", "2000-01-01T00:00:00.000Z"],
    ["expiresAt", "the last instant", "9999-12-31T23:59:59.999Z"],
    ["expiresAt", "null", null],
    ["maxScans", "1", 1],
    ["maxScans", "the largest", 2_147_483_647],
    ["maxScans", "null", null],
    ["targetUrl", "2,048 characters", longUrl(2_048)],
    ["targetUrl", "another place on this host", "<own>/scanner/x"],
    ["fallbackUrl", "2,048 characters", longUrl(2_048)],
    ["fallbackUrl", "null", null],
  ];

  const TEXT_REFUSED: [label: string, value: string][] = [
    ["empty", ""],
    ["a null character", "a\u0000b"],
    ["a line break", "a\nb"],
    ["an escape", "\u001b[31m"],
    ["a C1 control", "a\u0085b"],
    ["a line separator", "a\u2028b"],
    ["a lone high surrogate", "a\ud800"],
    ["a lone low surrogate", "\udc00a"],
    ["surrogates in the wrong order", "\ude00\ud83d"],
    ["blank", "   "],
    ["ideographic spaces", "\u3000\u2003"],
    ["a zero-width space", "\u200b"],
    ["a joiner alone", "\u200d"],
    ["a variation selector alone", "\ufe0f"],
    ["Hangul fillers", "\u3164\u115f"],
    ["Braille without a dot", "\u2800"],
    ["what turns a text around", "menu\u202egpj.exe"],
    ["an isolate", "a\u2067b"],
    ["a lost character", "caf\ufffd"],
    ["a noncharacter", "a\uffff"],
  ];

  const INSTANTS_REFUSED: [label: string, value: unknown][] = [
    ["empty", ""],
    ["no offset", "2030-01-31T12:00:00"],
    ["no time", "2030-01-31"],
    ["year 1999", "1999-12-31T23:59:59.999Z"],
    ["year 1999 in UTC", "2000-01-01T00:00:00+00:01"],
    ["year 10000", "10000-01-01T00:00:00Z"],
    ["year 10000 with a sign", "+010000-01-01T00:00:00Z"],
    ["year 10000 in UTC", "9999-12-31T23:59:59-00:01"],
    ["30 February", "2030-02-30T00:00:00Z"],
    ["29 February of a common year", "2030-02-29T00:00:00Z"],
    ["hour 24", "2030-01-31T24:00:00Z"],
    ["second 60", "2030-12-31T23:59:60Z"],
    ["an offset of 99 hours", "2030-01-31T12:00:00+99:00"],
    ["a word", "infinity"],
    ["a null character", "2030-01-31T12:00:00Z\u0000"],
    ["a trailing line break", "2030-01-31T12:00:00Z\n"],
    ["an HTTP date", "Thu, 31 Jan 2030 12:00:00 GMT"],
  ];

  const URLS_REFUSED: [label: string, value: unknown][] = [
    ["empty", ""],
    ["2,049 characters", longUrl(2_049)],
    ["2,049 characters once encoded", `${longUrl(2_044)}ü`],
    ["javascript:", "javascript:alert(1)"],
    ["javascript: in capitals", "JavaScript:alert(1)//https://example.com"],
    ["data:", "data:text/html,<script>alert(1)</script>"],
    ["file:", "file:///etc/passwd"],
    ["a relative one", "/menu"],
    ["one without a scheme", "//example.com/menu"],
    ["no host", "https://"],
    ["a user name", "https://user@example.com/"],
    ["a password", "https://user:secret@example.com/"],
    ["a host before an @", "https://example.com@evil.example/"],
    ["a space", "https://example.com/a b"],
    ["a leading space", " https://example.com/"],
    ["a line break", "https://example.com/\r\nset-cookie:a=b"],
    ["a null character", "https://example.com/\u0000"],
    ["an ideographic space", "https://example.com/\u3000"],
    ["a narrow no-break space", "https://example.com/a\u202fb"],
    ["a line separator", "https://example.com/\u2028"],
    ["a zero-width space", "https://example.com/\u200b"],
    ["a word joiner", "https://example.com/\u2060"],
    ["a byte-order mark", "\ufeffhttps://example.com/"],
    ["a soft hyphen", "https://exam\u00adple.com/"],
    ["a lost character", "https://example.com/caf\ufffd"],
    ["a lone surrogate", "https://example.com/\ud800"],
    ["a port beyond 65535", "https://example.com:65536/"],
    ["a scan URL of this service", "<own>/scan/qr_abc"],
    ["a scan URL with escapes", "<own>/%73c%61n/qr_abc"],
    ["a scan URL with dot segments", "<own>/x/..//scan/./qr_abc"],
    ["a scan URL with encoded dot segments", "<own>/x%2F..%2Fscan%2Fqr_abc"],
    ["a scan URL with a query", "<own>/scan/qr_abc?x#y"],
  ];

  /** Values that both `generate` and `patch` must refuse, naming the field or the entry of it. */
  const REFUSED: [field: string, label: string, value: unknown, path?: string][] = [
    ["name", "201 characters", `${A}a`],
    ...TEXT_REFUSED.map(([label, value]): [string, string, unknown] => ["name", label, value]),
    ["tags", "21 entries", distinctTags(21)],
    ["tags", "51 characters", ["fine", "t".repeat(51)], "tags.1"],
    ["tags", "a duplicate", ["a", "b", "a"]],
    ["tags", "a duplicate but for its form", ["Café", "Cafe\u0301"]],
    ["tags", "a duplicate but for its spaces", ["a", "a "]],
    ["tags", "null as an entry", ["a", null], "tags.1"],
    ["tags", "an array as an entry", [["a"]], "tags.0"],
    ...TEXT_REFUSED.map(([label, value]): [string, string, unknown, string] => [
      "tags",
      `an entry that is: ${label}`,
      [value],
      "tags.0",
    ]),
    ["maxScans", "0", 0],
    ["maxScans", "-1", -1],
    ["maxScans", "one more than the column holds", 2_147_483_648],
    ["maxScans", "beyond exact integers", 2 ** 53],
    ["maxScans", "1.5", 1.5],
    ["maxScans", "a number as text", "1"],
    ...["startsAt", "expiresAt"].flatMap((field) =>
      INSTANTS_REFUSED.map(([label, value]): [string, string, unknown] => [field, label, value]),
    ),
    ...["targetUrl", "fallbackUrl"].flatMap((field) =>
      URLS_REFUSED.map(([label, value]): [string, string, unknown] => [field, label, value]),
    ),
  ];

  /** Stands in the tables for where the service runs, which is known later. */
  const located = (value: unknown) =>
    typeof value === "string" ? value.replace("<own>", stack.baseUrl) : value;

  describe.each(writers)("%s", (writer) => {
    it.each(ACCEPTED)("takes as %s: %s", async (field, _label, given, shown = given) => {
      const reply =
        writer === "generate"
          ? await generate({ targetUrl: URL_OK, [field]: located(given) })
          : await patch({ [field]: located(given) }, await create());
      expect(reply.status).toBe(writer === "generate" ? 201 : 200);
      const code = (await reply.json()) as QrCode & Json;
      expect(code[field]).toEqual(located(shown));
      const read = (await (await call(`/qr/${code.qrId}`)).json()) as Json;
      expect(read[field]).toEqual(located(shown));
    });

    it.each(REFUSED)("refuses as %s: %s", async (field, _label, value, path = field) => {
      await refused(() => WRITERS[writer]({ [field]: located(value) }), path);
    });

    /** Which JSON types each field takes; `patch` clears tags with `null`, which a new code has nothing to clear. */
    const TYPES: Record<string, string[]> = {
      targetUrl: ["string"],
      name: ["string", "null"],
      tags: writer === "patch" ? ["array", "null"] : ["array"],
      startsAt: ["string", "null"],
      expiresAt: ["string", "null"],
      maxScans: ["number", "null"],
      fallbackUrl: ["string", "null"],
      ...(writer === "patch" ? { status: ["string"] } : { qrId: ["string", "null"] }),
    };
    const SAMPLES: Record<string, unknown> = {
      number: 7,
      string: "text",
      array: [],
      object: { toString: "x" },
      boolean: true,
      null: null,
    };

    it.each(
      Object.entries(TYPES).flatMap(([field, types]) =>
        Object.keys(SAMPLES)
          .filter((type) => !types.includes(type))
          .map((type): [string, string] => [field, type]),
      ),
    )("refuses as %s: a value of type %s", async (field, type) => {
      await refused(() => WRITERS[writer]({ [field]: SAMPLES[type] }), field);
    });

    it.each([
      "tenantId",
      "scans",
      "scanUrl",
      "createdAt",
      "deletedAt",
      "target_url",
      "TargetUrl",
      "constructor",
      "toString",
      "hasOwnProperty",
      "__proto__",
      "__defineGetter__",
      "a\u0000b",
      "\ud800",
      ...(writer === "generate" ? ["status"] : ["qrId"]),
    ])("refuses the unknown field %j", async (field) => {
      for (const value of ["x", null, { prototype: {} }]) {
        const body = `{"targetUrl":${JSON.stringify(URL_OK)},${JSON.stringify(field)}:${JSON.stringify(value)}}`;
        await refused(() => sendText(writer, body), field);
      }
    });

    it("names every field that is wrong", async () => {
      const before = await stored();
      const reply = await WRITERS[writer]({ targetUrl: "x", name: "", maxScans: 0, tags: [1], surprise: 1 });
      const { errors } = (await reply.json()) as Problem;
      expect(errors.map(({ path }) => path).sort()).toEqual([
        "maxScans",
        "name",
        "surprise",
        "tags.0",
        "targetUrl",
      ]);
      expect(await stored()).toEqual(before);
    });

    it.each([
      ["the same instant", "2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"],
      ["the same instant at another offset", "2030-01-01T00:00:00Z", "2030-01-01T01:00:00+01:00"],
      ["less than a millisecond later", "2030-01-01T00:00:00.000Z", "2030-01-01T00:00:00.0009Z"],
      ["an earlier one that sorts behind as text", "2030-01-01T00:00:00Z", "2030-01-01T05:00:00+06:00"],
    ])("refuses an expiresAt that is %s as startsAt", async (_label, startsAt, expiresAt) => {
      const { errors } = await refused(() => WRITERS[writer]({ startsAt, expiresAt }), "expiresAt");
      expect(errors).toEqual([{ path: "expiresAt", message: "must be after startsAt" }]);
    });

    it("takes an expiresAt one millisecond after startsAt", async () => {
      const window = { startsAt: "2030-01-01T00:00:00.000Z", expiresAt: "2030-01-01T00:00:00.001Z" };
      const reply =
        writer === "generate"
          ? await generate({ targetUrl: URL_OK, ...window })
          : await patch(window, await create());
      expect(await reply.json()).toMatchObject(window);
    });
  });

  describe("patch", () => {
    it.each(["deleted", "ACTIVE", "", "active "])("refuses the status %j", async (status) => {
      await refused(() => patch({ status }), "status");
    });

    it("refuses a body that changes nothing", async () => {
      await refused(() => patch({}), "body");
    });
  });

  describe("generate", () => {
    it("refuses a body without a target", async () => {
      await refused(() => generate({}), "targetUrl");
      await refused(() => generate({ name: "x" }), "targetUrl");
    });

    it.each(["abc", "a".repeat(64), "___", "---", "Qr_-09"])("takes the ID %s", async (id) => {
      expect(await create({ qrId: id })).toBe(id);
    });

    it.each([
      ["2 characters", "ab"],
      ["65 characters", "a".repeat(65)],
      ["no character", ""],
      ["a colon", "abc:def"],
      ["an asterisk", "abc*"],
      ["a question mark", "abc?"],
      ["a slash", "abc/def"],
      ["a dot", "..."],
      ["a space", "abc def"],
      ["a percent sign", "abc%00"],
      ["a null character", "abc\u0000"],
      ["a trailing line break", "abcd\n"],
      ["an umlaut", "abcü"],
      ["a full-width letter", "ａｂｃ"],
      ["an emoji", "abc😀"],
      ["a lone surrogate", "abc\ud800"],
    ])("refuses an ID with %s", async (_label, id) => {
      await refused(() => WRITERS.generate({ qrId: id }), "qrId");
    });

    it("refuses an ID that is taken, and keeps no idempotency key for it", async () => {
      await refused(() => WRITERS.generate({ qrId }), "qrId", 409);
    });

    it.each([
      ["empty", ""],
      ["256 characters", "k".repeat(256)],
      ["a space", "a b"],
      ["a tab", "a\tb"],
      ["a letter beyond ASCII", "schlüssel"],
    ])("refuses an Idempotency-Key with: %s", async (_label, key) => {
      await refused(() => generate({ targetUrl: URL_OK }, { "idempotency-key": key }), "Idempotency-Key");
    });

    it("refuses two Idempotency-Keys", async () => {
      const body = JSON.stringify({ targetUrl: URL_OK });
      const headers = ["content-type: application/json", "idempotency-key: a", "idempotency-key: b"];
      await refused(() => raw({ method: "POST", path: "/generate", headers, body }), "Idempotency-Key");
    });

    it("takes an Idempotency-Key of 255 characters", async () => {
      const reply = await generate(
        { targetUrl: URL_OK },
        { "idempotency-key": "!~".repeat(127).concat("k") },
      );
      expect(reply.status).toBe(201);
    });
  });

  const place = (writer: Writer) =>
    writer === "generate" ? { method: "POST", path: "/generate" } : { method: "PATCH", path: `/qr/${qrId}` };

  /** Sends a body as it is. */
  function sendText(writer: Writer, body: string | undefined, contentType = "application/json") {
    const { method, path } = place(writer);
    const headers = { "content-type": contentType };
    return call(path, { method, headers, ...(body === undefined ? {} : { body }) });
  }

  const valid = { generate: { targetUrl: URL_OK }, patch: { name: "changed" } };

  /** A valid body of `bytes` bytes: white space is a part of JSON. */
  const padded = (writer: Writer, bytes: number) => JSON.stringify(valid[writer]).padEnd(bytes);

  describe.each(writers)("the body of %s", (writer) => {
    it.each(["[]", '[{"targetUrl":"https://example.com"}]', '"text"', "42", "null", "true"])(
      "must be an object: %s is refused",
      async (body) => {
        const { errors } = await refused(() => sendText(writer, body), "body");
        expect(errors).toEqual([{ path: "body", message: "must be a JSON object" }]);
      },
    );

    it.each([
      ["absent", undefined],
      ["empty", ""],
      ["blank", " \n"],
      ["cut short", '{"targetUrl":"https://exa'],
      ["with a trailing comma", '{"name":"x",}'],
      ["with single quotes", "{'name':'x'}"],
      ["with a comment", '{"name":"x"/**/}'],
      ["two objects", '{"name":"x"}{"name":"y"}'],
      ["a form", "name=x&targetUrl=y"],
      ["with two byte order marks", '\ufeff\ufeff{"name":"x"}'],
      ["with a raw control character", '{"name":"a\u0000b"}'],
      ["with NaN", '{"maxScans":NaN}'],
    ])("must be JSON: it is refused if it is %s", async (_label, body) => {
      const { errors } = await refused(() => sendText(writer, body), "body");
      expect(errors).toEqual([{ path: "body", message: "is not well-formed JSON" }]);
    });

    it("is refused if it nests as deep as its size allows", async () => {
      const deep = (open: string, depth: number, close: string) => open.repeat(depth) + close.repeat(depth);
      await refused(() => sendText(writer, deep("[", 16_000, "]")), "body");
      const surprise = deep('{"a":', 500, "}").replace(":}", ":1}");
      await refused(() => sendText(writer, `{"targetUrl":"${URL_OK}","surprise":${surprise}}`), "surprise");
      await refused(
        () => sendText(writer, `{"targetUrl":"${URL_OK}","tags":${deep("[", 500, "]")}}`),
        "tags.0",
      );
      await refused(() => sendText(writer, "[".repeat(32_000)), "body");
    });

    it("is told of twenty fields that are unknown, and how many more there are", async () => {
      const body = Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`unknown${n}`, n]));
      const reply = await sendText(writer, JSON.stringify({ ...valid[writer], ...body }));
      const { detail, errors } = (await reply.json()) as Problem & { detail: string };
      expect(reply.status).toBe(400);
      expect(errors.map(({ path }) => path)).toEqual(Object.keys(body).slice(0, 20));
      expect(detail).toMatch(/and 880 more$/);
    });

    it("is refused unread if it holds more than a thousand values", async () => {
      const many = (length: number) => JSON.stringify({ ...valid[writer], tags: new Array(length).fill(1) });
      await refused(() => sendText(writer, many(1_000)), "body");
      const unknown = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`k${n}`, 1]));
      const { errors } = await refused(() => sendText(writer, JSON.stringify(unknown)), "body");
      expect(errors).toEqual([{ path: "body", message: "must hold at most 1000 values" }]);
      const reply = await sendText(writer, many(900));
      expect(((await reply.json()) as Problem).errors[0]?.path).toMatch(/^tags/);
    });

    it("is refused unread if 100,000 brackets make it too large", async () => {
      await refused(() => sendText(writer, "[".repeat(100_000)), "body", 413);
      await refused(() => sendText(writer, "[".repeat(50_000) + "]".repeat(50_000)), "body", 413);
    });

    it("may have 32 KiB", async () => {
      const reply = await sendText(writer, padded(writer, MAX_BODY));
      expect(reply.ok).toBe(true);
      await patch({ name: "before" });
    });

    it("is refused with one byte more, counted in bytes and not in characters", async () => {
      await refused(() => sendText(writer, padded(writer, MAX_BODY + 1)), "body", 413);
      const wide = JSON.stringify({ ...valid[writer], name: "ü".repeat(MAX_BODY / 2) });
      await refused(() => sendText(writer, wide), "body", 413);
    });

    it("is refused with 11 MB, and the connection neither hangs nor is reused", async () => {
      const body = padded(writer, 11 * MIB);
      await refused(() => sendText(writer, body), "body", 413);
    });

    it("is refused with 11 MB that it announces and never sends, or sends without an end", async () => {
      const request = place(writer);
      const json = "content-type: application/json";
      const announced = [json, `content-length: ${11 * MIB}`];
      await refused(() => raw({ ...request, headers: announced, body: "{" }), "body", 413);
      const chunked = [json, "transfer-encoding: chunked"];
      const chunk = `${MIB.toString(16)}\r\n${" ".repeat(MIB)}\r\n`;
      await refused(() => raw({ ...request, headers: chunked, body: chunk.repeat(11) }), "body", 413);
    });

    it.each([
      ["text/plain", "text/plain"],
      ["a form", "application/x-www-form-urlencoded"],
      ["an image", "image/png"],
      ["a name that begins like it", "application/jsonp"],
      ["a name that ends like it", "text/json"],
      ["a list", "text/plain, application/json"],
    ])("is refused with 415 if its content type is %s", async (_label, type) => {
      const body = JSON.stringify(valid[writer]);
      await refused(() => sendText(writer, body, type), "content-type", 415);
    });

    it("is refused with 415 if it has no content type", async () => {
      // `fetch` would name a type of its own.
      const request = { ...place(writer), headers: [], body: JSON.stringify(valid[writer]) };
      await refused(() => raw(request), "content-type", 415);
      await refused(() => raw({ ...request, headers: ["content-type:"] }), "content-type", 415);
    });

    it.each([
      "application/json; charset=utf-8",
      "application/json;charset=UTF-8",
      "Application/JSON",
      "application/merge-patch+json",
      "application/merge-patch+json; charset=utf-8",
      "application/json ;charset=utf-8",
      'application/json; charset="UTF-8"',
      "application/json; charset=utf8",
      "application/json; profile=x; charset=utf-8",
    ])("is taken as %s", async (type) => {
      const reply = await sendText(writer, JSON.stringify({ ...valid[writer], name: "Größe ☀️" }), type);
      expect(reply.ok).toBe(true);
      expect(await reply.json()).toMatchObject({ name: "Größe ☀️" });
      await patch({ name: "before" });
    });
  });

  describe("a path whose ID is malformed", () => {
    const REQUESTS = {
      get: { method: "GET", rest: "" },
      patch: { method: "PATCH", rest: "", json: { name: "x" } },
      delete: { method: "DELETE", rest: "" },
      stats: { method: "GET", rest: "/stats" },
      scans: { method: "GET", rest: "/scans" },
    } as const;
    const MALFORMED = [
      "a:b",
      "abc*",
      "*",
      "abc%3F",
      "[abc]",
      "%00",
      "abc%00",
      "abc%0A",
      "abc%0d%0aset-cookie:x",
      "caf%C3%A9",
      "%F0%9F%98%80",
      "%ED%A0%80",
      "%E0%A4%A",
      "%",
      "a%2Fb",
      "..%2F..%2Fqr",
      "a b",
      "ab",
      "x".repeat(65),
      "x".repeat(8_000),
      "qr_abc;drop",
      "constructor()",
    ];

    it.each(Object.keys(REQUESTS) as (keyof typeof REQUESTS)[])("is refused by %s", async (name) => {
      const { rest, ...init } = REQUESTS[name];
      for (const id of MALFORMED) await refused(() => call(`/qr/${id}${rest}`, init), "qrId");
    });

    it("is refused too where a client would not send it as it is", async () => {
      for (const id of ["..", ".", "a|b", "a\\b", '"abc"', "<abc>"]) {
        await refused(() => raw({ method: "GET", path: `/qr/${id}`, headers: [] }), "qrId");
      }
      for (const id of ["caf\u00e9", "😀", "abc\u0000"]) {
        await refused(() => raw({ method: "GET", path: `/qr/${id}`, headers: [] }), "request");
      }
    });
  });

  describe("the query of GET /qr/{qrId} for JSON", () => {
    it.each([
      ["?foo=1", "foo"],
      ["?size=100", "size"],
      ["?format=json&ecc=L", "ecc"],
    ])("is refused if it is %s, naming %s", async (query, path) => {
      await refused(() => call(`/qr/${qrId}${query}`), path);
    });
  });

  describe.each(["", "/picture"])("the query of GET /qr/{qrId}%s for a picture", (suffix) => {
    it.each([
      ["?format=svg&tenantId=x", "tenantId"],
      ["?format=svg&__proto__=x", "__proto__"],
      ["?format=svg&constructor=x", "constructor"],
      ["?format=svg&SIZE=100", "SIZE"],
      ["?format=gif", "format"],
      ["?format=", "format"],
      ["?format=SVG", "format"],
      ["?format=svg&format=png", "format"],
      ["?format=toString", "format"],
      ["?format=png&size=63", "size"],
      ["?format=png&size=2049", "size"],
      ["?format=png&size=", "size"],
      ["?format=png&size=-100", "size"],
      ["?format=png&size=100.5", "size"],
      ["?format=png&size=1e3", "size"],
      ["?format=png&size=0x80", "size"],
      ["?format=png&size=%20100", "size"],
      ["?format=png&size=NaN", "size"],
      ["?format=png&size=99999999999999999999", "size"],
      ["?format=png&size=100&size=200", "size"],
      ["?format=svg&size=63", "size"],
      ["?format=svg&margin=-1", "margin"],
      ["?format=svg&margin=17", "margin"],
      ["?format=svg&margin=x", "margin"],
      ["?format=svg&ecc=X", "ecc"],
      ["?format=svg&ecc=l", "ecc"],
      ["?format=svg&ecc=", "ecc"],
      ["?format=svg&color=red", "color"],
      ["?format=svg&color=12345", "color"],
      ["?format=svg&color=%2300000g", "color"],
      ["?format=svg&color=00000080", "color"],
      ["?format=svg&color=", "color"],
      [`?format=svg&color=${encodeURIComponent('"/><script>')}`, "color"],
      ["?format=svg&background=url(x)", "background"],
      ["?format=svg&background=clear", "background"],
      ["?format=svg&color=cccccc", "color"],
      ["?format=svg&color=ffffff", "color"],
      ["?format=svg&background=222222", "background"],
      ["?format=svg&color=%23777777&background=%23888888", "color"],
      ["?format=svg&color=ffffff&background=000000", "color"],
      ["?format=png&color=ff0&background=00f", "color"],
    ])("is refused if it is %s, naming %s", async (query, path) => {
      await refused(() => call(`/qr/${qrId}${suffix}${query}`), path);
    });

    it("is refused alike where the Accept header chooses the format", async () => {
      for (const accept of ["image/png", "image/svg+xml"]) {
        await refused(() => call(`/qr/${qrId}${suffix}?size=1`, { headers: { accept } }), "size");
      }
    });

    it.each([
      "size=64",
      "size=2048",
      "margin=0",
      "margin=16",
      "ecc=L",
      "ecc=H",
      "color=036&background=%23ffc",
    ])("may be %s", async (query) => {
      for (const format of ["svg", "png"]) {
        const reply = await call(`/qr/${qrId}${suffix}?format=${format}&${query}`);
        expect(reply.status).toBe(200);
        await reply.arrayBuffer();
      }
    });
  });

  describe("the query of GET /qr", () => {
    const cursor = (text: string) => `?cursor=${Buffer.from(text).toString("base64url")}`;

    it.each([
      ["?foo=1", "foo"],
      ["?tenantId=tenant_b", "tenantId"],
      ["?constructor=x", "constructor"],
      ["?Limit=1", "Limit"],
      ["?limit=-1", "limit"],
      ["?limit=1e1", "limit"],
      ["?limit=%00", "limit"],
      ["?cursor=", "cursor"],
      ["?cursor=%00", "cursor"],
      [cursor("2030-01-31T12:00:00.000Z a:b"), "cursor"],
      [cursor("2030-02-30T12:00:00.000Z abc"), "cursor"],
      [cursor("0000-01-01T00:00:00.000Z abc"), "cursor"],
      [cursor("-000001-01-01T00:00:00.000Z abc"), "cursor"],
      [cursor("+275760-09-13T00:00:00.000Z abc"), "cursor"],
      [cursor("infinity abc"), "cursor"],
      [`?q=${"x".repeat(10_000)}`, "q"],
      ["?q=abc%00", "q"],
      ["?tag=%00", "tag"],
      ["?status=ACTIVE", "status"],
    ])("is refused if it is %s, naming %s", async (query, path) => {
      await refused(() => call(`/qr${query}`), path);
    });

    it.each([
      ["characters that no UTF-8 has", "?q=ab%FF%FE"],
      ["the earliest cursor", cursor("0001-01-01T00:00:00.000Z abc")],
      ["the latest cursor", cursor("9999-12-31T23:59:59.999Z abc")],
      ["wildcards and quotes", `?q=${encodeURIComponent("%_\\'\"$1")}`],
      ["an array literal as tag", `?tag=${encodeURIComponent('{"a",NULL}')}`],
    ])("may hold %s", async (_label, query) => {
      expect((await call(`/qr${query}`)).status).toBe(200);
    });
  });

  describe("a request beyond all bounds", () => {
    const TEN_MB = 10_000_000;

    it.each([
      ["GET", "/qr?q="],
      ["POST", "/generate?q="],
      ["PATCH", "/qr/some-code?q="],
      ["GET", "/scan/some-code?q="],
    ])("(%s %s… of 10 MB) is refused, naming the query", async (method, path) => {
      const request = () => raw({ method, path: path + "x".repeat(TEN_MB), headers: [] });
      await refused(request, "query", 431);
    });

    it("(a path of 10 MB) is refused, naming the path", async () => {
      await refused(
        () => raw({ method: "GET", path: `/qr/${"x".repeat(TEN_MB)}`, headers: [] }),
        "path",
        431,
      );
    });

    it.each([100_000, TEN_MB])("(a header of %i bytes) is refused, naming the headers", async (bytes) => {
      const headers = [`x-large: ${"x".repeat(bytes)}`];
      await refused(() => raw({ method: "GET", path: "/qr", headers }), "headers", 431);
      await refused(() => raw({ method: "GET", path: "/qr?q=menu", headers }), "headers", 431);
    });

    it("(bytes that are no HTTP) is refused", async () => {
      await refused(() => raw({ method: "\u0000\u0001", path: "/qr", headers: [] }), "request");
      await refused(() => raw({ method: "GET", path: "/qr", headers: ["bad header"] }), "request");
      await refused(() => raw({ method: "GET", path: "/a b", headers: [] }), "request");
    });

    it("(a body in malformed chunks) is refused", async () => {
      const headers = ["content-type: application/json", "transfer-encoding: chunked"];
      const request = { method: "POST", path: "/generate", headers, body: "ZZ\r\n{}\r\n" };
      await refused(() => raw(request), "request");
    });

    it("(a body that its sender gives up) is nothing to report, and nothing is written", async () => {
      const before = await stored();
      const head = rawHead({ method: "POST", path: "/generate", headers: ["content-length: 100"] });
      const socket = connect(() => {});
      await once(socket, "connect");
      socket.write(`${head}{"targetUrl":`);
      // What the gateway answers later it has read later.
      await (await fetch(stack.baseUrl)).text();
      socket.resetAndDestroy();
      await once(socket, "close");
      await (await fetch(stack.baseUrl)).text();
      expect(await stored()).toEqual(before);
      expect(stack.log.lines.filter(({ level }) => level === "error")).toEqual([]);
    });
  });

  interface RawRequest {
    method: string;
    path: string;
    /** Whole lines. `Host` and, with a body but no length of its own, `Content-Length` are added. */
    headers: string[];
    body?: string;
  }

  /** Longer than any answer takes: a connection that hangs fails the test. In ms. */
  const RAW_TIMEOUT = 5_000;

  /** Sends what `fetch` would refuse or mend, and waits until the server has closed the connection. */
  async function raw(request: RawRequest): Promise<Response> {
    const reply = await exchange(rawHead(request) + (request.body ?? ""));
    const [head = "", text = ""] = reply.split("\r\n\r\n", 2);
    const [statusLine = "", ...fields] = head.split("\r\n");
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
    const headers = fields.map((field) => field.split(": ", 2) as [string, string]);
    return new Response(text, { status, headers });
  }

  function rawHead({ method, path, headers, body = "" }: RawRequest): string {
    const framed = headers.some((line) => /^(content-length|transfer-encoding):/.test(line));
    const lines = [
      `${method} ${path} HTTP/1.1`,
      "host: localhost",
      "connection: close",
      `authorization: ${authorization}`,
      ...headers,
      ...(body && !framed ? [`content-length: ${Buffer.byteLength(body)}`] : []),
    ];
    return `${lines.join("\r\n")}\r\n\r\n`;
  }

  function connect(onConnect: () => void): Socket {
    const { hostname, port } = new URL(stack.baseUrl);
    const socket = createConnection({ host: hostname, port: Number(port) }, onConnect);
    // A server that refuses early may reset the connection: what counts is the reply that arrived before.
    return socket.on("error", () => {});
  }

  function exchange(request: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let reply = "";
      const socket = connect(() => socket.write(request));
      const timer = setTimeout(() => {
        reject(new Error(`the connection hangs; received so far: ${reply.slice(0, 500)}`));
        socket.destroy();
      }, RAW_TIMEOUT);
      socket.setEncoding("utf8");
      socket.on("data", (chunk) => {
        reply += chunk;
      });
      socket.on("close", () => {
        clearTimeout(timer);
        resolve(reply);
      });
    });
  }
}
