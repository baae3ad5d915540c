// Run by the container's engine: exits with 0 while the service answers, degraded too, and with 1 otherwise.
const url = `http://127.0.0.1:${process.env.PORT ?? 3002}/health`;
const reply = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
process.exitCode = reply?.ok ? 0 : 1;
