import { presentCode } from "../../core/code/qr-code.ts";
import { isSearch } from "../../data/postgres/list-query.ts";
import { type HttpHandler, tenantEndpoint } from "../http/endpoint.ts";
import { json } from "../http/reply.ts";
import { validate } from "../http/validate.ts";
import { required } from "../runtime/env.ts";
import { fairLimiter } from "../runtime/fair-limiter.ts";
import type { Services } from "../runtime/services.ts";
import { listQuery } from "./schema.ts";
import { searchLimits } from "./search-limits.ts";
import { listPage } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  const searches = fairLimiter(searchLimits(Number(required(services.env, "DATABASE_POOL_SIZE"))));
  return tenantEndpoint(services, async ({ tenantId, event }) => {
    const query = validate(listQuery, event.queryStringParameters ?? {}, "query");
    const list = () => listPage(services, tenantId, query);
    const { codes, nextCursor, cached } = await (isSearch({ search: query.q, tag: query.tag })
      ? searches(tenantId, list)
      : list());
    const now = services.now();
    const qrCodes = codes.map(({ code, scans }) => presentCode(code, scans, baseUrl, now));
    if (nextCursor === null) return json(200, { qrCodes, count: qrCodes.length, cached });
    const headers = { link: linkToNext(event.rawQueryString, nextCursor) };
    return json(200, { qrCodes, count: qrCodes.length, cached, nextCursor }, headers);
  });
}

/** The same list from the next code on, as RFC 8288 has it: beside the body's cursor, for clients that know links. */
function linkToNext(rawQuery: string, nextCursor: string): string {
  const query = new URLSearchParams(rawQuery);
  query.set("cursor", nextCursor);
  return `</qr?${query}>; rel="next"`;
}
