/** Guardrails of an AWS organisation: service control and resource control policies. */
import type { Graph } from '../graph';
import { every, fail, notApplicable, type Outcome, some } from '../outcome';
import type { Resource } from '../resource';
import { type Statement, statementsOf } from './iam';

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

/** Some statement denies the action on every resource. */
export const deniesEverywhere = (statements: readonly Statement[], action: string): Outcome =>
  some(
    statements,
    (statement) =>
      every([() => statement.denies(), () => statement.coversAction(action), () => statement.coversResource('*')], (ask) => ask()),
    `no guardrail here denies ${action}`,
  );
