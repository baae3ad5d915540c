import { overBothAdapters } from "../support/both-adapters.ts";
import { restoreSuite } from "./suites/restore.ts";

await overBothAdapters(restoreSuite);
