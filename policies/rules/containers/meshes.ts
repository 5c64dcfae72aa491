/** What stands between services: meshes, service networks, and App Runner, which brings its own front door. */
import { grantsNobodyPublicly } from '../../facts/iam';
import { isOwnKey } from '../../facts/keys';
import type { Graph } from '../../graph';
import { allOf, every, notApplicable, type Outcome } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, rule } from '../../rule';

const MESH = ['AWS::AppMesh::VirtualNode', 'AWS::AppMesh::VirtualGateway'] as const;
const LATTICE = ['AWS::VpcLattice::ServiceNetwork', 'AWS::VpcLattice::Service'] as const;
const AUTH_POLICY = 'AWS::VpcLattice::AuthPolicy';
const APP_RUNNER = 'AWS::AppRunner::Service';

function listensByTls(proxy: Resource): Outcome {
  const listeners = proxy.at('Spec.Listeners').items();
  if (listeners.length === 0) return notApplicable('listens to nobody');
  return every(listeners, (listener) => listener.at('TLS.Mode').is('STRICT'));
}

function callsByTls(proxy: Resource): Outcome {
  const policy = proxy.at('Spec.BackendDefaults.ClientPolicy.TLS');
  return allOf(policy.isSet(), policy.at('Enforce').orDefault(true).isTrue());
}

/** Traffic leaves App Runner into the network of the workload, and its public front door is guarded by a web firewall. */
function isGuarded(service: Resource, graph: Graph): Outcome {
  const door = service.at('NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible').orDefault(true);
  if (graph.pointingAt(service, 'AWS::WAFv2::WebACLAssociation', 'ResourceArn').length > 0)
    return notApplicable('a web firewall stands before it');
  return door.isFalse();
}

// ── Examples ─────────────────────────────────────────────────────────────────────────────────────────────────────

const node = (Spec: object): Example['resources'] => ({ Node: { Type: MESH[0], Properties: { Spec } } });
const network = (Properties: object): Example['resources'] => ({ Network: { Type: LATTICE[0], Properties } });
const allow = (statement: object): Example['resources'] => ({
  Policy: {
    Type: AUTH_POLICY,
    Properties: { Policy: { Statement: [{ Effect: 'Allow', Action: ['vpc-lattice-svcs:Invoke'], ...statement }] } },
  },
});
const app = (Properties: object, rest: object = {}): Example['resources'] => ({ Service: { Type: APP_RUNNER, Properties }, ...rest });
const door = (IsPubliclyAccessible: unknown) => ({ NetworkConfiguration: { IngressConfiguration: { IsPubliclyAccessible } } });
const leaving = (EgressType: unknown) => app({ NetworkConfiguration: { EgressConfiguration: { EgressType } } });
const parameter = { Value: { Type: 'String' } };
const VALUE = { Ref: 'Value' };

export const meshesEncrypt = rule({
  on: MESH,
  check: listensByTls,
  fix: 'Set TLS on every listener, with Mode STRICT and a certificate.',
  pass: [{ resources: node({ Listeners: [{ TLS: { Mode: 'STRICT' } }] }) }],
  fail: [
    { resources: node({ Listeners: [{ PortMapping: { Port: 80 } }] }) },
    { name: 'clear text is still let in', resources: node({ Listeners: [{ TLS: { Mode: 'PERMISSIVE' } }] }) },
    { resources: { Gateway: { Type: MESH[1], Properties: { Spec: { Listeners: [{}] } } } } },
  ],
  unknown: [{ parameters: parameter, resources: node({ Listeners: [{ TLS: { Mode: VALUE } }] }) }],
  skip: [{ resources: node({}) }],
});

