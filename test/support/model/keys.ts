import { type NewKey, parseKey } from "../../../core/auth/api-key.ts";
import { SCOPES } from "../../../core/auth/scopes.ts";
import { checkKey } from "../../../data/check-key.ts";
import { createKey } from "../../../functions/keys/create-key/use-case.ts";
import { revokeKey } from "../../../functions/keys/revoke-key/use-case.ts";
import type { Services } from "../../../functions/runtime/services.ts";
import { keepOutOfLogs } from "../log-recorder.ts";
import { personOf } from "../person.ts";
import type { KeyAction } from "./actions.ts";
import { currentCaller } from "./caller.ts";
import type { Outcome } from "./history.ts";
import type { Names } from "./names.ts";

interface MadeKey extends Pick<NewKey, "keyId" | "text"> {
  /** The number of the operation that made it, which names it in the model. */
  by: number;
}

/** The newest key of each tenant of a run whose making was acknowledged: nobody knows a key before. */
export type MadeKeys = Map<string, MadeKey>;

/** Makes a key of the tenant, or uses or revokes the newest one of `owner`. */
export async function performOnKey(
  { services, names, keys }: { services: Services; names: Names; keys: MadeKeys },
  action: KeyAction,
  number: number,
): Promise<Outcome> {
  if (action.kind === "make") {
    const who = { ...personOf(names.id(action.tenant)), scopes: SCOPES };
    const made = await createKey(services, who, {
      ...{ name: `key ${number}`, scopes: [...SCOPES], expiresAt: null },
    });
    keepOutOfLogs([made.key]);
    keys.set(action.tenant, { by: number, keyId: made.keyId, text: made.key });
    return { kind: "key", key: number, verdict: "made" };
  }
  const key = keys.get(action.owner);
  if (!key) return { kind: "done" };
  if (action.kind === "revoke") {
    const operation = currentCaller.getStore()?.operation;
    if (operation) operation.revokes = key.by;
    const isRevoked = await revokeKey(services, names.id(action.tenant), key.keyId).then(
      () => true,
      (error: unknown) => {
        if ((error as { kind?: unknown }).kind === "not-found") return false;
        throw error;
      },
    );
    return { kind: "key", key: key.by, verdict: isRevoked ? "revoked" : "not found" };
  }
  const presented = parseKey(key.text);
  const caller = presented && (await checkKey(services, presented));
  const isIts = caller?.actor.id === key.keyId && String(caller.tenants) === names.id(action.owner);
  if (caller && !isIts) throw new Error(`key ${key.by} acts as another: ${JSON.stringify(caller)}`);
  return { kind: "key", key: key.by, verdict: caller ? "let in" : "refused" };
}
