import { call } from "../../api/call.ts";
import { refreshReads } from "../../api/live.ts";

const MAX_NAME = 64;

/** What a browser offers in its dialog. The service takes a file by what it is. */
export const LOGO_TYPES = "image/png,image/jpeg,image/svg+xml";

/**
 * Uploads a file under a name made of its own, in place of no other logo.
 *
 * @returns the name
 * @throws ApiError
 */
export async function uploadLogo(file: File, taken: readonly string[]): Promise<string> {
  const name = freeName(file.name, taken);
  await call("putLogo", { params: { name }, file });
  refreshReads("listLogos");
  return name;
}

function freeName(fileName: string, taken: readonly string[]): string {
  const wish = fileName
    .replace(/\.[^.]*$/, "")
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, MAX_NAME - 4);
  const base = wish || "logo";
  let name = base;
  for (let n = 2; taken.includes(name); n++) name = `${base}-${n}`;
  return name;
}
