import { createHandler as createDelete } from "../../functions/delete/endpoint.ts";
import { createHandler as createGenerate } from "../../functions/generate/endpoint.ts";
import { createHandler as createGet } from "../../functions/get/endpoint.ts";
import { createHandler as createHealth } from "../../functions/health/endpoint.ts";
import { createHandler as createList } from "../../functions/list/endpoint.ts";
import { createHandler as createPatch } from "../../functions/patch/endpoint.ts";
import type { Services } from "../../functions/runtime/services.ts";
import { createHandler as createScan } from "../../functions/scan/endpoint.ts";
import { createHandler as createStats } from "../../functions/stats/endpoint.ts";
import type { Handlers } from "./gateway.ts";

/** Every endpoint's handler over the same services. */
export function createHandlers(services: Services): Handlers {
  return {
    list: createList(services),
    get: createGet(services),
    stats: createStats(services),
    generate: createGenerate(services),
    patch: createPatch(services),
    delete: createDelete(services),
    scan: createScan(services),
    health: createHealth(services),
  };
}
