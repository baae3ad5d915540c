import { describe, expect, it } from "vitest";
import { type Caller, callerOf } from "../../core/auth/caller.ts";
import { tenantOf } from "../../functions/http/tenancy.ts";

const callerWith = (payload: Record<string, unknown>, tenantClaim = "tenant_id"): Caller =>
  callerOf(payload, { tenantClaim, scopePrefix: "" });

/** The tenant of a request whose token's claim has this value. */
const tenant = (claim: unknown, header?: string, payload: Record<string, unknown> = { tenant_id: claim }) =>
  tenantOf({ headers: header === undefined ? {} : { "x-tenant-id": header } }, callerWith(payload));
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
    expect(() => tenant("")).toThrow("the token names no tenant");
  });

  it("is read from a claim that has the name of what every object inherits, too", () => {
    expect(callerWith({ tenant_id: "acme" }, "constructor").tenants).toEqual([]);
    const claims = JSON.parse('{"__proto__":"acme"}');
    expect(callerWith(claims, "__proto__").tenants).toEqual(["acme"]);
    expect(callerWith(claims, "tenant_id").tenants).toEqual([]);
  });
});

describe("the scopes of a token", () => {
  const scopes = (payload: Record<string, unknown>, scopePrefix = "") =>
    callerOf(payload, { tenantClaim: "tenant_id", scopePrefix }).scopes;

  it.each([
    [{ scope: "qr:read qr:write" }, ["qr:read", "qr:write"]],
    [{ scope: ["qr:admin", "qr:admin"] }, ["qr:admin"]],
    [{ scp: "qr:read" }, ["qr:read"]],
    [{ scope: "", scp: "qr:read" }, []],
    [{ scope: "qr:read-all QR:READ qr:* *" }, []],
    [{ scope: "other/qr:read" }, []],
    [{ scope: [["qr:read"], null, { toString: 1 }, 7] }, []],
    [{ scope: { toString: 1 } }, []],
    [{}, []],
  ])("of %j are %j", (payload, expected) => {
    expect(scopes(payload)).toEqual(expected);
  });

  it("are those behind the issuer's prefix, and no other", () => {
    expect(scopes({ scope: "qr-service/qr:read qr:write other/qr:admin" }, "qr-service/")).toEqual([
      "qr:read",
    ]);
  });
});

describe("the actor of a token", () => {
  const actor = (payload: Record<string, unknown>) => callerWith(payload).actor;

  it.each([
    [{ sub: "42", name: "Zoë", email: "z@example.com" }, "42", "Zoë"],
    [{ sub: "42", email: "z@example.com", username: "zoe" }, "42", "z@example.com"],
    [{ sub: "42", username: "zoe" }, "42", "zoe"],
    [{ sub: "42" }, "42", null],
    [{ client_id: "printer" }, "printer", null],
    [{ sub: 42, name: { a: 1 } }, "unknown", null],
    [{ sub: "a\u0000b\n", name: "\ud800" }, "a b", "\ufffd"],
    [{ sub: "x".repeat(300) }, "x".repeat(200), null],
  ])("of %j is %s, known as %s", (payload, id, name) => {
    expect(actor(payload)).toEqual({ type: "user", id, name });
  });
});
