import { type HttpHandler, tenantEndpoint } from "../http/endpoint.ts";
import { rowsReply } from "../http/rows.ts";
import { scansPage } from "../http/scans-page.ts";
import { scansQuery } from "../http/scans-query.ts";
import { validate } from "../http/validate.ts";
import { required } from "../runtime/env.ts";
import { fairLimiter } from "../runtime/fair-limiter.ts";
import { searchLimits } from "../runtime/search-limits.ts";
import type { Services } from "../runtime/services.ts";

export function createHandler(services: Services): HttpHandler {
  const exports = fairLimiter(searchLimits(Number(required(services.env, "DATABASE_POOL_SIZE"))));
  return tenantEndpoint("tenant-scans", services, async ({ tenantId, event }) => {
    const query = validate(scansQuery, event.queryStringParameters ?? {}, "query");
    const page = await exports(tenantId, () => scansPage(services, { tenantId }, query));
    return rowsReply({ path: "/scans", rawQuery: event.rawQueryString, name: "scans" }, query, page);
  });
}
