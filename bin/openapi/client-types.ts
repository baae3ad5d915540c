import type { Json } from "./schemas.ts";

interface Schema extends Json {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  allOf?: Schema[];
  orNull?: boolean;
  enum?: (string | null)[];
  $ref?: string;
  description?: string;
}

interface Described {
  paths: Record<string, Record<string, DescribedOperation>>;
  components: { schemas: Record<string, Schema> };
}

interface DescribedOperation {
  operationId: string;
  parameters?: { name: string; in: string; description?: string; schema: Schema }[];
}

const HEADER = "// Written by `npm run openapi` from openapi.json.\n";

/** The types of the TypeScript client: one for each named schema, and one for the query of each operation that has one. */
export function clientTypes(document: unknown): string {
  const { paths, components } = withNullables(document as Described);
  const named = Object.entries(components.schemas).map(([name, schema]) => declaration(name, schema));
  const queries = Object.values(paths)
    .flatMap(({ head: _sameAsGet, ...operations }) => Object.values(operations))
    .flatMap(({ operationId, parameters = [] }) => {
      const taken = parameters.filter((parameter) => parameter.in === "query");
      return taken.length === 0 ? [] : [declaration(queryTypeName(operationId), queryOf(taken))];
    });
  return [HEADER, ...named, ...queries].join("\n");
}

/** Says beside each reference to a schema that may be null that it may. */
function withNullables(document: Described): Described {
  const nullable = Object.entries(document.components.schemas)
    .filter(([, { type }]) => type?.includes("null"))
    .map(([name]) => name);
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== "object" || value === null) return value;
    const { $ref } = value as Schema;
    if ($ref !== undefined) return { ...value, orNull: nullable.includes(nameOf($ref)) };
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, visit(member)]));
  };
  return visit(document) as Described;
}

/** The name of the type of an operation's query. */
export function queryTypeName(operationId: string): string {
  return `${operationId.replace(/(?:^|-)(.)/g, (_, first: string) => first.toUpperCase())}Query`;
}

function queryOf(parameters: NonNullable<DescribedOperation["parameters"]>): Schema {
  const properties = parameters.map(({ name, description = "", schema }) => [
    name,
    { ...schema, description },
  ]);
  return { type: "object", properties: Object.fromEntries(properties) };
}

function declaration(name: string, schema: Schema): string {
  if (schema.type === "string") return `export type ${name} = string;\n`;
  const parts = schema.allOf ?? [];
  const bases = parts.flatMap(({ $ref }) => ($ref ? [nameOf($ref)] : []));
  const { properties = {}, required = [] } = parts.find((part) => part.properties) ?? schema;
  const parents = bases.length > 0 ? ` extends ${bases.join(", ")}` : "";
  return `export interface ${name}${parents} {\n${members(properties, required)}}\n`;
}

function members(properties: Record<string, Schema>, required: string[]): string {
  return Object.entries(properties)
    .map(([name, schema]) => {
      const comment = schema.description ? `  /** ${schema.description} */\n` : "";
      return `${comment}  ${name}${required.includes(name) ? "" : "?"}: ${typeOf(schema)};\n`;
    })
    .join("");
}

/** @throws Error for a schema that no type of the client stands for */
function typeOf(schema: Schema): string {
  if (schema.$ref) return `${nameOf(schema.$ref)}${schema.orNull ? " | null" : ""}`;
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.type === undefined) return "unknown";
  return [schema.type]
    .flat()
    .map((type) => typeNamed(type, schema))
    .join(" | ");
}

function typeNamed(type: string, schema: Schema): string {
  if (type === "integer" || type === "number") return "number";
  if (["string", "boolean", "null"].includes(type)) return type;
  if (type === "array" && schema.items) return `${grouped(typeOf(schema.items))}[]`;
  throw new Error(`the client has no type for ${JSON.stringify(schema)}`);
}

/** A union of types as one. */
function grouped(type: string): string {
  return type.includes(" | ") ? `(${type})` : type;
}

function nameOf(reference: string): string {
  return reference.split("/").at(-1) ?? "";
}
