/** Distributions: what stands before them, what they tell browsers, what they record, and who else reaches their buckets. */
import { deliveredLogs } from '../../facts/deliveries';
import type { Graph } from '../../graph';
import type { Specs } from '../../merge';
import { allOf, anyOf, every, fail, notApplicable, type Outcome, pass, when } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Value } from '../../value';
import { behavioursOf, DISTRIBUTION } from './distributions';
import { behaviour, distribution } from './samples';

const SECURE = 'Use SecureDistribution, or ';
const STREAMING = 'AWS::CloudFront::StreamingDistribution';
const HEADERS = 'AWS::CloudFront::ResponseHeadersPolicy';

/** Policies of CloudFront itself that carry the protections: SecurityHeadersPolicy, alone and with CORS. */
const MANAGED_WITH_PROTECTION = [
  '67f7725c-6f97-4210-82d7-5512b31e9d03',
  'e61eb60c-9c35-4d20-a928-2b84e02af89c',
  'eaab4381-ed33-4a86-88ca-d9558dc6cd63',
];
/** Those that carry CORS headers only. */
const MANAGED_WITHOUT = ['60669652-455b-4ae9-85a4-c4c02393f86c', '5cc3b908-e619-4b99-88e5-2cf7f45965bd'];

function writesAccessLogs(site: Resource, graph: Graph): Outcome {
  const config = site.at('DistributionConfig');
  if (config.at('Logging.Bucket').isSet().verdict === 'pass') return pass();
  if (config.at('DefaultCacheBehavior.RealtimeLogConfigArn').isSet().verdict === 'pass') return pass();
  const delivered = deliveredLogs(site, graph);
  if (delivered === 'somewhere') return pass();
  return delivered === 'not at all'
    ? fail('nothing records the requests: no Logging, no real-time log, no delivery source', 'DistributionConfig')
    : fail('its delivery source has no delivery, so that the records go nowhere');
}

/** A part that is `X` where its header is sent at all. */
const sends = (headers: Value, part: string): Outcome =>
  headers.at(part).isSet().verdict === 'fail' ? fail(`${headers.path}.${part} is not set`, headers.path) : pass();

const YEAR = 31_536_000;

function protectsBrowsers(policy: Resource): Outcome {
  const headers = policy.at('ResponseHeadersPolicyConfig.SecurityHeadersConfig');
  if (headers.state === 'absent')
    return fail('SecurityHeadersConfig is not set: the policy protects nothing', 'ResponseHeadersPolicyConfig');
  const content = headers.at('ContentSecurityPolicy.ContentSecurityPolicy');
  return allOf(
    headers.at('StrictTransportSecurity.AccessControlMaxAgeSec').isAtLeast(YEAR),
    sends(headers, 'ContentTypeOptions'),
    anyOf(
      [headers.at('FrameOptions.FrameOption').isSet(), content.matches(/frame-ancestors/)],
      `${headers.path} has neither FrameOptions nor frame-ancestors in its content policy`,
    ),
    headers.at('ReferrerPolicy.ReferrerPolicy').isNoneOf(['unsafe-url', 'no-referrer-when-downgrade']),
    headers.at('ReferrerPolicy.ReferrerPolicy').isSet(),
  );
}

/** A policy of the same input is judged itself; one of CloudFront is known; any other is somebody else's. */
const sendsHeaders = (one: Value): Outcome => {
  const policy = one.at('ResponseHeadersPolicyId');
  if (policy.state === 'absent') return fail(`${one.path} sends no security headers: ResponseHeadersPolicyId is not set`, one.path);
  return policy.isNoneOf(MANAGED_WITHOUT).verdict === 'fail'
    ? fail(`${policy.describe()}, a policy of CloudFront that carries no security header`, policy.path)
    : pass();
};

// ── Buckets behind a distribution ────────────────────────────────────────────────────────────────────────────────────

const bucketOrigins = (site: Resource): readonly Value[] =>
  site
    .at('DistributionConfig.Origins')
    .items()
    .filter((origin) => origin.at('S3OriginConfig').state !== 'absent');

