/** Log groups and event data stores: kept long enough and no longer, encrypted, masked, not deleted by accident. */
import { isOwnKey } from '../../facts/keys';
import { classOf, EVENT_DATA_STORE, LEAST_DAYS, type RecordClass, TRAIL } from '../../facts/logging';
import type { Graph } from '../../graph';
import { fail, notApplicable, type Outcome, pass, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type RuleContext, type RuleSpec, rule } from '../../rule';
import type { Value } from '../../value';

const GROUP = 'AWS::Logs::LogGroup';

/** Days for which a group keeps its records; nothing written means for ever, which is never too short. */
function keptLongEnough(group: Resource, records: RecordClass, { tier }: RuleContext): Outcome {
  const days = group.at('RetentionInDays');
  if (days.state === 'absent') return pass();
  const least = LEAST_DAYS[tier][records];
  const enough = days.isAtLeast(least);
  return enough.verdict === 'fail' ? fail(`${days.describe()}: ${records} records are kept for at least ${least} days`, days.path) : enough;
}

const withClass =
  (wanted: (records: RecordClass) => boolean, check: (group: Resource, records: RecordClass, context: RuleContext) => Outcome) =>
  (group: Resource, graph: Graph, context: RuleContext): Outcome => {
    const records = classOf(group, graph);
    return wanted(records) ? check(group, records, context) : notApplicable(`holds ${records} records`);
  };
const isOperations = (records: RecordClass) => records === 'operations';
const isEvidence = (records: RecordClass) => records !== 'operations';

function eventsKeptLongEnough(store: Resource, _graph: Graph, { tier }: RuleContext): Outcome {
  const days = store.at('RetentionPeriod');
  const least = LEAST_DAYS[tier].security;
  if (days.state === 'absent') {
    if (store.at('BillingMode').is('FIXED_RETENTION_PRICING').verdict === 'pass') return pass();
    return least > 366 ? unknown('RetentionPeriod is not set, and the default of the service may be a year', 'RetentionPeriod') : pass();
  }
  const enough = days.isAtLeast(least);
  return enough.verdict === 'fail' ? fail(`${days.describe()}: security records are kept for at least ${least} days`, days.path) : enough;
}

/** A key of one's own. Each log group is a finding of one control: evidence of LOG-11, everything else of ENC-11. */
const encrypted =
  (fails: (records: RecordClass) => boolean, otherwise: string) =>
  (group: Resource, graph: Graph): Outcome => {
    const own = isOwnKey(group.at('KmsKeyId'));
    if (own.verdict === 'pass') return own;
    return fails(classOf(group, graph)) ? own : notApplicable(`judged as ${otherwise}`);
  };

/** A policy that masks; one that only audits lets everything through. */
function masks(document: Value): Outcome {
  const parsed = document.json();
  if (parsed.state === 'absent') return notApplicable('has no data protection policy');
  if (parsed.state === 'unknown') return parsed.asUnknown();
  const statements = parsed.at('Statement').items();
  const masking = statements.find(
    (one) => one.at('Operation.Deidentify').state !== 'absent' && one.at('DataIdentifier').items().length > 0,
  );
  return masking
    ? pass()
    : fail(`${document.path} finds data without masking it: no statement has the operation Deidentify`, document.path);
}

/** Losing evidence by deleting a stack is refused; other groups may say so and need not. */
function survives(resource: Resource, graph: Graph): Outcome {
  if (resource.type === EVENT_DATA_STORE) return resource.at('TerminationProtectionEnabled').orDefault(true).isTrue();
  const kept = resource.option('DeletionPolicy').isOneOf(['Retain', 'RetainExceptOnCreate']);
  const guarded = resource.at('DeletionProtectionEnabled').isTrue();
  if (kept.verdict === 'pass' || guarded.verdict === 'pass') return pass();
  if (isOperations(classOf(resource, graph))) return notApplicable('holds operations records');
  return fail('DeletionPolicy is not Retain, and DeletionProtectionEnabled is not true: the records go with the stack');
}

const group = (properties: object, options: object = {}) => ({ Group: { Type: GROUP, Properties: properties, ...options } });
const audited = (properties: object, options: object = {}) => ({
  ...group(properties, options),
  Trail: {
    Type: TRAIL,
    Properties: { S3BucketName: 'records', IsLogging: true, CloudWatchLogsLogGroupArn: { 'Fn::GetAtt': ['Group', 'Arn'] } },
  },
});
const store = (properties: object) => ({ Store: { Type: EVENT_DATA_STORE, Properties: properties } });
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012';
const protection = (Operation: object) => ({
  Statement: [{ DataIdentifier: ['arn:aws:dataprotection::aws:data-identifier/EmailAddress'], Operation }],
});
const accountPolicy = (PolicyType: string, document: object) => ({
  Policy: { Type: 'AWS::Logs::AccountPolicy', Properties: { PolicyType, PolicyDocument: JSON.stringify(document) } },
});

