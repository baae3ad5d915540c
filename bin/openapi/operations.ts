import type { Operation } from "../../functions/http/operation.ts";
import { DEFAULT_ROUTE, type Route, routes } from "../../functions/manifest.ts";
import { loadEndpoints } from "../load-endpoints.ts";

/** What each endpoint says of itself. */
export const operations = await loadEndpoints<Operation>(
  "operation",
  ([folder, own]) =>
    own
      ? import(`../../functions/${folder}/${own}/operation.ts`)
      : import(`../../functions/${folder}/operation.ts`),
  "operation",
);

/** The routes that the API's description and its page list. */
export const described: readonly Route[] = routes.filter(({ path }) => path !== DEFAULT_ROUTE);