const legacyIdentity = (origin: Value): Value => origin.at('S3OriginConfig.OriginAccessIdentity');

function reachesBucketsAsItself(site: Resource): Outcome {
  const config = site.at('DistributionConfig');
  const legacy = config.at('S3Origin');
  const origins = bucketOrigins(site);
  if (origins.length === 0 && legacy.state === 'absent') return notApplicable('has no bucket as origin');
  return allOf(
    every(origins, (origin) =>
      origin.at('OriginAccessControlId').isSet().verdict === 'pass' || legacyIdentity(origin).isSet().verdict === 'pass'
        ? pass()
        : fail(`${origin.path} reads its bucket as anybody: neither OriginAccessControlId nor an access identity is set`, origin.path),
    ),
    legacy.state === 'absent' ? pass() : legacy.at('OriginAccessIdentity').isSet(),
  );
}

const usesAccessControl = (site: Resource): Outcome => {
  const origins = bucketOrigins(site).filter((origin) => legacyIdentity(origin).isSet().verdict === 'pass');
  if (origins.length > 0)
    return every(origins, (origin) =>
      fail(`${legacyIdentity(origin).path} is a legacy access identity, which reaches no bucket with a key of one's own`, origin.path),
    );
  return bucketOrigins(site).length === 0 ? notApplicable('has no bucket as origin') : pass();
};

/** Without a root object a request for `/` lists the bucket, where its policy lets CloudFront do so. */
function answersForRoot(site: Resource): Outcome {
  const config = site.at('DistributionConfig');
  const first = config.at('DefaultCacheBehavior.TargetOriginId');
  const target = bucketOrigins(site).find((origin) => first.string !== undefined && origin.at('Id').is(first.string).verdict === 'pass');
  return target ? config.at('DefaultRootObject').isSet() : notApplicable('its default origin is no bucket');
}

const bucket = (changes: object, config: object = {}) =>
  distribution({
    Origins: [{ Id: 'site', DomainName: 'web.s3.eu-west-1.amazonaws.com', S3OriginConfig: { OriginAccessIdentity: '' }, ...changes }],
    DefaultCacheBehavior: behaviour({ TargetOriginId: 'site' }),
    ...config,
  });
const streaming = (changes: object) => ({
  resources: {
    Stream: {
      Type: STREAMING,
      Properties: {
        StreamingDistributionConfig: {
          Enabled: true,
          Comment: 'films',
          S3Origin: { DomainName: 'b.s3.amazonaws.com', OriginAccessIdentity: 'origin-access-identity/cloudfront/E1' },
          Logging: { Enabled: true, Bucket: 'logs.s3.amazonaws.com', Prefix: '' },
          ...changes,
        },
      },
    },
  },
});
const source = {
  Source: {
    Type: 'AWS::Logs::DeliverySource',
    Properties: { Name: 'site', LogType: 'ACCESS_LOGS', ResourceArn: { 'Fn::GetAtt': ['Site', 'Arn'] } },
  },
};
const delivery = {
  Delivery: {
    Type: 'AWS::Logs::Delivery',
    Properties: {
      DeliverySourceName: { Ref: 'Source' },
      DeliveryDestinationArn: 'arn:aws:logs:us-east-1:111122223333:delivery-destination:d',
    },
  },
};
const SAFE = {
  StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, Override: true },
  ContentTypeOptions: { Override: true },
  FrameOptions: { FrameOption: 'DENY', Override: true },
  ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
};
const headers = (SecurityHeadersConfig?: object) => ({
  resources: {
    Headers: {
      Type: HEADERS,
      Properties: { ResponseHeadersPolicyConfig: { Name: 'h', ...(SecurityHeadersConfig ? { SecurityHeadersConfig } : {}) } },
    },
  },
});
const without = (part: keyof typeof SAFE) => headers({ ...SAFE, [part]: undefined });

