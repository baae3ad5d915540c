import { CfnResource, type IAspect } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/**
 * Leaves out the dependency on its role that the CDK writes to each function beside the reference to it, which orders
 * the two already. `sam validate --lint` takes the doubling for an error.
 */
export class NoNeedlessDependencies implements IAspect {
  visit(node: IConstruct): void {
    if (CfnResource.isCfnResource(node) && node.cfnResourceType === "AWS::Lambda::Function")
      node.addOverride("DependsOn", undefined);
  }
}
