import type { Design } from "./design.ts";

/** What each group of controls is given. */
export interface ControlsProps {
  design: Design;
  change(changed: Partial<Design>): void;
  /** By the parameter of a picture's query that they are about. */
  errors: Record<string, string>;
}
