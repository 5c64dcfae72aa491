/** Certificates: who issues and renews them, how strong their keys are, and which hosts they name. */
import { labelOf, profileOf } from '../../facts/classification';
import type { Specs } from '../../merge';
import { every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Value } from '../../value';
import { CLASSIC } from './load-balancers';
import { only } from './samples';

const CERTIFICATE = 'AWS::CertificateManager::Certificate';
/** Days before a certificate ends at which a warning must come (TLS-08). */
const WARNING_DAYS = 45;

/** Where a resource names the certificate that it presents. */
const PRESENTED: Readonly<Record<string, (one: Resource) => readonly Value[]>> = {
  'AWS::ElasticLoadBalancingV2::Listener': (one) =>
    one
      .at('Certificates')
      .items()
      .map((entry) => entry.at('CertificateArn')),
  'AWS::ElasticLoadBalancingV2::ListenerCertificate': (one) =>
    one
      .at('Certificates')
      .items()
      .map((entry) => entry.at('CertificateArn')),
  [CLASSIC]: (one) =>
    one
      .at('Listeners')
      .items()
      .map((entry) => entry.at('SSLCertificateId')),
};

/** A certificate that was uploaded to IAM is renewed by nobody. */
function renewsItself(one: Resource): Outcome {
  const named = PRESENTED[one.type]?.(one).filter(({ state }) => state !== 'absent') ?? [];
  if (named.length === 0) return notApplicable('presents no certificate');
  return every(named, (arn) =>
    /^arn:[^:]+:iam:/.test(arn.shape ?? '') ? fail(`${arn.path} was uploaded to IAM, which renews nothing`, arn.path) : arn.isSet(),
  );
}

/** Validation by mail waits for somebody to answer before each renewal. Private certificates are validated by nobody. */
function validatesByDns(one: Resource): Outcome {
  if (one.at('CertificateAuthorityArn').state !== 'absent') return notApplicable('comes from a private authority');
  return one.at('ValidationMethod').orDefault('EMAIL').isOneOf(['DNS', 'HTTP']);
}

const hostsOf = (one: Resource): readonly Value[] => [one.at('DomainName'), ...one.at('SubjectAlternativeNames').items()];

/** `*.cases.example.com` covers a sub-domain of its own; `*.example.com` covers whatever the organisation runs. */
function namesHosts(one: Resource): Outcome {
  return every(hostsOf(one), (host) => {
    const shape = host.shape;
    if (shape === undefined) return host.asUnknown();
    if (!shape.startsWith('*')) return pass();
    if (host.state !== 'known') return host.asUnknown();
    if (shape.split('.').length < 4) return fail(`${host.describe()}, which covers the whole domain`, host.path);
    return labelOf(one, 'owner')?.isSet().verdict === 'pass' || profileOf(one)?.owner !== undefined
      ? pass()
      : fail(`${host.describe()}, and neither a tag nor the data profile names an owner`, host.path);
  });
}

/** RSA from 3072 bits on, and the curves of NIST. */
const STRONG = ['RSA_3072', 'RSA_4096', 'EC_prime256v1', 'EC_secp384r1', 'EC_secp521r1'];
const algorithm = (one: Resource): Value => one.at('KeyAlgorithm').orDefault('RSA_2048');

const certificate = (properties: object = {}) =>
  only(CERTIFICATE, { DomainName: 'cases.example.com', ValidationMethod: 'DNS', ...properties });
const IN_IAM = 'arn:aws:iam::111122223333:server-certificate/web';
const IN_ACM = 'arn:aws:acm:eu-west-1:111122223333:certificate/1';
const byParameter = { parameters: { Value: { Type: 'String' } } };
const OWNER = { Tags: [{ Key: 'owner', Value: 'support@example.com' }] };

