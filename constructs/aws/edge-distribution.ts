import { Duration, Names } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  type AddBehaviorOptions,
  type BehaviorOptions,
  Distribution,
  type DistributionProps,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  type IOrigin,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { claims, type Relaxation } from '../contract';
import { requireEdgeRegion, SecureWebAcl } from './edge-firewall';
import { SecureLogGroup } from './logging';
import { acceptDelivery } from './logging-delivery';
import { profileOf } from './profile';
import { checkRelaxations, type Promises } from './relax';

/** Policies that let nothing through below TLS 1.2, nor suites without forward secrecy. */
const MODERN: readonly SecurityPolicyProtocol[] = [
  SecurityPolicyProtocol.TLS_V1_2_2021,
  SecurityPolicyProtocol.TLS_V1_2_2025,
  SecurityPolicyProtocol.TLS_V1_3_2025,
];

/** Only what comes from the site itself runs, is framed by nobody, and sends forms nowhere else. */
const CONTENT_POLICY = "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/** A cache behaviour; the CDK's, save that clear text is always turned away. */
export type SecureBehavior = BehaviorOptions;

/** Props of {@link SecureDistribution}; every default is the hardened one. */
export interface SecureDistributionProps
  extends Pick<
    DistributionProps,
    'comment' | 'defaultRootObject' | 'enabled' | 'enableIpv6' | 'errorResponses' | 'geoRestriction' | 'httpVersion' | 'priceClass'
  > {
  /** What is served where no other behaviour applies. Give buckets by `S3BucketOrigin.withOriginAccessControl`. */
  readonly defaultBehavior: SecureBehavior;
  /** Behaviours by path: `{ '/api/*': { origin } }`. @default none */
  readonly additionalBehaviors?: Readonly<Record<string, SecureBehavior>>;
  /** Names under which it answers; the certificate covers them. */
  readonly domainNames: readonly string[];
  /** Certificate of us-east-1. CloudFront's own would let through TLS 1.0. */
  readonly certificate: ICertificate;
  /** One of TLSv1.2_2021, TLSv1.2_2025 and TLSv1.3_2025. @default TLSv1.2_2021 */
  readonly minimumProtocolVersion?: SecurityPolicyProtocol;
  /**
   * Content security policy of every response.
   * @default everything from the site itself only, framed by nobody
   */
  readonly contentSecurityPolicy?: string;
  /** Web firewall of scope CLOUDFRONT. @default one of its own */
  readonly webAcl?: SecureWebAcl;
  /** Bucket, such as a LogArchive, that takes the access logs. @default a log group of access records */
  readonly logs?: IBucket;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims('SecureDistribution', 'TLS-01', 'TLS-02', 'TLS-08', 'DID-07', 'DID-18', 'DHC-05', 'LOG-13');

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['edge'],
  relaxable: {},
  firm: {
    'DID-07': 'pass a SecureWebAcl as webAcl, with its own exceptions',
    'DID-18': 'pass another contentSecurityPolicy, or a policy of your own in the behaviour',
    'TLS-01': 'clients without TLS 1.2 cannot be kept safe',
    'TLS-02': 'clear text is redirected',
  },
};

/**
 * A distribution that browsers reach by modern TLS only, behind a web firewall, with the headers that protect them, and
 * with every request recorded. Its buckets stay private: only this distribution reads them.
 *
 * Guarantees TLS-01, TLS-02, TLS-08, DID-07, DID-18, DHC-05 and LOG-13. It is a `cloudfront.Distribution`. CloudFront
 * is managed in us-east-1, so that its stack is there; it holds no case data, and has a data profile of its own.
 *
 * @throws Error when the stack is in another region, a behaviour takes clear text, or the TLS policy is too old
 * @example
 * import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
 * import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
 *
 * const edge = new SecureStack(app, 'Edge', { profile, env: { region: 'us-east-1' } });
 * const web = new SecureBucket(edge, 'Web', { retention: { atMostDays: 3650 } });
 * new SecureDistribution(edge, 'Site', {
 *   defaultBehavior: { origin: S3BucketOrigin.withOriginAccessControl(web) },
 *   domainNames: ['cases.example.com'],
 *   certificate: Certificate.fromCertificateArn(edge, 'Cert', 'arn:aws:acm:us-east-1:111122223333:certificate/a'),
 * });
 */
export class SecureDistribution extends Distribution {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** The web firewall before it. */
  readonly webAcl: SecureWebAcl;
  /** What is sent with every response. */
  readonly headers: ResponseHeadersPolicy;

