import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPage, startBrowser } from "../support/browser.ts";
import { signIn } from "../support/console-page.ts";
import { type ConsoleStack, startConsoleStack } from "../support/console-stack.ts";
import { lacks } from "../support/requirements.ts";

describe.skipIf(await lacks("chromium"))("signing in to the console", { timeout: 60_000 }, () => {
  let browser: Browser;
  let stack: ConsoleStack;
  let elsewhere: ConsoleStack;
  beforeAll(async () => {
    [browser, stack, elsewhere] = await Promise.all([
      startBrowser(),
      startConsoleStack(),
      startConsoleStack({ host: "0.0.0.0" }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([stack?.close(), elsewhere?.close()]);
  });

  it("takes one click on this machine, and leaves no token where another tab or visit finds it", async () => {
    const { page, context, complaints } = await openPage(browser);
    await signIn(page, stack.baseUrl);
    await page.getByRole("heading", { name: "Make your first code" }).waitFor();
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toMatch(/token|eyJ/i);
    expect(await context.cookies()).not.toContainEqual(
      expect.objectContaining({ value: expect.stringMatching(/^eyJ/) }),
    );
    const kept = await page.evaluate(() => JSON.parse(sessionStorage.getItem("session") ?? "{}"));
    const reply = await fetch(`${stack.baseUrl}/qr`, {
      headers: { authorization: `Bearer ${kept.accessToken}` },
    });
    expect(reply.status).toBe(200);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("survives a reload, renews a token that has expired, and asks anew after signing out", async () => {
    const { page, context } = await openPage(browser);
    await signIn(page, stack.baseUrl);
    await page.evaluate(() => {
      const session = JSON.parse(sessionStorage.getItem("session") ?? "{}");
      sessionStorage.setItem("session", JSON.stringify({ ...session, accessToken: "expired" }));
    });
    await page.reload();
    await page.getByRole("heading", { name: "Make your first code" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Continue as tenant_acme" }).waitFor();
    await context.close();
  });

  it("gives each role what it may do", async () => {
    const { page, context } = await openPage(browser);
    await signIn(page, stack.baseUrl, "Viewer");
    await page.getByText("your role is read-only").first().waitFor();
    const kept = await page.evaluate(() => JSON.parse(sessionStorage.getItem("session") ?? "{}"));
    const write = await fetch(`${stack.baseUrl}/generate`, {
      method: "POST",
      headers: { authorization: `Bearer ${kept.accessToken}`, "content-type": "application/json" },
      body: JSON.stringify({ targetUrl: "https://example.com/" }),
    });
    expect(write.status).toBe(403);
    await context.close();
  });

  it("asks for the terminal's secret wherever others can reach the gateway", async () => {
    const { page, context } = await openPage(browser);
    await page.goto(`${elsewhere.baseUrl}/`);
    const enter = async (secret: string) => {
      await page.getByLabel("Secret from the terminal").first().fill(secret);
      await page.getByRole("button", { name: "Continue as tenant_acme" }).click();
    };
    await enter("AAAA-AAAA-AAAA-AAAA");
    await page.getByText("That is not the secret.").waitFor();
    await enter((elsewhere.secret ?? "").toLowerCase().replaceAll("-", " "));
    await page.getByRole("heading", { name: "Make your first code" }).waitFor();
    expect(elsewhere.secret).toMatch(/^([A-Z2-8]{4}-){3}[A-Z2-8]{4}$/);
    await context.close();
  });

  it("says so plainly where the browser allows no sign-in: at a plain address of another machine", async () => {
    const { page, context } = await openPage(browser);
    // A name of this machine that is no loopback name to the browser.
    await page.route("http://qr.example/**", async (route) => {
      const url = new URL(route.request().url());
      const reply = await fetch(`${stack.baseUrl}${url.pathname}`);
      await route.fulfill({
        status: reply.status,
        headers: Object.fromEntries(reply.headers),
        body: Buffer.from(await reply.arrayBuffer()),
      });
    });
    await page.goto("http://qr.example/");
    await page.getByRole("heading", { name: "This address can't sign you in" }).waitFor();
    await context.close();
  });

  it("speaks the browser's language", async () => {
    const { page, context } = await openPage(browser, { locale: "de-AT" });
    await page.goto(`${stack.baseUrl}/`);
    await page.getByRole("button", { name: "Weiter als tenant_acme" }).click();
    await page.getByRole("heading", { name: "Ihr erster Code" }).waitFor();
    expect(await page.getAttribute("html", "lang")).toBe("de");
    await context.close();
  });
});
