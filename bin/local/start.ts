import { setTimeout as sleep } from "node:timers/promises";
import { processEnv } from "../../functions/runtime/env.ts";
import { startStack } from "./stack.ts";
import { Teardown } from "./teardown.ts";

/** How long a start that is interrupted may take to come to a point where nothing is half done, in milliseconds. */
const INTERRUPTION_MS = 5_000;

const PARENT_CHECK_MS = 500;

const teardown = new Teardown();
let stopping = false;

function progress(line: string): void {
  if (stopping) throw new Error("the start was interrupted");
  console.log(`… ${line}`);
}

const starting = startStack(processEnv, teardown, progress);

/** Ends everything once; a second signal while that hangs ends this process at once. */
async function stop(exitCode: number): Promise<void> {
  if (stopping) process.exit(exitCode);
  stopping = true;
  await Promise.race([starting.catch(() => {}), sleep(INTERRUPTION_MS)]);
  await teardown.run();
  process.exit(exitCode);
}

// npm ends its shell alone when it is told to end: this process then has another parent, and nobody who wants it.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && void stop(0), PARENT_CHECK_MS).unref();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));

try {
  const told = await starting;
  if (!stopping) console.log(told);
} catch (error) {
  // What a start trips over while it is being stopped is no news.
  if (!stopping) {
    console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
}
