import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

interface Invocation {
  event: unknown;
  timeoutMs: number;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Lambda's side of the Runtime API, for one sandbox. */
export interface RuntimeApi {
  /** `host:port`, for AWS_LAMBDA_RUNTIME_API. */
  address: string;
  /** Queues an invocation. Rejects with what the function reports, or when the sandbox is gone. */
  invoke(event: unknown, timeoutMs?: number): Promise<unknown>;
  /** Fails whatever is queued or under way. */
  abandon(reason: string): void;
  close(): Promise<void>;
}

/** How long an invocation may take unless it is told otherwise, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** Serves the Runtime API. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export async function startRuntimeApi(): Promise<RuntimeApi> {
  const queued: Invocation[] = [];
  const underWay = new Map<string, Invocation>();
  let waiting: ServerResponse | undefined;
  let gone: string | undefined;

  function hand(): void {
    const invocation = waiting && queued.shift();
    if (!waiting || !invocation) return;
    const id = randomUUID();
    underWay.set(id, invocation);
    waiting.setHeader("lambda-runtime-aws-request-id", id);
    waiting.setHeader("lambda-runtime-deadline-ms", String(Date.now() + invocation.timeoutMs));
    waiting.setHeader("content-type", "application/json");
    waiting.end(JSON.stringify(invocation.event));
    waiting = undefined;
  }

  function abandon(reason: string): void {
    gone = reason;
    for (const { reject } of [...queued.splice(0), ...underWay.values()]) reject(new Error(reason));
    underWay.clear();
  }

  const server = createServer(async (request, response) => {
    const [, , , what, id = "", outcome] = (request.url ?? "").split("/");
    if (id === "next") {
      waiting = response;
      return hand();
    }
    const body = (await json(request)) as { errorType?: string; errorMessage?: string };
    if (what === "init") abandon(`init failed: ${body.errorType}: ${body.errorMessage}`);
    const invocation = underWay.get(id);
    underWay.delete(id);
    if (outcome === "response") invocation?.resolve(body);
    else invocation?.reject(new Error(`${body.errorType}: ${body.errorMessage}`));
    response.writeHead(202).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    invoke: (event, timeoutMs = TIMEOUT_MS) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(new Error(gone));
        queued.push({ event, timeoutMs, resolve, reject });
        hand();
      }),
    abandon,
    async close() {
      abandon("the sandbox was closed");
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
