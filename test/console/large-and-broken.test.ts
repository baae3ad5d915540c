import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { persist } from "../../data/persist-scans.ts";
import { maintainPartitions } from "../../data/postgres/partitions.ts";
import { openPage, startBrowser, type WatchedPage } from "../support/browser.ts";
import { signIn } from "../support/console-page.ts";
import { type ConsoleStack, startConsoleStack } from "../support/console-stack.ts";
import { lacks } from "../support/requirements.ts";
import { scannedEvent } from "../support/scan-events.ts";

const TENANT = "tenant_acme";

/** Codes, all of one tenant: more than anybody scrolls through. */
const MANY = 100_000;

const RETENTION_MONTHS = 13;

/** What a state may take to come about on a machine that is busy. */
const PATIENT = { timeout: 15_000 };

const noServer = (await lacks("chromium")) || (await lacks("redis-server"));

describe.skipIf(noServer)("the console over 100,000 codes", { timeout: 60_000 }, () => {
  let browser: Browser;
  let stack: ConsoleStack;
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    [browser, stack] = await Promise.all([startBrowser(), startConsoleStack()]);
    await stack.database.sql(
      `INSERT INTO qr_codes (qr_id, tenant_id, target_url, name, tags, status, created_at, updated_at)
       SELECT 'code-' || n, $1, 'https://example.com/' || n, 'Code ' || n, '{}', 'active',
         now() - n * interval '1 minute', now()
       FROM generate_series(1, $2) n`,
      [TENANT, MANY],
    );
    watched = await openPage(browser);
    page = watched.page;
    await signIn(page, stack.baseUrl);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  // By address: to compute the name of each of a thousand links takes seconds.
  const row = (n: number) => page.locator(`a[href="#/code/code-${n}"]`);

  it("goes on as somebody scrolls, keeps few of them in the page, and finds the place again", {
    timeout: 60_000,
  }, async () => {
    await row(1).waitFor();
    for (const n of [100, 200, 300, 400, 500, 600, 700]) {
      await row(n).waitFor({ state: "attached" });
      await row(n).scrollIntoViewIfNeeded();
    }
    await expect.poll(() => page.locator(".row").count(), PATIENT).toBeLessThan(700);
    await row(700).click();
    await page.getByRole("heading", { name: "Code 700" }).waitFor();
    await page.goBack();
    await row(700).waitFor();
    expect(await row(700).isVisible()).toBe(true);
    await expect.poll(() => page.evaluate(() => scrollY), PATIENT).toBeGreaterThan(10_000);
  });

  it("shows every code's scans of today, also of those behind the first page, until the day is over", async () => {
    const now = Date.now();
    await maintainPartitions(stack.services.db, now, RETENTION_MONTHS);
    // Of 25 codes, the first one most; of one on the second page, fewest.
    const ofToday = new Map(Array.from({ length: 25 }, (_, index) => [index + 1, 27 - index]));
    ofToday.set(150, 1);
    const scans = [...ofToday].flatMap(([n, times]) =>
      Array.from({ length: times }, () =>
        scannedEvent({ tenantId: TENANT, qrId: `code-${n}`, occurredAt: new Date(now).toISOString() }),
      ),
    );
    await persist(stack.services, { scans, dead: [], others: 0 }, RETENTION_MONTHS);
    await page.goto(`${stack.baseUrl}/#/codes`);
    await page.reload();
    await row(1).waitFor();
    await row(100).scrollIntoViewIfNeeded();
    await row(150).waitFor({ state: "attached" });
    const today = (n: number) =>
      page
        .locator(".row", { has: row(n) })
        .locator(".row-today")
        .allTextContents();
    for (const [n, times] of ofToday) expect([n, await today(n)]).toEqual([n, [`${times} today`]]);
    for (const n of [26, 151]) expect([n, await today(n)]).toEqual([n, []]);

    // As if midnight had passed: the first page is read anew, and the second one no longer knows.
    const isFirst = ({ pathname, searchParams }: URL) => pathname === "/qr" && !searchParams.has("cursor");
    await page.route(isFirst, async (route) => {
      const { "if-none-match": _, ...headers } = route.request().headers();
      const reply = await route.fetch({ headers });
      const json = await reply.json();
      for (const code of json.qrCodes) code.today = 0;
      await route.fulfill({ response: reply, json: { ...json, date: "2100-01-01" } });
    });
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await expect.poll(() => page.locator(".row-today").count(), PATIENT).toBe(0);
    expect(await row(150).count()).toBe(1);
    await page.unroute(isFirst);
  });

  it("shows all of a trash that has more than a page, each code once", async () => {
    const deleted = 150;
    await stack.database.sql(
      `INSERT INTO qr_codes (qr_id, tenant_id, target_url, name, tags, status, created_at, updated_at, deleted_at)
       SELECT 'gone-' || n, $1, 'https://example.com/' || n, 'Gone ' || n, '{}', 'active', now(), now(),
         now() - n * interval '1 minute'
       FROM generate_series(1, $2) n`,
      [TENANT, deleted],
    );
    await page.goto(`${stack.baseUrl}/#/trash`);
    await page.getByText("Gone 100", { exact: true }).scrollIntoViewIfNeeded();
    await page.getByText(`Gone ${deleted}`, { exact: true }).waitFor();
    expect(await page.locator(".row-deleted").count()).toBe(deleted);
  });

  it("finds one of them by its name, and says what to do where there is none", async () => {
    await page.goto(`${stack.baseUrl}/#/codes`);
    const search = page.getByRole("searchbox");
    await search.fill("Code 99999");
    await row(99_999).waitFor();
    await expect.poll(() => page.locator(".row").count(), PATIENT).toBe(1);
    await search.fill("nowhere to be found");
    await page.getByText("No code matches").waitFor();
    await page.getByRole("link", { name: "Show all codes" }).click();
    await row(1).waitFor();
  });

  it("polls with what it has, and is answered that nothing changed", async () => {
    await page.goto(`${stack.baseUrl}/#/codes`);
    await row(1).waitFor();
    const unchanged = page.waitForResponse(
      (reply) => new URL(reply.url()).pathname === "/qr" && reply.status() === 304,
    );
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await unchanged;
  });

  it("asks for nothing in a hidden tab", async () => {
    const asked: string[] = [];
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    page.on("request", (request) => asked.push(request.url()));
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(asked).toEqual([]);
    const again = page.waitForRequest((request) => new URL(request.url()).pathname === "/qr");
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: false, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await again;
  });

  it("goes on without Redis, which is killed while it is open", async () => {
    await page.goto(`${stack.baseUrl}/#/code/code-1`);
    await page.getByRole("heading", { name: "Code 1" }).waitFor();
    await stack.redisServer?.stop();
    await page.getByLabel("Name", { exact: true }).fill("Without Redis");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Without Redis" }).waitFor();
    await page.goto(`${stack.baseUrl}/#/codes`);
    await page.getByRole("link", { name: "Without Redis" }).waitFor();
    await page.goto(`${stack.baseUrl}/#/service`);
    await page.getByText("Redis does not answer. Codes still redirect").waitFor();
    expect(watched.complaints).toEqual([]);
  });
});
