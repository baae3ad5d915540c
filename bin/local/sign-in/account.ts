import { SCOPES, type Scope } from "../../../core/auth/scopes.ts";
import { TENANT_ID } from "../../../core/ids.ts";

/** What a person may sign in as on one machine, and the scopes that it brings; the most powerful first. */
export const ROLES = {
  administrator: SCOPES,
  editor: ["qr:read", "qr:write"],
  viewer: ["qr:read"],
} as const satisfies Record<string, readonly Scope[]>;

export type Role = keyof typeof ROLES;

/** Who signs in: a role in one tenant, or in several between which the console then lets choose. */
export interface Account {
  role: Role;
  tenants: string[];
}

/** More than a sentence can name, and than a header may hold of them. */
const MAX_TENANTS = 20;

/** The account as the subject of its tokens. Neither sign can be part of a tenant's ID. */
export function subjectOf({ role, tenants }: Account): string {
  return `${role}@${tenants.join("+")}`;
}

/** Reads what `subjectOf` wrote, or a form sent; `undefined` if it is no account. */
export function accountOf(subject: string): Account | undefined {
  const [role = "", list = "", ...rest] = subject.split("@");
  const tenants = list.split("+");
  if (rest.length > 0 || !Object.hasOwn(ROLES, role) || tenants.length > MAX_TENANTS) return undefined;
  return tenants.every((tenant) => TENANT_ID.test(tenant)) ? { role: role as Role, tenants } : undefined;
}
