import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { serveParent } from "./child.ts";

/**
 * Stands for a network: what passes through arrives so much later, each way, in order. Timers are too coarse for parts
 * of a millisecond, so while something is on its way this process does nothing but look at the clock.
 */
const target = Number(process.env.TARGET_PORT);
const oneWayMs = Number(process.env.ONE_WAY_MS);

const underWay: { due: number; deliver: () => void }[] = [];

function later(deliver: () => void): void {
  if (underWay.push({ due: performance.now() + oneWayMs, deliver }) === 1) setImmediate(deliverDue);
}

function deliverDue(): void {
  const now = performance.now();
  while (underWay[0] && underWay[0].due <= now) underWay.shift()?.deliver();
  if (underWay.length > 0) setImmediate(deliverDue);
}

const pass = (from: Socket, to: Socket) => {
  from.on("data", (chunk) => later(() => to.write(chunk)));
  from.on("close", () => later(() => to.destroy()));
  from.on("error", () => {});
};

const server = createServer({ noDelay: true }, (client) => {
  const upstream = connect({ port: target, host: "127.0.0.1", noDelay: true });
  pass(client, upstream);
  pass(upstream, client);
});
server.listen(0, "127.0.0.1", () =>
  serveParent((server.address() as AddressInfo).port, async () => server.close()),
);
