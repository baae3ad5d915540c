import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

type Flags = Record<string, unknown>;

const require = createRequire(import.meta.url);
const read = (file: string | URL) => JSON.parse(readFileSync(file, "utf8"));
const cdk = dirname(require.resolve("aws-cdk-lib/package.json"));
/** What `cdk init` writes into a new app of this version. */
const recommended = read(join(cdk, "recommended-feature-flags.json")) as Flags;
const { context } = read(new URL("../../cdk.json", import.meta.url)) as { context: Flags };

/** Flags that differ from the recommendation, each with its reason. */
const DIFFERENT: Record<string, [value: unknown, reason: string]> = {
  "@aws-cdk/core:defaultCrossStackReferences": [
    "strong",
    "CloudFormation refuses to remove what another stack still uses; the transition test relies on it.",
  ],
  "@aws-cdk/core:target-partitions": [
    ["aws"],
    "Neither Upstash nor the RDS authorities are set up for China.",
  ],
  "@aws-cdk/aws-ec2:restrictDefaultSecurityGroup": [
    false,
    "Nothing is ever a member of the default group, and closing it takes a function that may change groups.",
  ],
};

describe("the CDK's feature flags", () => {
  it("are all set, as recommended for a new app or with a reason", () => {
    const wanted = Object.fromEntries(
      Object.entries(recommended).map(([flag, value]) => [flag, DIFFERENT[flag]?.[0] ?? value]),
    );
    expect(context).toEqual(wanted);
  });

  it.each(Object.entries(DIFFERENT))("%s differs from what is recommended", (flag, [value, reason]) => {
    expect(recommended[flag]).not.toEqual(value);
    expect(reason.length).toBeGreaterThan(20);
  });
});
