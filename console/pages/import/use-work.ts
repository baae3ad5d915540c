import { useState } from "preact/hooks";
import { type ApiError, asApiError } from "../../api/api-error.ts";

/** Does something that the service may refuse, and holds its refusal. */
export function useWork() {
  const [error, setError] = useState<ApiError>();
  const [isBusy, setBusy] = useState(false);
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (failed) {
      setError(asApiError(failed));
    }
    setBusy(false);
  };
  return { run, error, isBusy };
}
