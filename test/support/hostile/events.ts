import fc from "fast-check";
import { SCOPES } from "../../../core/auth/scopes.ts";
import type { AuthorizedEvent } from "../../../functions/http/tenancy.ts";
import { type Route, type RouteName, routes } from "../../../functions/manifest.ts";
import { signedToken } from "../trusted-key.ts";
import { hostileBody } from "./bodies.ts";
import { codeId, hostileText, QUERY_NAMES, queryPair } from "./texts.ts";
import { ATTACKER, KNOWN_CODE, SHARED_BODY, SHARED_KEY, VICTIM } from "./victim.ts";

const ROUTES = routes as readonly (Route & { name: RouteName })[];

export interface Invocation {
  name: RouteName;
  event: AuthorizedEvent;
}

/** What a token may hold as its tenants, of every shape. None of it is the victim's tenant as a whole value. */
const CLAIMS: unknown[] = [
  ...[
    ATTACKER,
    ATTACKER,
    ATTACKER,
    `[${ATTACKER}]`,
    `[${ATTACKER} tenant_third]`,
    `[ ${ATTACKER}  ]`,
    "[]",
    "[ ]",
  ],
  ...[
    "",
    " ",
    "[",
    "]",
    "[[]]",
    "<nil>",
    "map[a:b]",
    `map[tenant:${VICTIM}]`,
    "*",
    "[* {]",
    `${VICTIM}:`,
    `*${VICTIM}`,
    `x ${VICTIM}`,
    `${ATTACKER},${VICTIM}`,
    `[${ATTACKER} ${VICTIM}]`,
    `${VICTIM}\n`,
  ],
  ...[
    undefined,
    null,
    0,
    true,
    [],
    [ATTACKER],
    [ATTACKER, "tenant_third"],
    [[VICTIM]],
    [["x", VICTIM, "y"]],
    {},
    { tenant: VICTIM },
    { a: `1 ${VICTIM} y` },
    [ATTACKER, `x ${VICTIM}`],
    { toString: 1 },
    [{ toString: 1 }],
  ],
];

/** Which token a request carries in place of its caller's. */
const TOKENS = [
  "none",
  "the victim's",
  "both",
  "a.b.c",
  "e30.bnVsbA.x",
  "nonsense",
  "qrs_",
  `qrs_${"0".repeat(16)}_${"0".repeat(49)}`,
];

const HEADERS: Record<string, string[]> = {
  "x-tenant-id": [
    ATTACKER,
    ATTACKER,
    ATTACKER,
    VICTIM,
    "tenant_third",
    `${ATTACKER},${VICTIM}`,
    "*",
    "{",
    ":",
    "",
  ],
  "idempotency-key": [SHARED_KEY, "", "a,b", "k".repeat(256)],
  accept: ["image/png", "image/svg+xml", "*/*;q=0", ",;=", "application/json", "text/html"],
  "user-agent": ["", "curl/8", "Mozilla/5.0 (iPhone)", "\ud800"],
  referer: ["https://news.example/?s=1", "http://[::1", "x"],
  purpose: ["prefetch", "prerender", "preview"],
  "x-purpose": ["preview", "x", "prefetch;prerender"],
  "content-type": ["application/json", "application/json;charset=x", "text/plain", ""],
};

const header = fc
  .oneof({ weight: 9, arbitrary: fc.constantFrom(...Object.keys(HEADERS)) }, hostileText)
  .chain((name) =>
    fc.tuple(
      fc.constant(name),
      fc.oneof(
        {
          weight: 3,
          arbitrary: fc.constantFrom(...(Object.hasOwn(HEADERS, name) ? (HEADERS[name] ?? []) : ["x"])),
        },
        hostileText,
      ),
    ),
  );

/** An object whose members may have any name. */
function membersOf(pairs: readonly (readonly [string, unknown])[]): Record<string, never> {
  return Object.fromEntries(pairs) as Record<string, never>;
}

const presence = fc.constantFrom(...["given", "given", "given", "given", "given", "empty", "absent"]);

