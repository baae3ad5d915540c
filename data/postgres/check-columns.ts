import type pg from "pg";
import { FIELDS } from "../../core/code/qr-code.ts";

interface Column {
  name: string;
  nullable: boolean;
}

/**
 * Checks that the schema can hold every field of a code, so that a field without its migration fails before it fails
 * requests.
 *
 * @throws Error naming each field whose column is missing, or accepts NULL where the field has no "none", or refuses it
 */
export async function checkColumns(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<Column>(
    `SELECT attname AS name, NOT attnotnull AS nullable FROM pg_attribute
     WHERE attrelid = 'qr_codes'::regclass AND attnum > 0 AND NOT attisdropped`,
  );
  const columns = new Map(rows.map(({ name, nullable }) => [name, nullable]));
  const faults = FIELDS.flatMap(([name, { column, default: fallback }]) => {
    const nullable = columns.get(column);
    const where = `the field ${name} of a code`;
    if (nullable === undefined) return [`${where} has no column qr_codes.${column}: a migration is missing`];
    if (nullable === (fallback === null)) return [];
    return [`${where} and its column qr_codes.${column} disagree on whether it may be null`];
  });
  if (faults.length > 0) throw new Error(faults.join("; "));
}
