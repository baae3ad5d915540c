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

  constructor(scope: Construct, id: string, domain: Domain) {
    super(scope, id);
    const zone = zoneOf(this, domain);
    const certificate = new Certificate(this, "Certificate", {
      domainName: domain.name,
      validation: CertificateValidation.fromDns(zone),
    });
    this.domainName = new DomainName(this, "Name", { domainName: domain.name, certificate });
    const { regionalDomainName, regionalHostedZoneId } = this.domainName;
    pointTo(this, zone, new ApiGatewayv2DomainProperties(regionalDomainName, regionalHostedZoneId));
  }
}

/** The name of a distribution. */
export function pointToDistribution(scope: Construct, domain: Domain, distribution: IDistribution): void {
  pointTo(scope, zoneOf(scope, domain), new CloudFrontTarget(distribution));
}

function pointTo(scope: Construct, zone: IHostedZone, alias: IAliasRecordTarget): void {
  const target = RecordTarget.fromAlias(alias);
  new ARecord(scope, "Ipv4", { zone, target });
  new AaaaRecord(scope, "Ipv6", { zone, target });
}
