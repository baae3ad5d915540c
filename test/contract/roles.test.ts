import { describe } from "vitest";
import { lacks } from "../support/requirements.ts";
import { handlersByRole } from "../support/role-services.ts";
import { type StartStack, startTestStack } from "../support/test-stack.ts";
import { codesSuite } from "./suites/codes.ts";
import { conditionalSuite } from "./suites/conditional.ts";
import { historySuite } from "./suites/history.ts";
import { listSuite } from "./suites/list.ts";
import { publicPictureSuite } from "./suites/public-picture.ts";
import { restoreSuite } from "./suites/restore.ts";
import { scanSuite } from "./suites/scan.ts";

const start: StartStack = (options) => startTestStack({ ...options, startHandlers: handlersByRole });

/** As in AWS, where no function is the database's owner. */
describe.skipIf(await lacks("redis-server"))("each endpoint with the rights of its own role", () => {
  describe("codes", () => codesSuite(start));
  describe("history", () => historySuite(start));
  describe("conditions", () => conditionalSuite(start));
  describe("public pictures", () => publicPictureSuite(start));
  describe("restore", () => restoreSuite(start));
  describe("list", () => listSuite(start));
  describe("scan", () => scanSuite(start));
});
