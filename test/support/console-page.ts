import type { Page } from "playwright-core";

/** Opens the console and signs in with one click, as the first tenant that is offered. */
export async function signIn(page: Page, baseUrl: string, role = "Administrator"): Promise<void> {
  await page.goto(`${baseUrl}/`);
  await page.getByLabel(role, { exact: true }).check();
  await page
    .getByRole("button", { name: /^Continue as/ })
    .first()
    .click();
  await page.waitForURL(`${baseUrl}/`);
  await page.locator("main h1").waitFor();
}

/** What stands in a page's place until it has what it shows. */
const UNFINISHED = [".loading", ".rows-to-come", ".paper-blank"];

/** Opens one of the console's pages and waits until it shows all that it has. */
export async function openConsolePage(page: Page, baseUrl: string, hash: string): Promise<void> {
  await page.goto(`${baseUrl}/#/${hash}`);
  await page.locator("main h1").waitFor();
  for (const unfinished of UNFINISHED) await page.locator(unfinished).waitFor({ state: "detached" });
}
