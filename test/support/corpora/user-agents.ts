import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { archives } from "./archives.ts";
import { corpusFolder } from "./fetch.ts";
import { readFixtures } from "./fixtures.ts";

/** One user agent and what the corpus says about it; an empty string where it says nothing. */
export interface Sample {
  userAgent: string;
  /** The fixture it stands in: `smartphone`, `tablet`, `desktop`, `tv`, `bots` … */
  kind: string;
  /** The corpus's own words: `smartphone`, `phablet`, `tablet` … */
  device: string;
  os: string;
  /** `browser`, `mobile app`, `library`, `feed reader` … */
  clientType: string;
  client: string;
  bot: boolean;
}

/** Every user agent of the corpus once, in the order of its files. */
export async function readSamples(): Promise<Sample[]> {
  const files = globSync("**/*.yml", { cwd: await corpusFolder(archives.deviceDetector) }).sort();
  const folder = await corpusFolder(archives.deviceDetector);
  const samples = new Map<string, Sample>();
  for (const file of files) {
    const kind = basename(file, ".yml").replace(/-(?:\d+|app)$/, "");
    for (const { userAgent, os, client, device, bot } of readFixtures(
      readFileSync(join(folder, file), "utf8"),
    )) {
      if (userAgent === "") continue;
      samples.set(userAgent, {
        userAgent,
        kind,
        device: device.type ?? "",
        os: os.name ?? "",
        clientType: client.type ?? "",
        client: client.name ?? "",
        bot,
      });
    }
  }
  return [...samples.values()];
}

/** Kinds of devices that a person looks at, and among them those that open a link in an app as well. */
const HELD = new Set([
  ..."smartphone phablet tablet feature_phone desktop portable_media_player camera car_browser".split(" "),
  ..."wearable clienthints".split(" "),
]);
const WATCHED = new Set([...HELD, "console", "tv", "peripheral", "smart_display"]);
const APPS = new Set(["mobile app", "messaging", "pim"]);

/** Whether a person is behind it: a browser on any such device, or an app on one that is held or worn. */
export function isPersons({ bot, clientType, kind }: Sample): boolean {
  return !bot && (clientType === "browser" ? WATCHED.has(kind) : APPS.has(clientType) && HELD.has(kind));
}

/** Every crawler of both corpora, once. */
export async function readCrawlers(samples: Sample[]): Promise<string[]> {
  const [file = ""] = globSync("**/*.json", { cwd: await corpusFolder(archives.crawlerUserAgents) });
  const text = readFileSync(join(await corpusFolder(archives.crawlerUserAgents), file), "utf8");
  const listed = (JSON.parse(text) as { instances: string[] }[]).flatMap(({ instances }) => instances);
  return [...new Set([...samples.filter(({ bot }) => bot).map(({ userAgent }) => userAgent), ...listed])];
}
