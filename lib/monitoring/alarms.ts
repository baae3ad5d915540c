import { Alarm, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { serviceName } from "../compute/service-function.ts";
import { canaryRules } from "./canary-rules.ts";
import type { Monitored } from "./monitored.ts";
import { pipelineRules } from "./pipeline-rules.ts";
import { requestRules } from "./request-rules.ts";
import type { Rule } from "./rule.ts";
import { serverRules } from "./server-rules.ts";
import { Signals } from "./signals.ts";

/** Alarms that notify an SNS topic. An idle service raises none of them. */
export class Alarms extends Construct {
  readonly #topic: ITopic;
  readonly #service: string;

  constructor(scope: Construct, id: string, monitored: Monitored, topic: ITopic) {
    super(scope, id);
    this.#topic = topic;
    this.#service = serviceName(monitored.config.stage);
    const signals = new Signals(monitored);
    const rules = {
      ...requestRules(signals, monitored),
      ...canaryRules(signals),
      ...pipelineRules(signals, monitored),
      ...serverRules(this, signals, monitored),
    };
    for (const [name, rule] of Object.entries(rules)) this.#raise(name, rule);
  }

  #raise(name: string, rule: Rule): void {
    const { metric, threshold, below, periods = 3, silenceIsBad } = rule;
    const alarm = new Alarm(this, name, {
      alarmName: `${this.#service}-${name}`,
      alarmDescription: `${rule.description} Runbook: docs/runbook.md#${rule.runbook ?? name}`,
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
