/** Firewalls and gates of the network on AWS: they record, they outlive a zone, their groups say something; who may come in by VPN. */
import type { Graph } from '../../graph';
import { allOf, every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, type RuleSpec, rule } from '../../rule';

const FIREWALL = 'AWS::NetworkFirewall::Firewall';
const LOGGING = 'AWS::NetworkFirewall::LoggingConfiguration';
const GROUP = 'AWS::NetworkFirewall::RuleGroup';
const LATTICE = ['AWS::VpcLattice::ServiceNetwork', 'AWS::VpcLattice::Service'] as const;
const VPN = 'AWS::EC2::ClientVpnEndpoint';
const TUNNELS = 'AWS::EC2::VPNConnection';

/** Alerts tell what was refused, flows who spoke with whom. */
const KINDS = ['ALERT', 'FLOW'] as const;

const destinations = (logging: Resource) => logging.at('LoggingConfiguration.LogDestinationConfigs').items();

const isRecorded = (firewall: Resource, graph: Graph): Outcome =>
  graph.pointingAt(firewall, LOGGING, 'FirewallArn').length > 0 ? pass() : fail('nothing records what it lets through and refuses');

const recordsBoth = (logging: Resource): Outcome =>
  every(KINDS, (kind) => {
    const kinds = destinations(logging).map((one) => one.at('LogType'));
    if (kinds.some((one) => one.is(kind).verdict === 'pass')) return pass();
    const open = kinds.find((one) => one.state !== 'known');
    return open ? open.asUnknown() : fail(`no destination takes records of type ${kind}`, 'LoggingConfiguration.LogDestinationConfigs');
  });

/** A firewall in the network names its subnets, one on a transit gateway its zones. */
function spansZones(firewall: Resource): Outcome {
  const places =
    firewall.at('AvailabilityZoneMappings').state === 'absent' ? firewall.at('SubnetMappings') : firewall.at('AvailabilityZoneMappings');
  if (places.state === 'unknown') return places.asUnknown();
  const count = places.items().length;
  return count >= 2 ? pass() : fail(`${places.path} names ${count === 0 ? 'none' : 'one'} of at least two zones`, places.path);
}

/** Each form in which a group can carry rules. */
const SOURCES = [
  'RulesSource.RulesString',
  'RulesSource.RulesSourceList.Targets',
  'RulesSource.StatefulRules',
  'RulesSource.StatelessRulesAndCustomActions.StatelessRules',
];
const saysSomething = (group: Resource): Outcome => {
  const rules = group.at('RuleGroup');
  if (rules.state === 'absent') return fail('RuleGroup is not set: the group has no rules', 'RuleGroup');
  if (rules.state === 'unknown') return rules.asUnknown();
  return SOURCES.some((source) => rules.at(source).isSet().verdict === 'pass')
    ? pass()
    : fail('RulesSource is empty: the group has no rules', 'RuleGroup');
};

const people = (vpn: Resource): Outcome => {
  const options = vpn.at('AuthenticationOptions').items();
  return every(options.length === 0 ? [vpn.at('AuthenticationOptions')] : options, (option) => {
    if (option.state === 'absent') return option.asFailure();
    const known = options.some(
      (other) => other.at('Type').isOneOf(['federated-authentication', 'directory-service-authentication']).verdict === 'pass',
    );
    return known ? pass() : option.at('Type').isOneOf(['federated-authentication', 'directory-service-authentication']);
  });
};

/** Hours after which people sign in again; the service keeps them in for a day unless told otherwise. */
const WORKING_DAY = 8;
const DAY = 24;

const recordsTunnels = (connection: Resource): Outcome => {
  const tunnels = connection.at('VpnTunnelOptionsSpecifications');
  if (tunnels.state === 'unknown') return tunnels.asUnknown();
  const missing = 2 - tunnels.items().length;
  if (missing > 0) return fail(`${missing} of 2 tunnels record nothing`, 'VpnTunnelOptionsSpecifications');
  return every(tunnels.items(), (tunnel) => tunnel.at('LogOptions.CloudwatchLogOptions.LogEnabled').orDefault(false).isTrue());
};

