import { pageTag } from "../../core/code/code-tag.ts";
import { spliced, taggedCodes } from "../../core/code/reply-text.ts";
import { isSearch } from "../../data/postgres/list-query.ts";
import { type HttpHandler, tenantEndpoint } from "../http/endpoint.ts";
import { unlessKnown } from "../http/if-none-match.ts";
import { CACHED, jsonText } from "../http/reply.ts";
import { validate } from "../http/validate.ts";
import { required } from "../runtime/env.ts";
import { searchLimiter } from "../runtime/search-limits.ts";
import type { Services } from "../runtime/services.ts";
import { isFirstPage, listQuery, refuseBesideDeleted } from "./schema.ts";
import { listPage } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  const searches = searchLimiter(services.env);
  return tenantEndpoint("list", services, async ({ tenantId, event }) => {
    const query = validate(listQuery, event.queryStringParameters ?? {}, "query");
    refuseBesideDeleted(query);
    const list = () => listPage(services, tenantId, query);
    const { reply, scans, today, nextCursor, cached } = await (isSearch({ search: query.q, tag: query.tag })
      ? searches(tenantId, list)
      : list());
    const now = services.now();
    const qrCodes = spliced(reply, scans, baseUrl, now, today?.scans);
    const date = today ? `,"date":"${today.date}"` : "";
    const next = nextCursor === null ? "" : `,"nextCursor":${JSON.stringify(nextCursor)}`;
    const page = `{"qrCodes":${qrCodes},"count":${scans.length},"cached":${cached}${date}${next}}`;
    const headers = {
      etag: pageTag(taggedCodes(reply, scans, now), nextCursor, today),
      ...(nextCursor === null ? {} : { link: linkToNext(event.rawQueryString, nextCursor) }),
    };
    // Any other page than the default one never comes from Redis.
    const shown = { ...jsonText(200, page, headers), ...(isFirstPage(query) ? { [CACHED]: cached } : {}) };
    return unlessKnown(event.headers["if-none-match"], shown);
  });
}

/** The same list from the next code on, as RFC 8288 has it: beside the body's cursor, for clients that know links. */
function linkToNext(rawQuery: string, nextCursor: string): string {
  const query = new URLSearchParams(rawQuery);
  query.set("cursor", nextCursor);
  return `</qr?${query}>; rel="next"`;
}
