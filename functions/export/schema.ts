import * as z from "zod";
import { codeFilter } from "../http/code-filter.ts";
import { rowsQuery } from "../http/rows.ts";

/** The query of `GET /export`. */
export const exportQuery = z.strictObject({ ...rowsQuery, ...codeFilter });

export type ExportQuery = z.output<typeof exportQuery>;
