import type { Pictured } from "../read-pictured.ts";
import { CODE_COLUMNS, type CodeRow, codeOf } from "./code-row.ts";
import type { Db } from "./db.ts";
import { prepared } from "./prepared.ts";
import { tenantStyleOf } from "./tenant-styles.ts";

const FIND = prepared(
  `SELECT ${CODE_COLUMNS}, ${tenantStyleOf("qr_codes")} AS tenant_style
   FROM qr_codes WHERE qr_id = $1 AND deleted_at IS NULL`,
);

/** What a code's picture is drawn of, whichever tenant's it is; `undefined` if there is none, or none any more. */
export async function findPictured(db: Db, qrId: string): Promise<Pictured | undefined> {
  const [row] = await db.read<CodeRow & { tenant_style: Pictured["tenantStyle"] }>(FIND, [qrId]);
  return row && { code: codeOf(row), tenantStyle: row.tenant_style };
}
