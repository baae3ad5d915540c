import { describe, expect, it } from "vitest";
import { endpoints } from "../../bench/benchmarks/endpoints.ts";
import { flood } from "../../bench/benchmarks/flood.ts";
import { importCost } from "../../bench/benchmarks/import.ts";
import { comparePeers } from "../../bench/benchmarks/peers.ts";
import { profile } from "../../bench/benchmarks/profile.ts";
import { READS, readFloors } from "../../bench/benchmarks/read-floors.ts";
import { scanFloor } from "../../bench/benchmarks/scan-floor.ts";
import { whole } from "../../bench/benchmarks/whole.ts";
import { peersReport } from "../../bench/report/peers.ts";
import { readsReport } from "../../bench/report/reads.ts";
import { wholeReport } from "../../bench/report/whole.ts";
import { wrkVersion } from "../../bench/wrk.ts";
import { countingPeer } from "../support/counting-peer.ts";
import { lacks } from "../support/requirements.ts";
import { makeFolder } from "../support/temporary-folder.ts";

const noWrk = (await wrkVersion()) === undefined;
const SMOKE = { rounds: 1, tenants: 5, requests: { one: 5, many: 5, counted: 5 } };

describe.skipIf(await lacks("redis-server"))("the benchmark", { timeout: 120_000 }, () => {
  it("counts what each request costs the servers", async () => {
    const { cells } = await endpoints(SMOKE, () => {});
    const counted = cells.map(({ operation, mode, statements, redisCommands }) => [
      operation,
      mode,
      // The statement that deletes what several changes had confirmed is part of each.
      Math.floor(statements),
      redisCommands,
    ]);
    // Per request: SQL statements, Redis commands.
    expect(counted).toEqual([
      ["list", "hit", 0, 2],
      ["list", "miss", 1, 4],
      ["get", "hit", 0, 1],
      ["get", "miss", 1, 3],
      ["scan", "hit", 0, 1],
      ["scan", "miss", 1, 2],
      ["stats", "hit", 1, 1],
      ["stats", "miss", 2, 3],
      // The change itself, of a patch between BEGIN and COMMIT; the keys are closed and opened.
      ["generate", "hit", 1, 2],
      ["patch", "hit", 3, 3],
      ["list", "off", 1, 0],
      ["get", "off", 1, 0],
      ["scan", "off", 2, 0],
      ["stats", "off", 2, 0],
      ["generate", "off", 1, 0],
      ["patch", "off", 3, 0],
    ]);
  });

  it("tells where the time of a scan goes, all of it", async () => {
    const { parts } = await profile(0.3, () => {});
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(parts.filter(({ share }) => share > 0).map(({ title }) => title)).toEqual(
      expect.arrayContaining([
        "system calls that write to sockets",
        "the client for RESP",
        "the endpoint",
        "V8's own",
      ]),
    );
  });

  it("measures a scan beside its floor, in fresh processes that all redirect", async () => {
    const { subjects, shareOfFloor, wrk } = await scanFloor({ rounds: 1, seconds: 0.1 }, () => {});
    expect(wrk === undefined).toBe(noWrk);
    for (const { perSecond, cpuMicros, medianAtOne } of Object.values({
      ...subjects,
      ...Object.fromEntries(Object.entries(wrk?.subjects ?? {}).map(([name, by]) => [`${name} by wrk`, by])),
    })) {
      expect(perSecond.median).toBeGreaterThan(0);
      expect(cpuMicros.median).toBeGreaterThan(0);
      expect(medianAtOne.median).toBeGreaterThan(0);
    }
    expect(shareOfFloor.median).toBeCloseTo(subjects.resp.perSecond.median / subjects.floor.perSecond.median);
  });

  it("measures reads from the cache beside their floors, which send the same commands and bytes", async () => {
    const measured = await readFloors({ rounds: 1, seconds: 0.1 }, () => {});
    for (const read of READS) {
      const { floor, hit, timesFloor } = measured.reads[read];
      for (const { median } of [...Object.values(floor), ...Object.values(hit)])
        expect(median).toBeGreaterThan(0);
      expect(timesFloor.cpuMicros.median).toBeCloseTo(hit.cpuMicros.median / floor.cpuMicros.median);
    }
    expect(readsReport(measured)).toMatch(/a list takes .+\sa get takes /s);
  });

  it("measures all of it beside a scan's process alone, and loses none", async () => {
    const measured = await whole({ rounds: 1, seconds: 0.3 }, () => {});
    for (const { perSecond, p99, medianAtOne } of Object.values(measured.subjects))
      for (const { median } of [perSecond, p99, medianAtOne]) expect(median).toBeGreaterThan(0);
    expect(measured.answered).toBeGreaterThan(0);
    expect(measured.lost).toBe(0);
    expect(wholeReport(measured)).toMatch(/reaches .+ % .+ 0 did not get to Postgres/s);
  });

  it("measures other services, one after the other, and what a kill costs them", async () => {
    const folder = await makeFolder("qr-service-peer-");
    const services: Parameters<typeof comparePeers>[0] = [
      ["a service that counts", () => countingPeer(folder.path)],
      ["one that is not here", "no place was named"],
    ];
    const options = { seconds: 0.5, stillMs: 600 };
    const measured = await comparePeers(services, options, () => {}).finally(folder.remove);
    const [peer] = measured.peers;
    for (const value of [peer?.perSecond, peer?.p99AtMany, peer?.medianAtOne, peer?.answered, peer?.counted])
      expect(value).toBeGreaterThan(0);
    // It keeps its count some times a second.
    expect(peer?.counted).toBeLessThanOrEqual((peer?.answered ?? 0) + measured.connections);
    expect(measured.absent).toEqual(["one that is not here: no place was named"]);
    expect(peersReport(measured)).toMatch(/^\| a service that counts .*\d → [\d,]+ \|$/m);
  });

  it("measures imports, and scans beside them, of which none costs a redirect", async () => {
    const { alone, beside, before, peak, scans } = await importCost(
      { rounds: 1, rows: 50, seconds: 0.3 },
      () => {},
    );
    for (const { median } of [alone, beside, before, scans.atRest.p99, scans.beside.p99])
      expect(median).toBeGreaterThan(0);
    expect(peak.median).toBeGreaterThanOrEqual(before.median);
    expect([scans.atRest.failures, scans.beside.failures]).toEqual([0, 0]);
  });

  it("measures scans beside floods, of which none costs a redirect", async () => {
    const { cases } = await flood({ rounds: 1, seconds: 0.3 }, () => {});
    expect(cases.map(({ clients, failures }) => [clients, failures])).toEqual([
      [0, 0],
      [4, 0],
      [16, 0],
      [16, 0],
      [16, 0],
      [16, 0],
    ]);
    for (const { clients, floodPerSecond } of cases) expect(floodPerSecond.median > 0).toBe(clients > 0);
  });
});
