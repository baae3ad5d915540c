import type { Actor } from "../../core/actor.ts";

/** Whoever changes codes in tests that call the use cases themselves. */
export const PERSON: Actor = { type: "user", id: "user-1", name: "Ada" };

/** A person who acts for a tenant. */
export const personOf = (tenantId: string) => ({ tenantId, actor: PERSON });
