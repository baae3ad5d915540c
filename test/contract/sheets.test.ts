import { startTestStack } from "../support/test-stack.ts";
import { sheetsSuite } from "./suites/sheets.ts";

sheetsSuite(startTestStack);
