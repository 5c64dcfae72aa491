import type { ControlId } from '../../../controls';
import { grantsNobodyPublicly, statementsOf } from '../../facts/iam';
import { bindsServices, keepOutsidersOut } from '../../facts/iam-grants';
import { isOwnKey } from '../../facts/keys';
import { daysBetween } from '../../facts/schedules';
import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass, unknown, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const SECRET = 'AWS::SecretsManager::Secret';
const ROTATION = 'AWS::SecretsManager::RotationSchedule';
const POLICY = 'AWS::SecretsManager::ResourcePolicy';
const ATTACHMENT = 'AWS::SecretsManager::SecretTargetAttachment';
const RETAINED = ['Retain', 'RetainExceptOnCreate'];

/** Longest time between two rotations, in days (IDA-12). */
const LONGEST_DAYS = 90;

/** A schedule that rotates the secret, named directly or by its attachment to a database. */
function isRotated(secret: Resource, graph: Graph): Outcome {
  const names = [secret, ...graph.pointingAt(secret, ATTACHMENT, 'SecretId')];
  const schedules = names.flatMap((name) => graph.pointingAt(name, ROTATION, 'SecretId'));
  return schedules.length > 0 ? pass() : fail('no rotation schedule names the secret');
}

/** By days, or by a schedule; a schedule that is only made, without rules, rotates once and never again. */
function rotatesInTime(rules: Value): Outcome {
  const days = rules.at('AutomaticallyAfterDays');
  if (days.state !== 'absent') return days.isAtMost(LONGEST_DAYS);
  const expression = rules.at('ScheduleExpression');
  if (expression.state === 'absent')
    return rules.state === 'unknown'
      ? rules.asUnknown()
      : fail('RotationRules say neither days nor a schedule: nothing rotates again', rules.path);
  if (expression.string === undefined) return expression.asUnknown();
  const between = daysBetween(expression.string);
  if (between === undefined) return unknown(`how often ${expression.describe()} comes round`, expression.path);
  return between <= LONGEST_DAYS
    ? pass()
    : fail(`${expression.describe()}: up to ${Math.round(between)} days pass between rotations`, expression.path);
}

/** Regions that the data profile promises to stay in; undefined where it promises none. */
function residencyOf({ unit }: Resource): readonly string[] | undefined {
  const { residency } = (unit.profile ?? {}) as { residency?: unknown };
  return Array.isArray(residency) && residency.length > 0 ? residency.map(String) : undefined;
}

const secret = (Properties: object, rest: object = {}) => ({ Secret: { Type: SECRET, Properties, ...rest } });
const rotation = (properties: object, SecretId: unknown = { Ref: 'Secret' }) => ({
  Rotation: { Type: ROTATION, Properties: { SecretId, ...properties } },
});
const policy = (Statement: object | readonly object[], rest: object = {}) => ({
  Policy: { Type: POLICY, Properties: { SecretId: { Ref: 'Secret' }, ResourcePolicy: { Statement: [Statement].flat() }, ...rest } },
});
const allow = (Principal: unknown, rest: object = {}) => ({
  Effect: 'Allow',
  Action: 'secretsmanager:GetSecretValue',
  Resource: '*',
  Principal,
  ...rest,
});
const AGENT = { AWS: 'arn:aws:iam::111122223333:role/agent' };
const OTHER = { AWS: 'arn:aws:iam::444455556666:root' };
const OURS = { account: '111122223333' };
const IN_ORGANISATION = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } };
const FENCE = {
  ...allow('*', { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } }),
  Effect: 'Deny',
  Action: 'secretsmanager:*',
};
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1';
const replicated = (properties: object, region = 'eu-west-1') =>
  secret({ KmsKeyId: KEY, ReplicaRegions: [{ Region: region, ...properties }] });
const EUROPE = { profile: { residency: ['eu-central-1', 'eu-west-1'] } };

