import { startTestStack } from "../support/test-stack.ts";
import { inputSuite } from "./suites/input.ts";

inputSuite(startTestStack);
