import { readTenantHistory } from "../../data/postgres/code-history.ts";
import { type HttpHandler, tenantEndpoint } from "../http/endpoint.ts";
import { historyReply } from "../http/history-page.ts";
import type { Services } from "../runtime/services.ts";

export function createHandler(services: Services): HttpHandler {
  return tenantEndpoint("tenant-history", services, async ({ tenantId, event }) =>
    historyReply(event, (page) => readTenantHistory(services.db, tenantId, page)),
  );
}
