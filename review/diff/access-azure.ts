/** Who can newly do what on Azure, and who no longer can: roles, policies, keys, identities, and what must be kept to use them. */
import type { ReviewChange } from '../schema-review';
import { applicationChanges } from './access-azure/applications';
import { approverChanges } from './access-azure/approvers';
import { allImply, areApart } from './access-azure/conditions';
import { dataPlaneGrants } from './access-azure/data-planes';
import { demandChanges } from './access-azure/demand-changes';
import { type Estate, estatesOf } from './access-azure/estate';
import type { Grant } from './access-azure/grant';
import { Holdings } from './access-azure/holdings';
import { identityGrants } from './access-azure/identities';
import { keyGrants } from './access-azure/keys';
import { narrowOf } from './access-azure/operations';
import { outputChanges } from './access-azure/outputs';
import { maybeAround } from './access-azure/own-subscription';
import { type Region, scopeCovers, storesReached, uncovered, verbsOf } from './access-azure/regions';
import { roleGrants } from './access-azure/roles';
import { settingChanges } from './access-azure/settings';
import { Speaker, type Turn, words } from './access-azure/speaker';
import { storeGrants } from './access-azure/stores';
import { asPartner, Circle, OF_SUBCONTRACTOR, raised } from './partners';
import type { Aspected, Side } from './side';

/** Access on Azure, by roles, policies of stores, keys, and whoever can become an identity. */
export const accessAzure: Aspected = (before, after, pairing) => {
  const circle = new Circle(before, after);
  const estates = estatesOf(before, after, pairing);
  const [old, now] = [holdingsOf(before, estates.before, circle), holdingsOf(after, estates.after, circle)];
  const at = (side: Side['which']) => (side === 'after' ? now : old);
  const speaker = new Speaker(
    now.estate,
    (side, key) => at(side).own(key),
    (side, key) => at(side).whoBecomes(key),
  );
  const turns = withoutReplaced([...turnsOf(now, old, true), ...turnsOf(old, now, false)]);
  return [
    ...turns.map((turn) => watched(speaker.of(turn))),
    ...demandChanges(before, after, old.estate, now.estate),
    ...approverChanges(after, old.estate, now.estate),
    ...applicationChanges(before, after, old.estate, now.estate),
    ...settingChanges(after, now.estate),
    ...outputChanges(before, after, old.estate, now.estate),
  ];
};

/** What people of a subcontractor gain is a step graver. */
const watched = (line: ReviewChange): ReviewChange =>
  line.direction === 'weaker' && line.sentence.includes(OF_SUBCONTRACTOR) ? { ...line, severity: raised(line.severity) } : line;

function holdingsOf(side: Side, estate: Estate, circle: Circle): Holdings {
  const grants: Grant[] = [];
  for (const { graph } of side.targets)
    for (const given of [roleGrants, storeGrants, dataPlaneGrants, keyGrants, identityGrants]) grants.push(...given(graph, estate));
  return new Holdings(
    grants.map((grant) => ({ ...grant, who: asPartner(grant.who, circle) })),
    estate,
  );
}

/** What one side gives and the other does not. */
function turnsOf(here: Holdings, there: Holdings, gained: boolean): readonly Turn[] {
  return here.holders.flatMap((key) => {
    const turns = [...given(key, here, there, gained), ...refused(key, here, there, !gained)];
    return [...withoutNarrower(turns), ...(gained ? undecided(key, here, there) : [])];
  });
}

/** Missing pieces of regions by place and by what keeps them apart. */
function collect(
  regions: readonly Region[],
  others: readonly Region[],
  estate: Estate,
  there: Estate,
  kind: Pick<Turn, 'gained'> & { readonly denial: boolean },
): Turn[] {
  const found = new Map<
    string,
    { readonly turn: Turn; readonly region: Region; readonly operations: string[]; readonly by: Set<string> }
  >();
  const unsure: Turn[] = [];
  for (const region of regions) {
    const rest = uncovered(region, others, estate, there);
    if (!rest) continue;
    const { grant, tests } = region;
    const maybe = elsewhere(region, others, estate);
    if (maybe !== undefined && !uncovered(region, [...others, ...maybe.regions], estate, there)) {
      // Of what may be held all the same, only whoever may have gained it is asked about.
      if (kind.gained)
        unsure.push({
          gained: true,
          cause: 'undecided',
          grant: { ...grant, missing: maybe.missing },
          verbs: verbsOf(rest.operations, grant.scope, estate),
          stores: [],
          tests,
          dropped: [],
          by: [grant.by],
        });
      continue;
    }
    const loosened = !kind.denial && rest.dropped.length > 0;
    const key = [grant.scope.key, words(tests), words(rest.dropped)].join('\n');
    const cause = kind.denial ? ('denial' as const) : loosened ? ('condition-loosened' as const) : ('granted' as const);
    const entry = found.get(key) ?? {
      turn: { gained: kind.gained, cause, grant, verbs: [], stores: [], tests, dropped: rest.dropped, by: [] },
      region,
      operations: [],
      by: new Set<string>(),
    };
    entry.operations.push(...rest.operations);
    entry.by.add(grant.by);
    found.set(key, entry);
  }
  const sure = [...found.values()].map(({ by, operations, region, turn }) => ({
    ...turn,
    verbs: verbsOf(operations, turn.grant.scope, estate),
    narrow: narrowOf(operations),
    stores: turn.cause === 'granted' ? storesReached(region, operations, others, estate, there) : [],
    by: [...by].sort(),
  }));
  return [...sure, ...unsure].filter(({ verbs }) => verbs.length > 0);
}

