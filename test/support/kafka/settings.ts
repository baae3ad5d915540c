import { createServer } from "node:net";

/** Where one Kafka node listens and keeps its data. Ports are on 127.0.0.1. */
export interface NodeSettings {
  port: number;
  controllerPort: number;
  dataFolder: string;
}

/** One node is broker and controller: no second process, and nothing is replicated. */
export function serverProperties({ port, controllerPort, dataFolder }: NodeSettings): string {
  const properties = {
    "process.roles": "broker,controller",
    "node.id": 1,
    // Named here, not in the formatted storage, so that a kept data folder starts again on other ports.
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    "controller.listener.names": "CONTROLLER",
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "log.dirs": dataFolder.replaceAll("\\", "/"),

    // As in production: a topic that nobody created is an error, not a surprise.
    "auto.create.topics.enable": false,

    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,

    // Tests start and restart consumers all the time; production waits 3 s for more members.
    "group.initial.rebalance.delay.ms": 0,
    // Lets a test see a dead member's partitions move within a second or two (the default is 6 s).
    "group.min.session.timeout.ms": 1000,
    // After SIGKILL the controller refuses the new process until the old one's session ends (default: 9 s).
    "broker.session.timeout.ms": 1000,
    "broker.heartbeat.interval.ms": 200,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}

/** A free TCP port on 127.0.0.1, between 20000 and 29999. */
export async function freePort(): Promise<number> {
  // Below the ports that systems hand to outgoing connections. Otherwise a client that retries while the
  // broker is down can be given the broker's own port as its source, connect to itself, and block the restart.
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (await isFree(port)) return port;
  }
}

/** Whether this process could listen on `port` of 127.0.0.1 now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
