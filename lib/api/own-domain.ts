import { DomainName } from "aws-cdk-lib/aws-apigatewayv2";
import { Certificate, CertificateValidation } from "aws-cdk-lib/aws-certificatemanager";
import type { IDistribution } from "aws-cdk-lib/aws-cloudfront";
import {
  AaaaRecord,
  ARecord,
  HostedZone,
  type IAliasRecordTarget,
  type IHostedZone,
  RecordTarget,
} from "aws-cdk-lib/aws-route53";
import { ApiGatewayv2DomainProperties, CloudFrontTarget } from "aws-cdk-lib/aws-route53-targets";
import { Construct } from "constructs";
import type { Config } from "../config.ts";

type Domain = NonNullable<Config["domain"]>;

/** The zone by its ID alone: its name would have to be looked up, and only relative names need it. */
export function zoneOf(scope: Construct, { name, hostedZoneId }: Domain): IHostedZone {
  return HostedZone.fromHostedZoneAttributes(scope, "Zone", { hostedZoneId, zoneName: name });
}

/** The API under the service's own name, with a certificate that renews itself. */
export class OwnDomain extends Construct {
  readonly domainName: DomainName;
  readonly target: IAliasRecordTarget;

  constructor(scope: Construct, id: string, domain: Domain) {
    super(scope, id);
    const certificate = new Certificate(this, "Certificate", {
      domainName: domain.name,
      validation: CertificateValidation.fromDns(zoneOf(this, domain)),
    });
    this.domainName = new DomainName(this, "Name", { domainName: domain.name, certificate });
    const { regionalDomainName, regionalHostedZoneId } = this.domainName;
    this.target = new ApiGatewayv2DomainProperties(regionalDomainName, regionalHostedZoneId);
  }
}

/**
 * The records of the service's name. They are the same ones whatever they lead to: those of API Gateway and of
 * CloudFront could not be there at once, as a change of the option would need them to be.
 */
export class DomainRecords extends Construct {
  constructor(scope: Construct, id: string, domain: Domain, to: OwnDomain | IDistribution) {
    super(scope, id);
    const zone = zoneOf(this, domain);
    const isApi = to instanceof OwnDomain;
    const target = RecordTarget.fromAlias(isApi ? to.target : new CloudFrontTarget(to));
    new ARecord(this, "Ipv4", { zone, target });
    // API Gateway's own name has addresses of IPv4 alone.
    if (!isApi) new AaaaRecord(this, "Ipv6", { zone, target });
  }
}
