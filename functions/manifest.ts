/*
 * The one table of the functions: endpoints, and what a schedule, a topic or a deployment starts. The CDK app, the local
 * gateway, the API description, the benchmarks and the tests read it. What is made of it is marked as pure, so that the
 * bundle of a function that asks for none of it has none of it.
 */

import { SCOPES, type Scope } from "../core/auth/scopes.ts";

/** What a function may be given. Its environment, its grants and its bundle follow from this. */
export type Resource =
  | "postgres"
  | "redis"
  | "public-url"
  | "visitors"
  | "tenants"
  | "issuer-keys"
  | "kafka"
  | "outbox"
  | "history"
  | "roles";

export type { Scope };

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a body may hold. Beyond it the request is refused before it is parsed. */
export interface BodyLimits {
  maxBytes: number;
  /** Values of all depths: thousands of them cost the parser, the schema and the reply milliseconds. */
  maxValues: number;
}

export interface Route {
  /** Of the endpoint, and of its Lambda and its folder under `functions/` unless it shares them. */
  name: string;
  /** The Lambda that answers several routes, in whose folder this one has its own: for what is rarely called. */
  partOf?: string;
  /** None for what answers every request that no other route is for. */
  methods: readonly Method[];
  /** As API Gateway writes it: a variable segment stands in braces. */
  path: string;
  /** Further paths that lead to it; they are no part of the API's description. */
  alsoAt?: readonly string[];
  /** The scope that the caller's token must hold; a route without one is public. */
  scope?: Scope;
  /** The body that it takes; of a route without one no body is read. */
  body?: BodyLimits;
  uses: readonly Resource[];
  /** Bound on one invocation, in seconds. Below the 29 s of API Gateway, above the sum of a request's deadlines. */
  timeoutS: number;
  /** One line for the API description. */
  summary: string;
}

/** Of a route that does not say more. Well above one code with all its fields: two URLs of 2,048 characters, 20 tags. */
const SMALL_BODY = { maxBytes: 32 * 1024, maxValues: 1_000 };

/** A logo: bytes, which are no JSON. */
const LOGO_BODY = { maxBytes: 256 * 1024, maxValues: 0 };
/** Of a route that takes thousands of codes. API Gateway hands a Lambda 6 MB, in which the body is escaped. */
const MANY_CODES = { maxBytes: 4 * 1024 * 1024, maxValues: 400_000 };

/** Of a route that names thousands of codes. */
const MANY_IDS = { maxBytes: 1024 * 1024, maxValues: 11_000 };

/** Of labels: 500 IDs of 64 characters. */
const SHEET_BODY = { maxBytes: 64 * 1024, maxValues: 1_000 };

const tenantData = ["postgres", "redis", "public-url", "tenants"] as const;

/** API Gateway's own name for the route of whatever no other one is for. */
export const DEFAULT_ROUTE = "$default";

const GET = ["GET"] as const;
const POST = ["POST"] as const;
const DELETE = ["DELETE"] as const;

const [READS, WRITES, ADMINISTERS] = SCOPES;