  constructor(scope: Construct, id: string, props: SecureDistributionProps) {
    profileOf(scope);
    checkRelaxations(scope, id, props.relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    requireEdgeRegion(scope, `the distribution "${id}"`);
    const { minimumProtocolVersion = SecurityPolicyProtocol.TLS_V1_2_2021, domainNames } = props;
    if (!MODERN.includes(minimumProtocolVersion))
      throw new Error(`${where}: minimumProtocolVersion is ${minimumProtocolVersion}; write one of ${MODERN.join(', ')} (TLS-01)`);
    if (domainNames.length === 0) throw new Error(`${where}: domainNames is empty; name the hosts that the certificate covers (TLS-01)`);
    const headers = protectiveHeaders(scope, id, props.contentSecurityPolicy ?? CONTENT_POLICY);
    const webAcl = props.webAcl ?? new SecureWebAcl(scope, `${id}Firewall`, { scope: 'CLOUDFRONT' });

    super(scope, id, {
      comment: props.comment ?? `Entry of ${where}`,
      ...(props.enabled === undefined ? {} : { enabled: props.enabled }),
      ...(props.enableIpv6 === undefined ? {} : { enableIpv6: props.enableIpv6 }),
      ...(props.errorResponses ? { errorResponses: props.errorResponses } : {}),
      ...(props.geoRestriction ? { geoRestriction: props.geoRestriction } : {}),
      ...(props.httpVersion ? { httpVersion: props.httpVersion } : {}),
      ...(props.priceClass ? { priceClass: props.priceClass } : {}),
      defaultRootObject: props.defaultRootObject ?? 'index.html',
      certificate: props.certificate,
      domainNames: [...domainNames],
      minimumProtocolVersion,
      webAclId: webAcl.webAclArn,
      defaultBehavior: hardened(where, props.defaultBehavior, headers),
      additionalBehaviors: Object.fromEntries(
        Object.entries(props.additionalBehaviors ?? {}).map(([path, behavior]) => [path, hardened(where, behavior, headers)]),
      ),
    });
    this.headers = headers;
    this.webAcl = webAcl;
    this.record(props.logs);
  }

  override addBehavior(pathPattern: string, origin: IOrigin, options: AddBehaviorOptions = {}): void {
    // The constructor of the CDK comes by here too, with behaviours that are hardened already.
    super.addBehavior(pathPattern, origin, hardened(this.node.path, { ...options, origin }, this.headers));
  }

  /** Standard logging of the second version, which needs no bucket with access lists. */
  private record(logs: IBucket | undefined): void {
    const name = (suffix: string) => `${Names.uniqueResourceName(this, { maxLength: 48, separator: '-' })}-${suffix}`;
    const source = new CfnDeliverySource(this, 'AccessLogs', {
      name: name('requests'),
      logType: 'ACCESS_LOGS',
      resourceArn: this.distributionArn,
    });
    const group = logs ? undefined : new SecureLogGroup(this, 'Records', { logClass: 'access' });
    const destination = new CfnDeliveryDestination(this, 'AccessLogDestination', {
      name: name('records'),
      destinationResourceArn: logs?.bucketArn ?? group?.logGroupArn ?? '',
      outputFormat: 'json',
    });
    const allowed = group ? acceptDelivery(group) : logs?.policy;
    if (allowed) destination.node.addDependency(allowed);
    new CfnDelivery(this, 'AccessLogDelivery', {
      deliverySourceName: source.ref,
      deliveryDestinationArn: destination.attrArn,
    });
  }
}

/** Turns clear text away, and sends the protective headers unless the behaviour has a policy of its own. */
function hardened(where: string, behavior: BehaviorOptions, headers: ResponseHeadersPolicy | undefined): BehaviorOptions {
  const { viewerProtocolPolicy = ViewerProtocolPolicy.REDIRECT_TO_HTTPS } = behavior;
  if (viewerProtocolPolicy === ViewerProtocolPolicy.ALLOW_ALL)
    throw new Error(`${where}: a behaviour takes clear text; leave viewerProtocolPolicy out, or write HTTPS_ONLY (TLS-02)`);
  return {
    ...(headers ? { responseHeadersPolicy: headers } : {}),
    ...behavior,
    viewerProtocolPolicy,
  };
}

/** Two years, which browsers ask for before they take a site into their own lists. */
const STRICT_TRANSPORT = Duration.days(730);

function protectiveHeaders(scope: Construct, id: string, contentSecurityPolicy: string): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, `${id}Headers`, {
    comment: `Protects the browsers of ${scope.node.path}/${id}`.slice(0, 128),
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override: true },
      strictTransportSecurity: { accessControlMaxAge: STRICT_TRANSPORT, includeSubdomains: true, preload: true, override: true },
    },
  });
}
