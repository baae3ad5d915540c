import { overBothAdapters } from "../support/both-adapters.ts";
import { bulkSuite } from "./suites/bulk.ts";

await overBothAdapters(bulkSuite);
