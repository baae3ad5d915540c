import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** The port that AWS's extension has in every sandbox. */
const PORT = 2773;

/** A machine has one such port: a run of the tests waits until another one is through with it. In milliseconds. */
const WAIT_MS = 300_000;
const POLL_MS = 100;

/** Plays AWS's Parameters and Secrets extension, for every sandbox of this process. */
export interface SecretsExtension {
  /** Stores a secret under a name, and replaces the one before. */
  put(arn: string, secret: Record<string, string>): void;
  /** The sandbox with this session token has begun its first invocation; before it, no secret may be read. */
  admit(sessionToken: string): void;
  stop(): Promise<void>;
}

/**
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
 *
 * @throws Error if something else keeps the port for longer than five minutes
 */
export async function startSecretsExtension(): Promise<SecretsExtension> {
  const secrets = new Map<string, Record<string, string>>();
  const admitted = new Set<string>();
  const server = createServer((request, response) => answer(request, response));

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const token = String(request.headers["x-aws-parameters-secrets-token"]);
    const secret = secrets.get(searchParams.get("secretId") ?? "");
    if (!admitted.has(token)) response.writeHead(400).end("not ready to serve traffic, please wait");
    else if (pathname !== "/secretsmanager/get" || !secret) response.writeHead(400).end();
    else response.end(JSON.stringify({ SecretString: JSON.stringify(secret) }));
  }

  await listen(server);
  return {
    put: (arn, secret) => void secrets.set(arn, secret),
    admit: (sessionToken) => void admitted.add(sessionToken),
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function listen(server: Server): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    server.listen(PORT, "localhost");
    try {
      await once(server, "listening");
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || Date.now() > deadline) throw error;
      await sleep(POLL_MS);
    }
  }
}
