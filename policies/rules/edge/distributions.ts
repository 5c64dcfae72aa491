/** Distributions: what they negotiate with browsers and with their origins. */
import { cloudFrontIsBest, cloudFrontIsModern, offersNoOldVersion } from '../../facts/tls';
import type { Specs } from '../../merge';
import { every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Value } from '../../value';
import { behaviour, distribution } from './samples';

export const DISTRIBUTION = 'AWS::CloudFront::Distribution';
const SECURE = 'Use SecureDistribution, or ';

/** The default cache behaviour, and those of single paths. */
export function behavioursOf(site: Resource): readonly Value[] {
  const config = site.at('DistributionConfig');
  const first = config.at('DefaultCacheBehavior');
  return [...(first.state === 'absent' ? [] : [first]), ...config.at('CacheBehaviors').items()];
}

/** Origins that speak HTTP, in the current and in the legacy form. */
function customOriginsOf(site: Resource): readonly { readonly origin?: Value; readonly value: Value }[] {
  const config = site.at('DistributionConfig');
  const current = config
    .at('Origins')
    .items()
    .map((origin) => ({ origin, value: origin.at('CustomOriginConfig') }));
  return [...current, { value: config.at('CustomOrigin') }].filter(({ value }) => value.state !== 'absent');
}

const refusesClearText = (policy: Value): Outcome => policy.isOneOf(['redirect-to-https', 'https-only']);

/** The certificate of CloudFront itself brings a policy of its own, whatever the template says. */
function negotiatesModernTls(site: Resource): Outcome {
  const certificate = site.at('DistributionConfig.ViewerCertificate');
  if (certificate.isSet().verdict === 'fail')
    return fail('ViewerCertificate is not set: the certificate of CloudFront itself brings TLSv1', 'DistributionConfig');
  const builtIn = certificate.at('CloudFrontDefaultCertificate').orDefault(false);
  if (builtIn.isTrue().verdict === 'pass')
    return fail('CloudFrontDefaultCertificate is true, which brings TLSv1 whatever MinimumProtocolVersion says', builtIn.path);
  return cloudFrontIsModern(certificate.at('MinimumProtocolVersion'));
}

function negotiatesBestTls(site: Resource): Outcome {
  const version = site.at('DistributionConfig.ViewerCertificate.MinimumProtocolVersion');
  return negotiatesModernTls(site).verdict === 'fail' ? notApplicable('is judged for older versions already') : cloudFrontIsBest(version);
}

/** `match-viewer` is HTTPS where no viewer can come without. */
function reachesOriginsByTls(site: Resource): Outcome {
  const origins = customOriginsOf(site);
  if (origins.length === 0) return notApplicable('has no origin that speaks HTTP');
  return every(origins, ({ origin, value }) => {
    const policy = value.at('OriginProtocolPolicy');
    if (policy.is('match-viewer').verdict !== 'pass') return policy.is('https-only');
    const id = origin?.at('Id').string;
    const leading = behavioursOf(site).filter((one) => id === undefined || one.at('TargetOriginId').is(id).verdict !== 'fail');
    const safe = every(leading, (one) => refusesClearText(one.at('ViewerProtocolPolicy')));
    return safe.verdict === 'fail' ? fail(`${policy.describe()}, and viewers may come over HTTP`, policy.path) : safe;
  });
}

const offersModernTlsOnly = (site: Resource): Outcome => {
  const offers = customOriginsOf(site)
    .map(({ value }) => value.at('OriginSSLProtocols'))
    .filter((versions) => versions.state !== 'absent');
  return offers.length === 0
    ? notApplicable('names no protocol versions for its origins')
    : every(offers, (versions) => offersNoOldVersion(versions) ?? pass());
};

