import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Connections, type IConnectable, Port } from 'aws-cdk-lib/aws-ec2';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnDBCluster, CfnDBClusterParameterGroup, CfnDBInstance, CfnDBSubnetGroup } from 'aws-cdk-lib/aws-neptune';
import { Construct } from 'constructs';
import { type ControlId, claims, RECOVERY_DAYS, type Relaxation, reaches, relaxed } from '../contract';
import { type DatabaseNetworkProps, FAMILY, groupsOf, keyOf, logsOf, nameOf, subnetsOf } from './database-shared';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

/** Props of {@link SecureGraphDatabase}; every default is the hardened one. */
export interface SecureGraphDatabaseProps extends DatabaseNetworkProps {
  /** @default 'db.serverless' */
  readonly instanceClass?: string;
  /**
   * Least and most capacity of serverless instances, in Neptune capacity units.
   * @default 1 to 16
   */
  readonly capacity?: { readonly min: number; readonly max: number };
  /**
   * From the moderate tier on at least 2, so that the loss of a zone is survived, unless BCR-06 is relaxed.
   * @default 2 from the moderate tier on, 1 at low
   */
  readonly instances?: number;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureGraphDatabase',
  'BCR-01',
  { control: 'BCR-06', from: 'moderate' },
  'DHC-01',
  'DHC-05',
  'DHC-10',
  'DID-01',
  'ENC-01',
  { control: 'ENC-02', from: 'moderate' },
  { control: 'LOG-06', from: 'moderate' },
  { control: 'LPA-14', from: 'moderate' },
  { control: 'VUL-06', from: 'moderate' },
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: {
    'BCR-06': 'instances may be 1: the loss of a zone stops the cluster',
    'DHC-10': 'the cluster is deleted with its stack, after a last snapshot',
  },
  firm: { 'ENC-02': 'pass another key' },
};

const PORT = 8182;
/** Version of the engine, and the family of its parameter groups. */
const VERSION = { engineVersion: '1.4.5.0', family: 'neptune1.4' } as const;
/** What a grant lets its holder do, besides connecting: read, change and delete by queries. */
const QUERIES = ['ReadDataViaQuery', 'WriteDataViaQuery', 'DeleteDataViaQuery', 'GetQueryStatus', 'CancelQuery'];

/**
 * A cluster of Neptune: it speaks TLS only, knows its callers by IAM, is encrypted, records every query, stands in
 * isolated subnets behind a group that lets nobody in, and cannot be deleted by accident.
 *
 * Guarantees BCR-01, DHC-01, DHC-05, DHC-10, DID-01 and ENC-01; from the moderate tier on BCR-06, ENC-02, LOG-06, LPA-14
 * and VUL-06. Backups are kept for 35 days.
 *
 * @throws Error when a prop breaks a promise that is not relaxed, or a subnet is public
 * @example
 * const relations = new SecureGraphDatabase(stack, 'Relations', { vpc });
 * relations.grantRead(caseService);
 */
export class SecureGraphDatabase extends Construct implements IConnectable {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** Opens the cluster to others: `connections.allowDefaultPortFrom(service)`. */
  readonly connections: Connections;
  /** Name of the cluster. */
  readonly clusterIdentifier: string;
  /** Host that takes reads and writes. */
  readonly endpoint: string;
  /** Host that takes reads. */
  readonly readEndpoint: string;
  /** Port of both. */
  readonly port = PORT;
  private readonly cluster: CfnDBCluster;

  constructor(scope: Construct, id: string, props: SecureGraphDatabaseProps) {
    const { tier } = profileOf(scope);
    const { relax, instanceClass = 'db.serverless', capacity = { min: 1, max: 16 } } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    const subnets = subnetsOf(where, props);
    const spread = reaches(tier, 'moderate');
    const instances = props.instances ?? (spread ? 2 : 1);
    if (spread && instances < 2) requireRelaxation(where, relax, 'BCR-06', `instances: ${instances}`, 'write at least 2');
    const kept = relaxed(relax, 'DHC-10') === undefined;
    super(scope, id);

    const securityGroups = groupsOf(this, 'Cluster', props);
    const key = keyOf(this, 'Cluster', tier, props.key);
    this.clusterIdentifier = nameOf(scope, id);
    const subnetGroup = new CfnDBSubnetGroup(this, 'Subnets', {
      dbSubnetGroupDescription: `Subnets of ${where}`,
      subnetIds: props.vpc.selectSubnets(subnets).subnetIds,
    });
    const parameters = new CfnDBClusterParameterGroup(this, 'Parameters', {
      description: `Parameters of ${where}`,
      family: VERSION.family,
      parameters: { neptune_enable_audit_log: 1 },
    });
    this.cluster = new CfnDBCluster(this, 'Resource', {
      backupRetentionPeriod: RECOVERY_DAYS,
      copyTagsToSnapshot: true,
      dbClusterIdentifier: this.clusterIdentifier,
      dbClusterParameterGroupName: parameters.ref,
      dbPort: PORT,
      dbSubnetGroupName: subnetGroup.ref,
      deletionProtection: kept,
      enableCloudwatchLogsExports: ['audit'],
      engineVersion: VERSION.engineVersion,
      iamAuthEnabled: true,
      ...(key ? { kmsKeyId: key.keyArn } : {}),
      ...(instanceClass === 'db.serverless'
        ? { serverlessScalingConfiguration: { minCapacity: capacity.min, maxCapacity: capacity.max } }
        : {}),
      storageEncrypted: true,
      vpcSecurityGroupIds: securityGroups.map((group) => group.securityGroupId),
    });
    this.cluster.applyRemovalPolicy(kept ? RemovalPolicy.RETAIN : RemovalPolicy.SNAPSHOT);
    for (let index = 1; index <= instances; index += 1) {
      const instance = new CfnDBInstance(this, `Instance${index}`, {
        autoMinorVersionUpgrade: true,
        dbClusterIdentifier: this.cluster.ref,
        dbInstanceClass: instanceClass,
        publiclyAccessible: false,
      });
      instance.applyRemovalPolicy(kept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    }
    this.connections = new Connections({ securityGroups, defaultPort: Port.tcp(PORT) });
    this.endpoint = this.cluster.attrEndpoint;
    this.readEndpoint = this.cluster.attrReadEndpoint;
    logsOf(this, { audit: `/aws/neptune/${this.clusterIdentifier}/audit` });
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) recordWaiver(relax, control, FAMILY, this.cluster);
  }

  /** Lets somebody connect, and read by queries. */
  grantRead(grantee: IGrantable): Grant {
    return this.grant(grantee, ['ReadDataViaQuery', 'GetQueryStatus', 'CancelQuery']);
  }

  /** Lets somebody connect, and read, change and delete by queries. */
  grantReadWrite(grantee: IGrantable): Grant {
    return this.grant(grantee, QUERIES);
  }

  private grant(grantee: IGrantable, actions: readonly string[]): Grant {
    const database = Stack.of(this).formatArn({
      service: 'neptune-db',
      resource: this.cluster.attrClusterResourceId,
      resourceName: '*',
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    return Grant.addToPrincipal({ grantee, actions: actions.map((action) => `neptune-db:${action}`), resourceArns: [database] });
  }
}
