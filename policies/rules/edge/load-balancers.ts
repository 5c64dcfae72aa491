/** Load balancers and their target groups: exposure, requests that are dropped, records, protection, several zones. */
import { attribute } from '../../facts/attributes';
import { profileOf } from '../../facts/classification';
import { deliveredLogs } from '../../facts/deliveries';
import type { Graph } from '../../graph';
import type { Specs } from '../../merge';
import { allOf, fail, notApplicable, type Outcome, pass, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type RuleContext, rule } from '../../rule';
import type { Value } from '../../value';
import { BALANCER, LISTENER } from './listeners';
import { attributes, balancer, listener, only, TO_TARGETS } from './samples';

export const CLASSIC = 'AWS::ElasticLoadBalancing::LoadBalancer';
const TARGETS = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const ASSOCIATIONS = [
  ['AWS::WAFv2::WebACLAssociation', 'ResourceArn'],
  ['AWS::WAFRegional::WebACLAssociation', 'ResourceArn'],
] as const;
const SECURE = 'Use SecureLoadBalancer, or ';

const kindOf = (one: Resource): Value => one.at('Type').orDefault('application');
const isApplication = (one: Resource): Outcome => kindOf(one).is('application');
const given = (one: Resource, key: string, judge: (value: Value) => Outcome, otherwise?: string): Outcome =>
  attribute(one.at('LoadBalancerAttributes'), key, judge, otherwise);

/** A gateway load balancer takes no scheme; every other one is public unless it says otherwise. */
function isPublic(one: Resource): Outcome {
  if (one.type === BALANCER && kindOf(one).is('gateway').verdict === 'pass') return fail('is a gateway load balancer');
  const scheme = one.at('Scheme').orDefault('internet-facing');
  const inside = scheme.is('internal');
  return inside.verdict === 'pass' ? scheme.asFailure() : inside.verdict === 'fail' ? pass() : inside;
}

/** What the profile of the unit, or of the project, says of who reaches the system. */
function declaredExposure(one: Resource, { profile }: RuleContext): unknown {
  const own = profileOf(one)?.exposure;
  return own ?? (profile as { readonly exposure?: unknown } | undefined)?.exposure;
}

const exposedAs =
  (declared: boolean) =>
  (one: Resource, _graph: Graph, context: RuleContext): Outcome => {
    const exposure = declaredExposure(one, context);
    if ((exposure !== undefined) !== declared) return notApplicable(declared ? 'no exposure is declared' : 'an exposure is declared');
    if (exposure === 'internet') return pass();
    const open = isPublic(one);
    if (open.verdict !== 'pass') return open.verdict === 'fail' ? pass() : open;
    const scheme = one.at('Scheme').orDefault('internet-facing');
    return fail(declared ? `${scheme.describe()}, and the data profile says exposure ${String(exposure)}` : scheme.describe(), 'Scheme');
  };

/** Web ACLs stand before application load balancers only. */
function hasFirewall(one: Resource, graph: Graph): Outcome {
  if (isApplication(one).verdict === 'fail') return notApplicable('takes no web ACL');
  return when(isPublic(one), () =>
    ASSOCIATIONS.some(([type, path]) => graph.pointingAt(one, type, path).length > 0)
      ? pass()
      : fail('is on the internet, and no web ACL is associated with it'),
  );
}

/** A network load balancer records what its TLS listeners terminate, and nothing else. */
function writesAccessLogs(one: Resource, graph: Graph): Outcome {
  const kind = kindOf(one);
  if (kind.is('gateway').verdict === 'pass') return notApplicable('is a gateway load balancer, whose traffic flow logs record');
  if (kind.is('network').verdict === 'pass' && !terminatesTls(one, graph))
    return notApplicable('terminates no TLS, so that it has nothing to record; flow logs do');
  if (deliveredLogs(one, graph) === 'somewhere') return pass();
  return allOf(
    given(one, 'access_logs.s3.enabled', (value) => value.isTrue(), 'no request is recorded'),
    given(one, 'access_logs.s3.bucket', (value) => value.isSet(), 'the records have no bucket'),
  );
}

const terminatesTls = (one: Resource, graph: Graph): boolean =>
  graph.pointingAt(one, LISTENER, 'LoadBalancerArn').some((each) => each.at('Protocol').is('TLS').verdict !== 'fail');

const dropsMalformed = (one: Resource): Outcome =>
  when(isApplication(one), () =>
    given(one, 'routing.http.drop_invalid_header_fields.enabled', (value) => value.isTrue(), 'headers that are malformed are passed on'),
  );

const mitigatesDesync = (one: Resource): Outcome =>
  when(isApplication(one), () => given(one, 'routing.http.desync_mitigation_mode', (value) => value.isOneOf(['defensive', 'strictest'])));

