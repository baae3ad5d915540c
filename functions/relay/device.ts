import Bowser from "bowser";

export interface Device {
  /** `mobile`, `tablet`, `desktop`, `tv`, or `other`. */
  device: string;
  os: string;
  browser: string;
}

const UNKNOWN = "other";

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
  return { device: platform.type || UNKNOWN, os: os.name || UNKNOWN, browser: browser.name || UNKNOWN };
}
