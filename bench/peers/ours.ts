import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../bin/local/free-port.ts";
import { PHONE } from "../../test/support/user-agents.ts";
import { requestBytes } from "../http-connection.ts";
import { START_FLAGS } from "../start-flags.ts";
import { answers, end, type Peer, run } from "./peer.ts";

const ROOT = join(import.meta.dirname, "../..");
const READY = "Ctrl-C stops everything";

/** This service as `npm start` runs it, with its own Postgres and `redis-server`. */
export async function ours(): Promise<Peer & { path: string }> {
  const folder = await mkdtemp(join(tmpdir(), "qr-service-bench-"));
  const port = await freePort();
  const env = { PORT: String(port), DATA_FOLDER: folder };
  const args = [...START_FLAGS, "bin/local/start.ts"];

  async function start() {
    let output = "";
    const child = run(process.execPath, args, { cwd: ROOT, env }, (text) => {
      output += text;
    });
    while (!output.includes(READY)) {
      if (child.exitCode !== null) throw new Error(output);
      await sleep(50);
    }
    return { child, token: /^export TOKEN=(\S+)$/m.exec(output)?.[1] ?? "" };
  }

  let { child, token } = await start();
  const call = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    return (await fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers })).json();
  };
  const body = JSON.stringify({ targetUrl: "https://example.com/menu" });
  const { qrId } = (await call("/generate", { method: "POST", body })) as { qrId: string };
  const path = `/scan/${qrId}`;
  const peer = { port, request: requestBytes("GET", path, { "user-agent": PHONE }), status: 302 };
  await answers(peer, child);
  return {
    ...peer,
    path,
    pid: () => child.pid as number,
    roots: () => [child.pid as number],
    async killAndRestart() {
      await end(child, "SIGKILL");
      ({ child, token } = await start());
    },
    async counted() {
      const stats = (await call(`/qr/${qrId}/stats?days=2`)) as { daily: { scans: number }[] };
      return stats.daily.reduce((sum, { scans }) => sum + scans, 0);
    },
    async stop() {
      await end(child, "SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
