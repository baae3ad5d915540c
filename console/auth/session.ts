import { signal } from "@preact/signals";
import type { ConsoleConfig } from "../config.ts";

/** Who is signed in, for as long as the tab lives. */
export interface Session {
  accessToken: string;
  refreshToken?: string;
  /** Without the issuer's prefix. */
  scopes: string[];
  tenants: string[];
  /** The one that is looked at. */
  tenant: string;
}

/** Of the tab alone: it outlives a reload, and neither another tab nor the next start of the browser can read it. */
const KEY = "session";

export const session = signal<Session | undefined>(restored());

export function keepSession(next: Session | undefined): void {
  session.value = next;
  if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
  else sessionStorage.removeItem(KEY);
}

export function may(scope: "qr:write" | "qr:admin"): boolean {
  return session.value?.scopes.includes(scope) ?? false;
}

export interface Tokens {
  access_token: string;
  refresh_token?: string;
  scope?: string;
}

/** @param previous whose tenant and refresh token stay if the new tokens allow it */
export function sessionFrom(tokens: Tokens, config: ConsoleConfig, previous?: Session): Session {
  const claims = claimsOf(tokens.access_token);
  const tenants = [claims[config.tenantClaim] ?? []].flat().filter((tenant) => typeof tenant === "string");
  const granted = tokens.scope ?? (typeof claims.scope === "string" ? claims.scope : "");
  const scopes = granted.split(" ").map((scope) => scope.replace(config.scopePrefix, ""));
  const refreshToken = tokens.refresh_token ?? previous?.refreshToken;
  const kept = previous && tenants.includes(previous.tenant) ? previous.tenant : tenants[0];
  return {
    accessToken: tokens.access_token,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    scopes,
    tenants,
    tenant: kept ?? "",
  };
}

/** Read for display alone: the API is who checks a token. */
function claimsOf(jwt: string): Record<string, unknown> {
  try {
    const [, payload = ""] = jwt.split(".");
    const binary = atob(payload.replace(/-/g, "+").replace(/_/g, "/"));
    const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function restored(): Session | undefined {
  const kept = sessionStorage.getItem(KEY);
  return kept === null ? undefined : (JSON.parse(kept) as Session);
}
