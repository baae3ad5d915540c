import { GetBootstrapBrokersCommand, KafkaClient } from "@aws-sdk/client-kafka";
import { generateAuthToken } from "aws-msk-iam-sasl-signer-js";
import type { SASLOptions } from "kafkajs";

export interface Brokers {
  brokers: string[];
  /** Whether they speak TLS. */
  tls: boolean;
}

/**
 * Asks MSK for a cluster's brokers, at the port that speaks the given kind of authentication: over TLS, unless the
 * cluster offers plain text alone.
 *
 * @throws Error if the cluster does not offer it
 */
export async function mskBrokers(
  clusterArn: string,
  auth: string,
  client: Pick<KafkaClient, "send"> = new KafkaClient({ region: regionOf(clusterArn) }),
): Promise<Brokers> {
  const answer = await client.send(new GetBootstrapBrokersCommand({ ClusterArn: clusterArn }));
  const overTls: Record<string, string | undefined> = {
    none: answer.BootstrapBrokerStringTls,
    "msk-iam": answer.BootstrapBrokerStringSaslIam,
    "scram-sha-512": answer.BootstrapBrokerStringSaslScram,
  };
  const plain = auth === "none" ? answer.BootstrapBrokerString : undefined;
  const brokers = overTls[auth] ?? plain;
  if (!brokers) throw new Error(`the MSK cluster offers no brokers for KAFKA_AUTH=${auth}`);
  return { brokers: brokers.split(","), tls: overTls[auth] !== undefined };
}

/** Signs in with the credentials of the process's IAM role. */
export function mskIamSasl(clusterArn: string): SASLOptions {
  const region = regionOf(clusterArn);
  return {
    mechanism: "oauthbearer",
    oauthBearerProvider: async () => ({ value: (await generateAuthToken({ region })).token }),
  };
}

/** arn:aws:kafka:<region>:… */
function regionOf(clusterArn: string): string {
  return clusterArn.split(":")[3] ?? "";
}
