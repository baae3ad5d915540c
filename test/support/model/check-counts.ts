import { describeOperation, type History, type Operation } from "./history.ts";
import type { Versions } from "./versions.ts";

/**
 * Holds every number of scans in a reply to the model: at least the scans that were acknowledged before the read
 * began, at most those that had begun when it ended. No scan is redirected uncounted, whatever change it meets; but a code
 * that is being deleted has no count, and that of one that was restored may lack what is not persisted yet.
 */
export function checkCounts(history: History, versions: Versions, operation: Operation): string[] {
  return countsOf(operation).flatMap(({ code, scans }) => {
    const least = leastScans(history, versions, code, operation);
    const most = countable(history, code).length;
    if (scans >= least && scans <= most) return [];
    return [
      `${describeOperation(operation)} counted ${scans} scans of ${code}, which had ${least} to ${most}`,
    ];
  });
}

/** The scans that are to be counted: those that led to a target, and those that may still do so. */
export function countable(history: History, code: string): Operation[] {
  return history.operations.filter(({ action, outcome }) => {
    if (action.kind !== "scan" || action.mode !== "scan" || action.code !== code) return false;
    return !outcome || (outcome.kind === "redirect" && outcome.state === "open");
  });
}

function leastScans(history: History, versions: Versions, code: string, read: Operation): number {
  if (versions.of(code).some(({ state }) => state.kind === "deleted")) return 0;
  return countable(history, code).filter(({ ended }) => ended < read.begun).length;
}

function countsOf({ outcome, action }: Operation): { code: string; scans: number }[] {
  switch (outcome?.kind) {
    case "code":
      return [outcome.seen];
    case "page":
      return outcome.seen;
    case "figures":
      if (action.kind !== "stats") return [];
      return [outcome.scans, outcome.today].map((scans) => ({ code: action.code, scans }));
    default:
      return [];
  }
}
