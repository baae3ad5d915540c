import lobject from "fengari/src/lobject.js";
import lstring from "fengari/src/lstring.js";
import lvm from "fengari/src/lvm.js";

/*
 * Redis runs Lua 5.1, whose only numbers are doubles. fengari is Lua 5.3 with 32-bit integers besides: it would
 * wrap a time in milliseconds, and write 10 / 2 as "5.0". This module makes numbers those of Lua 5.1.
 */

/** Writes a number as C's `%.<digits>g` does. */
export function formatNumber(value: number, digits: number): string {
  if (Object.is(value, -0)) return "-0";
  if (Number.isSafeInteger(value) && Math.abs(value) < 10 ** digits) return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const [mantissa = "", power] = roundToEven(Math.abs(value), digits).split("e");
  return (value < 0 ? "-" : "") + placePoint(mantissa.replace(".", ""), Number(power));
}

/** Writes `d.ddd × 10^exponent`, given its digits: in full if they suffice for that. */
function placePoint(digits: string, exponent: number): string {
  if (exponent >= -4 && exponent < digits.length) {
    const [whole, rest] =
      exponent < 0
        ? ["0", "0".repeat(-exponent - 1) + digits]
        : [digits.slice(0, exponent + 1), digits.slice(exponent + 1)];
    return withoutZeros(`${whole}.${rest}`);
  }
  const magnitude = String(Math.abs(exponent)).padStart(2, "0");
  return `${withoutZeros(`${digits[0]}.${digits.slice(1)}`)}e${exponent < 0 ? "-" : "+"}${magnitude}`;
}

/** `toExponential`, except that what lies halfway between two numbers becomes the even one, as in C. */
function roundToEven(value: number, digits: number): string {
  const rounded = value.toExponential(digits - 1);
  const exact = value.toExponential(100);
  const halfway = /^50*e/.test(exact.slice(digits + 1));
  return halfway && /[02468]/.test(exact[digits] ?? "")
    ? exact.slice(0, digits + 1) + exact.slice(102)
    : rounded;
}

const withoutZeros = (decimal: string) => decimal.replace(/\.?0*$/, "");

const readNumber = lobject.luaO_str2num;

/** Literals and numbers in strings are doubles, which makes all that is computed with them doubles. */
lobject.luaO_str2num = (text, into) => {
  const size = readNumber(text, into);
  if (size !== 0) into.setfltvalue(into.value as number);
  return size;
};

/** `%.14g`, see LUAI_NUMFFORMAT in Lua 5.1's luaconf.h. */
lobject.luaO_tostring = (L, value) => {
  const text = formatNumber(value.value as number, 14);
  value.setsvalue(lstring.luaS_bless(L, Uint8Array.from(Buffer.from(text))));
};

/** Where a library function wants an integer, any number will do and is truncated. */
lvm.tointeger = (value) => {
  const number = lvm.tonumber(value);
  return number === false ? false : Math.trunc(number);
};
