/** Televisions and the boxes beside them: their browsers call themselves Android or Linux, and some of them mobile. */
const TV =
  /smart-?tv|HbbTV|CE-HTML|NETTV\/|NETRANGE|SmartHub|\bAFT[A-Z]|BRAVIA|VIDAA|Web0S|NetCast|Apple ?TV|Roku|CrKey\/|\bOMI\/|wv-atv|(?:Android|Google|Opera|Mi) ?TV|MIBOX|Chromecast|\bTV\b|\bTV_?BOX|\b(?:Smart |TV )?BOX\b|\bSTB\b|LED\d{2}/i;

/** How tablets are named, since many say `Mobile` as phones do. `/apad` is what Yandex's app says on one. */
const TABLET =
  /\/apad\b|tab(?:let)?(?![a-z])|(?<!cool)pad(?![a-z])|\bSM-[TXP]\d{3}|\bGT-[PN][1-9]\d{3}|\bSGP\d{3}|\b(?:TB|YT)\d?-\w|\bKF[A-Z]{2,4}\b|\bNexus (?:7|9|10)\b|\bXoom\b|\bKindle\b|\bMID(?![a-z])|-[WA]L?[01]9\b/i;

/** Phones from before Android, and UC on an iPhone, in the words of their browsers. */
const OLD_PHONE =
  /\bMIDP|\bUP\.Browser|\bWAP[ _-]?Browser|\bMAUI\b|\bTeleca|\bObigo|NetFront|DoCoMo|Windows Phone|\bPre\/|KAIOS\/|^dv\(iPh|\bpr\(UCBrowser/i;

const DESK = /\bCrOS\b|\bChromebook\b|\b(?:Free|Open|Net|Dragonfly)\s?BSD\b|\bDarwin\/.*\b(?:x86_64|i386)\b/i;

/**
 * The kind of a device, `undefined` if the user agent does not reveal it.
 *
 * @param parsed what the parser finds in the user agent without its model, which holds words of everything
 */
export function deviceKind(userAgent: string, parsed: string | undefined): string | undefined {
  if (parsed === "bot") return parsed;
  if (TV.test(userAgent)) return "tv";
  if (DESK.test(userAgent)) return "desktop";
  if (/\bAndroid\b/.test(userAgent)) {
    if (TABLET.test(userAgent)) return "tablet";
    // Android's own user agent never says `Mobile`, on a phone neither.
    if (userAgent.includes("Dalvik/")) return "mobile";
  }
  return parsed ?? (OLD_PHONE.test(userAgent) ? "mobile" : undefined);
}
