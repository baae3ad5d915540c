import * as z from "zod";
import { QR_ID, TENANT_ID } from "../../core/ids.ts";
import type { Operation } from "../../functions/http/operation.ts";
import type { Route, RouteName } from "../../functions/manifest.ts";
import { described, operations } from "./operations.ts";
import { problem, problemTitles } from "./problems.ts";

type Json = Record<string, unknown>;

/** What the local gateway says of a limit that it was given; API Gateway's own 429 has none of them. */
const LIMIT_HEADERS = {
  "Retry-After": {
    description: "seconds after which the route takes a request again",
    schema: { type: "integer" },
  },
  RateLimit: {
    description: '`"name";r=requests left;t=seconds until all are back`',
    schema: { type: "string" },
  },
  "RateLimit-Policy": { description: '`"name";q=requests;w=seconds`', schema: { type: "string" } },
};

/** Problems of any route, and of any that acts for a tenant. */
const COMMON_PROBLEMS = [429, 431, 500, 503];
const TENANT_PROBLEMS = [401, 403];

/** The API as OpenAPI 3.1, from the table of routes and the schemas that requests are checked with. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const route of described) {
    const item = paths[route.path] ?? {};
    paths[route.path] = item;
    for (const method of route.methods) item[method.toLowerCase()] = operationOf(route, method);
  }
  return {
    openapi: "3.1.0",
    info: { title: "QR service", version: "1.0.0", description: "Dynamic QR codes for many tenants" },
    security: [],
    paths,
    components: {
      securitySchemes: { jwt: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
      schemas: { Problem: schemaOf(problem, "output") },
    },
  };
}

function operationOf(route: Route, method: string): Json {
  const operation = operations[route.name as RouteName];
  return {
    operationId: method === "HEAD" ? `${route.name}Head` : route.name,
    summary: route.summary,
    ...(route.scope ? { security: [{ jwt: [route.scope] }] } : {}),
    parameters: parametersOf(route, operation),
    ...(operation.body
      ? {
          requestBody: {
            required: true,
            content: requestTypes(operation.body, operation.bodyTypes),
          },
        }
      : {}),
    responses: responsesOf(route, operation, method === "HEAD"),
  };
}

function parametersOf(route: Route, { query, headers = {} }: Operation): Json[] {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string", pattern: QR_ID.source },
  }));
  const tenant = route.scope
    ? [{ name: "X-Tenant-ID", in: "header", schema: { type: "string", pattern: TENANT_ID.source } }]
    : [];
  const { properties = {} } = query ? schemaOf(query, "input") : {};
  const inQuery = Object.entries(properties as Json).map(([name, schema]) => ({ name, in: "query", schema }));
  const inHeader = Object.entries(headers).map(([name, schema]) => ({
    name,
    in: "header",
    schema: schemaOf(schema, "input"),
  }));
  return [...inPath, ...tenant, ...inHeader, ...inQuery];
}

function responsesOf(route: Route, { replies, problems }: Operation, withoutBody: boolean): Json {
  const responses: Json = {};
  for (const [status, { description, content }] of Object.entries(replies)) {
    responses[status] = {
      description,
      ...(content && !withoutBody ? { content: mediaTypes(content) } : {}),
    };
  }
  for (const status of [...problems, ...COMMON_PROBLEMS, ...(route.scope ? TENANT_PROBLEMS : [])]) {
    const content = {
      "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
      ...(route.name === "scan" ? { "text/html": { schema: { type: "string" } } } : {}),
    };
    const existing = (responses[status] ?? {}) as { content?: Json };
    responses[status] = {
      description: problemTitles.get(status),
      ...(status === 429 ? { headers: LIMIT_HEADERS } : {}),
      ...existing,
      ...(withoutBody ? {} : { content: { ...existing.content, ...content } }),
    };
  }
  return responses;
}

function requestTypes(body: z.ZodType, types: readonly string[] = ["application/json"]): Json {
  return Object.fromEntries(types.map((type) => [type, { schema: schemaOf(body, "input") }]));
}

function mediaTypes(content: Record<string, z.ZodType>): Json {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [type, { schema: schemaOf(schema, "output") }]),
  );
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return json;
}
