import { processEnv } from "../../functions/runtime/env.ts";
import { EXIT } from "./parts/exit.ts";
import { explain } from "./parts/explain.ts";
import { createProgram } from "./program.ts";

/** A reader that has enough, such as `head`, is no failure. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT.done);
});

try {
  await createProgram(processEnv).parseAsync();
} catch (error) {
  console.error(explain(error));
  process.exitCode = EXIT.failed;
}
