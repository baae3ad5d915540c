import { readCode } from "../../data/read-code.ts";
import { type HttpHandler, qrIdOf, tenantEndpoint } from "../http/endpoint.ts";
import { rowsReply } from "../http/rows.ts";
import { scansPage } from "../http/scans-page.ts";
import { scansQuery } from "../http/scans-query.ts";
import { validate } from "../http/validate.ts";
import { searchLimiter } from "../runtime/search-limits.ts";
import type { Services } from "../runtime/services.ts";

export function createHandler(services: Services): HttpHandler {
  const exports = searchLimiter(services.env);
  return tenantEndpoint("scans", services, async ({ tenantId, event }) => {
    const qrId = qrIdOf(event);
    const query = validate(scansQuery, event.queryStringParameters ?? {}, "query");
    // Whether the tenant has such a code.
    await readCode(services, tenantId, qrId);
    const page = await exports(tenantId, () => scansPage(services, { tenantId, qrId }, query));
    const path = `/qr/${qrId}/scans`;
    return rowsReply({ path, rawQuery: event.rawQueryString, name: `scans-${qrId}` }, query, page);
  });
}
