/** An alarm that nobody hears is none; and bulk reads are one. */
import type { Graph } from '../../graph';
import { allOf, anyOf, fail, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import { DETECTOR } from './services';

const ALARM = 'AWS::CloudWatch::Alarm';
const COMPOSITE = 'AWS::CloudWatch::CompositeAlarm';
const EVENT_RULE = 'AWS::Events::Rule';

const alarm = (Properties: object, Type = ALARM) => ({ Alarm: { Type, Properties } });
const TOPIC_ARN = 'arn:aws:sns:eu-central-1:111122223333:alarms';

/** Scaling reacts to alarms without anybody being told; that is its purpose. */
const acts = (one: Resource): Outcome =>
  anyOf(
    [one.at('AlarmActions').isSet(), one.at('OKActions').isSet(), one.at('InsufficientDataActions').isSet()],
    'AlarmActions is not set: nobody is told',
  );

/** Alarms that others combine speak through the combination. */
function isPartOf(one: Resource, graph: Graph): boolean {
  return graph.ofType(COMPOSITE).some((composite) => graph.exists(composite) && composite.at('AlarmRule').targets.includes(one.id));
}

export const heard = [
  rule({
    on: [ALARM, COMPOSITE],
    check: (one, graph) => {
      if (one.type === ALARM && isPartOf(one, graph)) return notApplicable('is told by the alarm that combines it');
      return allOf(one.at('ActionsEnabled').orDefault(true).isTrue(), acts(one));
    },
    fix: 'Set AlarmActions to a topic that people read, such as an AlarmTopic, and do not set ActionsEnabled to false.',
    pass: [
      { resources: alarm({ AlarmActions: [TOPIC_ARN], ActionsEnabled: true }) },
      { resources: alarm({ OKActions: [TOPIC_ARN] }) },
      { resources: alarm({ InsufficientDataActions: [TOPIC_ARN] }) },
      { resources: alarm({ AlarmActions: [TOPIC_ARN], AlarmRule: 'TRUE' }, COMPOSITE) },
    ],
    fail: [
      { resources: alarm({}) },
      { resources: alarm({ AlarmActions: [] }) },
      { resources: alarm({ AlarmActions: [TOPIC_ARN], ActionsEnabled: false }) },
      { resources: alarm({ AlarmRule: 'TRUE' }, COMPOSITE) },
    ],
    unknown: [{ parameters: { On: { Type: 'String' } }, resources: alarm({ AlarmActions: [TOPIC_ARN], ActionsEnabled: { Ref: 'On' } }) }],
  }),
  rule({
    on: EVENT_RULE,
    check: (one) => one.at('Targets').isSet(),
    severity: 'low',
    fix: 'Give the rule a target, or remove it: what it matches goes nowhere.',
    pass: [{ resources: { Rule: { Type: EVENT_RULE, Properties: { Targets: [{ Id: 'a', Arn: TOPIC_ARN }] } } } }],
    fail: [{ resources: { Rule: { Type: EVENT_RULE, Properties: { ScheduleExpression: 'rate(1 day)' } } } }],
  }),
];

// ── Bulk reads ───────────────────────────────────────────────────────────────────────────────────────────────────────

const TRAIL = 'AWS::CloudTrail::Trail';
const FILTER = 'AWS::Logs::MetricFilter';

/** Whether a trail records data events: otherwise there is nothing from which bulk reads could be told. */
function recordsData(trail: Resource): boolean {
  const advanced = trail
    .at('AdvancedEventSelectors')
    .items()
    .some((selector) =>
      selector
        .at('FieldSelectors')
        .items()
        .some(
          (field) =>
            isCategory(field) &&
            field
              .at('Equals')
              .items()
              .some((value) => value.string === 'Data'),
        ),
    );
  return (
    advanced ||
    trail
      .at('EventSelectors')
      .items()
      .some((selector) => selector.at('DataResources').items().length > 0)
  );
}
const isCategory = (field: { at(path: string): { string: string | undefined } }): boolean => field.at('Field').string === 'eventCategory';

/** CloudTrail compares the rate of calls with its usual one, GuardDuty learns who reads what, or a filter counts reads. */
function bulkReadsAreNoticed(trail: Resource, graph: Graph): Outcome {
  if (!recordsData(trail)) return notApplicable('records no reads of data');
  const insight = some(
    trail.at('InsightSelectors').items(),
    (selector) => selector.at('InsightType').is('ApiCallRateInsight'),
    'InsightSelectors does not name ApiCallRateInsight',
  );
  const detectors = some(
    graph.ofType(DETECTOR).filter((one) => graph.exists(one)),
    (one) => one.at('Enable').isTrue(),
    'no detector',
  );
  const filters = graph
    .ofType(FILTER)
    .some((filter) => graph.exists(filter) && /GetObject|Query|Scan|BatchGetItem|Select/.test(filter.at('FilterPattern').shape ?? ''));
  return anyOf(
    [insight, detectors, filters ? pass() : fail('no filter')],
    'reads of data are recorded, and nothing here notices unusually many of them',
  );
}

const READS = [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }];
const OLD_READS = [{ DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }] }];
const INSIGHT = [{ InsightType: 'ApiCallRateInsight' }];
const trail = (Properties: object, rest: object = {}) => ({ Trail: { Type: TRAIL, Properties }, ...rest });

