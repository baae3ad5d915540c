import { customAlphabet } from "nanoid";

/** Bitcoin's base 58: no 0, O, I or l, which are misread when an ID is typed in from paper. */
const BASE_58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

const random = customAlphabet(BASE_58, 12);

/** Digits and capitals, without O and I. */
const CAPITALS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

const randomCapitals = customAlphabet(CAPITALS, 14);

/** A new code ID: `qr_` and 12 random characters (70 bits), which can be neither guessed nor met twice. */
export function newQrId(): string {
  return `qr_${random()}`;
}

/** A new code ID of characters that alphanumeric mode has: `QR-` and 14 random characters (71 bits). */
export function newAlphanumericId(): string {
  return `QR-${randomCapitals()}`;
}
