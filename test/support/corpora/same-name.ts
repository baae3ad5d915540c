/** Words of the corpus for the kinds that figures tell apart. */
const KINDS: Record<string, string> = {
  smartphone: "mobile",
  phablet: "mobile",
  "feature phone": "mobile",
  tablet: "tablet",
  desktop: "desktop",
  tv: "tv",
};

/** The kind that figures give a device of the corpus; `undefined` for one that they have no word for. */
export function kindOf(device: string): string | undefined {
  return KINDS[device];
}

type Synonyms = readonly (readonly [pattern: RegExp, name: string])[];

/** Several names of one system. What is not here is compared by its own name. */
const SYSTEMS: Synonyms = [
  [/^(?:gnu\/)?linux|ubuntu|debian|fedora|mint|suse|centos|gentoo|slackware/, "linux"],
  [/^mac|os x/, "macos"],
  [/^i(?:pad)?os$/, "ios"],
  [/^chrom.* ?os/, "chromeos"],
  [/windows (?:phone|mobile|ce)/, "windows phone"],
  [/^windows/, "windows"],
  [/harmony/, "harmonyos"],
  [/symbian|series ?[346]0|s60/, "symbian"],
  [/blackberry|rim/, "blackberry"],
  [/web ?os/, "webos"],
  [/fire ?os|^android/, "android"],
];

/** What a browser's name says about its device, and not about itself. */
const VARIANTS = / ?\b(?:mobile|for android|webview|browser|internet|devices|touch|gx)\b/g;

const BROWSERS: Synonyms = [
  [/^mobile safari$/, "safari"],
  [/^(?:internet explorer|explorer|iemobile|ie)$/, "ie"],
  [/^microsoft edge$/, "edge"],
  [/^(?:miui|mi|xiaomi)$/, "miui"],
  [/^uc/, "uc"],
  [/^(?:amazon |mobile )?silk$/, "silk"],
  [/^yandex/, "yandex"],
  [/^google search/, "google search"],
  [/^(?:firefox focus|klar|mozilla)$/, "firefox"],
  [/^duckduckgo/, "duckduckgo"],
  [/^(?:oculus|meta quest)$/, "meta quest"],
  [/^(?:heytap|heytapbrowser|oppo)$/, "heytap"],
];

function canonical(synonyms: Synonyms, name: string): string {
  return synonyms.find(([pattern]) => pattern.test(name))?.[1] ?? name;
}

export function sameSystem(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => canonical(SYSTEMS, name.toLowerCase() || "other"));
  return a === b;
}

export function sameBrowser(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => {
    const bare = name.toLowerCase().replace(VARIANTS, " ").replace(/\s+/g, " ").trim();
    return canonical(BROWSERS, bare || "other");
  });
  return a === b;
}
