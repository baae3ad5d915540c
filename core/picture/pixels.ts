/** Pixels as RGBA, 8 bits each, row by row; not multiplied by their alpha. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
