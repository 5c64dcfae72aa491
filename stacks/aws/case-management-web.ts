import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Construct } from 'constructs';
import { SecureBucket, SecureDistribution, SecureStack, type SecureStackProps } from '../../constructs/aws';
import { filesBucketName, signInPrefix } from './case-management-names';

/** Days for which a version of the web client is kept. */
const KEPT_DAYS = 3650;

export interface CaseWebStackProps extends SecureStackProps {
  /** Name under which browsers find the client: `cases.example.com`. */
  readonly domainName: string;
  /** Region of what the client calls. */
  readonly calls: string;
}

/**
 * The web client: static files behind CloudFront and its web firewall. It holds no case data; the API stays private, so
 * that the client works only from inside the network.
 */
export class CaseWebStack extends SecureStack {
  readonly site: SecureBucket;
  readonly distribution: SecureDistribution;

  constructor(scope: Construct, id: string, { calls, domainName, ...stack }: CaseWebStackProps) {
    super(scope, id, stack);
    this.site = new SecureBucket(this, 'Site', { retention: { atMostDays: KEPT_DAYS } });
    this.distribution = new SecureDistribution(this, 'Edge', {
      defaultBehavior: { origin: S3BucketOrigin.withOriginAccessControl(this.site) },
      domainNames: [domainName],
      contentSecurityPolicy: contentPolicy(this.account, calls),
      // Proven by a DNS record that whoever owns the name adds once; renewed by itself.
      certificate: new Certificate(this, 'Certificate', { domainName, validation: CertificateValidation.fromDns() }),
    });
  }
}

/**
 * What the page may do: it runs its own code only, and calls the interfaces, the sign-in and the files of the environment. The
 * names of the interfaces are made at deployment; their endpoints in the network let through those of the account alone.
 */
function contentPolicy(account: string, region: string): string {
  const calls = [
    `*.appsync-api.${region}.amazonaws.com`,
    `*.execute-api.${region}.amazonaws.com`,
    `${signInPrefix(account)}.auth.${region}.amazoncognito.com`,
    `${filesBucketName(account, region)}.s3.${region}.amazonaws.com`,
  ].map((host) => `https://${host}`);
  return [
    "default-src 'self'",
    `connect-src 'self' ${calls.join(' ')}`,
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}
