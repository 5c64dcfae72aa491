import { RemovalPolicy } from 'aws-cdk-lib';
import { Connections, type IConnectable, Port } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnCluster, CfnClusterParameterGroup, CfnClusterSubnetGroup } from 'aws-cdk-lib/aws-redshift';
import { Construct } from 'constructs';
import { type ControlId, claims, RECOVERY_DAYS, type Relaxation, relaxed } from '../contract';
import { type DatabaseNetworkProps, FAMILY, groupsOf, keyOf, logsOf, nameOf, subnetsOf } from './database-shared';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver } from './relax';

/** Props of {@link SecureWarehouse}; every default is the hardened one. */
export interface SecureWarehouseProps extends DatabaseNetworkProps {
  /** Name of the first database. @default 'warehouse' */
  readonly databaseName?: string;
  /** @default 'ra3.large' */
  readonly nodeType?: string;
  /** At least 2. @default 2 */
  readonly nodes?: number;
  /**
   * Name of the first user; its password is made, kept and rotated by AWS.
   * @default 'dbowner'
   */
  readonly username?: string;
  /**
   * Half an hour of each week in which AWS patches the cluster, in UTC.
   * @default 'sun:03:00-sun:03:30'
   */
  readonly preferredMaintenanceWindow?: string;
  /** Roles with which the warehouse reads from, and writes to, other stores. @default none */
  readonly roles?: readonly IRole[];
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureWarehouse',
  'BCR-01',
  'DHC-01',
  'DHC-05',
  'DHC-10',
  'DID-01',
  { control: 'DID-05', from: 'moderate' },
  'ENC-01',
  { control: 'ENC-02', from: 'moderate' },
  { control: 'LOG-06', from: 'moderate' },
  { control: 'LPA-14', from: 'moderate' },
  'TLS-05',
  { control: 'VUL-06', from: 'moderate' },
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: { 'DHC-10': 'the warehouse is deleted with its stack, after a last snapshot' },
  firm: { 'ENC-02': 'pass another key', 'TLS-05': 'every driver speaks TLS' },
};

/** Beside the port that everybody tries first. */
const PORT = 5440;
const LOGS = ['connectionlog', 'userlog', 'useractivitylog'];

/**
 * A cluster of Redshift: sessions in clear text are refused, it is encrypted, all its traffic stays in the network, who
 * connects and what is asked is recorded and shipped, it stands in isolated subnets behind a group that lets nobody in,
 * and AWS makes and rotates the password of its first user.
 *
 * Guarantees BCR-01, DHC-01, DHC-05, DHC-10, DID-01, ENC-01 and TLS-05; from the moderate tier on DID-05, ENC-02, LOG-06,
 * LPA-14 and VUL-06. At high it spans a second zone (BCR-06). Snapshots are kept for 35 days.
 *
 * @throws Error when a prop breaks a promise that is not relaxed, or a subnet is public
 * @example
 * const warehouse = new SecureWarehouse(stack, 'Warehouse', { vpc, databaseName: 'consulting' });
 * warehouse.connections.allowDefaultPortFrom(vpc.securityGroup('Reports', { description: 'Reports' }));
 */
export class SecureWarehouse extends Construct implements IConnectable {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** Opens the warehouse to others: `connections.allowDefaultPortFrom(service)`. */
  readonly connections: Connections;
  /** Name of the cluster. */
  readonly clusterIdentifier: string;
  /** Host that takes sessions. */
  readonly endpoint: string;
  /** ARN of the secret that holds the password of the first user. */
  readonly secretArn: string;
  /** Port that takes sessions. */
  readonly port = PORT;

  constructor(scope: Construct, id: string, props: SecureWarehouseProps) {
    const { tier } = profileOf(scope);
    const { relax, databaseName = 'warehouse', nodeType = 'ra3.large', nodes = 2, roles = [], username = 'dbowner' } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    const subnets = subnetsOf(where, props);
    if (!(Number.isInteger(nodes) && nodes >= 2))
      throw new Error(`${where}: nodes is ${nodes}; write a whole number of at least 2, so that the loss of a node loses nothing (BCR-06)`);
    super(scope, id);

    const securityGroups = groupsOf(this, 'Cluster', props);
    const key = keyOf(this, 'Cluster', tier, props.key);
    this.clusterIdentifier = nameOf(scope, id);
    const subnetGroup = new CfnClusterSubnetGroup(this, 'Subnets', {
      description: `Subnets of ${where}`,
      subnetIds: props.vpc.selectSubnets(subnets).subnetIds,
    });
    const parameters = new CfnClusterParameterGroup(this, 'Parameters', {
      description: `Parameters of ${where}`,
      parameterGroupFamily: 'redshift-2.0',
      parameters: ['require_ssl', 'enable_user_activity_logging'].map((parameterName) => ({ parameterName, parameterValue: 'true' })),
    });
    const cluster = new CfnCluster(this, 'Resource', {
      allowVersionUpgrade: true,
      automatedSnapshotRetentionPeriod: RECOVERY_DAYS,
      clusterIdentifier: this.clusterIdentifier,
      clusterParameterGroupName: parameters.ref,
      clusterSubnetGroupName: subnetGroup.ref,
      clusterType: 'multi-node',
      dbName: databaseName,
      encrypted: true,
      enhancedVpcRouting: true,
      iamRoles: roles.map((role) => role.roleArn),
      ...(key ? { kmsKeyId: key.keyArn, masterPasswordSecretKmsKeyId: key.keyArn } : {}),
      loggingProperties: { logDestinationType: 'cloudwatch', logExports: LOGS },
      manageMasterPassword: true,
      manualSnapshotRetentionPeriod: RECOVERY_DAYS,
      masterUsername: username,
      multiAz: tier === 'high',
      nodeType,
      numberOfNodes: nodes,
      port: PORT,
      preferredMaintenanceWindow: props.preferredMaintenanceWindow ?? 'sun:03:00-sun:03:30',
      publiclyAccessible: false,
      vpcSecurityGroupIds: securityGroups.map((group) => group.securityGroupId),
      ...(tier === 'moderate' ? { availabilityZoneRelocation: true } : {}),
    });
    const kept = relaxed(relax, 'DHC-10') === undefined;
    cluster.applyRemovalPolicy(kept ? RemovalPolicy.RETAIN : RemovalPolicy.SNAPSHOT);
    this.connections = new Connections({ securityGroups, defaultPort: Port.tcp(PORT) });
    this.endpoint = cluster.attrEndpointAddress;
    this.secretArn = cluster.attrMasterPasswordSecretArn;
    logsOf(this, Object.fromEntries(LOGS.map((log) => [log, `/aws/redshift/cluster/${this.clusterIdentifier}/${log}`])));
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) recordWaiver(relax, control, FAMILY, cluster);
  }
}
