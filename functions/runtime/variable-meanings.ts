import { MAX_DATABASE_TIMEOUT_MS, type VariableName } from "./env.ts";

/** What each variable means, as the table of `docs/configuration.md` says it. */
export const VARIABLE_MEANINGS: Record<VariableName, string> = {
  DATABASE_URL: "Postgres connection string, `postgres://…`",
  DATABASE_POOL_SIZE:
    "connections a process may hold; a Lambda sandbox serves one request at a time and needs one",
  DATABASE_TIMEOUT_MS: `bound on connecting and on each statement, ms; at most ${MAX_DATABASE_TIMEOUT_MS}`,
  DATABASE_SECRET_ARN:
    "secret with `password`, read for each new connection, so that it may be rotated; goes before the URL's own",
  DATABASE_ROLE_SECRET_ARNS: "secrets of the application's roles, by commas; migrations make those roles",
  DATABASE_CA_FILE:
    "PEM file of the authority that signed the database's certificate; with it TLS is required and verified",
  REDIS_URL: "a Redis or Valkey that speaks RESP, `redis://…` or `rediss://…`; goes before Upstash",
  UPSTASH_REDIS_REST_URL: "Upstash endpoint, `https://…`",
  UPSTASH_REDIS_REST_TOKEN: "Upstash REST token",
  UPSTASH_SECRET_ARN: "secret with `url` and `token`, in place of the two",
  REDIS_TIMEOUT_MS: "bound on each Redis call, ms; then Postgres answers",
  LIST_TTL_S: "lifetime of a cached list, s, 10 to 86,400",
  CODE_TTL_S: "lifetime of a cached code, s, 10 to 86,400",
  LINK_TTL_S: "lifetime of a cached link, s, 120 to 604,800",
  PUBLIC_BASE_URL:
    "where scan URLs live, e.g. `https://qr.example.com`; it is printed in every picture, in ASCII, so that it takes no query, fragment, credentials, doubled slashes or blanks",
  TENANT_CLAIM: "the token's claim that names the caller's tenant or tenants",
  TOKEN_ISSUER: "who signs the callers' tokens: their `iss`, to the letter",
  TOKEN_AUDIENCE: "what a token's `aud`, or where it has none its `client_id`, must be one of, by commas",
  TOKEN_KEYS_URL:
    "where the issuer's keys are read (a JWKS), if not where its OpenID configuration says; a `data:` URL holds them itself",
  SCOPE_PREFIX: "what the issuer writes before each scope, e.g. `qr-service/`",
  ISSUER_KEYS_COPY: "the object of S3 to which the issuer's keys are copied, `https://…`",
  VISITOR_KEY: "secret of the visitor pseudonyms, at least 32 characters",
  VISITOR_KEY_SECRET_ARN: "secret with the `key`, in its place",
  COUNTRY_HEADER:
    "header in which a CDN tells the visitor's country, e.g. `cloudfront-viewer-country`; set it only behind that CDN, anyone else can send what they like",
  VIEWER_ADDRESS_HEADER:
    "header in which a CDN tells the visitor's address, with or without a port, e.g. `cloudfront-viewer-address`: behind a CDN, the address that calls is the CDN's own; set it only behind that CDN, too",
  KAFKA_BROKERS: "Kafka brokers, `host:port` separated by commas; goes before `MSK_CLUSTER_ARN`",
  MSK_CLUSTER_ARN: "an MSK cluster that is asked for its brokers",
  KAFKA_AUTH: "`none`, `msk-iam`, `scram-sha-256`, `scram-sha-512` or `plain`",
  KAFKA_USERNAME: "user of SCRAM or PLAIN",
  KAFKA_PASSWORD: "password of SCRAM or PLAIN",
  KAFKA_TLS:
    "`true` to speak TLS to `KAFKA_BROKERS`; `msk-iam` always does, and MSK tells how its brokers speak",
  KAFKA_TOPIC: "topic of the events",
  OUTBOX_MAX_LENGTH:
    "events that may wait in Redis while Kafka is down, about 700 bytes each; older ones move to Postgres",
  EVENTS:
    "where the relay brings events: `kafka`, or `direct`, which persists them at once as the consumer would",
  RELAY_IDLE_MS: "how long a run of the relay watches an outbox that is drained before it ends, ms",
  RETENTION_MONTHS:
    "whole months for which single scans, and figures by quarter of an hour, are kept; the figures by day stay",
  HISTORY_MONTHS: "whole months for which the changes of codes are kept: who changed what, when",
  PORT: "port of the local gateway",
  HOST: "address that the local gateway listens on; `0.0.0.0` lets a phone in the same network scan",
  CORS_ORIGINS: "web origins whose scripts may call the local gateway, by commas; `*` is any",
  RATE_LIMIT_SCAN: "requests a second and at once that a scan's route takes locally, e.g. `100/200`",
  RATE_LIMIT_OTHER: "the same for any other route",
  RATE_LIMIT_NO_ROUTE: "the same where no route is",
  DATA_FOLDER: "where the local gateway keeps its keys and the data of the servers it starts",
  LOG_LEVEL: "`DEBUG`, `INFO`, `WARN` or `ERROR`",
};
