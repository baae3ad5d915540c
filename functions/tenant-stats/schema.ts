import * as z from "zod";
import { tagQuery } from "../http/code-filter.ts";
import { periodQuery } from "../http/period-query.ts";

/** The query of `GET /stats`. */
export const tenantStatsQuery = z.strictObject({ ...periodQuery, tag: tagQuery });

export type TenantStatsQuery = z.output<typeof tenantStatsQuery>;
