/** Sites whose hosts are all one to the reader of figures: mobile versions, and hosts that only pass a click on. */
const SITES = [
  "facebook.com",
  "instagram.com",
  "linkedin.com",
  "messenger.com",
  "pinterest.com",
  "reddit.com",
  "threads.com",
  "tiktok.com",
  "vk.com",
  "weibo.com",
  "x.com",
  "youtube.com",
];

/** Second names of a site: its short links, its former name, and its Android app, which names itself as a referrer. */
const ALIASES: Readonly<Record<string, string>> = {
  "fb.com": "facebook.com",
  "fb.me": "facebook.com",
  "lnkd.in": "linkedin.com",
  "pin.it": "pinterest.com",
  "t.co": "x.com",
  "threads.net": "threads.com",
  "twitter.com": "x.com",
  "vk.ru": "vk.com",
  "weibo.cn": "weibo.com",
  "youtu.be": "youtube.com",
  "t.me": "telegram.org",
  "web.telegram.org": "telegram.org",
  "com.facebook.katana": "facebook.com",
  "com.facebook.lite": "facebook.com",
  "com.facebook.orca": "messenger.com",
  "com.google.android.gm": "mail.google.com",
  "com.google.android.googlequicksearchbox": "google.com",
  "com.google.android.youtube": "youtube.com",
  "com.instagram.android": "instagram.com",
  "com.linkedin.android": "linkedin.com",
  "com.pinterest": "pinterest.com",
  "com.reddit.frontpage": "reddit.com",
  "com.slack": "slack.com",
  "com.twitter.android": "x.com",
  "com.whatsapp": "whatsapp.com",
  "org.telegram.messenger": "telegram.org",
  "org.telegram.messenger.web": "telegram.org",
};

/** A host's label for the web, for phones or for fast pages, before a name that still has two labels. */
const VERSION = /^(?:www\d{0,2}|m|mobile|touch|amp)\.(?=[^.]+\.)/;

/** `co.uk` and its like, which is no name of its own: `m.co.uk` is one. */
const REGISTRY = /^(?:ac|co|com|edu|gov|net|org)\.[a-z]{2}$/;

/** Google has a name in each country, all for one search. */
const GOOGLE = /^google\.(?:com?\.)?[a-z]{2}$/;

/**
 * The site of a referrer's host, under one name for all of its hosts. An app that is not known keeps the name of its
 * package, and a host that is none of the above its own.
 *
 * @returns `null` if nothing is left of it
 */
export function siteOf(host: string): string | null {
  let name = host.toLowerCase().replace(/\.+$/, "");
  for (let rest = name.replace(VERSION, ""); rest !== name; rest = name.replace(VERSION, "")) {
    if (REGISTRY.test(rest)) break;
    name = rest;
  }
  name = Object.hasOwn(ALIASES, name) ? (ALIASES[name] as string) : name;
  if (GOOGLE.test(name)) return "google.com";
  return SITES.find((site) => name.endsWith(`.${site}`)) ?? (name || null);
}
