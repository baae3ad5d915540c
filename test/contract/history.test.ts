import { overBothAdapters } from "../support/both-adapters.ts";
import { historySuite } from "./suites/history.ts";

await overBothAdapters(historySuite);
