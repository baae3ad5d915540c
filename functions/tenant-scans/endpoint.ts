import { type HttpHandler, tenantEndpoint } from "../http/endpoint.ts";
import { rowsReply } from "../http/rows.ts";
import { scansPage } from "../http/scans-page.ts";
import { scansQuery } from "../http/scans-query.ts";
import { validate } from "../http/validate.ts";
import { searchLimiter } from "../runtime/search-limits.ts";
import type { Services } from "../runtime/services.ts";

export function createHandler(services: Services): HttpHandler {
  const exports = searchLimiter(services.env);
  return tenantEndpoint("tenant-scans", services, async ({ tenantId, event }) => {
    const query = validate(scansQuery, event.queryStringParameters ?? {}, "query");
    const page = await exports(tenantId, () => scansPage(services, { tenantId }, query));
    return rowsReply({ path: "/scans", rawQuery: event.rawQueryString, name: "scans" }, query, page);
  });
}
