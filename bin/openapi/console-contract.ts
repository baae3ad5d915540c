import { queryTypeName } from "./client-types.ts";
import type { Json } from "./schemas.ts";

interface Schema extends Json {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}

interface Content {
  content?: Record<string, { schema: Schema }>;
}

interface DescribedOperation {
  operationId: string;
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

interface Described {
  paths: Record<string, Record<string, DescribedOperation>>;
  components: { schemas: Record<string, Schema> };
}

/** What a form can hold a value against. */
const KEPT = ["minLength", "maxLength", "minimum", "maximum", "maxItems", "enum"];

const SCHEMA = "../../clients/typescript/src/schema.ts";

/**
 * What the console knows of the API: where each operation is, the types of what it takes and gives, and the bounds of
 * what people type. So a change of the API breaks the console's build where it should.
 */
export function consoleContract(document: unknown): string {
  const { paths, components } = document as Described;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== "head" && method !== "parameters")
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const calls = operations.map(
    ({ path, operation }) => [operation.operationId, callOf(path, operation)] as const,
  );
  const named = [...new Set(calls.flatMap(([, call]) => call.types))].sort();
  const places = operations.map(({ method, path, operation: { operationId } }) => [
    operationId,
    { method, path },
  ]);
  return [
    "// Written by `npm run openapi` from openapi.json.",
    `import type { ${named.join(", ")} } from "${SCHEMA}";`,
    `export const OPERATIONS = ${JSON.stringify(Object.fromEntries(places))} as const;`,
    `export interface Calls {\n${calls.map(([name, { text }]) => `"${name}": ${text};`).join("\n")}\n}`,
    `export const BOUNDS = ${JSON.stringify(boundsOf(operations, components.schemas))} as const;\n`,
  ].join("\n\n");
}

function callOf(path: string, operation: DescribedOperation): { text: string; types: string[] } {
  const { operationId, parameters = [], requestBody, responses } = operation;
  const params = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `${name}: string`);
  const hasQuery = parameters.some((parameter) => parameter.in === "query");
  const query = hasQuery ? queryTypeName(operationId) : undefined;
  const body = requestBody && nameOf(Object.values(requestBody.content ?? {})[0]?.schema);
  const [, success] = Object.entries(responses).find(([status]) => status.startsWith("2")) ?? [];
  const reply = nameOf(success?.content?.["application/json"]?.schema);
  const isFile = Object.keys(success?.content ?? {}).some((type) => /^image\/|\/pdf$/.test(type));
  const replyType = reply ?? (isFile ? "Blob" : "undefined");
  const named = params.length > 0 ? `{ ${params.join("; ")} }` : "undefined";
  const text = `{ params: ${named}; query: ${query ?? "undefined"}; body: ${body ?? "undefined"}; reply: ${replyType} }`;
  return { text, types: [query, body, reply].filter((name) => name !== undefined) };
}

function boundsOf(operations: { operation: DescribedOperation }[], schemas: Record<string, Schema>): Json {
  const bodies = operations.flatMap(({ operation }) => {
    const name = nameOf(Object.values(operation.requestBody?.content ?? {})[0]?.schema);
    return name ? [[operation.operationId, fields(schemas[name]?.properties ?? {})]] : [];
  });
  const queries = operations.flatMap(({ operation }) => {
    const taken = (operation.parameters ?? []).filter((parameter) => parameter.in === "query");
    const named = taken.map(({ name, schema }) => [name, schema]);
    return taken.length > 0 ? [[operation.operationId, fields(Object.fromEntries(named))]] : [];
  });
  return Object.fromEntries([...bodies, ...queries]);
}

function fields(properties: Record<string, Schema>): Json {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, bounds(schema)]));
}

function bounds(schema: Schema): Json {
  const kept = Object.fromEntries(Object.entries(schema).filter(([name]) => KEPT.includes(name)));
  return schema.items ? { ...kept, items: bounds(schema.items) } : kept;
}

function nameOf(schema: Schema | undefined): string | undefined {
  return schema?.$ref?.split("/").at(-1);
}
