import { expect, it } from "vitest";
import { scanUrls, unreadUrls } from "../support/drawn-urls.ts";

it("what the encoder writes is read by three decoders at every level", { timeout: 120_000 }, async () => {
  expect(await unreadUrls(scanUrls(48))).toEqual([]);
});
