import { type ControlId, INTERVAL_DAYS } from '../../../controls';
import { labelOf, profileOf } from '../../facts/classification';
import { PERMISSION_SET, ROLE, USER } from '../../facts/iam-permissions';
import { comesFromOutside, isBreakGlass, nameOf } from '../../facts/iam-principals';
import { daysBetween } from '../../facts/schedules';
import type { Graph } from '../../graph';
import { allOf, fail, notApplicable, type Outcome, pass, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { gap, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { permissionSet, role, trust } from './samples';

const SCHEDULE = 'AWS::Scheduler::Schedule';
const EVENT_RULE = 'AWS::Events::Rule';
const ANALYZER = 'AWS::AccessAnalyzer::Analyzer';
const CONFIG_RULE = 'AWS::Config::ConfigRule';

// ── Reviews ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Starts reviews of access, by its name or description. */
const startsReviews = (schedule: Resource): boolean =>
  [schedule.at('Name').shape, schedule.at('Description').shape, schedule.logicalId].some((text) =>
    /access[\s_-]*reviews?/i.test(text ?? ''),
  );

/** Comes round at least quarterly, and is switched on. */
function comesRound(schedule: Resource): Outcome {
  if (!startsReviews(schedule)) return notApplicable('starts no access review');
  const written = schedule.at('ScheduleExpression');
  if (written.state === 'absent') return notApplicable('answers to events');
  const days = daysBetween(written.string ?? '');
  if (days === undefined)
    return written.state === 'known' ? unknown(`how often ${written.describe()} comes round`, written.path) : written.asUnknown();
  if (days > INTERVAL_DAYS.quarter) return fail(`${written.describe()}: access is reviewed less than quarterly`, written.path);
  return schedule.at('State').orDefault('ENABLED').isOneOf(['ENABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']);
}

/** Days after which a permission counts as unused. */
const UNUSED_DAYS = 90;

function surfacesUnused(analyzer: Resource): Outcome {
  const type = analyzer.at('Type');
  if (type.string !== undefined && !type.string.endsWith('_UNUSED_ACCESS')) return notApplicable('looks for access from outside');
  const age = analyzer.at('AnalyzerConfiguration.UnusedAccessConfiguration.UnusedAccessAge').orDefault(UNUSED_DAYS);
  return type.string === undefined ? type.asUnknown() : age.isAtMost(UNUSED_DAYS);
}

// ── Emergencies ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Texts in the patterns of all event rules that tell somebody. */
function watchedTexts(graph: Graph): readonly { readonly rule: Resource; readonly texts: readonly Value[] }[] {
  return graph.once(watchedTexts, () =>
    graph
      .ofType(EVENT_RULE)
      .filter((one) => one.at('State').is('DISABLED').verdict !== 'pass' && one.at('Targets').isSet().verdict !== 'fail')
      .map((one) => ({ rule: one, texts: leavesOf(one.at('EventPattern').json()) })),
  );
}

function leavesOf(value: Value): readonly Value[] {
  if (value.isMap) return value.entries().flatMap(([, child]) => leavesOf(child));
  return value.isList ? value.items().flatMap(leavesOf) : [value];
}

/** A rule of EventBridge names the role, so that its use is told at once. */
function useIsTold(held: Resource, graph: Graph): Outcome {
  if (!isBreakGlass(held)) return notApplicable('is not for emergencies');
  const name = nameOf(held);
  const told = watchedTexts(graph).some(
    ({ rule: one, texts }) =>
      graph.exists(one) && texts.some((text) => text.refersTo(held).verdict === 'pass' || (text.shape ?? '').includes(name)),
  );
  return told ? pass() : fail(`no event rule here names ${name}: nobody is told of its use`);
}

// ── Checks that run in the account ───────────────────────────────────────────────────────────────────────────────────

const minimum = (least: number) => (value: Value) => value.isAtLeast(least);
const maximum = (most: number) => (value: Value) => value.isAtMost(most);
const isTrue = (value: Value) => value.isTrue();

/** What a rule of AWS Config must be asked for so that it checks the control, with the defaults of the service. */
const CHECKS: Readonly<
  Record<
    string,
    Readonly<
      Partial<
        Record<'IDA-03' | 'IDA-04' | 'IDA-05' | 'IDA-06', Readonly<Record<string, readonly [number | boolean, (value: Value) => Outcome]>>>
      >
    >
  >
> = {
  IAM_PASSWORD_POLICY: {
    'IDA-03': {
      MinimumPasswordLength: [14, minimum(14)],
      RequireUppercaseCharacters: [true, isTrue],
      RequireLowercaseCharacters: [true, isTrue],
      RequireNumbers: [true, isTrue],
      RequireSymbols: [true, isTrue],
    },
    'IDA-04': { PasswordReusePrevention: [24, minimum(24)] },
    'IDA-05': { MaxPasswordAge: [90, maximum(90)] },
  },
  ACCESS_KEYS_ROTATED: { 'IDA-05': { maxAccessKeyAge: [90, maximum(90)] } },
  IAM_USER_UNUSED_CREDENTIALS_CHECK: { 'IDA-06': { maxCredentialUsageAge: [90, maximum(45)] } },
};

/** The parameters of a managed rule ask for what the control says. */
const asksFor =
  (control: 'IDA-03' | 'IDA-04' | 'IDA-05' | 'IDA-06') =>
  (check: Resource): Outcome => {
    const wanted = CHECKS[check.at('Source.SourceIdentifier').string ?? '']?.[control];
    if (!wanted) return notApplicable('checks something else');
    const given = check.at('InputParameters').json();
    return allOf(...Object.entries(wanted).map(([name, [byDefault, holds]]) => holds(given.at(name).orDefault(byDefault))));
  };

const config = (SourceIdentifier: string, InputParameters: unknown) => ({
  Check: { Type: CONFIG_RULE, Properties: { Source: { Owner: 'AWS', SourceIdentifier }, InputParameters } },
});
const schedule = (ScheduleExpression: unknown, more: object = {}) => ({
  Schedule: { Type: SCHEDULE, Properties: { Name: 'access-review', ScheduleExpression, ...more } },
});
const analyzer = (Type: unknown, UnusedAccessAge?: unknown) => ({
  Analyzer: {
    Type: ANALYZER,
    Properties: {
      Type,
      ...(UnusedAccessAge === undefined ? {} : { AnalyzerConfiguration: { UnusedAccessConfiguration: { UnusedAccessAge } } }),
    },
  },
});
const sealed = permissionSet({ Name: 'break-glass' });
const told = (EventPattern: unknown, more: object = {}) => ({
  Told: { Type: EVENT_RULE, Properties: { EventPattern, Targets: [{ Id: 'a', Arn: 'arn:aws:sns:eu-west-1:111122223333:a' }], ...more } },
});
const BY_NAME = { detail: { userIdentity: { arn: [{ wildcard: '*AWSReservedSSO_break-glass_*' }] } } };
const HOLE = { parameters: { Hole: { Type: 'String' } } };
const partner = (more: object = {}) => role({ AssumeRolePolicyDocument: trust({ AWS: 'arn:aws:iam::444455556666:root' }), ...more });
const OWNER = { Tags: [{ Key: 'owner', Value: 'platform@example.com' }] };

export const REVIEWS = {
  'UAR-01': {
    aws: rule({
      on: [SCHEDULE, EVENT_RULE],
      check: comesRound,
      fix: 'Set ScheduleExpression to rate(90 days) or less, monthly for privileged roles, and State to ENABLED.',
      pass: [
        { resources: schedule('cron(0 6 1 * ? *)') },
        { resources: { Rule: { Type: EVENT_RULE, Properties: { Description: 'Access review', ScheduleExpression: 'rate(30 days)' } } } },
      ],
      fail: [
        { resources: schedule('rate(365 days)') },
        { resources: schedule('rate(30 days)', { State: 'DISABLED' }) },
        {
          resources: {
            Rule: { Type: EVENT_RULE, Properties: { Name: 'access-reviews', ScheduleExpression: 'rate(30 days)', State: 'DISABLED' } },
          },
        },
        { resources: { Rule: { Type: EVENT_RULE, Properties: { Description: 'Access review', ScheduleExpression: 'rate(99 days)' } } } },
      ],
      unknown: [{ ...HOLE, resources: schedule({ Ref: 'Hole' }) }, { resources: schedule('at(2030-01-01T00:00:00)') }],
      skip: [
        { resources: { Rule: { Type: EVENT_RULE, Properties: { Name: 'nightly', ScheduleExpression: 'rate(365 days)' } } } },
        { resources: { Rule: { Type: EVENT_RULE, Properties: { Name: 'access-review-ended', EventPattern: {} } } } },
      ],
    }),
  },

  'UAR-03': {
    aws: gap('Removal of what nobody confirmed is the work of a job at run time; its record, not the template, shows that it happened.'),
  },

  'UAR-04': {
    aws: rule({
      on: ANALYZER,
      check: surfacesUnused,
      fix: 'Set AnalyzerConfiguration.UnusedAccessConfiguration.UnusedAccessAge to 90 days or less.',
      pass: [{ resources: analyzer('ACCOUNT_UNUSED_ACCESS', 90) }, { resources: analyzer('ORGANIZATION_UNUSED_ACCESS') }],
      fail: [{ resources: analyzer('ACCOUNT_UNUSED_ACCESS', 180) }],
      unknown: [
        { ...HOLE, resources: analyzer('ACCOUNT_UNUSED_ACCESS', { Ref: 'Hole' }) },
        { ...HOLE, resources: analyzer({ Ref: 'Hole' }) },
      ],
      skip: [{ resources: analyzer('ACCOUNT') }],
    }),
  },

  'UAR-08': {
    aws: rule({
      // The data profile names an owner for the whole unit, and roles of services go with it. In a high system an identity
      // that others come in by, with neither, is nobody's.
      on: [ROLE, USER],
      check: (held) => {
        if (held.type === ROLE && !comesFromOutside(held)) return notApplicable('only services and roles of the same system assume it');
        const owner = labelOf(held, 'owner');
        if (owner?.state === 'unknown') return owner.asUnknown();
        if (owner?.isSet().verdict === 'pass' || profileOf(held)?.owner !== undefined) return pass();
        return fail('no owner answers for this identity: it has no tag "owner", and no data profile names one', 'Tags');
      },
      from: 'high',
      severity: 'low',
      fix: 'Tag the identity with owner, or declare the data profile of the stack.',
      pass: [
        { resources: partner(OWNER) },
        { unit: { profile: { system: 's', owner: 'platform@example.com' } }, resources: partner() },
        { resources: { User: { Type: USER, Properties: OWNER } } },
      ],
      fail: [
        { resources: partner() },
        { resources: partner({ Tags: [{ Key: 'owner', Value: '' }] }) },
        { resources: partner({ Tags: [{ Key: 'cost', Value: '1' }] }) },
      ],
      unknown: [{ ...HOLE, resources: partner({ Tags: [{ Key: 'owner', Value: { Ref: 'Hole' } }] }) }],
      skip: [{ tier: 'moderate', resources: partner() }, { resources: role() }],
    }),
  },

  'LPA-12': {
    aws: rule({
      on: [ROLE, PERMISSION_SET],
      check: useIsTold,
      severity: 'low',
      fix: 'Add an AWS::Events::Rule on sign-in and AssumeRole that names the emergency role, with a target that people read.',
      pass: [{ resources: { ...sealed, ...told(BY_NAME) } }],
      fail: [
        { resources: sealed },
        { resources: { ...sealed, ...told({ detail: { eventName: ['ConsoleLogin'] } }) } },
        { resources: { ...sealed, ...told(BY_NAME, { State: 'DISABLED' }) } },
        { resources: role({ RoleName: 'EmergencyAccess' }) },
      ],
      skip: [{ resources: role({ RoleName: 'app' }) }],
    }),
  },

  'IDA-03': {
    aws: rule({
      on: CONFIG_RULE,
      check: asksFor('IDA-03'),
      fix: 'Set InputParameters.MinimumPasswordLength to 14 or more, and leave the four character classes required.',
      pass: [{ resources: config('IAM_PASSWORD_POLICY', { MinimumPasswordLength: '14' }) }],
      fail: [
        { resources: config('IAM_PASSWORD_POLICY', { MinimumPasswordLength: 8 }) },
        { resources: config('IAM_PASSWORD_POLICY', '{"RequireSymbols":"false"}') },
      ],
      unknown: [{ ...HOLE, resources: config('IAM_PASSWORD_POLICY', { MinimumPasswordLength: { Ref: 'Hole' } }) }],
      skip: [{ resources: config('ACCESS_KEYS_ROTATED', {}) }],
    }),
  },

  'IDA-04': {
    aws: rule({
      on: CONFIG_RULE,
      check: asksFor('IDA-04'),
      fix: 'Set InputParameters.PasswordReusePrevention to 24.',
      pass: [{ resources: config('IAM_PASSWORD_POLICY', { PasswordReusePrevention: 24 }) }],
      fail: [{ resources: config('IAM_PASSWORD_POLICY', { PasswordReusePrevention: 5 }) }],
      skip: [{ resources: config('ACCESS_KEYS_ROTATED', {}) }],
    }),
  },

  'IDA-05': {
    aws: rule({
      on: CONFIG_RULE,
      check: asksFor('IDA-05'),
      fix: 'Set InputParameters.maxAccessKeyAge (access-keys-rotated) or MaxPasswordAge (iam-password-policy) to 90 or less.',
      pass: [
        { resources: config('ACCESS_KEYS_ROTATED', { maxAccessKeyAge: '90' }) },
        { resources: config('IAM_PASSWORD_POLICY', { MaxPasswordAge: 60 }) },
      ],
      fail: [
        { resources: config('ACCESS_KEYS_ROTATED', { maxAccessKeyAge: 365 }) },
        { resources: config('IAM_PASSWORD_POLICY', { MaxPasswordAge: 180 }) },
      ],
      skip: [{ resources: config('ROOT_ACCOUNT_MFA_ENABLED', {}) }],
    }),
  },

  'IDA-06': {
    aws: rule({
      on: CONFIG_RULE,
      check: asksFor('IDA-06'),
      fix: 'Set InputParameters.maxCredentialUsageAge to 45; the service takes 90 where nothing is written.',
      pass: [{ resources: config('IAM_USER_UNUSED_CREDENTIALS_CHECK', { maxCredentialUsageAge: 45 }) }],
      fail: [
        { resources: config('IAM_USER_UNUSED_CREDENTIALS_CHECK', { maxCredentialUsageAge: 90 }) },
        { resources: config('IAM_USER_UNUSED_CREDENTIALS_CHECK', undefined) },
      ],
      skip: [{ resources: config('ACCESS_KEYS_ROTATED', {}) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
