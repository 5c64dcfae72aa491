/** Listeners of load balancers: what clients negotiate, what is served in clear text, and who signs in. */
import { clearTextProtocols } from '../../facts/network';
import { elbIsBest, elbIsModern } from '../../facts/tls';
import type { Graph } from '../../graph';
import type { Specs } from '../../merge';
import { every, fail, notApplicable, type Outcome, pass, when } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Value } from '../../value';
import { balancer, listener, TO_HTTPS, TO_TARGETS } from './samples';

export const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
export const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const LISTENER_RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const SECURE = 'Use SecureLoadBalancer, or ';

/** Whether the load balancer of a listener is known to have no address on the internet. */
function isInternal(one: Resource, graph: Graph): Outcome {
  const target = graph.target(one.at('LoadBalancerArn'), BALANCER);
  return target ? target.at('Scheme').orDefault('internet-facing').is('internal') : fail('the load balancer is declared elsewhere');
}

/** A default protocol follows from the port where nobody writes one; CloudFormation demands neither. */
const speaksTls = (one: Resource): Outcome => one.at('Protocol').isOneOf(['HTTPS', 'TLS']);

const negotiates = (judge: (policy: Value) => Outcome) => (one: Resource) => when(speaksTls(one), () => judge(one.at('SslPolicy')));

const leadsToHttps = (action: Value): Outcome => {
  const type = action.at('Type');
  const asked = () => action.at('RedirectConfig.Protocol').orDefault('#{protocol}').is('HTTPS');
  return when(type.is('redirect'), asked, () => type.asFailure());
};

/** What is forwarded, or answered with content; authentication in clear text gives the session away. */
const servesNothing = (actions: Value): Outcome =>
  actions.state === 'absent'
    ? actions.asFailure()
    : every(actions.items(), (action) => {
        const type = action.at('Type');
        if (type.is('fixed-response').verdict === 'pass') return pass();
        return type.state === 'absent' ? fail(`${action.path} has no Type`, action.path) : leadsToHttps(action);
      });

const PLAIN = { HTTP: 'http', TCP: 'tcp', UDP: 'udp', TCP_UDP: 'tcp or udp' } as const;

/** Transport listeners carry whatever the workload speaks; the port tells where it is known for clear text. */
function clearPort(one: Resource, protocol: 'tcp' | 'udp' | 'tcp or udp'): Outcome {
  const port = one.at('Port');
  if (port.number === undefined) return notApplicable('carries what the workload speaks');
  const names = [...(port.number === 80 ? ['HTTP'] : []), ...clearTextProtocols({ protocol, ranges: [[port.number, port.number]] })];
  return names.length > 0
    ? fail(`${port.describe()}, the port of ${names.join(', ')}`, port.path)
    : notApplicable('carries what the workload speaks');
}

function servesNoClearText(one: Resource): Outcome {
  const protocol = one.at('Protocol');
  const plain = PLAIN[protocol.string as keyof typeof PLAIN];
  if (plain === 'http') {
    const outcome = servesNothing(one.at('DefaultActions'));
    return outcome.verdict === 'fail'
      ? fail(`${protocol.describe()}, and the default action does not redirect to HTTPS`, protocol.path)
      : outcome;
  }
  if (plain !== undefined) return clearPort(one, plain);
  if (protocol.state === 'unknown') return servesNothing(one.at('DefaultActions')).verdict === 'pass' ? pass() : protocol.asUnknown();
  return protocol.state === 'absent' ? protocol.asFailure() : pass();
}

/** The listener of a gateway load balancer takes neither protocol nor port: it hands on whatever comes. */
function isOfGateway(one: Resource, graph: Graph): boolean {
  const target = graph.target(one.at('LoadBalancerArn'), BALANCER);
  if (target) return target.at('Type').is('gateway').verdict === 'pass';
  return one.at('Protocol').state === 'absent' && one.at('Port').state === 'absent' && one.at('DefaultActions').state !== 'absent';
}