const table = [
  {
    name: "list",
    methods: GET,
    path: "/qr",
    scope: READS,
    uses: tenantData,
    summary: "List the tenant's codes, newest first",
  },
  {
    name: "get",
    methods: GET,
    path: "/qr/{qrId}",
    scope: READS,
    uses: tenantData,
    summary: "Read one code, as JSON or as its picture",
  },
  {
    name: "picture",
    methods: GET,
    path: "/qr/{qrId}/picture",
    scope: READS,
    uses: tenantData,
    summary: "Draw a code's picture",
  },
  {
    name: "stats",
    methods: GET,
    path: "/qr/{qrId}/stats",
    scope: READS,
    uses: tenantData,
    summary: "Read a code's scan figures",
  },
  {
    name: "history",
    methods: GET,
    path: "/qr/{qrId}/history",
    scope: READS,
    uses: tenantData,
    summary: "Read who changed a code, when and how",
  },
  {
    name: "tenant-history",
    methods: GET,
    path: "/history",
    scope: READS,
    uses: tenantData,
    summary: "Read who changed the tenant's codes, when and how",
  },
  {
    name: "tenant-stats",
    methods: GET,
    path: "/stats",
    scope: READS,
    uses: tenantData,
    summary: "Read the scan figures of all the tenant's codes",
  },
  {
    name: "scans",
    methods: GET,
    path: "/qr/{qrId}/scans",
    scope: READS,
    uses: tenantData,
    summary: "Export a code's single scans",
  },
  {
    name: "tenant-scans",
    methods: GET,
    path: "/scans",
    scope: READS,
    uses: tenantData,
    summary: "Export the single scans of all the tenant's codes",
  },
  {
    name: "export",
    methods: GET,
    path: "/export",
    scope: READS,
    uses: tenantData,
    summary: "Export the tenant's codes",
  },
  {
    name: "generate",
    methods: POST,
    path: "/generate",
    scope: WRITES,
    body: SMALL_BODY,
    uses: tenantData,
    summary: "Create a code",
  },
  {
    name: "import",
    methods: POST,
    path: "/import",
    scope: WRITES,
    body: MANY_CODES,
    uses: tenantData,
    timeoutS: 28,
    summary: "Create or change thousands of codes",
  },
  {
    name: "bulk",
    methods: POST,
    path: "/bulk",
    scope: WRITES,
    body: MANY_IDS,
    uses: tenantData,
    timeoutS: 28,
    summary: "Change, delete or restore thousands of codes",
  },
  {
    name: "patch",
    methods: ["PATCH"],
    path: "/qr/{qrId}",
    scope: WRITES,
    body: SMALL_BODY,
    uses: tenantData,
    summary: "Change a code",
  },
  {
    name: "delete",
    methods: DELETE,
    path: "/qr/{qrId}",
    scope: WRITES,
    uses: tenantData,
    summary: "Delete a code",
  },
  {
    name: "restore",
    methods: POST,
    path: "/qr/{qrId}/restore",
    scope: WRITES,
    uses: tenantData,
    summary: "Bring a deleted code back",
  },
  {
    name: "list-keys",
    partOf: "keys",
    methods: GET,
    path: "/keys",
    scope: ADMINISTERS,
    uses: tenantData,
    summary: "List the tenant's API keys",
  },
  {
    name: "create-key",
    partOf: "keys",
    methods: POST,
    path: "/keys",
    scope: ADMINISTERS,
    body: SMALL_BODY,
    uses: tenantData,
    summary: "Make an API key",
  },
  {
    name: "revoke-key",
    partOf: "keys",
    methods: DELETE,
    path: "/keys/{keyId}",
    scope: ADMINISTERS,
    uses: tenantData,
    summary: "Revoke an API key",
  },
  {
    name: "get-style",
    methods: GET,
    path: "/style",
    scope: READS,
    uses: tenantData,
    summary: "Read the style of the tenant's pictures",
  },
  {
    name: "put-style",
    methods: ["PUT"],
    path: "/style",
    scope: WRITES,
    body: SMALL_BODY,
    uses: tenantData,
    summary: "Set the style of the tenant's pictures",
  },
  {
    name: "list-logos",
    methods: GET,
    path: "/logos",
    scope: READS,
    uses: tenantData,
    summary: "List the tenant's logos",
  },
  {
    name: "get-logo",
    methods: GET,
    path: "/logos/{name}",
    scope: READS,
    uses: tenantData,
    summary: "Read a logo as it is drawn",
  },
  {
    name: "put-logo",
    methods: ["PUT"],
    path: "/logos/{name}",
    scope: WRITES,
    body: LOGO_BODY,
    uses: tenantData,
    timeoutS: 20,
    summary: "Store a logo for the tenant's pictures",
  },
  {
    name: "delete-logo",
    methods: DELETE,
    path: "/logos/{name}",
    scope: WRITES,
    uses: tenantData,
    summary: "Delete a logo",
  },
  {
    name: "static-picture",
    methods: POST,
    path: "/pictures",
    scope: READS,
    body: SMALL_BODY,
    uses: tenantData,
    summary: "Draw a picture of what is no code: a network, a contact, a text, a place",
  },
  {
    name: "sheets",
    methods: POST,
    path: "/sheets",
    scope: READS,
    body: SHEET_BODY,
    uses: tenantData,
    timeoutS: 25,
    summary: "Lay codes out on sheets of labels, as a PDF",
  },
  {
    name: "scan",
    methods: GET,
    path: "/scan/{qrId}",
    // An ID with something behind it, as scanners and typesetters leave it; and in capitals, as alphanumeric mode has it.
    alsoAt: ["/scan/{proxy+}", "/SCAN/{qrId}", "/SCAN/{proxy+}"],
    uses: ["postgres", "redis", "visitors"],
    summary: "Count a scan and redirect to the code's target",
  },
  {
    name: "public-svg",
    partOf: "public-picture",
    methods: ["GET"],
    path: "/scan/{qrId}/picture.svg",
    alsoAt: ["/SCAN/{qrId}/picture.svg"],
    uses: ["postgres", "redis", "public-url"],
    timeoutS: 10,
    summary: "Show a code's picture to anybody, as an SVG",
  },
  {
    name: "public-png",
    partOf: "public-picture",
    methods: ["GET"],
    path: "/scan/{qrId}/picture.png",
    alsoAt: ["/SCAN/{qrId}/picture.png"],
    uses: ["postgres", "redis", "public-url"],
    timeoutS: 10,
    summary: "Show a code's picture to anybody, as a PNG",
  },
  {
    name: "health",
    methods: GET,
    path: "/health",
    uses: ["postgres", "redis"],
    summary: "Tell whether the service can answer",
  },
  {
    name: "openapi",
    methods: GET,
    path: "/openapi.json",
    uses: [],
    summary: "Describe this API",
  },
  {
    name: "no-route",
    methods: [],
    path: DEFAULT_ROUTE,
    uses: [],
    summary: "Answer what no other route is for",
  },
] as const satisfies readonly (Omit<Route, "timeoutS"> & Partial<Pick<Route, "timeoutS">>)[];

