import { deployment } from "../../api/call.ts";
import { useLive } from "../../api/live.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Figures } from "./figures.tsx";

/** How the service is. */
export function ServicePage() {
  const { service } = texts.value;
  const { data, error, refresh } = useLive("health", {});
  const { serviceFigures, dashboardUrl } = deployment();
  return (
    <>
      <div class="page-head">
        <h1>{service.title}</h1>
        {dashboardUrl && (
          <a class="button" href={dashboardUrl} rel="noreferrer">
            {service.dashboard}
          </a>
        )}
      </div>
      {error && <ErrorNote error={error} retry={refresh} />}
      <div class="service">
        {data && (
          <section class="card" aria-labelledby="health">
            <h2 id="health">{service.health}</h2>
            <p class={`health health-${data.status}`}>{service[data.status]}</p>
            <dl class="tiles">
              {(["redis", "postgres", "breaker"] as const).map((part) => (
                <div class="tile" key={part}>
                  <dt>{service[part]}</dt>
                  <dd class="tile-text">{service.parts[data[part]]}</dd>
                </div>
              ))}
            </dl>
          </section>
        )}
        {serviceFigures && <Figures path={serviceFigures} />}
        {!serviceFigures && dashboardUrl && <p class="muted">{service.dashboardText}</p>}
      </div>
    </>
  );
}
