import { processEnv } from "../../functions/shared/env.ts";
import { startStack } from "./stack.ts";
import { Teardown } from "./teardown.ts";

const teardown = new Teardown();
let stopping = false;

/** Ends everything once; a second signal while that hangs ends this process at once. */
async function stop(exitCode: number): Promise<void> {
  if (stopping) process.exit(exitCode);
  stopping = true;
  await teardown.run();
  process.exit(exitCode);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));

try {
  const told = await startStack(processEnv, teardown, (line) => console.log(`… ${line}`));
  if (!stopping) console.log(told);
} catch (error) {
  // What a start trips over while it is being stopped is no news.
  if (!stopping) {
    console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
}
