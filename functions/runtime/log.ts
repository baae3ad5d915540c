import { Logger } from "@aws-lambda-powertools/logger";
import type { Log } from "../../core/telemetry/log.ts";

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
