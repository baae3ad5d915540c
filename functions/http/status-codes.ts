import { nodeHttp } from "../../data/node-http.ts";

/**
 * What stands in for `node:http` in the functions' bundles (`lib/compute/bundle.ts`): all that a package takes from there, without
 * what an import of the module loads besides.
 */
export const { STATUS_CODES } = nodeHttp();
