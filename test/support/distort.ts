import type { Raster } from "./raster.ts";

/** What a camera and its distance do to a picture. */
export interface Distortion {
  /** Of the picture to the camera's frame, in radians. */
  rotation: number;
  /** Width of the far edge over that of the near one, below 1; and which way it lies, in radians. */
  perspective: number;
  tilt: number;
  /** Width of the picture in the frame, in px. */
  size: number;
  /** Standard deviation of a Gauss curve, in px of the frame. */
  blur: number;
  /** Standard deviation of the sensor's noise, of 255. */
  noise: number;
}

/** The colour of what the picture lies on: light paper. */
const PAPER = 255;

/** Frame around the picture, in px, so that no corner is cut off. */
const AROUND = 1.6;

/** The picture as a camera would see it. Shrinking takes the mean of what falls on a pixel. */
export function distort(source: Raster, how: Distortion, random: () => number): Raster {
  const frame = Math.ceil(how.size * AROUND);
  const samples = Math.max(1, Math.ceil(source.width / how.size));
  const gray = new Float32Array(frame * frame * 3);
  for (let y = 0; y < frame; y++) {
    for (let x = 0; x < frame; x++) {
      for (let n = 0; n < samples * samples; n++) {
        const dx = ((n % samples) + 0.5) / samples;
        const dy = (Math.floor(n / samples) + 0.5) / samples;
        const [u, v] = toPicture((x + dx - frame / 2) / how.size, (y + dy - frame / 2) / how.size, how);
        addSample(source, u, v, gray, (y * frame + x) * 3, 1 / samples ** 2);
      }
    }
  }
  const blurred = how.blur > 0 ? blur(gray, frame, how.blur) : gray;
  const data = new Uint8ClampedArray(frame * frame * 4).fill(255);
  for (let pixel = 0; pixel < frame * frame; pixel++) {
    const noise = how.noise * gauss(random);
    for (let channel = 0; channel < 3; channel++)
      data[pixel * 4 + channel] = (blurred[pixel * 3 + channel] ?? 0) + noise;
  }
  return { width: frame, height: frame, data };
}

/** From the frame, in widths of the picture from its centre, to the picture, 0 to 1 each way. */
function toPicture(x: number, y: number, { rotation, perspective, tilt }: Distortion): [number, number] {
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  const [rx, ry] = [cos * x + sin * y, cos * y - sin * x];
  const depth = 1 - ((1 - perspective) / (1 + perspective)) * 2 * (rx * Math.cos(tilt) + ry * Math.sin(tilt));
  return [rx / depth + 0.5, ry / depth + 0.5];
}

/** Adds a share of the colour at a place between pixels, from the four around it, over paper. */
function addSample(
  { width, height, data }: Raster,
  u: number,
  v: number,
  to: Float32Array,
  at: number,
  share: number,
): void {
  const [left, top] = [Math.floor(u * width - 0.5), Math.floor(v * height - 0.5)];
  const [dx, dy] = [u * width - 0.5 - left, v * height - 0.5 - top];
  for (let corner = 0; corner < 4; corner++) {
    const [column, row] = [left + (corner & 1), top + (corner >> 1)];
    const weight = share * (corner & 1 ? dx : 1 - dx) * (corner >> 1 ? dy : 1 - dy);
    const isOutside = column < 0 || row < 0 || column >= width || row >= height;
    const pixel = (row * width + column) * 4;
    const alpha = isOutside ? 0 : (data[pixel + 3] ?? 0) / 255;
    for (let channel = 0; channel < 3; channel++) {
      const color = alpha === 0 ? PAPER : (data[pixel + channel] ?? 0) * alpha + PAPER * (1 - alpha);
      to[at + channel] = (to[at + channel] ?? 0) + weight * color;
    }
  }
}

/** Along the rows, then along the columns. */
function blur(image: Float32Array, side: number, deviation: number): Float32Array {
  const radius = Math.ceil(3 * deviation);
  const weights = Array.from({ length: 2 * radius + 1 }, (_, n) =>
    Math.exp(-((n - radius) ** 2) / (2 * deviation ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const pass = (from: Float32Array, stepX: number, stepY: number) => {
    const to = new Float32Array(from.length);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        weights.forEach((weight, n) => {
          const column = clamp(x + (n - radius) * stepX, side);
          const row = clamp(y + (n - radius) * stepY, side);
          for (let channel = 0; channel < 3; channel++) {
            const at = (y * side + x) * 3 + channel;
            to[at] = (to[at] ?? 0) + ((from[(row * side + column) * 3 + channel] ?? 0) * weight) / sum;
          }
        });
      }
    }
    return to;
  };
  return pass(pass(image, 1, 0), 0, 1);
}

function clamp(value: number, side: number): number {
  return Math.max(0, Math.min(side - 1, value));
}

/** A number of the normal distribution (Box and Muller). */
function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
