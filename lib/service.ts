import { type App, type StackProps, Tags } from "aws-cdk-lib";
import { functionNames } from "../functions/manifest.ts";
import { ApiStack } from "./api/api-stack.ts";
import type { Config } from "./config.ts";
import { DataStack } from "./data/data-stack.ts";
import { EDGE_REGION, EdgeStack } from "./edge/edge-stack.ts";
import { EventsStack } from "./events/events-stack.ts";
import { MonitoringStack } from "./monitoring/monitoring-stack.ts";
import { NetworkStack } from "./network/network-stack.ts";
import { stages } from "./stages.ts";

/** The stacks of one stage, in the order in which they are deployed. */
export interface Service {
  network: NetworkStack;
  data: DataStack;
  events: EventsStack;
  edge?: EdgeStack;
  api: ApiStack;
  monitoring: MonitoringStack;
}

/** Adds a stage's stacks to the app. */
export function addService(app: App, config: Config): Service {
  const { stage, account, region } = config;
  const inRegion = (name: string, where: string): StackProps => ({
    stackName: `qr-${stage}-${name}`,
    env: { region: where, ...(account ? { account } : {}) },
    terminationProtection: stages[stage].protect,
    crossRegionReferences: config.cloudfront,
  });
  const named = (name: string) => [`qr-${stage}-${name}`, inRegion(name, region)] as const;

  const network = new NetworkStack(app, named("network")[0], { ...named("network")[1], config });
  const data = new DataStack(app, named("data")[0], { ...named("data")[1], config, network });
  const events = new EventsStack(app, named("events")[0], { ...named("events")[1], backends: data.backends });
  const edge = config.cloudfront
    ? new EdgeStack(app, named("edge")[0], { ...inRegion("edge", EDGE_REGION), config })
    : undefined;
  const api = new ApiStack(app, named("api")[0], {
    ...named("api")[1],
    backends: data.backends,
    ...(edge ? { edge } : {}),
  });
  // What the API publishes is read by the pipeline: no event is written that nobody expects.
  api.addStackDependency(events, "the pipeline changes first");
  const monitoring = new MonitoringStack(app, named("monitoring")[0], {
    ...named("monitoring")[1],
    config,
    monitored: {
      stage,
      functions: functionNames,
      apiId: api.apiId,
      clusterName: events.cluster.name,
      databaseId: data.database.instance.instanceIdentifier,
      failedBatchesBucket: events.failedBatches.bucket.bucketName,
      ...(data.valkey ? { valkeyId: data.valkey.id } : {}),
    },
  });
  Tags.of(app).add("service", "qr");
  Tags.of(app).add("stage", stage);
  return { network, data, events, ...(edge ? { edge } : {}), api, monitoring };
}
