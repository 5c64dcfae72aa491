/** Losing a log is noticed, and workloads cannot cause it. */
import { append } from '../../collect';
import { deniesToAll } from '../../facts/guardrails';
import { type Statement, statementsOf } from '../../facts/iam';
import { TRAIL } from '../../facts/logging';
import type { Graph } from '../../graph';
import { fail, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type RuleSpec, rule } from '../../rule';
import type { Value } from '../../value';
import { azureAlerts, azureGuardrails, azureLoss } from './azure-guards';

const EVENT_RULE = 'AWS::Events::Rule';
const METRIC_FILTER = 'AWS::Logs::MetricFilter';
const ALARM = 'AWS::CloudWatch::Alarm';

/** The calls that end a trail. */
const ENDINGS = ['StopLogging', 'DeleteTrail'] as const;

/** Some rule of EventBridge, or some filter with an alarm, tells of the end of a trail. */
function lossIsNoticed(_trail: Resource, graph: Graph): Outcome {
  const rules = graph.ofType(EVENT_RULE).filter((one) => graph.exists(one));
  const filters = graph.ofType(METRIC_FILTER).filter((one) => graph.exists(one));
  const byRule = some(rules, tellsOfEndings, 'none');
  if (byRule.verdict === 'pass') return byRule;
  const byFilter = filters.some(
    (filter) =>
      ENDINGS.every((call) => (filter.at('FilterPattern').shape ?? '').includes(call)) && hasAlarm(filter, graph).verdict === 'pass',
  );
  if (byFilter) return pass();
  return byRule.verdict === 'unknown' ? byRule : fail(`nothing here raises an alarm on ${ENDINGS.join(' and ')}`);
}

function tellsOfEndings(one: Resource): Outcome {
  if (one.at('State').is('DISABLED').verdict === 'pass' || one.at('Targets').isSet().verdict === 'fail') return fail('tells nobody');
  const pattern = one.at('EventPattern').json();
  if (pattern.state === 'unknown') return pattern.asUnknown();
  const detail = pattern.at('detail');
  const sources = detail.at('eventSource').items();
  const fromTrail =
    sources.length === 0
      ? pattern
          .at('source')
          .items()
          .some((source) => source.string === 'aws.cloudtrail')
      : sources.some((source) => source.string === 'cloudtrail.amazonaws.com');
  const calls = detail.at('eventName').items();
  const all = ENDINGS.every((call) => calls.length === 0 || calls.some((written) => matchesCall(written, call)));
  return fromTrail && all ? pass() : fail('tells of other calls');
}

/** A name, or one of the content filters of EventBridge. */
const matchesCall = (written: Value, call: string): boolean =>
  written.string === call || (written.at('prefix').string !== undefined && call.startsWith(written.at('prefix').string as string));

/** An alarm with actions watches a metric that the filter writes. */
function hasAlarm(filter: Resource, graph: Graph): Outcome {
  const alarms = graph.once('alarms by metric', () => {
    const byMetric = new Map<string, Resource[]>();
    for (const alarm of graph.ofType(ALARM)) {
      const name = alarm.at('MetricName').shape;
      if (name !== undefined) append(byMetric, name, alarm);
    }
    return byMetric;
  });
  const metrics = filter
    .at('MetricTransformations')
    .items()
    .map((one) => one.at('MetricName'));
  const watching = metrics.flatMap((metric) => alarms.get(metric.shape ?? '') ?? []).filter((alarm) => graph.exists(alarm));
  if (watching.length === 0) return fail(`no alarm watches the metric ${metrics.map((metric) => metric.shape ?? '').join(', ')}`);
  const acting = watching.some(
    (alarm) =>
      alarm.at('AlarmActions').isSet().verdict === 'pass' && alarm.at('ActionsEnabled').orDefault(true).isTrue().verdict !== 'fail',
  );
  return acting ? pass() : fail(`${watching[0]?.logicalId} has no actions: nobody is told`);
}

/** Filters over records of CloudTrail: their fields betray them. */
const overTrail = (filter: Resource): boolean =>
  /\$\.(eventName|userIdentity|errorCode|eventSource)\b/.test(filter.at('FilterPattern').shape ?? '');

