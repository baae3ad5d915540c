import type { NewApiKey } from "../../../clients/typescript/src/schema.ts";
import { texts } from "../../i18n/language.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Icon } from "../../parts/icon.tsx";

/** A key that was just made: the service itself keeps only its hash. */
export function ShownOnce({ made, close }: { made: NewApiKey; close(): void }) {
  const { keys, toast } = texts.value;
  return (
    <div class="notice notice-good shown-once" role="status">
      <Icon name="key" />
      <div class="stack-tight">
        <p>
          <strong>{keys.shownOnce(made.name)}</strong>
        </p>
        <p class="mono key-text">{made.key}</p>
        <div class="actions">
          <CopyButton text={made.key} />
          <button type="button" class="button button-small button-quiet" onClick={close}>
            {toast.dismiss}
          </button>
        </div>
      </div>
    </div>
  );
}
