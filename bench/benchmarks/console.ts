import lighthouse, { desktopConfig, type Result as Report } from "lighthouse";
import { type Browser, launch, type Page } from "puppeteer-core";
import { findChromium } from "../../test/support/browser.ts";
import { DEMO_CODE, startDemo } from "../console/demo.ts";
import { withServers } from "../servers.ts";

/** Of Lighthouse, 0 to 100. */
export interface ConsoleScores {
  pages: {
    page: string;
    device: "desktop" | "phone";
    performance: number;
    accessibility: number;
    bestPractices: number;
  }[];
  /** Bytes of the first view as they are sent, and how long its largest part took to be drawn, ms. */
  firstViewBytes: number;
  largestPaintMs: number;
}

type Progress = (line: string) => void;

const MAX_ATTEMPTS = 3;

/** Of so many measurements the median counts: what disturbs this machine for a moment disturbs the phone four times as long. */
const RUNS = { phone: 3, desktop: 1 };

/** More than a sign-in passes. */
const MAX_DOCUMENTS = 5;

const CATEGORIES = ["performance", "accessibility", "best-practices"];

/** What Lighthouse thinks of the console over a demo's data; its phone is four times as slow as this machine, on a slow line. */
export async function consoleScores(
  { smoke }: { smoke: boolean },
  progress: Progress,
): Promise<ConsoleScores> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("there is no Chromium on the PATH");
  return withServers(async (servers) => {
    const demo = await startDemo(servers);
    const browser = await launch({ executablePath, args: ["--no-sandbox"] });
    try {
      const pages: ConsoleScores["pages"] = [];
      // A browser that has just started is slower at its first page, whatever that is.
      progress("a first look that does not count");
      await measure(browser, demo.baseUrl, "codes", "desktop");
      let first: Report | undefined;
      for (const device of ["phone", "desktop"] as const) {
        for (const page of smoke ? ["codes"] : ["codes", `code/${DEMO_CODE}`, "overview"]) {
          progress(`${page} on a ${device}`);
          const reports: Report[] = [];
          for (let run = 0; run < (smoke ? 1 : RUNS[device]); run++)
            reports.push(await measureWell(browser, demo.baseUrl, page, device));
          const report = medianOf(reports);
          first ??= report;
          pages.push({ page, device, ...scoresOf(report) });
        }
      }
      return {
        pages,
        firstViewBytes: first?.audits["total-byte-weight"]?.numericValue ?? 0,
        largestPaintMs: first?.audits["largest-contentful-paint"]?.numericValue ?? 0,
      };
    } finally {
      await browser.close();
      await demo.close();
    }
  });
}

/** By performance. */
function medianOf(reports: Report[]): Report {
  const sorted = reports.toSorted((one, other) => performanceOf(one) - performanceOf(other));
  return sorted[Math.floor(sorted.length / 2)] as Report;
}

const performanceOf = ({ categories }: Report) => categories.performance?.score ?? 0;

/** Lighthouse now and then misses the largest paint of a page that is there at once, and then gives no score. */
async function measureWell(...page: Parameters<typeof measure>): Promise<Report> {
  for (let attempt = 1; ; attempt++) {
    const report = await measure(...page);
    const isScored = CATEGORIES.every((name) => report.categories[name]?.score != null);
    if (isScored || attempt === MAX_ATTEMPTS) return report;
  }
}

async function measure(
  browser: Browser,
  baseUrl: string,
  hash: string,
  device: "phone" | "desktop",
): Promise<Report> {
  const page = await browser.newPage();
  await page.goto(`${baseUrl}/`);
  await appears(page, ".button-primary");
  await page.click(".button-primary");
  await appears(page, ".page-head h1");
  // What signing in has loaded is loaded again, as at a first visit; the session stays.
  await (await page.createCDPSession()).send("Network.clearBrowserCache");
  const settings = { onlyCategories: CATEGORIES, disableStorageReset: true };
  const config = device === "desktop" ? desktopConfig : undefined;
  const result = await lighthouse(`${baseUrl}/#/${hash}`, settings, config, page as never);
  await page.close();
  if (!result) throw new Error("Lighthouse gave no result");
  return result.lhr;
}

/** Signing in passes several documents, and the wait of one that is left fails with it. */
async function appears(page: Page, selector: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await page.waitForSelector(selector);
      return;
    } catch (error) {
      if (attempt === MAX_DOCUMENTS) throw error;
    }
  }
}

function scoresOf({ categories }: Report) {
  const score = (name: string) => Math.round((categories[name]?.score ?? 0) * 100);
  return {
    performance: score("performance"),
    accessibility: score("accessibility"),
    bestPractices: score("best-practices"),
  };
}
