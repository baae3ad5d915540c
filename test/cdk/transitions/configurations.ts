/** Somebody's own issuer and domain. */
export const OWN_ISSUER = { issuer: "https://id.example.com/", audience: "qr" };
export const DOMAIN = { domain: "qr.example.com", hostedZoneId: "Z0123456789ABC" };

type Options = Record<string, string>;

/** The options of `docs/deploy.md` that add or remove resources, one by one and in the combinations that share any. */
const VARIANTS: Record<string, Options> = {
  plain: {},
  valkey: { redis: "valkey" },
  "the other proxy": {},
  "valkey and the other proxy": { redis: "valkey" },
  "an own issuer": OWN_ISSUER,
  "an own issuer and the console": { ...OWN_ISSUER, consoleClientId: "console" },
  "no console": { console: "false" },
  "a domain": DOMAIN,
  CloudFront: { cloudfront: "true" },
  "CloudFront and a domain": { cloudfront: "true", ...DOMAIN },
  everything: { redis: "valkey", cloudfront: "true", ...OWN_ISSUER, ...DOMAIN, alarmEmail: "me@example.com" },
};

const STAGES: Record<string, { proxy: string; variants?: Record<string, Options> }> = {
  mini: {
    proxy: "false",
    variants: {
      Kafka: { events: "msk" },
      "Kafka and valkey": { events: "msk", redis: "valkey" },
      "a larger database": { databaseInstance: "t4g.medium", databaseStorageGiB: "100", multiAz: "true" },
    },
  },
  dev: { proxy: "false", variants: { "no Kafka": { events: "direct" } } },
  prod: { proxy: "true" },
};

/** Every documented configuration, by a name. */
export const CONFIGURATIONS: Record<string, Options> = Object.fromEntries(
  Object.entries(STAGES).flatMap(([stage, { proxy, variants = {} }]) =>
    Object.entries({ ...VARIANTS, ...variants }).map(([name, options]): [string, Options] => {
      const other = proxy === "true" ? "false" : "true";
      return [
        `${stage}, ${name}`,
        { stage, ...(name.includes("other proxy") ? { proxy: other } : {}), ...options },
      ];
    }),
  ),
);
