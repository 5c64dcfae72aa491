/** The managed services that detect: each is on as a whole, and somebody learns when it is not. */
import type { Graph } from '../../graph';
import { UNIT } from '../../graph';
import { allOf, anyOf, every, fail, notApplicable, type Outcome, pass, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Value } from '../../value';

export const DETECTOR = 'AWS::GuardDuty::Detector';
export const HUB = 'AWS::SecurityHub::Hub';
const HUB_POLICY = 'AWS::SecurityHub::ConfigurationPolicy';
const AGGREGATOR = 'AWS::Config::ConfigurationAggregator';
export const MACIE = 'AWS::Macie::Session';
const ANALYZER = 'AWS::AccessAnalyzer::Analyzer';
const RECORDER = 'AWS::Config::ConfigurationRecorder';
const TRAIL = 'AWS::CloudTrail::Trail';
const EVENT_RULE = 'AWS::Events::Rule';

// ── Threat detection ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Protection plans of a detector. EKS runtime monitoring is the older name of a part of runtime monitoring. */
const PLANS = ['S3_DATA_EVENTS', 'EKS_AUDIT_LOGS', 'EBS_MALWARE_PROTECTION', 'RDS_LOGIN_EVENTS', 'LAMBDA_NETWORK_LOGS'] as const;

const switchedOn = (feature: Value): Outcome => feature.at('Status').isNoneOf(['DISABLED']);

/** No protection is switched off, neither by its name of today nor in the older form. */
function nothingIsOff(detector: Resource): Outcome {
  const older = ['S3Logs.Enable', 'Kubernetes.AuditLogs.Enable', 'MalwareProtection.ScanEc2InstanceWithFindings.EbsVolumes'];
  return allOf(
    detector.at('Enable').isTrue(),
    every(detector.at('Features').items(), switchedOn),
    every(older, (path) => detector.at(`DataSources.${path}`).orDefault(true).isTrue()),
  );
}

/** A plan that nobody names stays as the account has it. */
function namesPlan(detector: Resource, plan: string): Outcome {
  return some(
    detector.at('Features').items(),
    (feature) => allOf(feature.at('Name').is(plan), feature.at('Status').is('ENABLED')),
    `Features does not name ${plan} as ENABLED`,
  );
}

const detector = (Properties: object) => ({ Detector: { Type: DETECTOR, Properties } });
const feature = (Name: string, Status = 'ENABLED') => ({ Name, Status });
const ALL_PLANS = [...PLANS, 'RUNTIME_MONITORING'].map((name) => feature(name));

export const threats = [
  rule({
    on: DETECTOR,
    check: nothingIsOff,
    fix: 'Use ThreatDetection, or set Enable: true and leave no entry of Features with Status DISABLED.',
    pass: [
      { resources: detector({ Enable: true }) },
      { resources: detector({ Enable: 'true', Features: ALL_PLANS, DataSources: { S3Logs: { Enable: true } } }) },
      { resources: detector({ Enable: true, DataSources: { Kubernetes: { AuditLogs: { Enable: true } } } }) },
      {
        resources: detector({
          Enable: true,
          DataSources: { MalwareProtection: { ScanEc2InstanceWithFindings: { EbsVolumes: true } } },
        }),
      },
    ],
    fail: [
      { resources: detector({ Enable: false }) },
      { resources: detector({ Enable: true, Features: [feature('S3_DATA_EVENTS', 'DISABLED')] }) },
      { name: 'in the older form', resources: detector({ Enable: true, DataSources: { S3Logs: { Enable: false } } }) },
    ],
    unknown: [{ parameters: { On: { Type: 'String' } }, resources: detector({ Enable: { Ref: 'On' } }) }],
  }),
  rule({
    on: DETECTOR,
    check: (one) => every([...PLANS, 'RUNTIME_MONITORING'], (plan) => namesPlan(one, plan)),
    severity: 'low',
    fix: 'Use ThreatDetection, or name every protection plan in Features with Status ENABLED; a plan that is not named stays as the account has it.',
    pass: [{ resources: detector({ Enable: true, Features: ALL_PLANS }) }],
    fail: [
      { resources: detector({ Enable: true }) },
      { resources: detector({ Enable: true, Features: ALL_PLANS.slice(1) }) },
      { resources: detector({ Enable: true, Features: [...ALL_PLANS.slice(1), feature('S3_DATA_EVENTS', 'DISABLED')] }) },
    ],
  }),
];

// ── Posture ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const STANDARD = 'AWS::SecurityHub::Standard';

/** The hub judges by some standard: those that it enables by itself, or those named beside it. */
function judgesByStandards(hub: Resource, graph: Graph): Outcome {
  return allOf(
    hub.at('AutoEnableControls').orDefault(true).isTrue(),
    anyOf(
      [
        hub.at('EnableDefaultStandards').orDefault(true).isTrue(),
        graph.ofType(STANDARD).some((one) => graph.exists(one)) ? pass() : fail('no standard is enabled'),
      ],
      'EnableDefaultStandards is false, and no AWS::SecurityHub::Standard stands beside it',
    ),
  );
}

