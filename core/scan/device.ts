import Bowser from "bowser";
import { deviceKind } from "./device-kind.ts";
import { browserName, systemName } from "./product-names.ts";

export interface Device {
  /** `mobile`, `tablet`, `desktop`, `tv`, `bot`, or `other`. */
  device: string;
  os: string;
  browser: string;
}

const UNKNOWN = "other";

/** The parser's own list, and what it names besides. For any other browser it quotes the user agent. */
const BROWSERS = new Set([...Object.values(Bowser.BROWSER_MAP), "Miui", "Opera Touch", "PlayStation 4"]);

/** User agents repeat: a few thousand make up nearly all scans. */
const REMEMBERED = 5_000;
const remembered = new Map<string, Device>();

/** Device, operating system and browser, without their versions: enough to tell, too little to recognise anyone by. */
export function deviceOf(userAgent: string): Device {
  const known = remembered.get(userAgent);
  if (known) return known;
  const device = parse(userAgent);
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(userAgent, device);
  return device;
}

/**
 * The comment of an Android device up to its version, and the rest with the model. Models hold any word (`Phantom`,
 * `HUAWEI`, `Discovery`), and the parser reads them as browsers, tablets and bots.
 */
const MODEL =
  /(\((?![^()]*(?:Windows Phone|; (?:Mobile|Tablet);))[^()]*?(?:Android|Adr) ?[\d.]*)(?:[^()]|\([^()]*\))*\)/i;

/** Names of apps' packages, such as `jp.co.yahoo.android.ybrowser`, likewise. */
const PACKAGE = /\b(?:com|jp\.co|org|net)\.[\w.]+/g;

function parse(userAgent: string): Device {
  if (userAgent === "") return { device: UNKNOWN, os: UNKNOWN, browser: UNKNOWN };
  const { platform, os, browser } = Bowser.parse(
    userAgent.replace(MODEL, "$1; K)").replace(PACKAGE, "") || UNKNOWN,
  );
  const parsed = browser.name && BROWSERS.has(browser.name) ? browser.name : UNKNOWN;
  return {
    device: deviceKind(userAgent, platform.type || undefined) ?? UNKNOWN,
    os: systemName(userAgent) ?? (os.name || UNKNOWN),
    browser: platform.type === "bot" ? parsed : (browserName(userAgent) ?? parsed),
  };
}
