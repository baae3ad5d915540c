import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LOCAL_TOKENS } from "../../bin/local/tokens.ts";
import { authorizerOf, type Claims, goodClaims, KEYS, sign } from "../support/hostile/tokens.ts";
import { KID } from "../support/trusted-key.ts";

const NOW = Date.parse("2030-01-01T00:00:00.000Z");
const SECONDS = NOW / 1_000;
const CASES = 400;
const { TOKEN_ISSUER: LOCAL_ISSUER, TOKEN_AUDIENCE: LOCAL_AUDIENCE } = LOCAL_TOKENS;

const authorize = authorizerOf(() => NOW);
const allowed = async (token: string) => (await authorize(`Bearer ${token}`, "qr:read")).allowed;

/** Which keys can sign by which algorithm. */
const ALGORITHMS: Record<string, string[]> = {
  RS256: ["trusted", "strange"],
  RS384: ["trusted"],
  RS512: ["trusted"],
  PS256: ["trusted"],
  HS256: ["public-pem", "public-der", "known-secret"],
  HS512: ["public-pem", "public-der"],
  none: ["trusted"],
  None: ["trusted"],
  NONE: ["trusted"],
};

const signing = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ alg: "RS256", key: "trusted" }) },
  fc
    .constantFrom(...Object.keys(ALGORITHMS))
    .chain((alg) => fc.constantFrom(...(ALGORITHMS[alg] ?? [])).map((key) => ({ alg, key }))),
);

/** Mostly the right value; else one of the wrong ones. */
const mostly = <T>(right: T, ...wrong: unknown[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant<unknown>(right) }, fc.constantFrom(...wrong));

const token = fc.record({
  signing,
  kid: mostly(
    KID,
    undefined,
    "",
    "other",
    `${KID} `,
    KID.toUpperCase(),
    "../../dev/null",
    "' OR 1=1; --",
    "__proto__",
  ),
  exp: mostly(SECONDS + 1, undefined, SECONDS, SECONDS - 1, 0, -1, String(SECONDS + 60), "never", null, [
    SECONDS + 60,
  ]),
  nbf: mostly(undefined, SECONDS, SECONDS + 1, SECONDS + 300, "soon", null),
  iat: mostly(SECONDS, undefined, SECONDS + 1, SECONDS + 300, "now", null),
  iss: mostly(LOCAL_ISSUER, undefined, "", `${LOCAL_ISSUER}/`, "https://evil.example", [LOCAL_ISSUER, "x"]),
  aud: mostly(
    LOCAL_AUDIENCE,
    undefined,
    "",
    "another",
    [],
    ["another"],
    [LOCAL_AUDIENCE, "another"],
    "qr-service-2",
  ),
  client_id: mostly(undefined, LOCAL_AUDIENCE, "another", [LOCAL_AUDIENCE, "another"]),
});

type Token = typeof token extends fc.Arbitrary<infer T> ? T : never;

/** The rules of API Gateway's JWT authorizer, one by one. */
function isGood({ signing, kid, exp, nbf, iat, iss, aud, client_id }: Token): boolean {
  const reached = (time: unknown, optional: boolean) =>
    time === undefined ? optional : typeof time === "number" && time <= SECONDS;
  return (
    signing.alg === "RS256" &&
    signing.key === "trusted" &&
    kid === KID &&
    typeof exp === "number" &&
    exp > SECONDS &&
    reached(nbf, true) &&
    reached(iat, true) &&
    iss === LOCAL_ISSUER &&
    [aud === undefined ? client_id : aud].flat().includes(LOCAL_AUDIENCE)
  );
}

async function signed(
  { signing: { alg, key }, kid, ...claims }: Token,
  header: Claims = {},
): Promise<string> {
  const given = Object.entries(goodClaims(claims, NOW)).filter(([, value]) => value !== undefined);
  const named = kid === undefined ? {} : { kid: String(kid) };
  return sign({ alg, ...named, ...header }, Object.fromEntries(given), KEYS[key] as never);
}

const GOOD: Token = {
  signing: { alg: "RS256", key: "trusted" },
  client_id: undefined,
  ...{ kid: KID, exp: SECONDS + 1, nbf: undefined, iat: SECONDS, iss: LOCAL_ISSUER, aud: LOCAL_AUDIENCE },
};

describe("the check of a token", () => {
  it("takes a token if and only if it keeps every one of the rules of API Gateway's authorizer", {
    timeout: 60_000,
  }, async () => {
    const seen = new Set<boolean>();
    const property = fc.asyncProperty(token, async (parts) => {
      const good = isGood(parts);
      seen.add(good);
      expect(await allowed(await signed(parts))).toBe(good);
    });
    await fc.assert(property, { numRuns: CASES });
    expect(seen).toEqual(new Set([true, false]));
  });

  it.each([
    ["expires in this second", { exp: SECONDS }, false],
    ["expires in the next one", { exp: SECONDS + 1 }, true],
    ["is valid from this second on", { nbf: SECONDS }, true],
    ["is valid from the next one on", { nbf: SECONDS + 1 }, false],
    ["was issued in this second", { iat: SECONDS }, true],
    ["was issued in the next one", { iat: SECONDS + 1 }, false],
  ])("knows no tolerance of clocks: a token that %s", async (_what, times, taken) => {
    expect(await allowed(await signed({ ...GOOD, ...times }))).toBe(taken);
  });

  it("reads no key from where a token points to, and no extension that it does not know", async () => {
    const elsewhere = { jku: "https://evil.example/keys", x5u: "https://evil.example/x", x5c: ["AAAA"] };
    expect(
      await allowed(await signed({ ...GOOD, signing: { alg: "RS256", key: "strange" } }, elsewhere)),
    ).toBe(false);
    const [, claims, signature] = (await signed(GOOD)).split(".");
    for (const header of [
      { alg: "RS256", kid: KID, crit: ["tenant"], tenant: "x" },
      { alg: "RS256", kid: KID, b64: false, crit: ["b64"] },
      { alg: ["RS256"], kid: KID },
      { alg: "RS256", kid: { toString: "x" } },
      { kid: KID },
      null,
      [],
    ]) {
      const encoded = Buffer.from(JSON.stringify(header)).toString("base64url");
      expect(await allowed(`${encoded}.${claims}.${signature}`)).toBe(false);
    }
  });

  it("refuses a text that is no token of three parts, whatever it is", async () => {
    const [head, claims, signature] = (await signed(GOOD)).split(".");
    const parts = fc.constantFrom(
      head,
      claims,
      signature,
      "",
      "e30",
      "bnVsbA",
      "W10",
      "\ud800",
      "=",
      "..",
      " ",
    );
    const texts = fc.oneof(
      fc.array(parts, { maxLength: 6 }).map((joined) => joined.join(".")),
      fc.string({ unit: "binary" }),
    );
    const good = `${head}.${claims}.${signature}`;
    const property = fc.asyncProperty(texts, async (text) => {
      expect(await allowed(text)).toBe(text === good);
    });
    await fc.assert(property, { numRuns: CASES });
  });

  it.each([
    ["an object", { toString: 1 }],
    ["a list of objects", [{ toString: 1 }, null, ["qr:read"]]],
    ["a number", 7],
  ])("grants nothing to a token whose scope is %s", async (_what, scope) => {
    const token = await sign({ alg: "RS256", kid: KID }, goodClaims({ scope }, NOW), KEYS.trusted as never);
    expect(await authorize(`Bearer ${token}`, "qr:read")).toMatchObject({
      allowed: false,
      kind: "forbidden",
    });
  });
});
