import { noStaleReadSuite } from "../support/model/suite.ts";

/*
 * That it can fail was tried, with three seeds each, and took so many operations and seconds until it told the few
 * requests that show it, when
 *
 * - a fill of an entry does not look at its fence:                 60 to 254 operations, 0.5 to 1.3 s
 * - a fill of a link does not look at its fence:                   136 to 829, 0.3 to 2.5 s
 * - an invalidation deletes the keys and leaves the fences:        60 to 708, 0.2 to 2.6 s
 * - the fence is opened after the query instead of before it:      80 to 810, 0.6 to 3.3 s
 * - the invalidation comes before the commit:                      92 to 339, 0.4 to 0.9 s
 * - it leaves out the list, the entry or the link:                 30 to 166, 0.1 to 0.4 s
 * - a new code invalidates nothing:                                34 to 54, 0.3 to 0.4 s
 * - a fence that is absent allows the fill of an entry:            245 to 2,049, 0.6 to 7.4 s
 * - a fence that is absent allows the fill of a link:              1,702 to 8,573, 7 to 40 s
 * - a deletion leaves the counters, or a tombstone raises them:    156 to 390, 1 to 3 s
 * - a scan whose fill was refused counts all the same:             1,593 to 4,496, 6 to 20 s
 *
 * What takes thousands of operations is for the long run to find.
 */
await noStaleReadSuite(1_500, 120_000);
