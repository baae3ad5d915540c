import { type Route, routes } from "../../functions/manifest.ts";

export interface RouteMatch {
  route: Route;
  /** Decoded, as API Gateway hands them over. */
  pathParameters: Record<string, string>;
}

const matchers = routes.map((route: Route) => ({ route, segments: route.path.split("/") }));

/** The routes of a method whose paths have so many segments. */
const candidates = Map.groupBy(
  matchers.flatMap((matcher) => matcher.route.methods.map((method) => ({ method, ...matcher }))),
  ({ method, segments }) => `${method} ${segments.length}`,
);

/** Finds the route of a method and a path; `undefined` if there is none. */
export function matchRoute(method: string, path: string): RouteMatch | undefined {
  const given = path.split("/");
  for (const { route, segments } of candidates.get(`${method} ${given.length}`) ?? []) {
    const pathParameters = parametersOf(segments, given);
    if (pathParameters) return { route, pathParameters };
  }
  return undefined;
}

function parametersOf(segments: string[], given: string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (let index = 0; index < segments.length; index++) {
    const [segment = "", value = ""] = [segments[index], given[index]];
    if (!segment.startsWith("{")) {
      if (segment !== value) return undefined;
    } else if (value === "") return undefined;
    else parameters[segment.slice(1, -1)] = decoded(value);
  }
  return parameters;
}

function decoded(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
