import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { functionName } from "../compute/service-function.ts";
import { removalOf, retentionOf, type Stage, type StageName } from "../stage.ts";

/**
 * Puts a user's tenants into the access token, which Cognito fills with nothing but scopes: an array of the names that
 * the attribute holds with spaces between them. An array it is for a single one, too, as the API splits no text. Somebody
 * who has no tenant gets none, and is refused by the API. Arrays are for triggers of version `V2_0` on.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
export const TENANT_CLAIM_CODE = `exports.handler = async (event) => {
  const names = event.request.userAttributes["custom:tenant_id"] ?? "";
  const tenants = names.split(/\\s+/).filter(Boolean);
  event.response = {
    claimsAndScopeOverrideDetails: tenants.length > 0
      ? { accessTokenGeneration: { claimsToAddOrOverride: { tenant_id: tenants } } }
      : {},
  };
  return event;
};
`;

interface TenantClaimProps {
  name: StageName;
  stage: Stage;
}

/** The function that Cognito asks before it signs a token. It uses nothing, and so may do nothing but write its log. */
export class TenantClaim extends Construct {
  readonly lambda: lambda.Function;

  constructor(scope: Construct, id: string, { name, stage }: TenantClaimProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, "Log", {
      // Without a name of its own: kept with the users, it would block the next user pool's.
      retention: retentionOf(stage),
      removalPolicy: removalOf(stage),
    });
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      inlinePolicies: {
        log: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
              resources: [logGroup.logGroupArn],
            }),
          ],
        }),
      },
    });
    this.lambda = new lambda.Function(this, "Function", {
      functionName: functionName(name, "tenant-claim"),
      description: "QR service: puts the tenants into access tokens",
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: "index.handler",
      code: lambda.Code.fromInline(TENANT_CLAIM_CODE),
      role: role.withoutPolicyUpdates(),
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
    });
  }
}
