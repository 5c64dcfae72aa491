import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { claims } from '../contract';
import { profileOf } from './profile';

/** Calls that carry data out in bulk, share it, or copy it elsewhere, by service. */
const EXPORTS = {
  backup: ['CopyFromBackupVault', 'CopyIntoBackupVault', 'StartCopyJob'],
  dynamodb: ['CreateGlobalTable', 'EnableKinesisStreamingDestination', 'ExportTableToPointInTime', 'UpdateGlobalTable'],
  ec2: ['CopyImage', 'CopySnapshot', 'CreateInstanceExportTask', 'ExportImage', 'ModifyImageAttribute', 'ModifySnapshotAttribute'],
  elasticache: ['CopySnapshot', 'ExportServerlessCacheSnapshot'],
  logs: ['CreateExportTask', 'PutDestination'],
  rds: [
    'CopyDBClusterSnapshot',
    'CopyDBSnapshot',
    'CreateGlobalCluster',
    'ModifyDBClusterSnapshotAttribute',
    'ModifyDBSnapshotAttribute',
    'StartExportTask',
  ],
  redshift: ['AuthorizeDataShare', 'AuthorizeSnapshotAccess', 'EnableSnapshotCopy'],
  s3: ['CreateJob', 'PutBucketAcl', 'PutObjectAcl', 'PutReplicationConfiguration'],
} as const;

/**
 * Denies carrying data out in bulk: exports, shared and copied snapshots, replication and streams to elsewhere. For
 * permission boundaries and managed policies; who must export gets a role of its own, and a waiver that expires.
 *
 * @example
 * role.addToPolicy(denyExport());
 */
export function denyExport(): PolicyStatement {
  const actions = Object.entries(EXPORTS).flatMap(([service, names]) => names.map((name) => `${service}:${name}`));
  return new PolicyStatement({ sid: 'DenyExport', effect: Effect.DENY, actions, resources: ['*'] });
}

/**
 * Keeps whoever carries it from carrying data out in bulk. It grants nothing.
 *
 * Guarantees EXP-01, for those who carry it. It is an `iam.ManagedPolicy`.
 *
 * @example
 * role.addManagedPolicy(new ExportGuard(stack, 'ExportGuard'));
 */
export class ExportGuard extends ManagedPolicy {
  /** The controls that it makes true. */
  static readonly claims = claims('ExportGuard', 'EXP-01');

  constructor(scope: Construct, id: string) {
    profileOf(scope);
    super(scope, id, { description: 'Keeps data from being carried out in bulk', statements: [denyExport()] });
  }
}
