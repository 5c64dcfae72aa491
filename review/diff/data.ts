/** What happens to the stores, keys, vaults and records themselves: deleted, replaced, left behind. */
import * as differ from '@aws-cdk/cloudformation-diff';
import { UNIT } from '../../policies/graph';
import type { Resource, Unit } from '../../policies/resource';
import { hasHole } from './access/text';
import { endingsOf, protectionOf, Replacements, takenAlong } from './data/azure';
import { backups } from './data/azure-backups';
import { completions } from './data/azure-deployments';
import { lifecycles } from './data/azure-lifecycles';
import { locks } from './data/azure-locks';
import { writeOnce } from './data/azure-write-once';
import { FATES, type Fate, HOLDS, type Names, namesOf, type Why } from './data/parts';
import { canonical, type PlainMap, plainNode, plainOf } from './plain';
import { placeOf, shownAs } from './reading';
import { type Aspected, type Pairing, resourcesOf, type Side, type Told } from './side';

export { HOLDS };

/** Keys and vaults of backups are as good as the data: without them it cannot be read, or brought back. */
const RECORDS = /^(AWS::Logs::|AWS::CloudTrail::|azure-native:operationalinsights:)/;

/** Stores, keys, vaults and logs that are deleted, replaced or left behind. */
export const data: Aspected = (before, after, pairing) => [
  ...gone(before, pairing),
  ...replaced(before, after, pairing),
  ...endedOnAzure(before, after, pairing),
  ...unprotected(before, pairing),
  ...completions(after, pairing),
  ...locks(before, after, pairing),
  ...backups(before, after, pairing),
  ...writeOnce(before, after, pairing),
  ...lifecycles(before, after, pairing),
];

// ── Gone ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function gone(before: Side, pairing: Pairing): readonly Told[] {
  const changes: Told[] = [];
  for (const resource of resourcesOf(before)) {
    if (resource.cloud !== 'aws' || !HOLDS.test(resource.type) || pairing.other(resource) !== undefined) continue;
    const fate = fateOf(resource, 'DeletionPolicy');
    changes.push(line(resource, pairing, fate, `${pairing.name(resource)} is no longer there: ${FATES[fate]}`, 'gone'));
  }
  return changes;
}

/** What CloudFormation does to databases where nobody says anything: those of a cluster are copied with it. */
const snapshotByDefault = (resource: Resource): boolean =>
  resource.type === 'AWS::RDS::DBCluster' ||
  (resource.type === 'AWS::RDS::DBInstance' && resource.at('DBClusterIdentifier').state === 'absent');

function fateOf(resource: Resource, policy: 'DeletionPolicy' | 'UpdateReplacePolicy'): Fate {
  const { cloud, options } = resource;
  if (cloud === 'azure') return protectionOf(resource);
  const said = options[policy];
  if (said === 'Retain' || said === 'RetainExceptOnCreate') return 'kept';
  if (said === undefined && policy === 'DeletionPolicy' && snapshotByDefault(resource)) return 'snapshot';
  return said === 'Snapshot' ? 'snapshot' : 'deleted';
}

// ── Replaced ───────────────────────────────────────────────────────────────────────────────────────────────────────

function replaced(before: Side, after: Side, pairing: Pairing): readonly Told[] {
  const changes: Told[] = [];
  const [old, now] = [namesOf(before, pairing), namesOf(after, pairing)];
  const elsewhere = stacksOf(before, after, pairing);
  for (const resource of resourcesOf(before)) {
    const other = pairing.other(resource);
    if (other === undefined || other.cloud !== 'aws' || !HOLDS.test(resource.type)) continue;
    const why = replacedOnAws(resource, other, elsewhere(resource.unit, other.unit), old, now);
    if (why === undefined) continue;
    const fate = fateOf(resource, why.moved ? 'DeletionPolicy' : 'UpdateReplacePolicy');
    changes.push(
      line(
        other,
        pairing,
        fate,
        `${pairing.name(resource)} is replaced by a new, empty one (${why.words}): of the old one, ${FATES[fate]}`,
        'replaced',
      ),
    );
  }
  return changes;
}

/** The stack that something stands in now, where that is another one than before; a stack with another name is another one. */
function stacksOf(before: Side, after: Side, pairing: Pairing): (old: Unit, now: Unit) => string | undefined {
  const known = new Map<Unit, { readonly identity: string; readonly name: string | undefined }>();
  for (const { targets } of [before, after])
    for (const { graph } of targets)
      for (const resource of graph.ofType(UNIT)) {
        const name = plainNode(resource.scope, { Ref: 'AWS::StackName' }, String);
        known.set(resource.unit, {
          identity: pairing.identity(resource),
          name: typeof name === 'string' && !hasHole(name) ? name : undefined,
        });
      }
  return (old, now) => {
    const [was, is] = [known.get(old), known.get(now)];
    if (!was || !is) return undefined;
    const renamed = was.name !== undefined && is.name !== undefined && was.name !== is.name;
    return was.identity !== is.identity || renamed ? (is.name ?? now.id) : undefined;
  };
}

