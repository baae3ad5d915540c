import { Stack, type StackProps } from "aws-cdk-lib";
import { Certificate, CertificateValidation, type ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import type { Construct } from "constructs";
import { zoneOf } from "../api/own-domain.ts";
import type { Config } from "../config.ts";
import { WebFirewall } from "./web-firewall.ts";

/** CloudFront takes certificates and firewalls from here alone. */
export const EDGE_REGION = "us-east-1";

/** What CloudFront needs, where CloudFront looks for it. */
export class EdgeStack extends Stack {
  readonly firewallArn: string;
  readonly certificate: ICertificate | undefined;

  constructor(scope: Construct, id: string, props: StackProps & { config: Config }) {
    super(scope, id, props);
    const { domain, sizes } = props.config;
    this.firewallArn = new WebFirewall(this, "Firewall", sizes).arn;
    this.certificate = domain
      ? new Certificate(this, "Certificate", {
          domainName: domain.name,
          validation: CertificateValidation.fromDns(zoneOf(this, domain)),
        })
      : undefined;
  }
}
