import type { Db, Row } from "./db.ts";
import { insertPendingInvalidation } from "./pending-invalidations.ts";

/** Codes of one statement, which locks them: at most some 20 ms of work. */
const BATCH = 200;

/**
 * The condition is that of the partial index `qr_codes_not_nfc`. A code that is being changed is left to the next batch:
 * its change may well bring its texts into form.
 */
const NORMALIZE = `
WITH found AS (
  SELECT qr_id FROM qr_codes WHERE NOT is_nfc(name, tags) ORDER BY qr_id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
), changed AS (
  UPDATE qr_codes SET version = version + 1, name = normalize(name, NFC), tags = ARRAY(
    SELECT normalize(tag, NFC) FROM unnest(tags) WITH ORDINALITY AS given(tag, place) GROUP BY 1 ORDER BY min(place))
  WHERE qr_id = ANY (ARRAY(SELECT qr_id FROM found))
  RETURNING tenant_id, qr_id, deleted_at
), invalidations AS (
  ${insertPendingInvalidation("changed", "deleted_at IS NOT NULL")}
)
SELECT count(*) AS changed FROM changed`;

/**
 * Brings names and tags that an older version stored into normalisation form C, which searches ask for. Tags that become
 * equal are merged into the first. `updatedAt` stays, and the history gets no entry: the tenant did not change the code. The
 * pending invalidations are stored in the same statement.
 *
 * @param maxBatches bounds the work of one call
 * @returns how many codes were changed
 */
export async function normalizeTexts(db: Db, maxBatches: number): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < maxBatches; batch++) {
    const [row] = await db.write<Row & { changed: number }>(NORMALIZE, []);
    const changed = row?.changed ?? 0;
    total += changed;
    if (changed < BATCH) break;
  }
  return total;
}
