import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import kafkajs, { type Kafka } from "kafkajs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTopic } from "../../data/kafka/create-topic.ts";
import { mskBrokers, mskIamSasl } from "../../data/kafka/msk.ts";
import { readEnv } from "../../functions/runtime/env.ts";
import { kafkaConfig } from "../../functions/runtime/kafka-config.ts";
import { recordLog } from "../support/log-recorder.ts";

const ARN = "arn:aws:kafka:eu-west-1:123456789012:cluster/qr/0b1c2d3e-1";

function config(source: Record<string, string>, log = recordLog()) {
  return kafkaConfig(readEnv(["kafka"], { KAFKA_BROKERS: "a:9092", ...source }), "test", log);
}

describe("a Kafka client", () => {
  it("tries a broker that is just starting again, and gives up within a few seconds", async () => {
    const { retry, connectionTimeout, requestTimeout } = await config({});
    expect([connectionTimeout, requestTimeout]).toEqual([3_000, 5_000]);
    expect(retry).toMatchObject({ retries: 2, initialRetryTime: 200, maxRetryTime: 1_000 });
  });

  it.each([
    ["none", "false", false],
    ["none", "true", true],
    ["msk-iam", "false", true],
    ["plain", "false", false],
  ])("that signs in with %s, and is told KAFKA_TLS=%s, speaks TLS: %j", async (auth, tls, ssl) => {
    const user = { KAFKA_USERNAME: "relay", KAFKA_PASSWORD: "secret", MSK_CLUSTER_ARN: ARN };
    expect(await config({ KAFKA_AUTH: auth, KAFKA_TLS: tls, ...user })).toMatchObject({ ssl });
  });

  it.each([[{ KAFKA_USERNAME: "relay" }], [{ KAFKA_PASSWORD: "secret" }], [{}]])(
    "is not made with half a user (%j)",
    async (source) => {
      await expect(config({ KAFKA_AUTH: "plain", ...source })).rejects.toThrow(
        "KAFKA_USERNAME and KAFKA_PASSWORD are required by KAFKA_AUTH=plain",
      );
    },
  );

  it("tells its own lines to whoever debugs, and to nobody else", async () => {
    const log = recordLog();
    const { logCreator, logLevel } = await config({}, log);
    const write = logCreator?.(kafkajs.logLevel.ERROR);
    const entry = { namespace: "Connection", level: 1, label: "ERROR" };
    write?.({ ...entry, log: { timestamp: "now", message: "broke", error: "ECONNRESET", secret: "s" } });
    write?.({ ...entry, log: { timestamp: "now", message: "broke", error: { broker: "a" } } });
    expect(logLevel).toBe(kafkajs.logLevel.WARN);
    expect(log.lines).toEqual([
      {
        level: "debug",
        message: "kafka client",
        fields: { namespace: "Connection", reason: "broke", error: "ECONNRESET" },
      },
      {
        level: "debug",
        message: "kafka client",
        fields: { namespace: "Connection", reason: "broke", error: undefined },
      },
    ]);
  });
});

describe("an MSK cluster", () => {
  it("that offers both is spoken to over TLS", async () => {
    const client = {
      send: async () => ({ BootstrapBrokerString: "x:1", BootstrapBrokerStringTls: "b-1:1" }),
    };
    expect(await mskBrokers(ARN, "none", client as never)).toEqual({ brokers: ["b-1:1"], tls: true });
  });

  it("that offers nothing without a sign-in is refused by name", async () => {
    const client = { send: async () => ({ BootstrapBrokerStringSaslIam: "b-1:1" }) };
    await expect(mskBrokers(ARN, "none", client as never)).rejects.toThrow(
      "the MSK cluster offers no brokers for KAFKA_AUTH=none",
    );
  });
});

describe("with the credentials of a role", () => {
  beforeEach(() => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIATEST");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "geheim");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("MSK is asked in the cluster's region for its brokers", async () => {
    const requests: { url: string | undefined; signedFor: string | undefined }[] = [];
    const aws = createServer(({ url, headers }, response) => {
      requests.push({ url, signedFor: /Credential=([^,]+)/.exec(headers.authorization ?? "")?.[1] });
      response.setHeader("content-type", "application/json");
      response.end('{"bootstrapBrokerStringSaslIam":"b-1:9098,b-2:9098"}');
    }).listen(0, "127.0.0.1");
    await once(aws, "listening");
    vi.stubEnv("AWS_ENDPOINT_URL_KAFKA", `http://127.0.0.1:${(aws.address() as AddressInfo).port}`);
    try {
      const env = readEnv(["kafka"], { MSK_CLUSTER_ARN: ARN, KAFKA_AUTH: "msk-iam" });
      expect(await kafkaConfig(env, "test", recordLog())).toMatchObject({
        brokers: ["b-1:9098", "b-2:9098"],
        ssl: true,
        sasl: { mechanism: "oauthbearer" },
      });
    } finally {
      aws.closeAllConnections();
      aws.close();
    }
    expect(requests).toEqual([
      {
        url: `/v1/clusters/${encodeURIComponent(ARN)}/bootstrap-brokers`,
        signedFor: expect.stringMatching(/^AKIATEST\/\d{8}\/eu-west-1\/kafka\/aws4_request$/),
      },
    ]);
  });

  it("each sign-in gets a token that is signed for the cluster's region", async () => {
    const sasl = mskIamSasl(ARN);
    if (sasl.mechanism !== "oauthbearer") return expect.unreachable(`it was ${sasl.mechanism}`);
    const { value } = await sasl.oauthBearerProvider();
    const signed = new URL(Buffer.from(value, "base64url").toString());
    expect(signed.host).toBe("kafka.eu-west-1.amazonaws.com");
    expect(signed.searchParams.get("X-Amz-Credential")).toMatch(/^AKIATEST\/\d{8}\/eu-west-1\//);
  });
});

describe("making the topic", () => {
  /** An admin client that notes what it is asked, and fails at one step of it. */
  function admin(failing?: "connect" | "createTopics" | "disconnect") {
    const asked: unknown[] = [];
    const step = (name: string) => async (options?: unknown) => {
      asked.push(options === undefined ? name : { [name]: options });
      if (name === failing) throw new Error(`${name} failed`);
    };
    const client = {
      connect: step("connect"),
      createTopics: step("createTopics"),
      disconnect: step("disconnect"),
    };
    return { asked, kafka: { admin: () => client } as unknown as Kafka };
  }
  const SETTINGS = { partitions: 12, replication: -1 };

  it("asks for it once, waits until it has leaders, and hangs up", async () => {
    const { asked, kafka } = admin();
    await createTopic(kafka, "qr.events", SETTINGS);
    expect(asked).toEqual([
      "connect",
      {
        createTopics: {
          waitForLeaders: true,
          topics: [{ topic: "qr.events", numPartitions: 12, replicationFactor: -1 }],
        },
      },
      "disconnect",
    ]);
  });

  it.each(["connect", "createTopics"] as const)("that fails at %s says so, and hangs up", async (step) => {
    const { asked, kafka } = admin(step);
    await expect(createTopic(kafka, "qr.events", SETTINGS)).rejects.toThrow(`${step} failed`);
    expect(asked.at(-1)).toBe("disconnect");
  });

  it("does not fail at hanging up", async () => {
    const { kafka } = admin("disconnect");
    await expect(createTopic(kafka, "qr.events", SETTINGS)).resolves.toBeUndefined();
  });
});
