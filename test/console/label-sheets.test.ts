import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KNOWN_LAYOUTS, labelsOf } from "../../console/pages/sheets/layouts.ts";
import { labelCorner, labelSize, SHEETS } from "../../core/sheet/layouts.ts";
import { openPage, startBrowser, type WatchedPage } from "../support/browser.ts";
import { signIn } from "../support/console-page.ts";
import { type ConsoleStack, startConsoleStack } from "../support/console-stack.ts";
import { lacks } from "../support/requirements.ts";

const TENANT = "tenant_acme";
const NAMES = ["Table 1", "Table 2", "Table 3", "Bar"];

/** What a state may take to come about on a machine that is busy. */
const PATIENT = { timeout: 15_000 };

describe("the sheets that the console knows", () => {
  it("have the measures of the service's", () => {
    expect(KNOWN_LAYOUTS).toEqual(SHEETS);
    for (const layout of Object.values(KNOWN_LAYOUTS)) {
      const places = labelsOf(layout);
      expect(places).toHaveLength(layout.rows * layout.columns);
      for (const [index, place] of places.entries())
        expect(place).toEqual({ ...labelCorner(layout, index), ...labelSize(layout) });
    }
  });
});

describe.skipIf(await lacks("chromium"))("label sheets in the console", { timeout: 60_000 }, () => {
  let browser: Browser;
  let stack: ConsoleStack;
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    [browser, stack] = await Promise.all([startBrowser(), startConsoleStack()]);
    for (const name of NAMES) {
      const json = { targetUrl: "https://example.com/", name, tags: name === "Bar" ? [] : ["tables"] };
      await stack.call("/generate", { tenant: TENANT, method: "POST", json });
    }
    watched = await openPage(browser);
    page = watched.page;
    await signIn(page, stack.baseUrl);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  const sheetLink = () =>
    page.getByRole("region", { name: "Chosen codes" }).getByRole("link", { name: "Label sheets" });
  const download = async () => {
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download PDF" }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("labels.pdf");
    return (await readFile(await file.path())).toString("latin1");
  };
  const summary = (text: string) => page.getByText(text, { exact: true }).waitFor();

  it("are made of codes that are chosen by keyboard or pointer, shown before they are a PDF", async () => {
    for (const name of ["Table 1", "Table 2"]) await page.getByLabel(`Choose ${name}`).check();
    await page.getByLabel("Choose Bar").focus();
    await page.keyboard.press("Space");
    await page.getByText("3 chosen").waitFor();
    await sheetLink().click();
    await page.getByRole("heading", { name: "Label sheets" }).waitFor();
    await summary("Codes: 3 · Labels: 3 · Pages: 1");
    await expect.poll(() => page.locator(".sheet-page image").count(), PATIENT).toBe(3);
    expect(await page.locator(".sheet-caption").allTextContents()).toEqual(["Table 1", "Table 2", "Bar"]);
    expect(await page.locator(".sheet-label").count()).toBe(24);
    const pdf = await download();
    expect(pdf).toMatch(/^%PDF-/);
    expect(pdf).toMatch(/\/MediaBox ?\[ ?0 0 595\.2\d* 841\.8\d* ?\]/);
  });

  it("show copies, empty places and a sheet of one's own, and say what is wrong where it was typed", async () => {
    await page.getByLabel("Labels of each code").fill("9");
    await page.getByLabel("Labels to leave empty").fill("2");
    await summary("Codes: 3 · Labels: 27 · Pages: 2");
    await expect.poll(() => page.locator(".sheet-page image").count(), PATIENT).toBe(22);
    await page.getByLabel("Custom", { exact: true }).check();
    await page.getByLabel("Page, width").fill("2000");
    await page.getByRole("button", { name: "Download PDF" }).click();
    await page.getByText("must be a length from 10 to 1000 mm").waitFor();
    expect(await page.getByLabel("Page, width").getAttribute("aria-invalid")).toBe("true");
    await page.getByLabel("Page, width").fill("100");
    await page.getByLabel("Page, height").fill("200");
    await page.getByLabel("Marks where to cut").check();
    await expect.poll(() => page.locator(".sheet-label").count(), PATIENT).toBe(8);
    expect(await download()).toMatch(/\/MediaBox ?\[ ?0 0 283\.4\d* 566\.9\d* ?\]/);
  });

  it("are made of what a filter finds", async () => {
    await page.getByRole("link", { name: "Codes", exact: true }).first().click();
    await page.getByRole("button", { name: "Choose none" }).click();
    await page.getByRole("link", { name: "tables" }).first().click();
    await expect.poll(() => page.locator(".row").count(), PATIENT).toBe(3);
    await page.getByRole("link", { name: "Label sheets" }).click();
    await page.getByText(/^Codes: 3 · /).waitFor();
    expect(await download()).toMatch(/^%PDF-/);
  });

  it("breaks no rule of the page's security policy, and leaves no error of a script, in all of this", () => {
    expect(watched.complaints).toEqual([]);
  });
});
