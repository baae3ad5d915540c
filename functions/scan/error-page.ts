import type { ServiceError } from "../../core/errors.ts";
import { PROBLEMS } from "../http/problems.ts";
import type { HttpReply } from "../http/reply.ts";

const TEXTS: Partial<Record<ServiceError["kind"], { title: string; text: string }>> = {
  gone: { title: "This code is no longer active", text: "Whoever printed it has ended it." },
  unavailable: {
    title: "Please try again",
    text: "The service is busy right now. Scan the code again in a moment.",
  },
};

const UNKNOWN = {
  title: "This code leads nowhere",
  text: "It may not be active yet, or the address was not read correctly. Try to scan it again.",
};

/** What a person with a phone sees instead of a redirect. Needs nothing from elsewhere, and adapts to dark mode. */
export function scanErrorPage(error: ServiceError): HttpReply {
  const { title, text } = TEXTS[error.kind] ?? UNKNOWN;
  const headers: Record<string, string> = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  };
  if (error.kind === "unavailable") headers["retry-after"] = "2";
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 1.125rem/1.5 system-ui, sans-serif; }
main { max-width: 28rem; padding: 2rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.5rem; }
p { margin: 0; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${text}</p>
</main>
</body>
</html>
`;
  return { statusCode: PROBLEMS[error.kind].status, headers, body: page };
}
