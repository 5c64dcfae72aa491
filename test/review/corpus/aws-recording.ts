/** Weakenings of what is recorded and noticed on AWS. */
import { arn, OTHER, ref } from './aws-base';
import { RECORDING } from './aws-base-people';
import { ACCOUNT, awsWith, GONE, weakenings } from './pair';

export const RECORDING_WEAKENINGS = weakenings(awsWith, RECORDING, {
  'a trail stops': ['logging: Trail', { 'Trail.IsLogging': false }],
  'a trail is deleted': ['logging: Trail', { Trail: GONE }],
  'the selectors of data events are removed': ['logging: Trail', { 'Trail.EventSelectors': GONE }],
  'a trail no longer records reads': ['logging: Trail', { 'Trail.EventSelectors.0.ReadWriteType': 'WriteOnly' }],
  'a trail no longer records objects': ['logging: Trail', { 'Trail.EventSelectors.0.DataResources.0': GONE }],
  'a trail records objects of one bucket only': [
    'logging: Trail',
    { 'Trail.EventSelectors.0.DataResources.0.Values': ['arn:aws:s3:::elsewhere/'] },
  ],
  'a trail leaves keys out': ['logging: Trail', { 'Trail.EventSelectors.0.ExcludeManagementEventSources': ['kms.amazonaws.com'] }],
  'a trail no longer records management': ['logging: Trail', { 'Trail.EventSelectors.0.IncludeManagementEvents': false }],
  'a trail records one region': ['logging: Trail', { 'Trail.IsMultiRegionTrail': false }],
  'a trail records one account': ['logging: Trail', { 'Trail.IsOrganizationTrail': false }],
  'a trail leaves global services out': ['logging: Trail', { 'Trail.IncludeGlobalServiceEvents': false }],
  'a trail can be altered unnoticed': ['logging: Trail', { 'Trail.EnableLogFileValidation': false }],
  'a trail is no longer encrypted': ['encryption|logging: Trail', { 'Trail.KMSKeyId': GONE }],
  'a trail goes to another bucket': ['logging: Trail', { 'Trail.S3BucketName': 'somewhere-else' }],
  'a trail is no longer read by alarms': [
    'logging|detection: Trail',
    { 'Trail.CloudWatchLogsLogGroupArn': GONE, 'Trail.CloudWatchLogsRoleArn': GONE },
  ],
  'a trail no longer looks for unusual calls': ['logging|detection: Trail', { 'Trail.InsightSelectors': GONE }],
  'the records of a trail can be deleted': [
    'logging|data: Evidence',
    { 'Evidence.ObjectLockConfiguration': GONE, 'Evidence.ObjectLockEnabled': false },
  ],
  'the records of a trail expire after a month': [
    'logging|data: Evidence',
    { 'Evidence.LifecycleConfiguration.Rules.0.ExpirationInDays': 30 },
  ],
  'records are kept for a day': ['logging: AppLogs', { 'AppLogs.RetentionInDays': 1 }],
  'records that were kept without end are kept for three years': ['logging: TrailLogs', { 'TrailLogs.RetentionInDays': 1 }],
  'records can be deleted': ['logging: AppLogs', { 'AppLogs.DeletionProtectionEnabled': false }],
  'records are deleted with their stack': ['logging: AppLogs', { 'AppLogs@DeletionPolicy': 'Delete' }],
  'a log group is left out': [
    'logging: AppLogs',
    { AppLogs: GONE, Archive: GONE, QueryLogging: GONE, QueryVpc: GONE, 'Handler.LoggingConfig': GONE },
  ],
  'a log group is of the class that nothing can watch': ['logging: AppLogs', { 'AppLogs.LogGroupClass': 'DELIVERY' }],
  'records are no longer archived': ['logging: Archive|AppLogs', { Archive: GONE }],
  'only errors are archived': ['logging: Archive', { 'Archive.FilterPattern': 'ERROR' }],
  'records are archived elsewhere': [
    'logging: Archive',
    { 'Archive.DestinationArn': `arn:aws:logs:eu-central-1:${ACCOUNT}:destination:other` },
  ],
  'the archive of events is kept for a month': ['logging: Lake', { 'Lake.RetentionPeriod': 30 }],
  'the archive of events can be deleted': ['logging|data: Lake', { 'Lake.TerminationProtectionEnabled': false }],
  'a function logs to another group': ['logging: Handler', { 'Handler.LoggingConfig.LogGroup': 'scratch' }],
  'a function logs errors only': [
    'logging: Handler',
    { 'Handler.LoggingConfig.SystemLogLevel': 'WARN', 'Handler.LoggingConfig.ApplicationLogLevel': 'FATAL' },
  ],
  'a function is no longer traced': ['logging|detection: Handler', { 'Handler.TracingConfig.Mode': 'PassThrough' }],
  'names that are asked for are no longer recorded': ['logging: QueryVpc|QueryLogging', { QueryVpc: GONE }],
  'configuration is no longer recorded in full': [
    'logging|detection: Recorder',
    { 'Recorder.RecordingGroup': { AllSupported: false, ResourceTypes: ['AWS::S3::Bucket'] } },
  ],
  'configuration is no longer recorded': ['logging|detection: Recorder', { Recorder: GONE, Channel: GONE, Encrypted: GONE }],
  'records of configuration go elsewhere': ['logging: Channel', { 'Channel.S3BucketName': 'somewhere-else' }],
  'GuardDuty is off': ['detection: Detector', { 'Detector.Enable': false }],
  'GuardDuty is removed': ['detection: Detector', { Detector: GONE }],
  'GuardDuty no longer looks at buckets': ['detection: Detector', { 'Detector.Features.0.Status': 'DISABLED' }],
  'GuardDuty reports less often': ['detection: Detector', { 'Detector.FindingPublishingFrequency': 'SIX_HOURS' }],
  'Security Hub is removed': ['detection: Hub', { Hub: GONE }],
  'new controls of Security Hub stay off': ['detection|controls: Hub', { 'Hub.AutoEnableControls': false }],
  'Macie is paused': ['detection: Macie', { 'Macie.Status': 'PAUSED' }],
  'Macie is removed': ['detection: Macie', { Macie: GONE }],
  'the analyser of access is removed': ['detection: Analyzer', { Analyzer: GONE }],
  'the analyser of access looks at one account only': ['detection: Analyzer', { 'Analyzer.Type': 'ACCOUNT' }],
  'findings of the analyser are archived': [
    'detection: Analyzer',
    { 'Analyzer.ArchiveRules': [{ RuleName: 'all', Filter: [{ Property: 'isPublic', Eq: ['true'] }] }] },
  ],
  'findings are suppressed': [
    'detection: Quiet',
    {
      Quiet: {
        Type: 'AWS::GuardDuty::Filter',
        Properties: {
          Action: 'ARCHIVE',
          DetectorId: ref('Detector'),
          FindingCriteria: { Criterion: { severity: { Gte: 4 } } },
          Name: 'quiet',
          Rank: 1,
          Description: 'x',
        },
      },
    },
  ],
  'a list of addresses is trusted': [
    'detection: Trusted',
    {
      Trusted: {
        Type: 'AWS::GuardDuty::IPSet',
        Properties: { Activate: true, DetectorId: ref('Detector'), Format: 'TXT', Location: 's3://lists/trusted.txt', Name: 'trusted' },
      },
    },
  ],
  'findings are suppressed by rule': [
    'detection: Mute',
    {
      Mute: {
        Type: 'AWS::SecurityHub::AutomationRule',
        Properties: {
          RuleName: 'mute',
          RuleOrder: 1,
          RuleStatus: 'ENABLED',
          Description: 'x',
          Criteria: { SeverityLabel: [{ Comparison: 'EQUALS', Value: 'HIGH' }] },
          Actions: [{ Type: 'FINDING_FIELDS_UPDATE', FindingFieldsUpdate: { Workflow: { Status: 'SUPPRESSED' } } }],
        },
      },
    },
  ],
  'a rule of events is disabled': ['detection: Findings', { 'Findings.State': 'DISABLED' }],
  'a rule of events is deleted': ['detection: Findings', { Findings: GONE }],
  'a rule of events sends to nobody': ['detection: Findings', { 'Findings.Targets': GONE }],
  'a rule of events sends to somebody else': [
    'detection: Findings',
    { 'Findings.Targets.0.Arn': `arn:aws:sns:eu-central-1:${ACCOUNT}:scratch` },
  ],
  'a rule of events matches less': ['detection: Findings', { 'Findings.EventPattern.detail': { severity: [{ numeric: ['>=', 8] }] } }],
  'an alarm is deleted': ['detection: RootAlarm', { RootAlarm: GONE }],
  'an alarm sets nothing off': ['detection: RootAlarm', { 'RootAlarm.ActionsEnabled': false }],
  'an alarm tells nobody': ['detection: RootAlarm', { 'RootAlarm.AlarmActions': GONE }],
  'an alarm tells somebody else': ['detection: RootAlarm', { 'RootAlarm.AlarmActions.0': `arn:aws:sns:eu-central-1:${ACCOUNT}:scratch` }],
  'an alarm goes off later': ['detection: RootAlarm', { 'RootAlarm.Threshold': 100 }],
  'an alarm watches a metric that nobody writes': ['detection: RootAlarm', { 'RootAlarm.MetricName': 'Other' }],
  'an alarm waits for a day': ['detection: RootAlarm', { 'RootAlarm.EvaluationPeriods': 288 }],
  'a combined alarm tells nobody': ['detection: Summary', { 'Summary.AlarmActions': GONE }],
  'the filter of an alarm is deleted': ['detection: RootUse', { RootUse: GONE }],
  'the filter of an alarm looks for something else': [
    'detection: RootUse',
    { 'RootUse.FilterPattern': '{ $.userIdentity.type = "Nobody" }' },
  ],
  'the filter of an alarm reads another log': ['detection: RootUse', { 'RootUse.LogGroupName': 'scratch' }],
  'those on call are no longer told': ['detection: OnCall', { OnCall: GONE }],
  'somebody else is told': ['detection: OnCall', { 'OnCall.Endpoint': 'nobody@elsewhere.example' }],
  'those on call are told of some alarms only': ['detection: OnCall', { 'OnCall.FilterPolicy': { severity: ['critical'] } }],
  'the topic of alarms is deleted': [
    'detection: OnCall|RootAlarm|Findings',
    {
      Alerts: GONE,
      OnCall: GONE,
      'RootAlarm.AlarmActions': GONE,
      'Summary.AlarmActions': GONE,
      'Findings.Targets': GONE,
      'Trail.SnsTopicName': GONE,
      'Channel.SnsTopicARN': GONE,
    },
  ],
  'a rule of configuration is removed': ['detection|controls: Encrypted', { Encrypted: GONE }],
  'another account reads the records': [
    'access: Evidence [organisation]',
    {
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: ref('Evidence'),
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: OTHER },
                Action: 's3:GetObject',
                Resource: { 'Fn::Join': ['', [arn('Evidence'), '/*']] },
              },
            ],
          },
        },
      },
    },
  ],
});
