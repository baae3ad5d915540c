import type * as z from "zod";
import { type FieldError, Invalid } from "../../core/errors.ts";

/**
 * Checks input against a schema.
 *
 * @param root what to call the whole, where an error concerns no single field: `body` or `query`
 * @throws Invalid with one entry for each thing that is wrong
 */
export function validate<T extends z.ZodType>(schema: T, input: unknown, root: string): z.output<T> {
  const { value, errors } = check(schema, input, root);
  if (errors) throw new Invalid(errors);
  return value;
}

/** The same, with what is wrong as its result. */
export function check<T extends z.ZodType>(
  schema: T,
  input: unknown,
  root: string,
): { value: z.output<T>; errors?: undefined } | { value?: undefined; errors: FieldError[] } {
  const parsed = schema.safeParse(input);
  if (parsed.success) return { value: parsed.data };
  return { errors: parsed.error.issues.flatMap((issue) => fieldErrors(issue, root)) };
}

function fieldErrors(issue: z.core.$ZodIssue, root: string): FieldError[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: pathOf([...issue.path, key], root),
      message: "is not a known field",
    }));
  }
  return [{ path: pathOf(issue.path, root), message: issue.message }];
}

function pathOf(path: PropertyKey[], root: string): string {
  return path.length === 0 ? root : path.map(String).join(".");
}
