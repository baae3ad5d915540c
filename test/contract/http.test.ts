import { startTestStack } from "../support/test-stack.ts";
import { httpSuite } from "./suites/http.ts";

httpSuite(startTestStack);