function spansZones(one: Resource): Outcome {
  const places = [one.at('Subnets'), one.at('SubnetMappings')].find(({ state }) => state !== 'absent');
  if (!places) return notApplicable('names no subnets');
  if (!places.isList) return places.state === 'known' ? fail(`${places.path} names one subnet`, places.path) : places.asUnknown();
  const count = places.items().length;
  return count >= 2 ? pass() : fail(`${places.path} names ${count} subnet`, places.path);
}

// ── Target groups ────────────────────────────────────────────────────────────────────────────────────────────────────

function reachesTargetsByTls(group: Resource): Outcome {
  const type = group.at('TargetType');
  if (type.is('lambda').verdict === 'pass') return notApplicable('calls a function, which the service does by TLS');
  const protocol = group.at('Protocol');
  if (protocol.state === 'absent') return notApplicable('names no protocol');
  if (protocol.isOneOf(['TCP', 'UDP', 'TCP_UDP', 'GENEVE', 'QUIC', 'TCP_QUIC']).verdict === 'pass')
    return notApplicable('carries what the workload speaks');
  return protocol.isOneOf(['HTTPS', 'TLS']);
}

const checksHealth = (group: Resource): Outcome =>
  group.at('TargetType').is('lambda').verdict === 'pass'
    ? notApplicable('calls a function')
    : group.at('HealthCheckEnabled').orDefault(true).isTrue();

const LOGGED = { 'access_logs.s3.enabled': 'true', 'access_logs.s3.bucket': 'logs' };
const NETWORK = { Type: 'network' };
const waf = (Type: string) => ({ Waf: { Type, Properties: { ResourceArn: { Ref: 'Balancer' } } } });
const tls = listener({ Protocol: 'TLS', Port: 443, DefaultActions: TO_TARGETS });
const classic = (Properties: object) => ({ Balancer: { Type: CLASSIC, Properties } });
const exposure = (name: string) => ({
  unit: {
    profile: { system: 's', owner: 'o', sensitivity: 'internal', volume: 'few', exposure: name, privilege: 'read' },
  },
});
const byParameter = { parameters: { Value: { Type: 'String' } } };
const INTERNAL = { Scheme: 'internal' };
const delivered = {
  Source: { Type: 'AWS::Logs::DeliverySource', Properties: { Name: 's', ResourceArn: { Ref: 'Balancer' } } },
  Delivery: {
    Type: 'AWS::Logs::Delivery',
    Properties: { DeliverySourceName: { Ref: 'Source' }, DeliveryDestinationArn: 'arn:aws:logs:::d' },
  },
};

