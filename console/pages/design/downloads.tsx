import type { QrCode } from "../../../clients/typescript/src/schema.ts";
import { downloadPicture, type FileFormat } from "../../codes/draw-picture.ts";
import { texts } from "../../i18n/language.ts";
import { Icon } from "../../parts/icon.tsx";
import { type Design, queryOf } from "./design.ts";
import { fileMeasuresOf, formatsOf, type Print } from "./print.ts";

interface DownloadsProps {
  code: QrCode;
  design: Design;
  print: Print;
  /** Is told what is wrong with the fields that only a file has, by their names; nothing if it was drawn. */
  refuse(errors: Record<string, string>): void;
}

/** What no preview asks for. */
const ONLY_OF_FILES = ["dpi", "ink", "spot"];

export function Downloads({ code, design, print, refuse }: DownloadsProps) {
  const { design: said } = texts.value;
  const download = async (format: FileFormat) => {
    const query = { ...queryOf(design), ...fileMeasuresOf(print, format), format };
    refuse(await downloadPicture(code, query, ONLY_OF_FILES));
  };
  return (
    <div class="download">
      {formatsOf(print).map((format) => (
        <button
          type="button"
          class="button"
          key={format}
          aria-label={said.downloadAs(format.toUpperCase())}
          onClick={() => download(format)}
        >
          <Icon name="download" />
          {format.toUpperCase()}
        </button>
      ))}
    </div>
  );
}
