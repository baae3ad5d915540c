import {
  type HttpApi,
  type HttpMethod,
  HttpRoute,
  HttpRouteKey,
  type IHttpRouteAuthorizer,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { Construct } from "constructs";
import { DEFAULT_ROUTE, type Route } from "../../functions/manifest.ts";
import { acknowledge } from "../acknowledge.ts";
import type { Backends } from "../compute/backends.ts";
import { ServiceFunction } from "../compute/service-function.ts";
import type { Identity } from "../identity/identity.ts";

interface EndpointFunctionProps {
  route: Route;
  api: HttpApi;
  authorizer: IHttpRouteAuthorizer;
  identity: Identity;
  backends: Backends;
}

/** The Lambda of one line of the routes, at its place in the API. */
export class EndpointFunction extends ServiceFunction {
  readonly routes: HttpRoute[];

  constructor(
    scope: Construct,
    id: string,
    { route, api, authorizer, identity, backends }: EndpointFunctionProps,
  ) {
    super(scope, id, { line: route, backends });
    const integration = new HttpLambdaIntegration(`${route.name}-integration`, this.lambda);
    const access = route.scope
      ? { authorizer, authorizationScopes: [identity.scopeInToken(route.scope)] }
      : {};
    this.routes =
      route.path === DEFAULT_ROUTE
        ? [new HttpRoute(this, "Route", { httpApi: api, routeKey: HttpRouteKey.DEFAULT, integration })]
        : [route.path, ...(route.alsoAt ?? [])].flatMap((path) =>
            api.addRoutes({
              path,
              methods: route.methods as unknown as HttpMethod[],
              integration,
              ...access,
            }),
          );
    if (!route.scope)
      for (const open of this.routes) acknowledge(open, { APIG4: `Public on purpose: ${route.summary}.` });
  }
}
