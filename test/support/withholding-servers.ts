import { once } from "node:events";
import { Worker } from "node:worker_threads";

/**
 * Runs in a thread of its own, so that it answers while the test's thread is blocked. Each command is noted, and
 * answered once it is released. A RESP command begins with the number of its arguments; a REST request holds one command.
 */
const SOURCE = `
const { workerData, parentPort } = require("node:worker_threads");
const { createServer: tcp } = require("node:net");
const { createServer: http } = require("node:http");
const [RECEIVED, RELEASED, ANSWERED, CONNECTED] = [0, 1, 2, 3];
const counts = new Int32Array(workerData);

async function answer(write) {
  const turn = Atomics.add(counts, RECEIVED, 1);
  for (let released; (released = Atomics.load(counts, RELEASED)) <= turn; )
    await Atomics.waitAsync(counts, RELEASED, released).value;
  write(() => {
    Atomics.add(counts, ANSWERED, 1);
    Atomics.notify(counts, ANSWERED);
  });
}
const resp = tcp((socket) => {
  Atomics.add(counts, CONNECTED, 1);
  socket.on("error", () => {});
  socket.on("data", (bytes) => {
    for (const _ of bytes.toString().matchAll(/\\*\\d+\\r\\n/g)) answer((written) => socket.write("+OK\\r\\n", written));
  });
});
const rest = http((request, response) =>
  request.resume().on("end", () => answer((written) => response.end('{"result":"OK"}', written))),
);
resp.listen(0, "127.0.0.1", () =>
  rest.listen(0, "127.0.0.1", () => parentPort.postMessage({ resp: resp.address().port, rest: rest.address().port })),
);
`;

const RECEIVED = 0;
const RELEASED = 1;
const ANSWERED = 2;
const CONNECTED = 3;

export interface WithholdingServers {
  respPort: number;
  restPort: number;
  /** Commands that have arrived. */
  received(): number;
  /** RESP connections that were ever opened. */
  connected(): number;
  /** Lets so many commands be answered in all. */
  release(commands: number): void;
  /** Holds this thread up until so many commands are answered in all. */
  blockUntilAnswered(commands: number): void;
  stop(): Promise<unknown>;
}

/** Starts a RESP server and an Upstash endpoint that answer "OK" to anything, when they are allowed to. */
export async function startWithholdingServers(): Promise<WithholdingServers> {
  const shared = new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT);
  const counts = new Int32Array(shared);
  const worker = new Worker(SOURCE, { eval: true, workerData: shared });
  const [ports] = (await once(worker, "message")) as [{ resp: number; rest: number }];
  return {
    respPort: ports.resp,
    restPort: ports.rest,
    received: () => Atomics.load(counts, RECEIVED),
    connected: () => Atomics.load(counts, CONNECTED),
    release(commands) {
      Atomics.store(counts, RELEASED, commands);
      Atomics.notify(counts, RELEASED);
    },
    blockUntilAnswered(commands) {
      for (;;) {
        const answered = Atomics.load(counts, ANSWERED);
        if (answered >= commands) return;
        Atomics.wait(counts, ANSWERED, answered);
      }
    },
    stop: () => worker.terminate(),
  };
}
