import * as z from "zod";

function degrees(limit: number, description: string) {
  const error = `must be a number of degrees from -${limit} to ${limit}`;
  return z.number(error).min(-limit, error).max(limit, error).meta({ description });
}

export const geoSchema = z
  .strictObject({
    latitude: degrees(90, "in degrees, north of the equator; WGS 84"),
    longitude: degrees(180, "in degrees, east of Greenwich; WGS 84"),
    altitude: z
      .number("must be a number of metres")
      .min(-12_000, "must be at least -12000")
      .max(100_000, "must be at most 100000")
      .meta({ description: "in metres" })
      .optional(),
  })
  .meta({ component: "GeoContent" });

/** https://www.rfc-editor.org/rfc/rfc5870 */
export function geoText({ latitude, longitude, altitude }: z.output<typeof geoSchema>): string {
  // At a pole every longitude is the same place, and the two ends of longitude are one.
  const east = Math.abs(latitude) === 90 ? 0 : longitude === -180 ? 180 : longitude;
  const parts = [latitude, east, ...(altitude === undefined ? [] : [altitude])];
  return `geo:${parts.map(decimal).join(",")}`;
}

/** Without an exponent, which the format does not know. Seven decimals of a degree are a centimetre. */
function decimal(value: number): string {
  const fixed = value.toFixed(7).replace(/\.?0+$/, "");
  return fixed === "-0" ? "0" : fixed;
}
