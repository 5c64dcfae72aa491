/** What records, notices or keeps on AWS by being there, and what of it must not shrink, be re-pointed or be silenced. */

import type { Plain, PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';
import { loggedRequests, redacted } from './firewalls';
import { METRIC_FILTER } from './metric-filters';
import { at, type Compared, each, enabled, exact, except, found, type Guard, meaning, ON, place, type Said } from './parts';
import { recordedEvents } from './trails';

/** Sources of AWS tell of security, cost or health; an application's own events are its business. */
const ofServices = (properties: Plain): boolean => /"aws\.|aws\.[a-z]/.test(JSON.stringify(valueAt(properties, 'EventPattern') ?? ''));

/** What a flow log records where nobody says it: the fields of its second version. */
const USUAL_FIELDS = 'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const flowFields = (log: PlainMap): readonly string[] => {
  const format = asText(log.LogFormat);
  return format === undefined ? USUAL_FIELDS.split(' ') : (format.match(/[a-z][a-z0-9-]+/g) ?? []);
};

/** Rules of a backup plan by where they copy to. A place that is gone is told as such. */
const copiers = (plan: PlainMap): ReadonlyMap<string, number> => {
  const rules = new Map<string, number>();
  for (const rule of asList(valueAt(plan, 'BackupPlan.BackupPlanRule')))
    for (const action of asList(asMap(rule).CopyActions)) {
      const to = asText(asMap(action).DestinationBackupVaultArn) ?? '';
      rules.set(to, (rules.get(to) ?? 0) + 1);
    }
  return rules;
};
const fewerCopies: Compared = (before, after, words) => {
  const [was, is] = [copiers(before), copiers(after)];
  return [...was].flatMap(([to, count]) => {
    const left = is.get(to) ?? 0;
    return left === 0 || left >= count
      ? []
      : [
          {
            direction: 'weaker',
            words: `only ${left} of its rules ${left === 1 ? 'copies' : 'copy'} to ${words.after(to)}, and ${count} did`,
          },
        ];
  });
};

/** Vaults by the rules that fill them. */
const vaults = (plan: PlainMap): ReadonlyMap<string, string> =>
  new Map(
    asList(valueAt(plan, 'BackupPlan.BackupPlanRule')).map((rule) => [
      asText(asMap(rule).RuleName) ?? '',
      asText(asMap(rule).TargetBackupVault) ?? '',
    ]),
  );
const otherVaults: Compared = (before, after, words) => {
  const [was, is] = [vaults(before), vaults(after)];
  return [...was].flatMap(([rule, vault]): readonly Said[] => {
    const now = is.get(rule);
    return now === undefined || now === vault
      ? []
      : [
          {
            direction: 'weaker',
            words: `where the backups of ${rule || 'its rule'} are kept: ${words.after(now)} instead of ${words.before(vault)}`,
          },
        ];
  });
};

/** From the lowest: which value of a period counts. Above a threshold a lower one goes off later, below it a higher one. */
const STATISTICS = ['Minimum', 'Average', 'Maximum'];
const statistics: Compared = (before, after) => {
  const [was, is] = [before, after].map((alarm) => asText(alarm.ExtendedStatistic) ?? asText(alarm.Statistic));
  if (was === undefined || is === undefined || was === is) return [];
  const [old, now] = [STATISTICS.indexOf(was), STATISTICS.indexOf(is)];
  const operator = asText(after.ComparisonOperator) ?? '';
  const sign = operator.startsWith('Greater') ? 1 : /^LessThan(OrEqualTo)?Threshold$/.test(operator) ? -1 : 0;
  const words = `which values it counts: ${is} instead of ${was}`;
  if (old < 0 || now < 0 || sign === 0) return [{ direction: 'undecided', words: `${words}: read whether it goes off as early as before` }];
  return [{ direction: (now - old) * sign < 0 ? 'weaker' : 'stronger', words }];
};

/** Which side of the threshold an alarm goes off on, and whether the threshold itself is enough. */
const operators: Compared = (before, after) => {
  const [was, is] = [asText(before.ComparisonOperator), asText(after.ComparisonOperator)];
  if (was === undefined || is === undefined || was === is) return [];
  const side = (operator: string) => operator.replace(/OrEqualTo/, '');
  const words = `when it goes off: ${is} instead of ${was}`;
  if (side(was) !== side(is)) return [{ direction: 'undecided', words: `${words}: read whether it goes off as early as before` }];
  return [{ direction: /OrEqualTo/.test(was) ? 'weaker' : 'stronger', words }];
};

