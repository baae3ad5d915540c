import * as z from "zod";
import { instant } from "../../core/code/reply-fields.ts";
import { CHANGES, type HistoryEntry } from "../../core/history.ts";
import { actor } from "./actor-schema.ts";
import { component, count } from "./operation.ts";

const entry: z.ZodType<HistoryEntry> = component(
  "HistoryEntry",
  z.object({
    id: z.uuid().meta({ description: "that of the change's event" }),
    qrId: z.string(),
    change: z.enum(CHANGES),
    changedAt: instant,
    version: z.int().min(1).meta({ description: "of the code after the change" }),
    actor,
    changes: z.array(
      component("FieldChange", z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
    ),
  }),
);

/** A page of a history. */
export const historyPage = component(
  "HistoryPage",
  z.object({
    history: z.array(entry),
    count: count.meta({ description: "of the changes on this page" }),
    nextCursor: z.string().meta({ description: "absent on the last page" }).optional(),
  }),
);