const firewall = (properties: object = {}) => ({ Firewall: { Type: FIREWALL, Properties: { FirewallName: 'f', ...properties } } });
const logging = (...kinds: readonly unknown[]) => ({
  Log: {
    Type: LOGGING,
    Properties: {
      FirewallArn: { Ref: 'Firewall' },
      LoggingConfiguration: {
        LogDestinationConfigs: kinds.map((LogType) => ({
          LogType,
          LogDestinationType: 'CloudWatchLogs',
          LogDestination: { logGroup: 'g' },
        })),
      },
    },
  },
});
const only = (Type: string, Properties: object) => ({ resources: { It: { Type, Properties } } });
const group = (RulesSource: object) => only(GROUP, { RuleGroupName: 'g', RuleGroup: { RulesSource } });
const auth = (...types: readonly unknown[]) => only(VPN, { AuthenticationOptions: types.map((Type) => ({ Type })) });
const tunnel = (LogEnabled: unknown) => ({ LogOptions: { CloudwatchLogOptions: { LogEnabled } } });
const tunnels = (...VpnTunnelOptionsSpecifications: readonly object[]) =>
  only(TUNNELS, { Type: 'ipsec.1', VpnTunnelOptionsSpecifications });
const byParameter = { parameters: { Value: { Type: 'String' } } };

/** Records of gates, besides those of the network itself. */
export const gateRecords: readonly RuleSpec[] = [
  rule({
    on: FIREWALL,
    check: isRecorded,
    fix: 'Use SecureVpc with inspectedEgress, or add AWS::NetworkFirewall::LoggingConfiguration for the firewall with destinations for ALERT and FLOW.',
    pass: [{ resources: { ...firewall(), ...logging('ALERT', 'FLOW') } }],
    fail: [{ resources: firewall() }],
  }),
  rule({
    on: LOGGING,
    check: recordsBoth,
    fix: 'Name a destination for records of type ALERT and one for FLOW.',
    pass: [{ resources: logging('ALERT', 'FLOW') }],
    fail: [{ resources: logging('ALERT') }, { resources: logging('FLOW', 'TLS') }],
    unknown: [{ ...byParameter, resources: logging('ALERT', { Ref: 'Value' }) }],
  }),
  rule({
    on: LATTICE,
    check: (one, graph) =>
      graph.pointingAt(one, 'AWS::VpcLattice::AccessLogSubscription', 'ResourceIdentifier').length > 0
        ? pass()
        : fail('nothing records the requests: no access log subscription names it'),
    severity: 'low',
    fix: 'Add AWS::VpcLattice::AccessLogSubscription with a log group or a bucket.',
    pass: [
      {
        resources: {
          Services: { Type: LATTICE[0], Properties: { Name: 's' } },
          Log: {
            Type: 'AWS::VpcLattice::AccessLogSubscription',
            Properties: { ResourceIdentifier: { Ref: 'Services' }, DestinationArn: 'arn:aws:s3:::l' },
          },
        },
      },
    ],
    fail: [only(LATTICE[0], { Name: 's' }), only(LATTICE[1], { Name: 's' })],
  }),
  rule({
    on: TUNNELS,
    severity: 'low',
    from: 'moderate',
    check: recordsTunnels,
    fix: 'Set LogOptions.CloudwatchLogOptions with LogEnabled true in VpnTunnelOptionsSpecifications of both tunnels.',
    pass: [tunnels(tunnel(true), tunnel('true'))],
    fail: [tunnels(tunnel(true), tunnel(false)), tunnels(tunnel(true))],
    unknown: [{ ...byParameter, ...tunnels(tunnel(true), tunnel({ Ref: 'Value' })) }],
  }),
];

/** The stateful engine needs something to compare with. */
export const groupsSaySomething: RuleSpec = rule({
  on: GROUP,
  from: 'high',
  check: saysSomething,
  fix: 'Write the rules into RulesSource: a list of domains, Suricata rules, or single rules.',
  pass: [
    group({ RulesString: 'drop tcp any any -> any any (sid:1;)' }),
    group({ RulesSourceList: { Targets: ['.example.com'], TargetTypes: ['TLS_SNI'], GeneratedRulesType: 'ALLOWLIST' } }),
  ],
  fail: [only(GROUP, { RuleGroupName: 'g' }), group({ RulesString: '' }), group({ StatefulRules: [] })],
  unknown: [{ ...byParameter, ...only(GROUP, { RuleGroupName: 'g', RuleGroup: { Ref: 'Value' } }) }],
});

