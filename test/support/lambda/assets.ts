import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { readConfig } from "../../../lib/config.ts";
import { addService } from "../../../lib/service.ts";

/** A function as it would be uploaded. */
export interface FunctionAsset {
  /** The name of its line in the tables. */
  name: string;
  /** As in AWS: `qr-dev-list`. */
  functionName: string;
  /** The file of its template. */
  template: string;
  /** What SAM calls it. */
  samId: string | undefined;
  /** The folder of its code. */
  folder: string;
  /** What its template sets; a value that only a deployment knows is an object. */
  environment: Record<string, unknown>;
  handler: string;
  timeoutMs: number;
  memoryMb: number;
  /** Whether AWS's extension runs beside it. */
  readsSecrets: boolean;
}

interface FunctionResource {
  Type: string;
  Properties: {
    FunctionName?: string;
    Handler: string;
    Timeout: number;
    MemorySize: number;
    Layers?: unknown[];
    Environment?: { Variables: Record<string, unknown> };
  };
  Metadata?: { "aws:asset:path"?: string; SamResourceId?: string };
}

/** CloudFormation's own rules take longer than everything else here; test/cdk applies them. */
process.env.CDK_VALIDATION = "false";

/** What `cdk synth` sets besides the context of cdk.json. */
const CLI_CONTEXT = { "aws:cdk:enable-asset-metadata": true, "aws:cdk:disable-stack-trace": true };

/**
 * Synthesizes the stage `dev` with its bundles into `folder`, as `npm run synth` does into `cdk.out`.
 *
 * @param options as they are given with `-c`
 * @returns its functions by the name of their route or trigger
 */
export function synthesizeFunctions(
  folder: string,
  options: Record<string, string> = {},
): Map<string, FunctionAsset> {
  const { context } = JSON.parse(readFileSync(new URL("../../../cdk.json", import.meta.url), "utf8"));
  // The console's stacks hold no function of this project's code.
  const given = { stage: "dev", console: "false", ...options };
  const app = new App({ outdir: folder, context: { ...context, ...CLI_CONTEXT, ...given } });
  addService(
    app,
    readConfig((name) => app.node.tryGetContext(name), { region: "eu-west-1" }),
  );
  const resources = app
    .synth()
    .stacks.flatMap((stack) =>
      Object.values(stack.template.Resources as Record<string, FunctionResource>).map(
        (resource) => [stack.templateFile, resource] as const,
      ),
    );
  return new Map(
    resources
      .flatMap(([template, resource]) => assetOf(folder, template, resource))
      .map((asset) => [asset.name, asset]),
  );
}

/** Nothing if the resource is no function of this project's code. */
function assetOf(
  folder: string,
  template: string,
  { Type, Properties, Metadata }: FunctionResource,
): FunctionAsset[] {
  const path = Metadata?.["aws:asset:path"];
  const functionName = Properties?.FunctionName;
  if (Type !== "AWS::Lambda::Function" || !path || !functionName) return [];
  return [
    {
      name: functionName.replace(/^qr-dev-/, ""),
      functionName,
      template,
      samId: Metadata.SamResourceId,
      folder: join(folder, path),
      environment: Properties.Environment?.Variables ?? {},
      handler: Properties.Handler,
      timeoutMs: Properties.Timeout * 1_000,
      memoryMb: Properties.MemorySize,
      readsSecrets: (Properties.Layers ?? []).length > 0,
    },
  ];
}
