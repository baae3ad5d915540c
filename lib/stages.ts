import type { Stage, StageName } from "./stage.ts";

/** The Kafka that MSK recommends: https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html */
const KAFKA = "3.8.x";

/** The smallest there is: what passes it are secrets, a few calls of AWS, and requests to Upstash. */
const NAT_INSTANCE = "t4g.nano";

/** How large each stage is, how long it keeps what, and why. Nothing else in `lib` holds a size or a retention. */
export const stages: Record<StageName, Stage> = {
  // The cheapest that is a real deployment: for one restaurant or club, whose codes are printed and must last.
  mini: {
    network: {
      cidr: "10.42.0.0/16",
      availabilityZones: 2,
      nat: "instance",
      natInstance: NAT_INSTANCE,
      interfaceEndpoints: false,
    },
    database: {
      instance: "t4g.micro",
      storageGiB: 20,
      maxStorageGiB: 50,
      multiAz: false,
      // As much storage as the volume has is free of charge; a week shows a mistake.
      backupDays: 7,
      maxConnections: 80,
    },
    proxy: false,
    // The relay persists by itself what it finds: no cluster, no event poller.
    events: "direct",
    valkey: { node: "cache.t4g.micro", nodes: 1, snapshotDays: 1 },
    // For `events=msk`, the first step of growing.
    kafka: { version: KAFKA, instance: "kafka.t3.small", brokers: 2, volumeGiB: 10, keep: false },
    // Each poll is commands that Upstash bills: a quiet minute takes a few, and a scan is persisted within a minute.
    relay: { idleS: 1, memoryMb: 512 },
    // A full house that scans the code on the screen.
    throttle: { scan: { rate: 200, burst: 400 }, other: { rate: 20, burst: 40 } },
    logDays: 30,
    // The service's defaults.
    lifetimes: { list: 300, code: 1_800, link: 86_400 },
    alarmPerFunction: false,
    retentionMonths: 13,
    historyMonths: 25,
    protect: true,
  },
  dev: {
    network: {
      cidr: "10.40.0.0/16",
      // The least that a database's subnet group and an MSK cluster accept.
      availabilityZones: 2,
      // One t4g.nano instead of a NAT gateway, for about a sixth of the price. If it fails, Redis is out of reach: the
      // service then answers from Postgres, but new sandboxes can't read their secrets until the instance is back.
      nat: "instance",
      natInstance: NAT_INSTANCE,
      // The NAT leads to AWS's APIs as well; each endpoint would cost more than the instance.
      interfaceEndpoints: false,
    },
    // The smallest that RDS offers for PostgreSQL 17, and more than a few developers need.
    database: {
      instance: "t4g.micro",
      storageGiB: 20,
      maxStorageGiB: 50,
      multiAz: false,
      backupDays: 7,
      // What 1 GiB of memory carries.
      maxConnections: 80,
    },
    // A few sandboxes never exhaust the connections, and the proxy's least price exceeds the database's own.
    proxy: false,
    events: "msk",
    valkey: { node: "cache.t4g.micro", nodes: 1, snapshotDays: 1 },
    // The cheapest cluster that MSK offers; 10 GiB hold weeks of a developer's scans.
    kafka: { version: KAFKA, instance: "kafka.t3.small", brokers: 2, volumeGiB: 10, keep: false },
    relay: { idleS: 10, memoryMb: 512 },
    // A runaway script is stopped before it costs anything.
    throttle: { scan: { rate: 100, burst: 200 }, other: { rate: 20, burst: 40 } },
    logDays: 7,
    lifetimes: { list: 300, code: 1_800, link: 86_400 },
    alarmPerFunction: true,
    retentionMonths: 3,
    historyMonths: 3,
    protect: false,
  },
  prod: {
    network: {
      cidr: "10.41.0.0/16",
      // What Express brokers demand, and what survives the loss of a zone with capacity to spare.
      availabilityZones: 3,
      // One in each zone: a zone that fails takes no other with it.
      nat: "gateways",
      natInstance: NAT_INSTANCE,
      // Secrets and cluster metadata stay inside AWS, and without Upstash no NAT is needed at all.
      interfaceEndpoints: true,
    },
    database: {
      // 8 GiB keep the codes and the newest month of scans in memory; Graviton is the cheapest per query.
      instance: "m7g.large",
      storageGiB: 100,
      maxStorageGiB: 1_000,
      multiAz: true,
      // The longest that RDS keeps: a mistake is often noticed after a month's report.
      backupDays: 35,
      maxConnections: 400,
    },
    // While Redis is down each sandbox that scans needs a connection: the proxy shares those there are.
    proxy: true,
    events: "msk",
    // One replica in another zone takes over within a minute.
    valkey: { node: "cache.m7g.large", nodes: 2, snapshotDays: 7 },
    // Express: no volume to size, recovery in a tenth of the time. Three, one in each zone, are the least.
    kafka: {
      version: KAFKA,
      instance: "express.m7g.large",
      brokers: 3,
      // One poller takes 5 MB/s, which is more than 5,000 scans a second; a second one if a backlog is to be drained.
      pollers: { minimum: 1, maximum: 2 },
      keep: true,
    },
    // While scans come at least this often a run follows the other, and each is on its way within a second. The first
    // after a longer silence waits for the next run, a minute at most.
    // A whole core, for 10,000 scans a second that last (docs/deploy.md has the arithmetic).
    relay: { idleS: 10, memoryMb: 1_769 },
    // A campaign on television, and a backend that lists at its leisure.
    throttle: { scan: { rate: 2_000, burst: 4_000 }, other: { rate: 100, burst: 200 } },
    logDays: 90,
    lifetimes: { list: 300, code: 1_800, link: 86_400 },
    alarmPerFunction: true,
    // A whole year can be compared with the one before.
    retentionMonths: 13,
    historyMonths: 25,
    protect: true,
  },
};

/**
 * Memory of each function but the relay, whose stage says it, in MB. CPU comes with it, 1,769 MB being one core, so that more memory is mostly a shorter
 * wait for the same price (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html).
 */
export const MEMORY_MB: Record<string, number> = {
  // Somebody with a phone waits for it: the start of a sandbox is CPU alone.
  scan: 1_024,
  // Draw pictures of up to 2,048 × 2,048 pixels.
  get: 1_024,
  picture: 1_024,
  "public-picture": 1_024,
  "static-picture": 1_024,
  // Holds 4 MiB of codes as text, as values and as statements.
  import: 1_024,
  bulk: 1_024,
  // Draws five hundred of them at a time.
  sheets: 1_769,
  // Parses a batch of some MB of base64.
  "persist-scans": 1_024,
  // Waits for one reply.
  canary: 256,
};

/** For what mostly waits for Redis or Postgres. */
export const DEFAULT_MEMORY_MB = 512;
