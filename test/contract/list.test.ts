import { startTestStack } from "../support/test-stack.ts";
import { listSuite } from "./suites/list.ts";

listSuite(startTestStack);
