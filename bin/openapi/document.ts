import type { Operation } from "../../functions/http/operation.ts";
import { REPLY_HEADERS } from "../../functions/http/reply-headers.ts";
import type { Route, RouteName } from "../../functions/manifest.ts";
import { described, operations } from "./operations.ts";
import { parametersOf } from "./parameters.ts";
import { responsesOf } from "./responses.ts";
import { type Json, Schemas } from "./schemas.ts";

/** Raised by whatever breaks a client: `docs/api.md` says what does. */
const CONTRACT_VERSION = "1.0.0";

const DESCRIPTION = `Dynamic QR codes for many tenants.

Replies and their objects may get further fields at any time; requests with unknown fields are refused.

A path by a method that it does not take is 405 with \`Allow\`. Some replies only API Gateway can give, as
\`application/json\` with a \`message\` and without \`X-Request-Id\`: 413 for a body of more than 10 MB, 429 beyond a
route's limit. No operation answers 406 or 412: what a client can't take by its \`Accept\` is
sent as the operation's first type, and \`If-Match\` is not read.

Reading a code with \`format=svg\` or \`png\`, or with an \`Accept\` that prefers an image, answers with its picture, as its own operation does.`;

const SERVERS = [
  { url: "/", description: "where this description is served" },
  { url: "http://localhost:3002", description: "`npm start`" },
];

const TAGS = {
  codes: "What a tenant does with its codes",
  keys: "The API keys of a tenant's machines",
  public: "What needs no token: scans, and the service's own state",
};

/** Either of them, in the same header. */
const SECURITY = {
  jwt: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "a person's token" },
  apiKey: { type: "http", scheme: "bearer", bearerFormat: "qrs_…", description: "a machine's API key" },
};

/** The API as OpenAPI 3.1, from the table of routes and the schemas that requests are checked with. */
export function openApiDocument(): Json {
  const schemas = new Schemas();
  const paths: Record<string, Json> = {};
  for (const route of described) {
    const item = paths[route.path] ?? {};
    paths[route.path] = item;
    for (const method of route.methods) item[method.toLowerCase()] = operationOf(route, method, schemas);
  }
  return {
    openapi: "3.1.0",
    info: { title: "QR service", version: CONTRACT_VERSION, description: DESCRIPTION },
    servers: SERVERS,
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [],
    paths,
    components: {
      securitySchemes: SECURITY,
      headers: headers(schemas),
      schemas: schemas.components,
    },
  };
}

function operationOf(route: Route, method: string, schemas: Schemas): Json {
  const operation: Operation = operations[route.name as RouteName];
  const tag: keyof typeof TAGS =
    route.scope === undefined ? "public" : route.partOf === "keys" ? "keys" : "codes";
  return {
    operationId: `${camelCase(route.name)}${method === "HEAD" ? "Head" : ""}`,
    summary: route.summary,
    tags: [tag],
    ...(route.scope
      ? { security: Object.keys(SECURITY).map((scheme) => ({ [scheme]: [route.scope] })) }
      : {}),
    parameters: parametersOf(route, operation, schemas),
    ...(operation.body ? { requestBody: { required: true, content: bodyOf(operation, schemas) } } : {}),
    responses: responsesOf(route, operation, schemas, method === "HEAD"),
  };
}

function bodyOf(
  { body, bodyTypes = ["application/json"], example, otherBodies = {} }: Operation,
  schemas: Schemas,
): Json {
  if (!body) return {};
  const content = { schema: schemas.request(body), ...(example ? { example } : {}) };
  const others = Object.entries(otherBodies).map(([type, other]) => [
    type,
    { schema: schemas.request(other.schema), example: other.example },
  ]);
  return { ...Object.fromEntries(bodyTypes.map((type) => [type, content])), ...Object.fromEntries(others) };
}

function headers(schemas: Schemas): Json {
  return Object.fromEntries(
    Object.entries(REPLY_HEADERS).map(([name, header]) => {
      const { description, ...schema } = schemas.reply(header);
      return [name, { description, schema }];
    }),
  );
}

/** A name of the manifest as generated clients name a method. */
function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
