import { useEffect, useRef } from "preact/hooks";
import type { ApiError } from "../api/api-error.ts";

/** A form whose first field waits for what is typed; what was refused has the focus instead. */
export function useFirstField(error: ApiError | undefined) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [error]);
  return form;
}
