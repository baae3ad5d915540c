import { createHandlers } from "../../bin/local/handlers.ts";
import { type ManyRowsOptions, manyRowsThread } from "../../bin/local/many-rows-thread.ts";
import { countedMetrics } from "../../bin/local/metrics/counted.ts";
import { routes, triggers } from "../../functions/manifest.ts";
import { type Env, readEnv } from "../../functions/runtime/env.ts";
import { servicesFrom } from "../../functions/runtime/services.ts";
import { type StackServers, type StartHandlers, TEST_VISITOR_KEY } from "./test-stack.ts";

/** The checked variables of a process beside a stack's own. @throws Error without a Redis that is shared */
export function envBeside({ baseUrl, database, redisUrl, tokens }: StackServers): Env {
  if (!redisUrl) throw new Error("a thread needs a Redis that it shares");
  return readEnv(
    [...routes, ...triggers].flatMap((part) => [...part.uses]),
    {
      DATABASE_URL: database.url,
      DATABASE_POOL_SIZE: "5",
      REDIS_URL: redisUrl,
      REDIS_TIMEOUT_MS: "5000",
      PUBLIC_BASE_URL: baseUrl,
      VISITOR_KEY: TEST_VISITOR_KEY,
      ...tokens,
    },
  );
}

/** Every endpoint as the local gateway has it: those of many rows in a thread of their own. */
export function handlersWithThread(given: Partial<ManyRowsOptions> = {}): StartHandlers {
  return async (servers) => {
    const env = envBeside(servers);
    const services = await servicesFrom(env, { log: servers.log });
    const thread = manyRowsThread({ env, counted: countedMetrics(), ...given });
    return {
      handlers: { ...createHandlers(services), ...thread.handlers },
      close: async () => {
        await thread.close();
        await services.close();
      },
    };
  };
}
