import { useState } from "preact/hooks";
import type { QrCode } from "../../clients/typescript/src/schema.ts";
import { type ApiError, asApiError } from "../api/api-error.ts";
import { texts } from "../i18n/language.ts";
import { useDraft } from "../state/draft.ts";
import { say } from "../state/toasts.ts";
import { changeCode } from "./change-code.ts";
import { type CodeForm, FIELD_NAMES, type FieldName, formOf, isChanged, patchOf } from "./form.ts";
import { takeBack } from "./take-back.ts";

interface Draft {
  /** What was typed. */
  typed: Partial<CodeForm>;
  /** What each of these fields held when it was first typed into. */
  base: Partial<CodeForm>;
}

const NOTHING: Draft = { typed: {}, base: {} };

/** Tried so often where somebody changes other fields of the code at the same time. */
const ATTEMPTS = 3;

/** The fields of a code as they are edited: what is not typed into follows the service. */
export function useCodeForm(code: QrCode) {
  const [{ typed, base }, setDraft, forget] = useDraft<Draft>(`code:${code.qrId}`, NOTHING);
  const [error, setError] = useState<ApiError>();
  const [isSending, setSending] = useState(false);
  const stored = formOf(code);
  const form = { ...stored, ...typed };
  const isTyped = (name: FieldName) => Object.hasOwn(typed, name) && isChanged(form, stored, name);
  const conflicts = FIELD_NAMES.filter(
    (name) => isTyped(name) && isChanged({ ...stored, ...base }, stored, name),
  );
  const change = (changed: Partial<CodeForm>) => {
    const names = Object.keys(changed) as FieldName[];
    const first = names.filter((name) => !Object.hasOwn(base, name)).map((name) => [name, stored[name]]);
    setDraft({ typed: { ...typed, ...changed }, base: { ...base, ...Object.fromEntries(first) } });
  };
  const discard = () => {
    forget();
    setError(undefined);
  };
  const save = async () => {
    setSending(true);
    try {
      await saved(code.qrId, form, stored);
      discard();
      const { saved: text, undo: label } = texts.value.code;
      const before = patchOf(stored, form);
      say(text, { action: { label, run: () => void takeBack(code.qrId, before) } });
    } catch (failed) {
      const refused = asApiError(failed);
      // The code is shown as it is now, beside what was typed.
      setError(refused.status === 412 && !refused.problem?.current?.deletedAt ? undefined : refused);
    }
    setSending(false);
  };
  return {
    form,
    stored,
    change,
    discard,
    save,
    error,
    isSending,
    isDirty: FIELD_NAMES.some(isTyped),
    conflicts,
    takeTheirs: (name: FieldName) => setDraft({ typed: without(typed, name), base: without(base, name) }),
    keepYours: (name: FieldName) => setDraft({ typed, base: { ...base, [name]: stored[name] } }),
  };
}

/** Saves what differs. A change by somebody else of other fields is no conflict. @throws ApiError */
async function saved(qrId: string, form: CodeForm, stored: CodeForm): Promise<void> {
  const patch = patchOf(form, stored);
  let before = stored;
  for (let attempt = 1; ; attempt++) {
    try {
      await changeCode(qrId, patch);
      return;
    } catch (error) {
      const refused = asApiError(error);
      const { current } = refused.problem ?? {};
      if (refused.status !== 412 || !current || current.deletedAt || attempt === ATTEMPTS) throw refused;
      const now = formOf(current);
      const names = Object.keys(patch) as FieldName[];
      if (names.some((name) => isChanged(now, before, name))) throw refused;
      before = now;
    }
  }
}

function without<T extends object>(values: T, name: string): T {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key !== name)) as T;
}
