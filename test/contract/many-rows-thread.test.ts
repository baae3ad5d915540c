import { describe } from "vitest";
import { handlersWithThread } from "../support/many-rows-stack.ts";
import { lacks } from "../support/requirements.ts";
import { type StartStack, startTestStack } from "../support/test-stack.ts";
import { bulkSuite } from "./suites/bulk.ts";
import { importSuite } from "./suites/import.ts";

const start: StartStack = (options) => startTestStack({ ...options, startHandlers: handlersWithThread() });

/** As `npm start` answers them. */
describe.skipIf(await lacks("redis-server"))("in a thread of their own,", () => {
  describe("imports", () => importSuite(start));
  describe("bulk changes", () => bulkSuite(start));
});
