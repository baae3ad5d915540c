import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import type { Certificate } from "./certificate.ts";

/** A Kafka as MSK shows it to IAM: over TLS, and only to clients that signed in. */
export interface IamKafka {
  /** `host:port`, for a client's first connection. */
  brokers: string;
  /** The token of each sign-in, decoded: the URL that the client signed. */
  signIns: URL[];
  stop(): Promise<void>;
}

/** Numbers of requests. https://kafka.apache.org/protocol#protocol_api_keys */
const SASL_HANDSHAKE = 17;
const API_VERSIONS = 18;
const SASL_AUTHENTICATE = 36;

/**
 * Stands before the plain Kafka at `target`, speaks TLS and takes SASL's OAUTHBEARER for it, and hands on everything
 * else. Whatever signs in with a URL that looks signed is let in: whether the signature holds, only AWS can tell.
 *
 * @param target `127.0.0.1:port` of a single broker, under which it announces itself
 */
export async function startIamKafka(target: string, certificate: Certificate): Promise<IamKafka> {
  const [host = "", port = ""] = target.split(":");
  const signIns: URL[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(certificate, (client) => {
    const broker = connect(Number(port), host);
    for (const socket of [client, broker]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => {
        for (const both of [client, broker]) sockets.delete(both.destroy());
      });
    }
    handRequests(client, broker, signIns);
    handReplies(broker, client, address(host, Number(port)), address(host, portOf(server)));
  });
  server.listen(0, host);
  await once(server, "listening");
  return {
    brokers: `${host}:${portOf(server)}`,
    signIns,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

const portOf = (server: { address(): AddressInfo | string | null }) => (server.address() as AddressInfo).port;

function handRequests(client: TLSSocket, broker: Socket, signIns: URL[]): void {
  let signedIn = false;
  eachFrame(client, (frame) => {
    const [api, version, correlation] = [frame.readInt16BE(4), frame.readInt16BE(6), frame.subarray(8, 12)];
    // The header ends with the client's ID.
    const body = frame.subarray(14 + Math.max(0, frame.readInt16BE(12)));
    if (api === SASL_HANDSHAKE) return reply(client, correlation, handshake(body));
    if (api === SASL_AUTHENTICATE) {
      const url = signedUrl(body);
      if (!url) return client.destroy();
      signIns.push(url);
      signedIn = true;
      return reply(client, correlation, authenticated(version));
    }
    return signedIn || api === API_VERSIONS ? broker.write(frame) : client.destroy();
  });
}

/** The broker announces its own address, and the client would go on there. */
function handReplies(broker: Socket, client: TLSSocket, own: Buffer, front: Buffer): void {
  eachFrame(broker, (frame) => {
    for (let at = frame.indexOf(own); at >= 0; at = frame.indexOf(own, at + 1)) front.copy(frame, at);
    client.write(frame);
  });
}

/** A host as STRING and a port as INT32, as in the versions of Metadata that kafkajs speaks. */
function address(host: string, port: number): Buffer {
  const bytes = Buffer.alloc(2 + host.length + 4);
  bytes.writeInt16BE(host.length);
  bytes.write(host, 2);
  bytes.writeInt32BE(port, 2 + host.length);
  return bytes;
}

/** No error if the client asks for OAUTHBEARER, which is the only mechanism; 33 is UNSUPPORTED_SASL_MECHANISM. */
function handshake(body: Buffer): Buffer {
  const mechanism = "OAUTHBEARER";
  const head = Buffer.alloc(8);
  head.writeInt16BE(body.includes(mechanism) ? 0 : 33, 0);
  head.writeInt32BE(1, 2);
  head.writeInt16BE(mechanism.length, 6);
  return Buffer.concat([head, Buffer.from(mechanism)]);
}

/** No error, no message, no bytes, and from version 1 on a session without an end. */
function authenticated(version: number): Buffer {
  return Buffer.from([0, 0, 0xff, 0xff, 0, 0, 0, 0, ...(version >= 1 ? [0, 0, 0, 0, 0, 0, 0, 0] : [])]);
}

/** https://github.com/aws/aws-msk-iam-sasl-signer-js: the token is a signed URL in base64url. */
function signedUrl(body: Buffer): URL | undefined {
  const token = /auth=Bearer ([\w-]+)/.exec(body.toString())?.[1] ?? "";
  const url = Buffer.from(token, "base64url").toString();
  return URL.canParse(url) && new URL(url).searchParams.has("X-Amz-Signature") ? new URL(url) : undefined;
}

function reply(client: TLSSocket, correlation: Buffer, body: Buffer): void {
  const size = Buffer.alloc(4);
  size.writeInt32BE(correlation.length + body.length);
  client.write(Buffer.concat([size, correlation, body]));
}

/** Requests and replies begin with their length, which does not count itself. */
function eachFrame(socket: Socket, handle: (frame: Buffer) => unknown): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      handle(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  });
}
