import type { ManyAction } from "./actions.ts";
import type { Claim } from "./claim.ts";
import type { ManyResult, Operation } from "./history.ts";
import { type CodeState, isOf, type Versions } from "./versions.ts";

/** What an import or a bulk change says of each of its codes. */
export function claimsOfMany(
  { number, changes = [] }: Operation,
  action: ManyAction,
  results: readonly { code: string; result: ManyResult }[],
  versions: Versions,
): Claim[] {
  const claims = results.map(({ code, result }): Claim => {
    const own = versions.of(code).find(({ by }) => by === number)?.state;
    return { code, said: result, fits: (state) => fits(action, result, state, own) };
  });
  // What it does not tell of it must not have changed.
  const told = results.filter(({ result }) => CHANGED.includes(result)).map(({ code }) => code);
  const untold = changes.filter((code) => !told.includes(code));
  return [...claims, ...untold.map((code) => ({ code, said: "left as it was", fits: () => false }))];
}

const CHANGED: readonly ManyResult[] = ["created", "updated", "changed"];

function fits(action: ManyAction, result: ManyResult, state: CodeState, own: CodeState | undefined): boolean {
  const isOwn = isOf(state, action.tenant);
  switch (result) {
    case "created":
    case "updated":
    case "changed":
      return own !== undefined && state === own;
    case "skipped":
      return isOwn;
    case "taken":
      return state.kind !== "unknown" && !isOwn;
    case "unchanged":
      return isOwn && (action.kind !== "bulk" || action.does === "restore" || state.status === action.does);
    case "not found":
      if (action.kind === "bulk" && action.does === "restore")
        return state.kind === "unknown" || state.tenant !== action.tenant;
      return !isOwn;
  }
}
