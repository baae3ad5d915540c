import { startTestStack } from "../support/test-stack.ts";
import { staticPictureSuite } from "./suites/static-picture.ts";

staticPictureSuite(startTestStack);
