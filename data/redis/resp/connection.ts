import { connect, isIP, type Socket } from "node:net";
import { RedisFailure } from "../port.ts";
import type { RespAddress } from "./address.ts";
import { encoded } from "./command.ts";
import { Pipeline } from "./pipeline.ts";

export interface Connection {
  pipeline: Pipeline;
  close(): void;
}

/**
 * Opens a connection, and signs in and selects the database where the address says so. Commands that are sent before it is open
 * wait for that.
 *
 * @param timeoutMs bound on each step until it is open, and on each command's reply, in milliseconds
 */
export function openConnection(
  address: RespAddress,
  timeoutMs: number,
  on: { open(): void; end(): void },
): Connection {
  const socket = openSocket(address);
  socket.setNoDelay(true).setKeepAlive(true);
  const pipeline = new Pipeline(socket, timeoutMs);
  let failure: RedisFailure | undefined;
  // As with a command's deadline, what is already there wins.
  socket.setTimeout(timeoutMs, () => setImmediate(() => socket.timeout && socket.destroy(timedOut())));
  socket.on(address.isSecure ? "secureConnect" : "connect", async () => {
    try {
      await signIn(pipeline, address);
      socket.setTimeout(0);
      pipeline.open();
      on.open();
    } catch (error) {
      socket.destroy(error as Error);
    }
  });
  socket.on("error", (error) => {
    failure = error instanceof RedisFailure ? error : down(error);
  });
  socket.on("close", () => {
    pipeline.end(failure ?? down());
    on.end();
  });
  return { pipeline, close: () => socket.destroySoon() };
}

function openSocket({ host, port, isSecure }: RespAddress): Socket {
  if (!isSecure) return connect(port, host);
  // Loaded only here: it takes longer than all of this.
  return process
    .getBuiltinModule("node:tls")
    .connect({ host, port, servername: isIP(host) === 0 ? host : "" });
}

async function signIn(pipeline: Pipeline, { username, password, database }: RespAddress): Promise<void> {
  const steps: Promise<unknown>[] = [];
  if (password !== undefined) {
    const auth = pipeline.sendFirst(encoded(username ? ["AUTH", username, password] : ["AUTH", password]));
    steps.push(auth);
  }
  if (database !== undefined) steps.push(pipeline.sendFirst(encoded(["SELECT", database])));
  await Promise.all(steps);
}

function down(error?: NodeJS.ErrnoException): RedisFailure {
  return new RedisFailure("down", error?.code ?? "no connection");
}

function timedOut(): Error {
  return Object.assign(new Error("no connection in time"), { code: "ETIMEDOUT" });
}
