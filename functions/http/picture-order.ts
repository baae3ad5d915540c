import { type StoredCode, scanUrl } from "../../core/code/qr-code.ts";
import { Invalid } from "../../core/errors.ts";
import type { PictureOrder } from "../../core/picture/order.ts";
import { type PictureStyle, styleOver } from "../../core/picture/picture-style.ts";
import { findLogo, hasLogo } from "../../data/postgres/logos.ts";
import type { Pictured } from "../../data/read-pictured.ts";
import type { Stores } from "../../data/stores.ts";

/** What is to be drawn, and the digest of its logo. */
export interface Ordered {
  order: PictureOrder;
  logoDigest: string | undefined;
}

/** A code's picture as it is stored: its own style over its tenant's. It never fails for what it would look like. */
export function storedPicture(
  stores: Stores,
  publicBaseUrl: string,
  { code, tenantStyle }: Pictured,
): Promise<Ordered> {
  const style = styleOver(code.style, tenantStyle);
  return orderOf(stores, code, { text: scanUrl(publicBaseUrl, code), style, fit: "omit", measures: {} });
}

/** Finds the logo that a style names. One that is gone is left out. */
export async function orderOf(
  { db }: Stores,
  { tenantId }: Pick<StoredCode, "tenantId">,
  order: Omit<PictureOrder, "logo">,
): Promise<Ordered> {
  const { logo: name } = order.style;
  const logo = name ? await findLogo(db, tenantId, name) : undefined;
  if (!logo) return { order, logoDigest: undefined };
  const { png, width, height } = logo;
  return { order: { ...order, logo: { png, width, height } }, logoDigest: logo.digest };
}

/** @throws Invalid (`style.logo`) if a style that is to be stored names a logo that the tenant has not */
export async function refuseUnknownLogo(
  { db }: Stores,
  tenantId: string,
  style: PictureStyle | null | undefined,
  path = "style.logo",
): Promise<void> {
  if (!style?.logo || (await hasLogo(db, tenantId, style.logo))) return;
  throw unknownLogo(path);
}

/** What is wrong with a logo's name. */
export const UNKNOWN_LOGO = "is none of the tenant's logos";

export function unknownLogo(path: string): Invalid {
  return new Invalid([{ path, message: UNKNOWN_LOGO }]);
}
