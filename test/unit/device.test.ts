import { describe, expect, it } from "vitest";
import { deviceOf } from "../../core/scan/device.ts";
import { CRAWLER, PHONE } from "../support/user-agents.ts";

const WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const IPAD = "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const android = (model: string) =>
  `Mozilla/5.0 (Linux; Android 14; ${model}) AppleWebKit/537.36 (KHTML, like Gecko)`;

describe("a real user agent tells device, system and browser", () => {
  it.each([
    ["Safari on an iPhone", PHONE, "mobile iOS Safari"],
    ["Chrome on an iPhone", `${IPHONE} CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1`, "mobile iOS Chrome"],
    ["Chrome on Android", `${android("K")} Chrome/131.0.0.0 Mobile Safari/537.36`, "mobile Android Chrome"],
    [
      "Samsung's browser",
      `${android("SAMSUNG SM-S911B")} SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36`,
      "mobile Android Samsung Internet",
    ],
    [
      "Firefox on Android",
      "Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0",
      "mobile Android Firefox",
    ],
    [
      "Opera on Android",
      `${android("SM-G991B")} Chrome/130.0.0.0 Mobile Safari/537.36 OPR/86.0.0.0`,
      "mobile Android Opera",
    ],
    [
      "Xiaomi's browser",
      `${android("2201117TG")} Version/4.0 Chrome/112.0.5615.136 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.20.0`,
      "mobile Android Miui",
    ],
    [
      "WhatsApp's own browser",
      `${android("SM-A536B; wv")} Version/4.0 Chrome/119.0.6045.163 Mobile Safari/537.36 WhatsApp/2.23.24.76`,
      "mobile Android Chrome",
    ],
    ["Instagram's own browser", `${IPHONE} Mobile/21G93 Instagram 350.0.0.0.35`, "mobile iOS Safari"],
    ["Safari on an iPad", `${IPAD} Version/16.6 Mobile/15E148 Safari/604.1`, "tablet iOS Safari"],
    [
      "Chrome on an Android tablet",
      `${android("SM-X700")} Chrome/131.0.0.0 Safari/537.36`,
      "tablet Android Chrome",
    ],
    ["Chrome on Windows", `${WINDOWS} Chrome/131.0.0.0 Safari/537.36`, "desktop Windows Chrome"],
    [
      "Edge on Windows",
      `${WINDOWS} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.86`,
      "desktop Windows Microsoft Edge",
    ],
    ["Safari on a Mac", `${MAC} Version/18.1 Safari/605.1.15`, "desktop macOS Safari"],
    [
      "Firefox on Linux",
      "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
      "desktop Linux Firefox",
    ],
    [
      "a smart TV",
      "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.79 Safari/537.36 WebAppManager",
      "tv WebOS WebOS Browser",
    ],
    [
      "Bing's app",
      `${android("2201117TG; wv")} Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36 BingSapphire/28.1`,
      "mobile Android Bing",
    ],
    [
      "Bing's app on an iPhone",
      `${IPHONE} Version/17.0 Mobile/15E148 Safari/605.1.15 BingSapphire/1.0`,
      "mobile iOS Bing",
    ],
    ["the Google app", `${IPHONE} GSA/305.0.609 Mobile/15E148 Safari/604.1`, "mobile iOS Google Search"],
    [
      "Huawei's browser",
      `${android("VOG-L29; HMSCore 6.12.0.302")} Chrome/99.0.4844.88 HuaweiBrowser/14.0.2.311 Mobile Safari/537.36`,
      "mobile Android Huawei Browser",
    ],
    [
      "Huawei's browser on HarmonyOS",
      `${android("HarmonyOS; NOH-AN00; HMSCore 6.12.0.302")} Chrome/99.0.4844.88 HuaweiBrowser/14.0.2.311 Mobile Safari/537.36`,
      "mobile HarmonyOS Huawei Browser",
    ],
    [
      "Huawei's browser on its own system",
      "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile HuaweiBrowser/5.0.4.300",
      "mobile HarmonyOS Huawei Browser",
    ],
    [
      "Samsung's browser on Windows",
      `${WINDOWS} SamsungBrowser/27.0 Chrome/125.0.0.0 Safari/537.36`,
      "desktop Windows Samsung Internet",
    ],
    [
      "a headset's browser",
      "Mozilla/5.0 (X11; Linux x86_64; Quest 3) AppleWebKit/537.36 (KHTML, like Gecko) OculusBrowser/33.0 SamsungBrowser/4.0 Chrome/126.0 VR Safari/537.36",
      "desktop Linux Meta Quest Browser",
    ],
    [
      "a phone's own user agent",
      "Dalvik/2.1.0 (Linux; U; Android 10; RMX2032 Build/QKQ1.200209.002)",
      "mobile Android Android Browser",
    ],
    [
      "a tablet's own user agent",
      "Dalvik/2.1.0 (Linux; U; Android 13; SM-X200 Build/TP1A.220624.014)",
      "tablet Android Android Browser",
    ],
    [
      "a tablet that says it is mobile",
      `${android("Lenovo TB-X304L")} Chrome/131.0.0.0 Mobile Safari/537.36`,
      "tablet Android Chrome",
    ],
    [
      "a phone of Huawei's",
      `${android("HUAWEI VNS-L31")} Chrome/131.0.0.0 Mobile Safari/537.36`,
      "mobile Android Chrome",
    ],
    [
      "a phone named Phantom",
      `${android("TECNO PHANTOM X2")} Chrome/131.0.0.0 Mobile Safari/537.36`,
      "mobile Android Chrome",
    ],
    [
      "a phone of Coolpad's",
      `${android("Coolpad 3632A")} Chrome/131.0.0.0 Mobile Safari/537.36`,
      "mobile Android Chrome",
    ],
    [
      "Yahoo Japan's app",
      `${android("F-52E; wv")} Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36 YJApp-ANDROID jp.co.yahoo.android.ybrowser/3.67.0`,
      "mobile Android Chrome",
    ],
    [
      "Yandex's app",
      `${android("ASUS_X008DA")} Chrome/90.0 YaApp_Android/21.54.1 YaSearchBrowser/21.54.1 BroPP/1.0 SA/3 Mobile Safari/537.36`,
      "mobile Android Yandex Browser",
    ],
    [
      "WeChat",
      `${android("2211133C; wv")} Version/4.0 Chrome/116.0.0.0 XWEB/1160065 Mobile Safari/537.36 MicroMessenger/8.0.47 WeChat/arm64 Weixin`,
      "mobile Android WeChat",
    ],
    [
      "Alipay",
      `${IPHONE} Mobile/15E148 AlipayDefined(nt:WIFI,ws:375|603|2.0) AliApp(AP/10.1.82) AlipayClient/10.1.82`,
      "mobile iOS Alipay",
    ],
    [
      "UC on an iPhone",
      "dv(iPh14,8);pr(UCBrowser/16.3.9.2293);ov(17_4);ss(428x926);bt(UC);pm(0);bv(0);nm(0);im(0);nt(2);",
      "mobile iOS UC Browser",
    ],
    [
      "DuckDuckGo",
      `${IPHONE} Version/17.4 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15`,
      "mobile iOS DuckDuckGo",
    ],
    [
      "a smart feature phone",
      "Mozilla/5.0 (Mobile; Fise_32433_3G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5.1.1",
      "mobile KaiOS Firefox",
    ],
    [
      "a television on Android",
      `${android("BRAVIA 4K GB Build/PTT1")} Chrome/131.0.0.0 Safari/537.36`,
      "tv Android Chrome",
    ],
    [
      "a Chromebook",
      "Mozilla/5.0 (X11; CrOS x86_64 14150.90.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.126 Safari/537.36",
      "desktop Chrome OS Chrome",
    ],
    ["a crawler", CRAWLER, "bot other Googlebot"],
    ["a command line", "curl/8.5.0", "other other other"],
    ["no user agent", "", "other other other"],
  ])("%s", (_name, userAgent, expected) => {
    const { device, os, browser } = deviceOf(userAgent);
    expect(`${device} ${os} ${browser}`).toBe(expected);
  });
});

describe("what a user agent can't do", () => {
  it.each([
    ["a name in place of a product", "Alice Smith/1.0 (her own phone) hello"],
    ["a text in place of a system", "Mozilla/5.0 (Linux; U; Alice 555-1234) Foo/1.0 (x"],
    ["several products", "AliceBrowser/1.0 secret text/2 end"],
    ["markup", "<script>alert(1)</script>/9 ".repeat(20).slice(0, 512)],
    ["512 control characters", "\u0001~".repeat(256)],
    ["512 characters of noise", "()/;[ ".repeat(86).slice(0, 512)],
    ["half a character", `${"x".repeat(510)}/\ud83d`],
    ["white space", "   "],
  ])("it does not get %s past the parser", (_name, userAgent) => {
    const { device, os, browser } = deviceOf(userAgent);
    expect(["mobile", "tablet", "desktop", "tv", "bot", "other"]).toContain(device);
    expect(["Android", "Linux", "other"]).toContain(os);
    expect(browser).toBe("other");
  });

  it("it is told the same again after thousands of others", () => {
    const before = deviceOf(PHONE);
    for (let n = 0; n < 6_000; n++) deviceOf(`curl/${n}`);
    expect(deviceOf(PHONE)).toEqual(before);
  });
});
