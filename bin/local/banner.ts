import { networkInterfaces } from "node:os";
import { VARIABLES } from "../../functions/runtime/env.ts";

export interface Banner {
  baseUrl: string;
  servers: string[];
  token: string;
  port: string;
  host: string;
  /** What the console asks for, where others than this machine can reach it. */
  secret: string | undefined;
  /** What Prometheus has to send there. */
  metricsToken: string | undefined;
}

/** curl's own name makes it a bot, whose scans are recorded but not counted. */
const PHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1";

/** What the person at the terminal needs: what runs, a token, and lines to copy. */
export function banner({ baseUrl, servers, token, port, host, secret, metricsToken }: Banner): string {
  return `
Console: ${baseUrl}/${secret === undefined ? "" : `   (signing in asks for this secret: ${secret})`}
QR service: ${baseUrl}/qr
Metrics: ${baseUrl}/metrics${metricsToken === undefined ? "" : `   (token for Prometheus: ${metricsToken})`}
${servers.map((server) => `  ${server}`).join("\n")}

A token for tenant_acme (more: npm run -s token -- <tenant>…):

export TOKEN=${token}

Create a code, look at it, scan it, watch the count, send it elsewhere, delete it:

ID=$(curl -s ${baseUrl}/generate -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"targetUrl":"https://example.com/menu","name":"Menu"}' | sed 's/.*"qrId":"\\([^"]*\\)".*/\\1/'); echo $ID
curl -s "${baseUrl}/qr/$ID?format=png&size=512" -H "Authorization: Bearer $TOKEN" -o code.png
curl -si -A '${PHONE}' ${baseUrl}/scan/$ID
curl -s ${baseUrl}/qr/$ID/stats -H "Authorization: Bearer $TOKEN"; echo
curl -s -X PATCH ${baseUrl}/qr/$ID -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"targetUrl":"https://example.com/new-menu"}'; echo
curl -s ${baseUrl}/qr -H "Authorization: Bearer $TOKEN"; echo
curl -si -X DELETE ${baseUrl}/qr/$ID -H "Authorization: Bearer $TOKEN"

${phoneHint(port, host)}Ctrl-C stops everything. Codes are kept.
`;
}

/** A phone can't reach this machine's localhost; the scan URL in the picture has to name an address it can. */
function phoneHint(port: string, host: string): string {
  const address = Object.values(networkInterfaces())
    .flat()
    .find((candidate) => candidate && !candidate.internal && candidate.family === "IPv4")?.address;
  if (host !== "127.0.0.1" || !address) return "";
  const otherPort = port === VARIABLES.PORT.fallback ? "" : `PORT=${port} `;
  return `To scan with a phone in the same network, start it with an address that the phone can reach:
${otherPort}HOST=0.0.0.0 PUBLIC_BASE_URL=http://${address}:${port} npm start

`;
}
