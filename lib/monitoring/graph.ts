import { GraphWidget, type IMetric } from "aws-cdk-lib/aws-cloudwatch";

/** A third of a row, from zero, with lines for what the figures are held to. */
export function graph(
  title: string,
  left: IMetric[],
  unit: string,
  rest: { annotations?: [number, string][]; max?: number } = {},
) {
  return new GraphWidget({
    title,
    width: 8,
    height: 6,
    left,
    leftYAxis: { min: 0, label: unit, showUnits: false, ...(rest.max ? { max: rest.max } : {}) },
    leftAnnotations: (rest.annotations ?? []).map(([value, label]) => ({ value, label })),
  });
}
