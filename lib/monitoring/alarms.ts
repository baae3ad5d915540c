import { Alarm, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { serviceName } from "../compute/service-function.ts";
import { apiRules } from "./api-rules.ts";
import { cacheRules } from "./cache-rules.ts";
import { databaseRules } from "./database-rules.ts";
import type { Monitored } from "./monitored.ts";
import { pipelineRules } from "./pipeline-rules.ts";
import type { Rule } from "./rule.ts";
import { Signals } from "./signals.ts";

/** Tells a topic what needs somebody. A service that nobody uses raises none of them. */
export class Alarms extends Construct {
  readonly #topic: ITopic;
  readonly #stage: string;

  constructor(scope: Construct, id: string, monitored: Monitored, topic: ITopic) {
    super(scope, id);
    this.#topic = topic;
    this.#stage = monitored.stage;
    const signals = new Signals(monitored.stage);
    const rules = {
      ...cacheRules(signals),
      ...pipelineRules(signals, monitored),
      ...apiRules(signals, monitored),
      ...databaseRules(monitored),
    };
    for (const [name, rule] of Object.entries(rules)) this.#raise(name, rule);
  }

  #raise(name: string, { metric, description, threshold, below, periods = 3, silenceIsBad }: Rule): void {
    const alarm = new Alarm(this, name, {
      alarmName: `${serviceName(this.#stage)}-${name}`,
      alarmDescription: description,
      metric,
      threshold,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      datapointsToAlarm: periods,
      treatMissingData: silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.#topic));
    alarm.addOkAction(new SnsAction(this.#topic));
  }
}
