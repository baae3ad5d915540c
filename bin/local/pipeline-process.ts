import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../../core/telemetry/log.ts";
import { type Env, required } from "../../functions/runtime/env.ts";
import { createLog } from "../../functions/runtime/log.ts";
import { servicesFrom } from "../../functions/runtime/services.ts";
import type { Load } from "./load.ts";
import { startPipeline } from "./pipeline.ts";
import { Teardown } from "./teardown.ts";

/*
 * Relay and consumer in a process of their own, which `pipeline-child.ts` starts. It ends when the channel to that
 * process closes, so that it outlives no gateway, however that one has ended.
 */

/** What this process is told first. */
export interface PipelineOrder {
  /** The checked variables, with the addresses of the servers. */
  env: Env;
  /** Names the relay's lease: the next process under this name need not wait until the lease has expired. */
  holder: string;
}

/** What it is told later: how much the gateway has to do, when that changes. */
export interface GatewayState {
  load: Load;
}

/** What it reports, once. `failed` is one line. */
export type PipelineReport = { ready: string } | { failed: string };

/** How long a batch that is under way may hold up the end, in milliseconds. */
const STOP_DEADLINE_MS = 8_000;

const PLACE = "a process of its own";

const teardown = new Teardown();
let starting: Promise<void> = Promise.resolve();
let isEnding = false;
let load: Load = "calm";
let setLoad = (current: Load) => {
  load = current;
};

// A terminal's Ctrl-C and hang-up reach this process as well; its parent decides what they mean.
process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
process.on("SIGTERM", () => void end(0));
process.once("disconnect", () => void end(0));
process.on("message", (told: PipelineOrder | GatewayState) => {
  if ("load" in told) setLoad(told.load);
  else starting = start(told);
});

async function start({ env, holder }: PipelineOrder): Promise<void> {
  try {
    const services = await servicesFrom(env, { breakerLog: quiet(createLog(required(env, "LOG_LEVEL"))) });
    teardown.add(services.close);
    const yieldTo = (set: typeof setLoad) => {
      setLoad = set;
      set(load);
    };
    report({ ready: await startPipeline(services, teardown, { place: PLACE, holder, yieldTo }) });
  } catch (error) {
    report({ failed: error instanceof Error ? error.message : String(error) });
    void end(1);
  }
}

/** The gateway says of the same Redis that it does not answer: once is enough. */
function quiet(log: Log): Log {
  return { ...log, info: log.debug, warn: log.debug };
}

function report(line: PipelineReport): void {
  if (process.connected) process.send?.(line);
}

async function end(exitCode: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await Promise.race([starting.then(() => teardown.run()), sleep(STOP_DEADLINE_MS)]);
  process.exit(exitCode);
}
