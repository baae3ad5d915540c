import type { QrCode, QrCodePatch } from "../../clients/typescript/src/schema.ts";
import { type ApiError, asApiError } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { refreshReads, setLive, tagOf } from "../api/live.ts";
import { changeListed } from "./listed.ts";

/** A code as its page reads it. */
export const readOf = (qrId: string) => ({ params: { qrId }, query: { format: "json" as const } });

/**
 * Changes a code if it is as it was last shown, and shows the reply wherever the code is shown. If somebody was faster,
 * shows what the code is now.
 *
 * @throws ApiError of status 412 if somebody was faster
 */
export async function changeCode(qrId: string, patch: QrCodePatch): Promise<QrCode> {
  const tag = tagOf("get", readOf(qrId));
  try {
    const headers: Record<string, string> = tag ? { "if-match": tag } : {};
    const { data, etag } = await call("patch", { params: { qrId }, body: patch, headers });
    showCode(data, etag);
    refreshReads("history");
    return data;
  } catch (error) {
    const refused = asApiError(error);
    const { current } = refused.problem ?? {};
    if (refused.status === 412 && current && !current.deletedAt) showCode(current, refused.etag);
    throw refused;
  }
}

/** Whether somebody else deleted it: there is nothing to compare with. */
export function isGone(error: ApiError | undefined): boolean {
  return error?.status === 404 || error?.problem?.current?.deletedAt !== undefined;
}

/** Shows a code as it is now, or is about to be. */
export function showCode(code: QrCode, etag: string | null = null): void {
  setLive("get", readOf(code.qrId), (before) => ({ ...before, ...code }), etag);
  changeListed((codes) =>
    codes.map((listed) => (listed.qrId === code.qrId ? { ...listed, ...code } : listed)),
  );
}
