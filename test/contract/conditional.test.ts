import { overBothAdapters } from "../support/both-adapters.ts";
import { conditionalSuite } from "./suites/conditional.ts";

await overBothAdapters(conditionalSuite);
