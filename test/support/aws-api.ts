import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What an account answers to what the doctor asks of it; what is absent is refused. */
export interface AccountFacts {
  account?: string;
  bootstrapVersion?: string;
  concurrency?: number;
  zones?: number;
  secrets?: Record<string, string>;
}

export interface AwsApi {
  /** For AWS_ENDPOINT_URL. */
  url: string;
  facts: AccountFacts;
  stop(): Promise<void>;
}

/** Plays the calls of STS, SSM, Lambda, EC2 and Secrets Manager that the doctor makes, each by its own protocol. */
export async function startAwsApi(): Promise<AwsApi> {
  const api: AwsApi = { url: "", facts: {}, stop: async () => {} };
  const server = createServer(async (request, response) => answer(api.facts, request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  api.stop = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return api;
}

async function answer(
  facts: AccountFacts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await text(request);
  const target = String(request.headers["x-amz-target"] ?? "");
  const json = (value: object | undefined, refusal: string) => {
    const status = value ? 200 : 400;
    response
      .writeHead(status, { "content-type": "application/x-amz-json-1.1" })
      .end(JSON.stringify(value ?? { __type: refusal, message: "refused" }));
  };
  const xml = (value: string | undefined, refusal: string) => {
    response
      .writeHead(value ? 200 : 403, { "content-type": "text/xml" })
      .end(
        value ??
          `<ErrorResponse><Error><Code>${refusal}</Code><Message>refused</Message></Error></ErrorResponse>`,
      );
  };
  if (target.startsWith("AmazonSSM.")) {
    const value = facts.bootstrapVersion;
    return json(value === undefined ? undefined : { Parameter: { Value: value } }, "ParameterNotFound");
  }
  if (target.startsWith("secretsmanager.")) {
    const value = facts.secrets?.[JSON.parse(body).SecretId];
    return json(value === undefined ? undefined : { SecretString: value }, "ResourceNotFoundException");
  }
  if (request.url?.includes("/account-settings")) {
    const limit = facts.concurrency;
    const settings = { AccountLimit: { ConcurrentExecutions: limit } };
    return json(limit === undefined ? undefined : settings, "AccessDeniedException");
  }
  if (body.includes("Action=GetCallerIdentity")) {
    const { account } = facts;
    const result = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
    return xml(account && result, "ExpiredToken");
  }
  const zone = "<item><zoneState>available</zoneState></item>".repeat(facts.zones ?? 0);
  xml(
    `<DescribeAvailabilityZonesResponse><availabilityZoneInfo>${zone}</availabilityZoneInfo></DescribeAvailabilityZonesResponse>`,
    "UnauthorizedOperation",
  );
}
