import * as z from "zod";
import { lineOfText } from "./plain-text.ts";

export const WIFI_SECURITY = ["wpa", "wep", "none"] as const;

/** As the format calls them. `WPA` stands for WPA2 and WPA3 with a password, too. */
const TYPES = { wpa: "WPA", wep: "WEP", none: "nopass" } as const;

const MAX_SSID_BYTES = 32;

/** IEEE 802.11: a pass phrase of 8 to 63 characters of ASCII, or the key itself in hexadecimal. */
const WPA_PASSWORD = /^(?:[ -~]{8,63}|[0-9A-Fa-f]{64})$/;
const WEP_KEY = /^(?:[ -~]{5}|[ -~]{13}|[0-9A-Fa-f]{10}|[0-9A-Fa-f]{26})$/;

export const wifiSchema = z
  .strictObject({
    ssid: lineOfText(MAX_SSID_BYTES, `name of the network, at most ${MAX_SSID_BYTES} bytes as UTF-8`).refine(
      (value) => Buffer.byteLength(value) <= MAX_SSID_BYTES,
      `must have at most ${MAX_SSID_BYTES} bytes as UTF-8`,
    ),
    password: z.string("must be a string").optional(),
    security: z
      .enum(WIFI_SECURITY, `must be one of ${WIFI_SECURITY.join(", ")}`)
      .meta({ description: "without it `wpa` if there is a password, else `none`" })
      .optional(),
    hidden: z
      .boolean("must be true or false")
      .meta({ description: "whether the network does not tell its name" })
      .optional(),
  })
  .superRefine((wifi, context) => {
    const message = passwordProblem(wifi);
    if (message !== undefined) context.addIssue({ code: "custom", path: ["password"], message });
  })
  .meta({ component: "WifiContent" });

type Wifi = z.output<typeof wifiSchema>;

function securityOf({ security, password }: Pick<Wifi, "security" | "password">): keyof typeof TYPES {
  return security ?? (password === undefined ? "none" : "wpa");
}

function passwordProblem(wifi: Pick<Wifi, "security" | "password">): string | undefined {
  const { password } = wifi;
  const security = securityOf(wifi);
  if (security === "none")
    return password === undefined ? undefined : "must not be given for a network without one";
  if (security === "wpa" && !WPA_PASSWORD.test(password ?? ""))
    return "must have 8 to 63 characters of ASCII, or 64 hexadecimal digits";
  if (security === "wep" && !WEP_KEY.test(password ?? ""))
    return "must have 5 or 13 characters of ASCII, or 10 or 26 hexadecimal digits";
  return undefined;
}

/**
 * As ZXing's wiki describes it, and Android and iOS read it:
 * https://github.com/zxing/zxing/wiki/Barcode-Contents#wi-fi-network-config-android-ios-11
 *
 * A name that could be hexadecimal is not put between quotes as the wiki has it: today's readers take them for a part of it.
 */
export function wifiText(wifi: Wifi): string {
  const { ssid, password, hidden } = wifi;
  const fields = [
    `T:${TYPES[securityOf(wifi)]}`,
    `S:${escaped(ssid)}`,
    ...(password === undefined ? [] : [`P:${escaped(password)}`]),
    ...(hidden ? ["H:true"] : []),
  ];
  return `WIFI:${fields.map((field) => `${field};`).join("")};`;
}

function escaped(text: string): string {
  return text.replace(/[\\;,":]/g, "\\$&");
}
