import { type App, Duration, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import {
  BlockDeviceVolume,
  type CfnInstance,
  type CfnLaunchTemplate,
  InstanceType,
  MachineImage,
  Peer,
  Port,
  Vpc,
  WindowsVersion,
} from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnDocument, CfnMaintenanceWindow, CfnMaintenanceWindowTask, CfnPatchBaseline } from 'aws-cdk-lib/aws-ssm';
import { describe, expect, it } from 'vitest';
import {
  PatchManagement,
  SecureAutoScalingGroup,
  type SecureHostProps,
  SecureInstance,
  type SecureInstanceProps,
  SecureKey,
  SecureLaunchTemplate,
  SecureVpc,
  SessionManager,
} from '../constructs/aws';
import type { Tier } from '../controls';
import { evaluate } from '../policies/evaluate';
import { gatherConstructs } from '../policies/gather/constructs';
import { RULES } from '../policies/rules';
import { compute } from '../policies/rules/compute';
import { stackOf } from './support/aws-constructs';
import { relaxationOf } from './support/relaxation';

const hostIn = (stack: Stack) => ({
  vpc: Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-central-1a'],
    isolatedSubnetIds: ['subnet-0123456789abcdef0'],
  }),
  instanceType: new InstanceType('t3.small'),
  machineImage: MachineImage.latestAmazonLinux2023(),
});

function instance(props: Partial<SecureInstanceProps> = {}, tier: Tier = 'high', stack = stackOf(tier)) {
  const host = new SecureInstance(stack, 'Host', { ...hostIn(stack), ...props });
  return { stack, host, resource: host.node.defaultChild as CfnInstance };
}
const propertiesOf = (stack: Stack, type: string) =>
  (Object.values(Template.fromStack(stack).findResources(type))[0] as { Properties: Record<string, unknown> }).Properties;

/** Failures of the family's rules, by rule id. */
function broken(stack: Stack, rules = compute.rules, tier: Tier = 'high'): readonly string[] {
  const { graph } = gatherConstructs(stack.node.root as App);
  return evaluate(graph, { rules, tier })
    .findings.filter(({ verdict }) => verdict === 'fail')
    .map(({ rule }) => rule);
}