export const loadBalancers = {
  'DID-02': {
    aws: [
      rule({
        on: [BALANCER, CLASSIC],
        severity: 'medium',
        check: exposedAs(true),
        fix: 'Set Scheme to internal, or declare exposure internet in the data profile.',
        pass: [
          { ...exposure('internet'), resources: balancer() },
          { ...exposure('organisation'), resources: balancer(INTERNAL) },
          { ...exposure('partner'), resources: classic(INTERNAL) },
          { name: 'a gateway has no address of its own', ...exposure('organisation'), resources: balancer({ Type: 'gateway' }) },
        ],
        fail: [
          { ...exposure('organisation'), resources: balancer({ Scheme: 'internet-facing' }) },
          { name: 'the default', ...exposure('partner'), resources: balancer() },
          { ...exposure('isolated'), resources: classic({ Listeners: [] }) },
        ],
        unknown: [{ ...exposure('organisation'), ...byParameter, resources: balancer({ Scheme: { Ref: 'Value' } }) }],
        skip: [{ resources: balancer() }],
      }),
      rule({
        on: [BALANCER, CLASSIC],
        severity: 'low',
        check: exposedAs(false),
        fix: 'Set Scheme to internal, or declare a data profile whose exposure is internet.',
        pass: [{ resources: balancer(INTERNAL) }, { resources: balancer({ Type: 'gateway' }) }, { resources: classic(INTERNAL) }],
        fail: [{ resources: balancer() }, { resources: classic({ Scheme: 'internet-facing' }) }],
        unknown: [{ ...byParameter, resources: balancer({ Scheme: { Ref: 'Value' } }) }],
        skip: [{ ...exposure('organisation'), resources: balancer() }],
      }),
    ],
  },

  'DID-07': {
    aws: rule({
      on: BALANCER,
      check: hasFirewall,
      fix: `${SECURE}associate a web ACL (SecureWebAcl, or AWS::WAFv2::WebACLAssociation with the ARN of the load balancer).`,
      pass: ASSOCIATIONS.map(([type]) => ({ resources: { ...balancer(), ...waf(type) } })),
      fail: [{ resources: balancer() }, { resources: balancer({ Scheme: 'internet-facing', Type: undefined }) }],
      unknown: [{ ...byParameter, resources: balancer({ Scheme: { Ref: 'Value' } }) }],
      skip: [{ resources: balancer(INTERNAL) }, { resources: balancer(NETWORK) }],
    }),
  },

  'DID-17': {
    aws: [
      rule({
        on: BALANCER,
        check: dropsMalformed,
        fix: `${SECURE}set the attribute routing.http.drop_invalid_header_fields.enabled to true (dropInvalidHeaderFields in CDK).`,
        pass: [{ resources: balancer(attributes({ 'routing.http.drop_invalid_header_fields.enabled': 'true' })) }],
        fail: [
          { resources: balancer() },
          { resources: balancer(attributes({ 'routing.http.drop_invalid_header_fields.enabled': false })) },
        ],
        unknown: [{ ...byParameter, resources: balancer({ LoadBalancerAttributes: [{ Key: { Ref: 'Value' }, Value: 'true' }] }) }],
        skip: [{ resources: balancer(NETWORK) }],
      }),
      rule({
        on: BALANCER,
        check: mitigatesDesync,
        fix: `${SECURE}set the attribute routing.http.desync_mitigation_mode to defensive or strictest.`,
        pass: [{ resources: balancer() }, { resources: balancer(attributes({ 'routing.http.desync_mitigation_mode': 'strictest' })) }],
        fail: [{ resources: balancer(attributes({ 'routing.http.desync_mitigation_mode': 'monitor' })) }],
        skip: [{ resources: balancer(NETWORK) }],
      }),
    ],
  },

  'LOG-13': {
    aws: rule({
      on: BALANCER,
      check: writesAccessLogs,
      fix: `${SECURE}set the attributes access_logs.s3.enabled to true and access_logs.s3.bucket to a bucket that S3 encrypts with its own key (logAccessLogs in CDK).`,
      pass: [
        { resources: balancer(attributes(LOGGED)) },
        { name: 'delivered by CloudWatch Logs', resources: { ...balancer(), ...delivered } },
        { resources: { ...balancer({ ...NETWORK, ...attributes(LOGGED) }), ...tls } },
      ],
      fail: [
        { resources: balancer() },
        { resources: balancer(attributes({ ...LOGGED, 'access_logs.s3.enabled': 'false' })) },
        { name: 'no bucket', resources: balancer(attributes({ 'access_logs.s3.enabled': 'true' })) },
        { resources: { ...balancer(NETWORK), ...tls } },
      ],
      skip: [{ resources: balancer(NETWORK) }, { resources: balancer({ Type: 'gateway' }) }],
    }),
  },

  'DHC-10': {
    aws: rule({
      on: BALANCER,
      severity: 'low',
      from: 'moderate',
      check: (one) =>
        given(one, 'deletion_protection.enabled', (value) => value.isTrue(), 'a mistaken deletion takes the entry away with its addresses'),
      fix: `${SECURE}set the attribute deletion_protection.enabled to true (deletionProtection in CDK).`,
      pass: [{ resources: balancer(attributes({ 'deletion_protection.enabled': 'true' })) }],
      fail: [{ resources: balancer() }, { resources: balancer(attributes({ 'deletion_protection.enabled': 'false' })) }],
    }),
  },

  'BCR-06': {
    aws: [
      rule({
        on: BALANCER,
        check: spansZones,
        fix: 'Name subnets of at least two availability zones.',
        pass: [{ resources: balancer({ Subnets: ['subnet-1', 'subnet-2'] }) }],
        fail: [
          { resources: balancer({ Subnets: ['subnet-1'] }) },
          { resources: balancer({ ...NETWORK, SubnetMappings: [{ SubnetId: 'subnet-1' }] }) },
        ],
        unknown: [{ parameters: { Value: { Type: 'List<AWS::EC2::Subnet::Id>' } }, resources: balancer({ Subnets: { Ref: 'Value' } }) }],
        skip: [{ resources: balancer() }],
      }),
      rule({
        on: TARGETS,
        severity: 'low',
        check: checksHealth,
        fix: 'Set HealthCheckEnabled to true: targets that no longer answer otherwise keep getting requests.',
        pass: [only(TARGETS, { HealthCheckEnabled: true })],
        fail: [only(TARGETS, { HealthCheckEnabled: false })],
        skip: [only(TARGETS, { TargetType: 'lambda', HealthCheckEnabled: false })],
      }),
    ],
  },

  'TLS-04': {
    aws: rule({
      on: TARGETS,
      check: reachesTargetsByTls,
      fix: 'Set Protocol to HTTPS (TLS behind a network load balancer) and let the workload answer with a certificate, of its own making if need be: the load balancer does not check it. SecureLoadBalancer does so.',
      pass: [only(TARGETS, { Protocol: 'HTTPS', Port: 443 }), only(TARGETS, { Protocol: 'TLS' })],
      fail: [only(TARGETS, { Protocol: 'HTTP', Port: 80 })],
      unknown: [{ ...byParameter, ...only(TARGETS, { Protocol: { Ref: 'Value' } }) }],
      skip: [only(TARGETS, { TargetType: 'lambda', Protocol: 'HTTP' }), only(TARGETS, { Protocol: 'TCP' }), only(TARGETS)],
    }),
  },
} as const satisfies Specs;