const sources = (aggregator: Resource): readonly Value[] => [
  ...aggregator.at('AccountAggregationSources').items(),
  ...(aggregator.at('OrganizationAggregationSource').state === 'absent' ? [] : [aggregator.at('OrganizationAggregationSource')]),
];

const hub = (Properties: object, rest: object = {}) => ({ Hub: { Type: HUB, Properties }, ...rest });
const aggregator = (Properties: object) => ({ Aggregator: { Type: AGGREGATOR, Properties } });
const policy = (SecurityHub: object) => ({
  Policy: { Type: HUB_POLICY, Properties: { Name: 'baseline', ConfigurationPolicy: { SecurityHub } } },
});
const FSBP = 'arn:aws:securityhub:eu-central-1::standards/aws-foundational-security-best-practices/v/1.0.0';

export const posture = [
  rule({
    on: HUB,
    check: judgesByStandards,
    fix: 'Use SecurityPosture, or leave EnableDefaultStandards and AutoEnableControls at true, or add AWS::SecurityHub::Standard.',
    pass: [
      { resources: hub({}) },
      {
        resources: hub(
          { EnableDefaultStandards: false, AutoEnableControls: true },
          { Standard: { Type: STANDARD, Properties: { StandardsArn: FSBP } } },
        ),
      },
    ],
    fail: [{ resources: hub({ EnableDefaultStandards: false }) }, { resources: hub({ AutoEnableControls: false }) }],
    unknown: [{ parameters: { On: { Type: 'String' } }, resources: hub({ AutoEnableControls: { Ref: 'On' } }) }],
  }),
  rule({
    on: HUB_POLICY,
    check: (one) =>
      allOf(
        one.at('ConfigurationPolicy.SecurityHub.ServiceEnabled').isTrue(),
        one.at('ConfigurationPolicy.SecurityHub.EnabledStandardIdentifiers').isSet(),
      ),
    fix: 'Set ConfigurationPolicy.SecurityHub.ServiceEnabled: true and name at least one standard in EnabledStandardIdentifiers.',
    pass: [{ resources: policy({ ServiceEnabled: true, EnabledStandardIdentifiers: [FSBP] }) }],
    fail: [
      { resources: policy({ ServiceEnabled: false }) },
      { resources: policy({ ServiceEnabled: true, EnabledStandardIdentifiers: [] }) },
    ],
  }),
  rule({
    on: AGGREGATOR,
    check: (one) => every(sources(one), (source) => source.at('AllAwsRegions').orDefault(false).isTrue()),
    fix: 'Set AllAwsRegions: true in each source: a region that is not aggregated is where nobody looks.',
    pass: [
      { resources: aggregator({ OrganizationAggregationSource: { AllAwsRegions: true, RoleArn: 'arn:aws:iam::111122223333:role/c' } }) },
      { resources: aggregator({ AccountAggregationSources: [{ AllAwsRegions: true, AccountIds: ['111122223333'] }] }) },
    ],
    fail: [
      { resources: aggregator({ AccountAggregationSources: [{ AwsRegions: ['eu-central-1'], AccountIds: ['111122223333'] }] }) },
      { resources: aggregator({ OrganizationAggregationSource: { AllAwsRegions: false, RoleArn: 'arn:aws:iam::111122223333:role/c' } }) },
    ],
  }),
];

// ── Discovery and exposure ───────────────────────────────────────────────────────────────────────────────────────────

const session = (Properties: object) => ({ Session: { Type: MACIE, Properties } });

export const discovery = rule({
  on: MACIE,
  check: (one) => one.at('Status').orDefault('ENABLED').is('ENABLED'),
  fix: 'Use DataDiscovery, or set Status: ENABLED.',
  pass: [{ resources: session({}) }, { resources: session({ Status: 'ENABLED' }) }],
  fail: [{ resources: session({ Status: 'PAUSED' }) }],
  unknown: [{ parameters: { State: { Type: 'String' } }, resources: session({ Status: { Ref: 'State' } }) }],
});

/** A rule that archives what is public, or whatever comes, keeps exposure from being seen. */
function archivesExposure(archive: Value): Outcome {
  const filters = archive.at('Filter').items();
  const only = (filter: Value) => filter.at('Property').is('isPublic').verdict === 'pass' && filter.at('Eq').items()[0]?.boolean === true;
  if (filters.length === 0) return fail('ArchiveRules archives every finding', archive.path);
  return filters.every(only) ? fail('ArchiveRules archives whatever is public', archive.path) : pass();
}

