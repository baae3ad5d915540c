import type { Limits } from "./fair-limiter.ts";
import { searchLimits } from "./search-limits.ts";

/**
 * How many imports, and how many bulk changes, a process takes on: one of each. Its transaction may last for seconds, and
 * few run at once, so that other tenants' changes would wait for all of them.
 */
export const MANY_ROWS_LIMITS: Limits = searchLimits(1);