/** Outside it is a public listener in clear text; inside it is traffic of the data centre. */
const outside = (judge: (one: Resource, graph: Graph) => Outcome) => (one: Resource, graph: Graph) => {
  if (isOfGateway(one, graph)) return notApplicable('hands on whatever comes');
  const outcome = judge(one, graph);
  return outcome.verdict !== 'pass' && isInternal(one, graph).verdict === 'pass'
    ? notApplicable('is inside, and judged as TLS-04')
    : outcome;
};
const inside = (judge: (one: Resource, graph: Graph) => Outcome) => (one: Resource, graph: Graph) =>
  isInternal(one, graph).verdict === 'pass' ? judge(one, graph) : notApplicable('is not inside, and judged as TLS-02');

function ruleServesNoClearText(one: Resource, graph: Graph): Outcome {
  const owner = graph.target(one.at('ListenerArn'), LISTENER);
  if (!owner) return notApplicable('its listener is declared elsewhere');
  return when(owner.at('Protocol').is('HTTP'), () => servesNothing(one.at('Actions')));
}

// ── Signing in at the listener ───────────────────────────────────────────────────────────────────────────────────────

const SIGN_IN = ['authenticate-cognito', 'authenticate-oidc', 'jwt-validation'] as const;
const CONFIGS = ['AuthenticateCognitoConfig', 'AuthenticateOidcConfig'] as const;

const signsIn = (actions: Value): boolean => actions.items().some((action) => action.at('Type').isOneOf(SIGN_IN).verdict !== 'fail');

function signInsOf(one: Resource): readonly Value[] {
  const actions = one.at(one.type === LISTENER ? 'DefaultActions' : 'Actions').items();
  return actions.flatMap((action) => CONFIGS.map((config) => action.at(config))).filter(({ state }) => state !== 'absent');
}

const eachSignIn = (check: (config: Value) => Outcome) => (one: Resource) => {
  const configs = signInsOf(one);
  return configs.length === 0 ? notApplicable('signs nobody in') : every(configs, check);
};

/** Seconds of the longest console session, eight hours; the load balancer keeps a session for a week unless told otherwise. */
const WORKING_DAY = 28_800;
const WEEK = 604_800;

/** A rule takes precedence over the default action: what it forwards passes no sign-in of the default action. */
function keepsSignIn(one: Resource, graph: Graph): Outcome {
  const owner = graph.target(one.at('ListenerArn'), LISTENER);
  if (!owner) return notApplicable('its listener is declared elsewhere');
  if (!signsIn(owner.at('DefaultActions'))) return notApplicable('its listener signs nobody in');
  const forwards = one
    .at('Actions')
    .items()
    .find((action) => action.at('Type').is('forward').verdict !== 'fail');
  if (!forwards || signsIn(one.at('Actions'))) return pass();
  return forwards.at('Type').state === 'known'
    ? fail(`Actions forwards without the sign-in that the default action of ${owner.logicalId} asks for`, 'Actions')
    : forwards.at('Type').asUnknown();
}

