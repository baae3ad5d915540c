import { Duration } from "aws-cdk-lib";
import { Dashboard, type IWidget, TextWidget } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { serviceName } from "../compute/service-function.ts";
import type { Monitored } from "./monitored.ts";
import { cacheWidgets, requestWidgets } from "./request-widgets.ts";
import { Signals } from "./signals.ts";
import { pipelineWidgets, resourceWidgets } from "./system-widgets.ts";

/** One page that shows how the service is. */
export class ServiceDashboard extends Construct {
  constructor(scope: Construct, id: string, monitored: Monitored) {
    super(scope, id);
    const signals = new Signals(monitored);
    new Dashboard(this, "Dashboard", {
      dashboardName: serviceName(monitored.config.stage),
      defaultInterval: Duration.hours(12),
      widgets: [
        ...section("The cache", cacheWidgets(signals, monitored)),
        ...section("Requests", requestWidgets(signals)),
        ...section("From scan to history", pipelineWidgets(signals, monitored)),
        ...section("Functions and database", resourceWidgets(signals, monitored)),
      ],
    });
  }
}

function section(title: string, widgets: IWidget[]): IWidget[][] {
  return [[new TextWidget({ markdown: `## ${title}`, width: 24, height: 1 })], widgets];
}
