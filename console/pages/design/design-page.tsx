import type { QrCode, StoredPictureStyle } from "../../../clients/typescript/src/schema.ts";
import { useLive } from "../../api/live.ts";
import { readOf } from "../../codes/change-code.ts";
import { shortUrl } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useDraft } from "../../state/draft.ts";
import { linkTo } from "../../state/router.ts";
import type { PageProps } from "../page-props.ts";
import { type Design, designOver, PLAIN } from "./design.ts";
import { Designer } from "./designer.tsx";

/** The tenant's style seldom changes. In milliseconds. */
const STYLE_POLL_MS = 60_000;

/** How a code's picture looks, and all that it can be printed from. */
export function DesignPage({ rest: [qrId = ""] }: PageProps) {
  const { data: code, error, refresh } = useLive("get", readOf(qrId));
  const style = useLive("getStyle", {}, STYLE_POLL_MS);
  const failed = (code ? undefined : error) ?? (style.data ? undefined : style.error);
  if (code && style.data) return <DesignOf code={code} tenantStyle={style.data} />;
  if (!failed) return <p class="loading">{texts.value.loading}</p>;
  return (
    <>
      <h1>{texts.value.design.title}</h1>
      <ErrorNote
        error={failed}
        retry={() => {
          refresh();
          style.refresh();
        }}
      />
    </>
  );
}

function DesignOf({ code, tenantStyle }: { code: QrCode; tenantStyle: StoredPictureStyle }) {
  const { design: said } = texts.value;
  const [chosen, change, forget] = useDraft<Partial<Design>>(`design/${code.qrId}`, {});
  const name = code.name ?? shortUrl(code.targetUrl);
  return (
    <>
      <a class="back" href={linkTo(["code", code.qrId])}>
        <Icon name="back" />
        <bdi>{said.back(name)}</bdi>
      </a>
      <div class="page-head">
        <h1>
          <bdi>{said.of(name)}</bdi>
        </h1>
      </div>
      <Designer
        code={code}
        name={name}
        tenantStyle={tenantStyle}
        design={{ ...designOver(code.style, designOver(tenantStyle, PLAIN)), ...chosen }}
        change={change}
        forget={forget}
      />
    </>
  );
}
