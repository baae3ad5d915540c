import { readFileSync } from "node:fs";
import Bowser from "bowser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Device, deviceOf } from "../../core/scan/device.ts";
import { kindOf, sameBrowser, sameSystem } from "../support/corpora/same-name.ts";
import { readSamples, type Sample } from "../support/corpora/user-agents.ts";
import { lacks } from "../support/requirements.ts";

/** What the parser says by itself. */
function bowser(userAgent: string): Device {
  const { platform, os, browser } = Bowser.parse(userAgent);
  return { device: platform.type || "other", os: os.name || "other", browser: browser.name || "other" };
}

/** A sample, and what the parser by itself and the relay make of it. */
interface Compared {
  sample: Sample;
  names: [bowser: Device, relay: Device];
}

describe.skipIf(await lacks("corpora"))("over the corpus, what a scan's figures call", () => {
  let compared: Compared[];
  const rows: string[] = [];

  beforeAll(async () => {
    compared = (await readSamples())
      .filter(
        ({ bot, clientType, device }) => !bot && clientType === "browser" && kindOf(device) !== undefined,
      )
      .map((sample) => ({ sample, names: [bowser(sample.userAgent), deviceOf(sample.userAgent)] }));
  });
  afterAll(() => console.log(rows.join("\n")));

  /**
   * Compares on what people hold, and on televisions as well; docs/user-agents.md has to show the row.
   *
   * @returns the relay's agreement on what people hold, in per cent
   */
  function compare(what: string, agrees: (name: Device, sample: Sample) => boolean): number {
    const held = compared.filter(({ sample }) => sample.device !== "tv");
    const rates = [held, compared].flatMap((of) =>
      ([0, 1] as const).map(
        (parser) =>
          (100 * of.filter(({ sample, names }) => agrees(names[parser], sample)).length) / of.length,
      ),
    );
    const row = `| ${what} | ${rates.map((rate) => `${rate.toFixed(1)} %`).join(" | ")} |`;
    rows.push(row);
    expect(readFileSync(new URL("../../docs/user-agents.md", import.meta.url), "utf8")).toContain(row);
    return rates[1] as number;
  }

  it("a device, it is", () => {
    expect(compare("device", ({ device }, sample) => device === kindOf(sample.device))).toBeGreaterThan(95);
  });

  it("a system, it is", () => {
    expect(compare("system", ({ os }, sample) => sameSystem(os, sample.os))).toBeGreaterThan(98);
  });

  it("a browser, it is", () => {
    expect(compare("browser", ({ browser }, sample) => sameBrowser(browser, sample.client))).toBeGreaterThan(
      97,
    );
  });

  it("a bot, is no person's device", () => {
    const bots = compared.filter(({ names: [, { device }] }) => device === "bot");
    expect(bots.map(({ sample }) => sample.userAgent)).toEqual([]);
  });
});
