import { startTestStack } from "../support/test-stack.ts";
import { codesSuite } from "./suites/codes.ts";

codesSuite(startTestStack);
