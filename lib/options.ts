import type { Stage } from "./stage.ts";

/** Sizes of a stage that an option of that name changes, each with how it is checked and where it goes. */
interface SizeOption {
  rule: string;
  isValid(value: string): boolean;
  apply(sizes: Stage, value: string): void;
}

const RDS_CLASS = /^[a-z]\w{1,5}\.\w{5,9}$/;
const BROKER = /^(kafka|express)\.[a-z]\w{1,5}\.\w{5,9}$/;
const CACHE_NODE = /^cache\.[a-z]\w{1,5}\.\w{5,9}$/;

export const SIZE_OPTIONS: Record<string, SizeOption> = {
  databaseInstance: {
    rule: "must be a class such as t4g.small",
    isValid: (value) => RDS_CLASS.test(value),
    apply: ({ database }, value) => {
      database.instance = value;
    },
  },
  databaseStorageGiB: {
    rule: "must be from 20 to the stage's bound on growth",
    isValid: (value) => /^\d{2,4}$/.test(value) && Number(value) >= 20,
    apply: ({ database }, value) => {
      database.storageGiB = Number(value);
      database.maxStorageGiB = Math.max(database.maxStorageGiB, 2 * Number(value));
    },
  },
  databaseConnections: {
    rule: "must be from 20 to 5000",
    isValid: (value) => /^\d{2,4}$/.test(value) && Number(value) >= 20 && Number(value) <= 5_000,
    apply: ({ database }, value) => {
      database.maxConnections = Number(value);
    },
  },
  multiAz: {
    rule: "must be true or false",
    isValid: (value) => value === "true" || value === "false",
    apply: ({ database }, value) => {
      database.multiAz = value === "true";
    },
  },
  brokerInstance: {
    rule: "must be a type such as kafka.m7g.large",
    isValid: (value) => BROKER.test(value),
    apply: ({ kafka }, value) => {
      kafka.instance = value;
    },
  },
  valkeyNode: {
    rule: "must be a type such as cache.t4g.small",
    isValid: (value) => CACHE_NODE.test(value),
    apply: ({ valkey }, value) => {
      valkey.node = value;
    },
  },
  natInstance: {
    rule: "must be a type of Graviton such as t4g.micro",
    isValid: (value) => /^[a-z]\w*g\w*\.\w{4,9}$/.test(value),
    apply: ({ network }, value) => {
      network.natInstance = value;
    },
  },
};

/** All names that `-c` may give. */
export const OPTION_NAMES = [
  "stage",
  "redis",
  "events",
  "upstashSecret",
  "proxy",
  "cloudfront",
  "console",
  "consoleClientId",
  "issuer",
  "audience",
  "tenantClaim",
  "domain",
  "hostedZoneId",
  "origins",
  "callbackUrl",
  "alarmEmail",
  ...Object.keys(SIZE_OPTIONS),
] as const;

/** The CDK's own context: feature flags, what its command line adds, and what it looked up. */
const OF_THE_CDK = /^(@|aws:|aws-cdk:|cdk:)|:account=/;

/** Problems with the given option names: an unknown option is reported, never ignored. */
export function unknownOptions(given: readonly string[]): string[] {
  return given
    .filter((name) => !OF_THE_CDK.test(name) && !(OPTION_NAMES as readonly string[]).includes(name))
    .map((name) => {
      const alike = OPTION_NAMES.find((known) => distance(known.toLowerCase(), name.toLowerCase()) <= 2);
      return `there is no option ${name}${alike ? `; did you mean ${alike}?` : ""}`;
    });
}

/** Letters to insert, remove or exchange to make one word of the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [column, candidate] of [...other].entries()) {
      const exchanged = (row[column] as number) + (letter === candidate ? 0 : 1);
      next.push(Math.min(exchanged, (row[column + 1] as number) + 1, (next[column] as number) + 1));
    }
    row = next;
  }
  return row.at(-1) as number;
}
