import { type Change, fallbackName, type ManyAction, targetName } from "./actions.ts";
import { describeOperation, describeSeen, type History, type Operation, type SeenCode } from "./history.ts";

/** `version` is that of the code's row, and its place among the versions. A code was never issued, lives, or is a tombstone that still knows its fallback. */
export type CodeState = { kind: "unknown" } | ({ kind: "live" | "deleted" } & SeenCode);

/** A state that a code came to by a change. */
export interface Version {
  /** The change's number; 0 stands for the beginning. */
  by: number;
  state: CodeState;
  committed: number;
  /** When whoever changed it was told so; infinite as long as nobody was. */
  acknowledged: number;
}

/** A version with its place among those of its code. */
export interface PossibleVersion {
  version: number;
  state: CodeState;
}

type ChangeOperation = Operation & { action: Change | ManyAction; committed: number };

const BEGINNING: Version = { by: 0, state: { kind: "unknown" }, committed: 0, acknowledged: 0 };

/** The states that each code came to until now, in the order of the commits. */
export class Versions {
  /** Changes that must not have succeeded after those before them. */
  readonly violations: string[] = [];
  readonly #versions = new Map<string, Version[]>();
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
    const changes = history.operations.filter(isChange).sort((a, b) => a.committed - b.committed);
    for (const change of changes) for (const code of codesOf(change)) this.#add(change, code);
  }

  /** All codes that were ever issued. */
  get codes(): string[] {
    return [...this.#versions.keys()];
  }

  of(code: string): Version[] {
    return this.#versions.get(code) ?? [BEGINNING];
  }

  last(code: string): CodeState {
    return (this.of(code).at(-1) ?? BEGINNING).state;
  }

  /**
   * The versions that a reply between `begun` and `ended` may show: committed by its end, and not overwritten by one that
   * was acknowledged, or that another reply has shown, before it began.
   */
  during(code: string, { begun, ended }: Pick<Operation, "begun" | "ended">): PossibleVersion[] {
    const seen = this.#history.shown.filter((shown) => shown.code === code && shown.time < begun);
    const earliest = Math.max(0, ...seen.map(({ version }) => version));
    return this.of(code)
      .map(({ state, committed }, version) => ({ state, committed, version }))
      .filter(({ committed, version }) => {
        const later = this.of(code).slice(version + 1);
        return (
          version >= earliest && committed <= ended && !later.some(({ acknowledged }) => acknowledged < begun)
        );
      });
  }

  #add(operation: ChangeOperation, code: string): void {
    const { number, action, committed, ended } = operation;
    const before = this.last(code);
    const state =
      action.kind === "import" || action.kind === "bulk"
        ? changedWithOthers(before, code, number, action)
        : changed(before, { number, action });
    if (state) {
      const version = { by: number, state, committed, acknowledged: ended };
      this.#versions.set(code, [...this.of(code), version]);
    } else {
      this.violations.push(
        `${describeOperation(operation)} changed a code that was ${describeState(before)}`,
      );
    }
  }
}

function isChange(operation: Operation): operation is ChangeOperation {
  return (
    operation.committed !== undefined &&
    ["generate", "patch", "delete", "restore", "import", "bulk"].includes(operation.action.kind)
  );
}

/** The codes that it has changed. */
function codesOf({ action, changes = [] }: ChangeOperation): string[] {
  return "code" in action ? [action.code] : changes;
}

/** What an import or a bulk change makes of a code that it changes; `undefined` if it must leave it. */
function changedWithOthers(
  before: CodeState,
  code: string,
  number: number,
  action: ManyAction,
): CodeState | undefined {
  const { tenant } = action;
  if (action.kind === "import") {
    const written = writtenBy(number, action.fallback);
    if (before.kind === "unknown")
      return { kind: "live", code, tenant, status: "active", version: 1, ...written };
    if (!isOf(before, tenant) || action.onConflict === "skip") return undefined;
    return { ...before, version: before.version + 1, ...written };
  }
  const { does } = action;
  if (before.kind !== (does === "restore" ? "deleted" : "live") || before.tenant !== tenant) return undefined;
  const version = before.version + 1;
  if (does === "delete") return { ...before, version, kind: "deleted" };
  if (does === "restore") return { ...before, version, kind: "live" };
  return before.status === does ? undefined : { ...before, version, status: does };
}

/** What the change makes of the code; `undefined` if it must not succeed. */
function changed(
  before: CodeState,
  { number, action }: { number: number; action: Change },
): CodeState | undefined {
  const { code, tenant } = action;
  if (action.kind === "generate") {
    if (before.kind !== "unknown") return undefined;
    const written = writtenBy(number, action.fallback);
    return { kind: "live", code, tenant, status: "active", version: 1, ...written };
  }
  if (before.kind === "unknown" || before.tenant !== tenant) return undefined;
  if (action.expects !== undefined && action.expects !== before.version) return undefined;
  if (before.kind !== (action.kind === "restore" ? "deleted" : "live")) return undefined;
  const version = before.version + 1;
  if (action.kind === "delete") return { ...before, version, kind: "deleted" };
  if (action.kind === "restore") return { ...before, version, kind: "live" };
  return {
    ...before,
    version,
    status: action.status ?? before.status,
    ...writtenBy(number, action.fallback),
  };
}

function writtenBy(number: number, fallback: boolean) {
  return { target: targetName(number), fallback: fallback ? fallbackName(number) : null };
}

/** Whether the tenant has the code. */
export function isOf(state: CodeState, tenant: string): state is { kind: "live" } & SeenCode {
  return state.kind === "live" && state.tenant === tenant;
}

export function describeState(state: CodeState): string {
  if (state.kind === "unknown") return "unknown";
  return state.kind === "live" ? describeSeen(state) : `deleted (${describeSeen(state)})`;
}
