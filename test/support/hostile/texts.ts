import fc from "fast-check";
import { openApiDocument } from "../../../bin/openapi/document.ts";
import { routes } from "../../../functions/manifest.ts";
import { ATTACKER_CODES, KNOWN_CODE, NEWEST_CODE } from "./victim.ts";

/** What breaks out of the syntaxes that a value of a request may land in, and what no storage takes. */
const TEXTS = [
  "",
  " ",
  "\0",
  "a\0b",
  "\r\nset-cookie: hostile=1",
  "\nx-injected: 1",
  "\t",
  "\u0085",
  "\u2028",
  "\u202e",
  "\ufeff",
  "\ud800",
  "\udc00x",
  "\ude00\ud83d",
  "😀",
  "ｑｒ",
  "%",
  "%00",
  "%0d%0ax-injected:1",
  "%c0%ae%c0%ae",
  "%ed%a0%80",
  "..",
  "../../qr",
  "*",
  "?",
  "[a-z]*",
  "{",
  "{}",
  '{"a",NULL}',
  ":",
  "a:b",
  "'",
  "'; DROP TABLE qr_codes; --",
  '"',
  "\\",
  "$1",
  "%_",
  "(((",
  "<script>alert(1)</script>",
  "javascript:alert(1)",
  "data:text/html,x",
  "//evil.example",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "null",
  "undefined",
  "NaN",
  "-1",
  "0",
  "1e309",
  "0x10",
  "2147483648",
  "99999999999999999999",
  "infinity",
  "x".repeat(65),
  "x".repeat(2_049),
];

/** A text of any kind: mostly one that is known to be troublesome, else whatever fits a string. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
);

/** An ID that a request may name: one's own, the victim's public one, an unknown one or none at all. */
export const codeId: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(NEWEST_CODE) },
  { weight: 1, arbitrary: fc.constantFrom(...ATTACKER_CODES) },
  { weight: 2, arbitrary: fc.constant(KNOWN_CODE) },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z0-9_-]{3,64}$/) },
  { weight: 2, arbitrary: hostileText },
);

interface Described {
  paths: Record<string, Record<string, { parameters: { in: string; name: string }[] }>>;
}
const { paths } = openApiDocument() as unknown as Described;

/** The names that the API's description gives a route's query. */
function namesOf({ path, methods: [method] }: (typeof routes)[number]): string[] {
  const parameters = (method && paths[path]?.[method.toLowerCase()]?.parameters) ?? [];
  return parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
}

/** Of no endpoint. */
const UNKNOWN_NAMES = ["url", "targetUrl", "tenantId", "tenant_id", "__proto__", "constructor", "toString"];

/** The parameters of each route that takes a query, by its name, and some that none has, by `none`. */
export const QUERY_NAMES: Record<string, string[]> = {
  ...Object.fromEntries(
    routes.map((route) => [route.name, namesOf(route)] as const).filter(([, names]) => names.length > 0),
  ),
  none: UNKNOWN_NAMES,
};

const QUERY_VALUES = [
  ...["svg", "png", "json", "64", "256", "2048", "0", "16", "L", "H", "000000", "ffffff", "#036", "active"],
  ...["1", "100", "30", "365", "menu", "shop", "a\0b", "a\0b", "ab\ud800"],
];

/** A parameter and its value, mostly one that is among `names`. */
export function queryPair(names: string[]): fc.Arbitrary<[name: string, value: string]> {
  return fc.tuple(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...names) },
      { weight: 1, arbitrary: fc.constantFrom(...Object.values(QUERY_NAMES).flat()) },
      { weight: 1, arbitrary: hostileText },
    ),
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...QUERY_VALUES) },
      { weight: 2, arbitrary: hostileText },
    ),
  );
}
