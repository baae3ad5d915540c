import { useRef, useState } from "preact/hooks";
import type { PictureInfo } from "../../../clients/typescript/src/schema.ts";
import type { ApiError } from "../../api/api-error.ts";
import { BOUNDS } from "../../api/contract.ts";
import { useLive } from "../../api/live.ts";
import { may } from "../../auth/session.ts";
import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { messageOf } from "../../parts/error-note.tsx";
import { Field } from "../../parts/field.tsx";
import type { ControlsProps } from "./controls-props.ts";
import type { Design } from "./design.ts";
import { DeleteButton, UploadButton } from "./logo-buttons.tsx";
import { Slider } from "./slider.tsx";

/** A logo seldom comes from elsewhere while somebody looks. In milliseconds. */
const LOGOS_POLL_MS = 60_000;

/** What a logo takes that nobody gave a size, in % of the code's width. */
const USUAL_SIZE = 20;

const { logoSize } = BOUNDS.putStyle;

export function LogoControls({
  design,
  change,
  errors,
  info,
}: ControlsProps & { info: PictureInfo | undefined }) {
  const { design: said } = texts.value;
  const { data } = useLive("listLogos", {}, LOGOS_POLL_MS);
  const [failure, setFailure] = useState<ApiError>();
  const choice = useRef<HTMLSelectElement>(null);
  const listed = data?.logos.map(({ name }) => name) ?? [];
  const names = design.logo === "" || listed.includes(design.logo) ? listed : [...listed, design.logo];
  const size = design.logoSize ?? Math.floor(info?.logo?.size ?? USUAL_SIZE);
  const failed = failure && (failure.problem?.errors?.[0]?.message ?? failure.problem?.detail);
  return (
    <section class="stack" aria-labelledby="design-logo">
      <h2 id="design-logo">{said.logo}</h2>
      <div class="logo-choice">
        <Field
          label={said.logoLabel}
          hint={may("qr:write") ? said.uploadHint : undefined}
          error={errors.logo ?? (failure && (failed ?? messageOf(failure)))}
        >
          {(described) => (
            <select
              {...described}
              ref={choice}
              class="input"
              value={design.logo}
              onChange={(event) => change({ logo: event.currentTarget.value })}
            >
              <option value="">{said.noLogo}</option>
              {names.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        {may("qr:write") && <UploadButton taken={names} change={change} fail={setFailure} />}
        {may("qr:write") && listed.includes(design.logo) && (
          <DeleteButton
            key={design.logo}
            name={design.logo}
            choose={(logo) => {
              change({ logo });
              // The button that had the focus is gone with what it deleted.
              if (logo === "") choice.current?.focus();
            }}
          />
        )}
      </div>
      {design.logo !== "" && (
        <Slider
          label={said.logoSize}
          hint={info?.logo && limitsOf(info.logo.largest, design.ecc)}
          error={errors.logoSize}
          min={logoSize.minimum}
          max={logoSize.maximum}
          value={size}
          shown={`${number(size)} %`}
          change={(value) => change({ logoSize: value })}
        />
      )}
    </section>
  );
}

/** How large a logo may be, at the level that is chosen and at the others. */
function limitsOf(largest: NonNullable<PictureInfo["logo"]>["largest"], ecc: Design["ecc"]): string {
  const { design: said } = texts.value;
  const others = BOUNDS.putStyle.ecc.enum.filter((level) => level !== ecc);
  const list = others.map((level) => `${level} ${number(largest[level])} %`).join(", ");
  return `${said.logoLimits(ecc, `${number(largest[ecc])} %`)} ${said.logoLimitsOther(list)}`;
}
