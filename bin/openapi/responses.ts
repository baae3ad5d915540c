import type * as z from "zod";
import type { Operation } from "../../functions/http/operation.ts";
import { HEADERS_OF_STATUS, type HeaderName } from "../../functions/http/reply-headers.ts";
import type { Route } from "../../functions/manifest.ts";
import { problem, problemTitles } from "./problems.ts";
import type { Json, Schemas } from "./schemas.ts";

/** Problems of any route, and of any that acts for a tenant. */
const COMMON_PROBLEMS = [429, 431, 500, 503];
const TENANT_PROBLEMS = [401, 403];

/** Every status that an operation may answer with. */
export function responsesOf(
  route: Route,
  { replies, problems }: Operation,
  schemas: Schemas,
  withoutBody: boolean,
): Json {
  const responses: Record<string, Json> = {};
  for (const [status, { description, content, headers = [] }] of Object.entries(replies)) {
    responses[status] = {
      description,
      headers: headersOf(Number(status), headers),
      ...(content && !withoutBody ? { content: mediaTypes(content, schemas) } : {}),
    };
  }
  for (const status of [...problems, ...COMMON_PROBLEMS, ...(route.scope ? TENANT_PROBLEMS : [])]) {
    const content = {
      "application/problem+json": { schema: schemas.reply(problem) },
      ...(route.name === "scan" ? { "text/html": { schema: { type: "string" } } } : {}),
    };
    const existing = responses[status] as { content?: Json } | undefined;
    responses[status] = {
      description: problemTitles.get(status),
      headers: headersOf(status, []),
      ...existing,
      ...(withoutBody ? {} : { content: { ...existing?.content, ...content } }),
    };
  }
  return responses;
}

function headersOf(status: number, own: readonly HeaderName[]): Json {
  const names: HeaderName[] = ["X-Request-Id", ...own, ...(HEADERS_OF_STATUS[status] ?? [])];
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function mediaTypes(content: Record<string, z.ZodType>, schemas: Schemas): Json {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [type, { schema: schemas.reply(schema) }]),
  );
}
