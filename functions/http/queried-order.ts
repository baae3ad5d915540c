import type { LogoFit } from "../../core/picture/order.ts";
import { type PictureQuery, queriedStyle } from "../../core/picture/picture-query.ts";
import type { PictureStyle } from "../../core/picture/picture-style.ts";
import type { Stores } from "../../data/stores.ts";
import { type Ordered, orderOf, unknownLogo } from "./picture-order.ts";

/**
 * A picture as a query asks for it, over a style that is stored.
 *
 * @throws Invalid if its colours can't be told apart, or the tenant has no logo of the name that it gives
 */
export async function queriedOrder(
  stores: Stores,
  tenantId: string,
  { text, stored }: { text: string; stored: PictureStyle },
  { style: queried, fit, measures }: PictureQuery,
): Promise<Ordered> {
  const style = queriedStyle(stored, queried);
  const order = { text, style, fit: fitOf(queried, fit), measures };
  const ordered = await orderOf(stores, { tenantId }, order);
  if (queried.logo && !ordered.order.logo) throw unknownLogo("logo");
  return ordered;
}

/** What becomes of a logo that is too large: what a request asks for is refused, what is stored never is. */
function fitOf(query: PictureStyle, isFitted: boolean): LogoFit {
  if (isFitted) return "fit";
  const isAsked = query.logo ?? query.logoSize ?? query.ecc;
  return isAsked === undefined ? "omit" : "refuse";
}
