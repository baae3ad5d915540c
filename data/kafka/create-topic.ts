import type { Kafka } from "kafkajs";

/** What a topic is made with. `replication` -1 leaves it to the brokers. */
export interface TopicSettings {
  partitions: number;
  replication: number;
}

/** Makes the topic unless it is there. @throws Error if Kafka does not answer */
export async function createTopic(kafka: Kafka, topic: string, settings: TopicSettings): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic, numPartitions: settings.partitions, replicationFactor: settings.replication }],
    });
  } finally {
    await admin.disconnect().catch(() => {});
  }
}
