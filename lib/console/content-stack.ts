import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Stack, type StackProps } from "aws-cdk-lib";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { BucketDeployment, CacheControl, Source } from "aws-cdk-lib/aws-s3-deployment";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import type { Config } from "../config.ts";
import { settingsOf } from "./console-settings.ts";
import { Uploader } from "./uploader.ts";

const FOR_EVER = CacheControl.fromString("public, max-age=31536000, immutable");

interface ContentStackProps extends StackProps {
  config: Config;
  bucket: IBucket;
  /** Of the built console. */
  folder: string;
}

/**
 * What the console shows, after all that it calls. The files with a hash in their names come before the page that names
 * them, and those of earlier builds stay for the tabs that are open.
 */
export class ContentStack extends Stack {
  constructor(scope: Construct, id: string, props: ContentStackProps) {
    super(scope, id, props);
    const { config, bucket, folder } = props;
    const objects = ["assets/*", "index.html", "config.json"];
    const uploader = new Uploader(this, "Uploader", { stage: config.sizes, to: bucket, objects });
    const common = {
      destinationBucket: bucket,
      prune: false,
      role: uploader.role,
      logGroup: uploader.log,
      outputObjectKeys: false,
    };
    const hashed = new BucketDeployment(this, "Hashed", {
      ...common,
      sources: [uploader.source(Source.asset(join(folder, "assets")))],
      destinationKeyPrefix: "assets",
      cacheControl: [FOR_EVER],
    });
    const names = settingsOf(config.stage);
    const setting = (name: string) => StringParameter.valueForStringParameter(this, name);
    const html = pageWith(readFileSync(join(folder, "index.html"), "utf8"), setting(names.policy));
    const page = new BucketDeployment(this, "Page", {
      ...common,
      sources: [
        uploader.source(Source.data("index.html", html)),
        uploader.source(Source.data("config.json", setting(names.config))),
      ],
      cacheControl: [CacheControl.noCache()],
    });
    page.node.addDependency(hashed);
    for (const child of this.node.children) {
      if (child.node.id.startsWith("Custom::CDKBucketDeployment"))
        acknowledge(child, {
          L1: "The CDK chooses the runtime of its own function, and keeps it up to date.",
        });
    }
  }
}

/** The page with a policy of its own, before anything that it loads. */
function pageWith(page: string, policy: string): string {
  const charset = '<meta charset="utf-8">\n';
  const [before, after] = page.split(charset);
  if (after === undefined) throw new Error("the console's page does not begin with its charset");
  return `${before}${charset}<meta http-equiv="content-security-policy" content="${policy}">\n${after}`;
}
