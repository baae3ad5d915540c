import { setPriority } from "node:os";
import { ServiceError } from "../../core/errors.ts";
import type { PictureFormat, PictureOptions } from "../../core/picture/options.ts";
import { pngPicture } from "../../core/picture/png.ts";
import { svgPicture } from "../../core/picture/svg.ts";

export interface Order {
  format: PictureFormat;
  text: string;
  options: PictureOptions;
}

/** A thrown error would cross to the other thread without its class. */
export type Drawn = { picture: string | Uint8Array } | { errors: ServiceError["errors"] };

/** A nice value that lets scans go first where there are fewer processors than threads. */
const NICE = 10;

// On Linux it is a thread's own (setpriority(2), "C library/kernel differences"); elsewhere it would be the whole process's.
if (process.platform === "linux") setPriority(NICE);

/** What a thread of the drawing pool does. */
export default function draw({ format, text, options }: Order): Drawn {
  try {
    return { picture: format === "svg" ? svgPicture(text, options) : pngPicture(text, options) };
  } catch (error) {
    if (error instanceof ServiceError && error.kind === "invalid") return { errors: error.errors };
    throw error;
  }
}
