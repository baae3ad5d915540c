import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { SCOPES, type Scope } from "../../core/auth/scopes.ts";
import { functionName } from "../compute/service-function.ts";
import { removalOf, retentionOf, type Stage, type StageName } from "../stage.ts";

/** Cognito writes it before each scope in a token: `qr-service/qr:read`. */
export const RESOURCE_SERVER = "qr-service";

/** What somebody may do who is in none of the groups that are named as scopes. */
const WITHOUT_GROUP: readonly Scope[] = ["qr:read", "qr:write"];

/**
 * Puts a user's tenants into the access token, which Cognito fills with nothing but scopes: an array of the names that
 * the attribute holds with spaces between them. An array it is for a single one, too, as the API splits no text. Somebody
 * who has no tenant gets none, and is refused by the API. Arrays are for triggers of version `V2_0` on.
 *
 * Takes out of it the scopes that the user's groups do not give: a client may ask for any scope that it is allowed, and
 * a client of ours is allowed all.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
export const TENANT_CLAIM_CODE = `const SCOPES = ${JSON.stringify(SCOPES)};
exports.handler = async (event) => {
  const names = event.request.userAttributes["custom:tenant_id"] ?? "";
  const tenants = names.split(/\\s+/).filter(Boolean);
  const groups = event.request.groupConfiguration?.groupsToOverride ?? [];
  const own = SCOPES.filter((scope) => groups.includes(scope));
  const given = own.length > 0 ? own : ${JSON.stringify(WITHOUT_GROUP)};
  event.response = {
    claimsAndScopeOverrideDetails: {
      accessTokenGeneration: {
        ...(tenants.length > 0 ? { claimsToAddOrOverride: { tenant_id: tenants } } : {}),
        scopesToSuppress: SCOPES.filter((scope) => !given.includes(scope)).map((scope) => "${RESOURCE_SERVER}/" + scope),
      },
    },
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
