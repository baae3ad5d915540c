import { isLikeAlignment } from "./alignment-likeness.ts";
import type { Box } from "./damage.ts";
import type { Design } from "./design.ts";
import type { Ecc } from "./ecc.ts";
import { framed, frameOf } from "./frame.ts";
import { fitLogo, type Logo, type Placed as LogoPlace, logoProblem, placeLogo } from "./logo.ts";
import type { LogoImage } from "./logo-image.ts";
import { type Matrix, qrMatrix } from "./matrix.ts";
import type { LogoFit } from "./order.ts";
import { LOGO_SIZE } from "./picture-style.ts";
import { type Scene, sceneOf } from "./scene.ts";

/** A picture laid out, with what was decided on the way. */
export interface Layout {
  readonly scene: Scene;
  readonly matrix: Matrix;
  readonly ecc: Ecc;
  /** Width of the logo as it is drawn, in % of the code's; `undefined` if there is none. */
  readonly logoSize: number | undefined;
}

/**
 * Lays out the picture of a text.
 *
 * @throws Unscannable (`logoSize`) if the logo would make it unreadable
 */
export function layOut(text: string, design: Design, logo: LogoImage | undefined, fit: LogoFit): Layout {
  const place = logo && logoPlace(text, design, logo, fit);
  const { ecc, matrix } = place ?? { ecc: design.ecc, matrix: qrMatrix(text, design.ecc) };
  const side = matrix.length + 2 * design.margin;
  const around = design.margin + frameOf(design, side).line;
  const code = sceneOf(matrix, around, design.look, place?.cleared);
  const isBare = design.frame === "none" && design.caption === "";
  const scene = isBare ? code : framed(code, design, side);
  const image = logo && place && { logo, box: moved(place.box, around) };
  const logoSize = place && (100 * place.box.width) / matrix.length;
  return { scene: image ? { ...scene, image } : scene, matrix, ecc, logoSize };
}

function logoPlace(text: string, design: Design, logo: LogoImage, fit: LogoFit): LogoPlace | undefined {
  const { ecc, logoSize } = design;
  const asked: Logo = {
    share: (logoSize ?? LOGO_SIZE.default) / 100,
    aspect: logo.width / logo.height,
    isMistakable: (placed, symbol) => isLikeAlignment({ ...placed, logo, look: design.look }, symbol),
  };
  if (fit !== "refuse") {
    const fitted = fitLogo(text, ecc, asked);
    if (fitted || fit === "omit") return fitted;
  }
  const place = placeLogo(text, ecc, asked);
  if ("box" in place) return place;
  // A size that nobody asked for gives way.
  const smaller = placeLogo(text, ecc, { ...asked, share: Math.min(asked.share, place[ecc]) });
  if (logoSize === undefined && "box" in smaller) return smaller;
  throw logoProblem(logoSize ?? LOGO_SIZE.default, ecc, place);
}

function moved(box: Box, by: number): Box {
  return { ...box, x: box.x + by, y: box.y + by };
}
