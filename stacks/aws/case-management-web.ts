import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Construct } from 'constructs';
import { SecureBucket, SecureDistribution, SecureStack, type SecureStackProps } from '../../constructs/aws';

/** Days for which a version of the web client is kept. */
const KEPT_DAYS = 3650;

export interface CaseWebStackProps extends SecureStackProps {
  /** Name under which browsers find the client: `cases.example.com`. */
  readonly domainName: string;
}

/**
 * The web client: static files behind CloudFront and its web firewall. It holds no case data; the API stays private, so
 * that the client works only from inside the network.
 */
export class CaseWebStack extends SecureStack {
  readonly site: SecureBucket;
  readonly distribution: SecureDistribution;

  constructor(scope: Construct, id: string, { domainName, ...stack }: CaseWebStackProps) {
    super(scope, id, stack);
    this.site = new SecureBucket(this, 'Site', { retention: { atMostDays: KEPT_DAYS } });
    this.distribution = new SecureDistribution(this, 'Edge', {
      defaultBehavior: { origin: S3BucketOrigin.withOriginAccessControl(this.site) },
      domainNames: [domainName],
      // Proven by a DNS record that whoever owns the name adds once; renewed by itself.
      certificate: new Certificate(this, 'Certificate', { domainName, validation: CertificateValidation.fromDns() }),
    });
  }
}
