import { TestRunner } from "vitest";

/** Loads no further suite once a test has failed. Vitest's own loads each of them and skips its tests. */
export default class BailingRunner extends TestRunner {
  #cancelled = false;

  override cancel(...reason: Parameters<TestRunner["cancel"]>): void {
    this.#cancelled = true;
    super.cancel(...reason);
  }

  override importFile(...file: Parameters<TestRunner["importFile"]>): unknown {
    return this.#cancelled ? undefined : super.importFile(...file);
  }
}
