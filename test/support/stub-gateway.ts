import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  closeGateway,
  type Deadlines,
  type GatewayOptions,
  type Handlers,
  openPort,
  serveGateway,
} from "../../bin/local/gateway.ts";
import type { HttpHandler } from "../../functions/http/endpoint.ts";
import { json } from "../../functions/http/reply.ts";
import { type Route, routes } from "../../functions/manifest.ts";
import { type LogRecorder, recordLog } from "./log-recorder.ts";

export interface StubGateway {
  server: Server;
  port: number;
  log: LogRecorder;
  close(): Promise<void>;
}

/** A handler that says which route it stands for and how long a body it was given. */
export const echo: HttpHandler = async ({ routeKey, body, requestContext }) =>
  json(200, { routeKey, bytes: body?.length ?? 0 }, { "x-request-id": requestContext.requestId });

const admitting =
  (handle: HttpHandler): HttpHandler =>
  async (event, context) =>
    event.headers.authorization ? handle(event, context) : { statusCode: 401, headers: {} };

/** The real gateway in front of handlers that need no server; whoever sends any `Authorization` is let in. */
export async function stubGateway(
  handle: HttpHandler = echo,
  deadlines: Partial<Deadlines> = {},
  options: Partial<GatewayOptions> = {},
): Promise<StubGateway> {
  const server = await openPort("127.0.0.1", 0, deadlines);
  const log = recordLog();
  serveGateway(server, {
    handlers: Object.fromEntries(
      (routes as readonly Route[]).map(({ name, scope }) => [name, scope ? admitting(handle) : handle]),
    ) as Handlers,
    log,
    ...options,
  });
  return {
    server,
    port: (server.address() as AddressInfo).port,
    log,
    async close() {
      server.closeAllConnections();
      await closeGateway(server);
    },
  };
}
