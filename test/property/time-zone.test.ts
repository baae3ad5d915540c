import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTimeZone, localDate, offsetSpans, QUARTER_MS } from "../../core/time-zone.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const ZONES = Intl.supportedValuesOf("timeZone");

/** The zones whose clocks are odd: by half and quarter hours, by changes of half an hour, at midnight, or in Ramadan. */
const ODD = [
  "Asia/Kathmandu",
  "Pacific/Chatham",
  "Australia/Eucla",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "America/St_Johns",
  "Africa/Casablanca",
  "Africa/Cairo",
  "America/Havana",
  "Asia/Beirut",
  "America/Santiago",
  "America/Asuncion",
  "Pacific/Kiritimati",
  "Pacific/Pago_Pago",
  "America/Nuuk",
  "Antarctica/Troll",
];

/** What a wall clock shows, by `Intl`'s own parts: another way than the one that is tested. */
const clocks = new Map<string, Intl.DateTimeFormat>();
function wallClock(zone: string, at: number): { date: string; time: string } {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
  clocks.set(zone, clock);
  const [date = "", time = ""] = clock.format(at).split(" ");
  return { date, time };
}

const zone = fc.oneof(fc.constantFrom(...ODD), fc.constantFrom(...ZONES));
const instant = fc.integer({ min: Date.parse("2015-01-01"), max: Date.parse("2036-01-01") });
const date = instant.map((at) => new Date(at).toISOString().slice(0, 10));

/** The date of the day so many days later. */
const plus = (day: string, days: number) =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

describe("the days of a time zone", () => {
  it("have the dates that its clocks show", () => {
    fc.assert(
      fc.property(zone, instant, (name, at) => {
        expect(localDate(name, at)).toBe(wallClock(name, at).date);
      }),
      { numRuns: 2_000 },
    );
  });

  it("hold exactly the quarters of an hour that its clocks show on those dates, each at the time that they show", () => {
    fc.assert(
      fc.property(zone, date, fc.integer({ min: 0, max: 9 }), (name, first, days) => {
        const last = plus(first, days);
        const spans = offsetSpans(name, first, last);
        const start = Date.parse(first) - DAY_MS;
        for (let at = start; at < Date.parse(last) + 2 * DAY_MS; at += QUARTER_MS) {
          const shown = wallClock(name, at);
          const holding = spans.filter(({ from, to }) => from <= at && at < to);
          expect([name, at, holding.length]).toEqual([
            name,
            at,
            shown.date >= first && shown.date <= last ? 1 : 0,
          ]);
          const [span] = holding;
          if (!span) continue;
          const local = new Date(at + span.offsetMinutes * 60_000).toISOString();
          expect([name, local.slice(0, 19)]).toEqual([name, `${shown.date}T${shown.time}`]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("follow each other without a gap, over a year in every zone, with ends at quarters of an hour", () => {
    for (const name of ZONES) {
      const spans = offsetSpans(name, "2026-01-01", "2026-12-31");
      expect([name, wallClock(name, (spans[0]?.from ?? 0) - 1).date]).toEqual([name, "2025-12-31"]);
      expect([name, wallClock(name, spans.at(-1)?.to ?? 0).date]).toEqual([name, "2027-01-01"]);
      for (const [index, { from, to, offsetMinutes }] of spans.entries()) {
        expect([name, from % QUARTER_MS, to % QUARTER_MS]).toEqual([name, 0, 0]);
        expect(Math.abs(offsetMinutes % 15)).toBe(0);
        if (index > 0) expect([name, from]).toEqual([name, spans[index - 1]?.to]);
        expect(to).toBeGreaterThan(from);
      }
    }
  });

  it.each([
    ["Europe/Berlin", "2026-03-29", 23],
    ["Europe/Berlin", "2026-10-25", 25],
    ["Australia/Lord_Howe", "2026-04-05", 24.5],
    ["Australia/Lord_Howe", "2026-10-04", 23.5],
    ["Asia/Kathmandu", "2026-03-29", 24],
    ["Africa/Cairo", "2026-04-24", 23],
    ["America/Havana", "2026-11-01", 25],
  ])("in %s on %s are %d hours", (name, day, hours) => {
    const length = offsetSpans(name, day, day).reduce((sum, { from, to }) => sum + to - from, 0);
    expect(length / HOUR_MS).toBe(hours);
  });
});

describe("the name of a time zone", () => {
  it.each([
    "UTC",
    "Europe/Berlin",
    "europe/berlin",
    "America/Argentina/Buenos_Aires",
    "Etc/GMT+5",
    "Asia/Calcutta",
    ...ODD,
  ])("%s is one", (name) => expect(isTimeZone(name)).toBe(true));

  it.each([
    "",
    "Mars/Olympus",
    "+01:00",
    "01:00",
    "Europe/Berlin ",
    "Europe",
    "Europe/",
    "../etc",
    "UTC;",
    "a".repeat(65),
  ])("%j is none", (name) => expect(isTimeZone(name)).toBe(false));
});
