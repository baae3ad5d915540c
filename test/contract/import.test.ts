import { overBothAdapters } from "../support/both-adapters.ts";
import { importSuite } from "./suites/import.ts";

await overBothAdapters(importSuite);
