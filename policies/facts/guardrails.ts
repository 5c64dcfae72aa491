/** Guardrails of an AWS organisation: service control and resource control policies. */
import type { Graph } from '../graph';
import { every, fail, not, notApplicable, type Outcome, some } from '../outcome';
import type { Resource } from '../resource';
import { type Statement, statementsOf } from './iam';
import type { Condition } from './iam-conditions';

export const GUARDRAIL = 'AWS::Organizations::Policy';
export type GuardrailKind = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY';

/** The statements of all guardrails of a kind, judged together at the first; one guardrail need not say everything. */
export function together(
  guardrail: Resource,
  graph: Graph,
  kind: GuardrailKind,
  judge: (statements: readonly Statement[]) => Outcome,
): Outcome {
  const all = graph.ofType(GUARDRAIL).filter((one) => graph.exists(one) && one.at('Type').is(kind).verdict === 'pass');
  if (all[0] !== guardrail) return notApplicable('is judged together with the first guardrail of its kind, or is of another');
  const outcome = judge(all.flatMap((one) => statementsOf(one.at('Content'))));
  return outcome.verdict === 'fail' ? fail(outcome.saw, 'Content') : outcome;
}

/** Some statement denies the action on every resource, to all but those whom it excepts by name. */
export const deniesEverywhere = (statements: readonly Statement[], action: string): Outcome =>
  some(statements, (statement) => deniesToAll(statement, action), `no guardrail here denies ${action}`);

/** The statement denies the action on every resource, to all but those whom it excepts by name. */
export const deniesToAll = (statement: Statement, action: string): Outcome =>
  every(
    [
      () => statement.denies(),
      () => statement.coversAction(action),
      () => statement.coversResource('*'),
      () => every(statement.conditions(), exceptsSomebody),
    ],
    (ask) => ask(),
  );

/** Who asks, by name. Where, when or for what he asks is no exception for somebody: elsewhere everybody may. */
const WHO = /^aws:(principalarn|principaltag\/.+|principalaccount|principalorgpaths|userid|principalisawsservice|viaawsservice)$/;

function exceptsSomebody({ key, negated, operator, value, values }: Condition): Outcome {
  if (operator === undefined) return value.asUnknown();
  if (!WHO.test(key)) return fail(`denies only where ${key} tells`, value.path);
  if (operator === 'bool') return every(values, (each) => each.isFalse());
  return negated
    ? every(values, (each) => not(each.matches(/^\*$/), `${each.describe()}: everybody is excepted`))
    : fail(`denies only to whom ${key} names`, value.path);
}
