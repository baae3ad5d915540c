import type { Actor } from "../actor.ts";
import { TENANT_ID } from "../ids.ts";
import type { Payload } from "./jwt.ts";
import { isScope, type Scope } from "./scopes.ts";

/** Who sent a request, and what for. */
export interface Caller {
  actor: Actor;
  scopes: readonly Scope[];
  /** The tenants that it may act for. */
  tenants: readonly string[];
}

/** How an issuer writes what a caller may do. */
export interface ClaimRules {
  /** The claim that holds one tenant's ID, or an array of them. */
  tenantClaim: string;
  /** What stands before each scope of this service, such as Cognito's resource server; may be empty. */
  scopePrefix: string;
}

/** Longest name or subject that is kept, in UTF-16 code units. */
const MAX_NAME = 200;

/** The caller of a verified token. */
export function callerOf(payload: Payload, { tenantClaim, scopePrefix }: ClaimRules): Caller {
  return {
    actor: actorOf(payload),
    scopes: scopesIn(own(payload, "scope") ?? own(payload, "scp"), scopePrefix),
    tenants: tenantsIn(own(payload, tenantClaim)),
  };
}

function actorOf(payload: Payload): Actor {
  const claim = (...names: string[]) => names.map((name) => textIn(own(payload, name))).find(Boolean);
  return {
    type: "user",
    id: claim("sub", "client_id") ?? "unknown",
    name: claim("name", "email", "username") ?? null,
  };
}

/** A claim as it can be stored and shown; anything can stand in it. */
function textIn(claim: unknown): string | undefined {
  if (typeof claim !== "string") return undefined;
  return claim
    .slice(0, MAX_NAME)
    .toWellFormed()
    .replace(/\p{Cc}/gu, " ")
    .trim();
}

/** A text of names with spaces between them, or an array of names. https://www.rfc-editor.org/rfc/rfc8693#section-4.2 */
function scopesIn(claim: unknown, prefix: string): Scope[] {
  const granted: unknown[] = typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
  const names = granted.flatMap((name) =>
    typeof name === "string" && name.startsWith(prefix) ? [name.slice(prefix.length)] : [],
  );
  return [...new Set(names.filter(isScope))];
}

/** The tenants of a claim. A single part that is no tenant ID makes it a claim of none. */
function tenantsIn(claim: unknown): string[] {
  const names: unknown[] = Array.isArray(claim) ? claim : [claim];
  return names.every(isTenantId) ? [...new Set(names)] : [];
}

function isTenantId(name: unknown): name is string {
  return typeof name === "string" && TENANT_ID.test(name);
}

/** Members that every object inherits are no claims. */
function own(members: Payload, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}