// ── Guardrails ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Calls that stop, narrow or remove a record. */
const TAMPERING = [
  'cloudtrail:StopLogging',
  'cloudtrail:DeleteTrail',
  'cloudtrail:UpdateTrail',
  'cloudtrail:PutEventSelectors',
  'ec2:DeleteFlowLogs',
  'logs:DeleteLogGroup',
] as const;

const deniesCall = (statements: readonly Statement[], call: string): boolean =>
  statements.some((statement) => deniesToAll(statement, call).verdict === 'pass');

const SCP = 'AWS::Organizations::Policy';

/** The service control policies here together deny every such call; judged once, at the first. */
function organisationDenies(policy: Resource, graph: Graph): Outcome {
  const policies = graph.ofType(SCP).filter((one) => graph.exists(one) && one.at('Type').is('SERVICE_CONTROL_POLICY').verdict === 'pass');
  if (policies[0] !== policy) return notApplicable('is judged together with the first service control policy');
  const statements = policies.flatMap((one) => statementsOf(one.at('Content')));
  const open = TAMPERING.filter((call) => !deniesCall(statements, call));
  if (open.length === 0) return pass();
  const hidden = policies.map((one) => one.at('Content')).find((content) => content.json().state === 'unknown');
  return hidden ? hidden.asUnknown() : fail(`no service control policy here denies ${open.join(', ')}`, 'Content');
}

/** Where identity policies keep their documents. */
const POLICIES = [
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
  'AWS::IAM::GroupPolicy',
] as const;

/** A policy that grants such a call by name lets whoever carries it disable logs; one that denies them keeps that from happening. */
function policyKeepsLogs(policy: Resource): Outcome {
  const statements = statementsOf(policy.at('PolicyDocument'));
  const granted = TAMPERING.find(
    (call) =>
      !deniesCall(statements, call) &&
      statements.some(
        (statement) => statement.allows().verdict === 'pass' && statement.actions().some((action) => namesCall(action, call)),
      ),
  );
  if (granted) return fail(`allows ${granted}`, 'PolicyDocument');
  return TAMPERING.every((call) => deniesCall(statements, call)) ? pass() : notApplicable('speaks of other things');
}

/** By name, or by a wildcard within the service for trails; `*` and `logs:*` are judged as what they are, too wide grants. */
function namesCall(action: Value, call: string): boolean {
  const written = action.string?.toLowerCase();
  const wanted = call.toLowerCase();
  return written === wanted || (written === 'cloudtrail:*' && wanted.startsWith('cloudtrail:'));
}

// ── Examples ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const trail = { Trail: { Type: TRAIL, Properties: { S3BucketName: 'records', IsLogging: true } } };
const eventRule = (eventName: readonly string[], more: object = {}) => ({
  Rule: {
    Type: EVENT_RULE,
    Properties: {
      EventPattern: { source: ['aws.cloudtrail'], detail: { eventSource: ['cloudtrail.amazonaws.com'], eventName } },
      Targets: [{ Id: 'a', Arn: 'arn:aws:sns:eu-west-1:111122223333:a' }],
      ...more,
    },
  },
});
const filterAndAlarm = (AlarmActions: readonly string[]) => ({
  Filter: {
    Type: METRIC_FILTER,
    Properties: {
      LogGroupName: 'trail',
      FilterPattern: '{ ($.eventName = StopLogging) || ($.eventName = DeleteTrail) }',
      MetricTransformations: [{ MetricName: 'TrailChanged', MetricNamespace: 'Security', MetricValue: '1' }],
    },
  },
  Alarm: { Type: ALARM, Properties: { MetricName: 'TrailChanged', Namespace: 'Security', AlarmActions } },
});
const scp = (Action: readonly string[], Condition?: object) => ({
  Policy: {
    Type: SCP,
    Properties: {
      Type: 'SERVICE_CONTROL_POLICY',
      Name: 'logs',
      Content: { Statement: [{ Effect: 'Deny', Action, Resource: '*', ...(Condition ? { Condition } : {}) }] },
    },
  },
});
const managed = (Effect: string, Action: readonly string[]) => ({
  Policy: { Type: POLICIES[0], Properties: { PolicyDocument: { Statement: [{ Effect, Action, Resource: '*' }] } } },
});
export const loss: { readonly aws: RuleSpec; readonly azure: RuleSpec } = {
  aws: rule({
    on: TRAIL,
    severity: 'medium',
    from: 'moderate',
    check: lossIsNoticed,
    fix: 'Use SecureTrail, or add an AWS::Events::Rule on StopLogging and DeleteTrail of cloudtrail.amazonaws.com with a target that people read.',
    pass: [
      { resources: { ...trail, ...eventRule([...ENDINGS]) } },
      { name: 'by filter and alarm', resources: { ...trail, ...filterAndAlarm(['arn:aws:sns:eu-west-1:111122223333:a']) } },
    ],
    fail: [
      { resources: trail },
      { resources: { ...trail, ...eventRule(['StopLogging']) } },
      { resources: { ...trail, ...eventRule([...ENDINGS], { State: 'DISABLED' }) } },
      { resources: { ...trail, ...filterAndAlarm([]) } },
    ],
  }),
  azure: azureLoss,
};

