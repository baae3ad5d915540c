import { Duration } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  type CfnStage,
  type CorsHttpMethod,
  type DomainName,
  HttpApi,
  HttpStage,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { CORS } from "../../functions/http/cors.ts";
import { DEFAULT_ROUTE, type Route, routes } from "../../functions/manifest.ts";
import type { Config } from "../config.ts";
import { removalOf, retentionOf, type Stage } from "../stage.ts";
import type { EndpointFunction } from "./endpoint-function.ts";

/** The request itself, without the caller's address: that is stored nowhere. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: "$context.requestId",
    time: "$context.requestTime",
    route: "$context.routeKey",
    status: "$context.status",
    latencyMs: "$context.responseLatency",
    integrationMs: "$context.integrationLatency",
    bytes: "$context.responseLength",
    integrationError: "$context.integrationErrorMessage",
  }),
);

interface ServiceApiProps {
  config: Config;
  /** Web origins whose scripts may call the API. */
  origins: string[];
  domain?: DomainName;
}

/** The HTTP API and its one stage, which deploys itself. */
export class ServiceApi extends Construct {
  readonly http: HttpApi;
  readonly #config: Config;
  readonly #domain: DomainName | undefined;

  constructor(scope: Construct, id: string, { config, origins, domain }: ServiceApiProps) {
    super(scope, id);
    this.#config = config;
    this.#domain = domain;
    this.http = new HttpApi(this, "Http", {
      apiName: `qr-${config.stage}`,
      createDefaultStage: false,
      // One name is enough, except for CloudFront, which calls the API by this one.
      disableExecuteApiEndpoint: domain !== undefined,
      ...(origins.length > 0 ? { corsPreflight: cors(origins) } : {}),
    });
  }

  /** Opens the API once all its endpoints are there: a limit on a route that does not exist yet fails the deploy. */
  open(endpoints: EndpointFunction[]): HttpStage {
    const stage = this.#config.sizes;
    const httpStage = new HttpStage(this, "Stage", {
      httpApi: this.http,
      autoDeploy: true,
      throttle: { rateLimit: stage.throttle.other.rate, burstLimit: stage.throttle.other.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.#accessLog(stage)),
        format: ACCESS_LOG,
      },
      ...(this.#domain ? { domainMapping: { domainName: this.#domain } } : {}),
    });
    (httpStage.node.defaultChild as CfnStage).routeSettings = routeSettings(stage);
    for (const endpoint of endpoints) httpStage.node.addDependency(...endpoint.routes);
    return httpStage;
  }

  #accessLog(stage: Stage): LogGroup {
    return new LogGroup(this, "AccessLog", {
      retention: retentionOf(stage),
      removalPolicy: removalOf(stage),
    });
  }
}

/**
 * What the route of whatever no other one is for takes, in any stage: requests a second, and at once. Whoever guesses at
 * paths gets a trickle, and takes nothing from the routes that there are.
 */
const NO_ROUTE_THROTTLE = { rate: 20, burst: 40 };

/** Keys as API Gateway writes them: `GET /qr`. */
export function routeKeysOf({ methods, path, alsoAt = [] }: Route): string[] {
  if (path === DEFAULT_ROUTE) return [path];
  return [path, ...alsoAt].flatMap((place) => methods.map((method) => `${method} ${place}`));
}

/** CloudFormation takes these as they are, and so by its own spelling. */
function routeSettings({ throttle }: Stage): Record<string, object> {
  const settings = (routes as readonly Route[]).flatMap((route) => {
    const { rate, burst } = throttleOf(route, throttle);
    const setting = { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst };
    return routeKeysOf(route).map((key) => [key, setting] as const);
  });
  return Object.fromEntries(settings);
}

function throttleOf({ name, path }: Route, throttle: Stage["throttle"]): { rate: number; burst: number } {
  if (path === DEFAULT_ROUTE) return NO_ROUTE_THROTTLE;
  return name === "scan" ? throttle.scan : throttle.other;
}

function cors(allowOrigins: string[]) {
  return {
    allowOrigins,
    allowMethods: CORS.methods as unknown as CorsHttpMethod[],
    allowHeaders: [...CORS.requestHeaders],
    exposeHeaders: [...CORS.exposedHeaders],
    maxAge: Duration.seconds(CORS.maxAgeS),
  };
}
