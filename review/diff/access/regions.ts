/**
 * Access as regions: whom, which actions, which resources, under which condition. A statement stands for some regions; what
 * two sets of statements mean is compared region by region, so that the way they are written does not matter.
 */
import { type ActionSet, actionSet, actionsBut, intersection, isEmpty, minus } from './action-sets';
import { both, conditionForm, contradict, type Form, implies, piecesOf, unknownForm } from './condition-forms';
import { type Listed, type Policy, type Statement, statementsOf } from './documents';
import {
  type AccountRule,
  narrowerPrincipal,
  type PrincipalForm,
  principalCovers,
  principalForms,
  principalsMeet,
  principalText,
} from './principal-forms';
import { covers, overlaps, patternOf, type Symbols, show } from './text';

/** One pattern, or everything but some. */
export interface ResourceForm {
  readonly pattern: Symbols;
  readonly except: readonly Symbols[];
  readonly text: string;
}

export interface Region {
  readonly principal: PrincipalForm;
  readonly actions: ActionSet;
  readonly resource: ResourceForm;
  readonly condition: Form;
  /** The statement that it comes from. */
  readonly at: string;
  /** Whether it allows or denies is not known: nothing can be concluded from it about others. */
  readonly unsure: boolean;
  /** Two regions with the same key are the same. */
  readonly key: string;
}

export interface Regions {
  readonly allows: readonly Region[];
  readonly denies: readonly Region[];
}

const region = (parts: Omit<Region, 'key'>): Region => ({
  ...parts,
  key: [principalText(parts.principal), actionKey(parts.actions), parts.resource.text, parts.condition.text].join('\n'),
});

const actionKey = ({ runs, open, others, patterns }: ActionSet): string =>
  `${open ? '!' : ''}${runs.join(' ')}|${others.join(' ')}|${patterns.join(' ')}`;

/** All that policies allow and deny; what has no known effect may be either. */
export function regionsOf(policies: readonly Policy[]): Regions {
  const each = policies.map(regionsOfOne);
  return { allows: each.flatMap(({ allows }) => allows), denies: each.flatMap(({ denies }) => denies) };
}

/** One policy may be attached to many. */
const read = new WeakMap<Policy, Regions>();

function regionsOfOne(policy: Policy): Regions {
  const known = read.get(policy);
  if (known) return known;
  const statements = statementsOf(policy);
  const regions = {
    allows: statements.filter(({ effect }) => effect !== 'Deny').flatMap(regionsIn),
    denies: statements.filter(({ effect }) => effect !== 'Allow').flatMap(regionsIn),
  };
  read.set(policy, regions);
  return regions;
}

function regionsIn(statement: Statement): readonly Region[] {
  const { entries, except } = statement.actions;
  const actions = except ? actionsBut(entries) : actionSet(entries);
  if (isEmpty(actions)) return [];
  const condition = both(conditionForm(statement.tests, statement.variables), unknownForm(statement.missing));
  return principalForms(statement.principals).flatMap((principal) =>
    resourceForms(statement.resources, statement.variables).map((resource) =>
      region({ principal, actions, resource, condition, at: statement.at, unsure: statement.missing.length > 0 }),
    ),
  );
}

const symbols = (text: string, variables: boolean): Symbols => patternOf(text, variables ? () => undefined : undefined);

/** Without the element: the resource that the policy is attached to. */
function resourceForms(listed: Listed | undefined, variables: boolean): readonly ResourceForm[] {
  if (!listed) return [EVERYTHING];
  if (!listed.except)
    return [...new Set(listed.entries)].map((text) => ({ pattern: symbols(text, variables), except: [], text: show(text) }));
  const names = [...new Set(listed.entries)].sort();
  return [{ pattern: '*', except: names.map((text) => symbols(text, variables)), text: `everything but ${names.map(show).join(', ')}` }];
}

const EVERYTHING: ResourceForm = { pattern: '*', except: [], text: '*' };

/** Whether it is sure that every resource of `inner` is one of `outer`. */
export const resourceCovers = (outer: ResourceForm, inner: ResourceForm): boolean =>
  covers(outer.pattern, inner.pattern) &&
  outer.except.every((excepted) => inner.except.some((other) => covers(other, excepted)) || !overlaps(excepted, inner.pattern));

const resourcesMeet = (left: ResourceForm, right: ResourceForm): boolean =>
  overlaps(left.pattern, right.pattern) &&
  !left.except.some((excepted) => covers(excepted, right.pattern)) &&
  !right.except.some((excepted) => covers(excepted, left.pattern));

/** Everything that the principal may ask for. */
export const everything = (principal: PrincipalForm, at: string): Region =>
  region({ principal, actions: actionSet(['*']), resource: EVERYTHING, condition: { tests: [], text: '' }, at, unsure: false });

/**
 * What of a region no `others` are sure to hold: the region with the actions that remain, or the pieces of its condition for
 * which some do.
 */
export function uncovered(wanted: Region, others: readonly Region[], whole: AccountRule): readonly Region[] {
  const near = others.filter(
    (other) => principalCovers(other.principal, wanted.principal, whole) && resourceCovers(other.resource, wanted.resource),
  );
  const rest = restOf(wanted.actions, near, wanted.condition);
  if (isEmpty(rest)) return [];
  const pieces = piecesOf(wanted.condition);
  if (pieces.length < 2) return [region({ ...wanted, actions: rest })];
  const rests = pieces.map((condition) => region({ ...wanted, condition, actions: restOf(rest, near, condition) }));
  const left = rests.filter(({ actions }) => !isEmpty(actions));
  const [first] = left;
  // All alternatives alike: the condition as it was written says it best.
  if (first && left.length === pieces.length && left.every(({ actions }) => actionKey(actions) === actionKey(first.actions)))
    return [region({ ...wanted, actions: first.actions })];
  return left;
}

function restOf(actions: ActionSet, near: readonly Region[], condition: Form): ActionSet {
  let rest = actions;
  for (const other of near) {
    if (isEmpty(rest)) return rest;
    if (implies(condition, other.condition)) rest = minus(rest, other.actions);
  }
  return rest;
}

/** What may be in both; undefined when it is sure that nothing is. */
export function meet(left: Region, right: Region): Region | undefined {
  if (!principalsMeet(left.principal, right.principal) || !resourcesMeet(left.resource, right.resource)) return undefined;
  if (contradict(left.condition, right.condition)) return undefined;
  const actions = intersection(left.actions, right.actions);
  if (isEmpty(actions)) return undefined;
  return region({
    principal: narrowerPrincipal(left.principal, right.principal),
    actions,
    resource: resourceCovers(left.resource, right.resource) ? right.resource : left.resource,
    condition: both(left.condition, right.condition),
    at: left.at,
    unsure: left.unsure || right.unsure,
  });
}

/** The region with other actions. */
export const withActions = (of: Region, actions: ActionSet): Region => region({ ...of, actions });
