import type { Profile } from "../benchmarks/profile.ts";
import { figure, table } from "../table.ts";

export function profileReport({ connections, parts }: Profile): string {
  const rows = parts.map(({ title, share }) => [title, `${figure(100 * share)} %`]);
  return `${table(["of a scan's CPU time", "share"], rows)}

The service's process under ${connections} connections over RESP, by V8's sampling profiler.`;
}
