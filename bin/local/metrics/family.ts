/** One figure of a family, by its labels. */
export interface Figure {
  labels: Record<string, string | number>;
  value: number;
  /** Unless it is the family's: a histogram's figures have names of their own. */
  metricName?: string;
}

/** Figures of one meaning, in the form in which prom-client hands them from process to process. */
export interface Family {
  name: string;
  help: string;
  type: "counter" | "gauge" | "histogram";
  values: Figure[];
}
