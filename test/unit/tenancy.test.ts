import { describe, expect, it } from "vitest";
import { type AuthorizedEvent, tenantOf } from "../../functions/http/tenancy.ts";

function event(claim: unknown, header?: string): AuthorizedEvent {
  return {
    headers: header === undefined ? {} : { "x-tenant-id": header },
    requestContext: { authorizer: { jwt: { claims: { tenant_id: claim }, scopes: null } } },
  } as unknown as AuthorizedEvent;
}
const tenant = (claim: unknown, header?: string) => tenantOf(event(claim, header), "tenant_id");

describe("the tenant of a request", () => {
  it("is the claim's only one", () => {
    expect(tenant("acme")).toBe("acme");
    expect(tenant("[acme]")).toBe("acme");
    expect(tenant(["acme"])).toBe("acme");
  });

  it.each(["[acme globex]", "[acme, globex]", "[acme globex acme]", ["acme", "globex"]])(
    "is chosen by X-Tenant-ID among %j",
    (claim) => {
      expect(tenant(claim, "globex")).toBe("globex");
      expect(() => tenant(claim)).toThrow(expect.objectContaining({ kind: "invalid" }));
      expect(() => tenant(claim, "initech")).toThrow(expect.objectContaining({ kind: "forbidden" }));
    },
  );

  it("is never one that the claim does not name, even if it is the only one asked for", () => {
    expect(() => tenant("acme", "globex")).toThrow(expect.objectContaining({ kind: "forbidden" }));
    expect(() => tenant("acme", "")).toThrow(expect.objectContaining({ kind: "forbidden" }));
  });

  it.each([undefined, "", "[]", "a:b", "*", "x".repeat(65), "tenant*"])(
    "is refused where the claim is %j",
    (claim) => {
      expect(() => tenant(claim)).toThrow(expect.objectContaining({ kind: "forbidden" }));
      expect(() => tenant(claim, String(claim))).toThrow(expect.objectContaining({ kind: "forbidden" }));
    },
  );

  it("needs an authorizer's claims", () => {
    const anonymous = { headers: {}, requestContext: {} } as unknown as AuthorizedEvent;
    expect(() => tenantOf(anonymous, "tenant_id")).toThrow(
      expect.objectContaining({ kind: "unauthenticated" }),
    );
  });

  it("is refused with a reason and the header to change", () => {
    const header = (message: string) => [{ path: "X-Tenant-ID", message }];
    expect(() => tenant("[acme globex]")).toThrow(
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
    expect(() => tenantOf({ headers: {}, requestContext: {} } as AuthorizedEvent, "tenant_id")).toThrow(
      "a bearer token is required",
    );
  });

  it.each([
    [{ headers: {}, requestContext: { authorizer: {} } }],
    [{ headers: {}, requestContext: { authorizer: { jwt: {} } } }],
  ])("needs claims in what the authorizer says (%j)", (authorized) => {
    expect(() => tenantOf(authorized as unknown as AuthorizedEvent, "tenant_id")).toThrow(
      expect.objectContaining({ kind: "unauthenticated" }),
    );
  });

  it("is taken from a claim whose brackets enclose all of it", () => {
    for (const claim of ["x[acme]", "[acme]x", "x [acme]"]) {
      expect(() => tenant(claim, "acme")).toThrow(expect.objectContaining({ kind: "forbidden" }));
    }
    for (const claim of ["x[acme]", "[acme]x"]) expect(() => tenant(claim)).toThrow("names no tenant");
    expect(tenant("[acme\nacme]")).toBe("acme");
    expect(tenant("  acme  ")).toBe("acme");
    expect(() => tenant("acme]")).toThrow(expect.objectContaining({ kind: "forbidden" }));
    expect(() => tenant("[acme")).toThrow(expect.objectContaining({ kind: "forbidden" }));
    expect(() => tenant("[[acme]]")).toThrow(expect.objectContaining({ kind: "forbidden" }));
  });
});
