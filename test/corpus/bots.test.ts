import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isBot } from "../../core/scan/bot.ts";
import { isPersons, readCrawlers, readSamples, type Sample } from "../support/corpora/user-agents.ts";
import { lacks } from "../support/requirements.ts";

/** As many as the list of bots misses by itself. */
const MAX_MISSED = 17;

describe.skipIf(await lacks("corpora"))("over the corpora", () => {
  let samples: Sample[];
  let crawlers: string[];
  const rows: string[] = [];

  beforeAll(async () => {
    samples = await readSamples();
    crawlers = await readCrawlers(samples);
  });
  afterAll(() => console.log(rows.join("\n")));

  /** The row that docs/user-agents.md has to show. */
  function publish(what: string, wrong: number, of: number): void {
    const share = ((100 * wrong) / of).toFixed(2);
    const row = `| ${what} | ${wrong} of ${of.toLocaleString("en")} | ${share} % |`;
    rows.push(row);
    const docs = readFileSync(new URL("../../docs/user-agents.md", import.meta.url), "utf8");
    expect(docs).toContain(row);
  }

  it("no person is taken for a bot", () => {
    const people = samples.filter(isPersons);
    const wrong = people.filter(({ userAgent }) => isBot(userAgent));
    expect(wrong.map(({ kind, client, userAgent }) => `${kind}, ${client}: ${userAgent}`)).toEqual([]);
    publish("people taken for bots", wrong.length, people.length);
  });

  it("crawlers are missed no more often than the list of bots misses them", () => {
    const missed = crawlers.filter((userAgent) => !isBot(userAgent));
    expect(missed.length, missed.join("\n")).toBeLessThanOrEqual(MAX_MISSED);
    publish("crawlers taken for people", missed.length, crawlers.length);
  });

  it("holds people and crawlers enough to tell", () => {
    expect(samples.filter(isPersons).length).toBeGreaterThan(35_000);
    expect(crawlers.length).toBeGreaterThan(3_000);
  });
});
