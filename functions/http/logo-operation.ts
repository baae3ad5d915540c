import * as z from "zod";
import { instant } from "../../core/code/reply-fields.ts";
import { LOGO_NAME } from "../../core/picture/logo-name.ts";
import { component, count } from "./operation.ts";

/** A logo in a reply. */
export const logoReply = component(
  "Logo",
  z.object({
    name: z.string().regex(LOGO_NAME),
    width: count.meta({ description: "in px, as it is kept" }),
    height: count,
    bytes: count.meta({ description: "of the PNG that is kept" }),
    createdAt: instant,
    updatedAt: instant,
  }),
);
