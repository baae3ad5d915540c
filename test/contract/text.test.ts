import { startTestStack } from "../support/test-stack.ts";
import { textSuite } from "./suites/text.ts";

textSuite(startTestStack);
