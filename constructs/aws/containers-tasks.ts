import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  type ContainerDefinition,
  type ContainerDefinitionOptions,
  FargatePlatformVersion,
  FargateService,
  type FargateServiceProps,
  FargateTaskDefinition,
  type FargateTaskDefinitionProps,
  type IEcsLoadBalancerTarget,
  type LoadBalancerTargetOptions,
  LogDrivers,
  type Volume,
} from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationTargetGroup,
  type CfnTargetGroup,
  type IApplicationTargetGroup,
  type LoadBalancerTargetProps,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { claims, type Relaxation, relaxed, unclaimed } from '../contract';
import { confined, FAMILY, isRoot, sealed, USER } from './containers-floor';
import { SecureLogGroup } from './logging';
import { SecureVpc } from './network';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

/** Props of the CDK's task definition that a user may set; whatever else is given is not passed on. */
const TASK_PROPS = [
  'cpu',
  'ephemeralStorageGiB',
  'executionRole',
  'family',
  'memoryLimitMiB',
  'proxyConfiguration',
  'runtimePlatform',
  'taskRole',
] as const satisfies readonly (keyof FargateTaskDefinitionProps)[];

/** Props of {@link SecureFargateTask}; every default is the hardened one. */
export interface SecureFargateTaskProps extends Pick<FargateTaskDefinitionProps, (typeof TASK_PROPS)[number]> {
  /** Volumes that containers mount; file systems are mounted over TLS, under the identity of the task. @default none */
  readonly volumes?: readonly Volume[];
  /**
   * Where the output of the containers is recorded.
   * @default a SecureLogGroup of operations records
   */
  readonly logs?: ILogGroup;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

/** Options of {@link SecureFargateTask.addContainer}. */
export interface SecureContainerOptions extends ContainerDefinitionOptions {
  /**
   * Paths that the container may write to; each is a volume that is gone with the task. ECS gives it the owner that the path
   * has in the image, where the Dockerfile says so: `RUN mkdir -p /work && chown 10001:10001 /work` and `VOLUME ["/work"]`.
   * Without that root alone writes to it.
   * @default none: the whole file system is read-only
   */
  readonly writablePaths?: readonly string[];
}

const TASK: Promises = {
  claims: claims(
    'SecureFargateTask',
    'DID-14',
    { control: 'LOG-19', from: 'moderate' },
    unclaimed(
      'TLS-07',
      'a task listens to nobody by itself; who may call its service is said by Service Connect, VPC Lattice or the load balancer',
    ),
  ),
  families: [FAMILY],
  relaxable: { 'DID-14': 'a container may run as root, or write to its file system' },
  firm: { 'LOG-19': 'pass another log group' },
};

/**
 * A task whose containers run as a user without rights, on a file system that they cannot write to, and whose output is
 * recorded.
 *
 * Guarantees DID-14, and from the moderate tier on LOG-19, for every container that is added to it. It is an
 * `ecs.FargateTaskDefinition`. Name images by digest, or by a tag of a SecureRepository (SDC-14).
 *
 * @throws Error when a container asks for root, privileges or a writable file system without a waiver, or a volume for the host
 * @example
 * import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
 * const images = new SecureRepository(stack, 'Images');
 * const task = new SecureFargateTask(stack, 'Task', { cpu: 512, memoryLimitMiB: 1024 });
 * task.addContainer('app', { image: ContainerImage.fromEcrRepository(images, '1.4.2'), writablePaths: ['/tmp'] });
 */
export class SecureFargateTask extends FargateTaskDefinition {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = TASK.claims;

  private readonly logs: ILogGroup;
  private readonly relax: readonly Relaxation[] | undefined;

  constructor(scope: Construct, id: string, props: SecureFargateTaskProps = {}) {
    profileOf(scope);
    checkRelaxations(scope, id, props.relax, TASK);
    const where = `${scope.node.path}/${id}`;
    if (props.runtimePlatform?.operatingSystemFamily?.isWindows())
      throw new Error(`${where}: Windows containers have no read-only file system and no user without rights; use Linux (DID-14)`);
    const user: FargateTaskDefinitionProps = Object.fromEntries(TASK_PROPS.map((name) => [name, props[name]]));

    super(scope, id, { ...user, ...(props.volumes ? { volumes: props.volumes.map((volume) => sealed(where, volume)) } : {}) });
    this.relax = props.relax;
    this.logs = props.logs ?? new SecureLogGroup(this, 'Logs');
    recordWaiver(props.relax, 'DID-14', FAMILY, this);
  }

  override addContainer(id: string, options: SecureContainerOptions): ContainerDefinition {
    const { writablePaths = [], ...given } = options;
    const where = `${this.node.path}/${id}`;
    if (given.privileged) throw new Error(`${where}: privileged gives the container the host; Fargate has none to give (DID-14)`);
    const { user = USER, readonlyRootFilesystem = true } = given;
    if (isRoot(user)) requireRelaxation(where, this.relax, 'DID-14', `user ${user}`, 'run as a user id that is not 0');
    if (!readonlyRootFilesystem)
      requireRelaxation(where, this.relax, 'DID-14', 'readonlyRootFilesystem: false', 'name what is written to in writablePaths');
    const container = super.addContainer(id, {
      ...given,
      logging: given.logging ?? LogDrivers.awsLogs({ logGroup: this.logs, streamPrefix: id }),
      linuxParameters: confined(this, id, given.linuxParameters),
      privileged: false,
      readonlyRootFilesystem,
      user,
    });
    for (const [index, containerPath] of writablePaths.entries()) {
      const name = `${id}-writable-${index}`;
      super.addVolume({ name });
      container.addMountPoints({ containerPath, sourceVolume: name, readOnly: false });
    }
    return container;
  }

