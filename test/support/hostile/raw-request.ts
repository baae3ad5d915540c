import fc from "fast-check";
import { type Route, routes } from "../../../functions/manifest.ts";
import { hostileBody } from "./bodies.ts";
import { codeId, hostileText, QUERY_NAMES, queryPair } from "./texts.ts";
import { ATTACKER, KNOWN_CODE, SHARED_BODY, SHARED_KEY, VICTIM } from "./victim.ts";

/** How a body's length is told: truly, or in one of the ways that make two readers disagree. */
const FRAMINGS = ["exact", "chunked", "short", "long", "cut chunks", "both", "twice", "garbage"] as const;
type Framing = (typeof FRAMINGS)[number];

export interface RawRequest {
  method: string;
  target: string;
  /** Whole lines, in latin1. */
  headers: string[];
  /** The name of a token; `undefined` sends none. */
  token: string | undefined;
  /** In latin1; `undefined` sends none. */
  body: string | undefined;
  framing: Framing;
  /** How the host is told; `undefined` leaves it out. */
  host: string | undefined;
}

type Encoding = (text: string) => string;
const utf8 = (text: string) => Buffer.from(text.toWellFormed(), "utf8");
const ENCODINGS: Encoding[] = [
  (text) => encodeURIComponent(text.toWellFormed()),
  (text) => [...utf8(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  // Each byte in two, as a decoder that is too lenient would read it.
  (text) =>
    [...utf8(text)]
      .map((byte) => `%${(0xc0 | (byte >> 6)).toString(16)}%${(0x80 | (byte & 63)).toString(16)}`)
      .join(""),
  (text) => utf8(text).toString("latin1"),
];

/** Mostly percent-encoded, as a client would. */
const encoding = fc.oneof(
  { weight: 6, arbitrary: fc.constant(ENCODINGS[0] as Encoding) },
  { weight: 2, arbitrary: fc.constantFrom(...ENCODINGS) },
);
const segment = fc.tuple(codeId, encoding).map(([id, encode]) => encode(id));

const NO_QUERY = { weight: 6, arbitrary: fc.constant("") };
const ODD_QUERY = {
  weight: 1,
  arbitrary: fc.constantFrom("?", "??", "?&&&", "?=", "?%", "?a", `?q=${"x".repeat(9_000)}`, "?#"),
};

function queryOf(names: string[]): fc.Arbitrary<string> {
  const pairs = fc
    .tuple(fc.array(queryPair(names), { minLength: 1, maxLength: 2 }), encoding)
    .map(
      ([pairs, encode]) => `?${pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&")}`,
    );
  return fc.oneof(NO_QUERY, { weight: 5, arbitrary: pairs }, ODD_QUERY);
}

/** A query for each route that takes one, of which the one that fits is taken. */
const queries = fc.record(
  Object.fromEntries(Object.entries(QUERY_NAMES).map(([name, names]) => [name, queryOf(names)])),
);

/** The route with a query that a path leads to, or `none`. */
function kindOf(path: string): string {
  const segments = path.split("/");
  const leadsTo = (pattern: string[]) =>
    pattern.length === segments.length &&
    pattern.every((part, index) => part.startsWith("{") || part === segments[index]);
  const found = routes.find((route) => QUERY_NAMES[route.name] && leadsTo(route.path.split("/")));
  return found?.name ?? "none";
}

/** A method and a path that belong together; those of a route with a body twice as often. */
const route: fc.Arbitrary<[method: string, path: string]> = fc.oneof(
  ...(routes as readonly Route[])
    .filter(({ methods }) => methods.length > 0)
    .map(({ path, methods, body }) => ({
      weight: methods.length * (body ? 2 : 1),
      arbitrary: fc.tuple(
        fc.constantFrom<string>(...methods),
        path.includes("{") ? segment.map((id) => path.replace(/\{\w+\}/g, () => id)) : fc.constant(path),
      ),
    })),
);

const METHODS = [
  ...["GET", "HEAD", "POST", "PATCH", "DELETE", "PUT", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"],
  ...["get", "FOO", "GET\t", "G\0T"],
];

const ODD_TARGETS = [
  ...[
    "/",
    "*",
    "//qr",
    "/qr/",
    "/qr//stats",
    "/qr/../qr",
    "/./qr",
    "/QR",
    "/qr;x",
    "/%71%72",
    "/openapi.json",
  ],
  ...[
    "http://localhost/qr",
    "http://evil.example/scan/victim-known",
    "localhost:80",
    "/qr/a/stats/b",
    "",
    "qr",
  ],
  ...[
    "/scan/victim-known/../../qr",
    "/qr/victim-known%2fstats",
    "/qr/%2e%2e/qr/victim-known",
    "/qr#x",
    "/qr\\x",
  ],
];

const odd: fc.Arbitrary<[method: string, path: string]> = fc.tuple(
  fc.constantFrom(...METHODS),
  fc.oneof(
    fc.constantFrom(...ODD_TARGETS),
    route.map(([, path]) => path),
    hostileText.map((text) => `/${text}`),
  ),
);

const NAMES = [
  ...["x-tenant-id", "x-tenant-id", "idempotency-key", "accept", "user-agent", "referer", "content-type"],
  ...[
    "x-forwarded-for",
    "cookie",
    "range",
    "if-none-match",
    "purpose",
    "x-purpose",
    "x-http-method-override",
    "host",
  ],
  ...[
    "connection",
    "expect",
    "upgrade",
    "te",
    "origin",
    "__proto__",
    "constructor",
    "authorization",
    "x-request-id",
  ],
];

const VALUES = [
  ...[ATTACKER, VICTIM, "tenant_third", `${ATTACKER},${VICTIM}`, `${ATTACKER} ${VICTIM}`, `[${VICTIM}]`],
  ...["*", "{", ":", "tenant_*", `${ATTACKER}:*`, SHARED_KEY, "k".repeat(256), "image/png", "image/svg+xml"],
  ...["*/*;q=0", "image/png;q=x, */*", ",,,;;;===", "text/html", "application/json", "bytes=0-", "DELETE"],
  ...["prefetch", "keep-alive", "upgrade", "close, x-tenant-id", "100-continue", "200-ok", "websocket"],
  ...["trailers", "https://news.example/?s=1", "http://[::1", "evil.example", "x".repeat(9_000), "curl/8"],
];

const headerLine = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...VALUES)).map((pair) => pair.join(": ")),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...NAMES), hostileText)
      .map(([name, text]) => `${name}: ${utf8(text).toString("latin1")}`),
  },
  { weight: 1, arbitrary: hostileText.map((text) => utf8(text).toString("latin1")) },
);

