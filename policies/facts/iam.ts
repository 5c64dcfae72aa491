/**
 * Policy documents as three-valued statements. Every question answers with an {@link Outcome} in which `pass` means yes, so
 * that a document, a statement or a value that deployment decides comes out `unknown` by itself.
 */
import { allOf, anyOf, every, fail, not, type Outcome, pass, some } from '../outcome';
import type { Value } from '../value';
import { globCovers, globsOverlap } from './glob';
import { type Condition, conditionsOf, confined, confinesByExclusion } from './iam-conditions';

/** Whom a statement names. `*` stands for everyone; undefined means that the whole element is not known. */
export type PrincipalKind = '*' | 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';

export interface Principal {
  readonly kind: PrincipalKind | undefined;
  readonly value: Value;
}

/**
 * One statement of a policy document, read only as far as it is asked.
 *
 * @example
 * some(statementsOf(policy.at('PolicyDocument')), (statement) => statement.isPublic(), 'no public statement')
 */
export class Statement {
  constructor(readonly value: Value) {}

  /** Path of the statement: `PolicyDocument.Statement[1]`. */
  get at(): string {
    return this.value.path;
  }

  /** How people find it: `statement "AllowReads"`, or the path where it has no Sid. */
  get name(): string {
    const sid = this.value.at('Sid').string;
    return sid ? `statement "${sid}"` : this.at;
  }

  allows(): Outcome {
    return this.value.at('Effect').is('Allow');
  }

  denies(): Outcome {
    return this.value.at('Effect').is('Deny');
  }

  // ── Who ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The entries of `Principal`. */
  principals(): readonly Principal[] {
    return principalsOf(this.value.at('Principal'));
  }

  /** The entries of `NotPrincipal`. */
  exceptedPrincipals(): readonly Principal[] {
    return principalsOf(this.value.at('NotPrincipal'));
  }

  /** `Principal` names everyone: `*`, or `*` among the AWS principals. */
  namesEveryone(): Outcome {
    return some(this.principals(), isEveryone, 'names its principals');
  }

  /** Speaks of everyone, or of everyone but some (`NotPrincipal`). */
  reachesEveryone(): Outcome {
    return anyOf([this.namesEveryone(), some(this.exceptedPrincipals(), () => pass(), 'has no NotPrincipal')], 'names its principals');
  }

  /** The services that the statement names, as written: `cloudtrail.amazonaws.com`. */
  services(): readonly Value[] {
    return this.principals().flatMap(({ kind, value }) => (kind === 'Service' ? [value] : []));
  }

  // ── What ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The entries of `Action`. */
  actions(): readonly Value[] {
    return this.value.at('Action').items();
  }

  /**
   * Speaks of every action that `wanted` stands for; `wanted` may hold wildcards: `s3:*`, `kms:Decrypt`. Case does not
   * matter. `NotAction` speaks of everything that it does not name.
   */
  coversAction(wanted: string): Outcome {
    return this.#covers('Action', wanted.toLowerCase(), (shape) => shape.toLowerCase());
  }

  /** Speaks of at least one of the actions that `wanted` stands for. */
  touchesAction(wanted: string): Outcome {
    const goal = wanted.toLowerCase();
    const excepted = this.value.at('NotAction');
    if (excepted.state !== 'absent' && excepted.state !== 'unknown')
      return not(
        some(excepted.items(), (item) => covers(item, goal, lower), 'not excepted'),
        'excepted by NotAction',
      );
    return some(this.actions(), (action) => overlaps(action, goal, lower), `does not speak of ${wanted}`);
  }

  // ── On what ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The entries of `Resource`. */
  resources(): readonly Value[] {
    return this.value.at('Resource').items();
  }

  /** Speaks of every resource that `wanted`, an ARN pattern, stands for. Unknown parts of it are written as `${…}`. */
  coversResource(wanted: string): Outcome {
    return this.#covers('Resource', wanted, (shape) => shape);
  }

  #covers(element: 'Action' | 'Resource', wanted: string, fold: (shape: string) => string): Outcome {
    const excepted = this.value.at(`Not${element}`);
    if (excepted.state !== 'absent' && excepted.state !== 'unknown')
      return every(excepted.items(), (item) => not(overlaps(item, wanted, fold), item.describe()));
    return some(this.value.at(element).items(), (item) => covers(item, wanted, fold), `${element} does not cover ${wanted}`);
  }

  // ── When ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The tests of the `Condition` block; all of them must hold. */
  conditions(): readonly Condition[] {
    return conditionsOf(this.value.at('Condition'));
  }

  /** Applies always. */
  isUnconditional(): Outcome {
    const conditions = this.conditions();
    if (conditions.length === 0) return pass();
    return every(conditions, ({ operator, value }) =>
      operator === undefined ? value.asUnknown() : fail(`${this.name} has conditions`, value.path),
    );
  }

  /** Some condition confines the callers to a closed set (organisation, account, network, source). */
  isConfined(): Outcome {
    return confined(this.conditions());
  }

  // ── Verdicts made of these ─────────────────────────────────────────────────────────────────────────────────────

  /** Grants something to everyone, and no condition confines who that is. */
  isPublic(): Outcome {
    return allOf(this.allows(), this.reachesEveryone(), not(this.isConfined(), `${this.name} is confined by a condition`));
  }

  /**
   * Denies everyone but a closed set: everyone with conditions that all exclude that set (`StringNotEquals
   * aws:PrincipalOrgID`), or `NotPrincipal` without condition. `actions` must be denied in full.
   */
  fencesOff(actions: string): Outcome {
    const conditions = this.conditions();
    const byCondition = allOf(
      this.namesEveryone(),
      conditions.length === 0 ? fail('denies everyone without exception') : every(conditions, confinesByExclusion),
    );
    const byNotPrincipal = allOf(
      some(this.exceptedPrincipals(), (principal) => not(isEveryone(principal), 'excepts everyone'), 'has no NotPrincipal'),
      this.isUnconditional(),
    );
    return allOf(
      this.denies(),
      this.coversAction(actions),
      anyOf([byCondition, byNotPrincipal], `${this.name} denies no closed set's complement`),
    );
  }

  /** Grants every action that `wanted` stands for, by a wildcard or by `NotAction`. */
  grantsEvery(wanted: string): Outcome {
    return allOf(this.allows(), this.coversAction(wanted));
  }
}

