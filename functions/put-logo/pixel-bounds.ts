import { refusal } from "./refusal.ts";

/** Above what a print shows of a logo, and 32 MB once decoded. */
const MAX_SIDE = 4_096;
const MAX_PIXELS = 8_388_608;

/** Beyond it a logo is a line, which covers a whole row of modules. */
const MAX_ASPECT = 8;

/** Checks a picture's size before anything is made of its pixels. @throws Invalid */
export function checkPixels(width: number, height: number): void {
  if (width === 0 || height === 0) throw refusal("has no pixels");
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
    throw refusal(
      `has ${width} × ${height} pixels: at most ${MAX_SIDE} a side and ${MAX_PIXELS} in all are taken`,
    );
  }
  checkAspect(width, height);
}

/** @throws Invalid */
export function checkAspect(width: number, height: number): void {
  if (Math.max(width / height, height / width) > MAX_ASPECT)
    throw refusal(`must not be more than ${MAX_ASPECT} times as long as it is wide, or the other way round`);
}
