import type { CodeStatus } from "../../../core/code/qr-code.ts";
import type { ScanMode } from "../../../data/redis/link-cache.ts";

/**
 * What Redis may lose at any time. The outbox and the counters are data, not cache; the marks last for some milliseconds, as
 * the most recently used of its keys.
 */
export type Evictable =
  | "entry"
  | "list"
  | "link"
  | "entry's fence"
  | "list's fence"
  | "link's fence"
  | "lease"
  | "key"
  | "key's fence"
  | "whole cache";

/** Whether a code is created with an idempotency key, or as one whose ID nobody else can have. */
export type Creation = "plain" | "keyed" | "fresh";

/**
 * `expects` is the version that `If-Match` names. A change of a code sets a target of its own, and so, if it sets one, a
 * fallback: what a read sees tells whose it is.
 */
export type Action =
  | { kind: "generate"; tenant: string; code: string; fallback: boolean; how: Creation }
  | {
      kind: "patch";
      tenant: string;
      code: string;
      fallback: boolean;
      status: CodeStatus | undefined;
      expects: number | undefined;
    }
  | { kind: "delete"; tenant: string; code: string; expects: number | undefined }
  | { kind: "restore"; tenant: string; code: string; expects: number | undefined }
  | ManyAction
  | { kind: "get"; tenant: string; code: string }
  | { kind: "stats"; tenant: string; code: string }
  | { kind: "list"; tenant: string }
  | { kind: "scan"; code: string; mode: ScanMode }
  | KeyAction
  | { kind: "evict"; what: Evictable; tenant: string; code: string; expire: boolean }
  | { kind: "relay" }
  | { kind: "later" };

/** A change of several codes in one transaction. A bulk change sets the status, deletes or restores. */
export type ManyAction =
  | { kind: "import"; tenant: string; codes: string[]; fallback: boolean; onConflict: "update" | "skip" }
  | { kind: "bulk"; tenant: string; codes: string[]; does: CodeStatus | "delete" | "restore" };

/** What is done with a key: a new one of the tenant, or the newest that `owner` was given. */
export type KeyAction =
  | { kind: "make"; tenant: string }
  | { kind: "revoke"; tenant: string; owner: string }
  | { kind: "use"; owner: string };

export type Change = Extract<Action, { kind: "generate" | "patch" | "delete" | "restore" }>;

/** @param number the operation's own, by which its target and fallback are called */
export function describeAction(action: Action, number?: number): string {
  switch (action.kind) {
    case "generate":
      return `generate ${action.code} for ${action.tenant}${written(action, number)}${action.how === "plain" ? "" : ` ${action.how}`}`;
    case "patch":
      return `patch ${action.code} of ${action.tenant}${written(action, number)}${action.status ? ` ${action.status}` : ""}${condition(action)}`;
    case "delete":
    case "restore":
      return `${action.kind} ${action.code} of ${action.tenant}${condition(action)}`;
    case "import":
      return `import ${action.codes.join(" and ")} for ${action.tenant}${written(action, number)}, or ${action.onConflict}`;
    case "bulk":
      return `${action.does} ${action.codes.join(" and ")} of ${action.tenant} at once`;
    case "get":
    case "stats":
      return `${action.kind} ${action.code} as ${action.tenant}`;
    case "list":
      return `list as ${action.tenant}`;
    case "scan":
      return `${action.mode} ${action.code}`;
    case "evict":
      return `${action.expire && action.what !== "whole cache" ? "expire" : "evict"} the ${placeOf(action)}`;
    case "make":
      return `make a key of ${action.tenant}`;
    case "revoke":
      return `revoke the key of ${action.owner} as ${action.tenant}`;
    case "use":
      return `use the key of ${action.owner}`;
    case "relay":
      return "relay and persist the captured scans";
    case "later":
      return "let the links come to their refresh";
  }
}

function placeOf({ what, tenant, code }: Extract<Action, { kind: "evict" }>): string {
  if (what === "whole cache") return what;
  if (what.startsWith("list") || what.startsWith("key")) return `${what} of ${tenant}`;
  return what.startsWith("entry") ? `${what} of ${code} for ${tenant}` : `${what} of ${code}`;
}

function written({ fallback }: { fallback: boolean }, number: number | undefined): string {
  if (number === undefined) return fallback ? " with a fallback" : "";
  return `: ${targetName(number)}${fallback ? ` or ${fallbackName(number)}` : ""}`;
}

function condition({ expects }: { expects: number | undefined }): string {
  return expects === undefined ? "" : ` if its version is ${expects}`;
}

export const targetName = (number: number) => `target${number}`;
export const fallbackName = (number: number) => `fallback${number}`;
