import type { QrCode } from "../../../clients/typescript/src/schema.ts";
import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { Icon } from "../../parts/icon.tsx";
import { linkTo } from "../../state/router.ts";
import { select, selection, toggleSelected, unselect } from "../../state/selection.ts";

/** The check box of a code in the list. */
export function SelectBox({ qrId, title }: { qrId: string; title: string }) {
  return (
    <label class="row-select">
      <input
        type="checkbox"
        checked={selection.value.includes(qrId)}
        aria-label={texts.value.selection.choose(title)}
        onChange={() => toggleSelected(qrId)}
      />
    </label>
  );
}

/** What can be done to the codes that are chosen; it stays in sight. */
export function SelectionBar({ shown }: { shown: readonly QrCode[] }) {
  const { value: chosen } = selection;
  const { selection: said } = texts.value;
  if (chosen.length === 0) return null;
  return (
    <section class="selection-bar" aria-label={said.label}>
      <p role="status">{said.count(number(chosen.length))}</p>
      <button
        type="button"
        class="button button-small button-quiet"
        onClick={() => select(shown.map(({ qrId }) => qrId))}
      >
        {said.all}
      </button>
      <button type="button" class="button button-small button-quiet" onClick={() => unselect()}>
        {said.none}
      </button>
      <a class="button button-primary" href={linkTo(["sheets"], { ids: chosen.join(",") })}>
        <Icon name="labels" />
        {texts.value.sheets.link}
      </a>
    </section>
  );
}
