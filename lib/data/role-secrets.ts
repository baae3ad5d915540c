import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { ApplicationRole } from "../../functions/manifest.ts";
import { acknowledge } from "../acknowledge.ts";
import { removalOf, type Stage } from "../stage.ts";

/** Each of the application's roles, by the name of its construct. */
const NAMES: Record<ApplicationRole, string> = {
  qr_scan: "Scan",
  qr_manage: "Manage",
  qr_pipeline: "Pipeline",
};

/** The passwords of the application's roles, which are made here and given to the database by its migrations. */
export class RoleSecrets extends Construct {
  readonly secrets: Record<ApplicationRole, ISecret>;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    const made = Object.entries(NAMES).map(([username, name]) => [
      username,
      this.#secret(name, username, stage),
    ]);
    this.secrets = Object.fromEntries(made) as Record<ApplicationRole, ISecret>;
  }

  #secret(name: string, username: string, stage: Stage): ISecret {
    const secret = new Secret(this, name, {
      description: `QR service: the database's role ${username}`,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username }),
        generateStringKey: "password",
        passwordLength: 40,
        excludePunctuation: true,
      },
      removalPolicy: removalOf(stage),
    });
    acknowledge(secret, {
      SMG4: "Its role can do little, from inside the network alone. The deploy page tells how to change it, without a function of ours that runs for it.",
    });
    return secret as ISecret;
  }
}
