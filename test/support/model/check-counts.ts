import { describeOperation, type History, type Operation } from "./history.ts";
import type { Versions } from "./versions.ts";

/**
 * Holds every number of scans in a reply to the model: at least the scans that were acknowledged before the read
 * began, at most those that had begun when it ended.
 *
 * A scan that meets a change of its code, or the loss of the link's fence, between its miss and its fill is captured
 * but not counted, and gets into the count by way of the persisted events: it raises the upper bound only. A code
 * that is being deleted has no count.
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
  if (versions.last(code).kind === "deleted") return 0;
  const before = countable(history, code).filter(({ ended }) => ended < read.begun);
  return before.filter((scan) => !isDisturbed(history, versions, code, scan)).length;
}

/** Whether the link's fence may have moved while the scan was under way. */
function isDisturbed(history: History, versions: Versions, code: string, scan: Operation): boolean {
  const overlaps = (from: number, to: number) => from <= scan.ended && to >= scan.begun;
  return (
    versions.of(code).some(({ committed, acknowledged }) => overlaps(committed, acknowledged)) ||
    history.operations.some(
      ({ action, begun, ended }) =>
        action.kind === "evict" &&
        (action.what === "whole cache" || (action.what === "link's fence" && action.code === code)) &&
        overlaps(begun, ended),
    )
  );
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
