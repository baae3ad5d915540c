import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A service that takes every row of every import; a row is a line. */
export async function startImportStub() {
  const server = createServer(async (request, reply) => {
    let body = "";
    for await (const piece of request.setEncoding("utf8")) body += piece;
    const rows = body.split("\n").length - 2;
    const codes = Array.from({ length: rows }, (_, index) => ({
      line: index + 2,
      qrId: `qr_${String(index).padStart(12, "0")}`,
      result: "created",
    }));
    const counts = { rows, created: rows, updated: 0, unchanged: 0, skipped: 0, failed: 0 };
    reply
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ dryRun: false, ...counts, failures: [], codes }));
  }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  return {
    env: { QR_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, QR_TOKEN: "token" },
    close: () => new Promise((closed) => server.close(closed)),
  };
}
