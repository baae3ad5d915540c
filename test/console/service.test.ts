import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPage, startBrowser } from "../support/browser.ts";
import { openConsolePage, signIn } from "../support/console-page.ts";
import { type ConsoleStack, startConsoleStack } from "../support/console-stack.ts";
import { lacks } from "../support/requirements.ts";

describe.skipIf(await lacks("chromium"))("the console's Service page", { timeout: 60_000 }, () => {
  let browser: Browser;
  let stack: ConsoleStack;
  beforeAll(async () => {
    [browser, stack] = await Promise.all([startBrowser(), startConsoleStack()]);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  it("shows hit rates against their targets, times of hit and miss, and what waits", async () => {
    const make = (qrId: string) =>
      stack.call("/generate", { method: "POST", json: { targetUrl: "https://example.com/", qrId } });
    await make("watched");
    for (let reads = 0; reads < 4; reads++) await stack.call("/qr/watched");
    const { page, context, complaints } = await openPage(browser);
    await signIn(page, stack.baseUrl);
    // The list is read again, as an open dashboard does it: from the cache, as the page shows.
    const isEmpty = page.getByRole("heading", { name: "Make your first code" });
    await isEmpty.waitFor();
    await page.reload();
    await isEmpty.waitFor();
    await openConsolePage(page, stack.baseUrl, "service");
    const list = await page.getByRole("row", { name: /^List/ }).getByRole("cell").allTextContents();
    expect(list.slice(1, 4)).toEqual(["80 %", "1", "1"]);
    const row = page.getByRole("row", { name: /^Code/ });
    await row.waitFor();
    const cells = await row.getByRole("cell").allTextContents();
    // Four reads say nothing about the cache.
    expect(cells.slice(0, 4)).toEqual(["75 %", "90 %", "3", "1"]);
    for (const times of cells.slice(4)) expect(times).toMatch(/^[\d.]+ \/ [\d.]+ ms$/);
    await page.getByText("Events that wait").waitFor();
    expect(await page.getByText("Invalidations", { exact: true }).locator("+ dd").textContent()).toBe("1");

    const others = Array.from({ length: 40 }, (_, index) => `other-${index}`);
    await Promise.all(others.map(make));
    const hits = Array.from({ length: 160 }, () => "watched");
    for (const qrId of [...others, ...hits]) await stack.call(`/qr/${qrId}`);
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await row.getByText("79.9 % (below)").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  /** The page as a deployment whose `config.json` says this shows it. */
  async function openDeployed(dashboardUrl: string | undefined) {
    const watched = await openPage(browser);
    const { page } = watched;
    await page.route("**/config.json", async (route) => {
      const response = await route.fetch();
      const { serviceFigures: _, ...config } = await response.json();
      await route.fulfill({ response, json: { ...config, ...(dashboardUrl ? { dashboardUrl } : {}) } });
    });
    await signIn(page, stack.baseUrl);
    await openConsolePage(page, stack.baseUrl, "service");
    await page.getByText("Everything works").waitFor();
    return watched;
  }

  it("leads to the deployment's dashboard, which has the figures there", async () => {
    const url =
      "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/x";
    const { page, context, complaints } = await openDeployed(url);
    const link = page.getByRole("link", { name: "Dashboard in CloudWatch" });
    expect(await link.getAttribute("href")).toBe(url);
    await page.getByText("are in CloudWatch").waitFor();
    expect(await page.getByRole("table").count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("shows no link to a dashboard where there is none", async () => {
    const { page, context, complaints } = await openDeployed(undefined);
    expect(await page.getByText("CloudWatch").count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("names the state of each server in the reader's language", async () => {
    const { page, context } = await openPage(browser, { locale: "de-DE" });
    await page.goto(`${stack.baseUrl}/`);
    await page
      .getByRole("button", { name: /^Weiter als/ })
      .first()
      .click();
    await page.locator("main h1").waitFor();
    await openConsolePage(page, stack.baseUrl, "service");
    const states = page.locator("[aria-labelledby=health] dd");
    await states.first().waitFor();
    expect(await states.allTextContents()).toEqual(["in Ordnung", "in Ordnung", "geschlossen"]);
    await context.close();
  });
});
