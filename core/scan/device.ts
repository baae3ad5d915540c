import Bowser from "bowser";

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

function parse(userAgent: string): Device {
  if (userAgent === "") return { device: UNKNOWN, os: UNKNOWN, browser: UNKNOWN };
  const { platform, os, browser } = Bowser.parse(userAgent);
  return {
    device: platform.type || UNKNOWN,
    os: os.name || UNKNOWN,
    browser: browser.name && BROWSERS.has(browser.name) ? browser.name : UNKNOWN,
  };
}
