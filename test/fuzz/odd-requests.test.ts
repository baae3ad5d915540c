import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { closeGateway, openPort, serveGateway } from "../../bin/local/gateway.ts";
import { exchange, parseReplies } from "../support/hostile/exchange.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

/*
 * What the fuzzer met and Node answers by itself, or not at all, unless it is told otherwise.
 */

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

it.each([
  ["expects what nobody knows", ["GET /scan/unknown HTTP/1.1", "host: x", "expect: tea"], 404],
  ["expects leave to send its body", ["GET /scan/unknown HTTP/1.1", "host: x", "expect: 100-continue"], 404],
  ["names no host", ["GET /scan/unknown HTTP/1.1"], 400],
  ["asks for a tunnel", ["CONNECT example.com:443 HTTP/1.1", "host: example.com"], 404],
  ["asks to speak another protocol", ["GET /scan/unknown HTTP/1.1", "host: x", "upgrade: websocket"], 404],
  ["is of HTTP/1.0", ["GET /scan/unknown HTTP/1.0"], 404],
])("a request that %s gets an answer of the service's own", async (_what, lines, status) => {
  const head = [...lines, "connection: close", "accept: application/json", "", ""].join("\r\n");
  const { received, closed } = await exchange(Number(new URL(stack.baseUrl).port), head, false);
  expect(closed).toBe(true);
  const [reply, ...others] = parseReplies(received, false);
  expect(others).toEqual([]);
  const headers = Object.fromEntries(reply?.headers ?? []);
  expect(reply?.status).toBe(status);
  expect(headers).toMatchObject({ "content-type": "application/problem+json" });
  expect(JSON.parse(reply?.body ?? "")).toMatchObject({ status, requestId: headers["x-request-id"] });
});

it("a tunnel that is refused does not stay open, although its client neither reads on nor closes", async () => {
  const server = await openPort("127.0.0.1", 0);
  serveGateway(server, { handlers: stack.handlers, log: stack.log });
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.write(`CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n${"x".repeat(1_000)}`);
  socket.on("data", () => {}).on("error", () => {});
  await once(socket, "end");
  await closeGateway(server);
  socket.destroy();
});
