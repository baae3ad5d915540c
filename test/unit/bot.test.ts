import { describe, expect, it } from "vitest";
import { isBot } from "../../core/scan/bot.ts";
import { CRAWLER, PHONE } from "../support/user-agents.ts";

describe("a bot", () => {
  it("is told by its user agent, each time that it comes", () => {
    for (let time = 0; time < 3; time++) {
      expect([isBot(CRAWLER), isBot(PHONE), isBot("curl/8.5.0")]).toEqual([true, false, true]);
    }
  });

  it("is whoever sends no user agent", () => {
    expect(isBot("")).toBe(true);
  });

  it("is still told from a person after more user agents than are remembered", () => {
    for (let n = 0; n < 2_500; n++) {
      expect(isBot(`${PHONE} App/${n}`)).toBe(false);
      expect(isBot(`Googlebot/${n}`)).toBe(true);
    }
    expect([isBot(CRAWLER), isBot(PHONE)]).toEqual([true, false]);
  });
});

const ANDROID = (model: string) =>
  `Mozilla/5.0 (Linux; Android 12; ${model}) AppleWebKit/537.36 (KHTML, like Gecko)`;
const CHROME = "Chrome/131.0.0.0 Mobile Safari/537.36";
const WEB_VIEW = `${ANDROID("M2012K11AC Build/SKQ1.211006.001; wv")} Version/4.0 ${CHROME}`;
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";

describe("a person", () => {
  it.each([
    [
      "WeChat for Android, in its tools process",
      `${WEB_VIEW} MMWEBID/3189 MicroMessenger/7.0.13.1640(0x27000D39) Process/tools NetType/4G Language/zh_CN ABI/arm64 WeChat/arm64`,
    ],
    [
      "WeChat for Android, in a mini program",
      `${WEB_VIEW} MicroMessenger/8.0.2.1860(0x28000234) Process/toolsmp WeChat/arm64 Weixin GPVersion/1`,
    ],
    ["WeChat for iOS", `${IPHONE} MicroMessenger/8.0.47(0x18002f2c) NetType/4G Language/zh_CN`],
    [
      "Alipay for iOS",
      `${IPHONE} NebulaSDK/1.8 Nebula PSDType(1) AlipayDefined(nt:WIFI,ws:375|603|2.0) AliApp(AP/10.1.82.6000) AlipayClient/10.1.82.6000 Language/zh-Hans`,
    ],
    [
      "Alipay for Android",
      `${WEB_VIEW} Nebula AlipayDefined(nt:WIFI,ws:393|0|2.75,ac:sp) AliApp(AP/10.3.10.8310) AlipayClient/10.3.10.8310`,
    ],
    [
      "DingTalk",
      `${IPHONE} AliApp(DingTalk/7.0.40) com.laiwang.DingTalk/32763131 Channel/201200 language/zh-Hans-CN`,
    ],
    ["Douyin", `${WEB_VIEW} aweme.snssdk.com/270000 AppName/aweme app_version/27.0.0 NetType/WIFI JsSdk/2.0`],
    ["Toutiao", `${WEB_VIEW} NewsArticle/9.5.4 ToutiaoMicroApp/3.1 JsSdk/2.0`],
    ["QQ", `${WEB_VIEW} V1_AND_SQ_8.9.28_3490_YYB_D QQ/8.9.28.10155 NetType/WIFI WebP/0.3.0`],
    ["Sogou Mobile", `${WEB_VIEW} SogouMSE,SogouMobileBrowser/5.6.3`],
    ["Sogou's search app", `${WEB_VIEW} SogouSearch Android1.0 version3.0 AppVersion/7702`],
    [
      "UC on iOS",
      "dv(iPh14,8);pr(UCBrowser/16.3.9.2293);ov(17_4);ss(428x926);bt(UC);pm(0);bv(0);nm(0);im(0);nt(2);",
    ],
    ["a phone named XBot", `${ANDROID("XBot Junior")} ${CHROME}`],
    ["a phone named Discovery", `${ANDROID("iHunt S60 Discovery Pro 2022")} ${CHROME}`],
    ["a phone named Newsday", `${ANDROID("Newsday_N2+")} ${CHROME}`],
    ["a tablet named Spider", `${ANDROID("Spider 8")} Chrome/124.0.0.0 Safari/537.36`],
    ["a phone with brackets in its name", `${ANDROID("Discovery (2022)")} ${CHROME}`],
    ["a phone made for a bot's maker", `${ANDROID("S222 Build/CUBOT")} ${CHROME}`],
    ["a code scanner's own browser", `${WEB_VIEW} QR&BarcodeScanner/2.1`],
    [
      "Instagram on a small screen",
      `${WEB_VIEW} Instagram 54.0.0.14.82 Android (17/4.2.1; 160dpi; 1024x720; ULMART/ZIFRO; ru_RU)`,
    ],
    [
      "Facebook",
      "[FBAN/FB4A;FBAV/80.0.0.21.65;FBBV/31390006;FBLC/pt_BR;FBCR/VIVO;FBMF/LGE;FBPN/com.facebook.katana;FBSV/5.0.1]",
    ],
    [
      "a feature phone",
      "SonyEricssonJ108i/R1x Browser/NetFront/3.5 Profile/MIDP-2.0 Configuration/CLDC-1.1 JavaPlatform/JP-8.5",
    ],
    ["KakaoTalk", `${IPHONE} KAKAOTALK 10.6.5 (INAPP)`],
    ["NAVER's app", `${IPHONE} NAVER(inapp; search; 1170; 12.5.2; 14PRO)`],
    ["the Google app", `${IPHONE} GSA/305.0.609 Safari/604.1`],
    ["Bing's app", `${WEB_VIEW} BingSapphire/28.1.420915001`],
  ])("is not taken for a bot: %s", (_name, userAgent) => {
    expect(isBot(userAgent)).toBe(false);
  });
});

describe("a crawler is one whatever phone it claims to be", () => {
  it.each([
    `${ANDROID("Nexus 5X Build/MMB29P")} ${CHROME} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)`,
    `${ANDROID("moto g power (2022)")} ${CHROME} Chrome-Lighthouse`,
    `${ANDROID("Pixel 2 Build/OPD3.170816.012; Storebot-Google/1.0")} ${CHROME}`,
    `${ANDROID("XBot Junior")} ${CHROME} AdsBot-Google-Mobile`,
    `${ANDROID("K; SomeCrawler/1.0")} ${CHROME}`,
    `${IPHONE} (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)`,
    `${WEB_VIEW} Process/tools MicroMessenger/7.0 https://example.com/crawler`,
    "SAMSUNG-SGH-E250/1.0 Profile/MIDP-2.0 Configuration/CLDC-1.1 UP.Browser/6.2 (GUI) MMP/2.0 (compatible; Googlebot-Mobile/2.1; +http://www.google.com/bot.html)",
    "BlackBerry9000/4.6.0.167 Profile/MIDP-2.0 Configuration/CLDC-1.1 VendorID/102 ips-agent",
    "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
    "WhatsApp/2.23.20.0 A",
    "Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots",
    "okhttp/4.12.0",
  ])("%s", (userAgent) => {
    expect(isBot(userAgent)).toBe(true);
  });
});
