import { CfnOutput, Duration, Fn, Stack } from "aws-cdk-lib";
import * as cognito from "aws-cdk-lib/aws-cognito";
import { Construct } from "constructs";
import { SCOPES, type Scope } from "../../core/auth/scopes.ts";
import { acknowledge } from "../acknowledge.ts";
import type { Config } from "../config.ts";
import { removalOf, type StageName } from "../stage.ts";
import type { Identity } from "./identity.ts";
import { RESOURCE_SERVER, TenantClaim } from "./tenant-claim.ts";

const MEANINGS: Record<Scope, string> = {
  "qr:read": "Read codes and their figures",
  "qr:write": "Create, change and delete codes",
  "qr:admin": "Make and revoke API keys",
};

/** Signs callers in unless the stage names its own issuer. Only an administrator creates users and sets their tenant. */
export class UserPool extends Construct implements Identity {
  readonly issuer: string;
  readonly audience: string[];
  readonly tenantClaim = "tenant_id";
  readonly scopePrefix = `${RESOURCE_SERVER}/`;
  readonly console?: NonNullable<Identity["console"]>;

  /** @param consoleUrl where the console sends people to sign in from, and gets them back */
  constructor(scope: Construct, id: string, config: Config, consoleUrl?: string) {
    super(scope, id);
    const stage = config.sizes;
    const pool = new cognito.UserPool(this, "Pool", {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      // One tenant, or several with spaces between them.
      customAttributes: { tenant_id: new cognito.StringAttribute({ mutable: true, maxLen: 2_048 }) },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
      mfa: stage.protect ? cognito.Mfa.REQUIRED : cognito.Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
      // Claims of access tokens are not to be had in the cheaper plan.
      featurePlan: cognito.FeaturePlan.ESSENTIALS,
      deletionProtection: stage.protect,
      removalPolicy: removalOf(stage),
    });
    pool.addTrigger(
      cognito.UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG,
      new TenantClaim(this, "TenantClaim", { name: config.stage, stage }).lambda,
      cognito.LambdaVersion.V2_0,
    );
    for (const groupName of SCOPES)
      new cognito.CfnUserPoolGroup(this, `Group-${groupName.slice("qr:".length)}`, {
        userPoolId: pool.userPoolId,
        groupName,
        description: MEANINGS[groupName],
      });
    const client = this.#client(pool, config, consoleUrl);
    this.issuer = Fn.join("", [`https://cognito-idp.${config.region}.amazonaws.com/`, pool.userPoolId]);
    this.audience = [client.userPoolClientId];
    this.#publishSignIn(pool, client, config);
    if (consoleUrl) this.console = consoleSignIn(this, client, config, consoleUrl);
    acknowledge(pool, {
      COG8: "Threat protection is part of a plan that costs more per user than the rest of the service.",
      ...(stage.protect
        ? {}
        : { COG2: "A development stage: its users may have a second factor, and need none." }),
    });
  }

  /** A public client: the authorisation code grant, without a secret that a browser could not keep. */
  #client(pool: cognito.UserPool, { callbackUrl }: Config, consoleUrl?: string): cognito.UserPoolClient {
    const scopes = Object.entries(MEANINGS).map(
      ([scopeName, scopeDescription]) => new cognito.ResourceServerScope({ scopeName, scopeDescription }),
    );
    const server = pool.addResourceServer("Scopes", { identifier: RESOURCE_SERVER, scopes });
    return pool.addClient("Client", {
      generateSecret: false,
      preventUserExistenceErrors: true,
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [
          cognito.OAuthScope.OPENID,
          ...scopes.map((scope) => cognito.OAuthScope.resourceServer(server, scope)),
        ],
        callbackUrls: [callbackUrl, ...(consoleUrl ? [`${consoleUrl}/`] : [])],
        ...(consoleUrl ? { logoutUrls: [`${consoleUrl}/`] } : {}),
      },
      // Whoever could write it could name any tenant as their own.
      writeAttributes: new cognito.ClientAttributes().withStandardAttributes({ email: true }),
      accessTokenValidity: Duration.hours(1),
      enableTokenRevocation: true,
    });
  }

  #publishSignIn(
    pool: cognito.UserPool,
    client: cognito.UserPoolClient,
    { stage, callbackUrl }: Config,
  ): void {
    const domain = pool.addDomain("Domain", {
      cognitoDomain: { domainPrefix: signInPrefix(this, stage) },
      managedLoginVersion: cognito.ManagedLoginVersion.CLASSIC_HOSTED_UI,
    });
    const stack = Stack.of(this);
    new CfnOutput(stack, "SignInUrl", {
      description: "Where a user signs in",
      value: domain.signInUrl(client, { redirectUri: callbackUrl }),
    });
    new CfnOutput(stack, "TokenUrl", {
      description: "Where the code that signing in yields is exchanged for a token",
      value: `${domain.baseUrl()}/oauth2/token`,
    });
    new CfnOutput(stack, "ClientId", { value: client.userPoolClientId });
    new CfnOutput(stack, "UserPoolId", { value: pool.userPoolId });
  }
}

/** The prefix has to be free in the whole region; an account's number makes it so. */
function signInPrefix(scope: Construct, stage: StageName): string {
  return `qr-${stage}-${Stack.of(scope).account}`;
}

/** The origin of Cognito's page, which is known before there is a user pool. */
export function signInOrigin(scope: Construct, { stage, region }: Config): string {
  return `https://${signInPrefix(scope, stage)}.auth.${region}.amazoncognito.com`;
}

/** Endpoints by https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-userpools-server-contract-reference.html */
function consoleSignIn(
  scope: Construct,
  { userPoolClientId: clientId }: cognito.UserPoolClient,
  config: Config,
  consoleUrl: string,
): NonNullable<Identity["console"]> {
  const origin = signInOrigin(scope, config);
  return {
    clientId,
    server: {
      authorization_endpoint: `${origin}/oauth2/authorize`,
      token_endpoint: `${origin}/oauth2/token`,
      revocation_endpoint: `${origin}/oauth2/revoke`,
    },
    signOutUrl: `${origin}/logout?client_id=${clientId}&logout_uri=${consoleUrl}/`,
  };
}
