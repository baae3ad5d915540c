import { type Command, Option } from "commander";
import { CODE_FIELDS } from "../../../core/code/fields.ts";

/** Which codes are meant. */
export interface CodeFilter {
  q?: string;
  tag?: string;
  status?: "active" | "paused";
}

/** They as the command line has them. */
export interface FilterOptions {
  search?: string;
  tag?: string;
  status?: "active" | "paused";
}

/** The options by which a command chooses among a tenant's codes, as the list does. */
export function addFilterOptions(command: Command): Command {
  return command
    .option("-q, --search <text>", "only codes whose name, target or ID holds this")
    .option("--tag <tag>", "only codes that have this tag")
    .addOption(new Option("--status <status>", "only codes that were set so").choices(CODE_FIELDS.status.of));
}

export function givenFilter({ search, tag, status }: FilterOptions): CodeFilter {
  return { ...(search ? { q: search } : {}), ...(tag ? { tag } : {}), ...(status ? { status } : {}) };
}
