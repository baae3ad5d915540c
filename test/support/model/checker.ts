import type { Change } from "./actions.ts";
import { checkCounts } from "./check-counts.ts";
import { checkKeys } from "./check-keys.ts";
import { claimsOfMany } from "./check-many.ts";
import type { Claim } from "./claim.ts";
import { describeOperation, describeSeen, type History, type Operation, type SeenCode } from "./history.ts";
import { type CodeState, describeState, isOf, Versions } from "./versions.ts";

/**
 * Holds the reply of an operation that has just ended to the model; says in words what is wrong with it.
 *
 * Each code is a linearizable register: a change takes effect at one moment, in the order of the commits, and a reply
 * shows the state of one moment between its invocation and its response. In other words: what it shows must have been
 * committed before the response, and no later change may have been acknowledged, or shown by any reply, before the
 * invocation. A reply that fits several versions counts as having shown the first of them.
 */
export function checkReply(history: History, operation: Operation): string[] {
  const { outcome } = operation;
  if (!outcome || outcome.kind === "failed")
    return [`${describeOperation(operation)} failed: ${outcome?.error}`];
  const versions = new Versions(history);
  return [
    ...versions.violations,
    ...claimsOf(operation, versions).flatMap((claim) => checkClaim(history, operation, versions, claim)),
    ...checkCounts(history, versions, operation),
    ...checkKeys(history, operation),
  ];
}

function checkClaim(
  history: History,
  operation: Operation,
  versions: Versions,
  { code, said, fits }: Claim,
): string[] {
  const possible = versions.during(code, operation);
  const shown = possible.find(({ state }) => fits(state));
  if (shown) {
    history.shown.push({ code, version: shown.version, time: operation.ended });
    return [];
  }
  const expected = possible.map(({ state }) => describeState(state)).join(", or ");
  return [`${describeOperation(operation)} said that ${code} is ${said}, but it was ${expected}`];
}

function claimsOf(operation: Operation, versions: Versions): Claim[] {
  const { number, action, outcome } = operation;
  switch (action.kind) {
    case "generate":
    case "patch":
    case "delete":
    case "restore": {
      const own = versions.of(action.code).find(({ by }) => by === number)?.state;
      if (outcome?.kind === "changed meanwhile") return [ofAnotherVersion(action)];
      if (outcome?.kind === "taken") {
        const fits = (state: CodeState) =>
          action.kind === "restore" ? isOf(state, action.tenant) : state.kind !== "unknown";
        return [{ ...action, said: "taken", fits }];
      }
      if (outcome?.kind === "not found")
        return [action.kind === "restore" ? neverThere(action) : absent(action.code, action.tenant)];
      if (outcome?.kind === "done") return [{ ...action, said: "deleted", fits: (state) => state === own }];
      return outcome?.kind === "code" ? [present(outcome.seen, action.tenant, own)] : [];
    }
    case "import":
    case "bulk":
      return outcome?.kind === "many" ? claimsOfMany(operation, action, outcome.results, versions) : [];
    case "get":
      if (outcome?.kind === "code") return [present(outcome.seen, action.tenant)];
      return [absent(action.code, action.tenant)];
    case "stats":
      if (outcome?.kind !== "figures") return [absent(action.code, action.tenant)];
      return [{ ...action, said: "there", fits: (state) => isOf(state, action.tenant) }];
    case "list": {
      const listed = outcome?.kind === "page" ? outcome.seen : [];
      const missing = versions.codes.filter((code) => !listed.some((seen) => seen.code === code));
      return [
        ...listed.map((seen) => present(seen, action.tenant)),
        ...missing.map((code) => absent(code, action.tenant)),
      ];
    }
    case "scan": {
      if (outcome?.kind !== "redirect") return [];
      const lead = leadText(outcome.state, outcome.url);
      return [{ code: action.code, said: lead, fits: (state) => leadText(...leadOf(state)) === lead }];
    }
    default:
      return [];
  }
}

/** @param own the only state that it may be, where there is one */
function present(seen: SeenCode, tenant: string, own?: CodeState): Claim {
  const said = describeSeen(seen);
  const fits = (state: CodeState) =>
    isOf(state, tenant) && seen.tenant === tenant && describeState(state) === said && (!own || state === own);
  return { code: seen.code, said, fits };
}

/** What a condition that fails says: the code, or to a restoration its tombstone, is there, and of no such version. */
function ofAnotherVersion(action: Change): Claim {
  const kind = action.kind === "restore" ? "deleted" : "live";
  const fits = (state: CodeState) =>
    state.kind === kind &&
    state.tenant === action.tenant &&
    "expects" in action &&
    state.version !== action.expects;
  return { code: action.code, said: `${kind} in another version`, fits };
}

function neverThere({ code, tenant }: Change): Claim {
  const fits = (state: CodeState) => state.kind === "unknown" || state.tenant !== tenant;
  return { code, said: `never there for ${tenant}`, fits };
}

function absent(code: string, tenant: string): Claim {
  return { code, said: `not there for ${tenant}`, fits: (state) => !isOf(state, tenant) };
}

/** Where a scan of a code in this state leads, and by which right. */
export function leadOf(state: CodeState): [state: string, url: string | null] {
  if (state.kind === "unknown") return ["unknown", null];
  if (state.kind === "live" && state.status === "active") return ["open", state.target];
  return ["closed", state.fallback];
}

export function leadText(state: string, url: string | null): string {
  return `${state}, leading ${url ? `to ${url}` : "nowhere"}`;
}
