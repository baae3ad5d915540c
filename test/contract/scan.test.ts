import { startTestStack } from "../support/test-stack.ts";
import { scanSuite } from "./suites/scan.ts";

scanSuite(startTestStack);
