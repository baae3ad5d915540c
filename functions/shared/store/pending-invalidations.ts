import type { Db } from "./db.ts";

/** Called when Redis has confirmed that it forgot the old value. */
export async function removePendingInvalidation(db: Db, id: number): Promise<void> {
  await db.write("DELETE FROM pending_invalidations WHERE id = $1", [id]);
}