describe('a secure instance', () => {
  it('asks for tokens, encrypts its root volume, has no key pair and no public address', () => {
    const { stack } = instance();
    const properties = propertiesOf(stack, 'AWS::EC2::Instance');
    expect(properties).toMatchObject({
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/xvda',
          Ebs: { Encrypted: true, VolumeType: 'gp3', KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^HostKey/), 'Arn'] } },
        },
      ],
      DisableApiTermination: true,
      Monitoring: true,
      PropagateTagsToVolumeOnCreation: true,
      NetworkInterfaces: [{ AssociatePublicIpAddress: false, DeviceIndex: '0', SubnetId: 'subnet-0123456789abcdef0' }],
    });
    expect(properties.KeyName).toBeUndefined();
    expect(broken(stack)).toEqual([]);
  });

  it('leaves the key to EBS at the low tier, and takes one instead', () => {
    const { stack } = instance({}, 'low');
    const [{ Ebs }] = propertiesOf(stack, 'AWS::EC2::Instance').BlockDeviceMappings as [{ Ebs: Record<string, unknown> }];
    expect(Ebs).toEqual({ Encrypted: true, VolumeType: 'gp3', DeleteOnTermination: true });
    const other = stackOf('high');
    const key = new SecureKey(other, 'Key');
    instance({ key }, 'high', other);
    Template.fromStack(other).resourceCountIs('AWS::KMS::Key', 3); // The third encrypts logs.
  });

  it('encrypts every volume, whatever it says of itself', () => {
    const { stack } = instance({
      blockDevices: [
        { deviceName: '/dev/xvda', volume: BlockDeviceVolume.ebs(50, { encrypted: false }) },
        { deviceName: '/dev/sdf', volume: BlockDeviceVolume.ebs(100) },
      ],
    });
    const mappings = propertiesOf(stack, 'AWS::EC2::Instance').BlockDeviceMappings as { Ebs: Record<string, unknown> }[];
    expect(mappings.map(({ Ebs }) => [Ebs.VolumeSize, Ebs.Encrypted])).toEqual([
      [50, true],
      [100, true],
    ]);
  });

  it('is reached and recorded by Systems Manager, with no right to the parameters of others', () => {
    const { stack } = instance();
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SSM::Association', {
      Name: 'AmazonCloudWatch-ManageAgent',
      Targets: [{ Key: 'tag:palisade:system', Values: ['case-management'] }],
    });
    template.hasResourceProperties('AWS::SSM::Parameter', { Value: Match.anyValue(), Type: 'String' });
    template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
    const policies = JSON.stringify(template.findResources('AWS::IAM::Policy'));
    expect(policies).toContain('ssmmessages:OpenDataChannel');
    expect(policies).toContain('logs:PutLogEvents');
    expect(policies).not.toContain('"ssm:*"');
  });

  it('records what Windows records, on Windows', () => {
    const { stack } = instance({ machineImage: MachineImage.latestWindows(WindowsVersion.WINDOWS_SERVER_2022_ENGLISH_FULL_BASE) });
    const [{ DeviceName }] = propertiesOf(stack, 'AWS::EC2::Instance').BlockDeviceMappings as [{ DeviceName: string }];
    expect(DeviceName).toBe('/dev/sda1');
    const settings = JSON.stringify(Template.fromStack(stack).findResources('AWS::SSM::Parameter'));
    expect(settings).toContain('windows_events');
    expect(settings).not.toContain('/var/log');
  });

  it('lets nothing in, and out only to the endpoints of a secure network', () => {
    const stack = stackOf('high');
    instance({ vpc: new SecureVpc(stack, 'SecureNetwork') }, 'high', stack);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Hosts Cases/Host',
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '127.0.0.1/32' })],
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { FromPort: 443, ToPort: 443 });
    expect(propertiesOf(stack, 'AWS::EC2::Instance').NetworkInterfaces).toMatchObject([
      { SubnetId: { Ref: expect.stringContaining('workload') } },
    ]);
  });

  it('cannot be weakened by props that the type does not have', () => {
    const { stack } = instance({
      keyName: 'ops',
      httpTokens: 'optional',
      associatePublicIpAddress: true,
      detailedMonitoring: false,
    } as Partial<SecureInstanceProps>);
    expect(broken(stack)).toEqual([]);
  });

  it('can be made disposable, with a waiver, and nothing else', () => {
    const { stack, resource } = instance({ relax: [relaxationOf('DHC-10')] });
    expect(broken(stack)).toEqual(['DHC-10.compute']);
    expect(resource.getMetadata('Palisade')).toMatchObject({ waivers: [{ rule: 'DHC-10.compute' }] });
    expect(() => instance({ relax: [relaxationOf('DID-12')] })).toThrow(/DID-12 cannot be relaxed on SecureInstance: use Session Manager/);
  });

  it.each([
    ['DHC-10', (resource: CfnInstance) => resource.addPropertyOverride('DisableApiTermination', false)],
    ['DID-03', (resource: CfnInstance) => resource.addPropertyDeletionOverride('NetworkInterfaces')],
    ['DID-04', (resource: CfnInstance) => resource.addPropertyOverride('NetworkInterfaces.0.AssociatePublicIpAddress', true)],
    ['DID-11', (resource: CfnInstance) => resource.addPropertyOverride('MetadataOptions.HttpTokens', 'optional')],
    ['DID-11', (resource: CfnInstance) => resource.addPropertyOverride('MetadataOptions.HttpPutResponseHopLimit', 2)],
    ['DID-12', (resource: CfnInstance) => resource.addPropertyOverride('KeyName', 'ops')],
    ['DID-13', (resource: CfnInstance) => resource.addPropertyOverride('ImageId', 'ami-0123456789abcdef0')],
    ['ENC-01', (resource: CfnInstance) => resource.addPropertyOverride('BlockDeviceMappings.0.Ebs.Encrypted', false)],
    ['ENC-01', (resource: CfnInstance) => resource.addPropertyDeletionOverride('BlockDeviceMappings')],
    ['ENC-02', (resource: CfnInstance) => resource.addPropertyDeletionOverride('BlockDeviceMappings.0.Ebs.KmsKeyId')],
    ['IDA-10', (resource: CfnInstance) => resource.addPropertyDeletionOverride('IamInstanceProfile')],
    ['LOG-19', (resource: CfnInstance) => resource.addPropertyOverride('Monitoring', false)],
  ] as const)('weakened by a property override is named: %s', (control, weaken) => {
    const { stack, resource } = instance();
    weaken(resource);
    expect(broken(stack)).toContain(`${control}.compute`);
  });

  it('weakened by a later opening is named', () => {
    const { stack, host } = instance();
    host.connections.allowFrom(Peer.anyIpv4(), Port.tcp(22));
    expect(
      broken(
        stack,
        RULES.filter(({ family }) => family === 'network'),
      ),
    ).toContain('DID-12.network');
  });
});

