import { describe, expect, it } from "vitest";
import { EnvironmentError, readEnv } from "../../functions/runtime/env.ts";

const complete = {
  DATABASE_URL: "postgres://user:secret@db/qr",
  REDIS_URL: "redis://cache",
  PUBLIC_BASE_URL: "https://qr.example.com",
  VISITOR_KEY: "x".repeat(32),
};

describe("the environment", () => {
  it("yields what is used, with defaults, and nothing else", () => {
    expect(readEnv(["redis"], complete)).toEqual({
      REDIS_URL: "redis://cache",
      REDIS_TIMEOUT_MS: "250",
      LIST_TTL_S: "300",
      CODE_TTL_S: "1800",
      LINK_TTL_S: "86400",
      LOG_LEVEL: "INFO",
    });
  });

  it("names every variable that is missing, in one line", () => {
    expect(() => readEnv(["postgres", "public-url", "visitors"], {})).toThrow(
      new EnvironmentError("DATABASE_URL is required; PUBLIC_BASE_URL is required; VISITOR_KEY is required"),
    );
  });

  it("takes an empty variable for an absent one", () => {
    expect(() => readEnv(["postgres"], { DATABASE_URL: "" })).toThrow("DATABASE_URL is required");
  });

  it.each([
    ["DATABASE_URL", "mysql://db"],
    ["DATABASE_URL", "not a url"],
    ["DATABASE_POOL_SIZE", "0"],
    ["DATABASE_POOL_SIZE", "1.5"],
    ["DATABASE_TIMEOUT_MS", "forever"],
    ["REDIS_URL", "http://cache"],
    ["REDIS_URL", "redis//cache"],
    ["UPSTASH_REDIS_REST_URL", "redis://cache"],
    ["REDIS_TIMEOUT_MS", "-1"],
    ["LIST_TTL_S", "9"],
    ["LIST_TTL_S", "86401"],
    ["CODE_TTL_S", "9"],
    ["CODE_TTL_S", "half an hour"],
    ["LINK_TTL_S", "119"],
    ["LINK_TTL_S", "604801"],
    ["PUBLIC_BASE_URL", "qr.example.com"],
    ["VISITOR_KEY", "short"],
    ["LOG_LEVEL", "chatty"],
  ])("refuses %s=%s by name, without repeating what may be secret", (name, value) => {
    const act = () =>
      readEnv(["postgres", "redis", "public-url", "visitors"], { ...complete, [name]: value });
    expect(act).toThrow(name);
    expect(act).not.toThrow(value === "0" ? "=0" : value);
  });
});
