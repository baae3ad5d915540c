import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPage, startBrowser, type WatchedPage } from "../support/browser.ts";
import { openConsolePage, signIn } from "../support/console-page.ts";
import { type ConsoleStack, startConsoleStack } from "../support/console-stack.ts";
import { lacks } from "../support/requirements.ts";

const TENANT = "tenant_acme";
const TABLES = ["Table 1", "Table 2", "Table 3"];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** As many as a code may have. */
const FULL = Array.from({ length: 20 }, (_, index) => `tag ${index}`);

/** More than the list shows before somebody scrolls. */
const MANY = 150;

/** What a state may take to come about on a machine that is busy. */
const PATIENT = { timeout: 15_000 };

interface Listed {
  name: string;
  tags: string[];
  status: string;
}

describe.skipIf(await lacks("chromium"))("bulk edits in the console", { timeout: 60_000 }, () => {
  let browser: Browser;
  let stack: ConsoleStack;
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    [browser, stack] = await Promise.all([startBrowser(), startConsoleStack()]);
    const codes = [
      ...TABLES.map((name) => ({ name, tags: ["tables"] })),
      { name: "Bar", tags: [] },
      { name: "Full", qrId: "full-code", tags: FULL },
    ];
    for (const fields of codes) {
      const json = { targetUrl: "https://example.com/", ...fields };
      const reply = await stack.call("/generate", { tenant: TENANT, method: "POST", json });
      expect(reply.status).toBe(201);
    }
    watched = await openPage(browser);
    page = watched.page;
    await signIn(page, stack.baseUrl);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  const bar = () => page.getByRole("region", { name: "Chosen codes" });
  const press = (name: string) => bar().getByRole("button", { name, exact: true }).click();
  const undo = () => page.getByRole("button", { name: "Undo" }).last().click();
  const said = (text: string) => page.getByText(text, { exact: true }).last().waitFor();
  const choose = async (...names: string[]) => {
    for (const name of names) await page.getByLabel(`Choose ${name}`, { exact: true }).check();
  };

  /** The codes as the service has them, by their names. */
  async function stored(): Promise<Record<string, Listed>> {
    const reply = await stack.call("/qr", { tenant: TENANT });
    const { qrCodes } = (await reply.json()) as { qrCodes: Listed[] };
    return Object.fromEntries(qrCodes.map((code) => [code.name, code]));
  }

  async function tagged(tag: string): Promise<string[]> {
    const codes = Object.values(await stored());
    return codes
      .filter(({ tags }) => tags.includes(tag))
      .map(({ name }) => name)
      .toSorted();
  }

  it("tag a selection by keyboard, show it in the list, and undo it", async () => {
    await choose("Table 1", "Bar");
    await page.getByText("2 chosen").waitFor();
    await bar().getByRole("button", { name: "Change", exact: true }).focus();
    await page.keyboard.press("Enter");
    await expect
      .poll(() =>
        bar()
          .getByLabel("Tag", { exact: true })
          .evaluate((input) => input === document.activeElement),
      )
      .toBe(true);
    await page.keyboard.press("Enter");
    await said("Type the tag first.");
    await page.keyboard.type("terrace");
    await page.keyboard.press("Enter");
    await said("2 codes are changed.");
    await expect.poll(() => page.getByRole("link", { name: "terrace" }).count(), PATIENT).toBe(2);
    expect(await tagged("terrace")).toEqual(["Bar", "Table 1"]);
    await undo();
    await said("2 codes are as they were.");
    await expect.poll(() => page.getByRole("link", { name: "terrace" }).count(), PATIENT).toBe(0);
    expect(await tagged("terrace")).toEqual([]);
  });

  it("leave alone what has it already, and undo only what was changed", async () => {
    await bar().getByLabel("Tag", { exact: true }).fill("tables");
    await press("Add tag");
    await said("1 code is changed. 1 was like this already.");
    expect(await tagged("tables")).toEqual(["Bar", ...TABLES]);
    await undo();
    await said("1 code is as it was.");
    expect(await tagged("tables")).toEqual(TABLES);
  });

  it("say at the bar which codes keep all from being changed", async () => {
    await choose("Full");
    await bar().getByLabel("Tag", { exact: true }).fill("one more");
    await press("Add tag");
    const alert = bar().getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(
      /^Nothing was changed, because 1 code can't be\..*full-code: tags/,
    );
    expect(await tagged("one more")).toEqual([]);
    await press("Choose none");
  });

  it("pause what a filter finds after its count was shown and confirmed, and undo it", async () => {
    await openConsolePage(page, stack.baseUrl, "codes?tag=tables");
    await said("All codes of this filter");
    await press("Change");
    await press("Pause");
    await said("Pause them? Scans no longer lead to their addresses.");
    await press("Cancel");
    expect((await stored())["Table 1"]?.status).toBe("active");
    await press("Pause");
    await press("Change 3 codes");
    await said("3 codes are changed.");
    await expect.poll(() => page.locator(".row .badge-paused").count(), PATIENT).toBe(3);
    const paused = Object.values(await stored()).filter(({ status }) => status === "paused");
    expect(paused.map(({ name }) => name).toSorted()).toEqual(TABLES);
    await undo();
    await said("3 codes are as they were.");
    await expect.poll(() => page.locator(".row .badge-paused").count(), PATIENT).toBe(0);
  });

  it("delete a selection, and bring it back", async () => {
    await openConsolePage(page, stack.baseUrl, "codes");
    await choose("Table 1", "Table 2");
    await press("Change");
    await press("Delete");
    await said("2 codes are in the trash.");
    await bar().waitFor({ state: "detached" });
    await expect.poll(() => page.locator(".row").count(), PATIENT).toBe(3);
    expect(Object.keys(await stored()).toSorted()).toEqual(["Bar", "Full", "Table 3"]);
    await undo();
    await said("2 codes are as they were.");
    await expect.poll(() => page.locator(".row").count(), PATIENT).toBe(5);
    expect(await tagged("tables")).toEqual(TABLES);
  });

  it("do their work once if a reply is lost and they are tried again", async () => {
    await choose("Bar");
    await press("Change");
    await page.route(
      "**/bulk",
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await press("Pause");
    await bar().getByRole("alert").waitFor();
    expect((await stored()).Bar?.status).toBe("paused");
    await press("Try again");
    await said("1 code is changed.");
    await undo();
    await said("1 code is as it was.");
    expect((await stored()).Bar?.status).toBe("active");
    await press("Choose none");
  });

  it.each(["light", "dark"] as const)(
    "fit a window of 320 px and have nothing that axe finds, open: %s",
    async (colorScheme) => {
      const narrow = await openPage(browser, { viewport: { width: 320, height: 640 }, colorScheme });
      page = narrow.page;
      await signIn(page, stack.baseUrl);
      await page.evaluate(AXE);
      const found: string[] = [];
      const look = async (state: string) => {
        const [width, ids] = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as {
            axe: { run(of: Document): Promise<{ violations: { id: string }[] }> };
          };
          const { violations } = await axe.run(document);
          return [document.documentElement.scrollWidth, violations.map(({ id }) => id)] as const;
        });
        found.push(...ids.map((id) => `${state}: ${id}`));
        if (width > 320) found.push(`${state}: ${width} px wide`);
      };
      await choose("Full");
      await press("Change");
      await bar().getByLabel("Tag", { exact: true }).fill("one more");
      await look("open");
      await press("Add tag");
      await bar().getByRole("alert").waitFor();
      await expect.poll(() => page.evaluate(() => document.querySelector(".bulk-edits")?.scrollTop)).toBe(0);
      await look("refused");
      await press("Choose none");
      await page.getByRole("link", { name: "tables" }).first().click();
      await press("Change");
      await press("Delete");
      await bar().getByRole("button", { name: "Delete 3 codes" }).waitFor();
      await look("to be confirmed");
      expect(found).toEqual([]);
      expect(narrow.complaints).toEqual([]);
      await narrow.context.close();
      page = watched.page;
    },
  );

  it("reach the codes of a filter that the list has not shown yet, and show it anew from its beginning", async () => {
    const codes = Array.from({ length: MANY }, (_, index) => ({
      targetUrl: "https://example.com/",
      name: `Many ${index}`,
      tags: ["many"],
    }));
    const reply = await stack.call("/import", { tenant: TENANT, method: "POST", json: { codes } });
    expect(reply.status).toBe(200);
    await openConsolePage(page, stack.baseUrl, "codes?tag=many");
    const rows = () => page.locator(".row").count();
    const all = page.getByText(`That's all: ${MANY} codes`);
    await expect.poll(rows, PATIENT).toBeGreaterThan(0);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await press("Change");
    await press("Delete");
    await press(`Delete ${MANY} codes`);
    await said(`${MANY} codes are in the trash.`);
    await page.getByRole("heading", { name: "No code matches" }).waitFor();
    expect(await rows()).toBe(0);
    await undo();
    await said(`${MANY} codes are as they were.`);
    await expect.poll(rows, PATIENT).toBeGreaterThan(0);
    await expect
      .poll(async () => {
        await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
        return all.count();
      }, PATIENT)
      .toBe(1);
  });

  it("break no rule of the page's security policy, and leave no error of a script, in all of this", () => {
    expect(watched.complaints).toEqual([]);
  });
});
