import { DescribeAvailabilityZonesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

/** What the doctor asks of an account, in one region. Each rejects with the SDK's error. */
export interface AwsAccount {
  /** The account's number. */
  identity(): Promise<string>;
  /** Of the CDK's bootstrap stack. */
  bootstrapVersion(): Promise<number>;
  /** Lambda's concurrent executions that the account allows. */
  concurrency(): Promise<number>;
  /** Zones that are available to all. */
  zones(): Promise<number>;
  secret(name: string): Promise<string>;
}

/** The CDK's default; another one comes with another `@aws-cdk/core:bootstrapQualifier`. */
const BOOTSTRAP_VERSION = "/cdk-bootstrap/hnb659fds/version";

/** Two attempts, so that an unreachable region is reported within seconds. */
const ATTEMPTS = { maxAttempts: 2 };

/** The account that the environment's credentials sign in to. */
export function awsAccount(region: string): AwsAccount {
  const options = { region, ...ATTEMPTS };
  return {
    async identity() {
      return (await new STSClient(options).send(new GetCallerIdentityCommand({}))).Account ?? "";
    },
    async bootstrapVersion() {
      const command = new GetParameterCommand({ Name: BOOTSTRAP_VERSION });
      return Number((await new SSMClient(options).send(command)).Parameter?.Value);
    },
    async concurrency() {
      const { AccountLimit } = await new LambdaClient(options).send(new GetAccountSettingsCommand({}));
      return AccountLimit?.ConcurrentExecutions ?? 0;
    },
    async zones() {
      const command = new DescribeAvailabilityZonesCommand({
        Filters: [
          { Name: "zone-type", Values: ["availability-zone"] },
          { Name: "state", Values: ["available"] },
        ],
      });
      return (await new EC2Client(options).send(command)).AvailabilityZones?.length ?? 0;
    },
    async secret(name) {
      const command = new GetSecretValueCommand({ SecretId: name });
      return (await new SecretsManagerClient(options).send(command)).SecretString ?? "";
    },
  };
}
