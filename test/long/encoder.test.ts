import { expect, it } from "vitest";
import { scanUrls, unreadUrls } from "../support/drawn-urls.ts";

it("what the encoder writes of 500 URLs is read by three decoders at every level", async () => {
  expect(await unreadUrls(scanUrls(500))).toEqual([]);
});
