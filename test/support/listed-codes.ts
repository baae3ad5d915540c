import { knownFields, type QrCode, type StoredCode } from "../../core/code/qr-code.ts";
import { spliced } from "../../core/code/reply-text.ts";
import type { ListedPage } from "../../functions/list/use-case.ts";

/** The codes of a page, each with its scans, out of the text of its reply. */
export function listedCodes({ reply, scans }: ListedPage): { code: StoredCode; scans: number }[] {
  const shown = JSON.parse(spliced(reply, scans, "https://qr.example.com", Date.now())) as QrCode[];
  return shown.map((code) => ({ code: knownFields(code), scans: code.scans }));
}
