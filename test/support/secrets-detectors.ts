/** A kind of secret that a log must not hold, and how to see it without knowing its value. */
interface Detector {
  kind: string;
  pattern: RegExp;
}

const OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";

/**
 * What no line of the log may hold. An address is a client's unless a port follows it or a system call's error goes
 * before it: a driver names the server that it can't reach as `10.0.3.17:9092` or `connect ECONNREFUSED ::1:5432`, and
 * nobody ever sees a client's port.
 */
const DETECTORS: Detector[] = [
  { kind: "token", pattern: /\beyJ[\w-]{5,}\.[\w-]*/ },
  { kind: "bearer token", pattern: /\bBearer\s+[\w.~+/=-]{8,}/i },
  // Its ID alone may be logged.
  { kind: "API key", pattern: /qrs_[0-9A-Za-z]{16}_[0-9A-Za-z]{49}/ },
  // Not what a message about variables says: `redis://…`.
  { kind: "connection string", pattern: /\b(?:postgres(?:ql)?|rediss?|mysql|amqps?):\/\/(?!…)/i },
  { kind: "credentials in a URL", pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/@"'<>]*:[^\s/@"'<>]*@/i },
  { kind: "URL's query", pattern: /\bhttps?:\/\/[^\s"'<>?]*\?[^\s"'<>]+/i },
  {
    kind: "client's address",
    pattern: new RegExp(`(?<![\\w.]|\\b[a-z]+ E[A-Z]+ )(?:${OCTET}\\.){3}${OCTET}(?![\\w.]*\\d|:\\d)`),
  },
  {
    kind: "client's address",
    pattern:
      /(?<![\w:.]|\b[a-z]+ E[A-Z]+ )(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*))(?![\w:]|\]:\d)/i,
  },
  { kind: "user agent", pattern: /\bMozilla\/\d/ },
  // A key tells a command; its arguments stand beside it.
  { kind: "Redis command", pattern: /\bqr-service:[a-z]/ },
  { kind: "Redis command", pattern: /\bcommand was:|"eventId\\*"|\\"(?:visitor|userAgent|targetUrl)\\"/ },
  // Postgres quotes what it could not read, and tells of a constraint which values broke it.
  { kind: "database value", pattern: /\binvalid input (?:syntax|value) for[^"\\]*\\*"(?!…)/ },
  {
    kind: "database value",
    pattern: /\bis out of range for type\b(?<=\\*"[^…]+\\*" is out of range for type)/,
  },
  { kind: "database value", pattern: /\bKey \([^)]*\)=\(/ },
];

/**
 * What a log line gives away, as kinds of secrets; nothing if it may be written.
 *
 * @param line as it is written, JSON or not
 * @param known values that are secret in this run, whatever they look like
 */
export function findSecrets(line: string, known: Iterable<string> = []): string[] {
  const kinds = DETECTORS.filter(({ pattern }) => pattern.test(line)).map(({ kind }) => kind);
  for (const value of known) if (line.includes(value)) kinds.push("known secret");
  return [...new Set(kinds)];
}
