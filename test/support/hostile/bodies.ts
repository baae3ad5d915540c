import fc from "fast-check";
import { routes } from "../../../functions/manifest.ts";
import { sampleBody } from "../sample-event.ts";
import { hostileText } from "./texts.ts";
import { ATTACKER_CODES, KNOWN_CODE, SHARED_BODY } from "./victim.ts";

/*
 * Bodies are made as text: an object that was serialised has no key twice, no `__proto__` and no 1e999.
 */

const FIELDS = [
  ...["targetUrl", "qrId", "name", "tags", "startsAt", "expiresAt", "maxScans", "fallbackUrl", "status"],
  ...["tenantId", "scans", "__proto__", "constructor", "prototype", "toString", "deletedAt", "a\u0000b"],
];

const LITERALS = [
  ...["null", "true", "false", "0", "-0", "1", "1.5", "1e999", "-1e999", "1e-999", "2147483648"],
  ...["9007199254740993", "123456789012345678901234567890", "[]", "{}", '"\\ud800"', '"\\u0000"', '""'],
];

const text = (value: string) => JSON.stringify(value);

const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom(...LITERALS),
    hostileText.map(text),
    fc.array(tie("json"), { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...FIELDS), hostileText), tie("json")), { maxLength: 4 })
      .map((members) => `{${members.map(([key, value]) => `${text(key)}:${value}`).join(",")}}`),
  ),
}));

const GOOD: Record<string, string[]> = {
  targetUrl: ['"https://example.com/a"', '"http://example.org:8080/b?c=d#e"'],
  qrId: [text(KNOWN_CODE), text(ATTACKER_CODES[0] ?? ""), "null"],
  name: ['"Menu"', "null"],
  tags: ['["shop"]', "[]"],
  startsAt: ['"2020-01-01T00:00:00Z"', "null"],
  expiresAt: ['"2099-01-01T00:00:00+05:30"', "null"],
  maxScans: ["1", "1000", "null"],
  fallbackUrl: ['"https://example.com/f"', "null"],
  status: ['"paused"', '"active"'],
};

const goodMember = fc
  .constantFrom(...Object.keys(GOOD))
  .chain((field) => fc.constantFrom(...(GOOD[field] ?? [])).map((value) => `${text(field)}:${value}`));

const badMember = fc
  .tuple(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...FIELDS) }, hostileText), json)
  .map(([field, value]) => `${text(field)}:${value}`);

/** What an endpoint might take, but for a member or two. */
const nearlyGood = fc
  .tuple(
    fc.integer({ min: 0, max: 4 }),
    fc.array(goodMember, { maxLength: 3 }),
    fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(badMember, { maxLength: 1 })),
  )
  .map(([target, good, bad]) => {
    const members = [...(target > 0 ? [`"targetUrl":${GOOD.targetUrl?.[0]}`] : []), ...good, ...bad];
    return `{${members.join(",")}}`;
  });

/** What each route that takes a body is sent in its sample event. */
const sampled = fc.constantFrom(
  ...routes.flatMap((route) => {
    const body = sampleBody(route);
    return body ? [body.text] : [];
  }),
);

const damaged = fc
  .tuple(fc.oneof(nearlyGood, json, sampled), fc.nat(200), fc.oneof(hostileText, fc.constant("")), fc.nat(3))
  .map(([body, at, inserted, removed]) => body.slice(0, at) + inserted + body.slice(at + removed));

const deep = fc
  .tuple(fc.constantFrom(50, 5_000, 16_000, 40_000), fc.constantFrom(["[", "]"], ['{"a":', "}"], ["[", ""]))
  .map(([depth, [open = "", close = ""]]) => open.repeat(depth) + close.repeat(depth));

const huge = fc.constantFrom(32_768, 32_769, 100_000).map((bytes) => `{"name":${text("x".repeat(bytes))}}`);

/** A body, as bytes in latin1 so that it may be anything. */
export const hostileBody: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: nearlyGood.map(bytesOf) },
  { weight: 2, arbitrary: fc.constant(JSON.stringify(SHARED_BODY)) },
  { weight: 1, arbitrary: sampled.map(bytesOf) },
  { weight: 4, arbitrary: json.map(bytesOf) },
  { weight: 3, arbitrary: damaged.map(bytesOf) },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: huge },
  {
    weight: 2,
    arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  },
);

function bytesOf(utf16: string): string {
  return Buffer.from(utf16, "utf8").toString("latin1");
}
