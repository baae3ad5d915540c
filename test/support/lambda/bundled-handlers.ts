import type { Handlers } from "../../../bin/local/gateway.ts";
import type { HttpReply } from "../../../functions/http/reply.ts";
import { lambdaOf, type Route, routes } from "../../../functions/manifest.ts";
import type { StartHandlers } from "../test-stack.ts";
import type { Account } from "./account.ts";
import { deployFunctions } from "./functions.ts";

/**
 * Every endpoint by its own asset, in sandboxes that start at its first request.
 *
 * @param account asked when a stack starts
 * @throws Error where the machine has no Redis that another process reaches
 */
export function bundledHandlers(account: () => Account): StartHandlers {
  return async ({ baseUrl, database, redisUrl, log, tokens }) => {
    if (!redisUrl) throw new Error("a bundle needs a Redis outside of this process");
    const functions = await deployFunctions(account(), {
      databaseUrl: database.url,
      redisUrl,
      publicUrl: baseUrl,
      log,
      tokens,
    });
    const handlers = (routes as readonly Route[]).map((route) => [
      route.name,
      (event: unknown) => functions.named(lambdaOf(route)).invoke(event) as Promise<HttpReply>,
    ]);
    return { handlers: Object.fromEntries(handlers) as Handlers, close: () => functions.stop() };
  };
}
