import * as z from "zod";

/** The parameter that asks what a change would do. */
export const dryRun = z
  .enum(["true", "false"], "must be true or false")
  .default("false")
  .transform((value) => value === "true")
  .meta({ type: "boolean", description: "`true` says what would happen, and changes nothing" });
