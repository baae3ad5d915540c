import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { AlarmTopic } from "./alarm-topic.ts";
import { Alarms } from "./alarms.ts";
import { ServiceDashboard } from "./dashboard.ts";
import type { Monitored } from "./monitored.ts";

interface MonitoringStackProps extends StackProps {
  monitored: Monitored;
}

/** The dashboard, and the alarms on one topic. */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, props: MonitoringStackProps) {
    super(scope, id, props);
    const { monitored } = props;
    const { sizes, alarmEmail } = monitored.config;
    const { topic } = new AlarmTopic(this, "AlarmTopic", {
      stage: sizes,
      ...(alarmEmail ? { email: alarmEmail } : {}),
    });
    new Alarms(this, "Alarms", monitored, topic);
    new ServiceDashboard(this, "Dashboard", monitored);
    new CfnOutput(this, "AlarmTopicArn", {
      description: "Subscribe to be told of alarms",
      value: topic.topicArn,
    });
  }
}