describe('a secure group of hosts', () => {
  const group = (props: SecureHostProps = {}) => {
    const stack = stackOf('high');
    const hosts = new SecureAutoScalingGroup(stack, 'Hosts', { ...hostIn(stack), maxCapacity: 3, ...props });
    return { stack, hosts, template: hosts.template.node.defaultChild as CfnLaunchTemplate };
  };

  it('starts each host from a hardened template, in private subnets', () => {
    const { stack } = group();
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: Match.objectLike({
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        BlockDeviceMappings: [Match.objectLike({ Ebs: Match.objectLike({ Encrypted: true }) })],
        NetworkInterfaces: [Match.objectLike({ AssociatePublicIpAddress: false })],
        Monitoring: { Enabled: true },
      }),
    });
    template.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      MaxSize: '3',
      VPCZoneIdentifier: ['subnet-0123456789abcdef0'],
      LaunchTemplate: Match.anyValue(),
    });
    expect(broken(stack)).toEqual([]);
  });

  it('lets the role of Auto Scaling use the key, and nobody else', () => {
    const { stack } = group();
    const keys = Template.fromStack(stack).findResources('AWS::KMS::Key', {
      Properties: { Description: 'Encrypts the volumes of Cases/HostsTemplate' },
    });
    const [{ Properties }] = Object.values(keys) as [{ Properties: { KeyPolicy: { Statement: { Sid?: string; Condition?: object }[] } } }];
    const grants = Properties.KeyPolicy.Statement.filter(({ Sid }) => Sid?.startsWith('Groups'));
    expect(grants).toHaveLength(2);
    for (const { Condition } of grants) expect(JSON.stringify(Condition)).toContain('AWSServiceRoleForAutoScaling');
    expect(
      broken(
        stack,
        RULES.filter(({ family }) => family === 'keys'),
      ),
    ).toEqual([]);
  });

  it.each([
    [
      'DID-04',
      (data: CfnLaunchTemplate) => data.addPropertyOverride('LaunchTemplateData.NetworkInterfaces.0.AssociatePublicIpAddress', true),
    ],
    ['DID-11', (data: CfnLaunchTemplate) => data.addPropertyDeletionOverride('LaunchTemplateData.MetadataOptions')],
    ['DID-12', (data: CfnLaunchTemplate) => data.addPropertyOverride('LaunchTemplateData.KeyName', 'ops')],
    ['DID-13', (data: CfnLaunchTemplate) => data.addPropertyOverride('LaunchTemplateData.ImageId', 'ami-0123456789abcdef0')],
    ['ENC-01', (data: CfnLaunchTemplate) => data.addPropertyOverride('LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted', false)],
    ['ENC-02', (data: CfnLaunchTemplate) => data.addPropertyDeletionOverride('LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId')],
    ['LOG-19', (data: CfnLaunchTemplate) => data.addPropertyOverride('LaunchTemplateData.Monitoring.Enabled', false)],
  ] as const)('weakened by a property override of its template is named: %s', (control, weaken) => {
    const { stack, template } = group();
    weaken(template);
    expect(broken(stack)).toContain(`${control}.compute`);
  });

  it('weakened by a default network is named', () => {
    const { stack, hosts } = group();
    (hosts.node.defaultChild as CfnAutoScalingGroup).addPropertyDeletionOverride('VPCZoneIdentifier');
    expect(broken(stack)).toContain('DID-03.compute');
  });

  it('can do with the template alone', () => {
    const stack = stackOf('moderate');
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    const template = new SecureLaunchTemplate(stack, 'Template', { ...hostIn(stack), role });
    expect(template.role).toBe(role);
    expect(broken(stack, compute.rules, 'moderate')).toEqual([]);
  });
});

