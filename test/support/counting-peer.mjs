import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

/** A service that redirects, counts in memory, and keeps what it has counted in a file, a few times a second. */
const { COUNT_FILE = "", PORT } = process.env;
let count = 0;
try {
  count = Number(readFileSync(COUNT_FILE, "utf8"));
} catch {
  // The first start.
}
setInterval(() => writeFileSync(COUNT_FILE, String(count)), 200);
createServer((_request, response) => {
  count += 1;
  response.writeHead(302, { location: "https://example.com/", "content-length": "0" }).end();
}).listen(Number(PORT), "127.0.0.1");
