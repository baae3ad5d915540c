import { describe, expect, it } from "vitest";
import { bearerToken, payloadOf } from "../../functions/http/bearer-token.ts";

const tokenOf = (payload: string) => `e30.${Buffer.from(payload).toString("base64url")}.signature`;

describe("the token of an Authorization header", () => {
  it.each(["a.b.c", "Bearer a.b.c", "bearer   a.b.c"])("is taken from %j", (authorization) => {
    expect(bearerToken(authorization)).toBe("a.b.c");
  });

  it.each([
    ...["Bearera.b.c d", "xBearer a.b.c", "x Bearer a.b.c", "Bearer Bearer a.b.c", "Basic a.b.c"],
    ...["a.b.c,a.b.c", "Bearer a.b.c,Bearer d.e.f", "a.b.c d.e.f", "a.b", "a.b.", ".b.c", "a..c", "a.b.c.d"],
    ...["", " ", "Bearer", "a.b.c=", "a.b.\u00fc"],
  ])("is none where the header is %j", (authorization) => {
    expect(bearerToken(authorization)).toBeUndefined();
  });

  it("is none without a header", () => {
    expect(bearerToken(undefined)).toBeUndefined();
  });
});

describe("a token's payload", () => {
  it("is an object, in UTF-8", () => {
    expect(payloadOf(tokenOf('{"name":"Zoë","tenants":["a"]}'))).toEqual({ name: "Zoë", tenants: ["a"] });
    expect(payloadOf(tokenOf(" {} "))).toEqual({});
  });

  it.each(["null", "[]", "1", '"text"', "true", "", "{", "{}{}"])("is none where it is %j", (payload) => {
    expect(payloadOf(tokenOf(payload))).toBeUndefined();
  });

  it("is none where there is no token", () => {
    expect(payloadOf("nonsense")).toBeUndefined();
    expect(payloadOf("")).toBeUndefined();
  });
});
