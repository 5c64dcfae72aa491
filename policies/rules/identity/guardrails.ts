import type { ControlId } from '../../../controls';
import { deniesEverywhere, GUARDRAIL, type GuardrailKind, together } from '../../facts/guardrails';
import type { Statement } from '../../facts/iam';
import { every, fail, type Outcome, pass, some } from '../../outcome';
import { type PerCloud, rule } from '../../rule';
import { allow, deny, document } from './samples';

/** Everything, or everything but a few calls, is denied to the root of an account. */
const sealsRoot = (statements: readonly Statement[]): Outcome =>
  some(
    statements,
    (statement) =>
      every(
        [
          () => statement.denies(),
          () => statement.touchesAction('iam:CreateAccessKey'),
          () =>
            some(
              statement.conditions(),
              ({ operator, negated, key, values, value }) => {
                if (operator === undefined) return value.asUnknown();
                const named = key === 'aws:principalarn' && !negated && values.some((each) => /:root$/.test(each.shape ?? ''));
                return named || (key === 'aws:assumedroot' && values.every((each) => each.isTrue().verdict === 'pass'))
                  ? pass()
                  : fail('names no root');
              },
              'names no root',
            ),
        ],
        (ask) => ask(),
      ),
    'no guardrail here denies calls of the root user (aws:PrincipalArn arn:*:iam::*:root)',
  );

/** Callers from outside the organisation are denied the stores. */
const keepsOutsiders = (statements: readonly Statement[]): Outcome =>
  some(
    statements,
    (statement) =>
      every(
        [
          () => statement.denies(),
          () => statement.coversAction('s3:*'),
          () =>
            some(
              statement.conditions(),
              ({ operator, negated, key, value }) => {
                if (operator === undefined) return value.asUnknown();
                return negated && /^aws:principalorg(id|paths)$/.test(key) ? pass() : fail('excepts no organisation');
              },
              'excepts no organisation',
            ),
        ],
        (ask) => ask(),
      ),
    'no resource control policy here denies s3:* to principals outside the organisation (aws:PrincipalOrgID)',
  );

const LOCAL_USERS = ['iam:CreateUser', 'iam:CreateLoginProfile'] as const;

const guardrail = (Type: GuardrailKind, ...statements: readonly object[]) => ({
  Guardrail: { Type: GUARDRAIL, Properties: { Name: 'g', Type, Content: document(...statements) } },
});
const scp = (...statements: readonly object[]) => guardrail('SERVICE_CONTROL_POLICY', ...statements);
const rcp = (...statements: readonly object[]) => guardrail('RESOURCE_CONTROL_POLICY', ...statements);
const ROOT = { Condition: { StringLike: { 'aws:PrincipalArn': 'arn:*:iam::*:root' } } };
const OTHERS = { Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] } } };
const TAGS = { Guardrail: { Type: GUARDRAIL, Properties: { Name: 't', Type: 'TAG_POLICY', Content: {} } } };
const HOLE = { parameters: { Hole: { Type: 'String' } } };

export const GUARDRAILS = {
  'IDA-01': {
    aws: rule({
      on: GUARDRAIL,
      check: (one, graph) =>
        together(one, graph, 'SERVICE_CONTROL_POLICY', (statements) =>
          every(LOCAL_USERS, (action) => deniesEverywhere(statements, action)),
        ),
      severity: 'low',
      fix: 'Deny iam:CreateUser and iam:CreateLoginProfile on every resource in a service control policy.',
      pass: [{ resources: scp(deny([...LOCAL_USERS])) }],
      fail: [
        { resources: scp(deny('iam:CreateUser')) },
        { resources: scp(allow('*')) },
        { resources: scp(deny('iam:*', 'arn:aws:iam::*:user/x')) },
      ],
      unknown: [{ ...HOLE, resources: scp({ ...deny('iam:*'), Effect: { Ref: 'Hole' } }) }],
      skip: [{ resources: TAGS }],
    }),
  },

  'IDA-09': {
    aws: rule({
      on: GUARDRAIL,
      check: (one, graph) => together(one, graph, 'SERVICE_CONTROL_POLICY', sealsRoot),
      severity: 'low',
      fix: 'Deny every action if StringLike aws:PrincipalArn arn:*:iam::*:root in a service control policy.',
      pass: [{ resources: scp(deny('*', '*', ROOT)) }],
      fail: [
        { resources: scp(deny('s3:*', '*', ROOT)) },
        { resources: scp(deny('*', '*', { Condition: { StringNotLike: { 'aws:PrincipalArn': ['arn:*:iam::*:root'] } } })) },
        { resources: scp(deny('*', '*', { Condition: { Bool: { 'aws:AssumedRoot': 'false' } } })) },
      ],
      unknown: [{ ...HOLE, resources: scp({ ...deny('*'), Condition: { Ref: 'Hole' } }) }],
      skip: [{ resources: TAGS }],
    }),
  },

  'LPA-10': {
    aws: rule({
      on: GUARDRAIL,
      check: (one, graph) => together(one, graph, 'RESOURCE_CONTROL_POLICY', keepsOutsiders),
      severity: 'low',
      fix: 'Deny s3:*, sqs:*, kms:*, secretsmanager:* and sts:AssumeRole if StringNotEqualsIfExists aws:PrincipalOrgID your organisation and BoolIfExists aws:PrincipalIsAWSService false.',
      pass: [{ resources: rcp(deny(['s3:*', 'kms:*'], '*', OTHERS)) }],
      fail: [
        { resources: rcp(deny('kms:*', '*', OTHERS)) },
        { resources: rcp(deny('s3:*', '*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] } } })) },
      ],
      unknown: [{ ...HOLE, resources: rcp({ ...deny('s3:*'), Condition: { Ref: 'Hole' } }) }],
      skip: [{ resources: TAGS }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
