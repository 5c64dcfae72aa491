/** Hosts: session-oriented metadata, no keys of their own, no public address, an identity and a network that were chosen. */
import type { ControlId } from '../../../controls';
import { askHost, CONFIGURATION, HOSTS, INSTANCE, isWhole, SPOT_FLEET, settingOf, specificationsOf, TEMPLATE } from '../../facts/hosts';
import type { Graph } from '../../graph';
import { anyOf, every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';

// ── Metadata ───────────────────────────────────────────────────────────────────────────────────────────────────────

function requiresTokens(host: Resource, graph: Graph): Outcome {
  if (settingOf(host, 'MetadataOptions.HttpEndpoint', graph).is('disabled').verdict === 'pass') return pass();
  return askHost(host, 'MetadataOptions.HttpTokens', graph, (tokens) => tokens.is('required'));
}

function staysOnHost(host: Resource, graph: Graph): Outcome {
  const hops = settingOf(host, 'MetadataOptions.HttpPutResponseHopLimit', graph);
  return hops.state === 'absent' ? notApplicable('answers reach one hop far') : hops.isAtMost(1);
}

// ── Addresses and networks ─────────────────────────────────────────────────────────────────────────────────────────

const noPublicAddress = (interfaces: readonly Value[]): Outcome =>
  every(interfaces, (one) => one.at('AssociatePublicIpAddress').orDefault(false).isFalse());

function staysPrivate(host: Resource, graph: Graph): Outcome {
  if (host.type === CONFIGURATION) return host.at('AssociatePublicIpAddress').orDefault(false).isFalse();
  if (host.type === SPOT_FLEET)
    return every(specificationsOf(host), (specification) => noPublicAddress(specification.at('NetworkInterfaces').items()));
  return noPublicAddress(settingOf(host, 'NetworkInterfaces', graph).items());
}

/** The subnet is named, on the host itself or on one of its interfaces; otherwise it lands in the default network. */
function hasSubnet(host: Resource, graph: Graph): Outcome {
  if (host.type === GROUP)
    return anyOf(
      [host.at('VPCZoneIdentifier').isSet(), host.at('InstanceId').isSet()],
      'VPCZoneIdentifier is not set: instances start in the default network',
    );
  if (host.at('SubnetId').isSet().verdict === 'pass') return pass();
  return askHost(host, 'NetworkInterfaces', graph, (interfaces) =>
    interfaces.items().some((one) => one.at('SubnetId').state !== 'absent' || one.at('NetworkInterfaceId').state !== 'absent')
      ? pass()
      : fail('SubnetId is not set: the instance starts in the default network', 'SubnetId'),
  );
}

// ── Keys and identity ──────────────────────────────────────────────────────────────────────────────────────────────

const KEY_PAIR = 'AWS::EC2::KeyPair';

/** Where each type names a key pair for SSH. */
const KEY_PAIRS: Readonly<Record<string, string>> = {
  [CONFIGURATION]: 'KeyName',
  [TEMPLATE]: 'LaunchTemplateData.KeyName',
  [INSTANCE]: 'KeyName',
  'AWS::EMR::Cluster': 'Instances.Ec2KeyName',
  'AWS::Batch::ComputeEnvironment': 'ComputeResources.Ec2KeyPair',
  'AWS::ImageBuilder::InfrastructureConfiguration': 'KeyPair',
};

function hasNoKeyPair(host: Resource): Outcome {
  if (host.type === KEY_PAIR) return fail('whoever holds the key pair signs in to hosts without being recorded');
  if (host.type === SPOT_FLEET) return every(specificationsOf(host), (specification) => keyless(specification.at('KeyName')));
  return keyless(host.at(KEY_PAIRS[host.type] as string));
}

const keyless = (key: Value): Outcome =>
  key.isSet().verdict === 'fail' ? pass() : fail(`${key.path} is set: whoever holds the key signs in without being recorded`, key.path);

/** The newest image is chosen when the host starts; a fixed one grows old. */
function takesFreshImage(host: Resource, graph: Graph): Outcome {
  const image = settingOf(host, 'ImageId', graph);
  if (image.state === 'absent') return notApplicable('names no image');
  return image.string !== undefined && /^ami-[0-9a-f]+$/.test(image.string)
    ? fail(`${image.describe()}: a fixed image is not replaced when a newer one is built`, image.path)
    : pass();
}

const MONITORED: Readonly<Record<string, string>> = {
  [INSTANCE]: 'Monitoring',
  [TEMPLATE]: 'LaunchTemplateData.Monitoring.Enabled',
  [CONFIGURATION]: 'InstanceMonitoring',
};

function isMonitored(host: Resource): Outcome {
  if (!isWhole(host)) return notApplicable('is started by what names an image');
  // Launch configurations made outside the console monitor in detail unless they say otherwise.
  return host
    .at(MONITORED[host.type] as string)
    .orDefault(host.type === CONFIGURATION)
    .isTrue();
}

const one = (Type: string, Properties: object, rest: object = {}): Example['resources'] => ({ Host: { Type, Properties }, ...rest });
const IMAGE = { ImageId: '{{resolve:ssm:/hardened/image}}' };
const instance = (properties: object, rest: object = {}) => one(INSTANCE, { ...IMAGE, ...properties }, rest);
const template = (data: object) => one(TEMPLATE, { LaunchTemplateData: { ...IMAGE, ...data } });
const configuration = (properties: object) => one(CONFIGURATION, { ...IMAGE, InstanceType: 't3.micro', ...properties });
const spot = (specification: object) =>
  one(SPOT_FLEET, { SpotFleetRequestConfigData: { LaunchSpecifications: [{ ...IMAGE, ...specification }] } });
const FROM = { LaunchTemplate: { LaunchTemplateId: { Ref: 'Base' }, Version: '1' } };
const base = (data: object) => ({ Base: { Type: TEMPLATE, Properties: { LaunchTemplateData: data } } });
const ELSEWHERE = { LaunchTemplate: { LaunchTemplateName: 'elsewhere', Version: '1' } };
const TOKENS = { MetadataOptions: { HttpTokens: 'required' } };
const hops = (HttpPutResponseHopLimit: unknown) => ({ MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit } });
const addressed = (AssociatePublicIpAddress: unknown) => ({ NetworkInterfaces: [{ DeviceIndex: '0', AssociatePublicIpAddress }] });
const ON = { parameters: { On: { Type: 'String' } } } as const;
const EMR = 'AWS::EMR::Cluster';
const BATCH = 'AWS::Batch::ComputeEnvironment';
const BUILDER = 'AWS::ImageBuilder::InfrastructureConfiguration';

