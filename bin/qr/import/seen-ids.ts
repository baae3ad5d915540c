/** Numbers that a slot takes: two halves of a hash, and a line. */
const SLOT = 3;

/**
 * Where each ID of a file stands first, by a hash of 64 bits: in 24 to 48 bytes an ID, whatever its length. Among a
 * million IDs two different ones share a hash with a chance of 1 in 30 million.
 */
export class SeenIds {
  #slots = new Uint32Array(1_024 * SLOT);
  #size = 0;

  /** The line on which the ID stood before; `undefined` if it is new, which it is no more. */
  lineBefore(id: string, line: number): number | undefined {
    if ((this.#size + 1) * 2 * SLOT > this.#slots.length) this.#grow();
    return this.#put(hash(id, 0x9747b28c), hash(id, 0x3c6ef372), line);
  }

  #put(high: number, low: number, line: number): number | undefined {
    const slots = this.#slots;
    const count = slots.length / SLOT;
    for (let index = low % count; ; index = (index + 1) % count) {
      const at = index * SLOT;
      const before = slots[at + 2] as number;
      if (before === 0) {
        slots.set([high, low, line], at);
        this.#size += 1;
        return undefined;
      }
      if (slots[at] === high && slots[at + 1] === low) return before;
    }
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(before.length * 2);
    this.#size = 0;
    for (let at = 0; at < before.length; at += SLOT) {
      const [high = 0, low = 0, line = 0] = before.subarray(at, at + SLOT);
      if (line > 0) this.#put(high, low, line);
    }
  }
}

/** FNV-1a with the finalizer of MurmurHash3. */
function hash(text: string, seed: number): number {
  let value = seed;
  for (let index = 0; index < text.length; index += 1)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
