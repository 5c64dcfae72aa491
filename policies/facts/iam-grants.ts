/** What a grant must carry so that it reaches nobody else than it was meant for. */
import type { Graph } from '../graph';
import { fail, notApplicable, type Outcome, pass, some } from '../outcome';
import { isOutsider } from './accounts';
import type { Statement } from './iam';
import { type Condition, confines, limitKindOf } from './iam-conditions';

/** Grants nothing to a principal of somebody else's account, unless a condition confines callers to the organisation. */
export function keepsOutsidersOut(statement: Statement, graph: Graph): Outcome {
  const outsider = some(statement.principals(), (principal) => isOutsider(principal, graph), 'no outsider');
  if (outsider.verdict === 'fail') return pass();
  const identity = statement.conditions().filter((condition) => limitKindOf(condition) === 'identity');
  if (some(identity, confines, 'not confined').verdict === 'pass') return pass();
  if (outsider.verdict === 'unknown') return outsider;
  const named = statement.principals().find((principal) => isOutsider(principal, graph).verdict === 'pass');
  return fail(`${statement.name} lets in another account: ${named?.value.describe()}`, named?.value.path);
}

/** Grants to services carry a condition on the account, the resource or the organisation on whose behalf they call. */
export function bindsServices(statement: Statement, alsoBinds: (condition: Condition) => Outcome = confinesSource): Outcome {
  const [service] = statement.services();
  if (!service) return notApplicable('names no service');
  const bound = some(statement.conditions(), alsoBinds, 'no condition binds it');
  return bound.verdict === 'fail'
    ? fail(`${statement.name} lets ${service.shape ?? 'a service'} in on behalf of anybody`, service.path)
    : bound;
}

/** The condition names the source of the call: an account, a resource or the organisation. */
export function confinesSource(condition: Condition): Outcome {
  return condition.operator !== undefined && limitKindOf(condition) !== 'source' ? fail('names no source') : confines(condition);
}
