import { KEY_ID } from "../../core/auth/api-key.ts";
import { QR_ID, TENANT_ID } from "../../core/ids.ts";
import { LOGO_NAME } from "../../core/picture/logo-name.ts";
import type { Operation } from "../../functions/http/operation.ts";
import type { Route } from "../../functions/manifest.ts";
import type { Json, Schemas } from "./schemas.ts";

/** What an operation reads from the path, the headers and the query. */
export function parametersOf(route: Route, { query, headers = {} }: Operation, schemas: Schemas): Json[] {
  const { properties = {} } = query ? schemas.request(query) : {};
  const inHeader = Object.entries(headers).map(([name, schema]) => [name, schemas.request(schema)] as const);
  return [
    ...[...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => inPath(name as keyof typeof IN_PATH)),
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

/** The variable segments of paths. */
const IN_PATH = {
  qrId: { pattern: QR_ID.source, description: "the code's ID", examples: ["summer-menu"] },
  keyId: { pattern: KEY_ID.source, description: "the key's ID" },
  name: { pattern: LOGO_NAME.source, description: "the logo's name", examples: ["acme"] },
};

function inPath(name: keyof typeof IN_PATH): Json {
  return { ...parameter("path", name, { type: "string", ...IN_PATH[name] }), required: true };
}

function parameter(where: "path" | "query" | "header", name: string, schema: Json): Json {
  const { description, ...rest } = schema;
  return { name, in: where, ...(description ? { description } : {}), schema: rest };
}
