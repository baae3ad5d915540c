/** An element that is drawn. */
export interface Kept {
  name: string;
  attributes: Record<string, string>;
  children: Kept[];
  /** Of a style sheet. */
  text: string;
}
