import { type HttpHandler, tenantEndpoint } from "../http/endpoint.ts";
import { rowsReply } from "../http/rows.ts";
import { validate } from "../http/validate.ts";
import { required } from "../runtime/env.ts";
import { searchLimiter } from "../runtime/search-limits.ts";
import type { Services } from "../runtime/services.ts";
import { exportQuery } from "./schema.ts";
import { exportPage } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  const exports = searchLimiter(services.env);
  return tenantEndpoint("export", services, async ({ tenantId, event }) => {
    const query = validate(exportQuery, event.queryStringParameters ?? {}, "query");
    const page = await exports(tenantId, () => exportPage(services, tenantId, query, baseUrl));
    return rowsReply({ path: "/export", rawQuery: event.rawQueryString, name: "codes" }, query, page);
  });
}
