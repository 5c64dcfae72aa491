/** What is demanded no longer, or of fewer, or for longer. */
import type { Resource } from '../../../policies/resource';
import type { ReviewChange } from '../../schema-review';
import { resourcesOf, type Side } from '../side';
import { droppedFrom } from './conditions';
import { DEMANDING, type Demands, demandsOf } from './demands';
import type { Estate } from './estate';
import { listed } from './speaker';

const TYPES = new Set(DEMANDING);

export function demandChanges(before: Side, after: Side, old: Estate, now: Estate): readonly ReviewChange[] {
  const changes: ReviewChange[] = [];
  for (const resource of resourcesOf(after)) {
    if (!TYPES.has(resource.type)) continue;
    const other = now.pairing.other(resource);
    if (other) changes.push(...compare(resource, demandsOf(other, old), demandsOf(resource, now), now));
    else changes.push(...whole(resource, demandsOf(resource, now), now, 'stronger'));
  }
  for (const resource of resourcesOf(before))
    if (TYPES.has(resource.type) && !old.pairing.other(resource)) changes.push(...whole(resource, demandsOf(resource, old), old, 'weaker'));
  return changes;
}

/** Policies that stand by themselves: when they go, so does all that they demand. */
const POLICIES = /(ConditionalAccessPolicy|RoleManagementPolicy|RoleManagementPolicyAssignment|AccessPackageAssignmentPolicy)$/;

function whole(
  resource: Resource,
  { asked, covered, name: called }: Demands,
  estate: Estate,
  direction: 'weaker' | 'stronger',
): readonly ReviewChange[] {
  if (!POLICIES.test(resource.type) || asked.length === 0) return [];
  // A package that nobody can ask for any more gives nothing.
  if (/PackageAssignmentPolicy$/.test(resource.type)) return [];
  const texts = listed(asked.map(({ text }) => text));
  const whom = covered && covered.length > 0 ? ` of ${listed(covered.slice(0, 3))}` : '';
  const name = called ?? estate.pairing.name(resource);
  const sentence =
    called !== undefined
      ? direction === 'weaker'
        ? `nothing says any more what ${called} demands: it demanded ${texts}`
        : `${called} now demands ${texts}`
      : direction === 'weaker'
        ? `${name} is no longer there: it demanded ${texts}${whom}`
        : `${name} is new: it demands ${texts}${whom}`;
  return [change(resource, estate, direction, sentence, 'demands', texts)];
}

function compare(resource: Resource, old: Demands, now: Demands, estate: Estate): readonly ReviewChange[] {
  const name = now.name ?? estate.pairing.name(resource);
  if (now.by !== undefined && now.by === old.by) return [];
  const turned = old.enforced !== now.enforced;
  if (turned && now.enforced === false)
    return [change(resource, estate, 'weaker', `${name} is no longer enforced: it demanded ${texts(old)}`, 'enforced', texts(old))];
  if (turned && old.enforced === false)
    return [change(resource, estate, 'stronger', `${name} is enforced now: it demands ${texts(now)}`, 'enforced', texts(now))];
  return [
    ...told(
      droppedFrom(now.asked, old.asked).map(({ text }) => text),
      (what) => `${name} no longer demands ${what}`,
      'weaker',
    ),
    ...told(
      droppedFrom(old.asked, now.asked).map(({ text }) => text),
      (what) => `${name} now demands ${what}`,
      'stronger',
    ),
    ...told(missing(now.covered, old.covered), (what) => `${name} no longer covers ${what}`, 'weaker'),
    ...told(missing(old.covered, now.covered), (what) => `${name} now covers ${what}`, 'stronger'),
    ...told(without(old.leftOut, now.leftOut), (what) => `${name} now allows ${what}`, 'weaker', 'leaves out'),
    ...told(without(now.leftOut, old.leftOut), (what) => `${name} no longer allows ${what}`, 'stronger', 'leaves out'),
    ...lengths(resource, old, now, estate),
  ];

  function told(
    what: readonly string[],
    sentence: (what: string) => string,
    direction: 'weaker' | 'stronger',
    topic = '',
  ): readonly ReviewChange[] {
    if (what.length === 0) return [];
    // Of steps on a scale, the last says all.
    const all = what.every((one) => one.startsWith('requests of ')) ? (what[what.length - 1] as string) : listed(what);
    const said = /ConditionalAccess/.test(resource.type)
      ? sentence(all).replace(/(now|no longer) allows /, (_, word) => `${word === 'now' ? 'now leaves out' : 'no longer leaves out'} `)
      : sentence(all);
    const crossing =
      direction === 'weaker' && now.boundary !== undefined && what.some((one) => one.startsWith('that ')) ? now.boundary : undefined;
    return [change(resource, estate, direction, said, `${topic} ${all}`, all, crossing)];
  }
}

const texts = ({ asked }: Demands): string => listed(asked.map(({ text }) => text));

/** Everyone covers each. */
function missing(now: readonly string[] = [], before: readonly string[] = []): readonly string[] {
  return before.filter(
    (one) =>
      !now.includes(one) && !now.some((other) => other.startsWith('every ') && one.startsWith(`the ${other.slice('every '.length)} `)),
  );
}
const without = (before: readonly string[] = [], now: readonly string[] = []): readonly string[] =>
  now.filter((one) => !before.includes(one));

function lengths(resource: Resource, old: Demands, now: Demands, estate: Estate): readonly ReviewChange[] {
  const name = now.name ?? estate.pairing.name(resource);
  return (now.lengths ?? []).flatMap(({ hours, what }) => {
    const before = old.lengths?.find((other) => other.what === what)?.hours ?? Number.POSITIVE_INFINITY;
    if (before === hours) return [];
    const direction = hours > before ? 'weaker' : 'stronger';
    const sentence = `${name}: ${what} may last ${span(hours)} instead of ${span(before)}`;
    return [change(resource, estate, direction, sentence, what, `${span(before)} → ${span(hours)}`)];
  });
}

const span = (hours: number): string =>
  hours === Number.POSITIVE_INFINITY
    ? 'without end'
    : hours >= 48 && hours % 24 === 0
      ? `${hours / 24} days`
      : `${hours} ${hours === 1 ? 'hour' : 'hours'}`;

function change(
  resource: Resource,
  estate: Estate,
  direction: 'weaker' | 'stronger',
  sentence: string,
  topic: string,
  saw: string,
  boundary?: ReviewChange['boundary'],
): ReviewChange {
  const location = resource.locate();
  return {
    aspect: 'access',
    direction,
    severity: direction === 'stronger' ? 'low' : boundary === undefined ? 'high' : 'critical',
    sentence,
    subject: estate.pairing.identity(resource),
    topic: `access demands ${topic}`,
    ...(boundary === undefined ? {} : { boundary }),
    ...(direction === 'weaker' ? { approver: 'security' as const } : {}),
    evidence: [
      {
        resource: resource.path ?? resource.logicalId,
        side: estate.pairing.other(resource) || direction === 'stronger' ? 'after' : 'before',
        ...(location ? { location: { file: location.file, ...(location.line === undefined ? {} : { line: location.line }) } } : {}),
        saw,
      },
    ],
  };
}
