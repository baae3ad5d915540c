import type { QrCode } from "../../clients/typescript/src/schema.ts";
import { changeReads } from "../api/live.ts";

/** Changes the codes of every list that was read but the trash, before the service says so itself. */
export function changeListed(change: (codes: QrCode[]) => QrCode[]): void {
  changeReads("list", (page) =>
    page.qrCodes.some(({ deletedAt }) => deletedAt) ? page : { ...page, qrCodes: change(page.qrCodes) },
  );
}
