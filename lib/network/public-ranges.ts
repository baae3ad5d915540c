import type { Stage } from "../stage.ts";

const MASK = 26;
const SIZE = 2 ** (32 - MASK);

/** The ranges of the public subnets, one for each zone: the first of the network, which the VPC reserves. */
export function publicRanges({ cidr, availabilityZones }: Stage["network"]): {
  mask: number;
  ranges: string[];
} {
  const [first = "", second = ""] = cidr.split(".");
  const ranges = Array.from(
    { length: availabilityZones },
    (_, index) => `${first}.${second}.0.${index * SIZE}/${MASK}`,
  );
  return { mask: MASK, ranges };
}