export const groupRetention: readonly RuleSpec[] = [
  rule({
    on: GROUP,
    check: withClass(isEvidence, keptLongEnough),
    fix: 'Set RetentionInDays to what the tier asks of this class: 365 (security) or 90 (access) at low, 365 at moderate, 731 at high.',
    pass: [{ resources: audited({ RetentionInDays: 731 }) }],
    fail: [{ resources: audited({ RetentionInDays: 365 }) }, { tier: 'moderate', resources: audited({ RetentionInDays: '90' }) }],
    skip: [{ resources: group({ RetentionInDays: 30 }) }],
  }),
  rule({
    on: GROUP,
    severity: 'low',
    check: withClass(isOperations, keptLongEnough),
    fix: 'Set RetentionInDays to at least 30 at the low tier, 90 at moderate, 180 at high; SecureLogGroup does so.',
    pass: [{ resources: group({ RetentionInDays: 180 }) }],
    fail: [{ resources: group({ RetentionInDays: 30 }) }, { tier: 'low', resources: group({ RetentionInDays: 7 }) }],
    unknown: [{ parameters: { Days: { Type: 'Number' } }, resources: group({ RetentionInDays: { Ref: 'Days' } }) }],
  }),
  rule({
    on: EVENT_DATA_STORE,
    check: eventsKeptLongEnough,
    fix: 'Set RetentionPeriod to at least 365 days, 731 at the high tier.',
    pass: [{ resources: store({ RetentionPeriod: 731 }) }],
    fail: [{ resources: store({ RetentionPeriod: 90 }) }],
    unknown: [{ resources: store({ MultiRegionEnabled: true }) }],
  }),
];

/** The other end of LOG-10: what nobody ends is kept for ever. */
export const groupEnds: RuleSpec = rule({
  on: GROUP,
  severity: 'low',
  from: 'moderate',
  check: (one) =>
    one.at('RetentionInDays').isSet().verdict === 'fail'
      ? fail('RetentionInDays is not set: the records are kept for ever', 'RetentionInDays')
      : pass(),
  fix: 'Set RetentionInDays to how long the records may be kept.',
  pass: [{ resources: group({ RetentionInDays: 180 }) }],
  fail: [{ resources: group({ LogGroupName: 'app' }) }],
});

export const evidenceEncrypted: readonly RuleSpec[] = [
  rule({
    on: [TRAIL, EVENT_DATA_STORE],
    check: (recorder) => isOwnKey(recorder.at(recorder.type === TRAIL ? 'KMSKeyId' : 'KmsKeyId')),
    fix: 'Use SecureTrail, or name a key of your own for the records (KMSKeyId of a trail, KmsKeyId of an event data store).',
    pass: [{ resources: { Trail: { Type: TRAIL, Properties: { S3BucketName: 'records', IsLogging: true, KMSKeyId: KEY } } } }],
    fail: [
      { resources: { Trail: { Type: TRAIL, Properties: { S3BucketName: 'records', IsLogging: true } } } },
      { resources: store({ MultiRegionEnabled: true }) },
    ],
  }),
  rule({
    on: GROUP,
    severity: 'low',
    check: encrypted(isEvidence, 'ENC-11'),
    fix: 'Use SecureLogGroup, or set KmsKeyId to a key whose policy lets CloudWatch Logs use it.',
    pass: [{ resources: group({ KmsKeyId: KEY }) }],
    fail: [{ resources: group({ LogGroupName: 'cloudtrail' }) }],
    skip: [{ resources: group({ LogGroupName: 'app' }) }],
  }),
];

/** CloudWatch Logs encrypts with a key of its own in any case, so that this costs control, not secrecy. */
export const groupEncrypted: RuleSpec = rule({
  on: GROUP,
  severity: 'low',
  check: encrypted(isOperations, 'LOG-11'),
  fix: 'Use SecureLogGroup, or set KmsKeyId to a key whose policy lets CloudWatch Logs use it.',
  pass: [{ resources: group({ KmsKeyId: KEY }) }],
  fail: [{ resources: group({ LogGroupName: 'app' }) }],
  unknown: [{ parameters: { Key: { Type: 'String' } }, resources: group({ KmsKeyId: { Ref: 'Key' } }) }],
});

export const masked: readonly RuleSpec[] = [
  rule({
    on: GROUP,
    check: (one) => masks(one.at('DataProtectionPolicy')),
    fix: 'Add a statement with the operation Deidentify (MaskConfig) to the data protection policy; SecureLogGroup does so.',
    pass: [{ resources: group({ DataProtectionPolicy: protection({ Deidentify: { MaskConfig: {} } }) }) }],
    fail: [{ resources: group({ DataProtectionPolicy: protection({ Audit: { FindingsDestination: {} } }) }) }],
    skip: [{ resources: group({ LogGroupName: 'app' }) }],
  }),
  rule({
    on: 'AWS::Logs::AccountPolicy',
    check: (one) =>
      one.at('PolicyType').is('DATA_PROTECTION_POLICY').verdict === 'fail'
        ? notApplicable('is another kind of policy')
        : masks(one.at('PolicyDocument')),
    fix: 'Add a statement with the operation Deidentify (MaskConfig) to the data protection policy.',
    pass: [{ resources: accountPolicy('DATA_PROTECTION_POLICY', protection({ Deidentify: { MaskConfig: {} } })) }],
    fail: [{ resources: accountPolicy('DATA_PROTECTION_POLICY', protection({ Audit: { FindingsDestination: {} } })) }],
    skip: [{ resources: accountPolicy('SUBSCRIPTION_FILTER_POLICY', {}) }],
  }),
];

export const groupSurvives: RuleSpec = rule({
  on: [GROUP, EVENT_DATA_STORE],
  check: survives,
  fix: 'Set DeletionPolicy to Retain, or DeletionProtectionEnabled (TerminationProtectionEnabled of an event data store) to true.',
  pass: [{ resources: audited({ DeletionProtectionEnabled: true }) }, { resources: store({ TerminationProtectionEnabled: true }) }],
  fail: [{ resources: audited({}) }, { resources: store({ TerminationProtectionEnabled: false }) }],
  skip: [{ resources: group({}) }],
});
