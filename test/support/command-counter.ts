import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Redis } from "ioredis";

export interface CommandCounter {
  /** The names of the commands that clients send to the server while `work` runs, in order. */
  during(work: () => Promise<unknown>): Promise<string[]>;
  stop(): Promise<void>;
}

/**
 * Watches a server by MONITOR (https://redis.io/docs/latest/commands/monitor/). What a script calls is not counted:
 * it costs no round trip.
 */
export async function startCommandCounter(url: string): Promise<CommandCounter> {
  const client = new Redis(url, { disableClientInfo: true });
  const monitor = await client.monitor();
  let seen: string[][] = [];
  monitor.on("monitor", (_time: string, command: string[], source: string) => {
    if (source !== "lua") seen.push(command);
  });

  /** Waits until the monitor has told of everything that was sent before. */
  async function catchUp(): Promise<string> {
    const mark = randomUUID();
    await client.echo(mark);
    while (!seen.some(([, text]) => text === mark)) await once(monitor, "monitor");
    return mark;
  }

  return {
    async during(work) {
      await catchUp();
      seen = [];
      await work();
      const mark = await catchUp();
      const end = seen.findIndex(([, text]) => text === mark);
      return seen.slice(0, end).map(([name = ""]) => name.toUpperCase());
    },
    async stop() {
      monitor.disconnect();
      client.disconnect();
    },
  };
}