/** Of a route that does not say more, in seconds. */
const TIMEOUT_S = 10;

/** Every HTTP endpoint. HEAD works wherever GET does. */
export const routes = /* @__PURE__ */ table.map((line) => ({
  timeoutS: TIMEOUT_S,
  ...line,
  methods: withHead(line.methods),
}));

function withHead(methods: readonly Method[]): readonly Method[] {
  return methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
}

/** A function that something other than an HTTP request starts. */
export interface Trigger {
  /** The folder under `functions/`, and the name of the Lambda. */
  name: string;
  startedBy: "schedule" | "topic" | "deploy";
  uses: readonly Resource[];
  timeoutS: number;
}

/** Every function behind the API. */
export const triggers = [
  // Started each minute. While events come it works until the next run is there: a minute, 15 s for a start that is late,
  // and 20 s in which a send that is under way may fail.
  {
    name: "relay",
    startedBy: "schedule",
    uses: ["postgres", "redis", "outbox", "kafka", "history"],
    timeoutS: 95,
  },
  // Scans as a phone does, from outside the network: it uses nothing that lies inside.
  { name: "canary", startedBy: "schedule", uses: ["public-url"], timeoutS: 15 },
  // Where no way leads from the network to the issuer of tokens; it runs outside of the network.
  { name: "copy-issuer-keys", startedBy: "schedule", uses: ["tenants", "issuer-keys"], timeoutS: 20 },
  { name: "migrate", startedBy: "deploy", uses: ["postgres", "history", "roles"], timeoutS: 300 },
  { name: "create-topic", startedBy: "deploy", uses: ["kafka"], timeoutS: 120 },
  { name: "persist-scans", startedBy: "topic", uses: ["postgres", "redis", "history"], timeoutS: 30 },
] as const satisfies readonly Trigger[];

export type RouteName = (typeof table)[number]["name"];
export type TriggerName = (typeof triggers)[number]["name"];

/** The Lambda of a line of the table. */
type LambdaOf<Line> = Line extends { partOf: infer Shared }
  ? Shared
  : Line extends { name: infer Own }
    ? Own
    : never;

/** A Lambda that answers requests. */
export type EndpointName = LambdaOf<(typeof table)[number]>;
export type FunctionName = EndpointName | TriggerName;

/** A Lambda that answers requests, with its routes: one, or several that share it. */
export interface Endpoint extends Pick<Route, "name" | "uses" | "timeoutS" | "scope"> {
  name: EndpointName;
  routes: readonly (Route & { name: RouteName })[];
}

/** Every Lambda that answers requests. Routes that share one use the same, for as long, and are public or not together. */
export const endpoints: readonly Endpoint[] = /* @__PURE__ */ [
  ...Map.groupBy(routes as readonly (Route & { name: RouteName })[], lambdaOf),
].map(([name, [first, ...others]]) => {
  const { uses, timeoutS, scope } = first as Route;
  return { name, uses, timeoutS, ...(scope ? { scope } : {}), routes: [first, ...others] } as Endpoint;
});

/** The Lambda that answers a route. */
export function lambdaOf({ name, partOf }: Pick<Route, "name" | "partOf">): EndpointName {
  return (partOf ?? name) as EndpointName;
}

/** The folder of a route, under `functions/`. */
export function folderOf({ name, partOf }: Pick<Route, "name" | "partOf">): string {
  return partOf === undefined ? name : `${partOf}/${name}`;
}

/** The line of a route. */
export function routeNamed<N extends RouteName>(name: N): Extract<(typeof routes)[number], { name: N }> {
  return routes.find((line) => line.name === name) as never;
}

const lines = /* @__PURE__ */ (endpoints as readonly (Endpoint | Trigger)[]).concat(triggers);

/** Every function's name: endpoints first, in the order of the tables. */
export const functionNames = /* @__PURE__ */ lines.map(({ name }) => name as FunctionName);

/** What a function uses. A name that stands in neither table does not compile. */
export function usesOf(name: FunctionName): readonly Resource[] {
  return (lines.find((line) => line.name === name) as Endpoint | Trigger).uses;
}

/** The line of a function that something other than a request starts. */
export function triggerNamed(name: TriggerName): Trigger {
  return triggers.find((line) => line.name === name) as Trigger;
}

/** The users of the database beside its owner. What each may do stands in data/postgres/roles.ts. */
export type ApplicationRole = "qr_scan" | "qr_manage" | "qr_pipeline";

/** The database role of a function; `owner` runs the migrations. */
export function databaseRoleOf(
  line: Pick<Route, "scope"> | Pick<Trigger, "startedBy">,
): ApplicationRole | "owner" {
  if ("startedBy" in line) return line.startedBy === "deploy" ? "owner" : "qr_pipeline";
  return "scope" in line && line.scope ? "qr_manage" : "qr_scan";
}

/** A route that takes a body. */
export type BodyRouteName = Extract<(typeof table)[number], { body: unknown }>["name"];

/** A route that acts for a tenant. */
export type ScopedRouteName = Extract<(typeof table)[number], { scope: unknown }>["name"];
