import { signal } from "@preact/signals";

/** A page and what is looked at on it: `#/code/menu?days=7` is `["code", "menu"]` and `days=7`. */
export interface Route {
  segments: string[];
  query: URLSearchParams;
}

export const route = signal<Route>(routeOf(location.hash));

addEventListener("hashchange", () => {
  route.value = routeOf(location.hash);
});

export function routeOf(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const segments = path.split("/").filter(Boolean).map(decoded);
  return { segments: segments.length > 0 ? segments : ["codes"], query: new URLSearchParams(query) };
}

/** A link to a page. */
export function linkTo(segments: string[], query: Record<string, string | undefined> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  return `#/${segments.map(encodeURIComponent).join("/")}${search.size > 0 ? `?${search}` : ""}`;
}

export function goTo(hash: string): void {
  location.hash = hash;
}

/** Shows something else in place of what is shown, without a step to go back to. */
export function replaceRoute(url: string): void {
  history.replaceState(null, "", url);
  route.value = routeOf(location.hash);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