const CONTENT_TYPES = [
  ...["application/json", "application/json", "application/json", "application/json; charset=utf-16"],
  ...["application/merge-patch+json", "text/plain", "application/octet-stream", "multipart/form-data", ""],
];

/**
 * A request as bytes may make it.
 *
 * @param tokens names of the tokens to choose from; the first is the one that most endpoints take
 */
export function rawRequest(tokens: string[]): fc.Arbitrary<RawRequest> {
  return fc.oneof(
    { weight: 40, arbitrary: anyRequest(tokens) },
    { weight: 1, arbitrary: fc.constant({ ...REPEATED, token: tokens[0] }) },
    { weight: 1, arbitrary: fc.constant(SCAN) },
  );
}

/** The victim's request, with the same idempotency key. */
const REPEATED: Omit<RawRequest, "token"> = {
  method: "POST",
  target: "/generate",
  headers: ["content-type: application/json", `idempotency-key: ${SHARED_KEY}`],
  body: JSON.stringify(SHARED_BODY),
  framing: "exact",
  host: "localhost",
};

/** Few of the others are redirected. */
const SCAN: RawRequest = {
  method: "GET",
  target: `/scan/${KNOWN_CODE}`,
  headers: [],
  token: undefined,
  body: undefined,
  framing: "exact",
  host: "localhost",
};

function anyRequest(tokens: string[]): fc.Arbitrary<RawRequest> {
  return fc
    .record({
      place: fc.oneof({ weight: 5, arbitrary: route }, { weight: 1, arbitrary: odd }),
      queries,
      host: fc.oneof(
        { weight: 20, arbitrary: fc.constant("localhost") },
        { weight: 1, arbitrary: fc.constantFrom(undefined, "", "evil.example:1", "[::1", "a b") },
      ),
      lines: fc.array(headerLine, { maxLength: 3 }),
      plain: fc.boolean(),
      type: fc.constantFrom(...CONTENT_TYPES),
      token: fc.oneof(
        { weight: 6, arbitrary: fc.constant(tokens[0]) },
        { weight: 3, arbitrary: fc.constantFrom(...tokens) },
        { weight: 1, arbitrary: fc.constant(undefined) },
      ),
      body: hostileBody,
      bodiless: fc.integer({ min: 0, max: 9 }),
      framing: fc.oneof(
        { weight: 8, arbitrary: fc.constant<Framing>("exact") },
        { weight: 1, arbitrary: fc.constantFrom(...FRAMINGS) },
      ),
    })
    .map(({ place: [method, path], queries, host, lines, plain, type, token, body, bodiless, framing }) => {
      const writes = method === "POST" || method === "PATCH";
      const withBody = writes ? bodiless > 0 : bodiless > 8;
      return {
        method,
        target: path + queries[kindOf(path)],
        headers: [...(withBody ? [`content-type: ${type}`] : []), ...(plain ? [] : lines)],
        token,
        body: withBody ? body : undefined,
        framing,
        host,
      };
    });
}

/** Whether the server has to wait for more than is sent: its silence is no hang then. */
export function isUnfinished({ body, framing }: RawRequest): boolean {
  return body !== undefined && (framing === "long" || framing === "cut chunks");
}

/** The bytes, in latin1. */
export function bytesOf(request: RawRequest, authorization: string | undefined): string {
  const { lines, body } = framed(request);
  const head = [
    `${request.method} ${request.target} HTTP/1.1`,
    ...(request.host === undefined ? [] : [`host: ${request.host}`]),
    "connection: close",
    ...(authorization === undefined ? [] : [`authorization: ${authorization}`]),
    ...request.headers,
    ...lines,
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

function framed({ body, framing }: RawRequest): { lines: string[]; body: string } {
  if (body === undefined) return { lines: [], body: "" };
  const chunks = `${body.length.toString(16)}\r\n${body}\r\n`;
  const whole = body === "" ? "0\r\n\r\n" : `${chunks}0\r\n\r\n`;
  const length = (value: number | string) => `content-length: ${value}`;
  const chunked = "transfer-encoding: chunked";
  switch (framing) {
    case "exact":
      return { lines: [length(body.length)], body };
    case "short":
      return { lines: [length(Math.floor(body.length / 2))], body };
    case "long":
      return { lines: [length(body.length + 7)], body };
    case "chunked":
      return { lines: [chunked], body: whole };
    case "cut chunks":
      return { lines: [chunked], body: body === "" ? "" : chunks };
    case "both":
      return { lines: [chunked, length(body.length)], body: whole };
    case "twice":
      return { lines: [length(body.length), length(0)], body };
    case "garbage":
      return { lines: [length(`${body.length}, 0x1`)], body };
  }
}
