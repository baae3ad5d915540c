import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallPng } from "../support/bad-logos.ts";
import { openPage, startBrowser } from "../support/browser.ts";
import { openConsolePage, signIn } from "../support/console-page.ts";
import { type ConsoleStack, startConsoleStack } from "../support/console-stack.ts";
import { lacks } from "../support/requirements.ts";
import { PHONE } from "../support/user-agents.ts";
import { brokenWords, overlappingTexts } from "./layout.ts";

const TENANT = "tenant_acme";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** As long as a logo's name may be. */
const LOGO = "logo-".repeat(13).slice(0, 64);

/** Names and tags that break what takes for granted that text is short, Latin and runs to the right. */
const CODES = [
  { name: "معرض الخريف — القاعة الثانية", tags: ["متحف"], qrId: "rtl-code" },
  {
    name: `Endless${"ly-hyphenated-name".repeat(9)}`,
    tags: ["x".repeat(50)],
    qrId: "long-name",
    style: { logo: LOGO },
  },
  { name: "駅の時刻表", tags: Array.from({ length: 20 }, (_, index) => `駅${index}`), qrId: "many-tags" },
  { name: "Used up", qrId: "used-up", maxScans: 1 },
  { name: "Deleted", qrId: "deleted-code" },
];

const PAGES = [
  "codes",
  "codes?q=zzzzz",
  "new",
  "code/rtl-code",
  "code/long-name",
  "code/none-such",
  "design/rtl-code",
  "design/long-name",
  "sheets",
  "sheets?ids=rtl-code,many-tags,long-name",
  "import",
  "overview",
  "keys",
  "trash",
  "service",
];

const NARROW = { viewport: { width: 320, height: 640 } };

interface Axe {
  run(of: Document, options: { runOnly?: string[] }): Promise<{ violations: Violation[] }>;
}

interface Violation {
  id: string;
  nodes: { target: string[] }[];
}

