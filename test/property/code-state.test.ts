import fc from "fast-check";
import { expect, it } from "vitest";
import { codeState } from "../../core/code/state.ts";
import { linkOf, linkState } from "../../core/link/link.ts";
import { PLAIN_CODE } from "../support/stored-code.ts";

const NOON = Date.UTC(2030, 0, 1, 12);
const instant = fc.option(fc.integer({ min: NOON - 3, max: NOON + 3 }).map((at) => new Date(at)));

it("a code's state is what a scan meets", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.constantFrom<("active" | "paused")[]>("active", "paused"),
      instant,
      instant,
      fc.option(fc.integer({ min: 1, max: 3 })),
      fc.integer({ min: 0, max: 4 }),
      (status, startsAt, expiresAt, maxScans, scans) => {
        const code = {
          ...PLAIN_CODE,
          status,
          maxScans,
          startsAt: startsAt?.toISOString() ?? null,
          expiresAt: expiresAt?.toISOString() ?? null,
        };
        const link = linkOf({ ...code, startsAt, expiresAt, deletedAt: null });
        const state = codeState(code, scans, NOON);
        seen.add(state);
        const met = linkState(link, NOON, scans);
        expect(["open", "early"].includes(state) ? state : "closed").toBe(met);
        if (status === "paused") expect(state).toBe("paused");
        else if (state === "exhausted") expect(scans).toBeGreaterThanOrEqual(maxScans ?? Number.NaN);
        else if (state === "expired") expect(NOON).toBeGreaterThanOrEqual(expiresAt?.getTime() ?? Number.NaN);
      },
    ),
    { numRuns: 2_000 },
  );
  expect([...seen].sort()).toEqual(["early", "exhausted", "expired", "open", "paused"]);
});
