import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Connections, type IConnectable, Port } from 'aws-cdk-lib/aws-ec2';
import { CfnReplicationGroup, CfnSubnetGroup, CfnUser, CfnUserGroup } from 'aws-cdk-lib/aws-elasticache';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type ControlId, claims, type Relaxation, reaches } from '../contract';
import { type DatabaseNetworkProps, FAMILY, groupsOf, keyOf, nameOf, subnetsOf } from './database-shared';
import { SecureLogGroup } from './logging';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

/** Props of {@link SecureCache}; every default is the hardened one. */
export interface SecureCacheProps extends DatabaseNetworkProps {
  /** @default 'cache.t4g.small' */
  readonly nodeType?: string;
  /**
   * Copies beside the primary, in other zones. From the moderate tier on at least 1, unless BCR-06 is relaxed.
   * @default 2 at high, 1 at moderate, 0 at low
   */
  readonly replicas?: number;
  /**
   * What the user of the cache may do, in the words of Valkey's access control.
   * @default 'on ~* +@all -@admin -@dangerous': every key, nothing that administers or empties the cache
   */
  readonly access?: string;
  /**
   * Days for which daily snapshots are kept, 1 to 35.
   * @default 35
   */
  readonly snapshotDays?: number;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureCache',
  'BCR-01',
  { control: 'BCR-06', from: 'moderate' },
  'DHC-01',
  'DID-01',
  { control: 'ENC-02', from: 'moderate' },
  { control: 'ENC-11', from: 'moderate' },
  { control: 'LOG-13', from: 'moderate' },
  { control: 'LPA-14', from: 'moderate' },
  { control: 'TLS-06', from: 'moderate' },
  { control: 'VUL-06', from: 'moderate' },
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: { 'BCR-06': 'replicas may be 0: the loss of a zone empties the cache' },
  firm: { 'ENC-02': 'pass another key', 'LPA-14': 'a user signs in by IAM', 'TLS-06': 'every client speaks TLS' },
};

const PORT = 6379;
const ENGINE = { engine: 'valkey', engineVersion: '8.0' } as const;
/** Longest time for which ElastiCache keeps snapshots, in days. */
const LONGEST_DAYS = 35;

/**
 * A cache of Valkey: TLS only, encrypted, with a user that signs in by IAM instead of by password, replicas in other
 * zones, and daily snapshots; it stands in isolated subnets behind a group that lets nobody in.
 *
 * Guarantees BCR-01, DHC-01 and DID-01; from the moderate tier on BCR-06, ENC-02, ENC-11, LOG-13, LPA-14, TLS-06 and
 * VUL-06.
 *
 * @throws Error when a prop breaks a promise that is not relaxed, or a subnet is public
 * @example
 * const sessions = new SecureCache(stack, 'Sessions', { vpc });
 * sessions.grantConnect(caseService);
 */
export class SecureCache extends Construct implements IConnectable {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** Opens the cache to others: `connections.allowDefaultPortFrom(service)`. */
  readonly connections: Connections;
  /** Name of the replication group. */
  readonly cacheName: string;
  /** Name of the user that signs in by IAM. */
  readonly userName: string;
  /** Host that takes reads and writes. */
  readonly endpoint: string;
  /** Host that takes reads. */
  readonly readEndpoint: string;
  /** Port of both. */
  readonly port = PORT;
  private readonly user: CfnUser;

  constructor(scope: Construct, id: string, props: SecureCacheProps) {
    const { tier } = profileOf(scope);
    const { relax, nodeType = 'cache.t4g.small', access = 'on ~* +@all -@admin -@dangerous', snapshotDays = LONGEST_DAYS } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    const subnets = subnetsOf(where, props);
    const replicas = props.replicas ?? { low: 0, moderate: 1, high: 2 }[tier];
    if (reaches(tier, 'moderate') && replicas < 1) requireRelaxation(where, relax, 'BCR-06', `replicas: ${replicas}`, 'write at least 1');
    if (!(Number.isInteger(snapshotDays) && snapshotDays >= 1 && snapshotDays <= LONGEST_DAYS))
      throw new Error(`${where}: snapshotDays is ${snapshotDays}; write a whole number from 1 to ${LONGEST_DAYS} (BCR-01)`);
    super(scope, id);

    const securityGroups = groupsOf(this, 'Cache', props);
    const key = keyOf(this, 'Cache', tier, props.key);
    // ElastiCache takes names of at most 40 characters.
    this.cacheName = nameOf(scope, id, 40);
    this.userName = this.cacheName;
    const subnetGroup = new CfnSubnetGroup(this, 'Subnets', {
      description: `Subnets of ${where}`,
      subnetIds: props.vpc.selectSubnets(subnets).subnetIds,
    });
    // Who signs in by IAM has the same name as id.
    this.user = new CfnUser(this, 'User', {
      accessString: access,
      authenticationMode: { Type: 'iam' },
      engine: ENGINE.engine,
      userId: this.userName,
      userName: this.userName,
    });
    const group = new CfnUserGroup(this, 'Users', { engine: ENGINE.engine, userGroupId: this.cacheName, userIds: [this.user.ref] });
    const cache = new CfnReplicationGroup(this, 'Resource', {
      ...ENGINE,
      atRestEncryptionEnabled: true,
      autoMinorVersionUpgrade: true,
      automaticFailoverEnabled: replicas > 0,
      cacheNodeType: nodeType,
      cacheSubnetGroupName: subnetGroup.ref,
      ...(key ? { kmsKeyId: key.keyArn } : {}),
      logDeliveryConfigurations: ['slow-log', 'engine-log'].map((logType) => ({
        destinationDetails: { cloudWatchLogsDetails: { logGroup: new SecureLogGroup(this, logType).logGroupName } },
        destinationType: 'cloudwatch-logs',
        logFormat: 'json',
        logType,
      })),
      multiAzEnabled: replicas > 0,
      numNodeGroups: 1,
      port: PORT,
      replicasPerNodeGroup: replicas,
      replicationGroupDescription: where,
      replicationGroupId: this.cacheName,
      securityGroupIds: securityGroups.map((each) => each.securityGroupId),
      snapshotRetentionLimit: snapshotDays,
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      userGroupIds: [group.ref],
    });
    cache.applyRemovalPolicy(RemovalPolicy.SNAPSHOT);
    this.connections = new Connections({ securityGroups, defaultPort: Port.tcp(PORT) });
    this.endpoint = cache.attrPrimaryEndPointAddress;
    this.readEndpoint = cache.attrReaderEndPointAddress;
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) recordWaiver(relax, control, FAMILY, cache);
  }

  /** Lets somebody sign in as the user of the cache. */
  grantConnect(grantee: IGrantable): Grant {
    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({ service: 'elasticache', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    return Grant.addToPrincipal({
      grantee,
      actions: ['elasticache:Connect'],
      resourceArns: [arn('replicationgroup', this.cacheName), arn('user', this.user.userId)],
    });
  }
}
