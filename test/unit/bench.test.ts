import { describe, expect, it } from "vitest";
import { BENCHMARK_NAMES } from "../../bench/benchmarks.ts";
import { chart } from "../../bench/chart.ts";
import { type DayPlan, minutesOf } from "../../bench/day.ts";
import { MEASURED_DOCUMENTS, readDocument, withMeasurements } from "../../bench/documents.ts";
import { Latencies } from "../../bench/latencies.ts";
import { processorName, slugOf } from "../../bench/machine.ts";
import { seededRandom, zipf } from "../../bench/random.ts";
import { verdictOf } from "../../bench/report/claims.ts";
import { hasResult, processorFolders, readResult, resultsOf } from "../../bench/results.ts";
import { exponent, sample } from "../../bench/statistics.ts";
import { exponentText, figure, table } from "../../bench/table.ts";

describe("statistics", () => {
  it.each<[number[], number]>([
    [[3], 3],
    [[4, 1], 2.5],
    [[9, 1, 5], 5],
    [[1, 2, 30, 4], 3],
  ])("the median of %j is %d", (values, median) => {
    expect(sample(values)).toEqual({ median, min: Math.min(...values), max: Math.max(...values) });
  });

  it.each([0, 0.5, 1, 2, -1])("finds the exponent %d of a power law", (k) => {
    const points = [1, 10, 100, 1_000].map((x) => ({ x, y: 7 * x ** k }));
    expect(exponent(points)).toBeCloseTo(k);
  });

  it("percentiles are right to a thousandth, from microseconds to seconds", () => {
    for (const scale of [0.001, 1, 100]) {
      const latencies = new Latencies();
      for (let n = 1; n <= 100; n++) latencies.record(n * scale);
      const { p50, p95, p99, max } = latencies.percentiles();
      const expected = [50, 95, 99, 100].map((n) => n * scale);
      for (const [index, value] of [p50, p95, p99, max].entries())
        expect(Math.abs(value / (expected[index] ?? 0) - 1)).toBeLessThan(0.002);
    }
  });
});

describe("Zipf's law", () => {
  it("draws the first twice as often as the second and ten times as often as the tenth", () => {
    const draw = zipf(100, seededRandom(7));
    const seen = Array.from({ length: 100 }, () => 0);
    for (let n = 0; n < 200_000; n++) {
      const k = draw();
      seen[k] = (seen[k] ?? 0) + 1;
    }
    const [first = 0, second = 0] = seen;
    expect(first / second).toBeCloseTo(2, 1);
    expect(first / (seen[9] ?? 0)).toBeGreaterThan(9);
    expect(first / (seen[9] ?? 0)).toBeLessThan(11);
    expect(seen.every((count) => count > 0)).toBe(true);
  });
});

describe("an exponent", () => {
  it.each([
    [0.184, "0.18"],
    [-0.001, "0.00"],
    [-0.03, "-0.03"],
    [1, "1.00"],
  ])("%d is written as %s", (exponent, text) => {
    expect(exponentText(exponent)).toBe(text);
  });
});

describe("a day", () => {
  const plan: DayPlan = {
    tenants: 4,
    codesPerTenant: 25,
    scans: 20_000,
    dashboards: 2,
    pollSeconds: 30,
    pageMinutes: 10,
    edits: 60,
    newCodes: 30,
  };
  const minutes = [...minutesOf(plan)];
  const count = (operation: string) => minutes.flat().filter((one) => one.operation === operation).length;

  it("has as many requests as were planned", () => {
    expect(minutes).toHaveLength(1_440);
    expect(count("scan") / plan.scans).toBeCloseTo(1, 1);
    // Ten hours of two dashboards.
    expect(count("list")).toBe(2_400);
    expect(count("get")).toBe(2_400);
    expect(count("stats")).toBe(120);
    expect(count("patch")).toBeGreaterThan(30);
    expect(count("generate")).toBeGreaterThan(10);
  });

  it("is the same each time", () => {
    expect([...minutesOf(plan)]).toEqual(minutes);
  });
});

describe("a processor", () => {
  it.each([
    ["AMD EPYC", "AMD EPYC", "amd-epyc"],
    ["AMD EPYC 7R13 48-Core Processor", "AMD EPYC 7R13", "amd-epyc-7r13"],
    ["Intel(R) Xeon(R) Processor @ 2.60GHz", "Intel Xeon", "intel-xeon"],
    [
      "Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz",
      "Intel Xeon Platinum 8375C",
      "intel-xeon-platinum-8375c",
    ],
    ["Apple M3", "Apple M3", "apple-m3"],
  ])("that calls itself %j is shown as %j, and its results are in %j", (model, name, folder) => {
    expect(processorName(model)).toBe(name);
    expect(slugOf(name)).toBe(folder);
  });

  it("has its results in the folder of its name", () => {
    for (const folder of processorFolders())
      for (const name of BENCHMARK_NAMES.filter((name) => hasResult(folder, name)))
        expect(slugOf(readResult(folder, name).processor)).toBe(folder);
  });

  it("is named above each table", () => {
    const text = readDocument("docs/measured.md");
    const sources = text.split("\n").filter((line) => /^\*\*.+\*\*, `npm run bench -- /.test(line));
    const kept = BENCHMARK_NAMES.flatMap((name) => resultsOf(name));
    for (const { processor, command } of kept)
      expect(sources.some((line) => line.startsWith(`**${processor}**, \`${command}\``))).toBe(true);
  });
});

describe("a requirement", () => {
  const kept = { processor: "AMD EPYC", missed: [] };

  it("is claimed where it is met on every processor", () => {
    expect(verdictOf([kept, { processor: "Intel Xeon", missed: [] }])).toBe(
      "All are met on every processor that results are kept of: AMD EPYC, Intel Xeon.",
    );
  });

  it("is not claimed where it is missed on one", () => {
    expect(verdictOf([kept, { processor: "Intel Xeon", missed: ["get"] }])).toBe(
      "Not met, and so not claimed: get (Intel Xeon). The others are met on AMD EPYC, Intel Xeon.",
    );
  });
});

describe("what is shown", () => {
  it("has three significant figures", () => {
    expect([0, 0.012345, 1.5, 12.34, 1234.5].map(figure)).toEqual(["0", "0.0123", "1.5", "12.3", "1,230"]);
  });

  it("is a table whose figures stand below each other", () => {
    expect(table(["", "ms"], [["get", "1"]])).toBe("|     |  ms |\n| --- | --: |\n| get |   1 |");
  });

  it("draws a curve of a constant as a level line", () => {
    const points = [1, 10, 100].map((x) => ({ x, y: 3 }));
    const svg = chart({ x: "codes", unit: "ms", curves: [{ title: "get", points, exponent: 0 }] });
    const drawn = /points="([^"]+)"/
      .exec(svg)?.[1]
      ?.split(" ")
      .map((point) => point.split(",").map(Number));
    expect(drawn).toHaveLength(3);
    expect(new Set(drawn?.map(([, y]) => y)).size).toBe(1);
  });

  it.each(MEASURED_DOCUMENTS)("stands in %s as it was measured last", (name) => {
    const text = readDocument(name);
    expect(withMeasurements(name, text)).toBe(text);
  });
});
