/** Classic load balancers: listeners, negotiation, records, zones. */

import type { Specs } from '../../merge';
import { every, fail, notApplicable, type Outcome, pass, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Value } from '../../value';
import { CLASSIC } from './load-balancers';
import { only } from './samples';

const TLS = ['HTTPS', 'SSL'];
const NEGOTIATION = 'SSLNegotiationPolicyType';
const REFERENCE = 'Reference-Security-Policy';
/** The only policy of the service itself that starts at TLS 1.2. */
const MODERN = 'ELBSecurityPolicy-TLS-1-2-2017-01';
const OLD = ['Protocol-SSLv2', 'Protocol-SSLv3', 'Protocol-TLSv1', 'Protocol-TLSv1.1'];

/** Protocols are written in either case. */
const isOne = (protocol: Value, of: readonly string[]): Outcome => protocol.matches(new RegExp(`^(${of.join('|')})$`, 'i'));
const listenersOf = (one: Resource): readonly Value[] => one.at('Listeners').items();
const isInternal = (one: Resource): boolean => one.at('Scheme').is('internal').verdict === 'pass';

/** Clear text: HTTP, and TCP on the web port, which carries it. */
function servesTls(entry: Value): Outcome {
  const protocol = entry.at('Protocol');
  if (isOne(protocol, ['TCP']).verdict === 'pass')
    return entry.at('LoadBalancerPort').is('80').verdict === 'pass' ? fail(`${protocol.describe()} on port 80`, protocol.path) : pass();
  return isOne(protocol, TLS);
}

function negotiatesModernTls(one: Resource): Outcome {
  const secured = listenersOf(one).filter((entry) => isOne(entry.at('Protocol'), TLS).verdict === 'pass');
  if (secured.length === 0) return notApplicable('has no listener with TLS');
  return every(secured, (entry) => {
    const named = entry.at('PolicyNames').items();
    const policies = one
      .at('Policies')
      .items()
      .filter(
        (policy) =>
          policy.at('PolicyType').is(NEGOTIATION).verdict === 'pass' &&
          named.some((name) => name.shape !== undefined && name.shape === policy.at('PolicyName').shape),
      );
    if (policies.length > 0) return every(policies, refusesOld);
    // The names of policies that exist already say nothing of what they negotiate, except the service's own.
    const open = named.find((name) => name.is(MODERN).verdict !== 'fail');
    if (open) return open.is(MODERN);
    return named.length > 0 && !one.at('Policies').isList
      ? unknown(`what the policies of ${entry.path} negotiate: they are declared elsewhere`, entry.path)
      : fail(`${entry.path} names no negotiation policy: ELBSecurityPolicy-2016-08, which offers TLS 1.0, then holds`, entry.path);
  });
}

function refusesOld(policy: Value): Outcome {
  const items = policy.at('Attributes').items();
  const reference = items.find((item) => item.at('Name').string === REFERENCE);
  if (reference) return reference.at('Value').is(MODERN);
  return every(items, (item) =>
    OLD.includes(item.at('Name').string ?? '') ? item.at('Value').isFalse() : item.state === 'unknown' ? item.asUnknown() : pass(),
  );
}

/** What ends at the load balancer goes on by TLS; what passes through stays what it was. */
function reachesInstancesByTls(one: Resource): Outcome {
  const ended = listenersOf(one).filter((entry) => isOne(entry.at('Protocol'), ['HTTP', ...TLS]).verdict === 'pass');
  if (ended.length === 0) return notApplicable('passes on what it gets');
  return every(ended, (entry) => {
    const inner = entry.at('InstanceProtocol');
    return isOne(inner.state === 'absent' ? entry.at('Protocol') : inner, TLS);
  });
}

const serves = (listener: object, rest: object = {}) =>
  only(CLASSIC, { Listeners: [{ LoadBalancerPort: '443', InstancePort: '8443', Protocol: 'HTTPS', ...listener }], ...rest });
const policy = (Attributes: readonly object[]) => ({
  Policies: [{ PolicyName: 'modern', PolicyType: NEGOTIATION, Attributes }],
});
const refers = (Value: unknown) => policy([{ Name: REFERENCE, Value }]);
const NAMED = { PolicyNames: ['modern'] };
const byParameter = { parameters: { Value: { Type: 'String' } } };

