import { type HttpApi, type HttpMethod, HttpRoute, HttpRouteKey } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { Construct } from "constructs";
import { DEFAULT_ROUTE, type Endpoint } from "../../functions/manifest.ts";
import { acknowledge } from "../acknowledge.ts";
import type { Backends } from "../compute/backends.ts";
import { ServiceFunction } from "../compute/service-function.ts";

interface EndpointFunctionProps {
  endpoint: Endpoint;
  api: HttpApi;
  backends: Backends;
}

/** A Lambda that answers requests, at its places in the API. It checks itself who may call. */
export class EndpointFunction extends ServiceFunction {
  readonly routes: HttpRoute[];

  constructor(scope: Construct, id: string, { endpoint, api, backends }: EndpointFunctionProps) {
    super(scope, id, { line: endpoint, backends });
    const integration = new HttpLambdaIntegration(`${endpoint.name}-integration`, this.lambda);
    this.routes = endpoint.routes.flatMap((route) => {
      const added =
        route.path === DEFAULT_ROUTE
          ? [new HttpRoute(this, "Route", { httpApi: api, routeKey: HttpRouteKey.DEFAULT, integration })]
          : [route.path, ...(route.alsoAt ?? [])].flatMap((path) =>
              api.addRoutes({ path, methods: route.methods as unknown as HttpMethod[], integration }),
            );
      const reason = route.scope
        ? `Its function takes tokens and API keys, of which an authorizer of the API knows only the first: ${route.scope}.`
        : `Public on purpose: ${route.summary}.`;
      for (const one of added) acknowledge(one, { APIG4: reason });
      return added;
    });
  }
}
