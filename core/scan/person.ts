import { isbot } from "isbot";

/*
 * Words that a person's user agent holds although lists of bots know them: models of phones (`XBot`, `Discovery`),
 * their makers, browsers (`SogouMobileBrowser`), and what an app says about itself (`Process/tools`). They are taken
 * out, and what is left is looked at again. docs/user-agents.md has the corpora that this is held against.
 */

/** A request that says what it is: no model of a phone reads so. */
const NAMES_A_BOT =
  /\bcompatible; (?!MSIE|OffByOne)|(?<!Browser from: )https?:\/\/|-(?:agent|google)\b|(?:bot|crawler|spider)\/v?\d/i;

/** The comment that names system and model; the model may hold brackets of its own. */
const MODEL = /\([^()]*?(?:Android|Windows Phone|\bbada|webOS|GoogleTV)(?:[^()]|\([^()]*\))*\)/i;

/** What Chrome on Android says since it no longer names the model. https://www.chromium.org/updates/ua-reduction/ */
const REDUCED = "Mozilla/5.0 (Linux; Android 10; K)";

const WORDS = new RegExp(
  [
    // Apps that open a link: WeChat, Alipay, Instagram, code scanners, news; and packages' names.
    "\\bProcess/tools(?:mp)?\\b",
    "\\bws:[\\d.|]+",
    "\\bInstagram [\\d.]+ .*",
    "\\b(?:air\\.)?com\\.\\w[\\w.]*",
    "(?:Barcode|QR)[\\w&]{0,12}Scan\\w*|\\bGrab(?:App|/\\d)|\\w+\\.snssdk\\.com",
    "\\bGmmClient:\\w+",
    "\\bGoogle(?:\\.DriveExtension| ?TV\\b| (?=Earth|Nexus))",
    ";GoogleHypersonic",
    "QQDownload",
    "\\bAndroidDownloadManager",
    "\\b(?:Apple|BBC|QQ|Reuters|Smart|Sohu|Tencent)News\\w*|\\bNewsArticle",
    // Browsers, and what they run in.
    "\\bSogou(?:MSE|MobileBrowser/|Search (?:Android|iOS))[\\w.]*",
    "\\bom_sd_sogou\\w*",
    "\\.Catcher[\\d.]+",
    "\\bFirePHP/",
    "\\bchromeframe/",
    "\\bBrowseX\\b",
    "\\bOffByOne\\b",
    "Embedded Web Browser from: http://bsalsa\\.com/",
    "\\bjava_|\\bJava/Jbed",
    "\\b(?:REX|BDP7G)/1\\.0;",
    "AlphaServer|\\bProxyless|_U_AGENT",
    "^\\d[\\d.]+ ",
  ].join("|"),
  "gi",
);

/** The whole forms of browsers that do not begin with `Mozilla/`: UC on iOS, feature phones, televisions. */
const FORMS =
  /^dv\(iP|\bpr\(UCBrowser|^iP(?:hone|od|ad)\w*$|\bWAP[ _-]?Browser|\bMIDP-\d|\bFBAN\/|\bHbbTV|\bCE-HTML|\bSMART-TV\b|^smarttv_|^opera\/9\.80, |\bDevice\/|\bhw\/iP|\bios iphone|^mojeek-app$|^CitrixReceiver |^nook browser|_browser\//i;

/** Whether a user agent that matches the list of bots is a person's after all. */
export function isPerson(userAgent: string): boolean {
  if (NAMES_A_BOT.test(userAgent)) return false;
  return FORMS.test(userAgent) || !isbot(userAgent.replace(MODEL, REDUCED).replace(WORDS, ""));
}
