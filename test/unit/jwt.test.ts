import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { jwtVerifier } from "../../core/auth/jwt.ts";
import { keySetOf, type VerificationKey } from "../../core/auth/key-set.ts";

const NOW = Date.parse("2030-01-01T00:00:00.000Z");
const SECONDS = NOW / 1_000;

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwkOf = (key: KeyObject, kid: string, members: object = {}) => ({
  ...key.export({ format: "jwk" }),
  kid,
  ...members,
});

const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");

function token(claims: object = {}, header: object = {}, key: KeyObject = rsa.privateKey): string {
  const good = { iss: "https://issuer", aud: "client", exp: SECONDS + 60, ...claims };
  const text = `${encoded({ alg: "RS256", kid: "rsa", ...header })}.${encoded(good)}`;
  const signature = sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });
  return `${text}.${signature.toString("base64url")}`;
}

/** A verifier over keys that can be replaced, and how often it has asked for one. */
function verifier(audience = ["client"]) {
  let keys = keySetOf({ keys: [jwkOf(rsa.publicKey, "rsa"), jwkOf(ec.publicKey, "ec")] });
  const keyOf = async (kid: string): Promise<VerificationKey | undefined> => keys.get(kid);
  return {
    verify: jwtVerifier({ issuer: "https://issuer", audience, keyOf }),
    replace: (jwks: object[]) => {
      keys = keySetOf({ keys: jwks });
    },
  };
}

describe("a token", () => {
  it("is verified by the one algorithm of its key", async () => {
    const { verify } = verifier();
    const payload = { payload: expect.objectContaining({ aud: "client" }) };
    expect(await verify(token(), NOW)).toEqual(payload);
    expect(await verify(token({}, { alg: "ES256", kid: "ec" }, ec.privateKey), NOW)).toEqual(payload);
    const confused = [
      token({}, { alg: "ES256" }),
      token({}, { alg: "RS256", kid: "ec" }, ec.privateKey),
      token({}, { alg: "PS256" }),
      token({}, { kid: "ec" }),
      token({}, { kid: "nobody's" }),
    ];
    for (const one of confused) expect(await verify(one, NOW)).toEqual({ refused: "untrusted" });
  });

  it.each([
    ["no kid", { kid: undefined }],
    ["an empty kid", { kid: "" }],
    ["an extension", { crit: ["exp"] }],
    ["no extensions, but the member", { crit: [] }],
  ])("with %s is malformed", async (_what, header) => {
    expect(await verifier().verify(token({}, header), NOW)).toEqual({ refused: "malformed" });
  });

  it("is for any of several audiences", async () => {
    const { verify } = verifier(["client", "console"]);
    for (const aud of ["client", "console", ["other", "console"]])
      expect(await verify(token({ aud }), NOW)).toHaveProperty("payload");
    for (const aud of ["client,console", [], ["other"], null])
      expect(await verify(token({ aud }), NOW)).toEqual({ refused: "for another audience" });
    expect(await verify(token({ aud: undefined, client_id: "console" }), NOW)).toHaveProperty("payload");
  });
});

describe("a token that is remembered", () => {
  it("still expires on time", async () => {
    const { verify } = verifier();
    const text = token();
    expect(await verify(text, NOW)).toHaveProperty("payload");
    expect(await verify(text, NOW + 59_999)).toHaveProperty("payload");
    expect(await verify(text, NOW + 60_000)).toEqual({ refused: "expired" });
    expect(await verify(text, NOW)).toHaveProperty("payload");
  });

  it("is not valid again before its time, where a clock was put back", async () => {
    const { verify } = verifier();
    const text = token({ nbf: SECONDS, iat: SECONDS });
    expect(await verify(text, NOW)).toHaveProperty("payload");
    expect(await verify(text, NOW - 1_000)).toEqual({ refused: "not yet valid" });
  });

  it("is refused once its issuer has withdrawn the key, or has another one of that ID", async () => {
    const { verify, replace } = verifier();
    const text = token();
    expect(await verify(text, NOW)).toHaveProperty("payload");
    replace([]);
    expect(await verify(text, NOW)).toEqual({ refused: "untrusted" });
    replace([jwkOf(generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey, "rsa")]);
    expect(await verify(text, NOW)).toEqual({ refused: "untrusted" });
    replace([jwkOf(rsa.publicKey, "rsa")]);
    expect(await verify(text, NOW)).toHaveProperty("payload");
  });

  it("is told from one that differs in a single letter of any part", async () => {
    const { verify } = verifier();
    const text = token();
    expect(await verify(text, NOW)).toHaveProperty("payload");
    for (const at of [2, text.indexOf(".") + 4, text.lastIndexOf(".") + 4]) {
      const changed = `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
      expect(await verify(changed, NOW)).toHaveProperty("refused");
    }
  });

  it("makes room for others: the memory is bounded", async () => {
    const { verify } = verifier();
    const heldBefore = token({ jti: "first" });
    expect(await verify(heldBefore, NOW)).toHaveProperty("payload");
    for (let n = 0; n < 1_100; n++)
      expect(await verify(token({ jti: n }, { alg: "ES256", kid: "ec" }, ec.privateKey), NOW)).toHaveProperty(
        "payload",
      );
    expect(await verify(heldBefore, NOW)).toHaveProperty("payload");
  });
});

describe("a key set", () => {
  it.each([
    ["of no kid", { ...jwkOf(rsa.publicKey, "") }],
    ["for encryption", jwkOf(rsa.publicKey, "k", { use: "enc" })],
    ["of another algorithm", jwkOf(rsa.publicKey, "k", { alg: "RS512" })],
    ["of another curve", jwkOf(generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey, "k")],
    ["that is symmetric", { kty: "oct", k: "c2VjcmV0", kid: "k" }],
    ["of 1,024 bits", jwkOf(generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey, "k")],
    ["that is broken", { kty: "RSA", n: "!", kid: "k" }],
    ["that is null", null],
  ])("leaves out a key %s", (_what, jwk) => {
    expect([...keySetOf({ keys: [jwk, jwkOf(rsa.publicKey, "good")] }).keys()]).toEqual(["good"]);
  });

  it.each([null, [], {}, { keys: {} }, "keys"])("is not %j", (jwks) => {
    expect(() => keySetOf(jwks)).toThrow("no JSON Web Key Set");
  });
});
