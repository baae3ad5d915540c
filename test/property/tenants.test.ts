import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callerOf } from "../../core/auth/caller.ts";
import { tenantOf } from "../../functions/http/tenancy.ts";

const RUNS = 5_000;

/** In ms: a failure needs longer than vitest's default to shrink to a readable example. */
const TIMEOUT = 60_000;

/** Tenants that exist; whoever reaches one without having it has broken in. */
const TENANTS = ["a", "tenant_b", "42", "true", "null", "map"];

/** What texts that are meant to deceive are put together of. */
const PIECES = [...TENANTS, ..." ,;:[]{}\"'\n\t\u00a0\u2028*-", "<nil>", "map[", "[x ", "1e1"];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 5 }).map((parts) => parts.join(""));
const scalar = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...TENANTS) },
  { weight: 4, arbitrary: text },
  fc.constantFrom<unknown>(null, true, false, 42, 0, -1, 4.2, 1e21, "", "x".repeat(64), "x".repeat(65)),
  fc.string({ unit: "binary" }),
);

/** Every shape that JSON has, deceiving texts in all places, names of members among them. */
const { claim } = fc.letrec<{ claim: unknown }>((tie) => ({
  claim: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(scalar, { maxLength: 4 }),
    fc.array(tie("claim"), { maxLength: 4 }),
    fc.dictionary(text, tie("claim"), { maxKeys: 3 }),
  ),
}));

/** The tenant that a request reaches; `undefined` if it is refused. */
function reached(claims: Record<string, unknown>, header: string | undefined): string | undefined {
  // As a token has them: without members that JSON leaves out.
  const payload = JSON.parse(JSON.stringify(claims)) as Record<string, unknown>;
  const caller = callerOf(payload, { tenantClaim: "tenant_id", scopePrefix: "" });
  try {
    return tenantOf({ headers: header === undefined ? {} : { "x-tenant-id": header } }, caller);
  } catch {
    return undefined;
  }
}

const held = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const header = fc.oneof(fc.constantFrom(undefined, ...TENANTS), text);

describe("a claim of any JSON shape", { timeout: TIMEOUT }, () => {
  it("gives no tenant that it does not hold as a whole value", () => {
    const outcomes = new Set<boolean>();
    const property = fc.property(claim, header, (value, wanted) => {
      for (const chosen of [undefined, wanted, ...TENANTS]) {
        const tenant = reached({ tenant_id: value }, chosen);
        outcomes.add(tenant !== undefined);
        if (tenant === undefined) continue;
        expect(held(value)).toContain(tenant);
        if (chosen !== undefined) expect(tenant).toBe(chosen);
      }
    });
    fc.assert(property, { numRuns: RUNS });
    expect(outcomes).toEqual(new Set([true, false]));
  });

  it("gives every tenant that it holds, if it holds nothing else", () => {
    const property = fc.property(fc.array(fc.constantFrom(...TENANTS), { minLength: 1 }), (tenants) => {
      for (const tenant of TENANTS) {
        expect(reached({ tenant_id: tenants }, tenant)).toBe(tenants.includes(tenant) ? tenant : undefined);
      }
      const [first = ""] = tenants;
      expect(reached({ tenant_id: first }, undefined)).toBe(first);
    });
    fc.assert(property);
  });

  it("never keeps a token of its own out", () => {
    const property = fc.property(fc.dictionary(text, claim), (others) => {
      expect(reached({ ...others, tenant_id: "tenant_b" }, undefined)).toBe("tenant_b");
    });
    fc.assert(property, { numRuns: RUNS });
  });
});
