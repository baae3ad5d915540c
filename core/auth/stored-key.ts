import type { Actor } from "../actor.ts";
import type { Scope } from "./scopes.ts";

/** What is known of a live key but its hash, as a list shows it. Instants are ISO 8601 UTC with milliseconds. */
export interface ApiKey {
  keyId: string;
  name: string;
  scopes: Scope[];
  createdBy: Actor;
  createdAt: string;
  expiresAt: string | null;
  /** The minute in which it was last seen in use, at most one too early; `null` if it never was. */
  lastUsedAt: string | null;
}

/** What a check needs of a live key. Times are Unix ms. */
export interface CheckedKey {
  keyId: string;
  tenantId: string;
  name: string;
  scopes: Scope[];
  hash: string;
  expiresAt: number | null;
  lastUsedAt: number | null;
}

/** Live keys of one tenant. */
export const MAX_KEYS = 100;