export const certificates = {
  'TLS-08': {
    aws: [
      rule({
        on: CERTIFICATE,
        check: validatesByDns,
        fix: 'Set ValidationMethod to DNS (CertificateValidation.fromDns in CDK): the certificate then renews by itself.',
        pass: [certificate()],
        fail: [certificate({ ValidationMethod: 'EMAIL' }), { name: 'the default', ...certificate({ ValidationMethod: undefined }) }],
        unknown: [{ ...byParameter, ...certificate({ ValidationMethod: { Ref: 'Value' } }) }],
        skip: [
          certificate({
            ValidationMethod: undefined,
            CertificateAuthorityArn: 'arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/1',
          }),
        ],
      }),
      rule({
        on: CERTIFICATE,
        check: (one) => one.at('CertificateTransparencyLoggingPreference').orDefault('ENABLED').is('ENABLED'),
        fix: 'Leave CertificateTransparencyLoggingPreference ENABLED: browsers refuse certificates that are in no log, and forged ones are found there.',
        pass: [certificate({ CertificateTransparencyLoggingPreference: 'ENABLED' })],
        fail: [certificate({ CertificateTransparencyLoggingPreference: 'DISABLED' })],
      }),
      rule({
        on: 'AWS::CertificateManager::Account',
        check: (one) => one.at('ExpiryEventsConfiguration.DaysBeforeExpiry').orDefault(WARNING_DAYS).isAtLeast(WARNING_DAYS),
        fix: `Set ExpiryEventsConfiguration.DaysBeforeExpiry to ${WARNING_DAYS}.`,
        pass: [only('AWS::CertificateManager::Account', { ExpiryEventsConfiguration: { DaysBeforeExpiry: 45 } })],
        fail: [only('AWS::CertificateManager::Account', { ExpiryEventsConfiguration: { DaysBeforeExpiry: 7 } })],
      }),
      rule({
        on: Object.keys(PRESENTED),
        check: renewsItself,
        fix: 'Present a certificate of AWS Certificate Manager.',
        pass: [
          only('AWS::ElasticLoadBalancingV2::Listener', { Certificates: [{ CertificateArn: IN_ACM }] }),
          only('AWS::ElasticLoadBalancingV2::ListenerCertificate', { Certificates: [{ CertificateArn: IN_ACM }] }),
          only(CLASSIC, { Listeners: [{ Protocol: 'HTTPS', SSLCertificateId: IN_ACM }] }),
        ],
        fail: [
          only('AWS::ElasticLoadBalancingV2::Listener', { Certificates: [{ CertificateArn: IN_IAM }] }),
          only('AWS::ElasticLoadBalancingV2::ListenerCertificate', {
            Certificates: [{ CertificateArn: IN_ACM }, { CertificateArn: IN_IAM }],
          }),
          only(CLASSIC, { Listeners: [{ Protocol: 'HTTPS', SSLCertificateId: IN_IAM }] }),
        ],
        skip: [only(CLASSIC, { Listeners: [{ Protocol: 'HTTP' }] })],
      }),
      rule({
        on: 'AWS::CloudFront::Distribution',
        check: (site) => {
          const presented = site.at('DistributionConfig.ViewerCertificate');
          return presented.state === 'absent'
            ? notApplicable('presents the certificate of CloudFront')
            : presented.at('IamCertificateId').state === 'absent'
              ? pass()
              : fail('IamCertificateId names a certificate that was uploaded to IAM, which renews nothing', presented.path);
        },
        fix: 'Set AcmCertificateArn instead of IamCertificateId.',
        pass: [only('AWS::CloudFront::Distribution', { DistributionConfig: { ViewerCertificate: { AcmCertificateArn: IN_ACM } } })],
        fail: [only('AWS::CloudFront::Distribution', { DistributionConfig: { ViewerCertificate: { IamCertificateId: 'ASCA1' } } })],
        skip: [only('AWS::CloudFront::Distribution', { DistributionConfig: {} })],
      }),
    ],
  },

  'TLS-11': {
    aws: rule({
      on: CERTIFICATE,
      check: namesHosts,
      fix: 'Name each host in DomainName and SubjectAlternativeNames, or take a wildcard of a sub-domain of its own (*.cases.example.com) and tag its owner.',
      pass: [
        certificate({ SubjectAlternativeNames: ['www.cases.example.com'] }),
        { name: 'a sub-domain with an owner', ...certificate({ DomainName: '*.cases.example.com', ...OWNER }) },
      ],
      fail: [
        certificate({ DomainName: '*.example.com', ...OWNER }),
        certificate({ SubjectAlternativeNames: ['*.example.com'] }),
        { name: 'a sub-domain of nobody', ...certificate({ DomainName: '*.cases.example.com' }) },
      ],
      unknown: [
        { ...byParameter, ...certificate({ DomainName: { 'Fn::Sub': '*.${Value}' } }) },
        { name: 'a host that a parameter names', ...byParameter, ...certificate({ DomainName: { Ref: 'Value' } }) },
      ],
    }),
  },

  'ENC-09': {
    aws: [
      rule({
        on: CERTIFICATE,
        check: (one) => algorithm(one).isOneOf(['RSA_2048', ...STRONG]),
        fix: 'Set KeyAlgorithm to EC_prime256v1 or better.',
        pass: [certificate({ KeyAlgorithm: 'EC_prime256v1' })],
        fail: [certificate({ KeyAlgorithm: 'RSA_1024' })],
      }),
      rule({
        on: CERTIFICATE,
        severity: 'low',
        from: 'high',
        check: (one) =>
          algorithm(one).is('RSA_1024').verdict === 'pass' ? notApplicable('is judged already') : algorithm(one).isOneOf(STRONG),
        fix: 'Set KeyAlgorithm to EC_prime256v1 or better: RSA with 2048 bits is the default.',
        pass: [certificate({ KeyAlgorithm: 'EC_secp384r1' })],
        fail: [certificate()],
        skip: [certificate({ KeyAlgorithm: 'RSA_1024' })],
      }),
    ],
  },
} as const satisfies Specs;
