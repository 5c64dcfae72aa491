import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { claims, logProfileOf } from '../contract';
import { alarmsOf } from './detection';
import { rightsOf } from './identity-rights';
import { SecureLogGroup } from './logging';
import { LogArchive } from './logging-archive';
import { watchLogs } from './logging-guard';
import { dataSelectors, MANAGEMENT } from './logging-selectors';
import { profileOf } from './profile';

/** Without a record for this long the trail counts as silent (LOG-14). */
const SILENCE = { period: Duration.minutes(5), periods: 3 };

/** Props of {@link SecureTrail}; every default is the hardened one. */
export interface SecureTrailProps {
  /**
   * The archive that keeps the records. An archive imported from another account has to come with its `encryptionKey`.
   * @default a LogArchive of its own, in the same stack; better pass one that is out of the workload's reach (LOG-09)
   */
  readonly logs?: IBucket;
  /**
   * Further types of data events to record, as CloudTrail names them: `AWS::Cognito::IdentityPool`.
   * @default none besides S3, DynamoDB, Kinesis, Lambda, RDS, SNS and SQS; at low no data events at all
   */
  readonly dataResources?: readonly string[];
  /**
   * Record every account of the organisation; the stack then belongs into the management or delegated account.
   * @default false
   */
  readonly organisationTrail?: boolean;
  /**
   * Account to which an organisation trail belongs, wherever it is made: the management account. The archive that is made
   * here takes its records; one that is passed names it in `accounts`.
   * @default the account of the stack
   */
  readonly managementAccount?: string;
  /** Where alarms go. @default the alarm topic shared nearest above, else one made for the stack */
  readonly alarms?: ITopic;
}

/**
 * A trail of everything that is done to the account, in every region, and from the moderate tier on of every read and
 * every alteration of data. Records are validated, encrypted, kept write-once in the archive, and reach within minutes
 * a log group on which alarms run. Whoever tampers with a log raises one, and so does silence.
 *
 * Guarantees LOG-01 and LOG-03; from the moderate tier on LOG-04, LOG-05, LOG-11, LOG-14, ENC-12 and EXP-07. Nothing of it can
 * be relaxed: a system whose log profile is weaker than its tier asks does not synthesise.
 *
 * @throws Error when the archive has no key
 * @example
 * new SecureTrail(stack, 'Trail', { logs: archive, dataResources: ['AWS::Cognito::IdentityPool'] });
 */
export class SecureTrail extends Construct {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureTrail',
    'LOG-01',
    'LOG-03',
    { control: 'LOG-04', from: 'moderate' },
    { control: 'LOG-05', from: 'moderate' },
    { control: 'LOG-11', from: 'moderate' },
    { control: 'LOG-14', from: 'moderate' },
    { control: 'ENC-12', from: 'moderate' },
    { control: 'EXP-07', from: 'moderate' },
  );

  /** ARN of the trail. */
  readonly trailArn: string;
  /** Where the records arrive within minutes. */
  readonly logGroup: ILogGroup;
  /** Where the records are kept. */
  readonly archive: IBucket;

  constructor(scope: Construct, id: string, props: SecureTrailProps = {}) {
    const { tier } = profileOf(scope);
    super(scope, id);
    const alarms = alarmsOf(this, props.alarms);
    const { managementAccount } = props;
    const accounts = managementAccount ? { accounts: [...new Set([managementAccount, Stack.of(this).account])] } : {};
    this.archive = props.logs ?? new LogArchive(this, 'Archive', { alarms, ...accounts });
    const { encryptionKey } = this.archive;
    if (!encryptionKey)
      throw new Error(
        `${this.node.path}: the archive has no key, so its records cannot be encrypted (LOG-11); ` +
          'pass a LogArchive, or import the bucket with fromBucketAttributes({ bucketName, encryptionKey })',
      );
    this.logGroup = new SecureLogGroup(this, 'Records', { logClass: 'security' });
    const role = this.deliveryRole();
    const { reads, alterations } = logProfileOf(tier);

    const trail = new CfnTrail(this, 'Resource', {
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      ...(props.organisationTrail ? { isOrganizationTrail: true } : {}),
      s3BucketName: this.archive.bucketName,
      kmsKeyId: encryptionKey.keyArn,
      cloudWatchLogsLogGroupArn: this.logGroup.logGroupArn,
      cloudWatchLogsRoleArn: role.roleArn,
      advancedEventSelectors:
        reads && alterations ? [MANAGEMENT, ...dataSelectors(props.dataResources ?? [], this.archive.bucketArn)] : [MANAGEMENT],
      ...(reads ? { insightSelectors: [{ insightType: 'ApiCallRateInsight' }, { insightType: 'ApiErrorRateInsight' }] } : {}),
    });
    this.trailArn = trail.attrArn;
    trail.node.addDependency(rightsOf(role));
    if (this.archive.policy && Stack.of(this.archive) === Stack.of(this)) trail.node.addDependency(this.archive.policy);
    watchLogs(alarms);
    this.alarmOnSilence(alarms);
  }

  /** CloudTrail names no source when it takes the role: one with a condition on it could not be taken, and no trail be made. */
  private deliveryRole(): Role {
    const role = new Role(this, 'Delivery', {
      description: 'CloudTrail writes its records to CloudWatch Logs',
      assumedBy: new ServicePrincipal('cloudtrail.amazonaws.com'),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [
          Stack.of(this).formatArn({
            service: 'logs',
            resource: 'log-group',
            resourceName: `${this.logGroup.logGroupName}:log-stream:*`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
      }),
    );
    return role;
  }

  private alarmOnSilence(alarms: ITopic): void {
    const records = new Metric({
      namespace: 'AWS/Logs',
      metricName: 'IncomingLogEvents',
      dimensionsMap: { LogGroupName: this.logGroup.logGroupName },
      statistic: 'Sum',
      period: SILENCE.period,
    });
    records
      .createAlarm(this, 'Silence', {
        alarmDescription: 'CloudTrail delivers no records',
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold: 1,
        evaluationPeriods: SILENCE.periods,
        treatMissingData: TreatMissingData.BREACHING,
      })
      .addAlarmAction(new SnsAction(alarms));
  }
}
