import type { Operation } from "../http/operation.ts";

/** No part of the API's description: it answers where there is nothing. */
export const operation: Operation = { reply: "", replies: {}, problems: [] };
