import { startTestStack } from "../support/test-stack.ts";
import { picturesSuite } from "./suites/pictures.ts";

picturesSuite(startTestStack);
