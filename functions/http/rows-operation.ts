import * as z from "zod";
import type { OperationReply } from "./operation.ts";

/** A page of rows in either format. */
export function rowsOperationReply(description: string): OperationReply {
  return {
    description,
    content: {
      "text/csv": z.string().meta({ description: "the first page begins with the names of the columns" }),
      "application/x-ndjson": z.string().meta({ description: "a JSON object on each line" }),
    },
    headers: ["Link"],
  };
}