/**
 * The statements of a policy document, given as an object or as JSON text. A document that is not known yields one
 * statement of which nothing is known.
 */
export function statementsOf(document: Value): readonly Statement[] {
  return document.once(statementsOf, () =>
    document
      .json()
      .at('Statement')
      .items()
      .map((value) => new Statement(value)),
  );
}

/** The first statement that grants something to everyone; `pass` when there is none. */
export function grantsNobodyPublicly(document: Value, fencedActions: string): Outcome {
  const statements = statementsOf(document);
  return every(statements, (statement) => {
    const open = statement.isPublic();
    if (open.verdict === 'fail') return pass();
    const fenced = some(
      statements,
      (other) => (other === statement ? fail('itself') : fences(other, statement, fencedActions)),
      'no fence',
    );
    if (fenced.verdict === 'pass') return pass();
    if (open.verdict === 'unknown') return open;
    return fenced.verdict === 'unknown' ? fenced : fail(describePublic(statement), statement.at);
  });
}

/** The fence stands around everything that the statement opens. */
function fences(fence: Statement, open: Statement, actions: string): Outcome {
  const opened = open.value.at('NotResource').state === 'absent' ? open.resources() : [];
  return allOf(
    fence.fencesOff(actions),
    opened.length === 0 ? fence.coversResource('*') : every(opened, (resource) => fence.coversResource(resource.shape ?? '*')),
  );
}

function describePublic(statement: Statement): string {
  const who = statement.value.at('NotPrincipal').state === 'absent' ? 'everyone' : 'everyone but the excepted principals';
  const what = statement
    .actions()
    .map((action) => action.shape ?? 'actions')
    .slice(0, 3)
    .join(', ');
  return `${statement.name} allows ${who} ${what || 'every action but the excepted ones'} without a condition that confines callers`;
}

function principalsOf(element: Value): readonly Principal[] {
  if (element.state === 'absent') return [];
  if (element.isMap)
    return element
      .entries()
      .flatMap(([kind, values]) => values.items().map((value) => ({ kind: (kind === '*' ? 'AWS' : kind) as PrincipalKind, value })));
  return element.items().map((value) => {
    if (value.state === 'unknown') return { kind: undefined, value };
    return { kind: value.string === '*' ? '*' : 'AWS', value };
  });
}

function isEveryone({ kind, value }: Principal): Outcome {
  if (kind === '*') return pass();
  if (kind === undefined) return value.asUnknown();
  if (kind !== 'AWS') return value.asFailure();
  // A role, a user or an account that deployment names is one principal; a wholly unknown text may be `*`.
  if (value.state === 'reference' || value.state === 'text') return value.asFailure();
  return anyOf([value.is('*'), value.matches(/^arn:[^:]*:(iam|sts)::\*:/)], value.describe());
}

const lower = (shape: string): string => shape.toLowerCase();

function covers(value: Value, wanted: string, fold: (shape: string) => string): Outcome {
  const shape = value.shape;
  if (shape === undefined) return unreadable(value);
  if (globCovers(fold(shape), wanted)) return pass();
  return couldMean(value, fold(shape), wanted, fold);
}

function overlaps(value: Value, wanted: string, fold: (shape: string) => string): Outcome {
  const shape = value.shape;
  if (shape === undefined) return unreadable(value);
  const folded = fold(shape);
  if (!globsOverlap(withWildcardHoles(value, folded, fold), plain(wanted))) return value.asFailure();
  return globsOverlap(plain(folded), plain(wanted)) ? pass() : value.asUnknown();
}

function couldMean(value: Value, shape: string, wanted: string, fold: (shape: string) => string): Outcome {
  const filled = withWildcardHoles(value, shape, fold);
  return filled !== plain(shape) && globsOverlap(filled, plain(wanted)) ? value.asUnknown() : value.asFailure();
}

function unreadable(value: Value): Outcome {
  return value.state === 'unknown' || value.state === 'secret' ? value.asUnknown() : value.asFailure();
}

/** Parts that deployment decides may be any text; a reference to a resource is that resource and no other. */
function withWildcardHoles(value: Value, shape: string, fold: (shape: string) => string): string {
  const known = new Set(value.targets.flatMap((id) => [fold(id), fold(`${id}.Arn`)]));
  return plain(shape.replace(/\$\{([^}]*)\}/g, (hole, inside: string) => (known.has(inside) ? hole : '*')));
}

/** The name that stands for a resource is no path: its slashes separate nothing. */
const plain = (shape: string): string => shape.replace(/\$\{[^}]*\}/g, (hole) => hole.replaceAll('/', '|'));
