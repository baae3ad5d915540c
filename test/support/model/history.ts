import type { CodeStatus } from "../../../core/code/qr-code.ts";
import { type Action, describeAction } from "./actions.ts";

/** A code as its tenant saw it, with the names of its target and fallback instead of the URLs. */
export interface SeenCode {
  code: string;
  tenant: string;
  target: string;
  fallback: string | null;
  status: CodeStatus;
  version: number;
}

export interface CountedCode extends SeenCode {
  scans: number;
}

/** What became of a key, or of the request that it came with. */
export type KeyVerdict = "made" | "revoked" | "not found" | "let in" | "refused";

/** What a change of several codes says of one of them; `taken` if it is another tenant's or a tombstone. */
export type ManyResult = "created" | "updated" | "changed" | "unchanged" | "skipped" | "taken" | "not found";

/** What an operation's reply said. `key` is the number of the operation that made it. */
export type Outcome =
  | { kind: "code"; seen: CountedCode }
  | { kind: "page"; seen: CountedCode[] }
  | { kind: "figures"; scans: number; today: number }
  | { kind: "redirect"; state: string; url: string | null }
  | { kind: "key"; key: number; verdict: KeyVerdict }
  | { kind: "many"; results: { code: string; result: ManyResult }[] }
  | { kind: "not found" }
  | { kind: "taken" }
  | { kind: "changed meanwhile" }
  | { kind: "done" }
  | { kind: "failed"; error: unknown };

/** One call of a client. Times are those of the history's logical clock, on which no two events fall together. */
export interface Operation {
  number: number;
  client: string;
  action: Action;
  begun: number;
  /** When its change was in the database, visible to every query from then on. */
  committed: number | undefined;
  ended: number;
  /** The codes that it changes if it commits, where it may change several. */
  changes?: string[];
  /** The key that it revokes if it commits, by the number of the operation that made it. */
  revokes?: number;
  outcome: Outcome | undefined;
}

/** A reply has shown a version of a code, given by its place among them, or a later one. */
export interface Shown {
  code: string;
  version: number;
  /** When the reply was there. */
  time: number;
}

/** Everything that happened in one run, in order. */
export class History {
  readonly operations: Operation[] = [];
  readonly shown: Shown[] = [];
  readonly #lines: string[] = [];
  #clock = 0;
  #closed = false;

  begin(client: string, action: Action): Operation {
    const operation: Operation = {
      number: this.operations.length + 1,
      client,
      action,
      begun: 0,
      committed: undefined,
      ended: Number.POSITIVE_INFINITY,
      outcome: undefined,
    };
    operation.begun = this.note(operation, "begins");
    this.operations.push(operation);
    return operation;
  }

  end(operation: Operation, outcome: Outcome): void {
    operation.outcome = outcome;
    operation.ended = this.note(operation, `ends: ${describeOutcome(outcome)}`);
  }

  /** Adds a line to the timeline and returns its time. */
  note({ client, number, action }: Operation, text: string): number {
    this.#clock += 1;
    const time = String(this.#clock).padStart(4);
    const line = `${time}  ${client}  #${number} ${describeAction(action, number)}: ${text}`;
    if (!this.#closed) this.#lines.push(line);
    return this.#clock;
  }

  /** Whatever happens from now on is not told. */
  close(): void {
    this.#closed = true;
  }

  toString(): string {
    return this.#lines.join("\n");
  }
}

export function describeOperation({ client, number, action, begun, ended }: Operation): string {
  return `${client}'s #${number} (${describeAction(action, number)}; from ${begun} to ${ended})`;
}

function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case "code":
      return describeCounted(outcome.seen);
    case "page":
      return `[${outcome.seen.map((seen) => `${seen.code}: ${describeCounted(seen)}`).join("; ")}]`;
    case "figures":
      return `${outcome.scans} scans, ${outcome.today} today`;
    case "key":
      return `key ${outcome.key} is ${outcome.verdict}`;
    case "redirect":
      return `${outcome.state}, ${outcome.url ?? "nowhere to go"}`;
    case "many":
      return outcome.results.map(({ code, result }) => `${code} ${result}`).join(", ");
    case "failed":
      return String(outcome.error);
    default:
      return outcome.kind;
  }
}

function describeCounted(seen: CountedCode): string {
  return `${describeSeen(seen)}, ${seen.scans} scans`;
}

export function describeSeen({ target, fallback, status, version }: SeenCode): string {
  return `v${version}, ${status}, ${target}${fallback ? ` or ${fallback}` : ""}`;
}
