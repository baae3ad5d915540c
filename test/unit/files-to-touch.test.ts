import { globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesToTouch } from "../support/files-to-touch.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The integration tests of a new field and a new endpoint say that these are the files, and that there are no others. */
describe.each(["A field", "An endpoint"])("the files to touch: %s", (heading) => {
  it("are named", () => {
    expect(filesToTouch(heading).length).toBeGreaterThan(0);
  });

  it.each(filesToTouch(heading))("$file names files that exist", ({ file }) => {
    const pattern = file.replace(/<[^>]+>/g, "*");
    expect(globSync(pattern, { cwd: ROOT })).not.toEqual([]);
  });
});