describe('session manager', () => {
  const sessions = (props = {}) => {
    const stack = stackOf('high');
    const manager = new SessionManager(stack, 'Sessions', props);
    return { stack, manager, document: manager.node.findChild('Preferences') as CfnDocument };
  };

  it('records, encrypts and ends sessions', () => {
    const { stack } = sessions({ runAs: 'support' });
    expect(propertiesOf(stack, 'AWS::SSM::Document')).toMatchObject({
      Name: 'SSM-SessionManagerRunShell',
      DocumentType: 'Session',
      Content: {
        sessionType: 'Standard_Stream',
        inputs: {
          cloudWatchLogGroupName: { Ref: expect.stringContaining('SessionsRecords') },
          cloudWatchEncryptionEnabled: true,
          cloudWatchStreamingEnabled: true,
          kmsKeyId: { 'Fn::GetAtt': [expect.stringContaining('SessionsKey'), 'Arn'] },
          idleSessionTimeout: '15',
          maxSessionDuration: '60',
          runAsEnabled: true,
          runAsDefaultUser: 'support',
        },
      },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 731, KmsKeyId: Match.anyValue() });
    expect(broken(stack)).toEqual([]);
  });

  it('lets hosts record and people type', () => {
    const stack = stackOf('high');
    const manager = new SessionManager(stack, 'Sessions');
    instance({ sessions: manager }, 'high', stack);
    manager.grantStart(new Role(stack, 'People', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    const policies = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    for (const action of ['kms:Decrypt', 'kms:GenerateDataKey', 'logs:DescribeLogGroups']) expect(policies).toContain(action);
  });

  it.each([
    [{ idleTimeout: Duration.minutes(30) }, /Cases\/Sessions: idleTimeout is 30 minutes; write 1 to 15 whole minutes \(IDA-14\)/],
    [{ idleTimeout: Duration.seconds(90) }, /idleTimeout is 1.5 minutes/],
    [{ maxDuration: Duration.hours(8) }, /maxDuration is 480 minutes; write 1 to 60 whole minutes \(IDA-14\)/],
  ])('refuses long sessions: %o', (props, message) => {
    expect(() => sessions(props)).toThrow(message);
  });

  it.each([
    ['DID-12', 'cloudWatchLogGroupName', ''],
    ['ENC-11', 'kmsKeyId', ''],
    ['IDA-14', 'idleSessionTimeout', '60'],
  ])('weakened by a property override is named: %s', (control, input, value) => {
    const { stack, document } = sessions();
    document.addPropertyOverride(`Content.inputs.${input}`, value);
    expect(broken(stack)).toEqual([`${control}.compute`]);
  });
});

describe('patch management', () => {
  const patches = (props = {}, tier: Tier = 'high') => {
    const stack = stackOf(tier);
    return { stack, manager: new PatchManagement(stack, 'Patches', props) };
  };

  it('lets hosts record what is installed, where they are named', () => {
    const { stack, manager } = patches();
    const role = new Role(stack, 'Hosts', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    manager.grantHost(role);
    const actions = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    for (const action of ['PutLogEvents', 'CreateLogStream', 'DescribeLogStreams', 'DescribeLogGroups'])
      expect(actions).toContain(`logs:${action}`);
  });

  it.each([
    ['low', 'cron(0 3 ? * SUN *)'],
    ['moderate', 'cron(0 3 ? * SUN *)'],
    ['high', 'cron(0 3 ? * * *)'],
  ] as const)('installs every fix in time at tier %s', (tier, schedule) => {
    const { stack } = patches({}, tier);
    expect(propertiesOf(stack, 'AWS::SSM::MaintenanceWindow')).toMatchObject({ Schedule: schedule, ScheduleTimezone: 'Etc/UTC' });
    expect(propertiesOf(stack, 'AWS::SSM::PatchBaseline')).toMatchObject({
      OperatingSystem: 'AMAZON_LINUX_2023',
      DefaultBaseline: true,
      ApprovalRules: { PatchRules: [{ ApproveAfterDays: 0 }] },
    });
    expect(broken(stack, compute.rules, tier)).toEqual([]);
  });

  it.each([
    [{ hour: 24 }, /Cases\/Patches: hour is 24; write a whole number from 0 to 23/],
    [{ operatingSystem: 'OS2' }, /Cases\/Patches: operatingSystem "OS2" is not one that Patch Manager knows; write one of ALMA_LINUX/],
  ])('refuses %o', (props, message) => {
    expect(() => patches(props)).toThrow(message);
  });

  it.each([
    ['the baseline', 'Baseline', 'ApprovalRules.PatchRules.0.ApproveAfterDays', 30],
    ['the window', 'Window', 'Schedule', 'cron(0 3 1 * ? *)'],
    ['the task', 'Install', 'TaskInvocationParameters.MaintenanceWindowRunCommandParameters.Parameters.Operation', ['Scan']],
  ])('weakened on %s is named', (_, child, path, value) => {
    const { stack, manager } = patches();
    const found = manager.node.findChild(child) as CfnPatchBaseline | CfnMaintenanceWindow | CfnMaintenanceWindowTask;
    found.addPropertyOverride(path, value);
    expect(broken(stack)).toEqual(['VUL-05.compute']);
  });
});
