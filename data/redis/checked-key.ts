import { isScope } from "../../core/auth/scopes.ts";
import type { CheckedKey } from "../../core/auth/stored-key.ts";

const isText = (value: unknown) => typeof value === "string";
const isTimeOrNull = (value: unknown) => value === null || typeof value === "number";

/** Whether a cached value is a key, or the `null` of an ID that no live key has; anything else is a miss. */
export function isCheckedKey(value: unknown): value is CheckedKey | null {
  if (value === null) return true;
  if (typeof value !== "object") return false;
  const { keyId, tenantId, name, hash, scopes, expiresAt, lastUsedAt } = value as Record<string, unknown>;
  return (
    [keyId, tenantId, name, hash].every(isText) &&
    Array.isArray(scopes) &&
    scopes.every(isScope) &&
    [expiresAt, lastUsedAt].every(isTimeOrNull)
  );
}
