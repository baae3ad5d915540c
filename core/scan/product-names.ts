type Names = readonly (readonly [sign: RegExp, name: string])[];

/** Browsers that the parser takes for the one that they are built on, or calls by another product's name. */
const BROWSERS: Names = [
  [/BingSapphire\//, "Bing"],
  [/HuaweiBrowser\/|hmos\.browser/, "Huawei Browser"],
  [/AlipayClient\//, "Alipay"],
  [/\bYa(?:Browser|SearchBrowser|App_\w+)\/|\bYandexSearch\//, "Yandex Browser"],
  [/OculusBrowser\//, "Meta Quest Browser"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/\bQuark\//, "Quark"],
  [/\bPHX\//, "Phoenix Browser"],
  [/\bAlohaBrowser\//, "Aloha Browser"],
  [/\bDuckDuckGo\/|\bDdg\//, "DuckDuckGo"],
  [/\bEcosia\b/, "Ecosia"],
  [/\bHeyTapBrowser\/|\bOppoBrowser\//, "HeyTap Browser"],
  [/^dv\(iP|\bpr\(UCBrowser|\bUCWEB|\bJUC\b/, "UC Browser"],
  [/\bOPiOS\/|\bOPR\/|\bOPX\/|^Opera\//, "Opera"],
];

const SYSTEMS: Names = [
  [/\b(?:Open)?Harmony(?:OS)?\b/, "HarmonyOS"],
  [/\bKAIOS\//i, "KaiOS"],
  [/\bAdr \d|\bAndr0id \d/, "Android"],
  [/^dv\(iP|^iP(?:hone|ad|od)/, "iOS"],
  [/\bDarwin\/.*\b(?:x86_64|i386)\b/, "macOS"],
  [/\bSymbian|\bSeries ?60/i, "Symbian"],
];

function nameIn(names: Names, userAgent: string): string | undefined {
  return names.find(([sign]) => sign.test(userAgent))?.[1];
}

export function browserName(userAgent: string): string | undefined {
  return nameIn(BROWSERS, userAgent);
}

export function systemName(userAgent: string): string | undefined {
  return nameIn(SYSTEMS, userAgent);
}
