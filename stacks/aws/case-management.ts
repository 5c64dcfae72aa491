import type { App } from 'aws-cdk-lib';
import { InterfaceVpcEndpointAwsService as Service } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, HttpMethods, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import {
  AccessLogBucket,
  AlarmTopic,
  LogArchive,
  LogGuard,
  SecureBucket,
  SecureKey,
  SecureLogGroup,
  SecureStack,
  type SecureStackProps,
  SecureTrail,
  SecureVpc,
  share,
} from '../../constructs/aws';
import { CASE_MANAGEMENT } from '../profile';

/** AWS's own prefix lists, by region (`aws ec2 describe-managed-prefix-lists`). */
const PREFIX_LISTS: Readonly<Record<string, { readonly s3: string; readonly dynamodb: string }>> = {
  'eu-central-1': { s3: 'pl-6ea54007', dynamodb: 'pl-66a5400f' },
};

/** Services that the environment calls, all of them privately. */
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
];

/** What differs between two deployments of the environment. */
export interface CaseManagementProps {
  /** Region; the data profile promises that everything stays in it. @default 'eu-central-1' */
  readonly region?: string;
  /** @default the account of the credentials that deploy */
  readonly account?: string;
  /** Id of the AWS organisation. @default data perimeters end at the account */
  readonly organisationId?: string;
  /**
   * Archive in the security account, out of the workload's reach (LOG-09).
   * @default an archive in a stack of its own, in the same account
   */
  readonly archive?: ForeignArchive;
  /** Web origin from which agents upload attachments. @default 'https://cases.example.com' */
  readonly origin?: string;
  /** Days for which attachments of cases are kept. @default 730 */
  readonly attachmentsAtMostDays?: number;
  /** Mailbox that is read around the clock; it hears security alarms. @default nobody; subscribe to the topic by other means */
  readonly securityMailbox?: string;
}

/** The stacks of the environment. */
export interface CaseManagementStacks {
  /** Absent when the archive lives in the security account. */
  readonly logs?: LogArchiveStack;
  readonly cases: CaseManagementStack;
}

/** Where the records of the environment end up; depends on nothing that it watches. */
export class LogArchiveStack extends SecureStack {
  readonly archive: LogArchive;
  readonly accessLogs: AccessLogBucket;
  readonly alarms: AlarmTopic;

  constructor(scope: Construct, id: string, props: SecureStackProps) {
    super(scope, id, props);
    this.alarms = new AlarmTopic(this, 'Alarms');
    this.accessLogs = new AccessLogBucket(this, 'AccessLogs');
    this.archive = new LogArchive(this, 'Archive');
  }
}

/** An archive that another account keeps. */
export interface ForeignArchive {
  readonly bucketName: string;
  readonly keyArn: string;
}

export interface CaseManagementStackProps extends SecureStackProps {
  readonly archive: IBucket | ForeignArchive;
  readonly origin: string;
  readonly attachmentsAtMostDays: number;
  /** @default a topic of its own */
  readonly alarms?: ITopic;
}

/** Network, keys, logs and attachments of the case-management environment. */
export class CaseManagementStack extends SecureStack {
  /** Hears every alarm of the environment. */
  readonly alarms: ITopic;
  readonly vpc: SecureVpc;
  /** Encrypts what belongs to cases, and nothing else. */
  readonly caseKey: SecureKey;
  readonly attachments: SecureBucket;
  /** Who read or altered which case, and for what purpose. */
  readonly caseAudit: SecureLogGroup;
  /** What the services of the environment say of themselves. */
  readonly serviceLog: SecureLogGroup;
  /** Keeps the roles of the environment from disabling their logs. */
  readonly logGuard: LogGuard;

  constructor(scope: Construct, id: string, props: CaseManagementStackProps) {
    const { archive, origin, attachmentsAtMostDays, alarms, ...stack } = props;
    super(scope, id, stack);
    this.alarms = alarms ?? new AlarmTopic(this, 'Alarms');
    new SecureTrail(this, 'Trail', { logs: 'keyArn' in archive ? this.imported(archive) : archive });
    const prefixLists = PREFIX_LISTS[this.region];
    this.vpc = new SecureVpc(this, 'Network', {
      endpoints: ENDPOINTS,
      allowedNames: ['*.cases.internal'],
      ...(prefixLists ? { prefixLists } : {}),
    });
    this.caseKey = new SecureKey(this, 'CaseKey', { description: 'Encrypts case data' });
    this.attachments = new SecureBucket(this, 'Attachments', {
      key: this.caseKey,
      retention: { atMostDays: attachmentsAtMostDays },
      eventBridgeEnabled: true,
      cors: [{ allowedOrigins: [origin], allowedMethods: [HttpMethods.PUT], allowedHeaders: ['content-type', 'content-md5'], maxAge: 600 }],
    });
    this.caseAudit = new SecureLogGroup(this, 'CaseAudit', { logClass: 'access' });
    this.serviceLog = new SecureLogGroup(this, 'ServiceLog');
    this.logGuard = new LogGuard(this, 'LogGuard');
  }

  private imported({ bucketName, keyArn }: ForeignArchive): IBucket {
    return Bucket.fromBucketAttributes(this, 'Archive', { bucketName, encryptionKey: Key.fromKeyArn(this, 'ArchiveKey', keyArn) });
  }
}

/**
 * The case-management environment on AWS: a log archive, and the network, keys, logs and attachments of the system.
 * Synthesis needs no credentials and looks nothing up.
 *
 * @example
 * const { cases } = caseManagement(new App(), { organisationId: 'o-exampleorgid', securityMailbox: 'security@example.com' });
 * cases.vpc.securityGroup('Reports', { description: 'Nightly reports' });
 */
export function caseManagement(app: App, props: CaseManagementProps = {}): CaseManagementStacks {
  const { region = 'eu-central-1', account, organisationId, origin = 'https://cases.example.com', attachmentsAtMostDays = 730 } = props;
  const common = {
    env: { region, ...(account ? { account } : {}) },
    profile: { ...CASE_MANAGEMENT, residency: [region] },
    ...(organisationId ? { organisationId } : {}),
  };
  const logs = props.archive ? undefined : logArchive(app, common);
  const cases = new CaseManagementStack(app, 'case-management', {
    ...common,
    description: 'Network, keys, logs and attachments of case management',
    archive: props.archive ?? (logs as LogArchiveStack).archive,
    origin,
    attachmentsAtMostDays,
    ...(logs ? { alarms: logs.alarms } : {}),
  });
  if (props.securityMailbox) cases.alarms.addSubscription(new EmailSubscription(props.securityMailbox));
  return { ...(logs ? { logs } : {}), cases };
}

/** The archive, whose alarms and access-log bucket the whole app then uses. */
function logArchive(app: App, props: SecureStackProps): LogArchiveStack {
  const stack = new LogArchiveStack(app, 'case-management-logs', { ...props, description: 'Logs of case management' });
  share(app, 'access-logs', stack.accessLogs);
  share(app, 'alarms', stack.alarms);
  return stack;
}
