import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ClusterParameterGroup, DatabaseCluster, type DatabaseClusterProps } from 'aws-cdk-lib/aws-docdb';
import { InstanceClass, InstanceSize, InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { claims, RECOVERY_DAYS, type Relaxation, reaches, relaxed } from '../contract';
import { type DatabaseNetworkProps, FAMILY, groupsOf, keyOf, logsOf, nameOf, subnetsOf } from './database-shared';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

/** Props of the CDK's cluster that a user may set; whatever else is given is not passed on. */
const PASSED_ON = [
  'caCertificate',
  'dbClusterName',
  'instanceMaintenanceWindow',
  'preferredMaintenanceWindow',
  'storageType',
] as const satisfies readonly (keyof DatabaseClusterProps)[];

/** Props of {@link SecureDocumentDatabase}; every default is the hardened one. */
export interface SecureDocumentDatabaseProps extends DatabaseNetworkProps, Pick<DatabaseClusterProps, (typeof PASSED_ON)[number]> {
  /** Port that takes sessions. @default 27018: not the one that everybody tries first */
  readonly port?: number;
  /** @default db.r6g.large */
  readonly instanceType?: InstanceType;
  /**
   * From the moderate tier on at least 2, so that the loss of a zone is survived, unless BCR-06 is relaxed.
   * @default 2 from the moderate tier on, 1 at low
   */
  readonly instances?: number;
  /**
   * Name of the first user; its password is made, kept and rotated by AWS.
   * @default 'dbowner'
   */
  readonly username?: string;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureDocumentDatabase',
  'BCR-01',
  'DHC-01',
  'DHC-10',
  'DID-01',
  'ENC-01',
  { control: 'ENC-02', from: 'moderate' },
  { control: 'LOG-06', from: 'moderate' },
  { control: 'LPA-14', from: 'moderate' },
  'TLS-05',
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: {
    'BCR-06': 'instances may be 1: the loss of a zone stops the cluster',
    'DHC-10': 'the cluster is deleted with its stack, after a last snapshot',
  },
  firm: { 'ENC-02': 'pass another key', 'TLS-05': 'every driver speaks TLS' },
};

/** Version of the engine, and the family of its parameter groups. */
/** Beside the port that everybody tries first. */
const PORT = 27_018;
const VERSION = { engineVersion: '5.0.0', family: 'docdb5.0' } as const;

/**
 * A cluster of DocumentDB 5.0: only TLS 1.2 and later is spoken, storage and backups are encrypted, sign-ins, schema
 * changes and, by tier, every read and alteration are recorded and shipped, it stands in isolated subnets behind a group
 * that lets nobody in, and AWS makes and rotates the password of its first user.
 *
 * Guarantees BCR-01, DHC-01, DHC-10, DID-01, ENC-01 and TLS-05; from the moderate tier on ENC-02, LOG-06 and LPA-14.
 * Then a second instance stands in another zone, too (BCR-06). Backups are kept for 35 days. It is a `docdb.DatabaseCluster`.
 *
 * @throws Error when a prop breaks a promise that is not relaxed, or a subnet is public
 * @example
 * const notes = new SecureDocumentDatabase(stack, 'Notes', { vpc });
 * notes.connections.allowDefaultPortFrom(vpc.securityGroup('NotesService', { description: 'Reads and writes notes' }));
 */
export class SecureDocumentDatabase extends DatabaseCluster {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  constructor(scope: Construct, id: string, props: SecureDocumentDatabaseProps) {
    const { tier } = profileOf(scope);
    const { relax, username = 'dbowner' } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    const vpcSubnets = subnetsOf(where, props);
    const spread = reaches(tier, 'moderate');
    const instances = props.instances ?? (spread ? 2 : 1);
    if (spread && instances < 2) requireRelaxation(where, relax, 'BCR-06', `instances: ${instances}`, 'write at least 2');
    const [securityGroup, ...more] = groupsOf(scope, id, props);
    const key = keyOf(scope, id, tier, props.key);
    const kept = relaxed(relax, 'DHC-10') === undefined;
    const dbClusterName = props.dbClusterName ?? nameOf(scope, id);

    super(scope, id, {
      ...Object.fromEntries(PASSED_ON.map((name) => [name, props[name]])),
      port: props.port ?? PORT,
      backup: { retention: Duration.days(RECOVERY_DAYS) },
      copyTagsToSnapshot: true,
      dbClusterName,
      deletionProtection: kept,
      engineVersion: VERSION.engineVersion,
      exportAuditLogsToCloudWatch: true,
      exportProfilerLogsToCloudWatch: true,
      instances,
      instanceType: props.instanceType ?? InstanceType.of(InstanceClass.R6G, InstanceSize.LARGE),
      ...(key ? { kmsKey: key, masterUserSecretKmsKey: key } : {}),
      manageMasterUserPassword: true,
      masterUser: { username },
      parameterGroup: new ClusterParameterGroup(scope, `${id}Parameters`, {
        family: VERSION.family,
        description: `Parameters of ${where}`,
        parameters: { tls: 'tls1.2+', audit_logs: spread ? 'all' : 'enabled', profiler: 'enabled' },
      }),
      removalPolicy: kept ? RemovalPolicy.RETAIN : RemovalPolicy.SNAPSHOT,
      ...(securityGroup ? { securityGroup } : {}),
      storageEncrypted: true,
      vpc: props.vpc,
      vpcSubnets,
    });
    if (more.length > 0) this.addSecurityGroups(...more);
    logsOf(this, Object.fromEntries(['audit', 'profiler'].map((log) => [log, `/aws/docdb/${dbClusterName}/${log}`])));
    // No rule judges the zones of DocumentDB: relaxing them leaves nothing to waive.
    recordWaiver(relax, 'DHC-10', FAMILY, this);
  }
}
