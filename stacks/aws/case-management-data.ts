import { BackupVault } from 'aws-cdk-lib/aws-backup';
import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { HttpMethods } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { SecureBackupPlan, SecureBackupVault, SecureBucket, SecureStack, type SecureStackProps, SecureTable } from '../../constructs/aws';
import { reaches } from '../../constructs/contract';
import { filesBucketName } from './case-management-names';

const text = (name: string) => ({ name, type: AttributeType.STRING });
/** Items that belong to somebody, and to a team. */
const byAssignee = { indexName: 'byAssignee', partitionKey: text('assignee'), sortKey: text('id') };
const byTeam = { indexName: 'byTeam', partitionKey: text('team'), sortKey: text('id') };
/** Items that are in a case, and go where it goes. */
const byCase = { indexName: 'byCase', partitionKey: text('caseId'), sortKey: text('id') };

export interface CaseDataStackProps extends SecureStackProps {
  readonly caseKey: IKey;
  readonly boundary: IManagedPolicy;
  /** Limit of the roles that copy backups elsewhere, which is an export to any other. */
  readonly backupBoundary: IManagedPolicy;
  /** Web origin from which agents upload attachments. */
  readonly origin: string;
  readonly attachmentsAtMostDays: number;
  /** Vault of another account and region that takes copies of the backups; needed at the high tier. */
  readonly recoveryVaultArn: string;
}

/** What is kept of cases: records, attachments, who was let in, who read what; and their backups. */
export class CaseDataStack extends SecureStack {
  readonly cases: SecureTable;
  readonly messages: SecureTable;
  readonly attachments: SecureTable;
  /** Acknowledgements of the notice, and access to single cases, which expires. */
  readonly access: SecureTable;
  /** Who read or altered which record, why, and from where. */
  readonly audit: SecureTable;
  /** The files of cases; scanned before anybody can fetch them. */
  readonly files: SecureBucket;

  constructor(scope: Construct, id: string, props: CaseDataStackProps) {
    const { attachmentsAtMostDays, backupBoundary, boundary, caseKey: key, origin, recoveryVaultArn, ...stack } = props;
    super(scope, id, stack);
    PermissionsBoundary.of(this).apply(boundary);
    const timeToLiveAttribute = 'deleteAfter';
    const records = { partitionKey: text('id'), timeToLiveAttribute, key };
    this.cases = new SecureTable(this, 'Cases', { ...records, globalSecondaryIndexes: [byAssignee, byTeam] });
    this.messages = new SecureTable(this, 'Messages', { ...records, globalSecondaryIndexes: [byCase] });
    this.attachments = new SecureTable(this, 'Attachments', { ...records, globalSecondaryIndexes: [byCase] });
    const keys = { partitionKey: text('pk'), sortKey: text('sk'), key };
    this.access = new SecureTable(this, 'Access', { ...keys, timeToLiveAttribute: 'expiresAt' });
    this.audit = new SecureTable(this, 'Audit', { ...keys, timeToLiveAttribute });
    this.files = new SecureBucket(this, 'Files', {
      bucketName: filesBucketName(this.account, this.region),
      key,
      retention: { atMostDays: attachmentsAtMostDays },
      eventBridgeEnabled: true,
      cors: [{ allowedOrigins: [origin], allowedMethods: [HttpMethods.PUT], allowedHeaders: ['content-type', 'content-md5'], maxAge: 600 }],
    });
    const vault = new SecureBackupVault(this, 'Vault', { retention: { atLeastDays: 35, atMostDays: 400 } });
    const copyTo = reaches(this.profile.tier, 'high') ? [BackupVault.fromBackupVaultArn(this, 'Elsewhere', recoveryVaultArn)] : [];
    const plan = new SecureBackupPlan(this, 'Backup', { vault, copyTo, stores: ['DynamoDB', 'S3'] });
    PermissionsBoundary.of(plan).apply(backupBoundary);
  }
}