export const distributionGuards = {
  'LOG-13': {
    aws: [
      rule({
        on: DISTRIBUTION,
        check: writesAccessLogs,
        fix: `${SECURE}set Logging.Bucket, or deliver the records with AWS::Logs::DeliverySource (ACCESS_LOGS) and AWS::Logs::Delivery.`,
        pass: [
          { resources: distribution({ Logging: { Bucket: 'logs.s3.amazonaws.com' } }) },
          { name: 'delivered', resources: { ...distribution(), ...source, ...delivery } },
          {
            name: 'as they come',
            resources: distribution({
              DefaultCacheBehavior: behaviour({ RealtimeLogConfigArn: 'arn:aws:cloudfront::111122223333:realtime-log-config/all' }),
            }),
          },
        ],
        fail: [{ resources: distribution() }, { name: 'delivered nowhere', resources: { ...distribution(), ...source } }],
      }),
      rule({
        on: STREAMING,
        check: (stream) =>
          allOf(
            stream.at('StreamingDistributionConfig.Logging.Enabled').isTrue(),
            stream.at('StreamingDistributionConfig.Logging.Bucket').isSet(),
          ),
        fix: 'Set Logging.Enabled to true with a bucket; better still, serve the films from a distribution: this kind is no longer supported.',
        pass: [streaming({})],
        fail: [
          streaming({ Logging: { Enabled: false, Bucket: 'logs.s3.amazonaws.com', Prefix: '' } }),
          streaming({ Logging: { Enabled: true, Bucket: '', Prefix: '' } }),
        ],
      }),
    ],
  },

  'DID-07': {
    aws: rule({
      on: DISTRIBUTION,
      check: (site) => site.at('DistributionConfig.WebACLId').isSet(),
      fix: `${SECURE}set WebACLId to the ARN of a web ACL of scope CLOUDFRONT (SecureWebAcl in a stack of us-east-1).`,
      pass: [{ resources: distribution({ WebACLId: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/site/1' }) }],
      fail: [{ resources: distribution() }, { resources: distribution({ WebACLId: '' }) }],
    }),
  },

  'DID-18': {
    aws: [
      // Whether the origin sends the headers itself stands in no template: hence a remark only.
      rule({
        on: DISTRIBUTION,
        severity: 'low',
        check: (site) => every(behavioursOf(site), sendsHeaders),
        fix: `${SECURE}set ResponseHeadersPolicyId in every cache behaviour, to a policy of yours or to SecurityHeadersPolicy of CloudFront (${MANAGED_WITH_PROTECTION[0]}).`,
        pass: [
          { resources: distribution({ DefaultCacheBehavior: behaviour({ ResponseHeadersPolicyId: MANAGED_WITH_PROTECTION[0] }) }) },
          {
            resources: distribution({
              DefaultCacheBehavior: behaviour({ ResponseHeadersPolicyId: '6d2b1a5c-2f1c-4f0e-9b1e-3c6b7a1f0d42' }),
            }),
          },
        ],
        fail: [
          { resources: distribution() },
          {
            name: 'CORS only',
            resources: distribution({ DefaultCacheBehavior: behaviour({ ResponseHeadersPolicyId: MANAGED_WITHOUT[0] }) }),
          },
          {
            name: 'one path only',
            resources: distribution({
              DefaultCacheBehavior: behaviour({ ResponseHeadersPolicyId: MANAGED_WITH_PROTECTION[1] }),
              CacheBehaviors: [behaviour({ PathPattern: '/api/*' })],
            }),
          },
        ],
      }),
      rule({
        on: HEADERS,
        check: protectsBrowsers,
        fix: 'Set StrictTransportSecurity (at least a year), ContentTypeOptions, FrameOptions and ReferrerPolicy in SecurityHeadersConfig, or let SecureDistribution make the policy.',
        pass: [
          headers(SAFE),
          {
            name: 'framing refused by the content policy',
            ...headers({
              ...SAFE,
              FrameOptions: undefined,
              ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'self'; frame-ancestors 'none'", Override: true },
            }),
          },
        ],
        fail: [
          headers(),
          without('StrictTransportSecurity'),
          without('ContentTypeOptions'),
          without('FrameOptions'),
          without('ReferrerPolicy'),
          headers({ ...SAFE, StrictTransportSecurity: { AccessControlMaxAgeSec: 300, Override: true } }),
          headers({ ...SAFE, ReferrerPolicy: { ReferrerPolicy: 'unsafe-url', Override: true } }),
        ],
      }),
      rule({
        on: HEADERS,
        severity: 'low',
        from: 'moderate',
        check: (policy) =>
          when(policy.at('ResponseHeadersPolicyConfig.SecurityHeadersConfig').isSet(), () =>
            policy.at('ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy').isSet(),
          ),
        fix: "Set ContentSecurityPolicy, starting from default-src 'self'.",
        pass: [headers({ ...SAFE, ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'self'", Override: true } })],
        fail: [headers(SAFE)],
        skip: [headers()],
      }),
    ],
  },

  'DHC-05': {
    aws: [
      rule({
        on: DISTRIBUTION,
        severity: 'medium',
        check: reachesBucketsAsItself,
        fix: `${SECURE}set OriginAccessControlId on the origin and let the bucket policy name the distribution; the bucket can then be private.`,
        pass: [
          { resources: bucket({ OriginAccessControlId: 'E1' }) },
          { resources: bucket({ S3OriginConfig: { OriginAccessIdentity: 'origin-access-identity/cloudfront/E1' } }) },
        ],
        fail: [
          { resources: bucket({}) },
          {
            name: 'the legacy form',
            resources: distribution({ Origins: undefined, S3Origin: { DNSName: 'b.s3.amazonaws.com', OriginAccessIdentity: '' } }),
          },
        ],
        skip: [{ resources: distribution() }],
      }),
      rule({
        on: DISTRIBUTION,
        severity: 'low',
        check: usesAccessControl,
        fix: `${SECURE}replace the access identity by an origin access control (S3BucketOrigin.withOriginAccessControl in CDK).`,
        pass: [{ resources: bucket({ OriginAccessControlId: 'E1' }) }],
        fail: [{ resources: bucket({ S3OriginConfig: { OriginAccessIdentity: 'origin-access-identity/cloudfront/E1' } }) }],
        skip: [{ resources: distribution() }],
      }),
      rule({
        on: DISTRIBUTION,
        severity: 'low',
        check: answersForRoot,
        fix: `${SECURE}set DefaultRootObject.`,
        pass: [{ resources: bucket({}, { DefaultRootObject: 'index.html' }) }],
        fail: [{ resources: bucket({}) }],
        skip: [
          { resources: distribution() },
          { name: 'another origin first', resources: bucket({}, { DefaultCacheBehavior: behaviour() }) },
        ],
      }),
      rule({
        on: STREAMING,
        severity: 'medium',
        check: (stream) => stream.at('StreamingDistributionConfig.S3Origin.OriginAccessIdentity').isSet(),
        fix: 'Set S3Origin.OriginAccessIdentity, so that the bucket can be private.',
        pass: [streaming({})],
        fail: [streaming({ S3Origin: { DomainName: 'b.s3.amazonaws.com', OriginAccessIdentity: '' } })],
      }),
      rule({
        on: 'AWS::CloudFront::OriginAccessControl',
        severity: 'medium',
        check: (control) => control.at('OriginAccessControlConfig.SigningBehavior').is('always'),
        fix: 'Set SigningBehavior to always: otherwise requests reach the origin unsigned, or signed by whoever asks.',
        pass: [accessControl('always')],
        fail: [accessControl('never'), accessControl('no-override')],
      }),
    ],
  },
} as const satisfies Specs;

function accessControl(SigningBehavior: string) {
  return {
    resources: {
      Control: {
        Type: 'AWS::CloudFront::OriginAccessControl',
        Properties: {
          OriginAccessControlConfig: { Name: 'c', OriginAccessControlOriginType: 's3', SigningProtocol: 'sigv4', SigningBehavior },
        },
      },
    },
  };
}
