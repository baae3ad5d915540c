import type { PictureStyle } from "../picture/picture-style.ts";
import type { Bounds, CODE_FIELDS, Field, Kind, Setter } from "./fields.ts";

/** The table itself: names, bounds and columns as literal types. */
export type CodeFields = typeof CODE_FIELDS;

export type FieldName = keyof CodeFields;

/** Values of each kind as JSON has them: an instant is ISO 8601 UTC with milliseconds. */
interface JsonValues {
  id: string;
  text: string;
  texts: string[];
  choice: string;
  instant: string;
  integer: number;
  url: string;
  flag: boolean;
  style: PictureStyle;
}

/** Values of each kind as the database's driver gives them. */
type RowValues = Omit<JsonValues, "instant"> & { instant: Date };

type ValueOf<F extends Field, Values extends Record<Kind, unknown>> =
  | (F extends { of: readonly (infer Choice)[] } ? Choice : Values[F["kind"]])
  | (F extends { default: null } ? null : never);

/** A field's value in JSON. */
export type JsonValue<N extends FieldName> = ValueOf<CodeFields[N], JsonValues>;

/** A field's value in a row. */
export type RowValue<N extends FieldName> = ValueOf<CodeFields[N], RowValues>;

/** Fields that a request of this kind may set. */
export type SetBy<S extends Setter> = {
  [N in FieldName]: S extends CodeFields[N]["setBy"][number] ? N : never;
}[FieldName];

/** Fields that a scan needs. */
export type ScanField = {
  [N in FieldName]: CodeFields[N] extends { scan: true } ? N : never;
}[FieldName];

/** The bounds of one kind. */
export type BoundsOf<K extends Kind> = Extract<Bounds, { kind: K }>;
