import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { readConfig } from "../lib/config.ts";
import { ConfigError } from "../lib/config-error.ts";
import { addService } from "../lib/service.ts";
import { buildConsole } from "./console/build.ts";

const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;

try {
  const app = new App();
  const where = { ...(account ? { account } : {}), ...(region ? { region } : {}) };
  const names = Object.keys(app.node.getAllContext());
  const config = readConfig((name) => app.node.tryGetContext(name), where, names);
  addService(app, config, config.console ? await buildConsole() : undefined);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
