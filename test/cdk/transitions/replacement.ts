import type { Step } from "./deployed.ts";
import { replacedIn } from "./exports.ts";

/** What holds data, and what such a thing stands in. */
const LASTING =
  /^AWS::(RDS::DBInstance|ElastiCache::ReplicationGroup|MSK::Cluster|S3::Bucket|Cognito::UserPool|SecretsManager::Secret|KMS::Key|EC2::(VPC|Subnet|SecurityGroup))$/;

/** Nothing that holds data is replaced, nor anything that it stands in. */
export function replacementProblems({ before, after }: Step): string[] {
  return replacedIn(before, after).flatMap(([id, changes]) =>
    LASTING.test(before?.Resources[id]?.Type ?? "") ? [`${id} is replaced (${changes})`] : [],
  );
}