export const firewalls = {
  'BCR-06': {
    aws: rule({
      on: FIREWALL,
      check: spansZones,
      fix: 'Name subnets of at least two availability zones in SubnetMappings.',
      pass: [
        { resources: firewall({ SubnetMappings: [{ SubnetId: 'subnet-1' }, { SubnetId: 'subnet-2' }] }) },
        { resources: firewall({ AvailabilityZoneMappings: [{ AvailabilityZone: 'a' }, { AvailabilityZone: 'b' }] }) },
      ],
      fail: [{ resources: firewall({ SubnetMappings: [{ SubnetId: 'subnet-1' }] }) }, { resources: firewall() }],
      unknown: [{ ...byParameter, resources: firewall({ SubnetMappings: { Ref: 'Value' } }) }],
    }),
  },

  'IDA-01': {
    aws: rule({
      on: VPN,
      severity: 'medium',
      check: people,
      fix: 'Let people sign in with federated-authentication; a certificate alone proves a device, and is shared easily.',
      pass: [
        auth('federated-authentication'),
        { name: 'a certificate besides', ...auth('certificate-authentication', 'directory-service-authentication') },
      ],
      fail: [auth('certificate-authentication'), only(VPN, { ServerCertificateArn: 'arn:aws:acm:::c' })],
      unknown: [{ ...byParameter, ...auth({ Ref: 'Value' }) }],
    }),
  },

  'IDA-14': {
    aws: rule({
      on: VPN,
      severity: 'low',
      check: (vpn) => vpn.at('SessionTimeoutHours').orDefault(DAY).isAtMost(WORKING_DAY),
      fix: 'Set SessionTimeoutHours to 8.',
      pass: [only(VPN, { SessionTimeoutHours: 8 })],
      fail: [only(VPN, {}), only(VPN, { SessionTimeoutHours: 12 })],
    }),
  },

  'TLS-04': {
    aws: rule({
      on: ['AWS::VpcLattice::Listener', 'AWS::VpcLattice::TargetGroup'],
      check: (one) => {
        if (one.type === 'AWS::VpcLattice::Listener') return one.at('Protocol').isOneOf(['HTTPS', 'TLS_PASSTHROUGH']);
        const protocol = one.at('Config.Protocol');
        if (protocol.state === 'absent' || one.at('Type').is('LAMBDA').verdict === 'pass')
          return notApplicable('calls a function, or names no protocol');
        return protocol.is('TCP').verdict === 'pass' ? notApplicable('carries what the workload speaks') : protocol.is('HTTPS');
      },
      fix: 'Set Protocol to HTTPS.',
      pass: [
        only('AWS::VpcLattice::Listener', { Protocol: 'HTTPS' }),
        only('AWS::VpcLattice::Listener', { Protocol: 'TLS_PASSTHROUGH' }),
        only('AWS::VpcLattice::TargetGroup', { Type: 'ALB', Config: { Protocol: 'HTTPS' } }),
      ],
      fail: [
        only('AWS::VpcLattice::Listener', { Protocol: 'HTTP' }),
        only('AWS::VpcLattice::TargetGroup', { Type: 'IP', Config: { Protocol: 'HTTP' } }),
      ],
      skip: [
        only('AWS::VpcLattice::TargetGroup', { Type: 'LAMBDA', Config: { Protocol: 'HTTP' } }),
        only('AWS::VpcLattice::TargetGroup', { Type: 'IP', Config: { Protocol: 'TCP' } }),
      ],
    }),
  },

  'DID-04': {
    aws: rule({
      on: ['AWS::EC2::EIP', 'AWS::EC2::EIPAssociation'],
      severity: 'low',
      check: (address) =>
        address.at('InstanceId').state === 'absent'
          ? address.type === 'AWS::EC2::EIP'
            ? pass()
            : allOf(address.at('NetworkInterfaceId').isAbsent())
          : fail(`${address.at('InstanceId').describe()}: a host has an address on the internet`, 'InstanceId'),
      fix: 'Reach the host through Session Manager, and serve the internet through a load balancer.',
      pass: [only('AWS::EC2::EIP', { Domain: 'vpc' }), only('AWS::EC2::EIPAssociation', { AllocationId: 'eipalloc-1' })],
      fail: [
        only('AWS::EC2::EIP', { InstanceId: 'i-1' }),
        only('AWS::EC2::EIPAssociation', { AllocationId: 'eipalloc-1', InstanceId: 'i-1' }),
        only('AWS::EC2::EIPAssociation', { AllocationId: 'eipalloc-1', NetworkInterfaceId: 'eni-1' }),
      ],
    }),
  },
} as const satisfies Readonly<Record<string, PerCloud>>;
