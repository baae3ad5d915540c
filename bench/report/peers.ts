import type { Peers } from "../benchmarks/peers.ts";
import { figure, table } from "../table.ts";

export function peersReport({ connections, seconds, peers, absent }: Peers): string {
  const rows = peers.map((peer) => [
    peer.title,
    figure(peer.perSecond),
    `${figure(peer.medianAtMany)} / ${figure(peer.p99AtMany)}`,
    figure(1_000 * peer.medianAtOne),
    `${figure(peer.cpuMicros)} / ${figure(peer.cpuMicrosOfAll)}`,
    `${whole(peer.answered)} → ${whole(peer.counted)}`,
  ]);
  const head = [
    "",
    "redirects a second",
    "median / p99, ms",
    "median at one connection, µs",
    "CPU each, µs: answering / all, until counted",
    "answered → counted over a `kill -9`",
  ];
  const left = absent.map((line) => `\nNot measured: ${line}.`).join("");
  return `${table(head, rows)}

${connections} connections for ${seconds} s by the project's own loop, one code, one after the other on the same machine. The
answering process is killed under that load and started again; a redirect counts as answered once its reply has arrived, so
that up to ${connections} more may be counted.${left}`;
}

const whole = (value: number) => new Intl.NumberFormat("en-US").format(value);
