import { NotFound } from "../../core/errors.ts";
import { readCodeHistory } from "../../data/postgres/code-history.ts";
import { type HttpHandler, qrIdOf, tenantEndpoint } from "../http/endpoint.ts";
import { historyReply } from "../http/history-page.ts";
import type { Services } from "../runtime/services.ts";

export function createHandler(services: Services): HttpHandler {
  return tenantEndpoint("history", services, async ({ tenantId, event }) => {
    const qrId = qrIdOf(event);
    return historyReply(event, async (page) => {
      const entries = await readCodeHistory(services.db, tenantId, qrId, page);
      if (!entries) throw new NotFound(qrId);
      return entries;
    });
  });
}
