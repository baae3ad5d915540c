import { Annotations, CfnOutput, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { endpoints, triggerNamed } from "../../functions/manifest.ts";
import type { Backends } from "../compute/backends.ts";
import { runAtDeploy } from "../compute/deploy-time.ts";
import { FunctionSchedule } from "../compute/function-schedule.ts";
import { COPIER } from "../compute/lines.ts";
import { ServiceFunction } from "../compute/service-function.ts";
import { ConsoleSettings } from "../console/console-settings.ts";
import type { EdgeStack } from "../edge/edge-stack.ts";
import { createIdentity } from "../identity/create-identity.ts";
import { IssuerKeysCopy } from "../identity/issuer-keys-copy.ts";
import { needsEgress } from "../network/needs-egress.ts";
import type { NetworkStack } from "../network/network-stack.ts";
import { Distribution } from "./distribution.ts";
import { EndpointFunction } from "./endpoint-function.ts";
import { DomainRecords, OwnDomain } from "./own-domain.ts";
import { ServiceApi } from "./service-api.ts";

/** Between scans of the canary: each period of an alarm has one. */
const CANARY_MINUTES = 5;

/** Between copies of the issuer's keys. Issuers announce a key long before they sign with it. */
const COPY_MINUTES = 5;

interface ApiStackProps extends StackProps {
  backends: Backends;
  network: NetworkStack;
  /** Only where CloudFront stands in front. */
  edge?: EdgeStack;
  /** Where the console is, if it is deployed: without a slash at its end. */
  consoleUrl?: string;
}

/** The HTTP API: its endpoints, and the identity of their callers. */
export class ApiStack extends Stack {
  readonly apiId: string;
  readonly functions: EndpointFunction[];

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, props);
    const { edge, backends, consoleUrl } = props;
    const { config } = backends;
    const own = config.domain && !edge ? new OwnDomain(this, "Domain", config.domain) : undefined;
    const origins = originsOf(config.origins, consoleUrl);
    const api = new ServiceApi(this, "Api", { config, origins, ...(own ? { domain: own.domainName } : {}) });
    const distribution = edge
      ? new Distribution(this, "Distribution", { config, api: api.http, edge })
      : undefined;
    const named = distribution?.cdn ?? own;
    if (config.domain && named) new DomainRecords(this, "Records", config.domain, named);
    const publicUrl =
      distribution?.url ?? (config.domain ? `https://${config.domain.name}` : api.http.apiEndpoint);

    const issuer = createIdentity(this, config, consoleUrl);
    if (issuer.console) new ConsoleSettings(this, "ConsoleSettings", { config, publicUrl, identity: issuer });
    const copy = needsEgress(config)
      ? undefined
      : new IssuerKeysCopy(this, "IssuerKeys", {
          stage: config.sizes,
          endpointId: props.network.bucketEndpointId,
        });
    const identity = copy ? { ...issuer, keysUrl: copy.url } : issuer;
    const given = { ...backends, publicUrl, identity };
    this.functions = endpoints.map(
      (endpoint) => new EndpointFunction(this, endpoint.name, { endpoint, api: api.http, backends: given }),
    );
    api.open(this.functions);
    const canary = new ServiceFunction(this, "Canary", {
      line: triggerNamed("canary"),
      backends: { ...backends, publicUrl },
    });
    new FunctionSchedule(this, "CanarySchedule", canary, CANARY_MINUTES);
    if (copy) this.#copyKeys(copy, given);
    this.apiId = api.http.apiId;
    new CfnOutput(this, "ApiUrl", { description: "Where the service answers", value: publicUrl });
  }

  /** At deploy, so that the first request finds the keys, and then often enough for a key that is new. */
  #copyKeys(copy: IssuerKeysCopy, backends: Backends): void {
    const line = triggerNamed(COPIER);
    const copier = new ServiceFunction(this, "CopyIssuerKeys", {
      line,
      backends,
      grants: copy.grants,
      // An option adds the function: its log's name has to be free when it is added again.
      removal: RemovalPolicy.DESTROY,
    });
    Annotations.of(copier.lambda).acknowledgeWarning(
      "@aws-cdk/aws-lambda:addPermissionsToVersionOrAlias",
      "The schedule starts the function itself, and the deployment its version.",
    );
    new FunctionSchedule(this, "CopyIssuerKeysSchedule", copier, COPY_MINUTES);
    runAtDeploy(this, copier, line, [copy]);
  }
}

/** Those that are configured, and the console. `*` stands for any, and so for the console, too. */
function originsOf(configured: string[], consoleUrl: string | undefined): string[] {
  return consoleUrl === undefined || configured.includes("*") ? configured : [...configured, consoleUrl];
}
