import type { ScanField } from "../../core/code/field-types.ts";
import { CODE_FIELDS } from "../../core/code/fields.ts";
import { SCAN_FIELDS } from "../../core/code/qr-code.ts";
import { type Link, linkOf } from "../../core/link/link.ts";
import { type Answer, asJson } from "./as-json.ts";
import { fieldsOf, type JsonColumnsOf } from "./code-row.ts";
import type { Db } from "./db.ts";
import { prepared } from "./prepared.ts";
import { persistedScans } from "./scan-rollups.ts";

const LINK_COLUMNS = SCAN_FIELDS.map((name) => CODE_FIELDS[name].column).join(", ");

type LinkRow = JsonColumnsOf<ScanField> & { deleted_at: string | null; scans: number };

/** A link, and the scans that are persisted of it. */
export interface FoundLink {
  link: Link;
  scans: number;
}

const FIND = prepared(
  asJson(
    `SELECT ${LINK_COLUMNS}, deleted_at, ${persistedScans("qr_codes")} AS scans FROM qr_codes WHERE qr_id = $1`,
  ),
);

/** What a scan needs to know of a code; `null` for an ID that was never issued. */
export async function findLink(db: Db, qrId: string): Promise<FoundLink | null> {
  const [found] = await db.read<Answer<LinkRow>>(FIND, [qrId]);
  if (!found) return null;
  const row = found.answer;
  const deletedAt = row.deleted_at === null ? null : new Date(row.deleted_at);
  const link = linkOf({ ...fieldsOf(row, SCAN_FIELDS), deletedAt });
  // Filling the link raises the counter to this figure, and a deleted code's counter would stay forever.
  return { link, scans: row.deleted_at === null ? row.scans : 0 };
}
