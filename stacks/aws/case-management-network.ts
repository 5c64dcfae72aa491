import { InterfaceVpcEndpointAwsService as Service } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import {
  AlarmTopic,
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

/** AWS's own prefix lists, by region (`aws ec2 describe-managed-prefix-lists`). */
const PREFIX_LISTS: Readonly<Record<string, { readonly s3: string; readonly dynamodb: string }>> = {
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

export interface CaseNetworkStackProps extends SecureStackProps {
  readonly archive: IBucket | ForeignArchive;
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

  constructor(scope: Construct, id: string, props: CaseNetworkStackProps) {
    const { archive, alarms, ...stack } = props;
    super(scope, id, stack);
    this.alarms = alarms ?? new AlarmTopic(this, 'Alarms');
    const trail = new SecureTrail(this, 'Trail', { logs: 'keyArn' in archive ? this.imported(archive) : archive });
    new SecurityAlarms(this, 'SecurityAlarms', { records: trail.logGroup, alarms: this.alarms });
    const prefixLists = PREFIX_LISTS[this.region];
    this.vpc = new SecureVpc(this, 'Network', {
      endpoints: ENDPOINTS,
      allowedNames: ['*.cases.internal'],
      ...(prefixLists ? { prefixLists } : {}),
    });
    this.caseKey = new SecureKey(this, 'CaseKey', { description: 'Encrypts case data' });
    this.serviceLog = new SecureLogGroup(this, 'ServiceLog');
    this.logGuard = new LogGuard(this, 'LogGuard');
    this.boundary = new PermissionBoundary(this, 'Boundary');
    this.boundary.addStatements(denyExport());
  }

  private imported({ bucketName, keyArn }: ForeignArchive): IBucket {
    return Bucket.fromBucketAttributes(this, 'Archive', { bucketName, encryptionKey: Key.fromKeyArn(this, 'ArchiveKey', keyArn) });
  }
}
