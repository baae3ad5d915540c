import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type FetchedKeys, issuerKeys } from "../../core/auth/issuer-keys.ts";

const jwk = (kid: string) => ({
  ...generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" }),
  kid,
});
const [first, second] = [jwk("first"), jwk("second")];

/** An issuer whose keys, reachability and clock a test sets. */
function issuer(initial: FetchedKeys = { jwks: { keys: [first] } }) {
  const state = { reply: initial as FetchedKeys | undefined, asked: 0, now: 1_000_000 };
  const { keyOf } = issuerKeys(
    async () => {
      state.asked += 1;
      if (!state.reply) throw new Error("unreachable");
      return state.reply;
    },
    () => state.now,
  );
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { state, keyOf, settled, knows: async (kid: string) => (await keyOf(kid)) !== undefined };
}

const [MINUTE, HOUR] = [60_000, 3_600_000];

describe("the issuer's keys", () => {
  it("are fetched at the first token, and once for all that come meanwhile", async () => {
    const { state, knows } = issuer();
    expect(state.asked).toBe(0);
    expect(await Promise.all([knows("first"), knows("first"), knows("first")])).toEqual([true, true, true]);
    expect(state.asked).toBe(1);
  });

  it.each([
    [undefined, 10 * MINUTE],
    [0, MINUTE],
    [300, 5 * MINUTE],
    [86_400, HOUR],
  ])("are kept for as long as the issuer allows (%s s), within bounds", async (maxAgeS, ageMs) => {
    const { state, knows, settled } = issuer({ jwks: { keys: [first] }, maxAgeS });
    await knows("first");
    state.now += ageMs - 1;
    await knows("first");
    expect(state.asked).toBe(1);
    state.now += 1;
    expect(await knows("first")).toBe(true);
    await settled();
    expect(state.asked).toBe(2);
  });

  it("serve while newer ones are fetched, and are then replaced", async () => {
    const { state, knows, settled } = issuer();
    await knows("first");
    state.reply = { jwks: { keys: [second] } };
    state.now += HOUR;
    expect(await knows("first")).toBe(true);
    await settled();
    expect([await knows("first"), await knows("second")]).toEqual([false, true]);
  });

  it("are asked for again where a token names one that is not among them, every ten seconds at most", async () => {
    const { state, knows } = issuer();
    await knows("first");
    state.reply = { jwks: { keys: [first, second] } };
    expect(await knows("second")).toBe(false);
    expect(state.asked).toBe(1);
    state.now += 10_000;
    expect(await knows("second")).toBe(true);
    expect(await knows("made up")).toBe(false);
    expect(await knows("made up, too")).toBe(false);
    expect(state.asked).toBe(2);
  });

  it("serve for a day while the issuer is away, and no longer", async () => {
    const { state, knows, settled } = issuer();
    await knows("first");
    state.reply = undefined;
    for (const hours of [2, 10, 11]) {
      state.now += hours * HOUR;
      expect(await knows("first")).toBe(true);
      await settled();
    }
    state.now += 2 * HOUR;
    await expect(knows("first")).rejects.toMatchObject({ kind: "unavailable", what: "the issuer of tokens" });
    state.reply = { jwks: { keys: [first] } };
    state.now += 1_000;
    expect(await knows("first")).toBe(true);
  });

  it("are unavailable, rather than none, while they were never had; each second there is another attempt", async () => {
    const { state, knows } = issuer();
    state.reply = undefined;
    await expect(knows("first")).rejects.toMatchObject({ kind: "unavailable" });
    await expect(knows("first")).rejects.toMatchObject({ kind: "unavailable" });
    expect(state.asked).toBe(1);
    state.reply = { jwks: "not a key set" };
    state.now += 1_000;
    await expect(knows("first")).rejects.toMatchObject({ kind: "unavailable" });
    state.reply = { jwks: { keys: [first] } };
    state.now += 1_000;
    expect(await knows("first")).toBe(true);
  });

  it("that did not change stay the same objects, so that what they signed need not be checked again", async () => {
    const { state, keyOf, settled } = issuer();
    const before = await keyOf("first");
    state.reply = { jwks: { keys: [{ ...first }, second] } };
    state.now += HOUR;
    await keyOf("first");
    await settled();
    expect(await keyOf("second")).toBeDefined();
    expect(await keyOf("first")).toBe(before);
    state.reply = { jwks: { keys: [{ ...second, kid: "first" }] } };
    state.now += HOUR;
    await keyOf("first");
    await settled();
    expect(await keyOf("first")).not.toBe(before);
  });
});
