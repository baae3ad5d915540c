import { afterEach, expect, it } from "vitest";
import { turns } from "../../bin/local/turns.ts";
import { rawConnection } from "../support/raw-connection.ts";
import { echo, stubGateway } from "../support/stub-gateway.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUps.splice(0).reverse()) await step();
});

const request = (line: string) => `${line} HTTP/1.1\r\nhost: localhost\r\nauthorization: any\r\n\r\n`;

/** A gateway that notes what its handlers are given, and a connection on which requests arrive in one turn. */
async function world(maxWaiting?: number) {
  const handled: string[] = [];
  const note: typeof echo = (event, context) => {
    handled.push(event.routeKey);
    return echo(event, context);
  };
  const gateway = await stubGateway(note, {}, { turn: turns(maxWaiting) });
  cleanUps.push(gateway.close);
  const client = await rawConnection(gateway.port);
  cleanUps.push(() => client.socket.destroy());
  return { handled, client };
}

it("a scan begins before all other requests that came with it", async () => {
  const { handled, client } = await world();
  client.send([request("GET /qr"), request("GET /health"), request("GET /scan/abc")].join(""));
  const replies = await client.answered(3);
  expect(handled).toEqual(["GET /scan/{qrId}", "GET /qr", "GET /health"]);
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
});

it("what would wait behind too many is refused with 503 and never handled; a scan is not", async () => {
  const { handled, client } = await world(2);
  client.send([...Array(5).fill(request("GET /qr")), request("GET /scan/abc")].join(""));
  const replies = await client.answered(6);
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 503, 503, 503, 200]);
  expect(replies[2]?.headers).toContainEqual(["retry-after", "1"]);
  expect(JSON.parse(replies[2]?.body ?? "")).toMatchObject({ title: "Too busy" });
  expect(handled.filter((route) => route === "GET /qr")).toHaveLength(2);
});

it("reads without a query begin together; a body or a query has a turn of its own", async () => {
  const short: boolean[] = [];
  const gateway = await stubGateway(echo, {}, { turn: async (isShort = false) => void short.push(isShort) });
  cleanUps.push(gateway.close);
  const client = await rawConnection(gateway.port);
  cleanUps.push(() => client.socket.destroy());
  const body = "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
  client.send(
    [
      request("GET /qr"),
      request("GET /qr/abc"),
      request("GET /qr?q=menu"),
      request("POST /generate").replace("\r\n\r\n", `\r\n${body}`),
      request("GET /scan/abc"),
    ].join(""),
  );
  await client.answered(5);
  expect(short.toSorted()).toEqual([false, false, true, true]);
});
