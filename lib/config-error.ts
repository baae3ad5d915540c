/** The context is wrong; the message is one line that names each problem. */
export class ConfigError extends Error {
  override name = "ConfigError";
}
