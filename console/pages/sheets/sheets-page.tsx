import { useState } from "preact/hooks";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { BOUNDS } from "../../api/contract.ts";
import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { TextField } from "../../parts/field.tsx";
import { Icon } from "../../parts/icon.tsx";
import { OnlyHere } from "../../parts/only-here.tsx";
import { save } from "../../parts/save-file.ts";
import { Segments } from "../../parts/segments.tsx";
import { useDraft } from "../../state/draft.ts";
import { linkTo, route } from "../../state/router.ts";
import { MeasureFields } from "./measure-fields.tsx";
import { SheetDrawing } from "./sheet-drawing.tsx";
import { type Chosen, inputOf, layoutOf, type SheetForm, USUAL_SHEET } from "./sheet-form.ts";
import { useLabels } from "./use-labels.ts";

const FILE_NAME = "labels.pdf";

/** Labels of the codes that the address names, or that its filter finds. */
export function SheetsPage() {
  const { sheets: said, code } = texts.value;
  const [form, change] = useDraft<SheetForm>("sheets", USUAL_SHEET);
  const chosen = chosenIn(route.value.query);
  const { labels, isAll } = useLabels(chosen);
  const [error, setError] = useState<ApiError>();
  const [isMaking, setMaking] = useState(false);
  const errors = Object.fromEntries(
    (error?.problem?.errors ?? []).map(({ path, message }) => [path, message]),
  );
  const set = (changed: Partial<SheetForm>) => {
    change(changed);
    setError(undefined);
  };
  const download = async () => {
    setMaking(true);
    try {
      const { data } = await call("sheets", {
        body: inputOf(form, chosen),
        headers: { accept: "application/pdf" },
      });
      setError(undefined);
      save(data, FILE_NAME);
    } catch (failed) {
      setError(asApiError(failed));
    }
    setMaking(false);
  };
  return (
    <>
      <a class="back" href={linkTo(["codes"], "filter" in chosen ? chosen.filter : {})}>
        <Icon name="back" />
        {code.back}
      </a>
      <div class="page-head">
        <h1>{said.title}</h1>
      </div>
      <div class="sheets-grid">
        <form
          class="card stack"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void download();
          }}
        >
          <SheetFields form={form} change={set} errors={errors} />
          <p class="muted" role="status">
            {said.sum(...sumOf(form, labels.length, isAll))}
          </p>
          {error && <ErrorNote error={error} hasMarks={Object.keys(errors).some(isOfField)} />}
          {labels[0]?.scanUrl && <OnlyHere scanUrl={labels[0].scanUrl} />}
          <div class="form-actions">
            <button type="submit" class="button button-primary button-large" disabled={isMaking}>
              <Icon name="download" />
              {isMaking ? said.making : said.download}
            </button>
          </div>
        </form>
        <section class="sheet-preview" aria-labelledby="first-page">
          <h2 id="first-page">{said.firstPage}</h2>
          <SheetDrawing form={form} labels={labels} />
          <p class="muted small">{said.drawingHint}</p>
        </section>
      </div>
    </>
  );
}

interface SheetFieldsProps {
  form: SheetForm;
  change(changed: Partial<SheetForm>): void;
  errors: Record<string, string>;
}

function SheetFields({ form, change, errors }: SheetFieldsProps) {
  const { sheets: said } = texts.value;
  return (
    <>
      <Segments
        legend={said.layout}
        value={form.layout}
        of={BOUNDS.sheets.layout.enum.map((name) => [name, said.layouts[name]] as const)}
        choose={(layout) => change({ layout })}
      />
      {form.layout === "custom" && (
        <MeasureFields custom={form.custom} change={(custom) => change({ custom })} errors={errors} />
      )}
      <Segments
        legend={said.caption}
        value={form.caption}
        of={BOUNDS.sheets.caption.enum.map((name) => [name, said.captions[name]] as const)}
        choose={(caption) => change({ caption })}
      />
      <div class="field-pair">
        <TextField
          label={said.copies}
          error={errors.copies}
          type="number"
          min={BOUNDS.sheets.copies.minimum}
          max={BOUNDS.sheets.copies.maximum}
          value={form.copies}
          change={(copies) => change({ copies })}
        />
        <TextField
          label={said.skip}
          hint={said.skipHint}
          error={errors.skip}
          type="number"
          min={0}
          value={form.skip}
          change={(skip) => change({ skip })}
        />
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={form.cropMarks}
          onChange={() => change({ cropMarks: !form.cropMarks })}
        />
        {said.cropMarks}
      </label>
    </>
  );
}

/** Whether a path of the request has a field on this page. */
const isOfField = (path: string) => /^(copies|skip|custom)\b/.test(path);

/** How many codes, labels and pages there will be, in words. @param isAll whether there are no more codes */
function sumOf(
  form: SheetForm,
  count: number,
  isAll: boolean,
): [codes: string, labels: string, pages: string] {
  const { rows, columns } = layoutOf(form);
  const labels = count * (Number(form.copies) || 0);
  const pages = Math.ceil((labels + (Number(form.skip) || 0)) / Math.max(1, rows * columns));
  const shown = (value: number) => `${number(value)}${isAll ? "" : "+"}`;
  return [shown(count), shown(labels), shown(pages)];
}

function chosenIn(query: URLSearchParams): Chosen {
  const ids = query.get("ids")?.split(",").filter(Boolean) ?? [];
  if (ids.length > 0) return { ids };
  const [q, tag, status] = [query.get("q"), query.get("tag"), query.get("status")];
  return {
    filter: {
      ...(q ? { q } : {}),
      ...(tag ? { tag } : {}),
      ...(status === "active" || status === "paused" ? { status } : {}),
    },
  };
}
