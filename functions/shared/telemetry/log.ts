import { Logger } from "@aws-lambda-powertools/logger";

type Fields = Record<string, unknown>;

/** Structured log. A field never holds a token, a connection string, a client's IP address or a URL's query. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

/** @param level the least severity that is written: `DEBUG`, `INFO`, `WARN` or `ERROR` */
export function createLog(level: string): Log {
  const logger = new Logger({ serviceName: "qr-service", logLevel: level as "INFO" });
  return {
    debug: (message, fields = {}) => logger.debug(message, fields),
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
  };
}

/** Name, message, code and stack of an error and of its causes; nothing else that a driver may have hung on it. */
export function describeError(error: unknown): Fields {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as NodeJS.ErrnoException;
  return {
    name: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
