import * as z from "zod";

export type Json = Record<string, unknown>;

type Io = "input" | "output";

/** Largest value of an `int32`: a generated client would overflow beyond it. */
const INT32_MAX = 2 ** 31 - 1;

/**
 * The schemas of one description. What was given a name by `component` stands once, under `components.schemas`.
 */
export class Schemas {
  readonly components: Json = {};

  /** Most replies are one of a few problems: each schema is converted once. */
  readonly #converted = { input: new Map<z.ZodType, Json>(), output: new Map<z.ZodType, Json>() };

  /** What a request may hold: unknown fields are refused. */
  request(schema: z.ZodType): Json {
    return this.#named(this.#plain(schema, "input"), "input") as Json;
  }

  /** What a reply holds: it may get further fields at any time. */
  reply(schema: z.ZodType): Json {
    return this.#named(this.#plain(schema, "output"), "output") as Json;
  }

  #plain(schema: z.ZodType, io: Io): Json {
    const converted = this.#converted[io].get(schema) ?? plain(schema, io);
    this.#converted[io].set(schema, converted);
    return converted;
  }

  /** Brings every part into the form that is published, and each named one to its place. The given value stays as it is. */
  #named(value: unknown, io: Io): unknown {
    if (Array.isArray(value)) return value.map((entry) => this.#named(entry, io));
    if (typeof value !== "object" || value === null) return value;
    const members = Object.entries(value).map(([name, member]) => [name, this.#named(member, io)]);
    const { component, ...json } = Object.fromEntries(members) as Json;
    generatable(json, io);
    return typeof component === "string" ? this.#refer(component, json) : json;
  }

  /** @throws Error if two schemas bear one name */
  #refer(name: string, json: Json): Json {
    const known = this.components[name];
    if (known && JSON.stringify(known) !== JSON.stringify(json))
      throw new Error(`two schemas bear the name ${name}`);
    this.components[name] = json;
    return { $ref: `#/components/schemas/${name}` };
  }
}

function plain(schema: z.ZodType, io: Io): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
  });
  return json;
}

/** Brings a schema into the form that generators of clients understand. */
function generatable(schema: Json, io: Io): void {
  // Beside a format a pattern makes a generator treat the value as text, or fail.
  if (schema.format === "date" || schema.format === "date-time") delete schema.pattern;
  if (schema.type === "integer") describeInteger(schema);
  if (schema.default === null) delete schema.default;
  // Spelled out: some generators take its absence for `false`.
  if (io === "output" && schema.additionalProperties === false) schema.additionalProperties = true;
  foldNull(schema);
}

/** A query holds an integer as text, which the service checks by a pattern. */
function describeInteger(schema: Json): void {
  delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (typeof schema.maximum !== "number" || schema.maximum > INT32_MAX) schema.format = "int64";
}

/** `anyOf` of a type and `null` becomes one schema of two types. */
function foldNull(schema: Json): void {
  const [given, none, ...more] = (schema.anyOf ?? []) as Json[];
  if (more.length > 0 || none?.type !== "null" || typeof given?.type !== "string") return;
  delete schema.anyOf;
  Object.assign(schema, {
    ...given,
    ...schema,
    type: [given.type, "null"],
    ...(given.enum ? { enum: [...(given.enum as unknown[]), null] } : {}),
  });
}
