import { type Node, Reference, Residue, Unresolved } from '../../node';
import { Choice, distribute, mentionsOf, partsOf, textOf, wordsOf } from './choice';
import type { Frame } from './context';
import { AZURE_CLOUD } from './environment';
import type { Expression } from './expression';
import { scopeParts } from './registry';
import type { Evaluation } from './session';
import { access, EvaluationFailure, isList, isObject, isResidue, type Plain, unresolvedCall } from './values';

/** A function that sees the template, or chooses which of its arguments to work out. */
type Special = (evaluation: Evaluation, args: readonly Expression[], frame: Frame, name: string) => Node;

/** `lambda('x', …)`: never leaves the expression that it is written in. */
export class Lambda extends Residue {
  readonly kind = 'unresolved';
  constructor(
    readonly names: readonly string[],
    readonly body: Expression,
    readonly frame: Frame,
  ) {
    super();
  }
}

const all = (evaluation: Evaluation, args: readonly Expression[], frame: Frame): Node[] =>
  args.map((arg) => evaluation.evaluate(arg, frame));

function one(evaluation: Evaluation, args: readonly Expression[], index: number, frame: Frame, name: string): Node {
  const arg = args[index];
  if (!arg) throw new EvaluationFailure(`${name}() lacks an argument`);
  return evaluation.evaluate(arg, frame);
}

function text(evaluation: Evaluation, args: readonly Expression[], frame: Frame, name: string): string {
  const value = one(evaluation, args, 0, frame, name);
  if (typeof value !== 'string') throw new EvaluationFailure(`${name}() wants a name`);
  return value;
}

// ── Choosing ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** A branch that fails where it is not taken harms nobody. */
function branch(evaluation: Evaluation, expression: Expression, frame: Frame): Node {
  try {
    return evaluation.evaluate(expression, frame);
  } catch (error) {
    if (error instanceof EvaluationFailure) return new Unresolved(`an expression that fails: ${error.message}`);
    throw error;
  }
}

/** A boolean, or a choice between booleans. */
export function truth(value: Node): Node {
  if (typeof value === 'boolean') return value;
  if (value instanceof Choice) return Choice.between(value.pick.atom, truth(value.pick.yes), truth(value.pick.no));
  if (isResidue(value)) return Choice.undecided(wordsOf(value));
  if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  throw new EvaluationFailure('a condition is neither true nor false');
}

/** What each leaf of a choice between booleans stands for. */
export function choose(condition: Node, yes: () => Node, no: () => Node): Node {
  if (!(condition instanceof Choice)) return condition === true ? yes() : no();
  const { atom, yes: whenTrue, no: whenFalse } = condition.pick;
  return Choice.between(atom, choose(whenTrue, yes, no), choose(whenFalse, yes, no));
}

const conditional: Special = (evaluation, args, frame, name) => {
  const [, yes, no] = args;
  if (!yes || !no) throw new EvaluationFailure(`${name}() wants a condition and two values`);
  const condition = truth(one(evaluation, args, 0, frame, name));
  if (typeof condition === 'boolean') return evaluation.evaluate(condition ? yes : no, frame);
  const branches = [branch(evaluation, yes, frame), branch(evaluation, no, frame)] as const;
  return choose(
    condition,
    () => branches[0],
    () => branches[1],
  );
};

/** `and` stops at the first false, `or` at the first true. */
const both =
  (stop: boolean): Special =>
  (evaluation, args, frame) => {
    let result: Node = !stop;
    for (const arg of args) {
      const next = truth(branch(evaluation, arg, frame));
      result = stop
        ? choose(
            result,
            () => true,
            () => next,
          )
        : choose(
            result,
            () => next,
            () => false,
          );
      if (result === stop) return stop;
    }
    return result;
  };

const not: Special = (evaluation, args, frame, name) =>
  choose(
    truth(one(evaluation, args, 0, frame, name)),
    () => false,
    () => true,
  );

const coalesce: Special = (evaluation, args, frame) => firstSet(args.map((arg) => branch(evaluation, arg, frame)));

function firstSet([value, ...others]: readonly Node[]): Node {
  if (value === undefined) return null;
  if (value === null) return firstSet(others);
  if (!(value instanceof Choice)) return value;
  return Choice.between(value.pick.atom, firstSet([value.pick.yes, ...others]), firstSet([value.pick.no, ...others]));
}

const tryGet: Special = (evaluation, args, frame) => {
  const [value, ...keys] = all(evaluation, args, frame);
  return keys.reduce<Node>((current, key) => access(current, key, true), value ?? null);
};

// ── Names of the template ──────────────────────────────────────────────────────────────────────────────────────────

const parameters: Special = (evaluation, args, frame, name) => {
  const wanted = text(evaluation, args, frame, name);
  if (!frame.given) return frame.names.parameter(wanted, frame.path);
  const given = frame.given.get(wanted.toLowerCase());
  if (given === undefined)
    throw evaluation.session.error(`uses parameter "${wanted}", which its function does not have: declare it`, frame.path);
  return given;
};