  override addVolume(volume: Volume): void {
    super.addVolume(sealed(this.node.path, volume));
  }
}

/** Props of the CDK's service that a user may set; whatever else is given is not passed on. */
const SERVICE_PROPS = [
  'availabilityZoneRebalancing',
  'capacityProviderStrategies',
  'cloudMapOptions',
  'cluster',
  'deploymentAlarms',
  'desiredCount',
  'enableExecuteCommand',
  'healthCheckGracePeriod',
  'maxHealthyPercent',
  'minHealthyPercent',
  'serviceConnectConfiguration',
  'serviceName',
  'taskDefinition',
  'volumeConfigurations',
] as const satisfies readonly (keyof FargateServiceProps)[];

/** Props of {@link SecureFargateService}; every default is the hardened one. */
export interface SecureFargateServiceProps extends Pick<FargateServiceProps, (typeof SERVICE_PROPS)[number]> {
  /**
   * Guards the tasks.
   * @default a group of the SecureVpc of the cluster, which lets tasks reach private endpoints; required in another network
   */
  readonly securityGroups?: ISecurityGroup[];
  /** @default the workload subnets of the SecureVpc of the cluster, else its private subnets */
  readonly vpcSubnets?: FargateServiceProps['vpcSubnets'];
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const SERVICE: Promises = {
  claims: claims('SecureFargateService', { control: 'DID-22', from: 'moderate' }),
  families: [FAMILY, 'edge'],
  relaxable: { 'TLS-04': 'target groups may reach the tasks in clear text' },
  firm: { 'DID-22': 'reach what you need through private endpoints' },
};

/**
 * A service whose tasks have no public address, roll back when they fail to start, and are reached over TLS only.
 *
 * Guarantees from the moderate tier on DID-22. It is an `ecs.FargateService`. Target groups that it is attached to have
 * to speak HTTPS (TLS-04).
 *
 * @throws Error when a target group would reach the tasks in clear text without a waiver, or security groups are missing
 * @example
 * import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
 * const cluster = new SecureCluster(stack, 'Cluster', { vpc });
 * const taskDefinition = new SecureFargateTask(stack, 'Task');
 * const images = new SecureRepository(stack, 'Images');
 * taskDefinition.addContainer('app', { image: ContainerImage.fromEcrRepository(images, '1.4.2') });
 * const service = new SecureFargateService(stack, 'Service', { cluster, taskDefinition });
 */
export class SecureFargateService extends FargateService {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = SERVICE.claims;

  private readonly relax: readonly Relaxation[] | undefined;

  constructor(scope: Construct, id: string, props: SecureFargateServiceProps) {
    profileOf(scope);
    checkRelaxations(scope, id, props.relax, SERVICE);
    const { vpc } = props.cluster;
    const own = vpc instanceof SecureVpc ? vpc : undefined;
    const securityGroups = props.securityGroups ?? (own ? [own.securityGroup(`${id}Tasks`, { description: `Tasks of ${id}` })] : undefined);
    if (!securityGroups)
      throw new Error(`${scope.node.path}/${id}: no security groups; pass securityGroups, or a cluster in a SecureVpc (EXP-05)`);
    const vpcSubnets = props.vpcSubnets ?? (own ? SecureVpc.WORKLOAD : undefined);
    const user = Object.fromEntries(SERVICE_PROPS.map((name) => [name, props[name]])) as unknown as FargateServiceProps;

    super(scope, id, {
      ...user,
      ...(vpcSubnets ? { vpcSubnets } : {}),
      securityGroups,
      assignPublicIp: false,
      circuitBreaker: { enable: true, rollback: true },
      minHealthyPercent: props.minHealthyPercent ?? 100,
      platformVersion: FargatePlatformVersion.LATEST,
    });
    this.relax = props.relax;
  }

  override attachToApplicationTargetGroup(targetGroup: IApplicationTargetGroup): LoadBalancerTargetProps {
    this.checkTarget(targetGroup);
    return super.attachToApplicationTargetGroup(targetGroup);
  }

  override loadBalancerTarget(options: LoadBalancerTargetOptions): IEcsLoadBalancerTarget {
    const target = super.loadBalancerTarget(options);
    return {
      ...target,
      attachToApplicationTargetGroup: (targetGroup) => {
        this.checkTarget(targetGroup);
        return target.attachToApplicationTargetGroup(targetGroup);
      },
    };
  }

  private checkTarget(targetGroup: IApplicationTargetGroup): void {
    if (!(targetGroup instanceof ApplicationTargetGroup)) return;
    const resource = targetGroup.node.defaultChild as CfnTargetGroup;
    if (resource.protocol === 'HTTPS') return;
    const loosened = `target group "${targetGroup.node.path}" with protocol ${resource.protocol ?? 'HTTP'}`;
    requireRelaxation(this.node.path, this.relax, 'TLS-04', loosened, 'set protocol: ApplicationProtocol.HTTPS');
    if (relaxed(this.relax, 'TLS-04')) recordWaiver(this.relax, 'TLS-04', 'edge', targetGroup);
  }
}
