import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { processEnv } from "../../functions/runtime/env.ts";
import { startStack } from "./stack.ts";
import { Teardown } from "./teardown.ts";

/** How long a start that is interrupted may take to come to a point where nothing is half done, in milliseconds. */
const INTERRUPTION_MS = 5_000;

const PARENT_CHECK_MS = 500;

/**
 * Signals that come as close together as this are one Ctrl-C: npm hands on the signal that the terminal has sent to
 * this process as well. In milliseconds.
 */
const ONE_KEYSTROKE_MS = 500;

/** Their numbers: a process that one of them ends exits with 128 more, as shells report it. */
const SIGNALS = constants.signals;

const teardown = new Teardown();
let stoppingSince: number | undefined;

const isStopping = () => stoppingSince !== undefined;

function progress(line: string): void {
  if (isStopping()) throw new Error("the start was interrupted");
  console.log(`… ${line}`);
}

function onLost(reason: string): void {
  if (isStopping()) return;
  console.error(`${reason}. The gateway can't go on without it and ends.`);
  void stop(1);
}

const starting = startStack(processEnv, teardown, { progress, onLost });

/** Ends everything, once. */
async function stop(exitCode: number): Promise<void> {
  if (isStopping()) return;
  stoppingSince = Date.now();
  await Promise.race([starting.catch(() => {}), sleep(INTERRUPTION_MS)]);
  await teardown.run();
  process.exit(exitCode);
}

/** Stops everything; a second signal during a slow stop ends this process at once, as if unhandled. */
function onSignal(signal: NodeJS.Signals): void {
  if (stoppingSince === undefined) void stop(0);
  else if (Date.now() - stoppingSince > ONE_KEYSTROKE_MS) process.exit(128 + SIGNALS[signal]);
}

// When npm is stopped it ends only its shell: this process then has another parent, and should stop too.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && void stop(0), PARENT_CHECK_MS).unref();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => onSignal(signal));

try {
  const greeting = await starting;
  if (!isStopping()) console.log(greeting);
} catch (error) {
  // What a start trips over while it is being stopped is no news.
  if (!isStopping()) {
    console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
}
