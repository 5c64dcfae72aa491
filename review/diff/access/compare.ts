/**
 * What two sets of policies let their holders do, and how they differ: newly allowed, no longer allowed, by meaning and not by
 * wording. What is reported as gained may be somewhat too much where patterns only overlap; nothing that is gained is left out.
 */
import { type ActionSet, intersection, isEmpty, minus, namesIn, together, verbsIn } from './action-sets';
import type { Verb } from './actions';
import { droppedTests, implies, unreadIn } from './condition-forms';
import type { Policy } from './documents';
import { type AccountRule, HOLDER, principalCovers, principalText } from './principal-forms';
import { everything, meet, type Region, regionsOf, resourceCovers, uncovered, withActions } from './regions';

/** One holder's policies, or one resource's. */
export interface Rights {
  /** Policies that grant: those attached to the holder, or the resource's own. */
  readonly grants: readonly Policy[];
  /** What must allow as well, by name: `boundary`, `service control: root`, … One that does not exist limits nothing. */
  readonly limits?: Readonly<Record<string, readonly Policy[]>> | undefined;
  /** The account of the resource whose policy it is: a grant to it only lets it decide, one to another account reaches all of it. */
  readonly account?: string | undefined;
}

/** `granted`: by a statement; `condition-loosened`: under a weaker condition than before; the others: what stood against it is gone. */
export type Cause = 'granted' | 'condition-loosened' | 'denial-lifted' | 'limit-lifted';

export interface Access {
  /** Empty for the holder of the policies; else as the policy names it. */
  readonly principal: string;
  readonly verbs: readonly Verb[];
  readonly actions: ActionSet;
  /** An ARN pattern, or everything but some. */
  readonly resource: string;
  /** Tests that must hold, readable. Empty: always. */
  readonly condition: string;
  /** The statement that says so. */
  readonly at: string;
  /** The same as patterns and sets, for further questions. */
  readonly region: Region;
  /** What would have to be known to be sure. */
  readonly missing: readonly string[];
}

export interface AccessChange extends Access {
  readonly direction: 'gained' | 'lost';
  readonly cause: Cause;
  /** The tests that stood before (gained) or stand now (lost), and are not asked for on the other side. */
  readonly tests: readonly string[];
}

interface Side {
  readonly allows: readonly Region[];
  readonly denies: readonly Region[];
  readonly limits: ReadonlyMap<string, readonly Region[]>;
  readonly whole: AccountRule;
}

const WHOLE: AccountRule = () => true;

function sideOf({ grants, limits = {}, account }: Rights): Side {
  const own = regionsOf(grants);
  const layers = Object.entries(limits).map(([name, policies]) => [name, regionsOf(policies)] as const);
  return {
    allows: own.allows,
    denies: [...own.denies, ...layers.flatMap(([, { denies }]) => denies)],
    limits: new Map(layers.map(([name, { allows }]) => [name, allows])),
    whole: (named) => account !== undefined && named !== account,
  };
}

/**
 * The access that a set of policies gives, as far as it is sure to be more than nothing.
 *
 * @example
 * mayDo({ grants: [{ name: 'Reader', document: { Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '*' } } }] })
 */
export function mayDo(rights: Rights): readonly Access[] {
  const side = sideOf(rights);
  return merged(side.allows.flatMap((region) => effective(region, side)).map((region) => ({ region, cause: 'granted', tests: [] }))).map(
    ({ region }) => accessOf(region),
  );
}

/** The same as regions, not joined: what a set of policies grants, without what it is sure to deny or what limits withhold. */
export function grantedRegions(rights: Rights): readonly Region[] {
  const side = sideOf(rights);
  return side.denies.length === 0 && side.limits.size === 0 ? side.allows : side.allows.flatMap((region) => effective(region, side));
}

/**
 * What changed in meaning. Empty when the two sides are proved to allow the same.
 *
 * @example
 * compareAccess({ grants: [before] }, { grants: [after] }).filter(({ direction }) => direction === 'gained')
 */
export function compareAccess(before: Rights, after: Rights): readonly AccessChange[] {
  const [old, now] = [sideOf(before), sideOf(after)];
  return [...gained(old, now).map((found) => changeOf(found, 'gained')), ...gained(now, old).map((found) => changeOf(found, 'lost'))];
}

interface Found {
  readonly region: Region;
  readonly cause: Cause;
  readonly tests: readonly string[];
}

const accessOf = (region: Region): Access => ({
  principal: principalText(region.principal),
  verbs: verbsIn(region.actions),
  actions: region.actions,
  resource: region.resource.text,
  condition: region.condition.text,
  at: region.at,
  region,
  missing: unreadIn(region.condition),
});

const changeOf = ({ region, cause, tests }: Found, direction: AccessChange['direction']): AccessChange => ({
  ...accessOf(region),
  direction,
  cause,
  tests,
});

/** For reports: names of actions, as the reference writes them. */
export const actionNames = (access: Access, limit?: number): readonly string[] => namesIn(access.actions, limit);

// ── Gains ────────────────────────────────────────────────────────────────────────────────────────────────────────

function gained(old: Side, now: Side): readonly Found[] {
  const direct = byGrant(old, now);
  const indirect = [...byDenial(old, now), ...byLimit(old, now)].filter(
    ({ region }) => !direct.some((known) => regionHolds(known.region, region)),
  );
  return merged([...direct, ...indirect]);
}

