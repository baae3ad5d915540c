import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { TLSSocket } from "node:tls";
import type { Certificate } from "./certificate.ts";

/** A Postgres as RDS shows itself: over TLS only, with a certificate that an authority signed for its name. */
export interface TlsPostgres {
  host: string;
  port: number;
  stop(): Promise<void>;
}

/** SSLRequest: its own length, and the number that stands for it. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * Stands before the Postgres at `target` and speaks TLS for it. The run's own Postgres has none: its key would have to
 * belong to the user that it drops to. https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL
 */
export async function startTlsPostgres(target: URL, certificate: Certificate): Promise<TlsPostgres> {
  const host = "localhost";
  const sockets = new Set<Socket>();
  const server = createServer(async (socket) => {
    sockets.add(socket.once("close", () => sockets.delete(socket)));
    socket.on("error", () => {});
    const [greeting] = (await once(socket, "data").catch(() => [])) as [Buffer?];
    // RDS with `rds.force_ssl` refuses whoever goes on without.
    if (!greeting?.equals(SSL_REQUEST)) return socket.destroy();
    socket.write("S");
    return relay(socket, certificate, target);
  });
  server.listen(0, host);
  await once(server, "listening");
  return {
    host,
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function relay(socket: Socket, certificate: Certificate, target: URL): void {
  const secure = new TLSSocket(socket, { isServer: true, ...certificate });
  const plain = connect(Number(target.port), target.hostname);
  pipeline(secure, plain, secure, () => {
    socket.destroy();
    plain.destroy();
  });
}
