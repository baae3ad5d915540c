import { useState } from "preact/hooks";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { texts } from "../../i18n/language.ts";
import { Icon } from "../../parts/icon.tsx";
import { deleteLogo } from "./delete-logo.ts";
import type { Design } from "./design.ts";
import { LOGO_TYPES, uploadLogo } from "./upload-logo.ts";

interface DeleteButtonProps {
  name: string;
  choose(logo: string): void;
}

export function DeleteButton({ name, choose }: DeleteButtonProps) {
  const { design: said } = texts.value;
  const [isDeleting, setDeleting] = useState(false);
  const remove = async () => {
    setDeleting(true);
    await deleteLogo(name, choose);
    setDeleting(false);
  };
  return (
    <button
      type="button"
      class="button beside-field"
      aria-label={said.deleteLogo(name)}
      title={said.deleteLogo(name)}
      disabled={isDeleting}
      onClick={remove}
    >
      <Icon name="trash" />
    </button>
  );
}

interface UploadButtonProps {
  taken: readonly string[];
  change(changed: Partial<Design>): void;
  fail(error: ApiError | undefined): void;
}

export function UploadButton({ taken, change, fail }: UploadButtonProps) {
  const { design: said } = texts.value;
  const [isSending, setSending] = useState(false);
  const upload = async (file: File) => {
    setSending(true);
    try {
      change({ logo: await uploadLogo(file, taken) });
      fail(undefined);
    } catch (error) {
      fail(asApiError(error));
    } finally {
      setSending(false);
    }
  };
  return (
    <label class="button file-button beside-field">
      <Icon name="upload" />
      <span aria-live="polite">{isSending ? said.uploading : said.upload}</span>
      <input
        class="sr-only"
        type="file"
        accept={LOGO_TYPES}
        disabled={isSending}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file) void upload(file);
          // The same file may be chosen again once it was made good.
          currentTarget.value = "";
        }}
      />
    </label>
  );
}
