import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serveParent } from "./child.ts";

/** A redirect that counts nothing. */
const server = createServer((_request, response) => {
  response.writeHead(302, { location: "https://example.com/", "content-length": "0" }).end();
});
server.listen(0, "127.0.0.1", () =>
  serveParent((server.address() as AddressInfo).port, async () => server.closeAllConnections()),
);
