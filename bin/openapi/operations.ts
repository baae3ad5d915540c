import type { Operation } from "../../functions/http/operation.ts";
import { loadEndpoints } from "../load-endpoints.ts";

/** What each endpoint says of itself. */
export const operations = await loadEndpoints<Operation>(
  "operation",
  (folder) => import(`../../functions/${folder}/operation.ts`),
  "operation",
);