function replacedOnAws(before: Resource, after: Resource, stack: string | undefined, old: Names, now: Names): Why | undefined {
  const [Before, After] = [plainOf(before, old) as PlainMap, plainOf(after, now) as PlainMap];
  const moves = [
    ...(stack === undefined ? [] : [`it stands in the stack ${stack} now`]),
    ...(before.logicalId === after.logicalId ? [] : [`its logical id is ${after.logicalId} now`]),
  ];
  if (moves.length > 0)
    // Kept and named: whoever moves a store so imports it again.
    return isAdopted(before, Before, After) ? undefined : { words: moves.join(', and '), moved: true };
  if (canonical(Before) === canonical(After)) return undefined;
  const template = (Properties: PlainMap) => ({ Resources: { It: { Type: after.type, Properties } } });
  const { resources } = differ.fullDiff(template(Before), template(After));
  const change = resources.changes.It;
  if (!change) return undefined;
  const causes = Object.entries(change.propertyUpdates)
    .filter(([, { changeImpact }]) => changeImpact === differ.ResourceImpact.WILL_REPLACE)
    .map(([name]) => name)
    .sort();
  return causes.length === 0 ? undefined : { words: `${causes.join(', ')} ${causes.length > 1 ? 'change' : 'changes'}`, moved: false };
}

/** Properties by which services call a resource. */
const NAME = /^(\w*Name|\w*Identifier)$/;
function isAdopted(before: Resource, old: PlainMap, now: PlainMap): boolean {
  if (fateOf(before, 'DeletionPolicy') !== 'kept') return false;
  return Object.entries(old).some(([key, value]) => NAME.test(key) && typeof value === 'string' && value === now[key]);
}

// ── On Azure ───────────────────────────────────────────────────────────────────────────────────────────────────────

function endedOnAzure(before: Side, after: Side, pairing: Pairing): readonly Told[] {
  const endings = endingsOf(before, new Replacements(before, after, pairing));
  return [...endings.values()].map((ending) => {
    const { fate, other, resource, why, within } = ending;
    const name = pairing.name(resource);
    if (other && why?.unsure === true) return unsure(other, pairing, why);
    const also = within.length === 0 ? '' : `; ${takenAlong(ending, pairing)}`;
    if (!other || !why) return line(resource, pairing, fate, `${name} is no longer there: ${FATES[fate]}${also}`, 'gone');
    const sentence =
      fate === 'impossible'
        ? `${name} cannot be deployed (${why.words}): ${FATES[fate]}`
        : `${name} is replaced by a new, empty one (${why.words}): of the old one, ${FATES[fate]}${also}`;
    return line(other, pairing, fate, sentence, 'replaced');
  });
}

const unsure = (resource: Resource, pairing: Pairing, { words }: Why): Told => ({
  ...line(
    resource,
    pairing,
    'kept',
    `whether ${pairing.name(resource)} is replaced by a new, empty one cannot be told: ${words}`,
    'replaced',
  ),
  direction: 'undecided',
});

// ── Less protected ─────────────────────────────────────────────────────────────────────────────────────────────────

const SAFETY: readonly Fate[] = ['deleted', 'snapshot', 'kept', 'refused'];
const ENDS = { DeletionPolicy: 'it leaves the deployment', UpdateReplacePolicy: 'it is replaced' } as const;

/** What would become of it one day: no longer kept where it was kept. */
function unprotected(before: Side, pairing: Pairing): readonly Told[] {
  const lines: Told[] = [];
  for (const resource of resourcesOf(before)) {
    const other = HOLDS.test(resource.type) ? pairing.other(resource) : undefined;
    if (!other || other.options.external === true) continue;
    const changed = (['DeletionPolicy', 'UpdateReplacePolicy'] as const).flatMap((policy) => {
      if (resource.cloud === 'azure' && (policy === 'UpdateReplacePolicy' || !resource.id.startsWith('urn:'))) return [];
      const [was, is] = [fateOf(resource, policy), fateOf(other, policy)];
      return was === is ? [] : [{ policy, was, is }];
    });
    // Both change alike mostly, and are one decision.
    const [one, two] = changed;
    const alike = one !== undefined && one.was === two?.was && one.is === two.is;
    for (const { is, policy, was } of alike ? [one] : changed) {
      const weaker = SAFETY.indexOf(is) < SAFETY.indexOf(was);
      const records = RECORDS.test(resource.type);
      const policies = alike ? changed.map((each) => each.policy) : [policy];
      lines.push({
        aspect: records ? 'logging' : 'data',
        direction: weaker ? 'weaker' : 'stronger',
        severity: is === 'deleted' ? 'high' : 'medium',
        sentence: `${pairing.name(other)}: when ${policies.map((each) => ENDS[each]).join(' or ')}, ${FATES[is]} (before: ${FATES[was]})`,
        subject: pairing.identity(other),
        topic: policy,
        ...(weaker ? { approver: records ? ('security' as const) : ('data owner' as const) } : {}),
        evidence: [{ resource: shownAs(other), side: 'after', ...placeOf(other), saw: policies.join(', ') }],
        causes: policies.map((each) => ({ resource: pairing.identity(other), path: each })),
      });
    }
  }
  return lines;
}

// ── In words ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The deployment does not do it. */
const STOPPED: ReadonlySet<Fate> = new Set(['refused', 'impossible']);

function line(resource: Resource, pairing: Pairing, fate: Fate, sentence: string, topic: string): Told {
  const records = RECORDS.test(resource.type);
  return {
    aspect: records ? 'logging' : 'data',
    direction: STOPPED.has(fate) ? 'neutral' : 'weaker',
    severity: fate === 'deleted' ? 'critical' : fate === 'snapshot' ? 'high' : 'medium',
    sentence,
    subject: pairing.identity(resource),
    topic,
    ...(STOPPED.has(fate) ? {} : { approver: records ? ('security' as const) : ('data owner' as const) }),
    evidence: [
      {
        resource: shownAs(resource),
        side: topic === 'gone' ? 'before' : 'after',
        ...placeOf(resource),
        saw: FATES[fate],
      },
    ],
  };
}
