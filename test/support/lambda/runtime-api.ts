import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

interface Invocation {
  event: unknown;
  timer: NodeJS.Timeout;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Lambda's side of the Runtime API, for one sandbox. */
export interface RuntimeApi {
  /** `host:port`, for AWS_LAMBDA_RUNTIME_API. */
  address: string;
  /** Queues an invocation. Rejects with what the function reports, at its timeout, or when the sandbox is gone. */
  invoke(event: unknown): Promise<unknown>;
  /** The function's files that the sandbox had loaded when it last answered. */
  loaded(): string[];
  /** Fails whatever is queued or under way. */
  abandon(reason: string): void;
  close(): Promise<void>;
}

export interface RuntimeApiOptions {
  functionName: string;
  /** How long an invocation may take from when it is handed over. */
  timeoutMs: number;
  /** The sandbox has been initialized and is about to get its first invocation. */
  onFirstInvocation(): void;
}

/** Serves the Runtime API. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export async function startRuntimeApi(options: RuntimeApiOptions): Promise<RuntimeApi> {
  const { functionName, timeoutMs, onFirstInvocation } = options;
  const queued: Omit<Invocation, "timer">[] = [];
  const underWay = new Map<string, Invocation>();
  let waiting: ServerResponse | undefined;
  let handedAny = false;
  let gone: string | undefined;
  let loaded: string[] = [];

  function hand(): void {
    const invocation = waiting && queued.shift();
    if (!waiting || !invocation) return;
    if (!handedAny) onFirstInvocation();
    handedAny = true;
    const id = randomUUID();
    const timer = setTimeout(
      () => settle(id)?.reject(new Error(`Task timed out after ${timeoutMs / 1_000} seconds`)),
      timeoutMs,
    );
    underWay.set(id, { ...invocation, timer });
    waiting.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": id,
      "lambda-runtime-deadline-ms": String(Date.now() + timeoutMs),
      "lambda-runtime-invoked-function-arn": `arn:aws:lambda:eu-west-1:000000000000:function:${functionName}`,
    });
    waiting.end(JSON.stringify(invocation.event));
    waiting = undefined;
  }

  function settle(id: string): Invocation | undefined {
    const invocation = underWay.get(id);
    underWay.delete(id);
    clearTimeout(invocation?.timer);
    return invocation;
  }

  function abandon(reason: string): void {
    gone ??= reason;
    for (const { reject } of queued.splice(0)) reject(new Error(reason));
    for (const id of [...underWay.keys()]) settle(id)?.reject(new Error(reason));
  }

  /** `/2018-06-01/runtime/invocation/next`, `…/invocation/<id>/response`, `…/invocation/<id>/error`, `…/init/error` */
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, version, part, what, id = "", outcome] = (request.url ?? "").split("/");
    if (version !== "2018-06-01" || part !== "runtime") return void response.writeHead(404).end();
    if (what === "invocation" && id === "next") {
      waiting = response;
      return hand();
    }
    const body = (await json(request)) as { errorType?: string; errorMessage?: string };
    const error = `${body?.errorType}: ${body?.errorMessage}`;
    loaded = String(request.headers["test-loaded-modules"]).split(",");
    if (what === "init") abandon(`init failed: ${error}`);
    else if (outcome === "response") settle(id)?.resolve(body);
    else settle(id)?.reject(new Error(error));
    response.writeHead(202).end("{}");
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    invoke: (event) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(new Error(gone));
        queued.push({ event, resolve, reject });
        hand();
      }),
    loaded: () => loaded,
    abandon,
    async close() {
      abandon("the sandbox was closed");
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
