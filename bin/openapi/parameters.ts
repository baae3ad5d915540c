import { QR_ID, TENANT_ID } from "../../core/ids.ts";
import type { Operation } from "../../functions/http/operation.ts";
import type { Route } from "../../functions/manifest.ts";
import type { Json, Schemas } from "./schemas.ts";

/** What an operation reads from the path, the headers and the query. */
export function parametersOf(route: Route, { query, headers = {} }: Operation, schemas: Schemas): Json[] {
  const { properties = {} } = query ? schemas.request(query) : {};
  const inHeader = Object.entries(headers).map(([name, schema]) => [name, schemas.request(schema)] as const);
  return [
    ...[...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => inPath(name)),
    ...(route.scope ? [tenant] : []),
    ...inHeader.map(([name, schema]) => parameter("header", name, schema)),
    ...Object.entries(properties as Record<string, Json>).map(([name, schema]) =>
      parameter("query", name, schema),
    ),
  ];
}

const tenant = parameter("header", "X-Tenant-ID", {
  type: "string",
  pattern: TENANT_ID.source,
  description: "which of the token's tenants is meant; required if it names several",
});

function inPath(name: string): Json {
  const schema = { type: "string", pattern: QR_ID.source, description: "the code's ID" };
  return { ...parameter("path", name, { ...schema, examples: ["summer-menu"] }), required: true };
}

function parameter(where: "path" | "query" | "header", name: string, schema: Json): Json {
  const { description, ...rest } = schema;
  return { name, in: where, ...(description ? { description } : {}), schema: rest };
}
