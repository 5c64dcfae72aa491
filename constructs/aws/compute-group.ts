import { Stack } from 'aws-cdk-lib';
import { AutoScalingGroup, type AutoScalingGroupProps } from 'aws-cdk-lib/aws-autoscaling';
import {
  type IVpc,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  type LaunchTemplateProps,
  OperatingSystemType,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { claims } from '../contract';
import { recordAndAdmit } from './compute';
import { hostRoleOf } from './compute-role';
import { groupOf, type SecureHostProps, subnetsOf } from './compute-shared';
import { volumeKeyOf, volumesOf } from './compute-volumes';
import { profileOf } from './profile';

/** Props of the CDK's launch template that a user may set; whatever else is given is not passed on. */
const OF_TEMPLATE = [
  'cpuCredits',
  'cpuOptions',
  'ebsOptimized',
  'instanceType',
  'launchTemplateName',
  'machineImage',
  'nitroEnclaveEnabled',
  'placementGroup',
  'spotOptions',
  'userData',
  'versionDescription',
] as const satisfies readonly (keyof LaunchTemplateProps)[];

type TemplateProps = Required<Pick<LaunchTemplateProps, 'instanceType' | 'machineImage'>> &
  Pick<LaunchTemplateProps, Exclude<(typeof OF_TEMPLATE)[number], 'instanceType' | 'machineImage'>>;

/** Props of {@link SecureLaunchTemplate}; every default is the hardened one. */
export interface SecureLaunchTemplateProps extends TemplateProps, SecureHostProps {
  /** Network of the hosts. */
  readonly vpc: IVpc;
  /** @default a role of its own, with what Systems Manager needs */
  readonly role?: IRole;
}

const TEMPLATE_CLAIMS = [
  { control: 'DID-04', from: 'moderate' },
  'DID-11',
  'DID-12',
  'DID-13',
  'ENC-01',
  { control: 'ENC-02', from: 'moderate' },
  { control: 'LOG-19', from: 'moderate' },
] as const;

/**
 * A launch template whose hosts are reached by Session Manager only: session-oriented metadata one hop far, encrypted
 * volumes, no key pair, no public address, detailed metrics.
 *
 * Guarantees DID-11, DID-12, DID-13 and ENC-01; from the moderate tier on DID-04, ENC-02 and LOG-19. It is an `ec2.LaunchTemplate`.
 *
 * @example
 * import { InstanceType, MachineImage } from 'aws-cdk-lib/aws-ec2';
 *
 * const template = new SecureLaunchTemplate(stack, 'Hosts', {
 *   vpc,
 *   instanceType: new InstanceType('t3.small'),
 *   machineImage: MachineImage.latestAmazonLinux2023(),
 * });
 */
export class SecureLaunchTemplate extends LaunchTemplate {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecureLaunchTemplate', ...TEMPLATE_CLAIMS);

  constructor(scope: Construct, id: string, props: SecureLaunchTemplateProps) {
    profileOf(scope);
    const { machineImage, vpc } = props;
    const user = Object.fromEntries(OF_TEMPLATE.map((name) => [name, props[name]])) as LaunchTemplateProps;
    const role = props.role ?? hostRoleOf(scope, id);
    const key = volumeKeyOf(scope, id, props.key);
    if (key instanceof Key && props.key === undefined) letGroupsUse(key);

    super(scope, id, {
      ...user,
      role,
      securityGroup: props.securityGroup ?? groupOf(scope, id, vpc),
      blockDevices: volumesOf(scope, machineImage, key, props.blockDevices),
      httpTokens: LaunchTemplateHttpTokens.REQUIRED,
      httpPutResponseHopLimit: 1,
      detailedMonitoring: true,
      associatePublicIpAddress: false,
    });
    recordAndAdmit(this, role, this.osType ?? OperatingSystemType.LINUX, props);
  }
}

/** Props of the CDK's group that a user may set; whatever else is given is not passed on. */
const OF_GROUP = [
  'autoScalingGroupName',
  'capacityRebalance',
  'cooldown',
  'defaultInstanceWarmup',
  'deletionProtection',
  'desiredCapacity',
  'groupMetrics',
  'healthChecks',
  'maxCapacity',
  'maxInstanceLifetime',
  'minCapacity',
  'newInstancesProtectedFromScaleIn',
  'notifications',
  'signals',
  'terminationPolicies',
  'updatePolicy',
] as const satisfies readonly (keyof AutoScalingGroupProps)[];

/** Props of {@link SecureAutoScalingGroup}; every default is the hardened one. */
export interface SecureAutoScalingGroupProps extends SecureLaunchTemplateProps, Pick<AutoScalingGroupProps, (typeof OF_GROUP)[number]> {
  /** @default the workload subnets of a SecureVpc; the private subnets of any other network */
  readonly vpcSubnets?: SubnetSelection;
}

/**
 * Hosts that replace each other, each of them started from a {@link SecureLaunchTemplate}.
 *
 * Guarantees DID-03, DID-11, DID-12, DID-13 and ENC-01; from the moderate tier on DID-04, ENC-02 and LOG-19. It is an
 * `autoscaling.AutoScalingGroup`: `connections`, scaling and targets of load balancers work with it.
 *
 * @example
 * import { InstanceType, MachineImage } from 'aws-cdk-lib/aws-ec2';
 *
 * const hosts = new SecureAutoScalingGroup(stack, 'Converters', {
 *   vpc,
 *   instanceType: new InstanceType('t3.small'),
 *   machineImage: MachineImage.latestAmazonLinux2023(),
 *   maxCapacity: 3,
 * });
 * hosts.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60 });
 */
export class SecureAutoScalingGroup extends AutoScalingGroup {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecureAutoScalingGroup', 'DID-03', ...TEMPLATE_CLAIMS);

  /** From which the hosts are started. */
  readonly template: SecureLaunchTemplate;

  constructor(scope: Construct, id: string, props: SecureAutoScalingGroupProps) {
    profileOf(scope);
    const user = Object.fromEntries(OF_GROUP.map((name) => [name, props[name]])) as Partial<AutoScalingGroupProps>;
    const template = new SecureLaunchTemplate(scope, `${id}Template`, props);
    const vpcSubnets = subnetsOf(props.vpc, props.vpcSubnets);
    super(scope, id, { ...user, vpc: props.vpc, launchTemplate: template, ...(vpcSubnets ? { vpcSubnets } : {}) });
    this.template = template;
  }
}

/**
 * Groups start hosts as a role that AWS keeps in the account, and that IAM policies cannot widen: the key has to name it.
 * It is named by a condition, because a key cannot name a role that does not exist before the first group does.
 */
function letGroupsUse(key: IKey & Key): void {
  const stack = Stack.of(key);
  const role = stack.formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: 'aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
  });
  const allow = (sid: string, actions: string[], conditions: Record<string, object>) =>
    key.addToResourcePolicy(
      new PolicyStatement({
        sid,
        principals: [new AnyPrincipal()],
        actions,
        resources: ['*'],
        conditions: { ArnEquals: { 'aws:PrincipalArn': role }, ...conditions },
      }),
    );
  allow(
    'GroupsEncryptVolumes',
    ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    {},
  );
  allow('GroupsHandVolumesToHosts', ['kms:CreateGrant'], { Bool: { 'kms:GrantIsForAWSResource': 'true' } });
}
