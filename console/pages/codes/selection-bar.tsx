import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import type { CodeFilter, CodeSelection, QrCode } from "../../../clients/typescript/src/schema.ts";
import { may } from "../../auth/session.ts";
import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { Icon } from "../../parts/icon.tsx";
import { linkTo } from "../../state/router.ts";
import { select, selection, toggleSelected, unselect } from "../../state/selection.ts";
import { say } from "../../state/toasts.ts";

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

interface SelectionBarProps {
  shown: readonly QrCode[];
  /** What the list is narrowed by, if it is. */
  filter: CodeFilter | undefined;
}

/** What can be done to the codes that are chosen, or to all that a filter finds; it stays in sight. */
export function SelectionBar({ shown, filter }: SelectionBarProps) {
  const { value: chosen } = selection;
  if (chosen.length === 0)
    return filter && shown.length > 0 && may("qr:write") ? <FilterBar filter={filter} /> : null;
  return <ChosenBar chosen={chosen} shown={shown} />;
}

function ChosenBar({ chosen, shown }: { chosen: readonly string[]; shown: readonly QrCode[] }) {
  const { selection: said, sheets } = texts.value;
  const edits = useEdits({ ids: [...chosen] });
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
      {edits.button}
      <a class="button button-primary" href={linkTo(["sheets"], { ids: chosen.join(",") })}>
        <Icon name="labels" />
        {sheets.link}
      </a>
      {edits.panel}
    </section>
  );
}

function FilterBar({ filter }: { filter: CodeFilter }) {
  const { selection: said, bulk } = texts.value;
  const edits = useEdits({ filter });
  return (
    <section class="selection-bar" aria-label={said.label}>
      <p>{bulk.ofFilter}</p>
      {edits.button}
      {edits.panel}
    </section>
  );
}

type Edits = ComponentType<{ of: CodeSelection }>;

/** The button that opens the bulk edits, which are loaded then. */
function useEdits(of: CodeSelection) {
  const [Panel, setPanel] = useState<Edits>();
  const toggle = async () => {
    if (Panel) return setPanel(undefined);
    try {
      const { BulkEdits } = await import("./bulk-edits.tsx");
      setPanel(() => BulkEdits);
    } catch {
      say(texts.value.errors.offline, { isBad: true });
    }
  };
  const button = may("qr:write") && (
    <button type="button" class="button" aria-expanded={Panel !== undefined} onClick={() => void toggle()}>
      {texts.value.bulk.open}
    </button>
  );
  // A filter that changes takes the count with it that was to be confirmed.
  return { button, panel: Panel && <Panel of={of} key={JSON.stringify(of.filter)} /> };
}