/** What a detector looks at within a feature: agents that it brings to hosts and containers. */
const additions = (detector: PlainMap): readonly string[] =>
  asList(detector.Features).flatMap((feature) =>
    asList(asMap(feature).AdditionalConfiguration).flatMap((one) =>
      asMap(one).Status === 'ENABLED' ? [`${asText(asMap(one).Name)} of ${asText(asMap(feature).Name)}`] : [],
    ),
  );

export const AWS_GUARDS: readonly Guard[] = [
  // ── Records on AWS
  {
    on: /^AWS::CloudTrail::Trail$/,
    aspect: 'logging',
    severity: 'critical',
    ends: 'what it recorded is not recorded any more',
    covers: ['LOG-03', 'LOG-04', 'LOG-05', 'MON-04'],
    parts: [
      place('S3BucketName', 'its records'),
      place('CloudWatchLogsLogGroupArn', 'its records for alarms'),
      each('InsightSelectors', 'what it looks for', at('InsightType')),
      meaning('EventSelectors', recordedEvents),
    ],
  },
  {
    on: /^AWS::EC2::FlowLog$/,
    aspect: 'logging',
    severity: 'high',
    ends: 'the flows of its network are not recorded any more',
    covers: ['LOG-12'],
    parts: [
      place('LogGroupName', 'its records'),
      place('LogDestination', 'its records'),
      place('ResourceId', 'what it records'),
      found('each', 'LogFormat', 'what it records of each flow', flowFields),
    ],
  },
  { on: /^AWS::S3::Bucket$/, aspect: 'logging', parts: [place('LoggingConfiguration.DestinationBucketName', 'its access log')] },
  {
    on: /^AWS::ApiGateway::Stage$/,
    aspect: 'logging',
    parts: [
      place('AccessLogSetting.DestinationArn', 'its access log'),
      exact('AccessLogSetting.Format', 'what its access log says of each call'),
    ],
  },
  { on: /^AWS::ApiGatewayV2::Stage$/, aspect: 'logging', parts: [place('AccessLogSettings.DestinationArn', 'its access log')] },
  { on: /^AWS::CloudFront::Distribution$/, aspect: 'logging', parts: [place('DistributionConfig.Logging.Bucket', 'its access log')] },
  { on: /^AWS::Lambda::Function$/, aspect: 'logging', parts: [place('LoggingConfig.LogGroup', 'its log')] },
  {
    on: /^AWS::ElasticLoadBalancingV2::LoadBalancer$/,
    aspect: 'logging',
    parts: [
      each('LoadBalancerAttributes', 'where its access log goes', (item) =>
        /^access_logs\.s3\.(bucket|prefix)$/.test(String(asMap(item).Key)) ? asText(asMap(item).Value) : undefined,
      ),
    ],
  },
  {
    on: /^AWS::WAFv2::LoggingConfiguration$/,
    aspect: 'logging',
    ends: 'what it let through and blocked is not recorded any more',
    covers: ['LOG-13'],
    parts: [
      each('LogDestinationConfigs', 'where its log goes', asText),
      meaning('LoggingFilter', loggedRequests),
      each('RedactedFields', 'what its log hides', (item) =>
        /^the (method|path)$/.test(redacted(item) ?? '') ? undefined : redacted(item),
      ),
      except('RedactedFields', 'what its log leaves out', (item) =>
        /^the (method|path)$/.test(redacted(item) ?? '') ? redacted(item) : undefined,
      ),
    ],
  },
  { on: /^AWS::NetworkFirewall::LoggingConfiguration$/, aspect: 'logging', ends: 'the firewall records nothing any more' },
  {
    on: /^AWS::Logs::SubscriptionFilter$/,
    aspect: 'logging',
    ends: 'what it read of the log goes nowhere any more',
    parts: [
      place('DestinationArn', 'what it reads'),
      place('LogGroupName', 'the log that it reads'),
      exact('FilterPattern', 'what it reads of the log'),
    ],
  },
  {
    on: /^AWS::Route53Resolver::ResolverQueryLoggingConfig(Association)?$/,
    aspect: 'logging',
    ends: 'the names that are asked for are not recorded any more',
    parts: [place('DestinationArn', 'its records')],
  },
  {
    on: /^AWS::Config::ConfigurationRecorder$/,
    aspect: 'logging',
    severity: 'high',
    ends: 'the configuration of resources is not recorded any more',
    covers: ['LOC-07', 'MON-06', 'GOV-07'],
    parts: [except('RecordingGroup.ExclusionByResourceTypes.ResourceTypes', 'the types that it leaves out', asText)],
  },
  {
    on: /^AWS::Config::DeliveryChannel$/,
    aspect: 'logging',
    ends: 'the records of configuration are delivered nowhere any more',
    parts: [place('S3BucketName', 'the records of configuration'), place('SnsTopicARN', 'the news of configuration')],
  },
  { on: /^AWS::CloudTrail::EventDataStore$/, aspect: 'logging', parts: [meaning('AdvancedEventSelectors', recordedEvents)] },
  {
    on: /^AWS::EKS::Cluster$/,
    aspect: 'logging',
    parts: [each('Logging.ClusterLogging.EnabledTypes', 'what it records', at('Type'))],
  },
  {
    on: /^AWS::RDS::DB(Instance|Cluster)$/,
    aspect: 'logging',
    parts: [each('EnableCloudwatchLogsExports', 'the logs that it exports', asText)],
  },
  {
    on: /^AWS::SSM::Document$/,
    aspect: 'logging',
    parts: [
      place('Content.inputs.s3BucketName', 'the records of sessions'),
      place('Content.inputs.cloudWatchLogGroupName', 'the records of sessions'),
    ],
  },
  // ── Detection on AWS
  {
    on: /^AWS::GuardDuty::Detector$/,
    aspect: 'detection',
    severity: 'critical',
    ends: 'threats are not detected any more',
    covers: ['MON-01', 'MON-10', 'INC-02'],
    parts: [
      each('Features', 'what it looks at', enabled('Name', 'Status', /^ENABLED$/)),
      found('each', 'Features', 'what it looks at', additions),
    ],
  },
  {
    on: /^AWS::SecurityHub::(Hub|HubV2|Standard)$/,
    aspect: 'detection',
    severity: 'high',
    ends: 'posture findings are not collected any more',
    covers: ['MON-02'],
  },
  {
    on: /^AWS::SecurityHub::Standard$/,
    aspect: 'detection',
    parts: [except('DisabledStandardsControls', 'the controls that it does not check', at('StandardsControlArn'))],
  },
  {
    on: /^AWS::Macie::(Session|ClassificationJob)$/,
    aspect: 'detection',
    severity: 'high',
    ends: 'sensitive data is not discovered any more',
    covers: ['DHC-03'],
  },
  {
    on: /^AWS::AccessAnalyzer::Analyzer$/,
    aspect: 'detection',
    severity: 'high',
    ends: 'access from outside is not noticed any more',
    covers: ['MON-09'],
    parts: [except('ArchiveRules', 'the findings that it archives', at('RuleName'))],
  },
  { on: /^AWS::Detective::Graph$/, aspect: 'detection', ends: 'investigations lose their graph' },
  {
    on: /^AWS::Inspector(V2)?::(AssessmentTemplate|CisScanConfiguration)$/,
    aspect: 'detection',
    ends: 'it does not look for weaknesses any more',
  },
  {
    on: /^AWS::Config::(ConfigRule|OrganizationConfigRule|ConformancePack|OrganizationConformancePack)$/,
    aspect: 'detection',
    ends: 'what deviates from it is not noticed any more',
    parts: [
      exact('Source.SourceIdentifier', 'what it checks'),
      exact('InputParameters', 'what it asks for'),
      exact('Scope', 'what it looks at'),
    ],
  },
  {
    on: /^AWS::CloudWatch::Alarm$/,
    aspect: 'detection',
    ends: 'nobody is told of what it watched any more',
    covers: ['MON-04', 'MON-05'],
    parts: [
      each('AlarmActions', 'what it sets off', asText),
      place('MetricName', 'what it watches'),
      place('Namespace', 'where it watches'),
      exact('Dimensions', 'what it watches'),
      exact('Metrics', 'what it watches'),
      meaning('Statistic', statistics),
      meaning('ComparisonOperator', operators),
    ],
  },
  {
    on: /^AWS::CloudWatch::CompositeAlarm$/,
    aspect: 'detection',
    ends: 'nobody is told of what it watched any more',
    parts: [
      each('AlarmActions', 'what it sets off', asText),
      exact('AlarmRule', 'what it watches'),
      place('ActionsSuppressor', 'what silences it'),
    ],
  },
  {
    on: /^AWS::Logs::MetricFilter$/,
    aspect: 'detection',
    ends: 'the alarms on its metric see nothing any more',
    covers: ['MON-04'],
    parts: [...METRIC_FILTER, place('LogGroupName', 'the log that it reads')],
  },
  {
    on: /^AWS::Events::Rule$/,
    aspect: 'detection',
    when: ofServices,
    ends: 'nobody is told of what it matched any more',
    covers: ['INC-02', 'MON-04', 'MON-05', 'MON-11', 'ENC-05'],
    parts: [
      { kind: 'pattern', path: 'EventPattern', what: 'what it matches' },
      each('Targets', 'whom it tells', at('Arn')),
      place('EventBusName', 'where it listens'),
    ],
  },
  {
    on: /^AWS::SNS::Subscription$/,
    aspect: 'detection',
    ends: 'whoever was told by it is not told any more',
    parts: [place('Endpoint', 'what it tells'), exact('FilterPolicy', 'of what it tells')],
  },
  {
    on: /^AWS::GuardDuty::Filter$/,
    aspect: 'detection',
    silences: 'findings that match it are archived unseen',
    when: (one) => asMap(one).Action === 'ARCHIVE',
    parts: [exact('FindingCriteria', 'the findings that it archives')],
  },
  {
    on: /^AWS::GuardDuty::(IPSet|TrustedEntitySet)$/,
    aspect: 'detection',
    silences: 'what comes from its addresses is not reported',
    when: (one) => ON.test(String(asMap(one).Activate ?? true)),
  },
  {
    on: /^AWS::SecurityHub::(AutomationRule|AutomationRuleV2)$/,
    aspect: 'detection',
    silences: 'findings that match it are changed before anybody sees them',
    when: (one) => /SUPPRESSED|RESOLVED|INFORMATIONAL|ARCHIVED/i.test(JSON.stringify(asMap(one).Actions ?? '')),
  },
  // ── Backups and what keeps data, on AWS
  {
    on: /^AWS::Backup::BackupPlan$/,
    aspect: 'data',
    severity: 'high',
    ends: 'what it backed up is not backed up any more',
    covers: ['BCR-01', 'BCR-03'],
    parts: [
      each('BackupPlan.BackupPlanRule', 'its rules', at('RuleName')),
      each(
        'BackupPlan.BackupPlanRule',
        'where its copies go',
        (rule) =>
          asList(valueAt(rule, 'CopyActions'))
            .map((one) => asText(asMap(one).DestinationBackupVaultArn))
            .join(', ') || undefined,
      ),
      meaning('BackupPlan.BackupPlanRule', fewerCopies),
      meaning('BackupPlan.BackupPlanRule', otherVaults),
    ],
  },
  {
    on: /^AWS::Backup::BackupSelection$/,
    aspect: 'data',
    severity: 'high',
    ends: 'what it selected is not backed up any more',
    parts: [
      each('BackupSelection.Resources', 'what is backed up', asText),
      each('BackupSelection.ListOfTags', 'the labels that are backed up', at('ConditionValue')),
      except('BackupSelection.NotResources', 'what is not backed up', asText),
    ],
  },
  {
    on: /^AWS::Backup::(RestoreTestingPlan|RestoreTestingSelection|Framework)$/,
    aspect: 'data',
    ends: 'that backups can be restored is not proved any more',
  },
  { on: /^AWS::DLM::LifecyclePolicy$/, aspect: 'data', ends: 'no snapshots are made any more' },
  { on: /^AWS::SecretsManager::RotationSchedule$/, aspect: 'encryption', ends: 'the secret does not rotate any more', covers: ['IDA-12'] },
];
