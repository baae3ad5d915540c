import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";

/** When somebody is told of what. */
export interface Rule {
  metric: IMetric;
  /** What it means and what to look at first. */
  description: string;
  threshold: number;
  /** Fires below the threshold rather than above. */
  below?: true;
  /** So many periods in a row have to be bad. */
  periods?: number;
  /** Nothing heard counts as bad; for what is never idle. */
  silenceIsBad?: true;
}

export type Rules = Record<string, Rule>;
