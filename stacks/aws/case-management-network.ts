import { CfnOutput } from 'aws-cdk-lib';
import { InterfaceVpcEndpointAwsService as Service } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import {
  AlarmTopic,
  CodeSigning,
  denyExport,
  LogGuard,
  PermissionBoundary,
  SecureKey,
  SecureLogGroup,
  SecureStack,
  type SecureStackProps,
  SecureTrail,
  SecureVpc,
  SecurityAlarms,
} from '../../constructs/aws';
import { reaches } from '../../constructs/contract';

/** AWS's own prefix lists, by region (`aws ec2 describe-managed-prefix-lists`). */
const PREFIX_LISTS: Readonly<Record<string, PrefixLists>> = {
  'eu-central-1': { s3: 'pl-6ea54007', dynamodb: 'pl-66a5400f' },
};

/** Services that the environment calls, and the two by which people call it; all of them privately. */
const ENDPOINTS = [
  Service.KMS,
  Service.CLOUDWATCH_LOGS,
  Service.CLOUDWATCH_MONITORING,
  Service.SECRETS_MANAGER,
  Service.STS,
  Service.EVENTBRIDGE,
  Service.SQS,
  Service.SNS,
  Service.SSM,
  Service.ECR,
  Service.ECR_DOCKER,
  Service.XRAY,
  Service.APIGATEWAY,
  Service.APP_SYNC,
];

/** An archive that another account keeps. */
export interface ForeignArchive {
  readonly bucketName: string;
  readonly keyArn: string;
}

/** Ids of AWS's own prefix lists of a region, which differ from region to region. */
export interface PrefixLists {
  /** Of `com.amazonaws.<region>.s3`. */
  readonly s3: string;
  /** Of `com.amazonaws.<region>.dynamodb`. */
  readonly dynamodb: string;
}

export interface CaseNetworkStackProps extends SecureStackProps {
  readonly archive: IBucket | ForeignArchive;
  /** @default those of eu-central-1; elsewhere they have to be named */
  readonly prefixLists?: PrefixLists;
  /** @default a topic of its own */
  readonly alarms?: ITopic;
}

/** Network, keys, records and the outer limit of every role of the environment. */
export class CaseNetworkStack extends SecureStack {
  /** Hears every alarm of the environment. */
  readonly alarms: ITopic;
  readonly vpc: SecureVpc;
  /** Encrypts what belongs to cases, and nothing else. */
  readonly caseKey: SecureKey;
  /** What the services of the environment say of themselves. */
  readonly serviceLog: SecureLogGroup;
  /** Keeps whoever runs here from disabling logs. */
  readonly logGuard: LogGuard;
  /** What no role of the environment can exceed: no rights for itself or others, no disabled log, no bulk export. */
  readonly boundary: PermissionBoundary;
  /** The same for those who copy backups elsewhere, which is an export to any other. */
  readonly backupBoundary: PermissionBoundary;
  /**
   * Says whose signatures functions accept, at the high tier. It stands before the functions do, so that what they run can be
   * signed before they are deployed.
   */
  readonly signing: CodeSigning | undefined;

  constructor(scope: Construct, id: string, props: CaseNetworkStackProps) {
    const { archive, alarms, prefixLists: _, ...stack } = props;
    super(scope, id, stack);
    this.alarms = alarms ?? new AlarmTopic(this, 'Alarms');
    const trail = new SecureTrail(this, 'Trail', { logs: 'keyArn' in archive ? this.imported(archive) : archive });
    new SecurityAlarms(this, 'SecurityAlarms', { records: trail.logGroup, alarms: this.alarms });
    const prefixLists = props.prefixLists ?? PREFIX_LISTS[this.region];
    if (!prefixLists)
      throw new Error(
        `${id}: the prefix lists of S3 and DynamoDB in ${this.region} are not known, and without them functions do not reach the tables; ` +
          'pass prefixLists: { s3, dynamodb } (aws ec2 describe-managed-prefix-lists)',
      );
    this.vpc = new SecureVpc(this, 'Network', {
      endpoints: ENDPOINTS,
      allowedNames: ['*.cases.internal'],
      prefixLists,
    });
    this.caseKey = new SecureKey(this, 'CaseKey', { description: 'Encrypts case data' });
    this.serviceLog = new SecureLogGroup(this, 'ServiceLog');
    this.logGuard = new LogGuard(this, 'LogGuard');
    this.boundary = new PermissionBoundary(this, 'Boundary');
    this.boundary.addStatements(denyExport());
    this.backupBoundary = new PermissionBoundary(this, 'BackupBoundary');
    this.signing = reaches(this.profile.tier, 'high') ? new CodeSigning(this, 'Signing') : undefined;
    if (this.signing)
      new CfnOutput(this, 'SignWith', {
        description: 'With which the build signs what functions run, before case-management-access is deployed',
        value: this.signing.profile.signingProfileName,
      });
  }

  private imported({ bucketName, keyArn }: ForeignArchive): IBucket {
    return Bucket.fromBucketAttributes(this, 'Archive', { bucketName, encryptionKey: Key.fromKeyArn(this, 'ArchiveKey', keyArn) });
  }
}
