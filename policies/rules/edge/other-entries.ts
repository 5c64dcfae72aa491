/** Other public entries: accelerators, App Runner, Lightsail, zones, verified access. */
import type { Graph } from '../../graph';
import type { Specs } from '../../merge';
import { allOf, anyOf, every, fail, notApplicable, type Outcome, pass, when } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Value } from '../../value';
import { only } from './samples';

const ACCELERATOR = 'AWS::GlobalAccelerator::Accelerator';
const APP_RUNNER = 'AWS::AppRunner::Service';
const VERIFIED_ACCESS = 'AWS::EC2::VerifiedAccessInstance';
const ZONE = 'AWS::Route53::HostedZone';
const ASSOCIATION = 'AWS::WAFv2::WebACLAssociation';
const LIGHTSAIL_BALANCER = 'AWS::Lightsail::LoadBalancer';
const LIGHTSAIL_SITE = 'AWS::Lightsail::Distribution';
const LIGHTSAIL_BUCKET = 'AWS::Lightsail::Bucket';
const LIGHTSAIL_HOST = 'AWS::Lightsail::Instance';

/** The only policy of Lightsail that starts at TLS 1.2. */
const LIGHTSAIL_TLS = 'TLS-FS-Res-1-2-2019-08';

const isAssociated = (one: Resource, graph: Graph, what: string): Outcome =>
  graph.pointingAt(one, ASSOCIATION, 'ResourceArn').length > 0 ? pass() : fail(`${what}, and no web ACL is associated with it`);

const isReachable = (service: Resource): Value =>
  service.at('NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible').orDefault(true);

/** Nobody outside asks a private zone. */
const recordsQueries = (zone: Resource): Outcome =>
  zone.at('VPCs').isSet().verdict === 'pass'
    ? notApplicable('is a private zone, whose queries the resolver of the network records')
    : zone.at('QueryLoggingConfig.CloudWatchLogsLogGroupArn').isSet();

const recordsAccess = (instance: Resource): Outcome =>
  anyOf(
    ['S3', 'CloudWatchLogs', 'KinesisDataFirehose'].map((to) =>
      instance.at(`LoggingConfigurations.${to}.Enabled`).orDefault(false).isTrue(),
    ),
    'LoggingConfigurations sends the records nowhere',
  );

const ADMINISTRATION = [22, 3389, 5985, 5986];
const ANYWHERE = ['0.0.0.0/0', '::/0'];

/** Ports of a host on Lightsail; without addresses they are open to anybody. */
function opensNoAdministration(host: Resource): Outcome {
  return every(host.at('Networking.Ports').items(), (port) => {
    const from = port.at('FromPort').orDefault(0);
    const to = port.at('ToPort').orDefault(from.number ?? 65_535);
    if (from.number === undefined || to.number === undefined) return from.number === undefined ? from.asUnknown() : to.asUnknown();
    const found = ADMINISTRATION.find((one) => (from.number as number) <= one && one <= (to.number as number));
    if (found === undefined) return pass();
    const sources = [...port.at('Cidrs').items(), ...port.at('Ipv6Cidrs').items()];
    const limited = sources.length > 0 || port.at('CidrListAliases').isSet().verdict === 'pass';
    if (!limited) return fail(`${port.path} opens port ${found} to anybody`, port.path);
    return every(sources, (source) =>
      ANYWHERE.includes(source.string ?? '') ? fail(`${port.path} opens port ${found} to ${source.string}`, source.path) : pass(),
    );
  });
}

const waf = { Waf: { Type: ASSOCIATION, Properties: { ResourceArn: { Ref: 'It' }, WebACLArn: 'arn:aws:wafv2:::acl' } } };
const runner = (IsPubliclyAccessible?: unknown) =>
  only(APP_RUNNER, IsPubliclyAccessible === undefined ? {} : { NetworkConfiguration: { IngressConfiguration: { IsPubliclyAccessible } } });
