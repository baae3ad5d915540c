import * as z from "zod";
import { KEY_ID } from "../../core/auth/api-key.ts";
import { SCOPES } from "../../core/auth/scopes.ts";
import type { ApiKey } from "../../core/auth/stored-key.ts";
import { actor } from "../http/actor-schema.ts";
import { component } from "../http/operation.ts";

const instant = z.iso.datetime();

const fields = {
  keyId: z.string().regex(KEY_ID),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  createdBy: actor,
  createdAt: instant,
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable().meta({ description: "to the minute, at most one too early" }),
};

/** An API key in a reply, as a list shows it. */
export const apiKey: z.ZodType<ApiKey> = component("ApiKey", z.object(fields));

/** One that was just made. */
export const newApiKey = component(
  "NewApiKey",
  z.object({ ...fields, key: z.string().meta({ description: "the key itself, shown this once" }) }),
);
