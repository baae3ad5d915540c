import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type FunctionName, folderOf, type Route } from "../../functions/manifest.ts";

/** Where each function has its folder. */
export const FUNCTIONS = join(import.meta.dirname, "../../functions");

/**
 * The event that AWS would send a function, which its folder holds for `sam local invoke`.
 *
 * @throws Error that says what to add if the folder has none
 */
export function sampleEvent<T = unknown>(of: Pick<Route, "name" | "partOf"> | FunctionName): T {
  const folder = typeof of === "string" ? of : folderOf(of);
  const file = join(FUNCTIONS, folder, "event.json");
  if (!existsSync(file))
    throw new Error(`functions/${folder}/event.json is missing: a sample event of "${folder}"`);
  return JSON.parse(readFileSync(file, "utf8")) as T;
}

/** A body that a route takes: what is sent as JSON, or a text of another type. */
export interface SampleBody {
  type: string;
  text: string;
  /** Of a body that is JSON. */
  json?: Record<string, unknown>;
}

/**
 * The body of a route's sample event; `undefined` for a route that takes none.
 *
 * @throws Error that says what to add if the route takes a body and its sample has none
 */
export function sampleBody(route: Route): SampleBody | undefined {
  if (!route.body) return undefined;
  const { body: text, headers } = sampleEvent<{ body?: string; headers: Record<string, string> }>(route);
  if (!text)
    throw new Error(`functions/${folderOf(route)}/event.json has no body, though "${route.name}" takes one`);
  const type = headers["content-type"] ?? "";
  return type.endsWith("json") ? { type, text, json: JSON.parse(text) } : { type, text };
}
