import { describe, expect, it } from "vitest";
import { renderedClaims } from "../../functions/http/gateway-claims.ts";
import { type AuthorizedEvent, tenantOf } from "../../functions/http/tenancy.ts";
import { gatewayRequest, unsignedToken } from "../support/gateway-request.ts";

/** A request with a verified token that holds this claim. */
function event(claim: unknown, header?: string): AuthorizedEvent {
  return eventOf({ sub: "somebody", iat: 1_700_000_000, tenant_id: claim }, { "x-tenant-id": header });
}

/** A request whose headers or passed-on claims are not as the token has them. */
const eventOf = (
  claims: Record<string, unknown>,
  headers: Record<string, string | undefined> = {},
  passedOn?: unknown,
) => gatewayRequest({ claims, headers, passedOn });

const tenantIn = (from: AuthorizedEvent) => tenantOf(from, "tenant_id");
const tenant = (claim: unknown, header?: string) => tenantIn(event(claim, header));
const refusal = (kind: string) => expect.objectContaining({ kind });

describe("the tenant of a request", () => {
  it("is the claim's only one", () => {
    expect(tenant("acme")).toBe("acme");
    expect(tenant(["acme"])).toBe("acme");
    expect(tenant(["acme", "acme"])).toBe("acme");
    expect(tenant("acme", "acme")).toBe("acme");
  });

  it.each([[["acme", "globex"]], [["acme", "globex", "acme"]]])(
    "is chosen by X-Tenant-ID among %j",
    (claim) => {
      expect(tenant(claim, "globex")).toBe("globex");
      expect(() => tenant(claim)).toThrow(refusal("invalid"));
      expect(() => tenant(claim, "initech")).toThrow(refusal("forbidden"));
    },
  );

  it("is never one that the claim does not name, even if it is the only one asked for", () => {
    expect(() => tenant("acme", "globex")).toThrow(refusal("forbidden"));
    expect(() => tenant("acme", "")).toThrow(refusal("forbidden"));
  });

  it.each([
    ...[undefined, null, "", "a:b", "*", "x".repeat(65), "tenant*", 42, true, {}, []],
    ...["x acme", "Acme,acme", "[acme]", "[x acme]", "acme\n", " acme", "acme ", "acme]", "<nil>"],
    ...[[["acme"]], [["x", "acme", "y"]], { a: "acme" }, { a: "1 acme y" }, { tenant_id: "acme" }],
    ...[["acme", ""], ["acme", "x acme"], ["acme", "a:b"], ["acme", null], ["acme", 1], [42], ["x acme"]],
  ])("is refused where the claim is %j, whatever X-Tenant-ID says", (claim) => {
    for (const header of [undefined, "acme", "x", "a", "42", "true", String(claim)]) {
      expect(() => tenant(claim, header)).toThrow(refusal("forbidden"));
    }
  });

  it("is refused with a reason and the header to change", () => {
    const header = (message: string) => [{ path: "X-Tenant-ID", message }];
    expect(() => tenant(["acme", "globex"])).toThrow(
      expect.objectContaining({
        message: "X-Tenant-ID: is required, since the token names several tenants",
        errors: header("is required, since the token names several tenants"),
      }),
    );
    expect(() => tenant("acme", "globex")).toThrow(
      expect.objectContaining({
        message: "X-Tenant-ID names none of the caller's tenants",
        errors: header("is none of the caller's tenants"),
      }),
    );
    expect(() => tenant("")).toThrow("the token's claim tenant_id names no tenant");
    expect(() => tenantIn({ headers: {}, requestContext: {} } as AuthorizedEvent)).toThrow(
      "exactly one bearer token is required",
    );
  });

  it.each([
    ["", undefined],
    ["an empty authorizer", {}],
    ["an authorizer without claims", { jwt: {} }],
  ])("needs claims that an authorizer passed on (%s)", (_what, authorizer) => {
    const { headers } = event("acme");
    const unverified = { headers, requestContext: { authorizer } } as unknown as AuthorizedEvent;
    expect(() => tenantIn(unverified)).toThrow(refusal("unauthenticated"));
  });

  it("is read from a claim that has the name of what every object inherits, too", () => {
    expect(() => tenantOf(event("acme"), "constructor")).toThrow(refusal("forbidden"));
    const claims = JSON.parse('{"__proto__":"acme"}');
    expect(tenantOf(eventOf(claims), "__proto__")).toBe("acme");
    expect(() => tenantOf(eventOf(claims), "tenant_id")).toThrow(refusal("forbidden"));
  });
});

