import { describe, expect, it } from "vitest";
import { isBot } from "../../core/scan/bot.ts";
import { CRAWLER, PHONE } from "../support/user-agents.ts";

describe("a bot", () => {
  it("is told by its user agent, each time that it comes", () => {
    for (let time = 0; time < 3; time++) {
      expect([isBot(CRAWLER), isBot(PHONE), isBot("curl/8.5.0")]).toEqual([true, false, true]);
    }
  });

  it("is whoever sends no user agent", () => {
    expect(isBot("")).toBe(true);
  });

  it("is still told from a person after more user agents than are remembered", () => {
    for (let n = 0; n < 2_500; n++) {
      expect(isBot(`${PHONE} App/${n}`)).toBe(false);
      expect(isBot(`Googlebot/${n}`)).toBe(true);
    }
    expect([isBot(CRAWLER), isBot(PHONE)]).toEqual([true, false]);
  });
});
