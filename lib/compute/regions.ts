import { Architecture, ParamsAndSecretsVersions } from "aws-cdk-lib/aws-lambda";
import { RegionInfo } from "aws-cdk-lib/region-info";
import { authoritiesOf } from "./rds-authorities.ts";

/** The layer that reads secrets; its versions: https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html */
export const SECRETS_LAYER = ParamsAndSecretsVersions.V1_0_103;

/** What is wrong with a region, if anything: the service needs its certificates of RDS and its layer of secrets. */
export function regionProblem(region: string | undefined): string | undefined {
  if (!region) return "no region: set AWS_REGION, or sign in with a profile that has one";
  const known = hasLayer(region) && authoritiesOf(region).length > 0;
  return known ? undefined : `the region ${region} is not one that the service can be deployed in`;
}

function hasLayer(region: string): boolean {
  return (
    RegionInfo.get(region).paramsAndSecretsLambdaLayerArn(SECRETS_LAYER, Architecture.ARM_64.name) !==
    undefined
  );
}
