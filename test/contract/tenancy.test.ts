import { startTestStack } from "../support/test-stack.ts";
import { tenancySuite } from "./suites/tenancy.ts";

tenancySuite(startTestStack);
