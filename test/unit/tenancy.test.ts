import { describe, expect, it } from "vitest";
import { type AuthorizedEvent, tenantOf } from "../../functions/shared/http/tenancy.ts";

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
});