export const classic = {
  'TLS-01': {
    aws: rule({
      on: CLASSIC,
      check: negotiatesModernTls,
      fix: `Name a policy of type ${NEGOTIATION} with ${REFERENCE} ${MODERN} in PolicyNames, or move to SecureLoadBalancer, which also negotiates TLS 1.3.`,
      pass: [
        serves(NAMED, refers(MODERN)),
        {
          name: 'a policy of its own',
          ...serves(
            NAMED,
            policy([
              { Name: 'Protocol-TLSv1.2', Value: 'true' },
              { Name: 'Protocol-TLSv1', Value: 'false' },
            ]),
          ),
        },
      ],
      fail: [
        serves(NAMED, refers('ELBSecurityPolicy-2016-08')),
        serves(NAMED, policy([{ Name: 'Protocol-TLSv1', Value: 'true' }])),
        { name: 'the default', ...serves({}) },
        {
          name: 'a policy of another kind',
          ...serves(NAMED, { Policies: [{ PolicyName: 'modern', PolicyType: 'ProxyProtocolPolicyType', Attributes: [] }] }),
        },
      ],
      unknown: [
        { ...byParameter, ...serves(NAMED, refers({ Ref: 'Value' })) },
        { name: 'declared elsewhere', ...serves(NAMED) },
      ],
      skip: [serves({ Protocol: 'TCP' })],
    }),
  },

  'TLS-02': {
    aws: rule({
      on: CLASSIC,
      check: (one) => (isInternal(one) ? notApplicable('is inside, and judged as TLS-04') : every(listenersOf(one), servesTls)),
      fix: 'Listen with HTTPS or SSL only, or move to SecureLoadBalancer: a classic load balancer cannot redirect.',
      pass: [serves({}), serves({ Protocol: 'ssl' }), { name: 'passed through', ...serves({ Protocol: 'TCP' }) }],
      fail: [
        serves({ Protocol: 'HTTP', LoadBalancerPort: '80' }),
        serves({ Protocol: 'http', LoadBalancerPort: '8080' }),
        serves({ Protocol: 'TCP', LoadBalancerPort: '80' }),
      ],
      unknown: [{ ...byParameter, ...serves({ Protocol: { Ref: 'Value' } }) }],
      skip: [serves({ Protocol: 'HTTP' }, { Scheme: 'internal' })],
    }),
  },

  'TLS-04': {
    aws: rule({
      on: CLASSIC,
      check: reachesInstancesByTls,
      fix: 'Set InstanceProtocol to HTTPS (SSL behind an SSL listener).',
      pass: [serves({ InstanceProtocol: 'HTTPS' }), { name: 'as outside', ...serves({}) }],
      fail: [serves({ InstanceProtocol: 'HTTP' }), { name: 'clear text inside', ...serves({ Protocol: 'HTTP' }, { Scheme: 'internal' }) }],
      skip: [serves({ Protocol: 'TCP' })],
    }),
  },

  'LOG-13': {
    aws: rule({
      on: CLASSIC,
      check: (one) => one.at('AccessLoggingPolicy.Enabled').isTrue(),
      fix: 'Set AccessLoggingPolicy with Enabled true and a bucket.',
      pass: [only(CLASSIC, { AccessLoggingPolicy: { Enabled: true, S3BucketName: 'logs' } })],
      fail: [only(CLASSIC), only(CLASSIC, { AccessLoggingPolicy: { Enabled: 'false', S3BucketName: 'logs' } })],
    }),
  },

  'BCR-06': {
    aws: rule({
      on: CLASSIC,
      severity: 'low',
      check: (one) => one.at('CrossZone').orDefault(false).isTrue(),
      fix: 'Set CrossZone to true, so that a zone that loses its hosts is served by those of another.',
      pass: [only(CLASSIC, { CrossZone: true })],
      fail: [only(CLASSIC), only(CLASSIC, { CrossZone: 'false' })],
    }),
  },
} as const satisfies Specs;
