/** Who looks again at rights on Azure, and which management group holds a subscription: its policies and rights hold for it. */
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { type Estate, type Estates, estatesOf } from '../access-azure/estate';
import type { Plain, PlainMap } from '../plain';
import { asText, placeOf, shownAs, valueAt } from '../reading';
import { type Aspected, resourcesOf, type Side, type Told } from '../side';
import { all, hoursAt, inHours, listed, measured, none, numberAt, places, textsAt } from './azure-parts';
import { ASSIGNMENT } from './azure-policies/uses';
import { type Guard, type InBoth, meaning, type Part, type Said, truth, turned } from './parts';

const GROUP = 'azure-native:management:ManagementGroup';
const PLACEMENT = 'azure-native:management:ManagementGroupSubscription';

const FOREVER = Number.POSITIVE_INFINITY;
const covers = (path: string, what: string): Part =>
  turned(path, (review) => truth(review[path], false), `${what} are not reviewed any more`, `${what} are reviewed now`);
const list = (path: string) => (review: PlainMap) =>
  textsAt(path)(review).flatMap((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  );
const day = (time: number): string => (Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : 'no end');

export const AZURE_GOVERNANCE: readonly Guard[] = [
  {
    on: /^azure-native:authorization:(Scope)?AccessReviewScheduleDefinitionById$/,
    aspect: 'access',
    severity: 'high',
    ends: 'nobody looks again at whether people still need the rights that it reviewed',
    parts: [
      covers('expandNestedMemberships', 'members of groups in groups'),
      covers('includeInheritedAccess', 'rights that come from above'),
      covers('includeAccessBelowResource', 'rights on what stands inside of its resource'),
      meaning('excludeResourceId', leftOut),
      none('excludeRoleDefinitionId', 'which roles it leaves out', list('excludeRoleDefinitionId')),
      all('reviewers', 'who reviews', textsAt('reviewers', 'principalId')),
      all('backupReviewers', 'who reviews where nobody else does', textsAt('backupReviewers', 'principalId')),
      measured(
        'instanceDurationInDays',
        'how long reviewers may take',
        'more',
        (review) => numberAt(review, 'instanceDurationInDays', 0),
        (days) => `${days} days`,
      ),
      // Only who did nothing for so long is looked at; without it, everybody is.
      measured(
        'inactiveDuration',
        'after how long without use it looks at somebody',
        'more',
        (review) => hoursAt(review, 'inactiveDuration', 0),
        inHours,
      ),
      measured('range', 'until when it is held', 'less', lastDay, day),
      measured(
        'range.numberOfOccurrences',
        'how often it is held in all',
        'less',
        (review) => (typeOfRange(review) === 'numbered' ? numberAt(review, 'range.numberOfOccurrences', FOREVER) : FOREVER),
        (count) => (Number.isFinite(count) ? `${count} times` : 'without end'),
      ),
    ],
  },
  {
    on: /^azure-native:management:ManagementGroupSubscription$/,
    aspect: 'controls',
    severity: 'high',
    ends: 'policies and rights of its management group do not hold for the subscription any more',
  },
  {
    on: /^azure-native:management:ManagementGroup$/,
    aspect: 'controls',
    severity: 'high',
    ends: 'policies and rights that are given to it do not hold any more for what stands in it',
  },
  {
    on: /^azure-native:management:HierarchySetting$/,
    aspect: 'controls',
    severity: 'high',
    ends: 'new subscriptions come into the root, and everybody may make management groups',
    parts: [
      places('defaultManagementGroup', 'where new subscriptions come to'),
      turned(
        'requireAuthorizationForGroupCreation',
        (setting) => truth(setting.requireAuthorizationForGroupCreation, false),
        'everybody may make management groups now',
        'only who has the right to it may make management groups',
      ),
    ],
  },
];

/** Resources that nobody looks at. */
function leftOut(before: PlainMap, after: PlainMap, { places: of }: InBoth): readonly Said[] {
  const [old, now] = [before, after].map((review, at) => {
    const known = at === 0 ? of.before : of.after;
    return new Map(list('excludeResourceId')(review).map((text) => [known.key(text), known.name(text)]));
  }) as [Map<string, string>, Map<string, string>];
  const come = [...now].flatMap(([key, name]) => (old.has(key) ? [] : [name]));
  const gone = [...old].flatMap(([key, name]) => (now.has(key) ? [] : [name]));
  return [
    ...(come.length > 0 ? [{ direction: 'weaker', words: `which resources it leaves out: now ${listed(come)}` } as const] : []),
    ...(gone.length > 0 ? [{ direction: 'stronger', words: `which resources it leaves out: no longer ${listed(gone)}` } as const] : []),
  ];
}

const typeOfRange = (review: Plain): string => (asText(valueAt(review, 'range.type')) ?? 'noEnd').toLowerCase();
function lastDay(review: PlainMap): number | undefined {
  if (typeOfRange(review) !== 'enddate') return FOREVER;
  const end = asText(valueAt(review, 'range.endDate'));
  return end === undefined ? FOREVER : Date.parse(end);
}

// ── Places ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Subscriptions and management groups that stand in another group than before: what is given to the old one holds no longer. */
export const placements: Aspected = (before, after, pairing) => {
  const lines: Told[] = [];
  let inForce: Given | undefined;
  for (const resource of resourcesOf(after)) {
    const path = resource.type === GROUP ? 'details.parent.id' : resource.type === PLACEMENT ? 'groupId' : undefined;
    const other = path === undefined ? undefined : pairing.other(resource);
    if (path === undefined || !other) continue;
    const estates = estatesOf(before, after, pairing);
    const [old, now] = [groupOf(other, path, estates.before), groupOf(resource, path, estates.after)];
    if (old === undefined || old === now) continue;
    // Deeper in the same group, all that is given to it holds as before.
    const deeper = now !== undefined && estates.after.above(now).includes(old);
    inForce ??= givenTo(before, estates.before);
    if (!deeper && now !== undefined && nothingLost(old, now, estates, inForce)) continue;
    const direction = deeper ? 'stronger' : now === undefined && resource.at(path).state !== 'absent' ? 'undecided' : 'weaker';
    const what = resource.type === PLACEMENT ? 'the subscription' : pairing.name(resource);
    const to = deeper
      ? `${now}, which stands in ${old}`
      : `${now ?? (direction === 'undecided' ? 'a group that only deployment tells' : 'the root')}`;
    const end = deeper ? '' : `: policies and rights of the ${old} do not hold for it any more`;
    lines.push({
      aspect: 'controls',
      direction,
      severity: deeper ? 'low' : 'high',
      sentence: `${what} stands in ${now === undefined ? to : `the ${to}`} instead of the ${old}${end}`,
      subject: pairing.identity(resource),
      topic: `placement ${old} ${now}`,
      ...(deeper ? {} : { approver: 'security' as const }),
      evidence: [{ resource: shownAs(resource), side: 'after', ...placeOf(resource, path), saw: path }],
      causes: [{ resource: pairing.identity(resource), path }],
    });
  }
  return lines;
};

/** What a program says of management groups: which it has, and to which it gives policies. */
interface Given {
  readonly groups: ReadonlySet<string>;
  readonly withPolicies: ReadonlySet<string>;
}
function givenTo(side: Side, estate: Estate): Given {
  const [groups, withPolicies] = [new Set<string>(), new Set<string>()];
  for (const resource of resourcesOf(side))
    if (resource.type === GROUP) groups.add(estate.scopeOf(resource).key);
    else if (resource.type === ASSIGNMENT) withPolicies.add(estate.scope(resource.at('scope'), resource).key);
  return { groups, withPolicies };
}
/** The program has every group that no longer holds it, and gives no policy to any of them. */
function nothingLost(old: string, now: string, { after, before }: Estates, { groups, withPolicies }: Given): boolean {
  const stay = new Set([now, ...after.above(now)]);
  const left = [old, ...before.above(old)].filter((key) => !stay.has(key));
  return left.every((key) => groups.has(key) && !withPolicies.has(key));
}

/** As an estate knows it: `management group production`. */
function groupOf(resource: Resource, path: string, estate: Estate): string | undefined {
  const value: Value = resource.at(path);
  const known = estate.find(value, GROUP);
  if (known) return estate.scopeOf(known).key;
  const name = value.shape?.replace(/\/+$/, '').split('/').pop();
  return name === undefined || name === '' || name.includes('$') ? undefined : `management group ${name.toLowerCase()}`;
}
