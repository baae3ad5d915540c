type Json = Record<string, unknown>;

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Json;
}

interface Content {
  content?: Record<string, { schema?: Json }>;
}

interface Operation {
  parameters?: Parameter[];
  requestBody?: Content;
  responses: Record<string, Content & { headers?: Json }>;
}

interface Api {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json> };
}

/** Whether a schema is what a client sends or what it reads. */
type Direction = "sent" | "read";

const METHODS = ["get", "head", "post", "put", "patch", "delete"];
const LOWER = ["minimum", "minLength", "minItems", "minProperties"];
const UPPER = ["maximum", "maxLength", "maxItems", "maxProperties"];

/**
 * What a client of the description `before` can't do or read as it did, one line each: `docs/api.md` says what counts. A
 * changed pattern of what is sent counts, since nobody can tell whether it takes less.
 */
export function breakingChanges(before: unknown, after: unknown): string[] {
  const [old, now] = [before as Api, after as Api];
  const changes = Object.entries(old.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const [was, is] = [item[method], now.paths[path]?.[method]];
      const where = `${method.toUpperCase()} ${path}`;
      if (!was) return [];
      return is ? new Comparison(old, now).operation(where, was, is) : [`${where} is gone`];
    }),
  );
  return [...new Set(changes)];
}

class Comparison {
  readonly #old: Api;
  readonly #now: Api;
  readonly #seen = new Set<string>();

  constructor(old: Api, now: Api) {
    this.#old = old;
    this.#now = now;
  }

  operation(where: string, was: Operation, is: Operation): string[] {
    return [
      ...this.#parameters(where, was.parameters ?? [], is.parameters ?? []),
      ...(is.requestBody && !was.requestBody ? [`${where} requires a body`] : []),
      ...this.#content(`${where} body`, was.requestBody, is.requestBody, "sent"),
      ...Object.entries(was.responses).flatMap(([status, reply]) => {
        const current = is.responses[status];
        const name = `${where} ${status}`;
        // A problem that no longer occurs harms nobody.
        if (!current) return Number(status) < 400 ? [`${name} is gone`] : [];
        const headers = Object.keys(reply.headers ?? {}).filter((header) => !current.headers?.[header]);
        return [
          ...headers.map((header) => `${name} has no header ${header}`),
          ...this.#content(name, reply, current, "read"),
        ];
      }),
    ];
  }

  #parameters(where: string, was: Parameter[], is: Parameter[]): string[] {
    const keyOf = (parameter: Parameter) => `${parameter.in} ${parameter.name.toLowerCase()}`;
    const [old, now] = [was, is].map((list) => new Map(list.map((entry) => [keyOf(entry), entry])));
    const gone = [...(old ?? [])].flatMap(([key, parameter]) => {
      const current = now?.get(key);
      const name = `${where} ${key}`;
      return current ? this.#schema(name, parameter.schema, current.schema, "sent") : [`${name} is gone`];
    });
    const required = [...(now ?? [])]
      .filter(([key, { required }]) => required && !old?.get(key)?.required)
      .map(([key]) => `${where} ${key} is required`);
    return [...gone, ...required];
  }

  #content(where: string, was: Content = {}, is: Content = {}, direction: Direction): string[] {
    return Object.entries(was.content ?? {}).flatMap(([type, { schema }]) => {
      const current = is.content?.[type];
      if (!current) return [`${where} ${type} is gone`];
      return this.#schema(`${where} ${type}`, schema ?? {}, current.schema ?? {}, direction);
    });
  }

  #schema(where: string, was: Json, is: Json, direction: Direction): string[] {
    const pair = `${direction} ${was.$ref} ${is.$ref}`;
    if (was.$ref && this.#seen.has(pair)) return [];
    this.#seen.add(pair);
    const [old, now] = [flat(was, this.#old), flat(is, this.#now)];
    const properties = (schema: Json) => (schema.properties ?? {}) as Record<string, Json>;
    const members = Object.entries(properties(old)).flatMap(([name, member]) => {
      const current = properties(now)[name];
      const place = `${where}.${name}`;
      return current ? this.#schema(place, member, current, direction) : [`${place} is gone`];
    });
    const items = old.items
      ? this.#schema(`${where}[]`, old.items as Json, (now.items ?? {}) as Json, direction)
      : [];
    const own = direction === "sent" ? takesLess(old, now) : givesOther(old, now);
    return [...own.map((change) => `${where} ${change}`), ...members, ...items];
  }
}

/** A schema without references and with the members of its `allOf`. */
function flat(schema: Json, api: Api): Json {
  if (typeof schema.$ref === "string") return flat(api.components.schemas[nameOf(schema.$ref)] ?? {}, api);
  const parts = ((schema.allOf ?? []) as Json[]).map((part) => flat(part, api));
  const { allOf: _parts, ...own } = schema;
  const all = [...parts, own];
  return Object.assign({}, ...all, {
    properties: Object.assign({}, ...all.map((part) => part.properties ?? {})),
    required: all.flatMap((part) => list(part.required)),
  });
}

function takesLess(was: Json, is: Json): string[] {
  const bound = (schema: Json, name: string, none: number) => (schema[name] as number | undefined) ?? none;
  return [
    ...without(list(is.required), list(was.required)).map((name) => `requires ${name}`),
    ...without(list(was.type), list(is.type)).map((type) => `takes no ${type}`),
    ...(is.enum ? without(was.enum ? list(was.enum) : ["other words"], list(is.enum)) : []).map(
      (word) => `takes no ${word}`,
    ),
    ...LOWER.filter((name) => bound(is, name, -Infinity) > bound(was, name, -Infinity)).map(
      (name) => `has a higher ${name}`,
    ),
    ...UPPER.filter((name) => bound(is, name, Infinity) < bound(was, name, Infinity)).map(
      (name) => `has a lower ${name}`,
    ),
    ...["pattern", "format", "uniqueItems"]
      .filter((name) => is[name] !== undefined && is[name] !== was[name])
      .map((name) => `has another ${name}`),
    ...(is.additionalProperties === false && was.additionalProperties !== false
      ? ["takes no other fields"]
      : []),
  ];
}

function givesOther(was: Json, is: Json): string[] {
  return [
    ...without(list(was.required), list(is.required)).map((name) => `may lack ${name}`),
    ...without(list(is.type), list(was.type)).map((type) => `may be ${type}`),
    ...(was.format !== is.format ? [`has the format ${is.format}`] : []),
    ...(is.additionalProperties === false && was.additionalProperties !== false ? ["is closed"] : []),
  ];
}

function list(value: unknown): string[] {
  return [value ?? []].flat().map(String);
}

function without(values: string[], known: string[]): string[] {
  return values.filter((value) => !known.includes(value));
}

function nameOf(reference: string): string {
  return reference.split("/").at(-1) ?? "";
}