export const callersProveThemselves = [
  rule({
    on: LATTICE,
    check: (resource) => resource.at('AuthType').orDefault('NONE').is('AWS_IAM'),
    fix: "Set AuthType: 'AWS_IAM' and attach an AWS::VpcLattice::AuthPolicy that names the callers.",
    pass: [
      { resources: network({ AuthType: 'AWS_IAM' }) },
      { resources: { Service: { Type: LATTICE[1], Properties: { AuthType: 'AWS_IAM' } } } },
    ],
    fail: [{ resources: network({}) }, { resources: network({ AuthType: 'NONE' }) }],
    unknown: [{ parameters: parameter, resources: network({ AuthType: VALUE }) }],
  }),
  rule({
    on: AUTH_POLICY,
    severity: 'high',
    check: (resource) => grantsNobodyPublicly(resource.at('Policy'), 'vpc-lattice-svcs:*'),
    fix: 'Name the roles that may call, or add a condition StringEquals aws:PrincipalOrgID; a Principal * lets in callers who prove nothing.',
    pass: [
      { resources: allow({ Principal: { AWS: 'arn:aws:iam::111122223333:role/cases' } }) },
      { resources: allow({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }) },
    ],
    fail: [{ resources: allow({ Principal: '*' }) }],
    unknown: [{ parameters: parameter, resources: { Policy: { Type: AUTH_POLICY, Properties: { Policy: VALUE } } } }],
  }),
  rule({
    on: MESH,
    from: 'high',
    check: callsByTls,
    fix: 'Set Spec.BackendDefaults.ClientPolicy.TLS with Enforce true and a Validation of the certificates of the others.',
    pass: [{ resources: node({ BackendDefaults: { ClientPolicy: { TLS: { Enforce: true } } } }) }],
    fail: [{ resources: node({}) }, { resources: node({ BackendDefaults: { ClientPolicy: { TLS: { Enforce: false } } } }) }],
    unknown: [{ parameters: parameter, resources: node({ BackendDefaults: { ClientPolicy: { TLS: { Enforce: VALUE } } } }) }],
  }),
];

export const meshesRecord = rule({
  on: MESH,
  severity: 'low',
  check: (resource) => resource.at('Spec.Logging.AccessLog.File.Path').isSet(),
  fix: 'Set Spec.Logging.AccessLog.File.Path to /dev/stdout, and ship the output of the proxy.',
  pass: [{ resources: node({ Logging: { AccessLog: { File: { Path: '/dev/stdout' } } } }) }],
  fail: [{ resources: node({}) }],
});

export const frontDoors = rule({
  on: APP_RUNNER,
  severity: 'medium',
  from: 'moderate',
  check: isGuarded,
  fix: 'Set IngressConfiguration.IsPubliclyAccessible: false with an AWS::AppRunner::VpcIngressConnection, or put a web firewall before the service (AWS::WAFv2::WebACLAssociation).',
  pass: [{ resources: app(door(false)) }],
  fail: [{ resources: app({}) }, { resources: app(door(true)) }],
  unknown: [{ parameters: parameter, resources: app(door(VALUE)) }],
  skip: [
    {
      resources: app(door(true), {
        Guard: {
          Type: 'AWS::WAFv2::WebACLAssociation',
          Properties: { ResourceArn: { 'Fn::GetAtt': ['Service', 'ServiceArn'] }, WebACLArn: 'acl' },
        },
      }),
    },
  ],
});

export const appsRunInside = rule({
  on: APP_RUNNER,
  severity: 'low',
  check: (resource) => resource.at('NetworkConfiguration.EgressConfiguration.EgressType').orDefault('DEFAULT').is('VPC'),
  fix: 'Set EgressConfiguration to EgressType VPC with a VpcConnectorArn.',
  pass: [{ resources: leaving('VPC') }],
  fail: [{ resources: app({}) }, { resources: leaving('DEFAULT') }],
  unknown: [{ parameters: parameter, resources: leaving(VALUE) }],
});

export const appsHaveOwnKey = rule({
  on: APP_RUNNER,
  severity: 'low',
  check: (resource) => isOwnKey(resource.at('EncryptionConfiguration.KmsKey')),
  fix: 'Set EncryptionConfiguration.KmsKey, which encrypts the copy of the source and the logs of the service.',
  pass: [{ resources: app({ EncryptionConfiguration: { KmsKey: 'arn:aws:kms:eu-west-1:111122223333:key/k' } }) }],
  fail: [{ resources: app({}) }],
  unknown: [{ parameters: parameter, resources: app({ EncryptionConfiguration: { KmsKey: VALUE } }) }],
});

export const appsAreTraced = rule({
  on: APP_RUNNER,
  check: (resource) => resource.at('ObservabilityConfiguration.ObservabilityEnabled').isTrue(),
  fix: 'Set ObservabilityConfiguration with ObservabilityEnabled true.',
  pass: [{ resources: app({ ObservabilityConfiguration: { ObservabilityEnabled: true } }) }],
  fail: [{ resources: app({}) }],
  unknown: [{ parameters: parameter, resources: app({ ObservabilityConfiguration: { ObservabilityEnabled: VALUE } }) }],
});
