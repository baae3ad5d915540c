import * as z from "zod";
import type { Actor } from "../../core/actor.ts";
import { component } from "./operation.ts";

/** Who acted, in a reply. */
export const actor: z.ZodType<Actor> = component(
  "Actor",
  z.object({
    type: z
      .enum(["user", "key"])
      .meta({ description: "a person with a token, or a machine with an API key" }),
    id: z.string().meta({ description: "the token's `sub`, or the key's ID" }),
    name: z.string().nullable().meta({ description: "what people know them by" }),
  }),
);