describe("the token of a request", () => {
  const token = unsignedToken({ tenant_id: "acme" });
  const other = unsignedToken({ tenant_id: "globex" });
  const by = (authorization: string | undefined) =>
    tenantIn(eventOf({ tenant_id: "acme" }, { authorization }));

  it.each([`Bearer ${token}`, `bearer ${token}`, `Bearer  ${token}`, token])(
    "is taken from the header, with its scheme or without (%#)",
    (authorization) => {
      expect(by(authorization)).toBe("acme");
    },
  );

  it.each([
    ["none", undefined],
    ["an empty one", ""],
    ["a scheme alone", "Bearer "],
    ["two headers of the same", `Bearer ${token},Bearer ${token}`],
    ["two headers", `Bearer ${token},Bearer ${other}`],
    ["two headers, joined with a space", `Bearer ${token}, Bearer ${other}`],
    ["two in one header", `Bearer ${token} ${other}`],
    ["two in one header, by a comma", `Bearer ${token},${other}`],
    ["two of which the second is verified", `Bearer ${other},Bearer ${token}`],
    ["another scheme beside it", `Basic YTpi,Bearer ${token}`],
    ["something behind it", `Bearer ${token} x`],
    ["a space behind it", `Bearer ${token} `],
    ["a line break behind it", `Bearer ${token}\n`],
    ["four parts", `Bearer ${token}.x`],
    ["two parts", `Bearer ${token.split(".").slice(0, 2).join(".")}`],
    ["no signature", `Bearer ${token.replace(/[^.]*$/, "")}`],
    ["a payload that is no JSON", "Bearer e30.e3.x"],
    ["a payload that is null", `Bearer e30.${Buffer.from("null").toString("base64url")}.x`],
    ["a payload that is a list", `Bearer e30.${Buffer.from("[]").toString("base64url")}.x`],
  ])("must be exactly one: %s is refused with 401", (_what, authorization) => {
    expect(() => by(authorization)).toThrow(refusal("unauthenticated"));
    expect(() => by(authorization)).toThrow("exactly one bearer token is required");
  });

  it.each([
    ["of another tenant", { tenant_id: "globex" }, "tenant_id"],
    ["of another person", { sub: "b" }, "sub"],
    ["of a person, where nobody was verified", { sub: undefined }, "sub"],
    ["without a claim that was verified", { x: "" }, "x"],
    ["of another time", { iat: "1700000001" }, "iat"],
    ["for more than was verified", { aud: "[a]" }, "aud"],
  ])("must be the one that was verified: one %s is refused with 401", (_what, differing, name) => {
    const claims = { tenant_id: "acme", sub: "a", iat: 1_700_000_000, aud: ["a", "b"] };
    const passedOn = { ...renderedClaims(claims), ...differing };
    const forged = eventOf(claims, {}, passedOn);
    expect(() => tenantIn(forged)).toThrow(refusal("unauthenticated"));
    expect(() => tenantIn(forged)).toThrow(`claim "${name}" is not the one that was verified`);
  });

  it("tells an array from a string that API Gateway writes alike", () => {
    const passedOn = { tenant_id: "[x acme]" };
    expect(tenantIn(eventOf({ tenant_id: ["x", "acme"] }, { "x-tenant-id": "acme" }, passedOn))).toBe("acme");
    const string = eventOf({ tenant_id: "[x acme]" }, { "x-tenant-id": "acme" }, passedOn);
    expect(() => tenantIn(string)).toThrow(refusal("forbidden"));
  });
});
