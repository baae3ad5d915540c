import type { ListPosition } from "../../core/code/cursor.ts";
import type { CodeCounts, StoredCode } from "../../core/code/qr-code.ts";
import { TooBroad } from "../../core/errors.ts";
import { type Answer, asJson } from "./as-json.ts";
import { CODE_COLUMNS, type CodeJson, type CodeRow, codeOf } from "./code-row.ts";
import { type Db, StatementTooLong } from "./db.ts";
import { isSearch, type ListFilter, listQuery } from "./list-query.ts";
import { prepared } from "./prepared.ts";
import { persistedScans, persistedScansOn } from "./scan-rollups.ts";

/** A code with the scans that are persisted: what the live counters must not be below. */
export interface FoundCode {
  code: StoredCode;
  counts: CodeCounts;
}

const FIND = prepared(
  asJson(
    `SELECT ${CODE_COLUMNS}, ${persistedScans("qr_codes")} AS scans, ${persistedScansOn("qr_codes", "$3")} AS today
     FROM qr_codes WHERE qr_id = $1 AND tenant_id = $2 AND deleted_at IS NULL`,
  ),
);

/**
 * Finds a tenant's code; `undefined` if it has none of that ID, even if another tenant has one.
 *
 * @param date the UTC day whose scans are asked for, `YYYY-MM-DD`
 */
export async function findCode(
  db: Db,
  tenantId: string,
  qrId: string,
  date: string,
): Promise<FoundCode | undefined> {
  const [found] = await db.read<Answer<CodeJson & CodeCounts>>(FIND, [qrId, tenantId, date]);
  if (!found) return undefined;
  const { scans, today } = found.answer;
  return { code: codeOf(found.answer), counts: { scans, today } };
}

/** Those of a tenant's codes that have these IDs, in any order. */
export async function findCodes(db: Db, tenantId: string, qrIds: readonly string[]): Promise<StoredCode[]> {
  const rows = await db.read<CodeRow>(
    `SELECT ${CODE_COLUMNS} FROM qr_codes WHERE qr_id = ANY($1) AND tenant_id = $2 AND deleted_at IS NULL`,
    [[...new Set(qrIds)], tenantId],
  );
  return rows.map(codeOf);
}

/** A code of a list with its persisted scans. */
export interface ListedCode {
  code: StoredCode;
  scans: number;
  /** On the day that was asked for; 0 if none was. */
  today: number;
  /** ISO 8601, milliseconds; of a tombstone alone. */
  deletedAt?: string;
}

/**
 * Bound on a search's statement, in milliseconds: twice the time of a text of common words that none of 250,000 codes
 * holds, and a third of the default statement bound, so that a request waiting for its connection still gets it.
 */
const SEARCH_MS = 1_000;

/**
 * A tenant's codes, newest first, by keyset: the cost of a page does not grow with what lies before it.
 *
 * @throws TooBroad if finding a page of what is searched for would take more than its share of the database
 */
export async function listCodes(db: Db, tenantId: string, filter: ListFilter): Promise<ListedCode[]> {
  const { sql, values } = listQuery(tenantId, filter);
  const rows = isSearch(filter) ? await searched(db, sql, values) : await db.read<ListRow>(sql, values);
  return rows.map((row) => ({ code: codeOf(row), scans: row.scans, today: row.today ?? 0 }));
}

/** A tenant's tombstones, last deleted first, by keyset. */
export async function listDeleted(
  db: Db,
  tenantId: string,
  { limit, after = BEHIND_ALL }: Pick<ListFilter, "limit" | "after">,
): Promise<ListedCode[]> {
  const rows = await db.read<ListRow & { deleted_at: Date }>(
    `SELECT ${CODE_COLUMNS}, deleted_at, ${persistedScans("qr_codes")} AS scans
     FROM qr_codes WHERE tenant_id = $1 AND deleted_at IS NOT NULL AND (deleted_at, qr_id) < ($2, $3)
     ORDER BY deleted_at DESC, qr_id DESC LIMIT $4`,
    [tenantId, after.createdAt, after.qrId, limit],
  );
  return rows.map((row) => ({
    code: codeOf(row),
    scans: row.scans,
    today: 0,
    deletedAt: row.deleted_at.toISOString(),
  }));
}

/** The longest ID of the last character stands behind every other. */
const BEHIND_ALL: ListPosition = { createdAt: "9999-12-31T23:59:59.999Z", qrId: "z".repeat(64) };

type ListRow = CodeRow & { scans: number; today?: number };

async function searched(db: Db, sql: string, values: unknown[]): Promise<ListRow[]> {
  try {
    const rows = await db.readWithin<ListRow & { too_broad: boolean }>(SEARCH_MS, sql, values);
    if (rows[0]?.too_broad) throw new TooBroad();
    return rows;
  } catch (error) {
    if (error instanceof StatementTooLong) throw new TooBroad({ cause: error });
    throw error;
  }
}
