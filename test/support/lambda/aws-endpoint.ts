import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The one call that functions make to AWS by an SDK. */
export interface AwsEndpoint {
  url: string;
  /** What MSK answers as the brokers that take IAM, `host:port` separated by commas. */
  brokers: string;
  stop(): Promise<void>;
}

/**
 * Plays MSK's GetBootstrapBrokers for any cluster, to callers who sign.
 * https://docs.aws.amazon.com/msk/1.0/apireference/clusters-clusterarn-bootstrap-brokers.html
 */
export async function startAwsEndpoint(): Promise<AwsEndpoint> {
  const server = createServer((request, response) => {
    const signed = request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 Credential=test/");
    const asked = /^\/v1\/clusters\/[^/]+\/bootstrap-brokers$/.test(request.url ?? "");
    if (!signed || !asked) return response.writeHead(400).end("{}");
    return response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ bootstrapBrokerStringSaslIam: endpoint.brokers }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint: AwsEndpoint = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    // Nothing listens on this port.
    brokers: "localhost:1",
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return endpoint;
}
