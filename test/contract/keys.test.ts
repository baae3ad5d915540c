import { startTestStack } from "../support/test-stack.ts";
import { keysSuite } from "./suites/keys.ts";

keysSuite(startTestStack);
