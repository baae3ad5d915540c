import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallPng } from "../support/bad-logos.ts";
import { openPage, startBrowser, type WatchedPage } from "../support/browser.ts";
import { openConsolePage, signIn } from "../support/console-page.ts";
import { type ConsoleStack, startConsoleStack } from "../support/console-stack.ts";
import { lacks } from "../support/requirements.ts";
import { rasterize, scan } from "../support/scanner.ts";

const TENANT = "tenant_acme";
const CODE = "poster";

/** What a state may take to come about on a machine that is busy. */
const PATIENT = { timeout: 15_000 };

describe.skipIf(await lacks("chromium"))("designing a picture in the console", { timeout: 60_000 }, () => {
  let browser: Browser;
  let stack: ConsoleStack;
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    [browser, stack] = await Promise.all([startBrowser(), startConsoleStack()]);
    await api("/generate", {
      method: "POST",
      json: { targetUrl: "https://example.com/", qrId: CODE, name: "Poster" },
    });
    watched = await openPage(browser);
    page = watched.page;
    await signIn(page, stack.baseUrl);
    await page.getByRole("link", { name: "Poster" }).click();
    await page.getByRole("link", { name: "Design and print" }).click();
    await page.getByRole("heading", { name: "Design of Poster" }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  const api = (path: string, init = {}) => stack.call(path, { tenant: TENANT, ...init });
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const choose = (legend: string, name: string) =>
    page.getByRole("group", { name: legend, exact: true }).getByLabel(name, { exact: true }).check();
  const storedStyle = async () => ((await (await api(`/qr/${CODE}`)).json()) as { style: unknown }).style;
  const defaultStyle = async () => (await (await api("/style")).json()) as unknown;
  const picture = () => page.getByAltText("QR code of Poster");
  /** Waits until what was changed last is answered. */
  const settled = () => page.locator('.design-preview[aria-busy="false"]').waitFor();
  /** The size of the picture that is shown. */
  const shown = async () => {
    await settled();
    const url = await picture().getAttribute("src");
    return page.evaluate(async (address) => {
      const frame = new Image();
      frame.src = address ?? "";
      await frame.decode();
      return `${frame.naturalWidth} × ${frame.naturalHeight}`;
    }, url);
  };
  const download = async (format: string) => {
    const [file] = await Promise.all([page.waitForEvent("download"), button(`Download ${format}`).click()]);
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  };
  const chooseSize = async (percent: number) => {
    await page.getByLabel("Width of the logo").fill(String(percent));
  };

  it("draws anew what is changed, and stores nothing of it", async () => {
    const before = await shown();
    await page.getByLabel("Caption").fill("Scan me");
    await choose("Frame", "Banner");
    await expect.poll(shown, PATIENT).not.toBe(before);
    await choose("Modules", "Dots");
    await page.locator("input[type=color]").first().fill("#003366");
    await expect.poll(async () => page.getByLabel("Corners, inside").inputValue(), PATIENT).toBe("#003366");
    expect(await storedStyle()).toBeNull();
  });

  it("says at a colour that scanners can't read it, and keeps the last good picture", async () => {
    await settled();
    const good = await picture().getAttribute("src");
    const corners = page.getByLabel("Corners, outside");
    await corners.fill("#eeeeee");
    await page
      .getByText(/^must be darker than the ground/)
      .first()
      .waitFor();
    expect(await corners.getAttribute("aria-invalid")).toBe("true");
    expect(await picture().getAttribute("src")).toBe(good);
    expect(await button("Save for this code").isDisabled()).toBe(true);
    await corners.fill("#003366");
    await page.getByLabel("Corners, inside").fill("#003366");
    await page
      .getByText(/^must be darker than the ground/)
      .first()
      .waitFor({ state: "detached" });
  });

  it("takes a logo, refuses what is none, and says how large it may be", async () => {
    const file = page.locator("input[type=file]");
    await file.setInputFiles({
      name: "notes.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("no picture"),
    });
    await page.getByText("must be a PNG, a JPEG or an SVG").waitFor();
    await file.setInputFiles({ name: "Our logo.png", mimeType: "image/png", buffer: smallPng() });
    await expect.poll(() => page.getByLabel("In the middle").inputValue(), PATIENT).toBe("Our-logo");
    await page.getByText(/^At M at most [\d.]+ % of the code's width\. Other levels: L/).waitFor();
    await settled();
    const good = await picture().getAttribute("src");
    await chooseSize(50);
    await page.getByText(/^of 50 would make the code unreadable: at most/).waitFor();
    expect(await page.getByLabel("Width of the logo").getAttribute("aria-invalid")).toBe("true");
    expect(await picture().isVisible()).toBe(true);
    expect(await page.locator(".paper img").getAttribute("src")).toBe(good);
    await choose("Damage it survives", "H · 30 %");
    await chooseSize(14);
    await page.getByText(/^of 50 would make the code unreadable/).waitFor({ state: "detached" });
  });

  it("gives each format at the width that was typed, and each leads to the scan address", async () => {
    await page.getByLabel("Width of the picture in mm").fill("40");
    const svg = await download("SVG");
    expect(svg.name).toBe("Poster.svg");
    expect(svg.bytes.toString()).toMatch(/width="40mm"/);
    const { scanUrl } = (await (await api(`/qr/${CODE}`)).json()) as { scanUrl: string };
    expect(await scan(rasterize(svg.bytes.toString(), 512))).toBe(scanUrl);
    expect((await download("PNG")).bytes.subarray(1, 4).toString()).toBe("PNG");
    expect((await download("PDF")).bytes.subarray(0, 5).toString()).toBe("%PDF-");
    expect((await download("EPS")).bytes.subarray(0, 4).toString()).toBe("%!PS");
    await choose("Measured by", "Module");
    await page.getByLabel("Side of a module in mm").fill("0");
    await page.getByText(/^must be a length from/).waitFor();
    await page.getByLabel("Side of a module in mm").fill("0.2");
    await page.getByText(/is less than the .* mm that this distance needs/).waitFor();
    await choose("Measured by", "Pixels");
    expect(await page.getByRole("button", { name: "Download PDF" }).count()).toBe(0);
  });

  it("prints in the ink and as finely as was chosen, and says at a field what is wrong with it", async () => {
    await choose("Measured by", "Width");
    const ink = page.getByLabel("Ink of PDF and EPS");
    expect((await download("EPS")).bytes.toString("latin1")).toMatch(/ setrgbcolor/);
    await ink.selectOption("Black (K)");
    const black = (await download("EPS")).bytes.toString("latin1");
    expect(black).toMatch(/^0 0 0 1 setcmykcolor$/m);
    expect(black).not.toMatch(/setrgbcolor/);
    await ink.selectOption("Spot colour");
    const spot = page.getByLabel("Name of the spot colour");
    await spot.fill("(286)");
    await button("Download PDF").click();
    await page.getByText(/^must be 1 to 64 letters/).waitFor();
    expect(await spot.getAttribute("aria-invalid")).toBe("true");
    await spot.fill("PANTONE 286 C");
    await page.getByText(/^must be 1 to 64 letters/).waitFor({ state: "detached" });
    const file = (await download("PDF")).bytes.toString("latin1");
    expect(file).toContain("/Separation /PANTONE#20286#20C");
    const dpi = page.getByLabel("Dots an inch of the PNG");
    await dpi.fill("20");
    await page.getByText("A whole number from 72 to 2,400.").waitFor();
    await dpi.fill("600");
    const { bytes } = await download("PNG");
    // Dots a metre, as the file states them.
    const stated = bytes.readUInt32BE(bytes.indexOf("pHYs") + 4);
    expect(stated).toBeGreaterThanOrEqual(Math.floor(600 / 0.0254));
    await choose("Measured by", "Pixels");
    expect(await ink.count()).toBe(0);
  });

  it("is kept over a reload, saved for the code, and taken back", async () => {
    await page.reload();
    await page.getByRole("heading", { name: "Design of Poster" }).waitFor();
    await button("Save for this code").click();
    await page.getByText("From now on it is drawn like this.").waitFor();
    expect(await storedStyle()).toEqual({
      modules: "dots",
      color: "#003366",
      background: "#ffffff",
      ecc: "H",
      logo: "Our-logo",
      logoSize: 14,
      frame: "banner",
      caption: "Scan me",
    });
    await button("Undo").click();
    await expect.poll(storedStyle, PATIENT).toBeNull();
  });

  it("becomes the default of all codes, under which a code may have no logo", async () => {
    await choose("Frame", "Line");
    await page.getByLabel("In the middle").selectOption("Our-logo");
    await expect.poll(shown, PATIENT).not.toBe("");
    await button("Save as the default for all codes").click();
    await page.getByText("codes without a look of their own are drawn like this").waitFor();
    expect(await defaultStyle()).toEqual({ frame: "line", logo: "Our-logo" });
    await page.getByLabel("In the middle").selectOption("");
    await button("Save for this code").click();
    await expect.poll(storedStyle, PATIENT).toEqual({ logo: "" });
    await button("Use the default").click();
    await button("Save for this code").click();
    await expect.poll(storedStyle, PATIENT).toBeNull();
  });

  it("deletes a logo by the keyboard, and takes it back", async () => {
    const choice = page.getByLabel("In the middle");
    const logos = async () => {
      const { logos: stored } = (await (await api("/logos")).json()) as { logos: { name: string }[] };
      return stored.map(({ name }) => name);
    };
    await choice.selectOption("Our-logo");
    await page.getByRole("button", { name: "Delete the logo Our-logo" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("The logo Our-logo is deleted.").waitFor();
    expect(await logos()).toEqual([]);
    expect(await choice.inputValue()).toBe("");
    expect(await choice.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    await expect.poll(() => choice.locator("option").count(), PATIENT).toBe(1);
    await button("Undo").last().click();
    await page.getByText("The logo Our-logo is back.").waitFor();
    expect(await logos()).toEqual(["Our-logo"]);
    await expect.poll(() => choice.inputValue(), PATIENT).toBe("Our-logo");
  });

  it("is offered to those who may only read, to download and not to save", async () => {
    const viewer = await openPage(browser);
    await signIn(viewer.page, stack.baseUrl, "Viewer");
    await openConsolePage(viewer.page, stack.baseUrl, `design/${CODE}`);
    await viewer.page.getByRole("group", { name: "Modules", exact: true }).getByLabel("Dots").check();
    expect(await viewer.page.getByRole("button", { name: "Download EPS" }).isVisible()).toBe(true);
    await viewer.page.getByLabel("In the middle").selectOption("Our-logo");
    for (const name of [/^Save for this code/, /^Save as the default for all codes/, /^Delete the logo/])
      expect(await viewer.page.getByRole("button", { name }).count()).toBe(0);
    await viewer.context.close();
  });

  it("breaks no rule of the page's security policy, and leaves no error of a script, in all of this", () => {
    expect(watched.complaints).toEqual([]);
  });
});
