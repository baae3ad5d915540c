import { useEffect, useState } from "preact/hooks";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { readBeside } from "../../api/call.ts";
import { POLL_MS } from "../../api/live.ts";
import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import type { ReadFigures, ServiceFigures, Took } from "../../service-figures.ts";

const MIB = 1024 * 1024;

/** What the cache and the outbox did over the last hour. */
export function Figures({ path }: { path: string }) {
  const { service, loading } = texts.value;
  const { data, error } = useFigures(path);
  if (error?.status === 403) return <p class="muted">{service.needsAdmin}</p>;
  if (!data) return error ? <ErrorNote error={error} /> : <p class="loading">{loading}</p>;
  return (
    <>
      <section class="card" aria-labelledby="cache">
        <h2 id="cache">{service.cache}</h2>
        <p class="muted small">{service.figuresOf(number(Math.ceil(data.seconds / 60)))}</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
        <section class="table-scroll" tabIndex={0} aria-label={service.hitRate}>
          <table>
            <thead>
              <tr>
                {[
                  service.read,
                  service.hitRate,
                  service.target,
                  service.hits,
                  service.misses,
                  service.hitTime,
                  service.missTime,
                ].map((title) => (
                  <th scope="col" key={title}>
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.reads.map((read) => (
                <Row read={read} key={read.endpoint} />
              ))}
            </tbody>
          </table>
        </section>
      </section>
      <Servers figures={data} />
    </>
  );
}

function Row({ read }: { read: ReadFigures }) {
  const { service } = texts.value;
  const { endpoint, hits, misses, targetPercent, isBelow, hit, miss } = read;
  const percent = hits + misses === 0 ? undefined : (100 * hits) / (hits + misses);
  return (
    <tr>
      <th scope="row">{service.endpoints[endpoint] ?? endpoint}</th>
      <td>
        {percent === undefined ? "–" : `${number(Math.round(percent * 10) / 10)} %`}
        {isBelow && ` (${service.below})`}
      </td>
      <td>{targetPercent === null ? "–" : `${number(targetPercent)} %`}</td>
      <td>{number(hits)}</td>
      <td>{number(misses)}</td>
      <td>{times(hit)}</td>
      <td>{times(miss)}</td>
    </tr>
  );
}

function times(took: Took | null): string {
  return took ? `${tenths(took.meanMs)} / ${tenths(took.p99Ms)} ms` : "–";
}

const tenths = (value: number) => number(Math.round(value * 10) / 10);

function Servers({ figures }: { figures: ServiceFigures }) {
  const { service } = texts.value;
  const { redisMemoryBytes, outbox, invalidations, invalidationsPending } = figures;
  const memory = redisMemoryBytes === null ? service.unknown : `${tenths(redisMemoryBytes / MIB)} MiB`;
  const tiles: [name: string, value: string][] = [
    [service.memory, memory],
    [service.invalidations, number(invalidations)],
    [service.pending, number(invalidationsPending)],
    [service.depth, number(outbox.depth)],
    [service.oldest, tenths(outbox.oldestAgeMs / 1_000)],
  ];
  return (
    <section class="card" aria-labelledby="traffic">
      <h2 id="traffic">{service.traffic}</h2>
      <dl class="tiles">
        {tiles.map(([name, value]) => (
          <div class="tile" key={name}>
            <dt>{name}</dt>
            <dd class="tile-text">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Reads them every ten seconds, unless the tab is hidden. */
function useFigures(path: string): { data?: ServiceFigures; error?: ApiError } {
  const [state, setState] = useState<{ data?: ServiceFigures; error?: ApiError }>({});
  useEffect(() => {
    const ended = new AbortController();
    const ask = async () => {
      if (document.hidden) return;
      try {
        setState({ data: await readBeside<ServiceFigures>(path, ended.signal) });
      } catch (error) {
        if (!ended.signal.aborted) setState((before) => ({ ...before, error: asApiError(error) }));
      }
    };
    void ask();
    const timer = setInterval(ask, POLL_MS);
    document.addEventListener("visibilitychange", ask, { signal: ended.signal });
    return () => {
      ended.abort();
      clearInterval(timer);
    };
  }, [path]);
  return state;
}
