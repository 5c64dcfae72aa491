import type { ControlId } from '../../../controls';
import { type Statement, statementsOf } from '../../facts/iam';
import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { allow, deny, document } from './samples';

const GUARDRAIL = 'AWS::Organizations::Policy';
type Kind = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY';

/** The statements of all guardrails of a kind, judged together at the first; one guardrail need not say everything. */
function together(guardrail: Resource, graph: Graph, kind: Kind, judge: (statements: readonly Statement[]) => Outcome): Outcome {
  const all = graph.ofType(GUARDRAIL).filter((one) => graph.exists(one) && one.at('Type').is(kind).verdict === 'pass');
  if (all[0] !== guardrail) return notApplicable('is judged together with the first guardrail of its kind, or is of another');
  const outcome = judge(all.flatMap((one) => statementsOf(one.at('Content'))));
  return outcome.verdict === 'fail' ? fail(outcome.saw, 'Content') : outcome;
}

/** Some statement denies the action everywhere. */
const denies = (statements: readonly Statement[], action: string): Outcome =>
  some(
    statements,
    (statement) =>
      every([() => statement.denies(), () => statement.coversAction(action), () => statement.coversResource('*')], (ask) => ask()),
    `no guardrail here denies ${action}`,
  );

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

const guardrail = (Type: Kind, ...statements: readonly object[]) => ({
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
        together(one, graph, 'SERVICE_CONTROL_POLICY', (statements) => every(LOCAL_USERS, (action) => denies(statements, action))),
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
