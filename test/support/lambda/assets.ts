import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { readConfig } from "../../../lib/config.ts";
import { addService } from "../../../lib/service.ts";

/** A function as it would be uploaded. */
export interface FunctionAsset {
  /** The folder of its code. */
  folder: string;
  /** What its template sets; a value that only a deployment knows is an object. */
  environment: Record<string, unknown>;
  handler: string;
}

interface FunctionResource {
  Type: string;
  Properties: {
    FunctionName?: string;
    Handler: string;
    Environment?: { Variables: Record<string, unknown> };
  };
  Metadata?: { "aws:asset:path"?: string };
}

/**
 * Synthesizes a stage with its bundles into `folder`.
 *
 * @returns its functions by the name of their route or trigger
 */
export function synthesizeFunctions(folder: string): Map<string, FunctionAsset> {
  const { context } = JSON.parse(readFileSync(new URL("../../../cdk.json", import.meta.url), "utf8"));
  const app = new App({
    outdir: folder,
    context: { ...context, stage: "dev", "aws:cdk:disable-stack-trace": true },
  });
  addService(
    app,
    readConfig((name) => app.node.tryGetContext(name), { region: "eu-west-1" }),
  );
  const functions = new Map<string, FunctionAsset>();
  for (const stack of app.synth().stacks) {
    for (const resource of Object.values(stack.template.Resources as Record<string, FunctionResource>)) {
      const path = resource.Metadata?.["aws:asset:path"];
      const name = resource.Properties?.FunctionName;
      if (resource.Type !== "AWS::Lambda::Function" || !path || !name) continue;
      functions.set(name.replace(/^qr-dev-/, ""), {
        folder: join(folder, path),
        environment: resource.Properties.Environment?.Variables ?? {},
        handler: resource.Properties.Handler,
      });
    }
  }
  return functions;
}