const copyIndex: Special = (evaluation, args, frame) => {
  const values = all(evaluation, args, frame);
  const loop = typeof values[0] === 'string' ? values.shift() : frame.loop;
  const index = typeof loop === 'string' ? frame.loops.get(loop.toLowerCase()) : undefined;
  if (index === undefined) throw new EvaluationFailure('copyIndex() stands outside its loop');
  const offset = values[0] ?? 0;
  if (typeof index === 'number' && typeof offset === 'number') return index + offset;
  return offset === 0 ? index : unresolvedCall('add', [index, offset]);
};

// ── Lambdas ────────────────────────────────────────────────────────────────────────────────────────────────────────

const lambda: Special = (evaluation, args, frame, name) => {
  const body = args[args.length - 1];
  const names = all(evaluation, args.slice(0, -1), frame);
  if (!body || !names.every((variable): variable is string => typeof variable === 'string'))
    throw new EvaluationFailure(`${name}() wants names and an expression`);
  return new Lambda(names, body, frame);
};

const lambdaVariables: Special = (evaluation, args, frame, name) => {
  const wanted = text(evaluation, args, frame, name);
  const value = frame.locals.get(wanted.toLowerCase());
  if (value === undefined) throw new EvaluationFailure(`${name}() asks for "${wanted}", which no lambda around it has`);
  return value;
};

type Apply = (...args: readonly Node[]) => Node;

/** Functions over a list (or object) and lambdas; what the list is must be known, not what is in it. */
const overList =
  (work: (list: readonly Node[], lambdas: readonly Apply[], args: readonly Node[]) => Node): Special =>
  (evaluation, args, frame, name) => {
    const values = all(evaluation, args, frame);
    const lambdas = values
      .filter((value) => value instanceof Lambda)
      .map(
        (fn): Apply =>
          (...given) => {
            const locals = new Map(fn.frame.locals);
            fn.names.forEach((variable, index) => {
              locals.set(variable.toLowerCase(), given[index] ?? null);
            });
            const result = evaluation.evaluate(fn.body, { ...fn.frame, locals });
            if (result instanceof Lambda) throw new EvaluationFailure(`${name}() wants a lambda that gives a value`);
            return result;
          },
      );
    if (lambdas.length === 0) throw new EvaluationFailure(`${name}() wants a lambda`);
    return distribute(
      values.filter((value) => !(value instanceof Lambda)),
      false,
      (plain) => {
        const [list] = plain;
        if (isObject(list))
          return work(
            Object.entries(list).map(([key, value]) => ({ key, value })),
            lambdas,
            plain,
          );
        return isList(list) ? work(list, lambdas, plain) : unresolvedCall(name, plain);
      },
    );
  };

const filter = overList((list, [keep]) =>
  distribute(
    list.map((item, index) => truth(keep?.(item, index) ?? true)),
    false,
    (kept) => list.filter((_, index) => kept[index] === true),
  ),
);
const map = overList((list, [change]) => list.map((item, index) => change?.(item, index) ?? null));
const reduce = overList((list, [add], args) => list.reduce<Node>((sum, item, index) => add?.(sum, item, index) ?? null, args[1] ?? null));
const sort = overList((list, [before]) => {
  const order = (a: Node, b: Node) => before?.(a, b) ?? null;
  const first = list[0];
  const second = list[1];
  if (first !== undefined && second !== undefined && typeof order(first, second) !== 'boolean') return unresolvedCall('sort', [list]);
  return [...list].sort((a, b) => (order(a, b) === true ? -1 : order(b, a) === true ? 1 : 0));
});

const keyed = (combine: (groups: Map<string, Node[]>) => Node, values: (value: Apply | undefined, item: Node) => Node) =>
  overList((list, [key, value]) => {
    const groups = new Map<string, Node[]>();
    for (const item of list) {
      const name = key?.(item) ?? null;
      if (typeof name !== 'string') return unresolvedCall('toObject', [list]);
      groups.set(name, [...(groups.get(name) ?? []), values(value, item)]);
    }
    return combine(groups);
  });

const toObject = keyed(
  (groups) => Object.fromEntries([...groups].map(([key, values]) => [key, values[values.length - 1] as Node])),
  (value, item) => (value ? value(item) : item),
);
const groupBy = keyed(
  (groups) => Object.fromEntries(groups),
  (_, item) => item,
);
const mapValues = overList((entries, [change]) =>
  Object.fromEntries(entries.map((entry) => [String((entry as Plain).key), change?.((entry as Plain).value ?? null) ?? null])),
);

// ── Resources ──────────────────────────────────────────────────────────────────────────────────────────────────────

