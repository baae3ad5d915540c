import type { Handlers } from "../../bin/local/gateway.ts";
import { createHandlers } from "../../bin/local/handlers.ts";
import {
  type ApplicationRole,
  databaseRoleOf,
  type Route,
  routes,
  triggers,
} from "../../functions/manifest.ts";
import { readEnv } from "../../functions/runtime/env.ts";
import { type Services, servicesFrom } from "../../functions/runtime/services.ts";
import { type StackServers, type StartHandlers, TEST_VISITOR_KEY } from "./test-stack.ts";

/** The database as a role of the application sees it, whoever the URL's own user is. */
export function urlAs(role: string, databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set("options", `-c role=${role}`);
  return url.href;
}

/** The services of a function in AWS, which signs in as its role. @throws Error without a Redis that is shared */
export function servicesAs(
  role: ApplicationRole,
  { baseUrl, database, redisUrl, log, tokens }: StackServers,
): Promise<Services> {
  if (!redisUrl) throw new Error("services of their own need a Redis that they share");
  const uses = [...routes, ...triggers].flatMap((line) => [...line.uses]);
  const source = {
    DATABASE_URL: urlAs(role, database.url),
    DATABASE_POOL_SIZE: "5",
    REDIS_URL: redisUrl,
    PUBLIC_BASE_URL: baseUrl,
    VISITOR_KEY: TEST_VISITOR_KEY,
    ...tokens,
  };
  return servicesFrom(readEnv(uses, source), { log });
}

/** Every endpoint with the rights that its function has in the database. */
export const handlersByRole: StartHandlers = async (servers) => {
  const services = new Map<string, Services>();
  const handlers = await Promise.all(
    (routes as readonly Route[]).map(async (route) => {
      const role = databaseRoleOf(route.scope ? { scope: route.scope } : {});
      if (role === "owner") throw new Error("no route owns the schema");
      const known = services.get(role) ?? (await servicesAs(role, servers));
      services.set(role, known);
      return [route.name, createHandlers(known)[route.name as keyof Handlers]];
    }),
  );
  return {
    handlers: Object.fromEntries(handlers) as Handlers,
    close: async () => {
      await Promise.all([...services.values()].map((each) => each.close()));
    },
  };
};
