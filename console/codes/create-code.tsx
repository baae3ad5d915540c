import { useRef, useState } from "preact/hooks";
import { type ApiError, asApiError } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { useDraft } from "../state/draft.ts";
import { goTo, linkTo } from "../state/router.ts";
import { EMPTY_FORM, FIELD_NAMES, inputOf } from "./form.ts";
import { changeListed } from "./listed.ts";

const EMPTY = { ...EMPTY_FORM, qrId: "" };

/** The form of a new code, kept until it is made. */
export function useNewCode() {
  const [form, change, forget] = useDraft("new", EMPTY);
  const [error, setError] = useState<ApiError>();
  const [isSending, setSending] = useState(false);
  // The same attempt, sent again after its reply was lost, makes no second code.
  const attempt = useRef({ body: "", key: "" });
  const create = async () => {
    const body = { ...inputOf(form), ...(form.qrId.trim() ? { qrId: form.qrId.trim() } : {}) };
    const text = JSON.stringify(body);
    if (attempt.current.body !== text) attempt.current = { body: text, key: crypto.randomUUID() };
    setSending(true);
    try {
      const headers = { "idempotency-key": attempt.current.key };
      const { data } = await call("generate", { body, headers });
      changeListed((codes) => [data, ...codes.filter(({ qrId }) => qrId !== data.qrId)]);
      forget();
      goTo(linkTo(["code", data.qrId], { new: "1" }));
    } catch (failed) {
      setError(asApiError(failed));
    }
    setSending(false);
  };
  const errors = error?.fieldErrors([...FIELD_NAMES, "qrId"]) ?? {};
  return { form, change, create, error, errors, isSending };
}