const parts = fc.record({
  route: fc.constantFrom(...ROUTES),
  id: codeId,
  parameters: presence,
  query: presence,
  pairs: fc
    .constantFrom(...Object.values(QUERY_NAMES))
    .chain((names) => fc.array(queryPair(names), { maxLength: 2 })),
  headers: fc.array(header, { maxLength: 4 }),
  claim: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...CLAIMS) }, hostileText),
  own: fc.integer({ min: 0, max: 3 }),
  token: fc.oneof({ weight: 9, arbitrary: fc.constant("verified") }, fc.constantFrom(...TOKENS)),
  body: fc.tuple(presence, hostileBody),
  base64: fc.constantFrom("no", "no", "no", "yes", "garbage"),
  source: fc.constantFrom("198.51.100.7", "2001:db8::7", ""),
  method: fc.integer({ min: 0, max: 9 }),
  repeats: fc.integer({ min: 0, max: 19 }),
});

function invocationOf({
  route,
  id,
  parameters,
  query,
  pairs,
  headers,
  claim,
  own,
  token,
  body,
  base64,
  source,
  method,
  repeats,
}: typeof parts extends fc.Arbitrary<infer Parts> ? Parts : never): Invocation {
  // Another tenant's request, with the same idempotency key.
  const repeated = repeats === 1 && route.name === "generate";
  const sent = repeated ? JSON.stringify(SHARED_BODY) : body[1];
  const key: [string, string][] = repeated ? [["idempotency-key", SHARED_KEY]] : [];
  const verb = method === 0 ? "HEAD" : (route.methods[method % route.methods.length] ?? "GET");
  const path = route.path.replace("{qrId}", id);
  const claims = { tenant_id: own > 0 ? ATTACKER : claim, sub: "attacker", scope: SCOPES.join(" ") };
  const context = {
    accountId: "000000000000",
    requestId: "hostile-request1",
    http: { method: verb, path, protocol: "HTTP/1.1", sourceIp: source, userAgent: "x" },
  };
  const [bodyPresence] = body;
  return {
    name: route.name,
    event: {
      version: "2.0",
      routeKey: `${verb} ${route.path}`,
      rawPath: path,
      rawQueryString: "",
      headers: membersOf([
        ["content-type", "application/json"],
        ...authorizationOf(token, claims),
        ...headers,
        ...key,
      ]),
      ...(query === "absent" ? {} : { queryStringParameters: query === "empty" ? {} : membersOf(pairs) }),
      ...(parameters === "absent" ? {} : { pathParameters: parameters === "empty" ? {} : { qrId: id } }),
      requestContext: context,
      isBase64Encoded: base64 !== "no",
      ...(bodyPresence === "absent" ? {} : { body: bodyOf(bodyPresence === "empty" ? "" : sent, base64) }),
    } as unknown as AuthorizedEvent,
  };
}

/** The victim's request by the attacker, with the same idempotency key: few of the others create a code. */
const REPEATED = invocationOf({
  route: ROUTES.find(({ name }) => name === "generate") as (typeof ROUTES)[number],
  id: KNOWN_CODE,
  parameters: "absent",
  query: "absent",
  pairs: [],
  headers: [],
  claim: ATTACKER,
  own: 1,
  token: "verified",
  body: ["given", ""],
  base64: "no",
  source: "198.51.100.7",
  method: 1,
  repeats: 1,
});

/** An event that API Gateway could send for a route, or something that resembles one. */
export const invocation: fc.Arbitrary<Invocation> = fc.oneof(
  { weight: 40, arbitrary: parts.map(invocationOf) },
  { weight: 1, arbitrary: fc.constant(REPEATED) },
);

/** The caller's token, or what somebody put in its place. The victim's has the signature of another. */
function authorizationOf(token: string, claims: Record<string, unknown>): [string, string][] {
  const good = signedToken(claims);
  const forged = Buffer.from(JSON.stringify({ ...claims, tenant_id: VICTIM })).toString("base64url");
  const verified = `Bearer ${good}`;
  const victims = `Bearer ${good.replace(/\..*\./, `.${forged}.`)}`;
  if (token === "none") return [];
  if (token === "the victim's") return [["authorization", victims]];
  if (token === "both") return [["authorization", `${verified},${victims}`]];
  return [["authorization", token === "verified" ? verified : `Bearer ${token}`]];
}

function bodyOf(latin1: string, base64: string): string {
  const bytes = Buffer.from(latin1, "latin1");
  if (base64 === "yes") return bytes.toString("base64");
  return base64 === "garbage" ? `!${latin1}=?` : bytes.toString("utf8");
}
