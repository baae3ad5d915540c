import { overBothAdapters } from "../support/both-adapters.ts";
import { keysSuite } from "./suites/keys.ts";

await overBothAdapters(keysSuite);
