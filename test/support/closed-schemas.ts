type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A description whose objects hold nothing but what it names. Where a schema says `additionalProperties: true` it stays
 * open to what stands beside it in an `allOf`, and the whole is closed.
 */
export function closed(value: unknown, role: Role = "whole"): unknown {
  if (Array.isArray(value)) return value.map((entry) => closed(entry, role));
  if (!isObject(value)) return value;
  const { additionalProperties, ...schema } = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, closed(member, roleOf(key, role))]),
  );
  if (additionalProperties !== undefined && additionalProperties !== true)
    Object.assign(schema, { additionalProperties });
  const isOpen = "allOf" in schema || isSchemaReference(schema) || additionalProperties === true;
  return isOpen && role === "whole" ? { ...schema, unevaluatedProperties: false } : schema;
}

/** A part is closed by the whole that it belongs to. */
type Role = "whole" | "part" | "components";

function roleOf(key: string, parent: Role): Role {
  if (parent === "components" || key === "allOf") return "part";
  return key === "schemas" ? "components" : "whole";
}

function isSchemaReference({ $ref }: Json): boolean {
  return String($ref).startsWith("#/components/schemas/");
}
