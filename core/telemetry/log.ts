type Fields = Record<string, unknown>;

/** Structured log. A field never holds a token, a connection string, a client's IP address or a URL's query. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

/**
 * Name, message, code and stack of an error and of its causes; nothing else that a driver may have hung on it, and of
 * the message nothing that was sent or received.
 */
export function describeError(error: unknown): Fields {
  if (!(error instanceof Error)) return { message: withoutUrls(String(error)) };
  const { code } = error as NodeJS.ErrnoException;
  return {
    name: error.name,
    message: withoutUrls(quotesData(error) ? withoutQuotes(error.message) : error.message),
    ...(code === undefined ? {} : { code }),
    // Its first lines repeat the message.
    stack: error.stack
      ?.split("\n")
      .filter((line) => /^\s+at /.test(line))
      .join("\n"),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/**
 * JSON.parse quotes what it could not read, and so does Postgres in SQLSTATE class 22, data exception
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html). In other classes it quotes names of the schema.
 */
function quotesData(error: Error): boolean {
  return error instanceof SyntaxError || /^22...$/.test(String((error as NodeJS.ErrnoException).code));
}

function withoutQuotes(message: string): string {
  return message.replace(/".*"/s, '"…"');
}

/** A URL may hold a password, or a session in its query. */
function withoutUrls(message: string): string {
  return message
    .replace(/\b(?!file:)([a-z][a-z0-9+.-]*:\/\/)[^\s"'<>]+/gi, "$1…")
    .replace(/\?[^\s"'<>]+/g, "?…");
}