export const guardrails: { readonly aws: readonly RuleSpec[]; readonly azure: RuleSpec } = {
  aws: [
    rule({
      on: SCP,
      check: (policy, graph) =>
        policy.at('Type').is('SERVICE_CONTROL_POLICY').verdict === 'pass'
          ? organisationDenies(policy, graph)
          : notApplicable('is no service control policy'),
      fix: 'Deny cloudtrail:StopLogging, DeleteTrail, UpdateTrail and PutEventSelectors, ec2:DeleteFlowLogs and logs:DeleteLogGroup in a service control policy.',
      pass: [
        { resources: scp(TAMPERING) },
        { name: 'but for one role', resources: scp(TAMPERING, { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/logging' } }) },
      ],
      fail: [
        { resources: scp(['cloudtrail:StopLogging']) },
        { name: 'only elsewhere', resources: scp(['*'], { StringNotEquals: { 'aws:RequestedRegion': 'eu-central-1' } }) },
        { name: 'but for everybody', resources: scp(TAMPERING, { ArnNotLike: { 'aws:PrincipalArn': '*' } }) },
        { name: 'only to one role', resources: scp(TAMPERING, { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/agent' } }) },
      ],
      skip: [{ resources: { Policy: { Type: SCP, Properties: { Type: 'TAG_POLICY', Name: 'tags', Content: {} } } } }],
    }),
    rule({
      on: POLICIES,
      severity: 'medium',
      check: policyKeepsLogs,
      fix: 'Remove the action: only the logging pipeline changes logs. LogGuard denies all of them to who carries it.',
      pass: [{ resources: managed('Deny', TAMPERING) }],
      fail: [{ resources: managed('Allow', ['cloudtrail:StopLogging']) }, { resources: managed('Allow', ['cloudtrail:*']) }],
      skip: [{ resources: managed('Allow', ['s3:GetObject']) }],
    }),
  ],
  azure: azureGuardrails,
};

export const alerts: { readonly aws: RuleSpec; readonly azure: RuleSpec } = {
  aws: rule({
    on: METRIC_FILTER,
    check: (filter, graph) => (overTrail(filter) ? hasAlarm(filter, graph) : notApplicable('filters other records')),
    fix: 'Add an alarm on the metric with AlarmActions that reach people.',
    pass: [{ resources: filterAndAlarm(['arn:aws:sns:eu-west-1:111122223333:a']) }],
    fail: [{ resources: filterAndAlarm([]) }, { resources: { Filter: filterAndAlarm([]).Filter } }],
    skip: [
      {
        resources: {
          Filter: { Type: METRIC_FILTER, Properties: { LogGroupName: 'app', FilterPattern: 'ERROR', MetricTransformations: [] } },
        },
      },
    ],
  }),
  azure: azureAlerts,
};
