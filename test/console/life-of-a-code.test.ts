import { readFile } from "node:fs/promises";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPage, startBrowser, type WatchedPage } from "../support/browser.ts";
import { signIn } from "../support/console-page.ts";
import { type ConsoleStack, startConsoleStack } from "../support/console-stack.ts";
import { lacks } from "../support/requirements.ts";
import { rasterize, scan } from "../support/scanner.ts";
import { PHONE } from "../support/user-agents.ts";

const TENANT = "tenant_acme";

/** What a state may take to come about on a machine that is busy. */
const PATIENT = { timeout: 15_000 };

describe.skipIf(await lacks("chromium"))("the life of a code in the console", { timeout: 60_000 }, () => {
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

  const api = (path: string, init = {}) => stack.call(path, { tenant: TENANT, ...init });
  const create = async (fields: object) => {
    const reply = await api("/generate", {
      method: "POST",
      json: { targetUrl: "https://example.com/", ...fields },
    });
    return (await reply.json()) as { qrId: string };
  };
  const button = (name: string | RegExp) => page.getByRole("button", { name });
  const open = (hash: string) => page.goto(`${stack.baseUrl}/#/${hash}`);
  const locationOf = async (qrId: string) => {
    const reply = await fetch(`${stack.baseUrl}/scan/${qrId}`, {
      redirect: "manual",
      headers: { "user-agent": PHONE },
    });
    return reply.headers.get("location");
  };

  /** Whether what is typed goes there. */
  const hasFocus = (field: Locator) => field.evaluate((element) => element === document.activeElement);

  it("begins with its address alone; what is wrong with it is said where it was typed", async () => {
    const target = page.getByLabel("Where should it lead?");
    await expect.poll(() => hasFocus(target), PATIENT).toBe(true);
    await target.fill("ftp://example.com");
    await button("Create code").click();
    await page.getByText("must be an absolute http or https URL").waitFor();
    expect(await target.getAttribute("aria-invalid")).toBe("true");
    await expect.poll(() => hasFocus(target), PATIENT).toBe(true);
    await target.fill("example.com/menu");
    await button("Create code").click();
    await page.getByText("Your code is ready.").waitFor();
    await page.getByAltText("QR code of example.com/menu").waitFor();
  });

  it("says where it would be printed that only this machine can follow its address", async () => {
    const warning = page.getByText("Only this machine can follow the address");
    await warning.waitFor();
    const place = page.url();
    const { pathname } = new URL(
      (await page.getByRole("link", { name: /\/scan\// }).getAttribute("href")) ?? "",
    );
    const qrId = pathname.split("/").at(-1);
    for (const where of [`design/${qrId}`, `sheets?ids=${qrId}`]) {
      await open(where);
      await warning.waitFor();
    }
    // As it is where the service has a name of its own.
    const ofCode = (url: URL) => url.pathname === `/qr/${qrId}`;
    await page.route(ofCode, async (route) => {
      const { "if-none-match": _, ...headers } = route.request().headers();
      const response = await route.fetch({ headers });
      const json = { ...(await response.json()), scanUrl: `https://qr.example.com${pathname}` };
      await route.fulfill({ response, json });
    });
    await page.goto(place);
    await page.reload();
    await page.getByText("Scan it from the screen to try it").waitFor();
    await page.getByText(`qr.example.com${pathname}`).waitFor();
    expect(await warning.count()).toBe(0);
    await page.unroute(ofCode);
    await page.reload();
    await warning.waitFor();
  });

  it("is downloaded as the picture that leads to its scan address", async () => {
    const download = async (name: string) => {
      const [file] = await Promise.all([page.waitForEvent("download"), button(name).click()]);
      return readFile(await file.path());
    };
    const address = await page.getByRole("link", { name: /\/scan\// }).getAttribute("href");
    const svg = await download("Download SVG");
    expect(await scan(rasterize(svg.toString(), 512))).toBe(address);
    expect(await scan(new Uint8Array(await download("Download PNG")))).toBe(address);
  });

  it("counts a scan while somebody looks", async () => {
    const qrId = decodeURIComponent(page.url().split("/code/")[1]?.split("?")[0] ?? "");
    expect(await locationOf(qrId)).toBe("https://example.com/menu");
    // A look back at the tab asks at once.
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await expect.poll(() => page.locator(".tile-main dd").textContent(), PATIENT).toBe("1");
  });

  it("is sent elsewhere, and back at once by the message that says so", async () => {
    const { qrId } = await create({ name: "Flyer", tags: ["a"] });
    await open(`code/${qrId}`);
    await page.getByLabel("Leads to").fill("https://example.com/elsewhere");
    await page.getByLabel("Name", { exact: true }).fill("Leaflet");
    await button("Save").click();
    await page.getByRole("heading", { name: "Leaflet" }).waitFor();
    expect(await locationOf(qrId)).toBe("https://example.com/elsewhere");
    await button("Undo").click();
    await page.getByText("Changed back.").waitFor();
    expect(await locationOf(qrId)).toBe("https://example.com/");
    expect(await (await api(`/qr/${qrId}`)).json()).toMatchObject({ name: "Flyer", tags: ["a"] });
    await page.getByRole("heading", { name: "Flyer" }).waitFor();
  });

  it("is sent elsewhere, and back by its history", async () => {
    const { qrId } = await create({ name: "Poster" });
    await open(`code/${qrId}`);
    await page.getByLabel("Leads to").fill("https://example.com/elsewhere");
    await button("Save").click();
    await page.getByText("Saved. The next scan follows it.").waitFor();
    expect(await locationOf(qrId)).toBe("https://example.com/elsewhere");
    await page.getByText("Administrator at this machine").first().waitFor();
    await button("Change back").first().click();
    await page.getByText("Changed back.").waitFor();
    expect(await locationOf(qrId)).toBe("https://example.com/");
    expect(await page.getByLabel("Leads to").inputValue()).toBe("https://example.com/");
  });

  it("is paused and resumed, and each can be undone", async () => {
    const { qrId } = await create({ name: "Pausing" });
    await open(`code/${qrId}`);
    await button("Pause").click();
    await page.getByText("Paused. Scans no longer lead").waitFor();
    expect(await locationOf(qrId)).toBeNull();
    await button("Undo").last().click();
    await page.getByText("Active again.").waitFor();
    expect(await locationOf(qrId)).toBe("https://example.com/");
  });

  it("that two people change shows both versions, and takes the one that is chosen", async () => {
    const { qrId } = await create({ name: "Ours", tags: ["a"] });
    await open(`code/${qrId}`);
    await page.getByLabel("Name", { exact: true }).fill("Mine");
    await api(`/qr/${qrId}`, { method: "PATCH", json: { name: "Theirs" } });
    await button("Save").click();
    await page.getByText("Somebody changed this meanwhile").waitFor();
    expect(await page.locator(".conflict dd").allTextContents()).toEqual(["Theirs", "Mine"]);
    expect(await (await api(`/qr/${qrId}`)).json()).toMatchObject({ name: "Theirs" });
    await button("Use mine").click();
    await button("Save").click();
    await page.getByRole("heading", { name: "Mine" }).waitFor();
    expect(await (await api(`/qr/${qrId}`)).json()).toMatchObject({ name: "Mine", tags: ["a"] });
  });

  it("of which somebody else changed another field is saved without a question, and loses neither change", async () => {
    const { qrId } = await create({ name: "Ours" });
    await open(`code/${qrId}`);
    await page.getByLabel("Name", { exact: true }).fill("Mine");
    await api(`/qr/${qrId}`, { method: "PATCH", json: { maxScans: 7 } });
    await button("Save").click();
    await page.getByRole("heading", { name: "Mine" }).waitFor();
    expect(await (await api(`/qr/${qrId}`)).json()).toMatchObject({ name: "Mine", maxScans: 7 });
    expect(await page.getByLabel("Ends after so many scans").inputValue()).toBe("7");
  });

  it("is deleted at once and brought back by undo, or later from the trash", async () => {
    const { qrId } = await create({ name: "Short-lived" });
    await open("codes");
    await page.getByRole("link", { name: "Short-lived" }).waitFor();
    await button("Delete: Short-lived").click();
    await page.getByText("“Short-lived” is in the trash.").waitFor();
    expect(await page.getByRole("link", { name: "Short-lived" }).count()).toBe(0);
    expect((await api(`/qr/${qrId}`)).status).toBe(404);
    await button("Undo").last().click();
    await page.getByRole("link", { name: "Short-lived" }).waitFor();
    expect((await api(`/qr/${qrId}`)).status).toBe(200);

    await button("Delete: Short-lived").click();
    await expect.poll(async () => (await api(`/qr/${qrId}`)).status, PATIENT).toBe(404);
    await open(`code/${qrId}`);
    await page.getByRole("heading", { name: "There is no such code" }).waitFor();
    await open("trash");
    await button("Restore: Short-lived").click();
    await page.getByText("It is back.").waitFor();
    expect((await api(`/qr/${qrId}`)).status).toBe(200);
  });

  it("keeps what was typed while the service can't be reached, over a reload and a new sign-in", async () => {
    const { qrId } = await create({ name: "Draft" });
    await open(`code/${qrId}`);
    await page.getByLabel("Leads to").fill("https://example.com/typed");
    await watched.context.setOffline(true);
    await button("Save").click();
    await page.getByText("You are offline").waitFor();
    await page.getByText("It could not be sent").first().waitFor();
    await watched.context.setOffline(false);
    await page.reload();
    await page.evaluate(() => {
      const session = JSON.parse(sessionStorage.getItem("session") ?? "{}");
      sessionStorage.setItem("session", JSON.stringify({ ...session, accessToken: "x", refreshToken: "x" }));
    });
    await page.reload();
    await page.getByText("Your session has ended.").first().waitFor();
    await button("Sign in").first().click();
    await button("Continue as tenant_acme").click();
    await page.getByRole("heading", { name: "Draft" }).waitFor();
    expect(await page.getByLabel("Leads to").inputValue()).toBe("https://example.com/typed");
    await button("Save").click();
    await page.getByText("Saved. The next scan follows it.").waitFor();
    expect(await locationOf(qrId)).toBe("https://example.com/typed");
  });

  it("is left to a machine by a key, which is shown once and can be revoked", async () => {
    await open("keys");
    await page.getByLabel("Name", { exact: true }).fill("Label printer");
    await button("Make a key").click();
    const key = (await page.locator(".key-text").textContent()) ?? "";
    const list = () => fetch(`${stack.baseUrl}/qr`, { headers: { authorization: `Bearer ${key}` } });
    expect((await list()).status).toBe(200);
    await page.reload();
    await button("Revoke: Label printer").click();
    expect(await page.content()).not.toContain(key);
    await button("Revoke for good").click();
    await page.getByText("The key “Label printer” is revoked.").waitFor();
    await expect.poll(async () => (await list()).status, PATIENT).toBe(401);
  });

  it("breaks no rule of the page's security policy, and leaves no error of a script, in all of this", () => {
    expect(watched.complaints).toEqual([]);
  });
});
