import { replyFields } from "../../core/code/reply-fields.ts";
import { importFields } from "../../core/code/request-fields.ts";
import type { FieldChanges } from "../../data/postgres/change-codes.ts";
import type { Pause } from "../http/in-turns.ts";
import type { RowFailure } from "../http/rows-failed.ts";
import { check } from "../http/validate.ts";
import type { GivenRows } from "./read-rows.ts";
import { importRow } from "./schema.ts";

/** A row that is good by itself. */
export interface CheckedRow {
  line: number;
  /** None where the service makes one. */
  qrId: string | undefined;
  fields: FieldChanges;
}

export interface CheckedRows {
  rows: CheckedRow[];
  failures: RowFailure[];
}

/**
 * Checks each row by the rules of `generate` and `patch`; an ID that comes twice fails where it comes again. What an export
 * shows beside the fields is left out.
 */
export function rowChecker(publicBaseUrl: string) {
  const schema = importRow(publicBaseUrl);
  const taken = Object.keys(importFields(publicBaseUrl));
  const ignored = Object.keys(replyFields()).filter((name) => !taken.includes(name));

  return async ({ rows: given, failures }: GivenRows, pause: Pause): Promise<CheckedRows> => {
    const checked: CheckedRows = { rows: [], failures: [...failures] };
    const lineOf = new Map<string, number>();
    for (const { line, values } of given) {
      await pause();
      const { value, errors } = check(schema, without(values, ignored), "row");
      if (errors) {
        for (const error of errors) checked.failures.push({ line, ...error });
        continue;
      }
      const { qrId, ...fields } = value;
      const first = qrId ? lineOf.get(qrId) : undefined;
      if (first !== undefined) {
        checked.failures.push({ line, path: "qrId", message: `is also that of line ${first}` });
        continue;
      }
      if (qrId) lineOf.set(qrId, line);
      checked.rows.push({ line, qrId: qrId ?? undefined, fields });
    }
    return checked;
  };
}

function without(values: unknown, names: readonly string[]): unknown {
  if (typeof values !== "object" || values === null || Array.isArray(values)) return values;
  const left = { ...values } as Record<string, unknown>;
  for (const name of names) delete left[name];
  return left;
}
