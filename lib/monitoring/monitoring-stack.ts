import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { Config } from "../config.ts";
import { stages } from "../stages.ts";
import { AlarmTopic } from "./alarm-topic.ts";
import { Alarms } from "./alarms.ts";
import type { Monitored } from "./monitored.ts";
import { ServiceDashboard } from "./service-dashboard.ts";

interface MonitoringStackProps extends StackProps {
  config: Config;
  monitored: Monitored;
}

/** The dashboard, and the alarms on one topic. */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, props: MonitoringStackProps) {
    super(scope, id, props);
    const { config, monitored } = props;
    const { topic } = new AlarmTopic(this, "AlarmTopic", {
      stage: stages[config.stage],
      ...(config.alarmEmail ? { email: config.alarmEmail } : {}),
    });
    new Alarms(this, "Alarms", monitored, topic);
    new ServiceDashboard(this, "Dashboard", monitored);
    new CfnOutput(this, "AlarmTopicArn", {
      description: "Subscribe to be told of alarms",
      value: topic.topicArn,
    });
  }
}
