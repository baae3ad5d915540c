import { GetBootstrapBrokersCommand, KafkaClient } from "@aws-sdk/client-kafka";
import { generateAuthToken } from "aws-msk-iam-sasl-signer-js";
import type { SASLOptions } from "kafkajs";

/**
 * Asks MSK for a cluster's brokers, at the port that speaks the given kind of authentication.
 *
 * @throws Error if the cluster does not offer it
 */
export async function mskBrokers(
  clusterArn: string,
  auth: string,
  client: Pick<KafkaClient, "send"> = new KafkaClient({ region: regionOf(clusterArn) }),
): Promise<string[]> {
  const answer = await client.send(new GetBootstrapBrokersCommand({ ClusterArn: clusterArn }));
  const brokers =
    auth === "msk-iam"
      ? answer.BootstrapBrokerStringSaslIam
      : auth === "scram-sha-512"
        ? answer.BootstrapBrokerStringSaslScram
        : (answer.BootstrapBrokerStringTls ?? answer.BootstrapBrokerString);
  if (!brokers) throw new Error(`the MSK cluster offers no brokers for KAFKA_AUTH=${auth}`);
  return brokers.split(",");
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