const resourceId: Special = (evaluation, args, frame, name) => {
  const values = all(evaluation, args, frame);
  const at = values.findIndex((value) => typeof value === 'string' && /^[^/]+\/[^/]/.test(value));
  const type = values[at];
  if (typeof type !== 'string') return unresolvedCall(name, values);
  const before = values.slice(0, at);
  const names = values.slice(at + 1);
  const which = name.toLowerCase();
  const scope =
    which === 'subscriptionresourceid'
      ? 'subscription'
      : which === 'tenantresourceid'
        ? 'tenant'
        : which === 'managementgroupresourceid'
          ? 'managementGroup'
          : frame.scope;
  const group = scope === 'resourceGroup' || at > 0 ? before[before.length - 1] : undefined;
  const prefix =
    scope === 'subscription' || scope === 'resourceGroup'
      ? scopeParts(scope, scope === 'subscription' ? { subscription: before[0] } : { group, subscription: at > 1 ? before[0] : undefined })
      : scopeParts(scope);
  return evaluation.session.registry.idOf(type, names, frame.home, prefix);
};

const extensionResourceId: Special = (evaluation, args, frame, name) => {
  const values = all(evaluation, args, frame);
  const [base, type, ...names] = values;
  if (typeof type !== 'string' || base === undefined) return unresolvedCall(name, values);
  return evaluation.session.registry.idOf(type, names, frame.home, partsOf(base) ?? []);
};

/** The resource of the template that is meant by symbol, name or id. */
function resourceOf(evaluation: Evaluation, which: Node, frame: Frame): Reference | undefined {
  const { registry } = evaluation.session;
  const resolved = which instanceof Reference ? which : registry.resolveId(which, frame.home);
  if (resolved instanceof Reference) return resolved.attribute === undefined ? resolved : undefined;
  const called = registry.refer(registry.called(which, frame.home));
  return called instanceof Reference ? called : undefined;
}

/** What deployment will know of a resource; its properties are attributes of the reference. */
const reference: Special = (evaluation, args, frame, name) =>
  distribute([one(evaluation, args, 0, frame, name)], false, ([which]) => {
    const found = resourceOf(evaluation, which as Node, frame);
    return found ? new Reference(found.target, '') : new Unresolved(`${name}(${wordsOf(which)})`, mentionsOf(which));
  });

const references: Special = (evaluation, args, frame, name) => {
  const which = one(evaluation, args, 0, frame, name);
  const found = evaluation.session.registry.called(which, frame.home).filter(({ existing }) => !existing);
  return found.length > 0 ? found.map(({ id }) => new Reference(id, '')) : unresolvedCall(name, [which]);
};

const resourceInfo: Special = (evaluation, args, frame, name) => {
  const which = one(evaluation, args, 0, frame, name);
  const { registry } = evaluation.session;
  const [declared] = registry.called(which, frame.home);
  if (!declared) return unresolvedCall(name, [which]);
  const id =
    registry.refer([declared]) ?? registry.idOf(declared.type, declared.names, frame.home, scopeParts(frame.scope, declared.location));
  return { id, name: declared.names[declared.names.length - 1] ?? null, type: declared.type };
};

const resourceGroup: Special = () => ({
  id: textOf(scopeParts('resourceGroup')),
  name: new Unresolved('the name of the resource group'),
  type: 'Microsoft.Resources/resourceGroups',
  location: new Unresolved('the location of the resource group'),
  managedBy: new Unresolved('who manages the resource group'),
  tags: new Unresolved('the tags of the resource group'),
  properties: new Unresolved('the state of the resource group'),
});

const subscription: Special = () => ({
  id: textOf(scopeParts('subscription')),
  subscriptionId: new Unresolved('the id of the subscription'),
  tenantId: new Unresolved('the id of the tenant'),
  displayName: new Unresolved('the name of the subscription'),
});

const named =
  (scope: string): Special =>
  () =>
    new Unresolved(`the ${scope}`);

const deployment: Special = (_, __, frame) => ({
  name: frame.names.deploymentName,
  location: new Unresolved('the location of the deployment'),
  properties: new Unresolved('the properties of the deployment'),
});

const SPECIALS: { readonly [name: string]: Special | undefined } = {
  and: both(false),
  coalesce,
  copyindex: copyIndex,
  deployer: named('account that deploys'),
  deployment,
  environment: () => AZURE_CLOUD,
  extensionresourceid: extensionResourceId,
  filter,
  groupby: groupBy,
  if: conditional,
  lambda,
  lambdavariables: lambdaVariables,
  managementgroup: named('management group'),
  managementgroupresourceid: resourceId,
  map,
  mapvalues: mapValues,
  not,
  or: both(true),
  parameters,
  reduce,
  reference,
  references,
  resourcegroup: resourceGroup,
  resourceid: resourceId,
  resourceinfo: resourceInfo,
  sort,
  subscription,
  subscriptionresourceid: resourceId,
  tenant: named('tenant'),
  tenantresourceid: resourceId,
  toobject: toObject,
  tryget: tryGet,
  variables: (evaluation, args, frame, name) => frame.names.variable(text(evaluation, args, frame, name), frame.path),
};

/** The function of this name that is not one over plain values. */
export const specialFunction = (name: string): Special | undefined => {
  const folded = name.toLowerCase();
  return Object.hasOwn(SPECIALS, folded) ? SPECIALS[folded] : undefined;
};