const https = (more: object = {}) =>
  listener({ Protocol: 'HTTPS', Port: 443, SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06', DefaultActions: TO_TARGETS, ...more });
const http = (DefaultActions: unknown, Port: unknown = 80) => listener({ Protocol: 'HTTP', Port, DefaultActions });
const oidc = (AuthenticateOidcConfig: object) => [
  { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig },
  { ...TO_TARGETS[0], Order: 2 },
];
const listenerRule = (properties: object) => ({
  Rule: { Type: LISTENER_RULE, Properties: { Priority: 1, Conditions: [], ListenerArn: { Ref: 'Listener' }, ...properties } },
});
const INTERNAL = { Scheme: 'internal' };
const byParameter = { parameters: { Value: { Type: 'String' } } };
const mutual = (more: object) =>
  https({
    MutualAuthentication: { Mode: 'verify', TrustStoreArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:truststore/t/1', ...more },
  });

export const listeners = {
  'TLS-01': {
    aws: [
      rule({
        on: LISTENER,
        check: negotiates(elbIsModern),
        fix: `${SECURE}set SslPolicy to ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09 or another that starts at TLS 1.2; without one it is ELBSecurityPolicy-2016-08, which offers TLS 1.0.`,
        pass: [
          { resources: https() },
          { name: 'post-quantum', resources: https({ SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09' }) },
          { name: 'of a network load balancer', resources: https({ Protocol: 'TLS', SslPolicy: 'ELBSecurityPolicy-FS-1-2-Res-2020-10' }) },
        ],
        fail: [
          { resources: https({ SslPolicy: 'ELBSecurityPolicy-TLS13-1-0-2021-06' }) },
          { resources: https({ SslPolicy: 'ELBSecurityPolicy-FS-1-1-2019-08' }) },
          { name: 'the default', resources: https({ SslPolicy: undefined }) },
        ],
        unknown: [{ ...byParameter, resources: https({ SslPolicy: { Ref: 'Value' } }) }],
        skip: [{ resources: http(TO_HTTPS) }],
      }),
      rule({
        on: LISTENER,
        severity: 'low',
        from: 'high',
        check: (one) =>
          when(
            negotiates(elbIsModern)(one),
            () => elbIsBest(one.at('SslPolicy')),
            () => notApplicable('is judged for older versions already'),
          ),
        fix: `${SECURE}set SslPolicy to one of ELBSecurityPolicy-TLS13-1-2-Res-…: others negotiate no TLS 1.3, or suites without forward secrecy.`,
        pass: [{ resources: https({ SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06' }) }],
        fail: [
          { resources: https({ SslPolicy: 'ELBSecurityPolicy-TLS-1-2-2017-01' }) },
          { resources: https({ SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06' }) },
        ],
        skip: [{ resources: http(TO_HTTPS) }, { resources: https({ SslPolicy: 'ELBSecurityPolicy-2016-08' }) }],
      }),
    ],
  },

  'TLS-02': {
    aws: [
      rule({
        on: LISTENER,
        check: outside(servesNoClearText),
        fix: `${SECURE}let the listener on 80 redirect to HTTPS (DefaultActions of Type redirect, RedirectConfig.Protocol HTTPS) and serve on 443.`,
        pass: [
          { resources: { ...balancer(), ...http(TO_HTTPS) } },
          { name: 'answers with an error', resources: http([{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }]) },
          { resources: https() },
        ],
        fail: [
          { resources: { ...http(TO_TARGETS), ...balancer() } },
          { resources: http(TO_TARGETS) },
          {
            name: 'redirects, but stays in clear text',
            resources: http([{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301', Host: 'x' } }]),
          },
          {
            name: 'web traffic of a network load balancer',
            resources: listener({ Protocol: 'TCP', Port: 80, DefaultActions: TO_TARGETS }),
          },
        ],
        unknown: [{ ...byParameter, resources: listener({ Protocol: { Ref: 'Value' }, Port: 80, DefaultActions: TO_TARGETS }) }],
        skip: [
          { resources: { ...balancer(INTERNAL), ...http(TO_TARGETS) } },
          { resources: listener({ Protocol: 'TCP', Port: 5432, DefaultActions: TO_TARGETS }) },
          {
            name: 'of a gateway load balancer',
            resources: { ...balancer({ Type: 'gateway' }), ...listener({ DefaultActions: TO_TARGETS }) },
          },
          { name: 'in the form of a gateway', resources: listener({ DefaultActions: TO_TARGETS }) },
        ],
      }),
      rule({
        on: LISTENER_RULE,
        check: (one, graph) => ruleServesNoClearText(one, graph),
        fix: 'Put the rule on the HTTPS listener, and let the one on 80 only redirect.',
        pass: [{ resources: { ...listenerRule({ Actions: TO_HTTPS }), ...http(TO_HTTPS) } }],
        fail: [{ resources: { ...listenerRule({ Actions: TO_TARGETS }), ...http(TO_HTTPS) } }],
        skip: [{ resources: { ...listenerRule({ Actions: TO_TARGETS }), ...https() } }],
      }),
    ],
  },

  'TLS-04': {
    aws: rule({
      on: LISTENER,
      check: inside(servesNoClearText),
      fix: `${SECURE}use HTTPS (TLS for a network load balancer) inside as well, with a certificate of a private authority.`,
      pass: [{ resources: { ...balancer(INTERNAL), ...https() } }, { resources: { ...balancer(INTERNAL), ...http(TO_HTTPS) } }],
      fail: [{ resources: { ...balancer(INTERNAL), ...http(TO_TARGETS) } }],
      unknown: [{ ...byParameter, resources: { ...balancer(INTERNAL), ...http([{ Type: { Ref: 'Value' } }]) } }],
      skip: [{ resources: { ...balancer(), ...http(TO_TARGETS) } }],
    }),
  },

  'TLS-07': {
    aws: rule({
      on: LISTENER,
      check: (one) => {
        const client = one.at('MutualAuthentication');
        if (client.state === 'absent') return notApplicable('asks clients for no certificate');
        return when(client.at('Mode').is('verify'), () => client.at('IgnoreClientCertificateExpiry').orDefault(false).isFalse());
      },
      fix: 'Set MutualAuthentication.IgnoreClientCertificateExpiry to false.',
      pass: [{ resources: mutual({}) }],
      fail: [{ resources: mutual({ IgnoreClientCertificateExpiry: true }) }],
      skip: [{ resources: https() }, { resources: mutual({ Mode: 'passthrough', IgnoreClientCertificateExpiry: true }) }],
    }),
  },

  'IDA-14': {
    aws: rule({
      on: [LISTENER, LISTENER_RULE],
      check: eachSignIn((config) => config.at('SessionTimeout').orDefault(WEEK).isAtMost(WORKING_DAY)),
      fix: 'Set SessionTimeout of the sign-in to 28800 seconds (8 hours) or less; the default is a week.',
      pass: [{ resources: https({ DefaultActions: oidc({ SessionTimeout: '3600' }) }) }],
      fail: [
        { resources: https({ DefaultActions: oidc({ ClientId: 'c' }) }) },
        { resources: { ...listenerRule({ Actions: oidc({ SessionTimeout: 86_400 }) }) } },
      ],
      skip: [{ resources: https() }],
    }),
  },

  'DID-16': {
    aws: rule({
      on: [LISTENER, LISTENER_RULE],
      check: eachSignIn((config) => config.at('OnUnauthenticatedRequest').orDefault('authenticate').isOneOf(['authenticate', 'deny'])),
      fix: 'Set OnUnauthenticatedRequest to authenticate or deny.',
      pass: [{ resources: https({ DefaultActions: oidc({ OnUnauthenticatedRequest: 'deny' }) }) }],
      fail: [{ resources: https({ DefaultActions: oidc({ OnUnauthenticatedRequest: 'allow' }) }) }],
      skip: [{ resources: https() }],
    }),
  },

  'DID-24': {
    aws: rule({
      on: LISTENER_RULE,
      severity: 'medium',
      check: keepsSignIn,
      fix: 'Begin the Actions of the rule with the same sign-in as the default action of the listener.',
      pass: [
        { resources: { ...listenerRule({ Actions: oidc({}) }), ...https({ DefaultActions: oidc({}) }) } },
        { resources: { ...listenerRule({ Actions: [{ Type: 'fixed-response' }] }), ...https({ DefaultActions: oidc({}) }) } },
      ],
      fail: [{ resources: { ...listenerRule({ Actions: TO_TARGETS }), ...https({ DefaultActions: oidc({}) }) } }],
      skip: [{ resources: { ...listenerRule({ Actions: TO_TARGETS }), ...https() } }],
    }),
  },
} as const satisfies Specs;
