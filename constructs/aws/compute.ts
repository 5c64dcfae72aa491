import { type CfnInstance, HttpTokens, Instance, type InstanceProps, type OperatingSystemType } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type ControlId, claims, type Relaxation, relaxed } from '../contract';
import { recordsOf } from './compute-records';
import { hostRoleOf } from './compute-role';
import { groupOf, type SecureHostProps, subnetsOf } from './compute-shared';
import { volumeKeyOf, volumesOf } from './compute-volumes';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver } from './relax';

const FAMILY = 'compute';

/** Props of the CDK's instance that a user may set; whatever else is given is not passed on. */
const PASSED_ON = [
  'availabilityZone',
  'creditSpecification',
  'ebsOptimized',
  'init',
  'initOptions',
  'instanceName',
  'instanceType',
  'machineImage',
  'placementGroup',
  'privateIpAddress',
  'resourceSignalTimeout',
  'sourceDestCheck',
  'userData',
  'userDataCausesReplacement',
  'vpc',
] as const satisfies readonly (keyof InstanceProps)[];

/** Props of {@link SecureInstance}; every default is the hardened one. */
export interface SecureInstanceProps extends Pick<InstanceProps, (typeof PASSED_ON)[number] | 'role' | 'vpcSubnets'>, SecureHostProps {
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureInstance',
  'DHC-10',
  'DID-03',
  { control: 'DID-04', from: 'moderate' },
  'DID-11',
  'DID-12',
  'DID-13',
  'ENC-01',
  { control: 'ENC-02', from: 'moderate' },
  'IDA-10',
  'LOG-18',
  { control: 'LOG-19', from: 'moderate' },
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: { 'DHC-10': 'the instance can be terminated, and goes with its stack' },
  firm: {
    'DID-04': 'put a load balancer in front, or use Session Manager',
    'DID-11': 'every SDK of the last years asks for tokens',
    'DID-12': 'use Session Manager',
    'ENC-01': 'encrypted volumes are as fast',
    'ENC-02': 'pass another key',
  },
};

/**
 * A host that is reached by Session Manager only: session-oriented metadata one hop far, encrypted volumes, no key pair, no
 * public address, no open port, detailed metrics, and records of its operating system that leave it.
 *
 * Guarantees DHC-10, DID-03, DID-11, DID-12, DID-13, ENC-01, IDA-10 and LOG-18; from the moderate tier on DID-04, ENC-02 and LOG-19. It
 * is an `ec2.Instance`: `connections`, grants and `addUserData` work with it. The network needs private endpoints for
 * Systems Manager (`SSM`, `SSM_MESSAGES`, `EC2_MESSAGES`) where it has no way out.
 *
 * @throws Error when a relaxation is not one of its promises
 * @example
 * import { InstanceType, MachineImage } from 'aws-cdk-lib/aws-ec2';
 *
 * const host = new SecureInstance(stack, 'Converter', {
 *   vpc,
 *   instanceType: new InstanceType('t3.small'),
 *   machineImage: MachineImage.latestAmazonLinux2023(),
 *   sessions: new SessionManager(stack, 'Sessions'),
 * });
 * host.userData.addCommands('systemctl enable --now converter');
 */
export class SecureInstance extends Instance {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  constructor(scope: Construct, id: string, props: SecureInstanceProps) {
    profileOf(scope);
    const { relax, vpc, machineImage } = props;
    const user = Object.fromEntries(PASSED_ON.map((name) => [name, props[name]])) as unknown as InstanceProps;
    checkRelaxations(scope, id, relax, PROMISES);
    const role = props.role ?? hostRoleOf(scope, id);
    const vpcSubnets = subnetsOf(vpc, props.vpcSubnets);
    const kept = relaxed(relax, 'DHC-10') === undefined;

    super(scope, id, {
      ...user,
      role,
      securityGroup: props.securityGroup ?? groupOf(scope, id, vpc),
      ...(vpcSubnets ? { vpcSubnets } : {}),
      blockDevices: volumesOf(scope, machineImage, volumeKeyOf(scope, id, props.key), props.blockDevices),
      associatePublicIpAddress: false,
      httpTokens: HttpTokens.REQUIRED,
      httpPutResponseHopLimit: 1,
      detailedMonitoring: true,
      disableApiTermination: kept,
      propagateTagsToVolumeOnCreation: true,
    });
    recordAndAdmit(this, role, this.osType, props);
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[])
      recordWaiver(relax, control, FAMILY, this.node.defaultChild as CfnInstance);
  }
}

/** Lets a host ship its records, and hold recorded sessions. */
export function recordAndAdmit(scope: Construct, role: IRole, osType: OperatingSystemType, { sessions }: SecureHostProps): void {
  recordsOf(scope, osType).grantHost(role);
  sessions?.grantHost(role);
}
