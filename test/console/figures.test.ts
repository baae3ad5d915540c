import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCOPES } from "../../core/auth/scopes.ts";
import { persist } from "../../data/persist-scans.ts";
import { maintainPartitions } from "../../data/postgres/partitions.ts";
import { openPage, startBrowser, type WatchedPage } from "../support/browser.ts";
import { openConsolePage, signIn } from "../support/console-page.ts";
import { type ConsoleStack, startConsoleStack } from "../support/console-stack.ts";
import { lacks } from "../support/requirements.ts";
import { scannedEvent } from "../support/scan-events.ts";

const TENANT = "tenant_acme";
const OTHER_TENANT = "tenant_other";
const DAY_MS = 86_400_000;
const RETENTION_MONTHS = 13;

describe.skipIf(await lacks("chromium"))("what the console shows of codes", { timeout: 60_000 }, () => {
  let browser: Browser;
  let stack: ConsoleStack;
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    [browser, stack] = await Promise.all([startBrowser(), startConsoleStack()]);
    const make = (tenant: string, qrId: string, tags: string[]) =>
      stack.call("/generate", {
        tenant,
        method: "POST",
        json: { targetUrl: "https://a.example/", qrId, tags },
      });
    await make(TENANT, "menu", ["tables"]);
    await make(TENANT, "poster", []);
    await make(OTHER_TENANT, "foreign", []);
    await stack.call("/qr/poster", { tenant: TENANT, method: "PATCH", json: { status: "paused" } });
    const now = Date.now();
    await maintainPartitions(stack.services.db, now, RETENTION_MONTHS);
    const scanned = (daysAgo: number, visitor: string, country: string) =>
      scannedEvent({
        tenantId: TENANT,
        qrId: "menu",
        occurredAt: new Date(now - daysAgo * DAY_MS).toISOString(),
        visitor,
        country,
        referrerHost: "maps.example",
      });
    const scans = [
      scanned(0, "a", "DE"),
      scanned(0, "a", "DE"),
      scanned(0, "b", "FR"),
      scanned(2, "c", "DE"),
    ];
    await persist(stack.services, { scans, dead: [], others: 0 }, RETENTION_MONTHS);
    watched = await openPage(browser, { timezoneId: "UTC" });
    page = watched.page;
    await watched.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await signIn(page, stack.baseUrl);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  const open = (hash: string) => openConsolePage(page, stack.baseUrl, hash);
  const shown = () => page.locator(".row-link").allTextContents();
  const bars = (title: string) =>
    page
      .locator(".bars", { has: page.getByRole("heading", { name: title, exact: true }) })
      .getByRole("listitem")
      .allTextContents();

  it("is scans and visitors by day: a curve to drag across, and the same as a table", async () => {
    await open("code/menu");
    const curve = page.locator(".chart .u-over");
    await curve.scrollIntoViewIfNeeded();
    const box = await curve.boundingBox();
    if (!box) throw new Error("the curve has no place on the page");
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.6, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, y, { steps: 5 });
    await page.mouse.up();
    await page.getByRole("button", { name: "Whole period" }).click();
    await page.getByRole("button", { name: "Whole period" }).waitFor({ state: "detached" });
    await page.getByText("As a table").click();
    const cells = await page
      .locator(".daily tbody tr")
      .evaluateAll((rows) =>
        rows.slice(0, 3).map((row) => [...row.querySelectorAll("td")].map(({ textContent }) => textContent)),
      );
    expect(cells).toEqual([
      ["3", "2"],
      ["0", "0"],
      ["1", "1"],
    ]);
  });

  it("is where they came from, by what", async () => {
    await open("code/menu");
    expect(await bars("Countries")).toEqual(["Germany3", "France1"]);
    expect(await bars("Devices")).toEqual(["Phone4"]);
    expect(await bars("Browsers")).toEqual(["Safari4"]);
    expect(await bars("Referrers")).toEqual(["maps.example4"]);
  });

  it("is the same over all codes, which lead, and which nobody scans", async () => {
    await open("overview");
    expect(await page.locator(".tile-main dd").textContent()).toBe("4");
    const card = (name: string | RegExp) => page.getByRole("region", { name });
    expect(await card("Scanned most").getByRole("listitem").allTextContents()).toEqual(["menu4"]);
    expect(await card("Never scanned: 1").getByRole("link").allTextContents()).toEqual(["poster"]);
  });

  it("is narrowed by tag and by state", async () => {
    await open("codes");
    expect(await shown()).toHaveLength(2);
    await page.getByRole("link", { name: "tables" }).click();
    await expect.poll(() => page.locator(".row").count()).toBe(1);
    await page.getByRole("button", { name: /^Tagged tables/ }).click();
    await page.getByLabel("Paused", { exact: true }).check();
    await page.locator('a[href="#/code/menu"]').waitFor({ state: "detached" });
    await page.locator('a[href="#/code/poster"]').waitFor();
  });

  it("is copied: the address that is printed", async () => {
    await open("code/menu");
    await page.getByRole("button", { name: "Copy" }).first().click();
    await page.getByText("Copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${stack.baseUrl}/scan/menu`);
  });

  it("stays, with what was typed, while the service answers 503", async () => {
    await open("code/menu");
    await page.route(`${stack.baseUrl}/qr/menu*`, (route) => route.fulfill({ status: 503 }));
    await page.getByLabel("Name", { exact: true }).fill("Typed");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The service can't do that at the moment.").first().waitFor();
    await page.unroute(`${stack.baseUrl}/qr/menu*`);
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Typed");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Typed" }).waitFor();
  });

  it("is of one tenant, which somebody with several chooses", async () => {
    const accessToken = await stack.issuer.issue([TENANT, OTHER_TENANT], SCOPES);
    await page.evaluate(
      ([token, ...tenants]) => {
        const session = JSON.parse(sessionStorage.getItem("session") ?? "{}");
        sessionStorage.setItem("session", JSON.stringify({ ...session, accessToken: token, tenants }));
      },
      [accessToken, TENANT, OTHER_TENANT],
    );
    await page.reload();
    await open("codes");
    await page.getByLabel("Tenant").selectOption(OTHER_TENANT);
    await page.locator('a[href="#/code/foreign"]').waitFor();
    expect(await shown()).toHaveLength(1);
    expect(watched.complaints).toEqual([]);
  });
});
