import { QR_ID, TENANT_ID } from "../ids.ts";

/** The requests that may set a field. */
export type Setter = "generate" | "patch";

/** What a field may hold, as plain data: a scan's bundle carries this table and no validator. */
export type Bounds =
  | { kind: "id"; pattern: RegExp }
  | { kind: "text"; maxLength: number }
  | { kind: "texts"; maxLength: number; maxEntries: number }
  | { kind: "choice"; of: readonly string[] }
  | { kind: "instant" }
  | { kind: "integer"; min: number; max: number }
  | { kind: "url" }
  | { kind: "flag" }
  | { kind: "style" };

export type Kind = Bounds["kind"];

export type Field = Bounds & {
  /** In the table `qr_codes`. Accepts NULL if the default is `null`, and only then. */
  column: string;
  /** Empty for what the service alone decides. */
  setBy: readonly Setter[];
  /**
   * What a code holds unless a request says otherwise; `null` stands for "none". A field that a request may set and
   * that has no default is required by `generate`. A field with a default that `generate` may set is an option: `patch`
   * takes `null` to reset it.
   */
  default?: null | string | number | boolean | readonly string[];
  /** Whether a scan needs it: `core/link/link.ts` gets it. */
  scan?: true;
};

const BY_SERVICE = [] as const;
const BY_CALLER = ["generate", "patch"] as const;
const BY_PATCH = ["patch"] as const;
const BY_GENERATE = ["generate"] as const;

/** Largest value of the column (Postgres `integer`). */
const MAX_INTEGER = 2_147_483_647;

/** Every field of a stored code, in the order of replies. `docs/add-a-field-or-endpoint.md` says how to add one. */
export const CODE_FIELDS = {
  qrId: { kind: "id", pattern: QR_ID, column: "qr_id", setBy: BY_SERVICE },
  tenantId: { kind: "id", pattern: TENANT_ID, column: "tenant_id", setBy: BY_SERVICE, scan: true },
  targetUrl: { kind: "url", column: "target_url", setBy: BY_CALLER, scan: true },
  name: { kind: "text", maxLength: 200, column: "name", setBy: BY_CALLER, default: null },
  tags: { kind: "texts", maxLength: 50, maxEntries: 20, column: "tags", setBy: BY_CALLER, default: [] },
  status: {
    kind: "choice",
    of: ["active", "paused"],
    column: "status",
    setBy: BY_PATCH,
    default: "active",
    scan: true,
  },
  startsAt: { kind: "instant", column: "starts_at", setBy: BY_CALLER, default: null, scan: true },
  expiresAt: { kind: "instant", column: "expires_at", setBy: BY_CALLER, default: null, scan: true },
  maxScans: {
    kind: "integer",
    min: 1,
    max: MAX_INTEGER,
    column: "max_scans",
    setBy: BY_CALLER,
    default: null,
    scan: true,
  },
  fallbackUrl: { kind: "url", column: "fallback_url", setBy: BY_CALLER, default: null, scan: true },
  alphanumeric: { kind: "flag", column: "alphanumeric", setBy: BY_GENERATE, default: false },
  style: { kind: "style", column: "style", setBy: BY_CALLER, default: null },
  createdAt: { kind: "instant", column: "created_at", setBy: BY_SERVICE },
  updatedAt: { kind: "instant", column: "updated_at", setBy: BY_SERVICE },
  version: { kind: "integer", min: 1, max: MAX_INTEGER, column: "version", setBy: BY_SERVICE },
} as const satisfies Record<string, Field>;