/** Rights that are the same if the subscription which somebody wrote is the one that nobody names: as if they were held here. */
function elsewhere(
  { grant: { scope } }: Region,
  others: readonly Region[],
  estate: Estate,
): { readonly regions: readonly Region[]; readonly missing: string } | undefined {
  const found = others.flatMap((other) => {
    const named = maybeAround(other.grant.scope, scope, estate.ownSubscription);
    return named === undefined ? [] : [{ named, region: { ...other, key: `${other.key} here`, grant: { ...other.grant, scope } } }];
  });
  const [first] = found;
  if (!first) return undefined;
  return {
    regions: found.map(({ region }) => region),
    missing: `the same right ends or begins at the subscription ${first.named}, and nothing says whether that is the one deployed into`,
  };
}

function given(key: string, here: Holdings, there: Holdings, gained: boolean): readonly Turn[] {
  const turns = collect(here.regions(key), there.effective(key), here.estate, there.estate, { gained, denial: false });
  return turns.filter((turn) => {
    // A group whose members all have it already gives nothing; nor does a member gain what he has.
    const members = here.membersOf(key);
    if (members.length > 0 && members.every((member) => isHeld(turn, member, here, there))) return false;
    return !(turn.verbs.includes('join') && here.own(turn.grant.scope.key).length > 0 && joinsNothing(turn, key, here, there));
  });
}

const regionsAt = (turn: Turn, holder: string, here: Holdings): readonly Region[] =>
  here.regions(holder).filter(({ grant }) => grant.scope.key === turn.grant.scope.key && grant.denies !== true);

/** Whether a member had before, by himself or another group, what the group holds there. */
const isHeld = (turn: Turn, member: string, here: Holdings, there: Holdings): boolean =>
  regionsAt(turn, turn.grant.who.key, here).every(
    (region) => uncovered(region, there.effective(member), here.estate, there.estate) === undefined,
  );

const joinsNothing = (turn: Turn, key: string, here: Holdings, there: Holdings): boolean =>
  here.regions(turn.grant.scope.key).every((region) => uncovered(region, there.effective(key), here.estate, there.estate) === undefined);

/** A denial that is gone lets in; one that is new keeps out. */
function refused(key: string, here: Holdings, there: Holdings, gained: boolean): readonly Turn[] {
  return collect(here.denials(key), there.denials(key), here.estate, there.estate, { gained, denial: true });
}

/** What is told for a wider place is not told again for what stands in it. */
function withoutNarrower(turns: readonly Turn[]): readonly Turn[] {
  return turns.filter(
    (turn) =>
      !turns.some(
        (other) =>
          other !== turn &&
          other.gained === turn.gained &&
          other.cause === turn.cause &&
          other.grant.scope.key !== turn.grant.scope.key &&
          scopeCovers(other.grant.scope, turn.grant.scope) &&
          turn.verbs.every((verb) => other.verbs.includes(verb)) &&
          allImply(turn.tests, other.tests),
      ),
  );
}

/** A condition in place of another, of which nobody can tell whether it lets in more: one question instead of a gain and a loss. */
function withoutReplaced(turns: readonly Turn[]): readonly Turn[] {
  const loosened = turns.filter(({ cause }) => cause === 'condition-loosened');
  const pairs = loosened.flatMap((gain) => {
    const loss = gain.gained
      ? loosened.find(
          (turn) =>
            !turn.gained &&
            turn.grant.who.key === gain.grant.who.key &&
            turn.grant.scope.key === gain.grant.scope.key &&
            areApart(gain.dropped, turn.dropped),
        )
      : undefined;
    return loss ? [{ gain, loss }] : [];
  });
  const told = new Set(pairs.flatMap(({ gain, loss }) => [gain, loss]));
  return [
    ...turns.filter((turn) => !told.has(turn)),
    ...pairs.map(({ gain, loss }): Turn => {
      const missing = `its condition is ${words(loss.dropped)} now instead of ${words(gain.dropped)}`;
      return { ...gain, cause: 'undecided', grant: { ...gain.grant, missing }, verbs: [], stores: [] };
    }),
  ];
}

/** Rights of which nothing is known but a name, and that were not there under that name before. */
function undecided(key: string, here: Holdings, there: Holdings): readonly Turn[] {
  const known = there.unknown(key);
  return here
    .unknown(key)
    .filter(
      (grant) =>
        !known.some(
          (other) => other.missing === grant.missing && scopeCovers(other.scope, grant.scope) && allImply(grant.tests, other.tests),
        ),
    )
    .map((grant) => ({ gained: true, cause: 'undecided', grant, verbs: [], stores: [], tests: grant.tests, dropped: [], by: [grant.by] }));
}
