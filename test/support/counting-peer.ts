import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { requestBytes } from "../../bench/http-connection.ts";
import { answers, end, type Peer, run } from "../../bench/peers/peer.ts";
import { freePort } from "../../bin/local/free-port.ts";

/** A service that counts as those do which lose what they have counted last. @param folder where it keeps its count */
export async function countingPeer(folder: string): Promise<Peer> {
  const file = join(folder, "count");
  const port = await freePort();
  const program = new URL("counting-peer.mjs", import.meta.url).pathname;
  const launch = () =>
    run(process.execPath, [program], { cwd: folder, env: { COUNT_FILE: file, PORT: String(port) } });
  const peer = { port, request: requestBytes("GET", "/menu"), status: 302 };
  let child = launch();
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
    counted: async () => Number(await readFile(file, "utf8").catch(() => "0")),
    stop: () => end(child, "SIGTERM"),
  };
}
