import { Annotations, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  type DatabaseClusterProps,
  type IClusterEngine,
  type IClusterInstance,
} from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { type ControlId, claims, RECOVERY_DAYS, type Relaxation, reaches, relaxed } from '../contract';
import { floorOf, parametersOf } from './database-engine';
import {
  type DatabaseNetworkProps,
  FAMILY,
  groupsOf,
  keyOf,
  logsOf,
  monitoringRole,
  nameOf,
  ownerOf,
  resourcesOf,
  subnetsOf,
} from './database-shared';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

/** Name of the first user: none of those that are tried first. */
const OWNER = 'dbowner';

/** Props of the CDK's cluster that a user may set; whatever else is given is not passed on. */
const PASSED_ON = [
  'clusterIdentifier',
  'databaseInsightsMode',
  'defaultDatabaseName',
  'enableDataApi',
  'performanceInsightRetention',
  'preferredMaintenanceWindow',
  'serverlessV2AutoPauseDuration',
  'serverlessV2MaxCapacity',
  'serverlessV2MinCapacity',
  'storageType',
] as const satisfies readonly (keyof DatabaseClusterProps)[];

/** Props of {@link SecureDatabaseCluster}; every default is the hardened one. */
export interface SecureDatabaseClusterProps extends DatabaseNetworkProps, Pick<DatabaseClusterProps, (typeof PASSED_ON)[number]> {
  /** Port that takes sessions. @default 5433 for PostgreSQL, 3307 for MySQL: not those that everybody tries first */
  readonly port?: number;
  /** @default Aurora PostgreSQL 17.9 */
  readonly engine?: IClusterEngine;
  /** @default a serverless writer */
  readonly writer?: IClusterInstance;
  /**
   * From the moderate tier on at least one, so that the loss of a zone is survived, unless BCR-06 is relaxed.
   * @default one serverless reader from the moderate tier on, none at low
   */
  readonly readers?: readonly IClusterInstance[];
  /**
   * Name of the first user; its password is made, kept and rotated by AWS.
   * @default 'dbowner'
   */
  readonly username?: string;
  /**
   * Further parameters of the cluster. Those that force TLS and record statements are set, and cannot be contradicted.
   * @default none
   */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureDatabaseCluster',
  'BCR-01',
  { control: 'BCR-06', from: 'moderate' },
  'DHC-01',
  'DHC-05',
  'DHC-10',
  'DID-01',
  'ENC-01',
  { control: 'ENC-02', from: 'moderate' },
  { control: 'ENC-10', from: 'moderate' },
  { control: 'LOG-06', from: 'moderate' },
  { control: 'LPA-14', from: 'moderate' },
  'TLS-05',
  { control: 'VUL-06', from: 'moderate' },
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: {
    'BCR-06': 'readers may be empty: the loss of a zone stops the cluster',
    'DHC-10': 'the cluster is deleted with its stack, after a last snapshot',
  },
  firm: {
    'ENC-02': 'pass another key',
    'TLS-05': 'every driver speaks TLS',
    'LPA-14': 'users of the database may sign in by password beside it',
  },
};

/**
 * An Aurora cluster, PostgreSQL unless said otherwise: sessions in clear text are refused, storage, backups and figures are
 * encrypted with one key, statements are recorded and shipped by tier, it stands in isolated subnets behind a group that
 * lets nobody in, and AWS makes and rotates the password of its first user.
 *
 * Guarantees BCR-01, DHC-01, DHC-05, DHC-10, DID-01, ENC-01 and TLS-05; from the moderate tier on BCR-06, ENC-02,
 * ENC-10, LOG-06, LPA-14 and VUL-06. Backups are kept for 35 days. It is an `rds.DatabaseCluster`:
 * `connections`, `grantConnect` and `secret` work as you know them.
 *
 * @throws Error when a prop breaks a promise that is not relaxed, a subnet is public, or the engine is none of Aurora's
 * @example
 * const cases = new SecureDatabaseCluster(stack, 'Cases', { vpc, defaultDatabaseName: 'cases' });
 * cases.grantConnect(caseService, 'case_service');
 */
export class SecureDatabaseCluster extends DatabaseCluster {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  constructor(scope: Construct, id: string, props: SecureDatabaseClusterProps) {
    const { tier } = profileOf(scope);
    const { relax, username = OWNER } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    const vpcSubnets = subnetsOf(where, props);
    const engine = props.engine ?? DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_17_9 });
    const floor = floorOf(where, engine, tier);
    const parameters = parametersOf(where, floor, props.parameters);
    const spread = reaches(tier, 'moderate');
    const readers = props.readers ?? (spread ? [ClusterInstance.serverlessV2('Reader', { scaleWithWriter: true })] : []);
    if (spread && readers.length === 0)
      requireRelaxation(where, relax, 'BCR-06', 'a cluster without readers', 'add one to readers, such as ClusterInstance.serverlessV2');
    const key = keyOf(scope, id, tier, props.key);
    const kept = relaxed(relax, 'DHC-10') === undefined;
    const clusterIdentifier = props.clusterIdentifier ?? nameOf(scope, id);

    super(scope, id, {
      ...Object.fromEntries(PASSED_ON.map((name) => [name, props[name]])),
      port: props.port ?? floor.port,
      autoMinorVersionUpgrade: true,
      backup: { retention: Duration.days(RECOVERY_DAYS) },
      cloudwatchLogsExports: [...floor.exports],
      clusterIdentifier,
      copyTagsToSnapshot: true,
      credentials: ownerOf(username, key),
      deleteAutomatedBackups: false,
      deletionProtection: kept,
      enablePerformanceInsights: true,
      engine,
      iamAuthentication: true,
      manageMasterUserPassword: true,
      monitoringInterval: Duration.minutes(1),
      monitoringRole: monitoringRole(scope, id),
      parameters,
      readers: [...readers],
      removalPolicy: kept ? RemovalPolicy.RETAIN : RemovalPolicy.SNAPSHOT,
      securityGroups: groupsOf(scope, id, props),
      storageEncrypted: true,
      ...(key ? { performanceInsightEncryptionKey: key, storageEncryptionKey: key } : {}),
      vpc: props.vpc,
      vpcSubnets,
      writer: props.writer ?? ClusterInstance.serverlessV2('Writer'),
    });
    // The cluster switches it on for every instance, whatever the instance says.
    Annotations.of(this).acknowledgeWarning('@aws-cdk/aws-rds:instancePerformanceInsightsOverridden', 'the cluster decides');
    for (const instance of resourcesOf(this, 'AWS::RDS::DBInstance')) {
      instance.addPropertyOverride('PubliclyAccessible', false);
      instance.addPropertyOverride('AutoMinorVersionUpgrade', true);
    }
    logsOf(this, Object.fromEntries(floor.exports.map((log) => [log, `/aws/rds/cluster/${clusterIdentifier}/${log}`])));
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) recordWaiver(relax, control, FAMILY, this);
  }
}
