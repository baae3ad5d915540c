import { Command, InvalidArgumentError } from "commander";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { connect } from "../parts/connect.ts";
import { figuresOfCode, figuresOfTenant } from "../parts/figures.ts";

interface Options {
  days?: number;
  tz?: string;
  tag?: string;
  json?: true;
}

export function statsCommand(env: EnvSource): Command {
  return new Command("stats")
    .description("Shows the figures of all codes, of those of a tag, or of one code.")
    .argument("[qrId]", "one code")
    .option("--days <number>", "how far back, 1 to 365 (default: 30)", wholeNumber)
    .option("--tz <zone>", "an IANA time zone, such as Europe/Berlin (default: UTC)")
    .option("--tag <tag>", "only codes that have this tag")
    .option("--json", "as the API has it")
    .action(async (qrId: string | undefined, options: Options, command: Command) => {
      const { days, tz, tag, json } = options;
      if (qrId !== undefined && tag !== undefined) command.error("error: --tag goes with no code");
      const client = connect(env);
      const asked = { ...(days ? { days } : {}), ...(tz ? { tz } : {}) };
      if (qrId !== undefined) {
        const stats = await client.stats(qrId, asked);
        console.log(json ? JSON.stringify(stats, null, 2) : figuresOfCode(stats));
        return;
      }
      const stats = await client.tenantStats({ ...asked, ...(tag ? { tag } : {}) });
      console.log(json ? JSON.stringify(stats, null, 2) : figuresOfTenant(stats));
    });
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}