const analyzer = (Properties: object) => ({ Analyzer: { Type: ANALYZER, Properties } });
const UNUSED = /^(ACCOUNT|ORGANIZATION)_UNUSED_ACCESS$/;

export const exposure = rule({
  on: ANALYZER,
  check: (one) =>
    when(one.at('Type').isNoneOf(['ACCOUNT_UNUSED_ACCESS', 'ORGANIZATION_UNUSED_ACCESS']), () =>
      every(one.at('ArchiveRules').items(), archivesExposure),
    ),
  fix: 'Use ExposureAnalysis, or archive findings one by one, each with a reason: no archive rule for isPublic, and none without a filter.',
  pass: [
    {
      resources: analyzer({
        Type: 'ACCOUNT',
        ArchiveRules: [{ RuleName: 'known', Filter: [{ Property: 'resource', Eq: ['arn:aws:s3:::website'] }] }],
      }),
    },
    {
      resources: analyzer({
        Type: 'ORGANIZATION',
        ArchiveRules: [{ RuleName: 'inside', Filter: [{ Property: 'isPublic', Eq: ['false'] }] }],
      }),
    },
  ],
  fail: [
    {
      resources: analyzer({ Type: 'ACCOUNT', ArchiveRules: [{ RuleName: 'quiet', Filter: [{ Property: 'isPublic', Eq: ['true'] }] }] }),
    },
    { resources: analyzer({ Type: 'ACCOUNT', ArchiveRules: [{ RuleName: 'all', Filter: [] }] }) },
  ],
  skip: [{ resources: analyzer({ Type: 'ACCOUNT_UNUSED_ACCESS' }) }],
});

export const unusedAccess = rule({
  on: ANALYZER,
  check: (one) =>
    when(one.at('Type').matches(UNUSED), () =>
      one.at('AnalyzerConfiguration.UnusedAccessConfiguration.UnusedAccessAge').orDefault(90).isAtMost(90),
    ),
  fix: 'Set AnalyzerConfiguration.UnusedAccessConfiguration.UnusedAccessAge to at most 90 days.',
  pass: [
    {
      resources: analyzer({
        Type: 'ORGANIZATION_UNUSED_ACCESS',
        AnalyzerConfiguration: { UnusedAccessConfiguration: { UnusedAccessAge: 90 } },
      }),
    },
    { resources: analyzer({ Type: 'ACCOUNT_UNUSED_ACCESS' }) },
  ],
  fail: [
    {
      resources: analyzer({
        Type: 'ACCOUNT_UNUSED_ACCESS',
        AnalyzerConfiguration: { UnusedAccessConfiguration: { UnusedAccessAge: 180 } },
      }),
    },
  ],
  skip: [{ resources: analyzer({ Type: 'ACCOUNT' }) }],
});

// ── The baseline of an account ───────────────────────────────────────────────────────────────────────────────────────

/** What only the baseline of an account makes: a unit that holds it is meant to hold the rest, or says why not. */
export const BASELINE = [TRAIL, DETECTOR, HUB, RECORDER] as const;

/** A rule over units that are the baseline of an account: with two or more of its services, the missing one is missed. */
export const inBaselines = (check: (graph: Graph) => Outcome) => (unit: Resource, graph: Graph) => {
  const made = BASELINE.filter((type) => graph.ofType(type).some((one) => one.unit === unit.unit && graph.exists(one)));
  return made.length < 2 ? notApplicable('is no baseline of an account') : check(graph);
};

const makes = (type: string, missing: string) => (graph: Graph) =>
  graph.ofType(type).some((one) => graph.exists(one)) ? pass() : fail(missing);

/** A unit with such resources, for examples. */
export const baseline = (...types: readonly string[]) => Object.fromEntries(types.map((Type, index) => [`Part${index}`, { Type }]));

const present = (type: string, missing: string, fix: string) =>
  rule({
    on: UNIT,
    check: inBaselines(makes(type, missing)),
    severity: 'low',
    fix,
    pass: [{ resources: baseline(RECORDER, TRAIL, HUB, DETECTOR, ANALYZER, MACIE) }],
    fail: [{ resources: baseline(...[TRAIL, RECORDER, HUB, DETECTOR].filter((one) => one !== type)) }],
    skip: [{ resources: baseline(TRAIL) }],
  });

export const threatsPresent = present(
  DETECTOR,
  'the baseline makes no GuardDuty detector',
  'Add ThreatDetection, or AWS::GuardDuty::Detector; waive it where a delegated administrator enables it.',
);
export const posturePresent = present(
  HUB,
  'the baseline makes no Security Hub',
  'Add SecurityPosture, or AWS::SecurityHub::Hub; waive it where a delegated administrator enables it.',
);
export const exposurePresent = present(
  ANALYZER,
  'the baseline makes no access analyzer',
  'Add ExposureAnalysis, or AWS::AccessAnalyzer::Analyzer with Type ACCOUNT or ORGANIZATION.',
);

