import type { OperationName } from "./operations.ts";
import { seededRandom, zipf } from "./random.ts";

/** What tenants and phones do in a day. */
export interface DayPlan {
  tenants: number;
  codesPerTenant: number;
  /** Of the whole day. */
  scans: number;
  /** Dashboards that are open in office hours, of as many tenants. */
  dashboards: number;
  /** An open dashboard reads its list, and the one code whose page is open beside it, so often, in seconds. */
  pollSeconds: number;
  /** The page of another code is opened so often, in minutes, and its figures are read then. */
  pageMinutes: number;
  /** Of the whole day, in office hours. */
  edits: number;
  newCodes: number;
}

/** One request: of which kind, and on which thing. */
export interface DayRequest {
  operation: OperationName;
  n: number;
}

const MINUTES = 1_440;
const OFFICE = { from: 8 * 60, to: 18 * 60 };

/** How the scans spread over the hours: few at night, most at noon and in the evening. */
const SCANS_BY_HOUR = [1, 1, 1, 1, 1, 2, 3, 5, 7, 8, 9, 11, 13, 12, 10, 9, 9, 10, 12, 12, 9, 6, 3, 2];

/** The requests of each minute of a day, the same in each run, in no order within a minute. */
export function* minutesOf(plan: DayPlan): Generator<DayRequest[]> {
  const random = seededRandom(1);
  const codes = plan.tenants * plan.codesPerTenant;
  const scanned = zipf(codes, random);
  const among = (n: number) => Math.floor(random() * n);
  const weights = SCANS_BY_HOUR.reduce((sum, weight) => sum + weight, 0);
  const officeMinutes = OFFICE.to - OFFICE.from;
  for (let minute = 0; minute < MINUTES; minute++) {
    const requests: DayRequest[] = [];
    const add = (operation: OperationName, mean: number, n: () => number) => {
      const count = Math.floor(mean) + (random() < mean % 1 ? 1 : 0);
      for (let k = 0; k < count; k++) requests.push({ operation, n: n() });
    };
    // Popular codes belong to all tenants alike.
    const code = () => (scanned() * 7_919) % codes;
    add("scan", (plan.scans * (SCANS_BY_HOUR[Math.floor(minute / 60)] ?? 0)) / weights / 60, code);
    if (minute >= OFFICE.from && minute < OFFICE.to) {
      const ofDashboards = () => among(plan.dashboards) * plan.codesPerTenant + among(plan.codesPerTenant);
      const page = Math.floor(minute / plan.pageMinutes);
      for (let tenant = 0; tenant < plan.dashboards; tenant++) {
        const open = tenant * plan.codesPerTenant + ((page * 13) % plan.codesPerTenant);
        add("list", 60 / plan.pollSeconds, () => tenant);
        add("get", 60 / plan.pollSeconds, () => open);
        if (minute % plan.pageMinutes === 0) add("stats", 1, () => open);
      }
      add("patch", plan.edits / officeMinutes, ofDashboards);
      add("generate", plan.newCodes / officeMinutes, () => among(plan.dashboards));
    }
    yield shuffled(requests, among);
  }
}

function shuffled<T>(items: T[], among: (n: number) => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = among(i + 1);
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}
