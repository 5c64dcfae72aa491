import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  DatabaseInstance,
  DatabaseInstanceEngine,
  type DatabaseInstanceProps,
  type IInstanceEngine,
  type IOptionGroup,
  OptionGroup,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { type ControlId, claims, RECOVERY_DAYS, type Relaxation, reaches, relaxed, unclaimed } from '../contract';
import { floorOf, parametersOf } from './database-engine';
import { type DatabaseNetworkProps, FAMILY, groupsOf, keyOf, logsOf, monitoringRole, nameOf, ownerOf, subnetsOf } from './database-shared';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

const OWNER = 'dbowner';

/** Props of the CDK's instance that a user may set; whatever else is given is not passed on. */
const PASSED_ON = [
  'allocatedStorage',
  'databaseInsightsMode',
  'databaseName',
  'instanceIdentifier',
  'instanceType',
  'iops',
  'licenseModel',
  'maxAllocatedStorage',
  'performanceInsightRetention',
  'preferredBackupWindow',
  'preferredMaintenanceWindow',
  'storageThroughput',
  'storageType',
  'timezone',
] as const satisfies readonly (keyof DatabaseInstanceProps)[];

/** Props of {@link SecureDatabaseInstance}; every default is the hardened one. */
export interface SecureDatabaseInstanceProps extends DatabaseNetworkProps, Pick<DatabaseInstanceProps, (typeof PASSED_ON)[number]> {
  /** Port that takes sessions. @default 5433 for PostgreSQL, 3307 for MySQL and MariaDB: not those that everybody tries first */
  readonly port?: number;
  /** @default PostgreSQL 17.9 */
  readonly engine?: IInstanceEngine;
  /**
   * A standby in another zone; false needs BCR-06 to be relaxed from the moderate tier on.
   * @default true from the moderate tier on, false at low
   */
  readonly multiAz?: boolean;
  /**
   * Name of the first user; its password is made, kept and rotated by AWS.
   * @default 'dbowner'
   */
  readonly username?: string;
  /**
   * Further parameters. Those that force TLS and record statements are set, and cannot be contradicted.
   * @default none
   */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureDatabaseInstance',
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
  unclaimed('DHC-04', 'RDS labels no columns; Lake Formation does, where the data is catalogued'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: {
    'BCR-06': 'multiAz may be false: the loss of a zone stops the database',
    'DHC-10': 'the database is deleted with its stack, after a last snapshot',
  },
  firm: { 'ENC-02': 'pass another key', 'TLS-05': 'every driver speaks TLS' },
};

/**
 * A database of RDS, PostgreSQL unless said otherwise (MySQL and MariaDB too): sessions in clear text are refused, storage,
 * backups and figures are encrypted with one key, statements are recorded and shipped by tier, it stands in isolated
 * subnets behind a group that lets nobody in, and AWS makes and rotates the password of its first user.
 *
 * Guarantees BCR-01, DHC-01, DHC-05, DHC-10, DID-01, ENC-01 and TLS-05; from the moderate tier on BCR-06, ENC-02,
 * ENC-10, LOG-06, LPA-14 and VUL-06. Backups are kept for 35 days. It is an `rds.DatabaseInstance`.
 *
 * @throws Error when a prop breaks a promise that is not relaxed, a subnet is public, or the engine cannot be hardened
 * @example
 * const reports = new SecureDatabaseInstance(stack, 'Reports', { vpc, databaseName: 'reports' });
 * reports.grantConnect(caseService, 'case_service');
 */
export class SecureDatabaseInstance extends DatabaseInstance {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  constructor(scope: Construct, id: string, props: SecureDatabaseInstanceProps) {
    const { tier } = profileOf(scope);
    const { relax, username = OWNER } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    const vpcSubnets = subnetsOf(where, props);
    const engine = props.engine ?? DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17_9 });
    const floor = floorOf(where, engine, tier);
    const parameters = parametersOf(where, floor, props.parameters);
    const spread = reaches(tier, 'moderate');
    if (spread && props.multiAz === false) requireRelaxation(where, relax, 'BCR-06', 'multiAz: false', 'leave it out');
    const key = keyOf(scope, id, tier, props.key);
    const kept = relaxed(relax, 'DHC-10') === undefined;
    const instanceIdentifier = props.instanceIdentifier ?? nameOf(scope, id);
    const optionGroup = floor.auditOption ? auditing(scope, id, engine, floor.auditOption) : undefined;

    super(scope, id, {
      ...Object.fromEntries(PASSED_ON.map((name) => [name, props[name]])),
      port: props.port ?? floor.port,
      autoMinorVersionUpgrade: true,
      backupRetention: Duration.days(RECOVERY_DAYS),
      cloudwatchLogsExports: [...floor.exports],
      copyTagsToSnapshot: true,
      credentials: ownerOf(username, key),
      deleteAutomatedBackups: false,
      deletionProtection: kept,
      enablePerformanceInsights: true,
      engine,
      iamAuthentication: true,
      instanceIdentifier,
      manageMasterUserPassword: true,
      monitoringInterval: Duration.minutes(1),
      monitoringRole: monitoringRole(scope, id),
      multiAz: props.multiAz ?? spread,
      ...(optionGroup ? { optionGroup } : {}),
      parameters,
      publiclyAccessible: false,
      removalPolicy: kept ? RemovalPolicy.RETAIN : RemovalPolicy.SNAPSHOT,
      securityGroups: groupsOf(scope, id, props),
      storageEncrypted: true,
      ...(key ? { performanceInsightEncryptionKey: key, storageEncryptionKey: key } : {}),
      vpc: props.vpc,
      vpcSubnets,
    });
    logsOf(this, Object.fromEntries(floor.exports.map((log) => [log, `/aws/rds/instance/${instanceIdentifier}/${log}`])));
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) recordWaiver(relax, control, FAMILY, this);
  }
}

/** The option by which MySQL and MariaDB record who connects and what is asked. */
const auditing = (scope: Construct, id: string, engine: IInstanceEngine, name: string): IOptionGroup =>
  new OptionGroup(scope, `${id}Options`, {
    engine,
    description: `Records the statements of ${id}`,
    configurations: [{ name, settings: { SERVER_AUDIT_EVENTS: 'CONNECT,QUERY_DCL,QUERY_DDL,QUERY_DML' } }],
  });
