import { readFileSync, rmSync } from "node:fs";
import { App } from "aws-cdk-lib";
import type { CloudFormationStackArtifact } from "aws-cdk-lib/cx-api";
import { buildConsole } from "../../bin/console/build.ts";
import { type Endpoint, endpoints, type Trigger, triggers } from "../../functions/manifest.ts";
import { readConfig } from "../../lib/config.ts";
import { addService, type Service } from "../../lib/service.ts";

export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is JSON of whatever shape CloudFormation gives its types
  Properties: any;
  DependsOn?: string[];
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  CreationPolicy?: unknown;
}

export interface Template {
  Resources: Record<string, Resource>;
  Parameters?: Record<string, { Type: string }>;
  Outputs?: Record<string, { Value: unknown; Export?: { Name: string } }>;
}

/** The templates of a stage by their stack's name without the stage: `network`, `data`, … */
export type Templates = Record<string, Template>;

/** The context of cdk.json, which every run of the CDK has. */
const { context } = JSON.parse(readFileSync(new URL("../../cdk.json", import.meta.url), "utf8")) as {
  context: Record<string, unknown>;
};

/** CloudFormation's own rules take a second for each app; the suite of the options applies them. */
process.env.CDK_VALIDATION = "false";

/** Built once for these sources. */
const builtConsole = await buildConsole();

/** The stacks of a stage, without bundles: those take their time, and have tests of their own. */
export function service(options: Record<string, string>): { app: App; service: Service } {
  const app = new App({
    context: {
      ...context,
      ...options,
      "aws:cdk:bundling-stacks": [],
      "aws:cdk:disable-asset-staging": true,
      "aws:cdk:disable-stack-trace": true,
    },
  });
  const names = Object.keys(options);
  const config = readConfig((name) => app.node.tryGetContext(name), { region: "eu-west-1" }, names);
  return { app, service: addService(app, config, builtConsole) };
}

export function templatesOf(app: App): Templates {
  const { stacks, directory } = app.synth();
  const templates = stacks.map((stack) => [shortName(stack), stack.template as Template] as const);
  rmSync(directory, { recursive: true });
  return Object.fromEntries(templates);
}

/** By their options, as text: each caller gets templates of its own. */
const synthesized = new Map<string, string>();

export function synthesize(options: Record<string, string>): Templates {
  const key = JSON.stringify(options);
  const text = synthesized.get(key) ?? JSON.stringify(templatesOf(service(options).app));
  synthesized.set(key, text);
  return JSON.parse(text) as Templates;
}

function shortName({ stackName }: CloudFormationStackArtifact): string {
  return stackName.split("-").slice(2).join("-");
}

/** All resources of a type, of one stack or of all, as `stack/logical ID` without its hash. */
export function resourcesOf(templates: Templates, type: string): [string, Resource][] {
  return Object.entries(templates).flatMap(([stack, { Resources }]) =>
    Object.entries(Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]): [string, Resource] => [`${stack}/${withoutHash(id)}`, resource]),
  );
}

function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, "");
}

/**
 * A value of a template as text that says where it comes from: `data/DatabaseInstance.Endpoint.Address`. Exports are
 * followed to what they export.
 */
export function reader(templates: Templates) {
  const exported = new Map<string, [string, unknown]>();
  for (const [stack, { Outputs = {} }] of Object.entries(templates)) {
    for (const { Value, Export } of Object.values(Outputs))
      if (Export) exported.set(Export.Name, [stack, Value]);
  }
  const read = (stack: string, value: unknown): string => {
    if (typeof value !== "object" || value === null) return String(value);
    if (Array.isArray(value)) return value.map((item) => read(stack, item)).join(",");
    const [[name, argument]] = Object.entries(value) as [[string, unknown]];
    const list = argument as unknown[];
    switch (name) {
      case "Ref":
        return String(argument).startsWith("AWS::")
          ? String(argument)
          : `${stack}/${withoutHash(String(argument))}`;
      case "Fn::GetAtt":
        return `${stack}/${withoutHash(String(list[0]))}.${list[1]}`;
      case "Fn::ImportValue":
        return read(...(exported.get(String(argument)) as [string, unknown]));
      case "Fn::Join":
        return (list[1] as unknown[]).map((item) => read(stack, item)).join(String(list[0]));
      case "Fn::Select":
        return `${read(stack, list[1])}[${list[0]}]`;
      case "Fn::Split":
        return `split(${list[0]}, ${read(stack, list[1])})`;
      default:
        return JSON.stringify(value);
    }
  };
  return read;
}

/**
 * The functions of a stage, written anew rather than taken from the code: without Kafka there are neither topic nor
 * consumer, and the relay uses none; where a way leads to the issuer of tokens nothing copies its keys.
 */
export function linesOf({ stage, events, redis }: Record<string, string>): readonly (Endpoint | Trigger)[] {
  const all: readonly (Endpoint | Trigger)[] = [...endpoints, ...triggers];
  const lines = all.filter(
    ({ name }) => name !== "copy-issuer-keys" || (stage === "prod" && redis === "valkey"),
  );
  if ((events ?? (stage === "mini" ? "direct" : "msk")) === "msk") return lines;
  return lines
    .filter(({ name }) => name !== "create-topic" && name !== "persist-scans")
    .map((line) => ({ ...line, uses: line.uses.filter((use) => use !== "kafka") }));
}
