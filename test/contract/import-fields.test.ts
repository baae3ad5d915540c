import { overBothAdapters } from "../support/both-adapters.ts";
import { importFieldsSuite } from "./suites/import-fields.ts";

await overBothAdapters(importFieldsSuite);
