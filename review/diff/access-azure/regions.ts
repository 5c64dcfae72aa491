/**
 * Rights as regions: who, which operations, where, under which tests. What two sides mean is compared region by region, so that it
 * does not matter how many assignments there are, where they stand and which role says it.
 */
import { covers, overlaps } from '../access/text';
import { allImply, droppedFrom, type Test } from './conditions';
import type { Estate } from './estate';
import type { Grant, Scope } from './grant';
import { AZURE_VERBS, type AzureVerb, appliesTo, azureVerbsOf, isIdle, isListed, isPattern, operationsOf, providerOf } from './operations';

/** One pattern of a grant. */
export interface Region {
  readonly grant: Grant;
  readonly allow: string;
  readonly not: readonly string[];
  readonly tests: readonly Test[];
  /** Two regions with the same key are the same. */
  readonly key: string;
}

export function regionsOf(grant: Grant): readonly Region[] {
  const { provider } = grant.scope;
  return grant.blocks.flatMap((block) => {
    const tests = [...grant.tests, ...(block.tests ?? [])];
    const words = tests.map(({ text }) => text).sort();
    // What is taken out again as a whole was never given.
    return block.allow
      .filter((allow) => !isIdle(allow) && appliesTo(allow, provider) && !block.not.some((pattern) => covers(pattern, allow)))
      .map((allow) => {
        const not = block.not.filter((pattern) => overlaps(pattern, allow)).sort();
        return { grant, allow, not, tests, key: [grant.scope.key, allow, not.join(), words.join()].join('\n') };
      });
  });
}

const GROUP = 'management group ';
const SUBSCRIPTION = 'subscription ';
/** A group of which nothing is known but that it is not the one on the other side. */
const ELSEWHERE = `${GROUP}elsewhere`;

/**
 * Whether whoever has the outer scope has the inner. Of a subscription that the program places nowhere, every management group that
 * it names is taken to hold it.
 */
export const scopeCovers = (outer: Scope, inner: Scope): boolean =>
  inner.chain.includes(outer.key) ||
  (outer.key.startsWith(GROUP) &&
    inner.chain.some((key) => key.startsWith(SUBSCRIPTION)) &&
    !inner.chain.some((key) => key.startsWith(GROUP)));

/** The scope as the other side has it: a subscription may be in other management groups there. */
function seenFrom(there: Estate, scope: Scope): Scope {
  const at = scope.chain.findIndex((key) => key.startsWith(SUBSCRIPTION) || key.startsWith(GROUP));
  if (at < 0) return scope;
  const [here, above] = [scope.chain.slice(at + 1), there.above(scope.chain[at] as string)];
  if (here.length === above.length && here.every((key, index) => key === above[index])) return scope;
  const placed = above.some((key) => key.startsWith(GROUP)) || !here.some((key) => key.startsWith(GROUP));
  return { ...scope, chain: [...scope.chain.slice(0, at + 1), ...(placed ? [] : [ELSEWHERE]), ...above] };
}

/** Whether a wider right also holds inside a scope that may go by rules of its own. */
const reaches = ({ grant }: Region, { allow, grant: { scope } }: Region): boolean =>
  !allow.startsWith('d ') || grant.except?.some((key) => scope.chain.includes(key)) !== true;

/** What of a region others are not sure to give. */
export interface Rest {
  readonly operations: readonly string[];
  /** Tests that others ask for, and that are all that keeps them from giving it. */
  readonly dropped: readonly Test[];
}

/** What of the wanted region is not in the others; undefined where nothing is missing. */
export function uncovered(wanted: Region, others: readonly Region[], estate: Estate, there: Estate): Rest | undefined {
  if (others.some(({ key }) => key === wanted.key)) return undefined;
  const scope = seenFrom(there, wanted.grant.scope);
  const near = others.filter((other) => scopeCovers(other.grant.scope, scope) && reaches(other, wanted));
  const strict = near.filter((other) => allImply(wanted.tests, other.tests));
  const atoms = atomsOf(wanted);
  const parts = partsOf(wanted, others);
  const missing = atoms.filter((atom) => !given(atom, wanted, strict) && !givenInParts(atom, wanted, parts, estate));
  if (missing.length === 0) return undefined;
  const conditional = near.filter((other) => !strict.includes(other) && missing.every((atom) => given(atom, wanted, [other, ...strict])));
  const dropped = conditional.map((other) => droppedFrom(wanted.tests, other.tests)).sort((a, b) => a.length - b.length)[0] ?? [];
  return { operations: missing, dropped };
}

/** The operations that are known, and the pattern itself where it stands for more than those. */
function atomsOf({ allow, grant, not }: Region): readonly string[] {
  if (!isPattern(allow)) return [allow];
  const known = operationsOf(allow).filter(
    (operation) => appliesTo(operation, grant.scope.provider) && !isIdle(operation) && !not.some((pattern) => covers(pattern, operation)),
  );
  return isListed(allow) ? known : [...known, allow];
}