// ── Failure of a service ─────────────────────────────────────────────────────────────────────────────────────────────

/** By service, the calls that end or narrow it. */
const ENDINGS: Readonly<Record<string, { readonly source: string; readonly calls: readonly string[] }>> = {
  [DETECTOR]: { source: 'guardduty', calls: ['DeleteDetector', 'UpdateDetector'] },
  [HUB]: { source: 'securityhub', calls: ['DisableSecurityHub', 'BatchDisableStandards'] },
  [MACIE]: { source: 'macie2', calls: ['DisableMacie', 'UpdateMacieSession'] },
  [ANALYZER]: { source: 'access-analyzer', calls: ['DeleteAnalyzer'] },
  [RECORDER]: { source: 'config', calls: ['StopConfigurationRecorder', 'DeleteConfigurationRecorder'] },
};

/** An enabled rule of EventBridge with a target that matches every one of the calls. */
function tellsOf(one: Resource, { source, calls }: { readonly source: string; readonly calls: readonly string[] }): Outcome {
  if (one.at('State').is('DISABLED').verdict === 'pass' || one.at('Targets').isSet().verdict === 'fail') return fail('tells nobody');
  const pattern = one.at('EventPattern').json();
  if (pattern.state === 'unknown') return pattern.asUnknown();
  // A rule on findings hears nothing when they end.
  const kinds = pattern.at('detail-type').items();
  const hears = kinds.length === 0 ? pass() : some(kinds, isCall, 'is about other events');
  const origin = pattern.at('detail.eventSource').items();
  const about =
    origin.length > 0
      ? some(origin, (each) => each.is(`${source}.amazonaws.com`), 'is about other services')
      : some(pattern.at('source').items(), (each) => each.is(`aws.${source}`), 'is about other services');
  const names = pattern.at('detail.eventName').items();
  const matches = (call: string) =>
    some(names, (name) => anyOf([name.is(call), prefixes(name, call)], 'is another call'), `does not match ${call}`);
  return allOf(hears, about, names.length === 0 ? pass() : every(calls, matches));
}

const CALL = 'AWS API Call via CloudTrail';
const isCall = (kind: Value): Outcome => anyOf([kind.is(CALL), prefixes(kind, CALL)], 'is another kind of event');

const prefixes = (name: Value, call: string): Outcome =>
  name.at('prefix').string !== undefined && call.startsWith(name.at('prefix').string as string) ? pass() : fail('is another call');

const watched = (EventPattern: unknown, rest: object = {}) => ({
  Detector: { Type: DETECTOR, Properties: { Enable: true } },
  Watch: {
    Type: EVENT_RULE,
    Properties: { EventPattern, Targets: [{ Id: 't', Arn: 'arn:aws:sns:eu-central-1:111122223333:a' }], ...rest },
  },
});
const OFF = ['DeleteDetector', 'UpdateDetector'];

export const failureNoticed = rule({
  on: Object.keys(ENDINGS),
  check: (service, graph) => {
    const ending = ENDINGS[service.type] as (typeof ENDINGS)[string];
    return some(
      graph.ofType(EVENT_RULE).filter((one) => graph.exists(one)),
      (one) => tellsOf(one, ending),
      `nothing here raises an alarm on ${ending.calls.join(' and ')}`,
    );
  },
  severity: 'low',
  fix: 'Use ThreatDetection, SecurityPosture, DataDiscovery or ExposureAnalysis, or add AWS::Events::Rule for those calls of CloudTrail, with a target that alerts somebody.',
  pass: [
    { resources: watched({ source: ['aws.guardduty'], detail: { eventName: OFF } }) },
    { resources: watched({ source: ['aws.guardduty'], 'detail-type': [CALL], detail: { eventName: OFF } }) },
    { resources: watched('{"detail":{"eventSource":["guardduty.amazonaws.com"],"eventName":[{"prefix":"Delete"},"UpdateDetector"]}}') },
  ],
  fail: [
    { resources: detector({ Enable: true }) },
    { resources: watched({ source: ['aws.guardduty'], detail: { eventName: ['DeleteDetector'] } }) },
    { resources: watched({ source: ['aws.s3'], detail: { eventName: OFF } }) },
    { resources: watched({ detail: { eventSource: ['s3.amazonaws.com'], eventName: OFF } }) },
    { name: 'findings only', resources: watched({ source: ['aws.guardduty'], 'detail-type': ['GuardDuty Finding'] }) },
    { resources: watched({ source: ['aws.guardduty'], detail: { eventName: OFF } }, { State: 'DISABLED' }) },
    { resources: watched({ source: ['aws.guardduty'], detail: { eventName: OFF } }, { Targets: [] }) },
  ],
});
