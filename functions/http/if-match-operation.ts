import * as z from "zod";

/** The header of a change that is made only to what its caller has seen. */
export const ifMatch = {
  "If-Match": z
    .string()
    .meta({
      description:
        "`ETag` of the code that the caller has seen: 412 if the code was changed since; scans change nothing. `*`, or nothing: the last change wins",
      examples: ['"3.12-open-x7Qa"'],
    })
    .optional(),
};
