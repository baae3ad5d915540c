import { DEFAULT_ROUTE, type Method, type Route, routes } from "../manifest.ts";

export interface RouteMatch {
  route: Route;
  /** Whichever of the route's paths it is, as API Gateway writes it. */
  path: string;
  /** Decoded, as API Gateway hands them over. */
  pathParameters: Record<string, string>;
}

interface Matcher {
  route: Route;
  path: string;
  segments: string[];
}

const matchers: Matcher[] = routes.flatMap((route: Route) =>
  [route.path, ...(route.alsoAt ?? [])]
    .filter((path) => path !== DEFAULT_ROUTE)
    .map((path) => ({ route, path, segments: path.split("/") })),
);

const isGreedy = ({ path }: Matcher) => path.endsWith("+}");

/** The routes of a method whose paths have so many segments. */
const candidates = Map.groupBy(
  matchers
    .filter((matcher) => !isGreedy(matcher))
    .flatMap((matcher) => matcher.route.methods.map((method) => ({ method, ...matcher }))),
  ({ method, segments }) => `${method} ${segments.length}`,
);

/** Those whose last variable takes all the rest of a path; any other route goes before them. */
const greedy = matchers.filter(isGreedy);

/** Finds the route of a method and a path; `undefined` if there is none. */
export function matchRoute(method: string, path: string): RouteMatch | undefined {
  const given = path.split("/");
  const possible = candidates.get(`${method} ${given.length}`) ?? [];
  return firstMatch(possible, given) ?? firstMatch(ofMethod(greedy, method), given);
}

/** The methods that a path takes: none if it is no route's. */
export function methodsAt(path: string): Method[] {
  const given = path.split("/");
  const matching = matchers.filter(({ segments }) => parametersOf(segments, given));
  return [...new Set(matching.flatMap(({ route }) => route.methods))];
}

function ofMethod(list: Matcher[], method: string): Matcher[] {
  return list.filter(({ route }) => (route.methods as readonly string[]).includes(method));
}

function firstMatch(list: readonly Matcher[], given: string[]): RouteMatch | undefined {
  for (const { route, path, segments } of list) {
    const pathParameters = parametersOf(segments, given);
    if (pathParameters) return { route, path, pathParameters };
  }
  return undefined;
}

function parametersOf(segments: string[], given: string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (let index = 0; index < segments.length; index++) {
    const [segment = "", value = ""] = [segments[index], given[index]];
    if (segment.endsWith("+}")) {
      const rest = given.slice(index).join("/");
      return rest === "" ? undefined : { ...parameters, [segment.slice(1, -2)]: decoded(rest) };
    }
    if (!segment.startsWith("{")) {
      if (segment !== value) return undefined;
    } else if (value === "") return undefined;
    else parameters[segment.slice(1, -1)] = decoded(value);
  }
  return given.length === segments.length ? parameters : undefined;
}

function decoded(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
