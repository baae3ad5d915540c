import { call } from "../../api/call.ts";
import { refreshReads } from "../../api/live.ts";
import { tellFailure } from "../../codes/tell-failure.ts";
import { texts } from "../../i18n/language.ts";
import { say } from "../../state/toasts.ts";

/**
 * Deletes one of the tenant's logos, with a way back: what it was is read before.
 *
 * @param choose takes the logo that is there from then on: none, or the one that is back
 */
export async function deleteLogo(name: string, choose: (logo: string) => void): Promise<void> {
  const { code, design } = texts.value;
  try {
    const { data: file } = await call("getLogo", { params: { name }, headers: { accept: "*/*" } });
    await call("deleteLogo", { params: { name } });
    refreshReads("listLogos");
    choose("");
    const undo = () => restoreLogo(name, file, choose);
    say(design.logoDeleted(name), { action: { label: code.undo, run: undo } });
  } catch (error) {
    tellFailure(error);
  }
}

async function restoreLogo(name: string, file: Blob, choose: (logo: string) => void): Promise<void> {
  try {
    await call("putLogo", { params: { name }, file });
    refreshReads("listLogos");
    choose(name);
    say(texts.value.design.logoRestored(name));
  } catch (error) {
    tellFailure(error);
  }
}