const certificate = (properties: object) =>
  distribution({ ViewerCertificate: { AcmCertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1', ...properties } });
const origin = (config: object, viewer?: Readonly<Record<string, unknown>>) =>
  distribution({
    Origins: [{ Id: 'api', DomainName: 'api.example.com', CustomOriginConfig: config }],
    ...(viewer ? { DefaultCacheBehavior: behaviour(viewer) } : {}),
  });
const byParameter = { parameters: { Policy: { Type: 'String' } } };

export const distributions = {
  'TLS-01': {
    aws: [
      rule({
        on: DISTRIBUTION,
        check: negotiatesModernTls,
        fix: `${SECURE}give ViewerCertificate an AcmCertificateArn and MinimumProtocolVersion TLSv1.2_2021 or later.`,
        pass: [
          { resources: certificate({ MinimumProtocolVersion: 'TLSv1.2_2021' }) },
          { resources: certificate({ MinimumProtocolVersion: 'TLSv1.3_2025', CloudFrontDefaultCertificate: false }) },
        ],
        fail: [
          { resources: distribution() },
          { resources: certificate({ MinimumProtocolVersion: 'TLSv1.1_2016' }) },
          { name: 'left to the service', resources: certificate({}) },
          {
            name: 'its own certificate',
            resources: certificate({ CloudFrontDefaultCertificate: 'true', MinimumProtocolVersion: 'TLSv1.2_2021' }),
          },
        ],
        unknown: [{ ...byParameter, resources: certificate({ MinimumProtocolVersion: { Ref: 'Policy' } }) }],
      }),
      rule({
        on: DISTRIBUTION,
        severity: 'low',
        from: 'high',
        check: negotiatesBestTls,
        fix: `${SECURE}set MinimumProtocolVersion to TLSv1.2_2021 or later: earlier policies offer suites without forward secrecy.`,
        pass: [{ resources: certificate({ MinimumProtocolVersion: 'TLSv1.2_2025' }) }],
        fail: [{ resources: certificate({ MinimumProtocolVersion: 'TLSv1.2_2019' }) }],
        skip: [{ resources: certificate({ MinimumProtocolVersion: 'TLSv1' }) }],
      }),
    ],
  },

  'TLS-02': {
    aws: rule({
      on: DISTRIBUTION,
      check: (site) => every(behavioursOf(site), (one) => refusesClearText(one.at('ViewerProtocolPolicy'))),
      fix: `${SECURE}set ViewerProtocolPolicy to redirect-to-https or https-only in the default and in every other cache behaviour.`,
      pass: [
        { resources: distribution() },
        { resources: distribution({ CacheBehaviors: [behaviour({ PathPattern: '/api/*', ViewerProtocolPolicy: 'https-only' })] }) },
      ],
      fail: [
        { resources: distribution({ DefaultCacheBehavior: behaviour({ ViewerProtocolPolicy: 'allow-all' }) }) },
        {
          name: 'one path only',
          resources: distribution({ CacheBehaviors: [behaviour({ PathPattern: '/api/*', ViewerProtocolPolicy: 'allow-all' })] }),
        },
      ],
      unknown: [
        { ...byParameter, resources: distribution({ DefaultCacheBehavior: behaviour({ ViewerProtocolPolicy: { Ref: 'Policy' } }) }) },
      ],
    }),
  },

  'TLS-04': {
    aws: [
      rule({
        on: DISTRIBUTION,
        check: reachesOriginsByTls,
        fix: `${SECURE}set OriginProtocolPolicy to https-only; a website endpoint of S3 speaks HTTP only: use the bucket itself with an origin access control.`,
        pass: [
          { resources: origin({ OriginProtocolPolicy: 'https-only' }) },
          { name: 'as the viewer, who cannot come without', resources: origin({ OriginProtocolPolicy: 'match-viewer' }) },
          {
            name: 'as the viewer, who comes in clear text to another origin only',
            resources: distribution({
              Origins: [
                { Id: 'api', DomainName: 'api.example.com', CustomOriginConfig: { OriginProtocolPolicy: 'match-viewer' } },
                { Id: 'web', DomainName: 'web.example.com', CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } },
              ],
              DefaultCacheBehavior: behaviour({ TargetOriginId: 'web', ViewerProtocolPolicy: 'allow-all' }),
              CacheBehaviors: [behaviour({ PathPattern: '/api/*' })],
            }),
          },
          {
            name: 'the legacy form',
            resources: distribution({
              Origins: undefined,
              CustomOrigin: { DNSName: 'api.example.com', OriginProtocolPolicy: 'https-only' },
            }),
          },
        ],
        fail: [
          { resources: origin({ OriginProtocolPolicy: 'http-only' }) },
          {
            name: 'as the viewer, who may come without',
            resources: origin({ OriginProtocolPolicy: 'match-viewer' }, { ViewerProtocolPolicy: 'allow-all' }),
          },
          {
            name: 'as the viewer, who may come without on one path',
            resources: distribution({
              Origins: [
                { Id: 'api', DomainName: 'api.example.com', CustomOriginConfig: { OriginProtocolPolicy: 'match-viewer' } },
                { Id: 'web', DomainName: 'web.example.com', CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } },
              ],
              DefaultCacheBehavior: behaviour({ TargetOriginId: 'web' }),
              CacheBehaviors: [behaviour({ PathPattern: '/api/*', ViewerProtocolPolicy: 'allow-all' })],
            }),
          },
          {
            name: 'the legacy form',
            resources: distribution({
              Origins: undefined,
              CustomOrigin: { DNSName: 'api.example.com', OriginProtocolPolicy: 'http-only' },
            }),
          },
        ],
        unknown: [{ ...byParameter, resources: origin({ OriginProtocolPolicy: { Ref: 'Policy' } }) }],
        skip: [
          {
            resources: distribution({ Origins: [{ Id: 'api', DomainName: 'b.s3.amazonaws.com', S3OriginConfig: {} }] }),
          },
        ],
      }),
      rule({
        on: DISTRIBUTION,
        severity: 'medium',
        check: offersModernTlsOnly,
        fix: 'Set OriginSSLProtocols to [TLSv1.2].',
        pass: [{ resources: origin({ OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] }) }],
        fail: [{ resources: origin({ OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1', 'TLSv1.2'] }) }],
        skip: [{ resources: origin({ OriginProtocolPolicy: 'https-only' }) }],
      }),
      rule({
        on: 'AWS::CloudFront::VpcOrigin',
        check: (one) => one.at('VpcOriginEndpointConfig.OriginProtocolPolicy').orDefault('match-viewer').is('https-only'),
        fix: 'Set VpcOriginEndpointConfig.OriginProtocolPolicy to https-only.',
        pass: [vpcOrigin({ OriginProtocolPolicy: 'https-only' })],
        fail: [vpcOrigin({ OriginProtocolPolicy: 'http-only' }), { name: 'the default', ...vpcOrigin({}) }],
      }),
    ],
  },
} as const satisfies Specs;

function vpcOrigin(config: object) {
  return {
    resources: {
      Origin: {
        Type: 'AWS::CloudFront::VpcOrigin',
        Properties: {
          VpcOriginEndpointConfig: {
            Arn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/1',
            Name: 'a',
            ...config,
          },
        },
      },
    },
  };
}
