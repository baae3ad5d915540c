import type { Services } from "../../../functions/runtime/services.ts";
import type { Clock } from "./clock.ts";
import type { MadeKeys } from "./keys.ts";
import type { Names } from "./names.ts";

export interface World {
  /** Of the process that carries out what is asked. */
  services: Services;
  names: Names;
  clock: Clock;
  keys: MadeKeys;
}