export const bulkReads = rule({
  on: TRAIL,
  check: bulkReadsAreNoticed,
  severity: 'low',
  fix: 'Use SecureTrail, or set InsightSelectors with InsightType ApiCallRateInsight, or add ThreatDetection (GuardDuty learns who reads what).',
  pass: [
    { resources: trail({ AdvancedEventSelectors: READS, InsightSelectors: INSIGHT }) },
    { resources: trail({ EventSelectors: OLD_READS, InsightSelectors: INSIGHT }) },
    { resources: trail({ AdvancedEventSelectors: READS }, { Detector: { Type: DETECTOR, Properties: { Enable: true } } }) },
    {
      resources: trail(
        { AdvancedEventSelectors: READS },
        { Filter: { Type: FILTER, Properties: { FilterPattern: '{ $.eventName = GetObject }' } } },
      ),
    },
  ],
  fail: [
    { resources: trail({ AdvancedEventSelectors: READS }) },
    { resources: trail({ AdvancedEventSelectors: READS, InsightSelectors: [{ InsightType: 'ApiErrorRateInsight' }] }) },
    { resources: trail({ AdvancedEventSelectors: READS }, { Detector: { Type: DETECTOR, Properties: { Enable: false } } }) },
  ],
  skip: [
    { resources: trail({}) },
    { resources: trail({ AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }] }) },
    { resources: trail({ AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'resources.type', Equals: ['Data'] }] }] }) },
  ],
});

// ── Drift ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const CONFIG_RULE = 'AWS::Config::ConfigRule';
const DRIFT = 'CLOUDFORMATION_STACK_DRIFT_DETECTION_CHECK';
const HOURLY = ['One_Hour', 'Three_Hours', 'Six_Hours', 'Twelve_Hours', 'TwentyFour_Hours'];

export const drift = [
  rule({
    on: CONFIG_RULE,
    check: (one) => {
      if (one.at('Source.SourceIdentifier').is(DRIFT).verdict === 'fail') return notApplicable('looks for other things');
      return one.at('MaximumExecutionFrequency').orDefault('TwentyFour_Hours').isOneOf(HOURLY);
    },
    fix: 'Set MaximumExecutionFrequency to TwentyFour_Hours or a shorter period.',
    pass: [
      {
        resources: {
          Drift: {
            Type: CONFIG_RULE,
            Properties: { MaximumExecutionFrequency: 'Six_Hours', Source: { Owner: 'AWS', SourceIdentifier: DRIFT } },
          },
        },
      },
    ],
    fail: [
      {
        resources: {
          Drift: {
            Type: CONFIG_RULE,
            Properties: { MaximumExecutionFrequency: 'Weekly', Source: { Owner: 'AWS', SourceIdentifier: DRIFT } },
          },
        },
      },
    ],
    skip: [
      {
        resources: {
          Other: { Type: CONFIG_RULE, Properties: { Source: { Owner: 'AWS', SourceIdentifier: 'ROOT_ACCOUNT_MFA_ENABLED' } } },
        },
      },
    ],
  }),
];