export const hosts = {
  'DID-11': {
    aws: [
      rule({
        on: HOSTS,
        check: requiresTokens,
        fix: "Use SecureInstance or SecureLaunchTemplate, or set MetadataOptions.HttpTokens to 'required' (requireImdsv2: true).",
        pass: [
          { resources: instance(TOKENS) },
          { resources: template(TOKENS) },
          { resources: configuration(TOKENS) },
          { resources: instance({ MetadataOptions: { HttpEndpoint: 'disabled' } }) },
          { name: 'in the launch template', resources: instance(FROM, base(TOKENS)) },
        ],
        fail: [
          { resources: instance({}) },
          { resources: instance({ MetadataOptions: { HttpTokens: 'optional' } }) },
          { resources: instance({ MetadataOptions: { HttpEndpoint: 'enabled' } }) },
          { resources: template({}) },
          { resources: configuration({}) },
        ],
        unknown: [{ resources: instance(ELSEWHERE) }, { ...ON, resources: template({ MetadataOptions: { HttpTokens: { Ref: 'On' } } }) }],
      }),
      rule({
        // Containers on a host are one hop further away: some need two, and then reach the credentials of the host.
        on: HOSTS,
        severity: 'medium',
        check: staysOnHost,
        fix: 'Leave out MetadataOptions.HttpPutResponseHopLimit, or set it to 1.',
        pass: [{ resources: instance(hops(1)) }, { resources: template(hops('1')) }],
        fail: [{ resources: instance(hops(2)) }, { resources: configuration(hops(64)) }],
        unknown: [{ ...ON, resources: template(hops({ Ref: 'On' })) }],
        skip: [{ resources: instance(TOKENS) }],
      }),
      rule({
        on: SPOT_FLEET,
        check: (fleet) =>
          specificationsOf(fleet).length === 0
            ? pass()
            : fail('LaunchSpecifications cannot require session-oriented metadata', 'SpotFleetRequestConfigData.LaunchSpecifications'),
        fix: "Use LaunchTemplateConfigs, with a launch template whose MetadataOptions.HttpTokens is 'required'.",
        pass: [{ resources: one(SPOT_FLEET, { SpotFleetRequestConfigData: { LaunchTemplateConfigs: [], LaunchSpecifications: [] } }) }],
        fail: [{ resources: spot({}) }],
      }),
      rule({
        on: BUILDER,
        check: (builder) => builder.at('InstanceMetadataOptions.HttpTokens').is('required'),
        fix: "Set InstanceMetadataOptions.HttpTokens to 'required'.",
        pass: [{ resources: one(BUILDER, { InstanceMetadataOptions: { HttpTokens: 'required' } }) }],
        fail: [{ resources: one(BUILDER, {}) }, { resources: one(BUILDER, { InstanceMetadataOptions: { HttpTokens: 'optional' } }) }],
      }),
    ],
  },

  'DID-12': {
    aws: [
      rule({
        on: [...Object.keys(KEY_PAIRS), SPOT_FLEET, KEY_PAIR],
        severity: 'medium',
        check: hasNoKeyPair,
        fix: 'Use SecureInstance, or leave out the key pair: sign in with Session Manager, which asks who you are and records what you do.',
        pass: [{ resources: one(INSTANCE, {}) }],
        fail: [
          { resources: instance({ KeyName: 'ops' }) },
          { resources: template({ KeyName: { 'Fn::Sub': 'ops' } }) },
          { resources: configuration({ KeyName: 'ops' }) },
          { resources: spot({ KeyName: 'ops' }) },
          { resources: one(EMR, { Instances: { Ec2KeyName: 'ops' } }) },
          { resources: one(BATCH, { ComputeResources: { Ec2KeyPair: 'ops' } }) },
          { resources: one(BUILDER, { KeyPair: 'ops' }) },
          { resources: { Pair: { Type: KEY_PAIR } } },
        ],
      }),
    ],
  },

  'DID-04': {
    aws: [
      rule({
        on: [...HOSTS, SPOT_FLEET],
        check: staysPrivate,
        fix: 'Use SecureInstance, or set AssociatePublicIpAddress to false and reach the host through a load balancer or Session Manager.',
        pass: [
          { resources: instance(addressed(false)) },
          { resources: template(addressed('false')) },
          { resources: configuration({ AssociatePublicIpAddress: false }) },
          { resources: spot(addressed(false)) },
        ],
        fail: [
          { resources: instance(addressed(true)) },
          { resources: template(addressed('true')) },
          { resources: configuration({ AssociatePublicIpAddress: true }) },
          { resources: spot(addressed(true)) },
        ],
        unknown: [{ ...ON, resources: instance(addressed({ Ref: 'On' })) }],
      }),
      rule({
        on: ['AWS::EC2::EIP', 'AWS::EC2::EIPAssociation'],
        check: (address) =>
          address.at('InstanceId').isSet().verdict === 'pass' ? fail('gives an instance a public address', 'InstanceId') : pass(),
        fix: 'Remove the address, and reach the instance through a load balancer or Session Manager.',
        pass: [{ name: 'of a NAT gateway', resources: { Address: { Type: 'AWS::EC2::EIP', Properties: { Domain: 'vpc' } } } }],
        fail: [
          { resources: { Address: { Type: 'AWS::EC2::EIP', Properties: { InstanceId: { Ref: 'Host' } } }, Host: { Type: INSTANCE } } },
          { resources: { Address: { Type: 'AWS::EC2::EIPAssociation', Properties: { InstanceId: 'i-1' } } } },
        ],
      }),
    ],
  },

  'DID-03': {
    aws: rule({
      on: [INSTANCE, GROUP],
      check: hasSubnet,
      fix: 'Name the subnets: SubnetId of an instance, VPCZoneIdentifier of a group (vpc and vpcSubnets in CDK).',
      pass: [
        { resources: instance({ SubnetId: 'subnet-1' }) },
        { resources: instance({ NetworkInterfaces: [{ DeviceIndex: '0', SubnetId: 'subnet-1' }] }) },
        { resources: instance({ NetworkInterfaces: [{ DeviceIndex: '0', NetworkInterfaceId: 'eni-1' }] }) },
        { resources: one(GROUP, { MinSize: '1', MaxSize: '1', VPCZoneIdentifier: ['subnet-1'] }) },
        { resources: one(GROUP, { MinSize: '1', MaxSize: '1', InstanceId: 'i-1' }) },
      ],
      fail: [{ resources: instance({}) }, { resources: one(GROUP, { MinSize: '1', MaxSize: '1', AvailabilityZones: ['eu-west-1a'] }) }],
      unknown: [{ resources: instance(ELSEWHERE) }],
    }),
  },

  'IDA-10': {
    aws: rule({
      on: [INSTANCE, CONFIGURATION],
      severity: 'low',
      check: (host, graph) => askHost(host, 'IamInstanceProfile', graph, (profile) => profile.isSet()),
      fix: 'Set IamInstanceProfile, so that the host needs no keys and Session Manager can reach it.',
      pass: [
        { resources: instance({ IamInstanceProfile: 'case-hosts' }) },
        { resources: configuration({ IamInstanceProfile: 'case-hosts' }) },
        { resources: instance(FROM, base({ IamInstanceProfile: { Name: 'case-hosts' } })) },
      ],
      fail: [{ resources: instance({}) }, { resources: configuration({}) }],
      unknown: [{ resources: instance(ELSEWHERE) }],
    }),
  },

  'DID-13': {
    aws: rule({
      on: HOSTS,
      severity: 'low',
      check: takesFreshImage,
      fix: "Name the image by a parameter that follows the newest one: '{{resolve:ssm:…}}', or ImageId of type AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>.",
      pass: [{ resources: instance({}) }, { resources: template({}) }],
      fail: [
        { resources: instance({ ImageId: 'ami-0123456789abcdef0' }) },
        { resources: template({ ImageId: 'ami-0123456789abcdef0' }) },
        { resources: configuration({ ImageId: 'ami-0123456789abcdef0' }) },
      ],
      skip: [{ resources: one(TEMPLATE, { LaunchTemplateData: TOKENS }) }],
    }),
  },

  'DHC-10': {
    aws: rule({
      on: INSTANCE,
      severity: 'low',
      check: (host, graph) => askHost(host, 'DisableApiTermination', graph, (setting) => setting.orDefault(false).isTrue()),
      fix: 'Use SecureInstance, or set DisableApiTermination to true.',
      pass: [{ resources: instance({ DisableApiTermination: true }) }],
      fail: [{ resources: instance({}) }, { resources: instance({ DisableApiTermination: 'false' }) }],
      unknown: [{ resources: instance(ELSEWHERE) }],
    }),
  },

  'LOG-19': {
    aws: rule({
      on: HOSTS,
      check: isMonitored,
      fix: 'Use SecureInstance, or turn detailed monitoring on (Monitoring; Monitoring.Enabled of a launch template).',
      pass: [{ resources: instance({ Monitoring: true }) }, { resources: template({ Monitoring: { Enabled: true } }) }],
      fail: [
        { resources: instance({}) },
        { resources: template({ Monitoring: { Enabled: false } }) },
        { resources: configuration({ InstanceMonitoring: false }) },
      ],
      skip: [{ resources: one(TEMPLATE, { LaunchTemplateData: TOKENS }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
