/** One operation on a register. Times are of one monotonic clock. */
export interface RegisterOperation {
  kind: "write" | "read";
  /** What was written, which no other write writes, or what was read. */
  value: string;
  started: number;
  /** `Infinity` for a write that nobody knows to have happened. */
  ended: number;
}

/** The operations on one value; its zone lies between the first end and the last start of them. */
interface Zone {
  value: string;
  firstEnd: number;
  lastStart: number;
}

/**
 * Whether a history of a register is linearizable, by the theorem of Gibbons and Korach for unique writes
 * ("Testing Shared Memories", SIAM J. Comput. 26(4), 1997): where the operations on a value can't all overlap, its zone
 * is the time in which the register must have held it. Two such zones must not overlap, and the zone of a value whose
 * operations do all overlap must not lie within one of another. Knows nothing of how the register is made.
 *
 * @returns what is wrong, in words; nothing if the history is linearizable
 */
export function checkRegister(history: RegisterOperation[]): string[] {
  const byValue = Map.groupBy(history, ({ value }) => value);
  const problems: string[] = [];
  const zones: Zone[] = [];
  for (const [value, operations] of byValue) {
    const writes = operations.filter(({ kind }) => kind === "write");
    const [write] = writes;
    if (!write || writes.length > 1) {
      problems.push(`${value} was written ${writes.length} times`);
      continue;
    }
    for (const { kind, ended } of operations) {
      if (kind === "read" && ended < write.started) problems.push(`${value} was read before it was written`);
    }
    zones.push({
      value,
      firstEnd: Math.min(...operations.map(({ ended }) => ended)),
      lastStart: Math.max(...operations.map(({ started }) => started)),
    });
  }
  const held = zones.filter(isHeld).sort((a, b) => a.firstEnd - b.firstEnd);
  held.forEach((zone, index) => {
    const next = held[index + 1];
    if (next && next.firstEnd < zone.lastStart) problems.push(overlap(zone, next));
  });
  for (const zone of zones.filter((zone) => !isHeld(zone))) {
    const around = held.find((other) => other.firstEnd < zone.lastStart && zone.firstEnd < other.lastStart);
    if (around) problems.push(overlap(around, zone));
  }
  return problems;
}

const isHeld = ({ firstEnd, lastStart }: Zone) => firstEnd < lastStart;

function overlap(one: Zone, other: Zone): string {
  const show = ({ value, firstEnd, lastStart }: Zone) => `${value} (${firstEnd} to ${lastStart})`;
  return `${show(one)} was seen before and after ${show(other)}`;
}
