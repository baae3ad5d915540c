import { parseArgs } from "node:util";
import {
  BENCHMARK_NAMES,
  BENCHMARKS,
  type Benchmark,
  type BenchmarkName,
  OWN_BENCHMARKS,
  VPC,
} from "./benchmarks.ts";
import { writeCharts } from "./charts.ts";
import { updateDocuments } from "./documents.ts";
import { processorName } from "./machine.ts";
import { RESULTS_FOLDER, writeResult } from "./results.ts";

const PROCESSOR = processorName();

const HELP = `npm run bench -- [--smoke] [--redis-delay MS] [--postgres-delay MS] [--kutt FOLDER] [--chhoto PROGRAM] [name…]

Measures with real servers, which it starts and ends; the figures are kept in docs/benchmarks, for each
processor by itself, and shown in docs/measured.md and the README.
With --smoke it sees only that everything works, in a few seconds, and keeps nothing.
The delays, one way, are those of the benchmark "delayed"; with others than ${VPC.redis} and ${VPC.postgres} ms nothing is kept.

Names: ${BENCHMARK_NAMES.join(", ")}; without one, all of them but peers.

"peers" measures other services in the same run, where they are installed: --kutt names the folder of Kutt with its packages,
--chhoto the executable of Chhoto URL. One that is not named is left out, and the table says so.`;

const { values, positionals } = readArguments();
if (values.help) {
  console.log(HELP);
  process.exit();
}
const unknown = positionals.find((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown !== undefined) refuse(`there is no benchmark ${unknown}`);
const delays = { redis: Number(values["redis-delay"]), postgres: Number(values["postgres-delay"]) };
if (!(delays.redis >= 0 && delays.postgres >= 0)) refuse("a delay is a number of milliseconds");

const places = { kutt: values.kutt, chhoto: values.chhoto };
const kept = !values.smoke && delays.redis === VPC.redis && delays.postgres === VPC.postgres;
const names = positionals.length > 0 ? (positionals as BenchmarkName[]) : OWN_BENCHMARKS;
for (const name of names) {
  const { title, run, report } = BENCHMARKS[name] as Benchmark<unknown>;
  const result = await run({ smoke: values.smoke, delays, places }, (line) => console.error(`… ${line}`));
  console.log(`\n${title}, on ${PROCESSOR}\n\n${report(result, RESULTS_FOLDER)}\n`);
  if (kept) writeResult(name, result);
}
if (kept) {
  writeCharts();
  updateDocuments();
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        smoke: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
        kutt: { type: "string" },
        chhoto: { type: "string" },
        "redis-delay": { type: "string", default: String(VPC.redis) },
        "postgres-delay": { type: "string", default: String(VPC.postgres) },
      },
      allowPositionals: true,
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(why: string): never {
  console.error(`${why}\n\n${HELP}`);
  process.exit(1);
}