const regionHolds = (outer: Region, inner: Region): boolean =>
  principalCovers(outer.principal, inner.principal, WHOLE) &&
  resourceCovers(outer.resource, inner.resource) &&
  implies(inner.condition, outer.condition) &&
  isEmpty(minus(inner.actions, outer.actions));

const changed = (regions: readonly Region[], others: readonly Region[]): readonly Region[] => {
  const known = new Set(others.map(({ key }) => key));
  return regions.filter(({ key }) => !known.has(key));
};

/** What is granted now and was not. */
const byGrant = (old: Side, now: Side): readonly Found[] =>
  changed(now.allows, old.allows).flatMap((grant) =>
    uncovered(grant, old.allows, now.whole)
      .flatMap((region) => effective(region, now))
      .flatMap((region) => loosened(region, grant, old)),
  );

/** What of a grant no denial is sure to take, within the limits. */
function effective(region: Region, side: Side): readonly Region[] {
  let left = uncovered(
    region,
    side.denies.filter(({ unsure }) => !unsure),
    WHOLE,
  );
  for (const layer of side.limits.values())
    left = left.flatMap((piece) => {
      const within = layer.flatMap((limit) => meet(piece, { ...limit, principal: piece.principal }) ?? []);
      // Of what is not known, a limit does not make more known.
      if (piece.unsure && within.length > 0) return [piece];
      // One limit that takes the whole piece says it without cutting it up.
      const held = within.find(
        (part) =>
          isEmpty(minus(piece.actions, part.actions)) &&
          part.condition.text === piece.condition.text &&
          part.resource.text === piece.resource.text,
      );
      return held ? [piece] : within;
    });
  return left;
}

/** Tells what the grant gave before under a stricter condition from what is new altogether. */
function loosened(region: Region, grant: Region, old: Side): readonly Found[] {
  const found: Found[] = [];
  let rest = region.actions;
  for (const before of old.allows) {
    const near = principalCovers(before.principal, region.principal, WHOLE) && resourceCovers(before.resource, region.resource);
    const tests = near && implies(before.condition, grant.condition) ? droppedTests(before.condition, grant.condition) : [];
    const shared = intersection(rest, before.actions);
    if (tests.length === 0 || isEmpty(shared)) continue;
    found.push({ region: withActions(region, shared), cause: 'condition-loosened', tests });
    rest = minus(rest, before.actions);
  }
  return isEmpty(rest) ? found : [...found, { region: withActions(region, rest), cause: 'granted', tests: [] }];
}

/** What is granted now as before, and was denied. */
const byDenial = (old: Side, now: Side): readonly Found[] =>
  changed(old.denies, now.denies)
    .flatMap((region) => uncovered(region, now.denies, WHOLE).map((piece) => ({ piece, tests: addedTests(region, now) })))
    .flatMap(({ piece, tests }) =>
      now.allows
        .flatMap((grant) => meet(grant, piece) ?? [])
        .flatMap((region) => effective(region, now))
        .map((region): Found => ({ region, cause: 'denial-lifted', tests })),
    );

/** The conditions under which the denial still stands. */
function addedTests(denied: Region, now: Side): readonly string[] {
  const still = now.denies.filter(
    (other) =>
      principalCovers(other.principal, denied.principal, WHOLE) &&
      resourceCovers(other.resource, denied.resource) &&
      implies(other.condition, denied.condition) &&
      isEmpty(minus(denied.actions, other.actions)),
  );
  // Of several, whichever comes first by its text: the order of statements means nothing.
  const [first] = still.map(({ condition }) => condition).sort((a, b) => (a.text < b.text ? -1 : 1));
  return first ? droppedTests(first, denied.condition) : [];
}

/** What is granted now as before, and was beyond a limit. */
const byLimit = (old: Side, now: Side): readonly Found[] =>
  [...old.limits].flatMap(([name, before]) => {
    const after = now.limits.get(name);
    const wider = after ? changed(after, before).flatMap((limit) => uncovered(limit, before, WHOLE)) : [everything(HOLDER, name)];
    return now.allows.flatMap((grant) =>
      wider
        .flatMap((limit) => meet(grant, { ...limit, principal: grant.principal }) ?? [])
        .flatMap((region) =>
          uncovered(
            region,
            before.map((limit) => ({ ...limit, principal: region.principal })),
            WHOLE,
          ),
        )
        .flatMap((region) => effective(region, now))
        .map((region): Found => ({ region, cause: 'limit-lifted', tests: [] })),
    );
  });

// ── The least that says it ───────────────────────────────────────────────────────────────────────────────────────

/** Joins what differs in actions only, and leaves out what another line says already. */
function merged(found: readonly Found[]): readonly Found[] {
  const joined = new Map<string, Found>();
  for (const one of found) {
    const key = [one.cause, principalText(one.region.principal), one.region.resource.text, one.region.condition.text, ...one.tests].join(
      '\n',
    );
    const known = joined.get(key);
    joined.set(key, known ? { ...known, region: withActions(known.region, together(known.region.actions, one.region.actions)) } : one);
  }
  const all = [...joined.values()];
  return all.filter(
    (one, index) =>
      !all.some(
        (other, at) => at !== index && regionHolds(other.region, one.region) && (at < index || !regionHolds(one.region, other.region)),
      ),
  );
}
