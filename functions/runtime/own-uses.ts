import { type EndpointName, type Resource, usesOf } from "../manifest.ts";

/**
 * What the bundled function uses, its words apart by blanks: `lib/compute/bundle.ts` puts it there, so that a function does
 * not load the table of all others to find its own line. Not defined where nothing was bundled.
 */
declare const BUNDLED_USES: string;

/** What an endpoint's function uses, by its line of the manifest. */
export function ownUses(name: EndpointName): readonly Resource[] {
  if (typeof BUNDLED_USES === "undefined") return usesOf(name);
  return BUNDLED_USES.split(" ").filter((word) => word !== "") as Resource[];
}
