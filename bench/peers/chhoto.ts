import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../bin/local/free-port.ts";
import { PHONE } from "../../test/support/user-agents.ts";
import { requestBytes } from "../http-connection.ts";
import { answers, end, type Peer, run } from "./peer.ts";

const KEY = "the-key-of-a-benchmark-is-no-secret";

/**
 * Chhoto URL with its SQLite file, in its default settings but for the temporary redirect.
 *
 * @param program the path of its executable
 */
export async function chhoto(program: string): Promise<Peer> {
  const cwd = await mkdtemp(join(tmpdir(), "qr-service-bench-"));
  const port = await freePort();
  const env = {
    CHHOTO_LISTEN_ADDRESS: "127.0.0.1",
    CHHOTO_LISTEN_PORT: String(port),
    CHHOTO_DB_URL: join(cwd, "urls.sqlite"),
    CHHOTO_API_KEY: KEY,
    CHHOTO_PASSWORD: KEY,
    CHHOTO_REDIRECT_METHOD: "TEMPORARY",
    CHHOTO_DISABLE_FRONTEND: "True",
  };
  const launch = () => run(program, [], { cwd, env });
  let child = launch();
  const ask = async (path: string, body: string) => {
    const init = { method: "POST", body, headers: { "x-api-key": KEY, "content-type": "application/json" } };
    for (let attempt = 0; ; attempt++) {
      try {
        return await (await fetch(`http://127.0.0.1:${port}${path}`, init)).json();
      } catch (error) {
        if (attempt === 100) throw error;
        await sleep(50);
      }
    }
  };
  await ask("/api/new", JSON.stringify({ shortlink: "menu", longlink: "https://example.com/menu" }));
  const peer = { port, request: requestBytes("GET", "/menu", { "user-agent": PHONE }), status: 307 };
  await answers(peer, child);
  return {
    ...peer,
    pid: () => child.pid as number,
    roots: () => [child.pid as number],
    async killAndRestart() {
      await end(child, "SIGKILL");
      child = launch();
      await answers(peer, child);
    },
    counted: async () => Number(((await ask("/api/expand", "menu")) as { hits: number }).hits),
    async stop() {
      await end(child, "SIGTERM");
      await rm(cwd, { recursive: true, force: true });
    },
  };
}
