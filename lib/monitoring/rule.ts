import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";

/** An alarm definition. */
export interface Rule {
  metric: IMetric;
  /** What it means; what to do about it is in the runbook. */
  description: string;
  threshold: number;
  /** Fires below the threshold rather than above. */
  below?: true;
  /** So many periods in a row have to be bad; 3 by default. */
  periods?: number;
  /** Missing data counts as bad; for what is never idle. */
  silenceIsBad?: true;
  /** The runbook's heading, where several alarms share one. */
  runbook?: string;
}

export type Rules = Record<string, Rule>;
