import { afterEach, expect, it } from "vitest";
import { CacheKeys } from "../../data/redis/keys.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

let stack: TestStack;

afterEach(() => stack.close());

it.each<[string, Record<string, string>, { list: number; code: number; link: number }]>([
  ["by default", {}, { list: 300, code: 1_800, link: 86_400 }],
  [
    "as set",
    { LIST_TTL_S: "20", CODE_TTL_S: "40", LINK_TTL_S: "604800" },
    { list: 20, code: 40, link: 604_800 },
  ],
])("a list, a code and a link are cached for so long %s", async (_how, env, lifetimes) => {
  stack = await startTestStack({ env });
  const { call } = stack;
  await call("/generate", { method: "POST", json: { qrId: "menu", targetUrl: "https://example.com/" } });
  await call("/qr");
  await call("/qr/menu");
  await call("/scan/menu", { tenant: null });
  const keys = {
    list: CacheKeys.list("tenant_a"),
    code: CacheKeys.code("tenant_a", "menu"),
    link: CacheKeys.link("menu"),
  };
  for (const [name, key] of Object.entries(keys)) {
    const left = Number(await stack.services.redis.command("TTL", key));
    const lifetime = lifetimes[name as keyof typeof lifetimes];
    expect(left, name).toBeLessThanOrEqual(lifetime);
    // What the requests above take, on a machine however busy, within the deadline of this test.
    expect(left, name).toBeGreaterThan(lifetime - 10);
  }
});