/** Whether the others give the atom: an operation, or all that a pattern stands for but what the wanted region takes out. */
function given(atom: string, wanted: Region, others: readonly Region[], depth = 0): boolean {
  return others.some((other) => {
    if (!covers(other.allow, atom)) return false;
    if (!isPattern(atom)) return !other.not.some((pattern) => covers(pattern, atom));
    return other.not
      .filter((pattern) => overlaps(pattern, atom))
      .every(
        (pattern) =>
          wanted.not.some((taken) => covers(taken, pattern)) ||
          (depth < 4 &&
            given(
              pattern,
              wanted,
              others.filter((one) => one !== other),
              depth + 1,
            )),
      );
  });
}

/** Regions on what stands in the wanted resource group, by what they stand on. */
function partsOf(wanted: Region, others: readonly Region[]): readonly Region[] {
  if (wanted.grant.scope.group !== true) return [];
  return others.filter((other) => other.grant.scope.chain.includes(wanted.grant.scope.key) && allImply(wanted.tests, other.tests));
}

/** The same right on each resource of the group that it can be about is the right on the group. */
function givenInParts(atom: string, wanted: Region, parts: readonly Region[], estate: Estate): boolean {
  if (parts.length === 0 || (isPattern(atom) && atom.indexOf('*') < 4)) return false;
  const subjects = estate.inGroup(wanted.grant.scope.key).filter((resource) => {
    const provider = providerOf(resource.type);
    return (
      provider !== undefined && provider.split('/').length === 3 && !/^c microsoft\.authorization\//.test(atom) && appliesTo(atom, provider)
    );
  });
  return (
    subjects.length > 0 &&
    subjects.every((resource) => {
      const scope = estate.scopeOf(resource);
      return given(
        atom,
        wanted,
        parts.filter((part) => scopeCovers(part.grant.scope, scope)),
      );
    })
  );
}

/**
 * What the operations mean at a scope, from the lightest to the heaviest: for what is known to stand there, where something is; of a
 * pattern only where no operation of it is known.
 */
export function verbsOf(operations: readonly string[], scope: Scope, estate: Estate): readonly AzureVerb[] {
  const patterns = operations.filter(isPattern);
  const all = operations.filter((operation) => !isPattern(operation));
  const plain = scope.provider === undefined ? aboutSomething(all, estate.providersIn(scope.key)) : all;
  const silent = patterns.filter((pattern) => !plain.some((operation) => covers(pattern, operation)));
  const found = new Set([...plain, ...silent].flatMap(azureVerbsOf));
  return AZURE_VERBS.filter((verb) => found.has(verb));
}

/**
 * Stores inside a wide scope to which the operations mean more than being listed, and where the other side does not give them. Those
 * to whom the same holder has another right are looked at one by one.
 */
export function storesReached(
  wanted: Region,
  operations: readonly string[],
  others: readonly Region[],
  estate: Estate,
  there: Estate,
): readonly Scope[] {
  const { grant } = wanted;
  if (grant.scope.provider !== undefined) return [];
  const means = new Map<string | undefined, readonly string[]>();
  const near = others.filter((other) => allImply(wanted.tests, other.tests));
  return estate.stores.filter((store) => {
    if (!scopeCovers(grant.scope, store)) return false;
    const known = means.get(store.provider) ?? operationsOn(store.provider, operations);
    means.set(store.provider, known);
    if (known.length === 0) return false;
    const seen = seenFrom(there, store);
    const own = near.filter(
      (other) => scopeCovers(other.grant.scope, seen) && !other.grant.except?.some((key) => seen.chain.includes(key)),
    );
    const data = grant.except?.some((key) => store.chain.includes(key)) ? known.filter((one) => !one.startsWith('d ')) : known;
    return data.some((operation) => !given(operation, wanted, own));
  });
}

/** Of these operations, those that can be done to such a store and are more than seeing that it is there. */
const operationsOn = (provider: string | undefined, operations: readonly string[]): readonly string[] =>
  operations.filter(
    (operation) =>
      !operation.startsWith('v ') &&
      !operation.slice(2).startsWith('microsoft.authorization/') &&
      appliesTo(operation, provider) &&
      azureVerbsOf(operation).some((verb) => verb !== 'list'),
  );

function aboutSomething(operations: readonly string[], providers: ReadonlySet<string>): readonly string[] {
  const about = operations.filter((operation) => [...providers].some((provider) => appliesTo(operation, provider)));
  return about.length > 0 ? about : operations;
}

/** All that a grant gives, in words of verbs. */
export const verbsGiven = (grant: Grant, estate: Estate): readonly AzureVerb[] =>
  verbsOf(regionsOf(grant).flatMap(atomsOf), grant.scope, estate);
