import { type App, Aspects, type Stack, type StackProps, Tags } from "aws-cdk-lib";
import { ApiStack } from "./api/api-stack.ts";
import type { Backends } from "./compute/backends.ts";
import { linesOf } from "./compute/lines.ts";
import type { Config } from "./config.ts";
import { ConsoleStack } from "./console/console-stack.ts";
import { ContentStack } from "./console/content-stack.ts";
import { DataStack } from "./data/data-stack.ts";
import { ProxyStack } from "./data/proxy-stack.ts";
import { ValkeyStack } from "./data/valkey-stack.ts";
import { EDGE_REGION, EdgeStack } from "./edge/edge-stack.ts";
import { EventsStack } from "./events/events-stack.ts";
import { RelayStack } from "./events/relay-stack.ts";
import { MonitoringStack } from "./monitoring/monitoring-stack.ts";
import { EgressStack } from "./network/egress-stack.ts";
import { needsEgress } from "./network/needs-egress.ts";
import { NetworkStack } from "./network/network-stack.ts";
import { NoNeedlessDependencies } from "./no-needless-dependencies.ts";

/**
 * The stacks of one stage, in the order in which they are deployed. What an option adds is a stack of its own: it is
 * there before the first function that uses it, and when the option is taken back it stays until it is deleted.
 */
export interface Service {
  network: NetworkStack;
  egress?: EgressStack;
  data: DataStack;
  proxy?: ProxyStack;
  valkey?: ValkeyStack;
  events?: EventsStack;
  relay: RelayStack;
  edge?: EdgeStack;
  console?: ConsoleStack;
  api: ApiStack;
  monitoring: MonitoringStack;
  content?: ContentStack;
}

/**
 * Adds a stage's stacks to the app.
 *
 * @param builtConsole the folder of the built console, if the config has one
 */
export function addService(app: App, config: Config, builtConsole?: string): Service {
  const { stage, account, region } = config;
  const idOf = (name: string) => `qr-${stage}-${name}`;
  const propsOf = (name: string, where = region): StackProps => ({
    stackName: idOf(name),
    env: { region: where, ...(account ? { account } : {}) },
    terminationProtection: config.sizes.protect,
    crossRegionReferences: config.cloudfront,
  });

  const network = new NetworkStack(app, idOf("network"), { ...propsOf("network"), config });
  const egress = needsEgress(config)
    ? new EgressStack(app, idOf("egress"), { ...propsOf("egress"), config, vpc: network.vpc })
    : undefined;
  const data = new DataStack(app, idOf("data"), { ...propsOf("data"), config, network });
  if (egress) data.addStackDependency(egress, "migrations read the password by that way");
  const proxy = config.proxy
    ? new ProxyStack(app, idOf("proxy"), { ...propsOf("proxy"), config, network, data })
    : undefined;
  const valkey =
    config.redis === "valkey"
      ? new ValkeyStack(app, idOf("valkey"), { ...propsOf("valkey"), config, network })
      : undefined;
  const backends = backendsOf(config, { network, data, proxy, valkey });
  const events =
    config.events === "msk"
      ? new EventsStack(app, idOf("events"), { ...propsOf("events"), backends })
      : undefined;
  const relay = new RelayStack(app, idOf("relay"), {
    ...propsOf("relay"),
    backends: { ...backends, ...(events ? { cluster: events.cluster } : {}) },
  });
  const edge = config.cloudfront
    ? new EdgeStack(app, idOf("edge"), { ...propsOf("edge", EDGE_REGION), config })
    : undefined;
  const console = config.console
    ? new ConsoleStack(app, idOf("console"), { ...propsOf("console"), config })
    : undefined;
  const api = new ApiStack(app, idOf("api"), {
    ...propsOf("api"),
    backends,
    network,
    ...(edge ? { edge } : {}),
    ...(console ? { consoleUrl: console.url } : {}),
  });
  const monitoring = new MonitoringStack(app, idOf("monitoring"), {
    ...propsOf("monitoring"),
    monitored: {
      config,
      functions: linesOf(config).map(({ name }) => name),
      apiId: api.apiId,
      ...(events ? { failedBatchesBucket: events.failedBatches.bucket.bucketName } : {}),
      ...(valkey ? { valkeyId: valkey.valkey.id } : {}),
      ...(egress?.natInstanceParameter ? { natInstanceParameter: egress.natInstanceParameter } : {}),
      ...(egress ? { natGatewayIds: egress.natGatewayIds } : {}),
    },
  });
  const content = console
    ? new ContentStack(app, idOf("content"), {
        ...propsOf("content"),
        config,
        bucket: console.bucket,
        folder: built(builtConsole),
      })
    : undefined;
  inOrder([events, relay, api, monitoring, content]);
  Aspects.of(app).add(new NoNeedlessDependencies());
  // CloudFormation's type for it takes no tags, whatever the CDK thinks.
  const tagged = { excludeResourceTypes: ["AWS::RDS::DBProxyTargetGroup"] };
  Tags.of(app).add("service", "qr", tagged);
  Tags.of(app).add("stage", stage, tagged);
  return {
    network,
    ...(egress ? { egress } : {}),
    data,
    ...(proxy ? { proxy } : {}),
    ...(valkey ? { valkey } : {}),
    ...(events ? { events } : {}),
    relay,
    ...(edge ? { edge } : {}),
    ...(console ? { console } : {}),
    api,
    monitoring,
    ...(content ? { content } : {}),
  };
}

function built(folder: string | undefined): string {
  if (folder === undefined) throw new Error("the console is to be built first");
  return folder;
}

interface Servers {
  network: NetworkStack;
  data: DataStack;
  proxy: ProxyStack | undefined;
  valkey: ValkeyStack | undefined;
}

function backendsOf(config: Config, { network, data, proxy, valkey }: Servers): Backends {
  return {
    config,
    vpc: network.vpc,
    firewall: network.firewall,
    database: { ...data.access, ...(proxy ? { host: proxy.host } : {}) },
    redis: valkey ? { url: valkey.valkey.url } : { secret: data.upstash },
    visitorKey: data.visitorKey,
  };
}

/** Readers are deployed before writers: every event written has a reader, and no metric is watched before it exists. */
function inOrder(stacks: (Stack | undefined)[]): void {
  const present = stacks.flatMap((stack) => stack ?? []);
  for (const [index, stack] of present.entries()) {
    const before = present[index - 1];
    if (before) stack.addStackDependency(before, "the pipeline changes first");
  }
}
