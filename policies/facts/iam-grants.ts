/** What a grant must carry so that it reaches nobody else than it was meant for. */
import type { Graph } from '../graph';
import { every, fail, notApplicable, type Outcome, pass, some } from '../outcome';
import { isOutsiderAmong } from './accounts';
import type { Statement } from './iam';
import { type Condition, confines, limitKindOf } from './iam-conditions';

/** Keys whose values name accounts, or callers in them. */
const CALLER_KEYS = ['aws:principalaccount', 'aws:principalarn', 'kms:calleraccount'];

/**
 * Whether no grant of a document lets in another account. A document that lets in everyone is judged as public, by the rule
 * named: here it must not count as kept.
 */
export function keepOutsidersOut(grants: readonly Statement[], graph: Graph, judgedBy: string): Outcome {
  const open = grants.find((statement) => statement.isPublic().verdict === 'pass');
  if (open) return notApplicable(`${open.name} lets in everyone, which ${judgedBy} judges`);
  return every(grants, (statement) => keepsOutsidersOut(statement, graph));
}

/**
 * Lets in nobody from an account that is not ours, unless a condition confines callers to the organisation. A caller is named
 * by the principal, or by the condition that confines a grant to everyone.
 */
function keepsOutsidersOut(statement: Statement, graph: Graph): Outcome {
  const conditions = statement.conditions();
  const named = statement.namesEveryone().verdict === 'pass' ? [] : statement.principals();
  const callers = conditions.filter(({ key, negated }) => CALLER_KEYS.includes(key) && !negated).flatMap(({ values }) => values);
  const outsider = isOutsiderAmong(named.length > 0 ? named : callers.map((value) => ({ kind: 'AWS', value })), graph);
  if (outsider.verdict === 'fail') return pass();
  const byOrganisation = conditions.filter(({ key }) => key.startsWith('aws:principalorg'));
  if (some(byOrganisation, confines, 'not confined').verdict === 'pass') return pass();
  return outsider.verdict === 'unknown' ? outsider : fail(`${statement.name} lets in another account: ${outsider.saw}`, outsider.at);
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
