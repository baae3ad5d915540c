import * as z from "zod";
import { component, listedCode } from "../../functions/http/operation.ts";
import { PROBLEMS } from "../../functions/http/problems.ts";
import { rowFailure } from "../../functions/http/rows-failed.ts";

export const problem = component(
  "Problem",
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    requestId: z.string(),
    current: listedCode.optional(),
    failed: z.int().optional().meta({ description: "rows of an import, or codes, that can't be written" }),
    failures: z.array(rowFailure).optional(),
    errors: z.array(component("FieldError", z.object({ path: z.string(), message: z.string() }))).optional(),
  }),
);

/** The title of each status that a problem may have; of several, all. */
export const problemTitles = new Map<number, string>(
  Object.values(PROBLEMS).map(({ status }) => [status, titlesOf(status).join(", or ")]),
);

function titlesOf(status: number): string[] {
  const titles = Object.values(PROBLEMS).filter((kind) => kind.status === status);
  return titles.map(({ title }, n) => (n === 0 ? title : title.charAt(0).toLowerCase() + title.slice(1)));
}
