import { describe, expect, it } from "vitest";
import { accountOf, subjectOf } from "../../bin/local/sign-in/account.ts";
import { memoryAdapters } from "../../bin/local/sign-in/adapter.ts";
import { isAtThisMachine, isSecret, newSignInSecret } from "../../bin/local/sign-in/trusted.ts";
import { languageFor } from "../../console/i18n/texts-for.ts";

describe("whoever signs in on one machine", () => {
  it("is at this machine only by a loopback address, by its name, and through no proxy", () => {
    const from = (headers: Record<string, string>) => ({ headers });
    for (const host of ["localhost:3002", "127.0.0.1:3002", "[::1]:3002", "localhost"]) {
      expect(isAtThisMachine("127.0.0.1", from({ host }))).toBe(true);
    }
    expect(isAtThisMachine("0.0.0.0", from({ host: "localhost:3002" }))).toBe(false);
    // A page of that name could be pointed at this machine (DNS rebinding).
    expect(isAtThisMachine("127.0.0.1", from({ host: "evil.example:3002" }))).toBe(false);
    expect(isAtThisMachine("127.0.0.1", from({}))).toBe(false);
    for (const header of ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"]) {
      expect(isAtThisMachine("127.0.0.1", from({ host: "localhost", [header]: "203.0.113.7" }))).toBe(false);
    }
  });

  it("is known by the secret alone, however it is spaced or cased", async () => {
    const secret = await newSignInSecret();
    expect(secret).toMatch(/^([A-Z2-8]{4}-){3}[A-Z2-8]{4}$/);
    expect(isSecret(secret.toLowerCase().replaceAll("-", " "), secret)).toBe(true);
    for (const wrong of ["", "-", secret.slice(1), `${secret}A`, await newSignInSecret()]) {
      expect(isSecret(wrong, secret)).toBe(false);
    }
  });

  it("is an account of a known role and of tenants' IDs, and nothing else", () => {
    for (const account of [
      { role: "viewer" as const, tenants: ["tenant_acme"] },
      { role: "administrator" as const, tenants: ["a", "b-2"] },
    ]) {
      expect(accountOf(subjectOf(account))).toEqual(account);
    }
    const many = Array.from({ length: 21 }, (_, index) => `t${index}`).join("+");
    for (const wrong of [
      "",
      "viewer",
      "viewer@",
      "root@a",
      "__proto__@a",
      "viewer@a@b",
      "viewer@a b",
      `viewer@${many}`,
    ]) {
      expect(accountOf(wrong)).toBeUndefined();
    }
  });
});

describe("what the provider keeps", () => {
  it("is forgotten at its time, or with its grant", async () => {
    let now = 0;
    const adapters = memoryAdapters(() => now);
    const tokens = adapters("RefreshToken");
    await tokens.upsert("1", { grantId: "g" }, 10);
    await tokens.upsert("2", { grantId: "other" }, 10);
    await adapters("Session").upsert("1", { uid: "u" }, 10);
    expect(await tokens.find("1")).toEqual({ grantId: "g" });
    expect(await adapters("Session").findByUid("u")).toEqual({ uid: "u" });
    await tokens.revokeByGrantId("g");
    expect([await tokens.find("1"), await tokens.find("2")]).toEqual([undefined, { grantId: "other" }]);
    now = 10_000;
    expect([await tokens.find("2"), await adapters("Session").findByUid("u")]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe("the language", () => {
  it.each([
    [undefined, "en"],
    ["", "en"],
    ["fr-FR,de;q=0.8,en;q=0.5", "de"],
    ["en-GB,de", "en"],
    ["constructor", "en"],
    ["DE-at", "de"],
  ])("of %j is %s", (wanted, language) => {
    expect(languageFor(wanted)).toBe(language);
  });
});