const host = (...Ports: readonly object[]) => only(LIGHTSAIL_HOST, { Networking: { Ports } });
const bucket = (AccessRules: object) => only(LIGHTSAIL_BUCKET, { BucketName: 'b', AccessRules });
const pool = { UserPool: 'AWS::Cognito::UserPool', Domain: 'AWS::Cognito::UserPoolDomain' };
const hosted = { Domain: { Type: pool.Domain, Properties: { UserPoolId: { Ref: 'It' }, Domain: 'cases' } } };
const byParameter = { parameters: { Value: { Type: 'String' } } };
const group = 'arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/example.com';

export const otherEntries = {
  'LOG-13': {
    aws: [
      rule({
        on: ACCELERATOR,
        check: (one) => allOf(one.at('FlowLogsEnabled').orDefault(false).isTrue(), one.at('FlowLogsS3Bucket').isSet()),
        fix: 'Set FlowLogsEnabled to true with FlowLogsS3Bucket.',
        pass: [only(ACCELERATOR, { Name: 'a', FlowLogsEnabled: true, FlowLogsS3Bucket: 'logs' })],
        fail: [
          only(ACCELERATOR, { Name: 'a' }),
          only(ACCELERATOR, { Name: 'a', FlowLogsEnabled: true }),
          only(ACCELERATOR, { FlowLogsEnabled: 'false', FlowLogsS3Bucket: 'logs' }),
        ],
      }),
      rule({
        on: VERIFIED_ACCESS,
        check: recordsAccess,
        fix: 'Set LoggingConfigurations with CloudWatchLogs, S3 or KinesisDataFirehose enabled.',
        pass: ['S3', 'CloudWatchLogs', 'KinesisDataFirehose'].map((to) =>
          only(VERIFIED_ACCESS, { LoggingConfigurations: { [to]: { Enabled: true } } }),
        ),
        fail: [only(VERIFIED_ACCESS), only(VERIFIED_ACCESS, { LoggingConfigurations: { S3: { Enabled: false, BucketName: 'logs' } } })],
      }),
    ],
  },

  'LOG-12': {
    aws: rule({
      on: ZONE,
      severity: 'low',
      from: 'moderate',
      check: recordsQueries,
      fix: 'Set QueryLoggingConfig.CloudWatchLogsLogGroupArn to a log group of us-east-1 that Route 53 may write to (queryLogsLogGroupArn in CDK).',
      pass: [only(ZONE, { Name: 'example.com', QueryLoggingConfig: { CloudWatchLogsLogGroupArn: group } })],
      fail: [only(ZONE, { Name: 'example.com' })],
      skip: [only(ZONE, { Name: 'internal', VPCs: [{ VPCId: 'vpc-1', VPCRegion: 'eu-west-1' }] })],
    }),
  },

  'DID-07': {
    aws: [
      rule({
        on: APP_RUNNER,
        check: (service, graph) => when(isReachable(service).isTrue(), () => isAssociated(service, graph, 'answers the internet')),
        fix: 'Associate a web ACL with the service (AWS::WAFv2::WebACLAssociation), or set IngressConfiguration.IsPubliclyAccessible to false.',
        pass: [{ resources: { ...runner(true).resources, ...waf } }],
        fail: [runner(), runner('true')],
        unknown: [{ ...byParameter, ...runner({ Ref: 'Value' }) }],
        skip: [runner(false)],
      }),
      rule({
        on: pool.UserPool,
        severity: 'low',
        from: 'moderate',
        check: (directory, graph) =>
          graph.pointingAt(directory, pool.Domain, 'UserPoolId').length > 0
            ? isAssociated(directory, graph, 'has sign-in pages on the internet')
            : notApplicable('has no sign-in pages of its own'),
        fix: 'Associate a web ACL with the user pool (AWS::WAFv2::WebACLAssociation).',
        pass: [{ resources: { ...only(pool.UserPool).resources, ...hosted, ...waf } }],
        fail: [{ resources: { ...only(pool.UserPool).resources, ...hosted } }],
        skip: [only(pool.UserPool)],
      }),
    ],
  },

  'DID-08': {
    aws: rule({
      on: 'AWS::Shield::ProactiveEngagement',
      severity: 'low',
      check: (one) => one.at('ProactiveEngagementStatus').is('ENABLED'),
      fix: 'Set ProactiveEngagementStatus to ENABLED, so that the response team calls when an attack shows.',
      pass: [only('AWS::Shield::ProactiveEngagement', { ProactiveEngagementStatus: 'ENABLED', EmergencyContactList: [] })],
      fail: [only('AWS::Shield::ProactiveEngagement', { ProactiveEngagementStatus: 'DISABLED', EmergencyContactList: [] })],
    }),
  },

  'TLS-01': {
    aws: rule({
      on: LIGHTSAIL_BALANCER,
      check: (one) => one.at('TlsPolicyName').orDefault('TLS-2016-08').is(LIGHTSAIL_TLS),
      fix: `Set TlsPolicyName to ${LIGHTSAIL_TLS}.`,
      pass: [only(LIGHTSAIL_BALANCER, { TlsPolicyName: LIGHTSAIL_TLS })],
      fail: [only(LIGHTSAIL_BALANCER), only(LIGHTSAIL_BALANCER, { TlsPolicyName: 'TLS-2016-08' })],
    }),
  },

  'TLS-04': {
    aws: rule({
      on: LIGHTSAIL_SITE,
      check: (site) => site.at('Origin.ProtocolPolicy').orDefault('http-only').is('https-only'),
      fix: 'Set Origin.ProtocolPolicy to https-only.',
      pass: [only(LIGHTSAIL_SITE, { Origin: { ProtocolPolicy: 'https-only' } })],
      fail: [only(LIGHTSAIL_SITE, { Origin: { Name: 'web' } }), only(LIGHTSAIL_SITE, { Origin: { ProtocolPolicy: 'http-only' } })],
    }),
  },

  'DID-12': {
    aws: rule({
      on: LIGHTSAIL_HOST,
      check: opensNoAdministration,
      fix: 'List the ports in Networking.Ports without 22 and 3389, or with the addresses of those who administer in Cidrs.',
      pass: [
        host({ FromPort: 443, ToPort: 443, Protocol: 'tcp' }),
        host({ FromPort: 22, ToPort: 22, Cidrs: ['192.0.2.0/28'] }),
        host({ FromPort: 22, ToPort: 22, CidrListAliases: ['lightsail-connect'] }),
      ],
      fail: [
        host({ FromPort: 22, ToPort: 22, Protocol: 'tcp' }),
        host({ FromPort: 3000, ToPort: 4000, Cidrs: ['0.0.0.0/0'] }),
        host({ FromPort: 22, ToPort: 22, Cidrs: ['192.0.2.0/28'], Ipv6Cidrs: ['::/0'] }),
      ],
      unknown: [{ parameters: { Value: { Type: 'Number' } }, ...host({ FromPort: { Ref: 'Value' }, ToPort: 22 }) }],
    }),
  },

  'DHC-05': {
    aws: [
      rule({
        on: LIGHTSAIL_BUCKET,
        check: (one) =>
          allOf(
            one.at('AccessRules.GetObject').orDefault('private').is('private'),
            one.at('AccessRules.AllowPublicOverrides').orDefault(false).isFalse(),
          ),
        fix: 'Set AccessRules to GetObject private and AllowPublicOverrides false.',
        pass: [bucket({ GetObject: 'private', AllowPublicOverrides: false }), only(LIGHTSAIL_BUCKET, { BucketName: 'b' })],
        fail: [bucket({ GetObject: 'public' }), bucket({ GetObject: 'private', AllowPublicOverrides: true })],
      }),
      rule({
        on: 'AWS::Lightsail::Database',
        check: (one) => one.at('PubliclyAccessible').orDefault(false).isFalse(),
        fix: 'Set PubliclyAccessible to false.',
        pass: [only('AWS::Lightsail::Database', { PubliclyAccessible: false })],
        fail: [only('AWS::Lightsail::Database', { PubliclyAccessible: true })],
      }),
    ],
  },
} as const satisfies Specs;
