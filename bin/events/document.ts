import * as z from "zod";
import { EVENT_SCHEMAS } from "../../core/events/schema.ts";
import { QR_ID } from "../../core/ids.ts";
import { VARIABLES } from "../../functions/runtime/env.ts";
import { eventExamples } from "./examples.ts";

type Json = Record<string, unknown>;

/** One version of one event type: `name` is `qr.scanned.v1`, `schema` its JSON Schema (draft 7). */
export interface EventVersion {
  name: string;
  type: string;
  version: number;
  schema: Json;
}

const TOPIC = `Every event of every tenant.

- **Record.** The value is one event as JSON in UTF-8, the key its \`qrId\`, in UTF-8. A traced scan has the header \`traceparent\`;
  no other record has headers.
- **Compression.** Batches are compressed with gzip, which every client library unpacks by itself.
- **Order.** All events of a code are in one partition, in the order in which they happened. Codes have no order among
  each other. Adding partitions moves codes to other partitions.
- **Repetition.** Delivery is at least once. A repeated record holds the same event with the same \`eventId\`: remember the IDs
  that were handled, or make handling an event twice do no harm.
- **Change.** An object may have fields beyond those described: ignore them. A field that is removed, renamed or changed
  makes a new version of its type, beside the old one. Skip an event whose \`type\` or \`version\` is unknown.`;

/** Every event version on the topic. The objects are open: a consumer must bear a field that is added later. */
export function eventVersions(): EventVersion[] {
  return EVENT_SCHEMAS.map((event) => {
    const [type] = event.shape.type.values;
    const [version] = event.shape.version.values;
    const name = `${type}.v${version}`;
    return { name, type: String(type), version: Number(version), schema: schemaOf(event, name) };
  });
}

/** The topic as AsyncAPI 3.0, from the schemas that the events are published with. */
export function asyncApiDocument(): Json {
  const versions = eventVersions();
  const refs = (to: (name: string) => string) => versions.map(({ name }) => ({ $ref: to(name) }));
  return {
    asyncapi: "3.0.0",
    info: {
      title: "QR service: events",
      version: "1.0.0",
      description: "Scans and changes of dynamic QR codes",
    },
    defaultContentType: "application/json",
    channels: {
      events: {
        address: VARIABLES.KAFKA_TOPIC.fallback,
        description: TOPIC,
        messages: Object.fromEntries(
          versions.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
        bindings: { kafka: { topic: VARIABLES.KAFKA_TOPIC.fallback, bindingVersion: "0.5.0" } },
      },
    },
    operations: {
      publish: {
        action: "send",
        summary: "What the service publishes",
        channel: { $ref: "#/channels/events" },
        messages: refs((name) => `#/channels/events/messages/${name}`),
      },
    },
    components: {
      messages: Object.fromEntries(versions.map((version) => [version.name, messageOf(version)])),
    },
  };
}

function messageOf({ name, type, schema }: EventVersion): Json {
  const { $id: _id, $schema: _dialect, ...payload } = schema;
  return {
    name: type,
    title: name,
    summary: schema.description,
    contentType: "application/json",
    payload: { schemaFormat: "application/schema+json;version=draft-07", schema: payload },
    bindings: {
      kafka: {
        key: { type: "string", pattern: QR_ID.source, description: "`qrId`" },
        bindingVersion: "0.5.0",
      },
    },
    examples: [{ payload: eventExamples[name] }],
  };
}

function schemaOf(event: z.ZodType, name: string): Json {
  const schema = z.toJSONSchema(event, {
    target: "draft-7",
    unrepresentable: "any",
    override({ jsonSchema }) {
      // Publishing is strict; reading is open.
      delete jsonSchema.additionalProperties;
      // A format's pattern repeats it, in a dialect that not every validator reads.
      if (jsonSchema.format) delete jsonSchema.pattern;
      // Generators make a floating-point number of a `number`.
      if (Number.isInteger(jsonSchema.const)) jsonSchema.type = "integer";
    },
  }) as Json;
  return { $id: `${name}.json`, title: name, ...schema };
}
