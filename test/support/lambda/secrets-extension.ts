import { once } from "node:events";
import { createServer } from "node:http";

/** The port that AWS's extension has in every sandbox. */
const PORT = 2773;

/**
 * Plays AWS's Parameters and Secrets extension.
 *
 * @param secrets what each ARN holds
 */
export async function startSecretsExtension(
  secrets: Record<string, Record<string, string>>,
): Promise<{ stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const secret = secrets[searchParams.get("secretId") ?? ""];
    const allowed = request.headers["x-aws-parameters-secrets-token"] === "test-session";
    if (pathname !== "/secretsmanager/get" || !secret || !allowed) response.writeHead(400).end();
    else response.end(JSON.stringify({ SecretString: JSON.stringify(secret) }));
  });
  server.listen(PORT, "localhost");
  await once(server, "listening");
  return {
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
