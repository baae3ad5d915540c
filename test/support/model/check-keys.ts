import { describeOperation, type History, type Operation } from "./history.ts";

/**
 * Holds what a reply says of a key to the model: a key is good from the moment at which its making was acknowledged
 * until the commit of its revocation, and for good no more once that was acknowledged or any reply has shown it.
 */
export function checkKeys(history: History, operation: Operation): string[] {
  const { action, outcome, begun, ended, committed } = operation;
  if (outcome?.kind !== "key" || outcome.verdict === "made") return [];
  const { key, verdict } = outcome;
  const said = `${describeOperation(operation)} said that key ${key} is ${verdict}, but`;
  const others = history.operations.filter((other) => other !== operation);
  const gone = others.find(
    (other) =>
      other.ended < begun &&
      other.outcome?.kind === "key" &&
      other.outcome.key === key &&
      ["revoked", "refused"].includes(other.outcome.verdict),
  );
  const revocation = revocationsOf(history, key).find((other) => other !== operation);
  const isRevoked = revocation?.committed !== undefined && revocation.committed <= ended;
  if (verdict === "let in")
    return gone ? [`${said} ${describeOperation(gone)} had said that it is no more`] : [];
  if (verdict === "refused") return isRevoked ? [] : [`${said} nobody had revoked it`];
  if (action.kind !== "revoke") return [];
  const isOwn = action.tenant === action.owner;
  if (verdict === "not found") return isOwn && !isRevoked ? [`${said} nobody else had revoked it`] : [];
  if (!isOwn) return [`${said} it belongs to another tenant`];
  if (revocation) return [`${said} ${describeOperation(revocation)} revoked it, too`];
  return committed === undefined ? [`${said} nothing was committed`] : [];
}

/** The committed revocations of a key. */
export function revocationsOf(history: History, key: number): Operation[] {
  return history.operations.filter(({ committed, revokes }) => committed !== undefined && revokes === key);
}
