import { RedisFailure } from "../../data/redis/port.ts";
import { upstashRedis } from "../../data/redis/upstash.ts";
import type { Config } from "../../lib/config.ts";
import { EDGE_REGION } from "../../lib/edge/edge-stack.ts";
import type { AwsAccount } from "./aws-account.ts";

/** What was looked at, and in one line what was found, or what to do about it. */
export interface Finding {
  what: string;
  ok: boolean;
  detail: string;
}

/** The templates' own demand: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html */
const MIN_BOOTSTRAP_VERSION = 6;

/** How long a scan keeps its sandbox on a bad day, in seconds: so many at a time come of a rate. */
const SCAN_S = 0.05;

const UPSTASH_TIMEOUT_MS = 3_000;

/**
 * Looks at everything that a first deploy needs and that would make it fail after minutes. Without credentials there
 * is nothing else to look at.
 *
 * @param accountIn the account, by region
 */
export async function examine(config: Config, accountIn: (region: string) => AwsAccount): Promise<Finding[]> {
  const { region } = config;
  const account = accountIn(region);
  const identity = await check("credentials", "sign in (`aws sso login`, or AWS_PROFILE)", async () => {
    return good(`account ${await account.identity()} in ${region}`);
  });
  if (!identity.ok) return [identity];
  const regions = config.cloudfront && region !== EDGE_REGION ? [region, EDGE_REGION] : [region];
  return [
    identity,
    ...(await Promise.all(regions.map((each) => bootstrap(each, accountIn(each), config)))),
    await concurrency(account, config),
    await zones(account, config),
    ...(config.redis === "upstash" ? await upstash(account, config) : []),
  ];
}

type Verdict = Omit<Finding, "what">;

const good = (detail: string): Verdict => ({ ok: true, detail });
const bad = (detail: string): Verdict => ({ ok: false, detail });

async function check(what: string, advice: string, look: () => Promise<Verdict>): Promise<Finding> {
  try {
    return { what, ...(await look()) };
  } catch (error) {
    const { name, message } = error as Error;
    // The SDK's messages may have several lines; the first says what is wrong.
    return { what, ok: false, detail: `${advice} (${name}: ${message.split("\n")[0]})` };
  }
}

function bootstrap(region: string, account: AwsAccount, { stage, cloudfront }: Config): Promise<Finding> {
  const command = `npm run cdk -- bootstrap -c stage=${stage}${cloudfront ? " -c cloudfront=true" : ""}`;
  return check(`bootstrap in ${region}`, `run \`${command}\``, async () => {
    const version = await account.bootstrapVersion();
    return version >= MIN_BOOTSTRAP_VERSION
      ? good(`version ${version}`)
      : bad(`version ${version} is older than ${MIN_BOOTSTRAP_VERSION}: run \`${command}\``);
  });
}

/** A new account may have ten: enough for a small stage, where more scans at a time are answered with 503. */
function concurrency(account: AwsAccount, { sizes, stage }: Config): Promise<Finding> {
  const needed = Math.ceil(sizes.throttle.scan.rate * SCAN_S);
  return check("concurrency", "allow lambda:GetAccountSettings", async () => {
    const limit = await account.concurrency();
    return limit >= needed
      ? good(`${limit} concurrent executions`)
      : bad(
          `${limit} concurrent executions are too few for the scans that ${stage} lets through: ask Service Quotas for 1,000 (L-B99A9384)`,
        );
  });
}

function zones(account: AwsAccount, { region, sizes, stage }: Config): Promise<Finding> {
  const { availabilityZones } = sizes.network;
  return check("zones", "allow ec2:DescribeAvailabilityZones", async () => {
    const count = await account.zones();
    return count >= availabilityZones
      ? good(`${count} in ${region}, ${availabilityZones} used`)
      : bad(`${region} has ${count}, and ${stage} needs ${availabilityZones}: choose another region`);
  });
}

async function upstash(account: AwsAccount, { upstashSecret }: Config): Promise<Finding[]> {
  const create = `aws secretsmanager create-secret --name ${upstashSecret} --secret-string file://upstash.json`;
  let url = "";
  let token = "";
  const secret = await check("Upstash's secret", `store it with \`${create}\``, async () => {
    ({ url, token } = parse(await account.secret(upstashSecret)));
    return URL.canParse(url) && token !== ""
      ? good(upstashSecret)
      : bad(`${upstashSecret} must hold {"url":"https://….upstash.io","token":"…"}`);
  });
  if (!secret.ok) return [secret];
  const reachable = await check("Upstash", "check url and token in Upstash's console", async () => {
    const redis = upstashRedis(url, token, UPSTASH_TIMEOUT_MS);
    try {
      await redis.command("PING");
      return good(`${new URL(url).host} answers`);
    } catch (error) {
      if (!(error instanceof RedisFailure)) throw error;
      return bad(`${new URL(url).host} does not take the token, or is out of reach (${error.reason})`);
    } finally {
      await redis.close();
    }
  });
  return [secret, reachable];
}

/** Never quotes the secret, which an error of JSON's would. */
function parse(text: string): { url: string; token: string } {
  try {
    const { url, token } = JSON.parse(text) as Record<string, unknown>;
    return { url: String(url ?? ""), token: String(token ?? "") };
  } catch {
    return { url: "", token: "" };
  }
}
