import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "aws-lambda";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeGateway, type Handlers, openPort, serveGateway } from "../../../bin/local/gateway.ts";
import { createHandlers } from "../../../bin/local/handlers.ts";
import { startTestStack, type TestStack } from "../test-stack.ts";
import { type Invocation, invocation } from "./events.ts";
import { exchange, parseReplies, type RawReply } from "./exchange.ts";
import { faultsOf } from "./judge.ts";
import { bytesOf, isUnfinished, type RawRequest, rawRequest } from "./raw-request.ts";
import { attackerTokens } from "./tokens.ts";
import { NEWEST_CODE, seed, victimList, victimRows } from "./victim.ts";

/** An invocation that takes longer hangs. In milliseconds. */
const DEADLINE_MS = 5_000;

/** What so many cases have to meet, or they have gone past the service. */
const MET_BY: [cases: number, statuses: number[]][] = [
  [500, [200, 201, 302, 400, 401, 403, 404, 415]],
  [20_000, [204, 409, 410, 413]],
];

export interface HostileTraffic {
  requests: number;
  events: number;
  /** For the whole of a run, in milliseconds. */
  timeout: number;
  /** Repeats a run that failed, with what its message tells. */
  replay?: { seed: number; path: string };
}

/** Requests and events of every kind that an attacker can send, as a suite. */
export function hostileTrafficSuite({ requests, events, timeout, replay = undefined }: HostileTraffic): void {
  describe("whatever an attacker with a tenant of its own sends,", { timeout }, () => {
    let stack: TestStack;
    let port: number;
    let stop: () => Promise<void>;
    let tokens: Record<string, string>;
    let handlers: Handlers;
    let before: unknown[];
    let newest = NEWEST_CODE;

    beforeAll(async () => {
      stack = await startTestStack();
      tokens = await attackerTokens();
      const server = await openPort("127.0.0.1", 0);
      handlers = createHandlers(stack.services);
      serveGateway(server, { handlers, log: stack.log });
      port = (server.address() as AddressInfo).port;
      stop = () => {
        server.closeAllConnections();
        return closeGateway(server);
      };
      await seed(stack);
      before = [await victimRows(stack), await victimList(stack)];
    });
    afterAll(async () => {
      await stop?.();
      await stack?.close();
    });

    /** Fails with the smallest case that does, in full. */
    async function check<T>(
      cases: fc.Arbitrary<T>,
      numRuns: number,
      run: (value: T) => Promise<number[]>,
      tell: (value: T) => string,
    ): Promise<void> {
      const met = new Set<number>();
      const property = fc.asyncProperty(cases, async (value) => {
        for (const status of await run(value)) met.add(status);
      });
      await fc.assert(property, {
        numRuns,
        ...replay,
        reporter: (details) => {
          if (!details.failed) return;
          const [smallest] = details.counterexample ?? [];
          throw new Error(
            [
              `after ${details.numRuns} cases and ${details.numShrinks} reductions`,
              `replay: { seed: ${details.seed}, path: ${JSON.stringify(details.counterexamplePath)} }`,
              smallest === undefined ? "" : tell(smallest),
              details.errorInstance instanceof Error ? details.errorInstance.message : "",
            ].join("\n"),
          );
        },
      });
      const expected = MET_BY.flatMap(([cases, statuses]) => (numRuns >= cases ? statuses : []));
      expect([...met]).toEqual(expect.arrayContaining(expected));
    }

    /** Remembers the code that a reply says was made. */
    const note = ({ status, headers }: Pick<RawReply, "status" | "headers">) => {
      const location = new Map(headers).get("location") ?? "";
      if (status === 201) newest = location.slice("/qr/".length);
    };
    const named = (text: string) => text.replaceAll(NEWEST_CODE, newest);
    const authorizationOf = ({ token }: RawRequest) => (token === undefined ? undefined : tokens[token]);

    async function send(request: RawRequest): Promise<number[]> {
      const unfinished = isUnfinished(request);
      const { received, closed } = await exchange(
        port,
        bytesOf(request, authorizationOf(request)),
        unfinished,
      );
      if (unfinished && !closed) return [];
      if (!closed) throw new Error(`no end of the answer; so far: ${JSON.stringify(received)}`);
      if (received === "") throw new Error("the connection was closed without an answer");
      const replies = parseReplies(received, request.method === "HEAD");
      const faults = replies.flatMap((reply) => faultsOf(reply, request.method, request.target));
      if (faults.length > 0) throw new Error(`${faults.join("\n")}\n${JSON.stringify(received)}`);
      replies.forEach(note);
      return replies.map(({ status }) => status);
    }

    async function invoke({ name, event }: Invocation): Promise<number[]> {
      const reply = await Promise.race([
        handlers[name](JSON.parse(named(JSON.stringify(event))), {} as Context),
        sleep(DEADLINE_MS, undefined, { ref: false }),
      ]);
      if (!reply) throw new Error("no answer");
      const { statusCode, headers, body = "" } = reply;
      const bytes = Buffer.from(body, reply.isBase64Encoded ? "base64" : "utf8").toString("latin1");
      const raw = { status: statusCode, headers: Object.entries(headers), body: bytes };
      const faults = faultsOf(
        raw,
        event.requestContext.http.method === "HEAD" ? "HEAD" : "GET",
        event.rawPath,
      );
      for (const [, value] of raw.headers) {
        if (!/^[\x20-\x7e]*$/.test(value)) faults.push(`header value ${JSON.stringify(value)}`);
      }
      if (faults.length > 0) throw new Error(`${faults.join("\n")}\n${JSON.stringify(reply)}`);
      note(raw);
      return [statusCode];
    }

    it("each of its requests gets a well-formed answer that is no 5xx and tells nothing of the victim", async () => {
      await check(rawRequest(Object.keys(tokens)), requests, send, (request) =>
        [`token: ${request.token}`, JSON.stringify(bytesOf(request, "<token>"))].join("\n"),
      );
    });

    it("each of its events gets an answer that is no 5xx and tells nothing of the victim", async () => {
      await check(
        invocation,
        events,
        invoke,
        ({ name, event }) => `${name} ${JSON.stringify(event, null, 2)}`,
      );
    });

    it("all that is the victim's stays as it was, and nothing is logged as an error", async () => {
      expect([await victimRows(stack), await victimList(stack)]).toEqual(before);
      expect(stack.log.lines.filter(({ level }) => level === "error" || level === "warn")).toEqual([]);
    });
  });
}
