import * as z from "zod";
import {
  alphanumericRules,
  importFields,
  WINDOW_ERROR,
  windowInOrder,
} from "../../core/code/request-fields.ts";
import { dryRun } from "../http/dry-run.ts";
import { component, count } from "../http/operation.ts";
import { rowFailure } from "../http/rows-failed.ts";

/** Most rows of one import. */
export const MAX_ROWS = 10_000;

/** The query of `POST /import`. */
export const importQuery = z.strictObject({
  mode: z
    .enum(["atomic", "partial"], "must be atomic or partial")
    .default("atomic")
    .meta({ description: "`atomic` (the default) imports all rows or none, `partial` those that are good" }),
  onConflict: z.enum(["fail", "update", "skip"], "must be fail, update or skip").default("fail").meta({
    description: "what becomes of a row whose `qrId` the tenant has a code of: `fail` is the default",
  }),
  dryRun,
});

export type ImportQuery = z.output<typeof importQuery>;

/** One row. `null` is an option's default; what is absent stays as it is, or is the default of a new code. */
export function importRow(publicBaseUrl: string) {
  const [isPossible, fitsId] = alphanumericRules(publicBaseUrl);
  return z
    .strictObject(importFields(publicBaseUrl), { error: "must be a JSON object" })
    .partial()
    .refine(windowInOrder, WINDOW_ERROR)
    .refine(isPossible.holds, isPossible.error)
    .refine(fitsId.holds, fitsId.error);
}

export type ImportRow = z.output<ReturnType<typeof importRow>>;

/** What became of a row that did not fail. */
export const RESULTS = ["created", "updated", "unchanged", "skipped"] as const;

export const importReport = component(
  "ImportReport",
  z.object({
    dryRun: z.boolean(),
    rows: count,
    created: count,
    updated: count,
    unchanged: count.meta({ description: "codes that had all of it already" }),
    skipped: count,
    failed: count.meta({ description: "rows" }),
    failures: z.array(rowFailure).meta({ description: "the first 1,000, by line" }),
    codes: z
      .array(
        component(
          "ImportedCode",
          z.object({
            line: z.int().min(1),
            qrId: z.string().nullable().meta({ description: "`null` in a dry run that would make it" }),
            result: z.enum(RESULTS),
          }),
        ),
      )
      .meta({ description: "the rows that did not fail, in their order" }),
  }),
);

export type ImportReport = z.output<typeof importReport>;
