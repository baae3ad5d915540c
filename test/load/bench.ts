import { parseArgs } from "node:util";
import { BENCHMARK_NAMES, BENCHMARKS, type Benchmark, type BenchmarkName } from "./benchmarks.ts";
import { writeCharts } from "./charts.ts";
import { updateReadme } from "./readme.ts";
import { writeResult } from "./results.ts";

const HELP = `npm run bench -- [--smoke] [name…]

Measures with real servers, which it starts and ends; the figures are kept in docs/benchmarks and shown in the README.
With --smoke it sees only that everything works, in a few seconds, and keeps nothing.

Names: ${BENCHMARK_NAMES.join(", ")}; without one, all of them.`;

const { values, positionals } = parseArgs({
  options: { smoke: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown !== undefined || values.help) {
  console.error(unknown === undefined ? HELP : `there is no benchmark ${unknown}\n\n${HELP}`);
  process.exit(unknown === undefined ? 0 : 1);
}

const names = positionals.length > 0 ? (positionals as BenchmarkName[]) : BENCHMARK_NAMES;
for (const name of names) {
  const { title, run, report } = BENCHMARKS[name] as Benchmark<unknown>;
  const result = await run(values.smoke, (line) => console.error(`… ${line}`));
  console.log(`\n${title}\n\n${report(result)}\n`);
  if (!values.smoke) writeResult(name, result);
}
if (!values.smoke) {
  writeCharts();
  updateReadme();
}
