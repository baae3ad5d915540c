import * as z from "zod";
import { periodQuery } from "../http/period-query.ts";

/** The query of `GET /qr/{qrId}/stats`. */
export const statsQuery = z.strictObject(periodQuery);

export type StatsQuery = z.output<typeof statsQuery>;