export const VAULT = {
  'IDA-12': {
    aws: [
      rule({
        on: SECRET,
        check: isRotated,
        fix: 'Use SecureSecret with rotation, or addRotationSchedule (AWS::SecretsManager::RotationSchedule with SecretId). For databases ManageMasterUserPassword rotates by itself.',
        pass: [
          { resources: { ...secret({}), ...rotation({}) } },
          {
            name: 'by its attachment to a database',
            resources: {
              ...secret({}),
              Attachment: { Type: ATTACHMENT, Properties: { SecretId: { Ref: 'Secret' } } },
              ...rotation({}, { Ref: 'Attachment' }),
            },
          },
          { name: 'by name', resources: { ...secret({ Name: 'db' }), ...rotation({}, 'db') } },
        ],
        fail: [{ resources: secret({}) }, { resources: { ...secret({}), Other: { Type: SECRET }, ...rotation({}, { Ref: 'Other' }) } }],
      }),
      rule({
        on: ROTATION,
        check: (schedule) => rotatesInTime(schedule.at('RotationRules')),
        fix: 'Set RotationRules.AutomaticallyAfterDays to at most 90 (automaticallyAfter: Duration.days(30)), or a ScheduleExpression that comes round as often.',
        pass: [
          { resources: rotation({ RotationRules: { AutomaticallyAfterDays: 30 } }) },
          { resources: rotation({ RotationRules: { ScheduleExpression: 'rate(30 days)' } }) },
          { resources: rotation({ RotationRules: { ScheduleExpression: 'cron(0 4 1 */2 ? *)' } }) },
        ],
        fail: [
          { resources: rotation({ RotationRules: { AutomaticallyAfterDays: '180' } }) },
          { resources: rotation({ RotationRules: { ScheduleExpression: 'rate(120 days)' } }) },
          { resources: rotation({ RotationRules: { ScheduleExpression: 'cron(0 4 1 1 ? *)' } }) },
          { name: 'by hand only', resources: rotation({ RotationRules: { Duration: '2h' } }) },
          { resources: rotation({}) },
        ],
        unknown: [
          { parameters: { Days: { Type: 'Number' } }, resources: rotation({ RotationRules: { AutomaticallyAfterDays: { Ref: 'Days' } } }) },
          { parameters: { When: { Type: 'String' } }, resources: rotation({ RotationRules: { ScheduleExpression: { Ref: 'When' } } }) },
          { resources: rotation({ RotationRules: { ScheduleExpression: 'monthly' } }) },
          { resources: rotation({ RotationRules: { 'Fn::ImportValue': 'rules' } }) },
        ],
      }),
    ],
  },

  'ENC-02': {
    aws: rule({
      on: SECRET,
      check: (each) => isOwnKey(each.at('KmsKeyId')),
      fix: 'Use SecureSecret, or set KmsKeyId to a key of your own (encryptionKey).',
      pass: [{ resources: secret({ KmsKeyId: KEY }) }],
      fail: [{ resources: secret({}) }, { resources: secret({ KmsKeyId: 'alias/aws/secretsmanager' }) }],
      unknown: [{ parameters: { Key: { Type: 'String' } }, resources: secret({ KmsKeyId: { Ref: 'Key' } }) }],
    }),
  },

  'ENC-07': {
    aws: [
      rule({
        on: POLICY,
        severity: 'critical',
        check: (each) => grantsNobodyPublicly(each.at('ResourcePolicy'), 'secretsmanager:*'),
        fix: 'Name the principals that may read the secret, and set BlockPublicPolicy: true.',
        pass: [
          { resources: policy(allow(AGENT)) },
          { resources: policy(allow('*', IN_ORGANISATION)) },
          { name: 'behind a fence', resources: policy([allow('*'), FENCE]) },
        ],
        fail: [{ resources: policy(allow('*')) }, { resources: policy(allow({ AWS: '*' }), { BlockPublicPolicy: true }) }],
        unknown: [{ parameters: { Who: { Type: 'String' } }, resources: policy(allow({ AWS: { Ref: 'Who' } })) }],
      }),
      rule({
        on: POLICY,
        severity: 'low',
        check: (each) => {
          const grants = statementsOf(each.at('ResourcePolicy')).some((statement) => statement.allows().verdict !== 'fail');
          return grants ? each.at('BlockPublicPolicy').orDefault(false).isTrue() : notApplicable('grants nothing');
        },
        fix: 'Set BlockPublicPolicy: true: Secrets Manager then refuses a policy that lets in everyone.',
        pass: [{ resources: policy(allow(AGENT), { BlockPublicPolicy: true }) }],
        fail: [{ resources: policy(allow(AGENT)) }, { resources: policy(allow(AGENT), { BlockPublicPolicy: false }) }],
        skip: [{ name: 'only denies, as the CDK writes it for secrets that rotate', resources: policy(FENCE) }],
      }),
    ],
  },

  'LPA-10': {
    aws: rule({
      on: POLICY,
      check: (each, graph) =>
        keepOutsidersOut(
          statementsOf(each.at('ResourcePolicy')).filter((statement) => statement.allows().verdict !== 'fail'),
          graph,
          'ENC-07.secrets',
        ),
      fix: 'Grant the secret to principals of your own accounts, or add the condition aws:PrincipalOrgID.',
      pass: [
        { unit: OURS, resources: policy(allow(AGENT)) },
        { unit: OURS, resources: policy(allow(OTHER, IN_ORGANISATION)) },
      ],
      fail: [{ unit: OURS, resources: policy(allow(OTHER)) }],
      unknown: [{ resources: policy(allow(OTHER)) }],
      skip: [{ resources: policy(allow('*')) }],
    }),
  },

  'LPA-16': {
    aws: rule({
      on: POLICY,
      check: (each) =>
        every(
          statementsOf(each.at('ResourcePolicy')).filter((statement) => statement.allows().verdict !== 'fail'),
          (statement) => bindsServices(statement),
        ),
      fix: 'Add aws:SourceAccount, aws:SourceArn or aws:SourceOrgID to what is granted to a service.',
      pass: [
        {
          resources: policy(
            allow({ Service: 'lex.amazonaws.com' }, { Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }),
          ),
        },
      ],
      fail: [{ resources: policy(allow({ Service: 'lex.amazonaws.com' })) }],
    }),
  },

  'ENC-10': {
    aws: rule({
      on: SECRET,
      check: (each) => {
        const replicas = each.at('ReplicaRegions').items();
        if (replicas.length === 0) return notApplicable('is not replicated');
        return when(isOwnKey(each.at('KmsKeyId')), () => every(replicas, (replica) => isOwnKey(replica.at('KmsKeyId'))));
      },
      fix: 'Give each of ReplicaRegions a KmsKeyId of your own in its region (replicaRegions: [{ region, encryptionKey }]).',
      pass: [{ resources: replicated({ KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/2' }) }],
      fail: [{ resources: replicated({}) }],
      skip: [{ resources: secret({ ReplicaRegions: [{ Region: 'eu-west-1' }] }) }, { resources: secret({}) }],
    }),
  },

  'LOC-02': {
    aws: rule({
      on: SECRET,
      check: (each) => {
        const places = residencyOf(each);
        const replicas = each.at('ReplicaRegions').items();
        if (!places) return notApplicable('the data profile promises no place');
        return replicas.length === 0
          ? notApplicable('is not replicated')
          : every(replicas, (replica) => replica.at('Region').isOneOf(places));
      },
      fix: 'Replicate within the regions that the data profile promises (residency), or have the promise changed by the owner of the data.',
      pass: [{ unit: EUROPE, resources: replicated({}) }],
      fail: [{ unit: EUROPE, resources: replicated({}, 'us-east-1') }],
      skip: [{ resources: replicated({}, 'us-east-1') }, { unit: EUROPE, resources: secret({}) }],
    }),
  },

  'DHC-10': {
    aws: rule({
      // A secret that CloudFormation deletes is gone at once, without the recovery window of the service.
      on: SECRET,
      severity: 'low',
      check: (each) => every(['DeletionPolicy', 'UpdateReplacePolicy'], (name) => each.option(name).isOneOf(RETAINED)),
      fix: 'Use SecureSecret, or keep the secret: DeletionPolicy and UpdateReplacePolicy Retain (removalPolicy RETAIN).',
      pass: [{ resources: secret({}, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }) }],
      fail: [
        { resources: secret({}) },
        { resources: secret({}, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Retain' }) },
        { resources: secret({}, { DeletionPolicy: 'Retain' }) },
      ],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