describe.skipIf(await lacks("chromium"))("the console for everybody", { timeout: 60_000 }, () => {
  let browser: Browser;
  let stack: ConsoleStack;
  beforeAll(async () => {
    [browser, stack] = await Promise.all([startBrowser(), startConsoleStack()]);
    const drawn = new Uint8Array(smallPng());
    await stack.call(`/logos/${LOGO}`, { tenant: TENANT, method: "PUT", body: drawn });
    for (const fields of CODES) {
      const json = { targetUrl: `https://example.com/${"path/".repeat(30)}`, ...fields };
      const reply = await stack.call("/generate", { tenant: TENANT, method: "POST", json });
      expect(reply.status).toBe(201);
    }
    await stack.call("/qr/deleted-code", { tenant: TENANT, method: "DELETE" });
    for (const qrId of ["rtl-code", "used-up"])
      await fetch(`${stack.baseUrl}/scan/${qrId}`, { redirect: "manual", headers: { "user-agent": PHONE } });
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  async function openSignedIn(options: BrowserContextOptions = {}) {
    const watched = await openPage(browser, options);
    await signIn(watched.page, stack.baseUrl);
    return watched;
  }

  const open = (page: Page, hash: string) => openConsolePage(page, stack.baseUrl, hash);

  /** @param rules all of axe's, unless it names some; none if it is empty */
  async function violations(page: Page, rules?: string[]): Promise<string[]> {
    if (rules?.length === 0) return [];
    // Through the debugger, which the page's own policy does not bind; once a document, since it is half a megabyte.
    if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
    const found = await page.evaluate(async (runOnly) => {
      const { axe } = globalThis as unknown as { axe: Axe };
      return (await axe.run(document, runOnly ? { runOnly } : {})).violations;
    }, rules);
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  }

  /** What does not fit the window, at text of its usual size and of twice that, as somebody sets it for all pages. */
  async function misfits(page: Page): Promise<string[]> {
    const session = await page.context().newCDPSession(page);
    const found: string[] = [];
    for (const standard of [32, 16]) {
      await session.send("Page.setFontSizes", { fontSizes: { standard } });
      const [width, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      if (Number(width) > Number(room)) found.push(`${width} px wide at text of ${standard} px`);
      const seen = [...(await page.evaluate(overlappingTexts)), ...(await page.evaluate(brokenWords))];
      found.push(...seen.map((each) => `${each} at text of ${standard} px`));
    }
    await session.detach();
    return found;
  }

  it.each<[string, BrowserContextOptions, rules?: string[], language?: string]>([
    ["light", {}],
    // Nothing but the colours differs.
    ["dark", { colorScheme: "dark" }, ["color-contrast"]],
    ["320 px", NARROW],
    ["320 px in German, whose words are longer", NARROW, [], "de"],
  ])(
    "fits the window and has nothing that axe finds, on any page: %s",
    { timeout: 60_000 },
    async (_name, options, rules, language) => {
      const { page, context, complaints } = await openPage(browser, options);
      await page.goto(`${stack.baseUrl}/`);
      await page
        .getByRole("button", { name: /^Continue as/ })
        .first()
        .waitFor();
      const found = (await violations(page, rules)).map((each) => `sign-in: ${each}`);
      await signIn(page, stack.baseUrl);
      if (language) {
        await page.evaluate((chosen) => localStorage.setItem("language", chosen), language);
        await page.reload();
      }
      for (const hash of PAGES) {
        await open(page, hash);
        const problems = [...(await violations(page, rules)), ...(rules?.length ? [] : await misfits(page))];
        found.push(...problems.map((each) => `${hash}: ${each}`));
      }
      expect(found).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  it("is used by keyboard alone: signs in, makes a code, changes and deletes it", async () => {
    const { page, context } = await openPage(browser);
    const press = (key: string) => page.keyboard.press(key);
    /** Tabs until the element of this name has the focus, as somebody without a mouse does. */
    const tabTo = async (name: RegExp) => {
      for (let steps = 0; steps < 60; steps++) {
        await press("Tab");
        const focused = await page.evaluate(() => {
          const { activeElement: element } = document;
          const label = element?.id ? document.querySelector(`label[for="${element.id}"]`)?.textContent : "";
          return `${element?.getAttribute("aria-label") ?? ""} ${label} ${element?.textContent}`.trim();
        });
        if (name.test(focused)) return;
      }
      throw new Error(`nothing that is called ${name} can be reached by the tab key`);
    };
    await page.goto(`${stack.baseUrl}/`);
    await page
      .getByRole("button", { name: /^Continue as/ })
      .first()
      .waitFor();
    await tabTo(/^Continue as/);
    await press("Enter");
    await page.getByRole("link", { name: "New code" }).waitFor();
    await tabTo(/New code/);
    await press("Enter");
    await page.getByLabel("Where should it lead?").waitFor();
    await page.keyboard.type("example.com/by-keyboard");
    await press("Enter");
    await page.getByText("Your code is ready.").waitFor();
    await tabTo(/^Name/);
    await page.keyboard.type("By keyboard");
    await press("Enter");
    await page.getByText("Saved. The next scan follows it.").waitFor();
    await page.getByRole("heading", { name: "By keyboard" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "By keyboard" }).waitFor();
    await tabTo(/^Delete$/);
    await press("Enter");
    await page.getByText("“By keyboard” is in the trash.").waitFor();
    await tabTo(/^Undo$/);
    await press("Enter");
    await page.getByText("It is back.").waitFor();
    await context.close();
  });

  it("takes the last change back by the keys of every program, unless something is typed", async () => {
    const { page, context } = await openSignedIn();
    await open(page, "codes");
    const row = page.getByRole("link", { name: "Used up" });
    await row.waitFor();
    await page.getByRole("button", { name: "Delete: Used up" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("“Used up” is in the trash.").waitFor();
    await page.getByRole("searchbox").focus();
    await page.keyboard.press("Control+z");
    expect(await page.getByRole("button", { name: "Undo" }).count()).toBe(1);
    await page.getByRole("link", { name: "New code" }).focus();
    await page.keyboard.press("Control+z");
    await page.getByText("It is back.").waitFor();
    await row.waitFor();
    await context.close();
  });

  it("shows a name in its own direction", async () => {
    const { page, context } = await openSignedIn();
    await open(page, "code/rtl-code");
    const direction = await page.evaluate(
      () => getComputedStyle(document.querySelector("h1 bdi") as Element).direction,
    );
    expect(direction).toBe("rtl");
    await context.close();
  });
});
