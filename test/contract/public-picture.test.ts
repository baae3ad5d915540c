import { startTestStack } from "../support/test-stack.ts";
import { publicPictureSuite } from "./suites/public-picture.ts";

publicPictureSuite(startTestStack);
