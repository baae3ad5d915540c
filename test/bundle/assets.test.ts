import { afterAll, beforeAll, describe } from "vitest";
import { codesSuite } from "../contract/suites/codes.ts";
import { listSuite } from "../contract/suites/list.ts";
import { scanSuite } from "../contract/suites/scan.ts";
import { type Account, OPEN_TIMEOUT_MS, openAccount } from "../support/lambda/account.ts";
import { bundledHandlers } from "../support/lambda/bundled-handlers.ts";
import { lacks } from "../support/requirements.ts";
import { type StartStack, startTestStack } from "../support/test-stack.ts";
import { eventsSuite } from "./suites/events.ts";
import { weightSuite } from "./suites/weight.ts";

const noRedis = await lacks("redis-server");

/**
 * The gateway's suites again, against a stage's assets for each option of `redis`. Those of tenancy and of malformed
 * input are left out: they take as long as everything else here, for code that no bundling treats apart.
 */
describe.skipIf(noRedis).each([
  ["upstash", { codesSuite, listSuite, scanSuite }, { eventsSuite, weightSuite }],
  ["valkey", { scanSuite }, { weightSuite }],
] as const)("the assets for %s", (redis, contract, own) => {
  let account: Account;
  beforeAll(async () => {
    account = await openAccount(redis);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => account.close());

  const start: StartStack = (options) =>
    startTestStack({ ...options, startHandlers: bundledHandlers(() => account) });
  for (const [name, suite] of Object.entries(contract)) describe(name, () => suite(start));
  for (const [name, suite] of Object.entries(own)) describe(name, () => suite(() => account));
});
