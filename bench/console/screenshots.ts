import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { openPage, startBrowser } from "../../test/support/browser.ts";
import { openConsolePage, signIn } from "../../test/support/console-page.ts";
import { withServers } from "../servers.ts";
import { DEMO_CODE, startDemo } from "./demo.ts";

const FOLDER = join(import.meta.dirname, "../../docs/console");

const PAGES = {
  codes: "codes",
  code: `code/${DEMO_CODE}`,
  design: `design/${DEMO_CODE}`,
  sheets: "sheets",
  new: "new",
  import: "import",
  overview: "overview",
  keys: "keys",
  trash: "trash",
  service: "service",
};

const LOOKS: Record<string, BrowserContextOptions> = {
  light: { viewport: { width: 1280, height: 860 } },
  dark: { viewport: { width: 1280, height: 860 }, colorScheme: "dark" },
  narrow: { viewport: { width: 320, height: 640 } },
};

/** For what is drawn after it was loaded, and for what is seen only while it happens. In milliseconds. */
const PAUSE_MS = 800;

/** Sharp enough for text, at a tenth of a PNG. */
const QUALITY = 82;

/** Draws every page in light, in dark and on a narrow screen, into `docs/console/`. */
await withServers(async (servers) => {
  mkdirSync(FOLDER, { recursive: true });
  const demo = await startDemo(servers);
  const browser = await startBrowser();
  for (const [look, options] of Object.entries(LOOKS)) {
    const { page, context } = await openPage(browser, { ...options, reducedMotion: "reduce" });
    await page.goto(`${demo.baseUrl}/`);
    await page
      .getByRole("button", { name: /^Continue as/ })
      .first()
      .waitFor();
    await draw(page, `sign-in-${look}`);
    await signIn(page, demo.baseUrl);
    for (const [name, hash] of Object.entries(PAGES)) {
      await openConsolePage(page, demo.baseUrl, hash);
      await page.waitForTimeout(PAUSE_MS);
      await draw(page, `${name}-${look}`);
    }
    await context.close();
  }
  await browser.close();
  await demo.close();
});

/** The whole page, as WebP. */
async function draw(page: Page, name: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { cssContentSize } = await session.send("Page.getLayoutMetrics");
  const clip = { x: 0, y: 0, width: cssContentSize.width, height: cssContentSize.height, scale: 1 };
  const options = { format: "webp", quality: QUALITY, captureBeyondViewport: true, clip } as const;
  const { data } = await session.send("Page.captureScreenshot", options);
  writeFileSync(join(FOLDER, `${name}.webp`), Buffer.from(data, "base64"));
  await session.detach();
}
