import type { MSKEvent } from "aws-lambda";

/** What is used of a message as a Kafka client delivers it. */
export interface KafkaMessage {
  key: Buffer | null;
  value: Buffer | null;
  offset: string;
  timestamp: string;
  headers?: Record<string, Buffer | string | (Buffer | string)[] | undefined> | undefined;
}

/**
 * The event that Lambda's MSK event source makes of messages of one partition.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-msk-process.html
 */
export function mskEvent(
  topic: string,
  partition: number,
  messages: KafkaMessage[],
): Pick<MSKEvent, "records"> {
  return {
    records: {
      [`${topic}-${partition}`]: messages.map(({ key, value, offset, timestamp, headers = {} }) => ({
        topic,
        partition,
        offset: Number(offset),
        timestamp: Number(timestamp),
        timestampType: "CREATE_TIME" as const,
        key: key?.toString("base64") ?? "",
        value: value?.toString("base64") ?? "",
        headers: Object.entries(headers).flatMap(([name, values]) =>
          [values ?? []].flat().map((bytes) => ({ [name]: [...Buffer.from(bytes as Buffer)] })),
        ),
      })),
    },
  };
}
