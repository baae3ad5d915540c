import { Stack } from "aws-cdk-lib";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { Construct } from "constructs";
import type { ConsoleConfig } from "../../console/config.ts";
import { connectDirective } from "../../console/headers.ts";
import { SCOPES } from "../../core/auth/scopes.ts";
import { serviceName } from "../compute/service-function.ts";
import type { Config } from "../config.ts";
import type { Identity } from "../identity/identity.ts";
import type { StageName } from "../stage.ts";
import { issuerOrigin } from "./console-distribution.ts";

/**
 * Parameters by which the API tells the console's content of itself. Exports would not do: another issuer or another
 * name of the API would change them, and an export can't change while another stack imports it.
 */
export function settingsOf(stage: StageName): Record<"config" | "policy", string> {
  const folder = `/${serviceName(stage)}/console`;
  return { config: `${folder}/config`, policy: `${folder}/policy` };
}

interface ConsoleSettingsProps {
  config: Config;
  /** Where the API answers. */
  publicUrl: string;
  identity: Identity;
}

/** What a deployment tells its console: all of `config.json`, and which origins the page may call. */
export class ConsoleSettings extends Construct {
  constructor(scope: Construct, id: string, { config, publicUrl, identity }: ConsoleSettingsProps) {
    super(scope, id);
    const { stage, region } = config;
    const { issuer, scopePrefix, tenantClaim, console } = identity;
    const told: ConsoleConfig = {
      api: publicUrl,
      issuer,
      clientId: console?.clientId ?? "",
      scopes: ["openid", ...SCOPES.map((scope) => `${scopePrefix}${scope}`)],
      scopePrefix,
      tenantClaim,
      ...(console?.server ? { server: console.server } : {}),
      ...(console?.signOutUrl ? { signOutUrl: console.signOutUrl } : {}),
      dashboardUrl: `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${serviceName(stage)}`,
    };
    const names = settingsOf(stage);
    new StringParameter(this, "Config", {
      parameterName: names.config,
      stringValue: Stack.of(this).toJsonString(told),
    });
    new StringParameter(this, "Policy", {
      parameterName: names.policy,
      stringValue: connectDirective([publicUrl, issuerOrigin(this, config)]),
    });
  }
}
