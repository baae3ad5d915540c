import type { TokenIssuer } from "../bin/local/tokens.ts";
import { PHONE } from "../test/support/user-agents.ts";
import { CODES_PER_TENANT, qrId, tenantId } from "./catalogue.ts";
import { requestBytes } from "./http-connection.ts";

/** One kind of request, on any of so many things. */
export interface Operation {
  title: string;
  status: number;
  /** A read can be answered from the cache; a write only invalidates. */
  kind: "read" | "write";
  /** How many different things can be asked for. */
  population: number;
  request(n: number): Buffer;
}

export const OPERATION_NAMES = ["list", "get", "scan", "stats", "generate", "patch"] as const;
export type OperationName = (typeof OPERATION_NAMES)[number];

/**
 * The requests of the benchmarks, on behalf of tenants with so many codes each.
 *
 * @param issuedAt Unix ms, from which the tenants' tokens are valid
 */
export async function operations(
  issuer: TokenIssuer,
  tenants: number,
  codesPerTenant = CODES_PER_TENANT,
  issuedAt = Date.now(),
): Promise<Record<OperationName, Operation>> {
  const authorizations = await Promise.all(
    Array.from({ length: tenants }, async (_, n) => ({
      authorization: `Bearer ${await issuer.issue([tenantId(n)], ["qr:read", "qr:write"], issuedAt)}`,
    })),
  );
  const codes = tenants * codesPerTenant;
  const placeOf = (n: number) => ({
    tenant: Math.floor(n / codesPerTenant) % tenants,
    code: n % codesPerTenant,
  });
  const onCode = (method: string, n: number, suffix = "", json?: unknown) => {
    const { tenant, code } = placeOf(n);
    return requestBytes(method, `/qr/${qrId(tenant, code)}${suffix}`, authorizations[tenant], json);
  };
  return {
    list: {
      title: `list (${codesPerTenant} codes)`,
      status: 200,
      kind: "read",
      population: tenants,
      request: (n) => requestBytes("GET", "/qr", authorizations[n % tenants]),
    },
    get: {
      title: "get",
      status: 200,
      kind: "read",
      population: codes,
      request: (n) => onCode("GET", n),
    },
    scan: {
      title: "scan",
      status: 302,
      kind: "read",
      population: codes,
      request: (n) => {
        const { tenant, code } = placeOf(n);
        return requestBytes("GET", `/scan/${qrId(tenant, code)}`, { "user-agent": PHONE });
      },
    },
    stats: {
      title: "stats (30 days)",
      status: 200,
      kind: "read",
      population: codes,
      request: (n) => onCode("GET", n, "/stats"),
    },
    generate: {
      title: "generate",
      status: 201,
      kind: "write",
      population: Number.POSITIVE_INFINITY,
      request: (n) =>
        requestBytes("POST", "/generate", authorizations[n % tenants], {
          targetUrl: `https://example.com/new/${n}`,
          name: `New ${n}`,
        }),
    },
    patch: {
      title: "patch",
      status: 200,
      kind: "write",
      population: codes,
      request: (n) => onCode("PATCH", n, "", { targetUrl: `https://example.com/changed/${n}` }),
    },
  };
}
