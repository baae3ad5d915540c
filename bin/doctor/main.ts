import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { processEnv } from "../../functions/runtime/env.ts";
import { readConfig } from "../../lib/config.ts";
import { ConfigError } from "../../lib/config-error.ts";
import { awsAccount } from "./aws-account.ts";
import { examine } from "./checks.ts";

const USAGE = "usage: npm run doctor -- -c stage=dev [-c name=value]…   (the options of the deploy)";

/** Options as the CDK's command line reads them: from cdk.json, and over these from `-c name=value`. */
function readContext(): Record<string, unknown> {
  const { context } = JSON.parse(readFileSync(new URL("../../cdk.json", import.meta.url), "utf8")) as {
    context: Record<string, unknown>;
  };
  const { values } = parseArgs({ options: { context: { type: "string", short: "c", multiple: true } } });
  const given = (values.context ?? []).map((pair) => {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    if (name === undefined) throw new ConfigError(USAGE);
    return [name, value] as const;
  });
  return { ...context, ...Object.fromEntries(given) };
}

try {
  const context = readContext();
  const region = processEnv.AWS_REGION ?? processEnv.AWS_DEFAULT_REGION ?? processEnv.CDK_DEFAULT_REGION;
  const config = readConfig((name) => context[name], region ? { region } : {}, Object.keys(context));
  const findings = await examine(config, awsAccount);
  for (const { ok, what, detail } of findings) console.log(`${ok ? "ok  " : "FAIL"}  ${what}: ${detail}`);
  const failed = findings.filter(({ ok }) => !ok).length;
  console.log(failed === 0 ? "nothing stands in the way of a deploy" : `${failed} to mend before a deploy`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  if (
    !(error instanceof ConfigError) &&
    (error as { code?: string }).code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION"
  )
    throw error;
  console.error((error as Error).message.split("\n")[0]);
  process.exitCode = 1;
}
