import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type LifecycleRule, Repository, RepositoryEncryption, type RepositoryProps, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { Cluster, type ClusterProps, ContainerInsights, ExecuteCommandLogging } from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { claims, type Relaxation, reaches, relaxed, unclaimed } from '../contract';
import { FAMILY } from './containers-floor';
import { denyOutsiders } from './identity-perimeter';
import { SecureKey } from './keys';
import { SecureLogGroup } from './logging';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

/** Props of {@link SecureRepository}; every default is the hardened one. */
export interface SecureRepositoryProps extends Pick<RepositoryProps, 'repositoryName'> {
  /**
   * What goes when.
   * @default images that no tag names any more go after 30 days
   */
  readonly lifecycleRules?: readonly LifecycleRule[];
  /**
   * Key that encrypts the images.
   * @default a SecureKey of its own from the moderate tier on; ECR's own encryption at low
   */
  readonly key?: IKey;
  /** Account ids outside the organisation (or the account) that may be granted pulls; needs LPA-10 to be relaxed. @default none */
  readonly sharedWith?: readonly string[];
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const LEFT_OVERS: LifecycleRule = { description: 'Without a tag', tagStatus: TagStatus.UNTAGGED, maxImageAge: Duration.days(30) };

const REPOSITORY: Promises = {
  claims: claims('SecureRepository', 'DID-14', 'VUL-04', { control: 'ENC-02', from: 'moderate' }, 'DHC-05', 'LPA-10'),
  families: [FAMILY],
  relaxable: { 'LPA-10': 'the accounts in sharedWith can be granted pulls' },
  firm: { 'DID-14': 'push under another tag', 'ENC-02': 'pass another key' },
};

/**
 * A private repository whose images are scanned when they arrive, and whose tags nobody can move to another image.
 *
 * Guarantees DID-14, VUL-04, DHC-05 and LPA-10; from the moderate tier on ENC-02. It is an `ecr.Repository` and stays,
 * with its images, when its stack goes.
 *
 * @throws Error when a prop breaks a promise that is not relaxed
 * @example
 * const images = new SecureRepository(stack, 'CaseService', { repositoryName: 'cases/service' });
 * images.grantPull(caseService);
 */
export class SecureRepository extends Repository {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = REPOSITORY.claims;

  constructor(scope: Construct, id: string, props: SecureRepositoryProps = {}) {
    const { tier } = profileOf(scope);
    const { relax, sharedWith } = props;
    const where = `${scope.node.path}/${id}`;
    checkRelaxations(scope, id, relax, REPOSITORY);
    if (sharedWith?.length) requireRelaxation(where, relax, 'LPA-10', 'sharedWith', 'keep the images inside the organisation');
    const sharing = relaxed(relax, 'LPA-10');
    const own = () =>
      new SecureKey(scope, `${id}Key`, {
        description: `Encrypts the images of ${where}`,
        ...(sharing && sharedWith ? { sharedWith, relax: [{ ...sharing, control: 'LPA-10' }] } : {}),
      });
    const encryptionKey = props.key ?? (reaches(tier, 'moderate') ? own() : undefined);

    super(scope, id, {
      ...(props.repositoryName ? { repositoryName: props.repositoryName } : {}),
      lifecycleRules: [...(props.lifecycleRules ?? [LEFT_OVERS])],
      ...(encryptionKey ? { encryption: RepositoryEncryption.KMS, encryptionKey } : {}),
      imageScanOnPush: true,
      imageTagMutability: TagMutability.IMMUTABLE,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.addToResourcePolicy(denyOutsiders(this, ['ecr:*'], [], sharedWith));
    recordWaiver(relax, 'LPA-10', FAMILY, this);
  }
}

/** Props of {@link SecureCluster}; every default is the hardened one. */
export interface SecureClusterProps
  extends Pick<ClusterProps, 'clusterName' | 'defaultCloudMapNamespace' | 'enableFargateCapacityProviders'> {
  /** Network of the tasks, such as a SecureVpc. */
  readonly vpc: NonNullable<ClusterProps['vpc']>;
  /**
   * Key that encrypts shells in tasks, and what tasks write beside their volumes.
   * @default a SecureKey of its own from the moderate tier on; the service's own encryption at low
   */
  readonly key?: IKey;
  /**
   * Where shells in tasks are recorded.
   * @default a SecureLogGroup of security records
   */
  readonly logs?: ILogGroup;
}

/**
 * A cluster of ECS that is observed, whose tasks write encrypted only, and in which no shell is opened unrecorded.
 *
 * Guarantees from the moderate tier on LOG-19; from the high tier on ENC-02. It is an `ecs.Cluster`.
 *
 * @example
 * const cluster = new SecureCluster(stack, 'Cluster', { vpc });
 */
export class SecureCluster extends Cluster {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureCluster',
    { control: 'LOG-19', from: 'moderate' },
    { control: 'ENC-02', from: 'high' },
    unclaimed(
      'TLS-07',
      'a cluster connects nobody: services that call each other do so through Service Connect with a private CA, or VPC Lattice',
    ),
  );

  constructor(scope: Construct, id: string, props: SecureClusterProps) {
    const { tier } = profileOf(scope);
    const where = `${scope.node.path}/${id}`;
    const key =
      props.key ??
      (reaches(tier, 'moderate')
        ? new SecureKey(scope, `${id}Key`, { description: `Encrypts shells and storage of ${where}` })
        : undefined);
    const logs = props.logs ?? new SecureLogGroup(scope, `${id}Shells`, { logClass: 'security' });

    super(scope, id, {
      ...(props.clusterName ? { clusterName: props.clusterName } : {}),
      ...(props.defaultCloudMapNamespace ? { defaultCloudMapNamespace: props.defaultCloudMapNamespace } : {}),
      ...(props.enableFargateCapacityProviders ? { enableFargateCapacityProviders: true } : {}),
      vpc: props.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
      executeCommandConfiguration: {
        ...(key ? { kmsKey: key } : {}),
        logging: ExecuteCommandLogging.OVERRIDE,
        logConfiguration: { cloudWatchLogGroup: logs, cloudWatchEncryptionEnabled: key !== undefined },
      },
      ...(key ? { managedStorageConfiguration: { fargateEphemeralStorageKmsKey: key } } : {}),
    });
  }
}
