import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPage, startBrowser, type WatchedPage } from "../support/browser.ts";
import { openConsolePage, signIn } from "../support/console-page.ts";
import { type ConsoleStack, startConsoleStack } from "../support/console-stack.ts";
import { csvFile } from "../support/csv-file.ts";
import { lacks } from "../support/requirements.ts";

const TENANT = "tenant_acme";

const ROWS = csvFile("Speisekarten.csv", [
  "Kurz-ID;Ziel;Titel;Schlagworte;Bemerkung",
  'grün-1;https://example.com/grün;"Grüner ""Salat""',
  'mit Öl";"grün,kalt";x',
  "table-2;ftp://example.com/;Zweiter;kalt;",
  "table-3;https://example.com/3;Dritter;warm;",
  "table-3;https://example.com/4;Vierter 🍲;warm;",
  "",
  "table-5;https://example.com/5;Fünfter;warm;",
]);

describe.skipIf(await lacks("chromium"))("importing in the console", { timeout: 60_000 }, () => {
  let browser: Browser;
  let stack: ConsoleStack;
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    [browser, stack] = await Promise.all([startBrowser(), startConsoleStack()]);
    watched = await openPage(browser);
    page = watched.page;
    await signIn(page, stack.baseUrl);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  const button = (name: string | RegExp) => page.getByRole("button", { name });
  const open = (hash: string) => openConsolePage(page, stack.baseUrl, hash);
  const file = () => page.locator("input[type=file]");
  const row = (line: number) => page.getByRole("form", { name: `Line ${line}`, exact: true });
  const stored = async (query = "") => {
    const reply = await stack.call(`/export?format=ndjson${query}`, { tenant: TENANT });
    const lines = (await reply.text()).split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line) as { qrId: string; name: string; tags: string[] });
  };

  it("takes a dropped file, and maps its columns by their names", async () => {
    await open("import");
    const transfer = await page.evaluateHandle(
      ([name, text]) => {
        const dropped = new DataTransfer();
        dropped.items.add(new File([text ?? ""], name ?? "", { type: "text/csv" }));
        return dropped;
      },
      [ROWS.name, ROWS.buffer.toString()],
    );
    await page.locator(".drop").dispatchEvent("drop", { dataTransfer: transfer });
    await page.getByText("Speisekarten.csv, rows: 5").waitFor();
    const held = await page
      .locator(".file-columns select")
      .evaluateAll((all) => all.map((each) => (each as HTMLSelectElement).value));
    expect(held).toEqual(["qrId", "targetUrl", "name", "tags", ""]);
  });

  it("shows by line what is wrong, field by field, and changes nothing", async () => {
    await button("Check the rows").click();
    await page.getByText("2 rows are good.").waitFor();
    expect(await row(2).locator(".field-error").count()).toBe(2);
    await row(4).getByText("must be an absolute http or https URL").waitFor();
    await row(6).getByText("is also that of line 5").waitFor();
    expect(await page.locator(".faulty h3").allTextContents()).toEqual([
      expect.stringMatching(/^Line 2 /),
      expect.stringMatching(/^Line 4 /),
      expect.stringMatching(/^Line 6 /),
    ]);
    expect(await stored()).toEqual([]);
  });

  it("has rows mended where they stand, over a reload", async () => {
    await row(2).getByLabel("Short ID").fill("gruen-1");
    await row(2).getByRole("button").click();
    await page.getByText("Line 2 is good now.").waitFor();
    await row(4).getByLabel("Leads to").fill("ftp://example.com/still");
    await row(4).getByRole("button").click();
    await row(4).getByText("must be an absolute http or https URL").waitFor();
    await page.reload();
    await page.getByText("3 rows are good.").waitFor();
    await row(4).getByLabel("Leads to").fill("https://example.com/2");
    await row(4).getByRole("button").click();
    await page.getByText("Line 4 is good now.").waitFor();
    await row(4).waitFor({ state: "detached" });
  });

  it("imports what is good, and lets the rest be mended afterwards", async () => {
    await button("Import 4 rows").click();
    await button("Mend the row that is left").click();
    await row(6).getByLabel("Short ID").fill("table-4");
    await row(6).getByRole("button").click();
    await button("Import 1 row").click();
    await page.getByRole("heading", { name: "Imported", exact: true }).waitFor();
    const codes = await stored();
    expect(codes.map(({ qrId }) => qrId).sort()).toEqual([
      "gruen-1",
      "table-2",
      "table-3",
      "table-4",
      "table-5",
    ]);
    const first = codes.find(({ qrId }) => qrId === "gruen-1");
    expect(first).toMatchObject({ name: 'Grüner "Salat" mit Öl', tags: ["grün", "kalt"] });
    expect(codes.find(({ qrId }) => qrId === "table-4")?.name).toBe("Vierter 🍲");
  });

  it("goes on after its tab was closed in the middle, without doubles", { timeout: 120_000 }, async () => {
    const count = 2_500;
    const lines = Array.from({ length: count }, (_, index) => `https://example.com/many/${index},many`);
    await button("Another file").click();
    await file().setInputFiles(csvFile("many.csv", ["url,tags", ...lines]));
    await button("Check the rows").click();
    const start = button("Import 2,500 rows");
    await start.waitFor({ timeout: 30_000 });
    // The second part is imported, and its reply never comes.
    let parts = 0;
    const lost = Promise.withResolvers<void>();
    await page.route(/\/import\?/, async (route) => {
      parts += 1;
      if (parts === 1) return route.continue();
      await route.fetch();
      lost.resolve();
    });
    await start.click();
    await lost.promise;
    expect(await page.evaluate(() => JSON.stringify(Object.entries(localStorage)))).not.toContain("Bearer");
    await page.close();
    page = await watched.context.newPage();
    await signIn(page, stack.baseUrl);
    await open("import");
    await page.getByText("1,000 of 2,500").waitFor();
    await button("Go on").click();
    await page.getByRole("heading", { name: "Imported", exact: true }).waitFor({ timeout: 30_000 });
    await page.getByText("2,500", { exact: true }).waitFor();
    expect(await stored("&tag=many")).toHaveLength(count);
  });

  it("exports what the list shows as one file", async () => {
    await open("codes?tag=warm");
    const [download] = await Promise.all([page.waitForEvent("download"), button("Export").click()]);
    const text = await readFile(await download.path(), "utf8");
    expect(download.suggestedFilename()).toBe("codes.csv");
    expect(text.match(/table-\d/g)).toEqual(expect.arrayContaining(["table-3", "table-4", "table-5"]));
    expect(text).not.toContain("table-2");
  });

  it("tells why a file can't be read", async () => {
    await open("import");
    await button("Another file").click();
    await file().setInputFiles(csvFile("empty.csv", ["url"]));
    await page.getByText("The file has no rows").waitFor();
    await file().setInputFiles(csvFile("open.csv", ["url", 'https://example.com/,"never closed']));
    await page.getByText("can't be read from line 2 on (CSV_QUOTE_NOT_CLOSED)").waitFor();
  });

  it("leaves nothing of it in the browser when somebody signs out", async () => {
    await file().setInputFiles(ROWS);
    await page.getByText("Speisekarten.csv").waitFor();
    await button("Sign out").first().click();
    await page.getByText("You are signed out").waitFor();
    await expect.poll(() => page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
  });

  it("breaks no rule of the page's security policy, and leaves no error of a script", () => {
    expect(watched.complaints).toEqual([]);
  });
});
