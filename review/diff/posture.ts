/** What changed about the check itself: classification and tier, exceptions, the gate. */
import { ANNOUNCE_DAYS, CONTROLS, type ControlId, reaches, SEVERITIES, TIERS } from '../../controls';
import type { Evaluation } from '../../policies';
import { UNIT } from '../../policies/graph';
import type { Resource } from '../../policies/resource';
import { type DeclaredWaiver, daysLeft } from '../../policies/waiver';
import type { Boundary, ReviewChange } from '../schema-review';
import type { Aspected, Pairing, Side } from './side';

/** Tiers, exceptions, the gate, and who counts as ours. */
export const posture: Aspected = (before, after, pairing, { today }) => [
  ...tiers(before, after, pairing),
  ...waivers(before, after, today),
  ...gate(before, after),
  ...partners(before, after),
];

// ── Tiers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function tiers(before: Side, after: Side, pairing: Pairing): readonly ReviewChange[] {
  const judged = new Map(before.targets.flatMap((target) => target.graph.ofType(UNIT).map((unit) => [unit, target] as const)));
  return after.targets.flatMap(({ evaluation, graph }) =>
    graph.ofType(UNIT).flatMap((unit): readonly ReviewChange[] => {
      const other = pairing.other(unit);
      const old = other && judged.get(other);
      if (!other || !old) return [];
      const [now, earlier] = [evaluation.tiers.get(unit.unit), old.evaluation.tiers.get(other.unit)];
      if (!now || !earlier || now.tier === earlier.tier) return inputs(other, unit, pairing, [before, after]);
      const weaker = TIERS.indexOf(now.tier) < TIERS.indexOf(earlier.tier);
      const falls = weaker ? fallsAway(old.evaluation, now.tier, earlier.tier) : [];
      return [
        {
          aspect: 'controls',
          direction: weaker ? 'weaker' : 'stronger',
          severity: weaker ? 'high' : 'low',
          sentence: `the tier of ${pairing.name(unit)} goes from ${earlier.tier} to ${now.tier}${weaker ? `, and ${falls.length} controls that it kept are no longer asked for` : ''}`,
          subject: pairing.identity(unit),
          topic: 'tier',
          ...(weaker ? { approver: 'data owner' as const, boundary: 'tier' as const } : {}),
          evidence: [
            {
              resource: unit.unit.id,
              side: 'after',
              saw: [...now.why, ...(falls.length > 0 ? [`no longer asked for: ${falls.join(', ')}`] : [])].join('; '),
            },
          ],
        },
      ];
    }),
  );
}

/** The same tier, decided from other words: fewer are told who must be careful. */
function inputs(before: Resource, after: Resource, pairing: Pairing, sides: readonly [Side, Side]): readonly ReviewChange[] {
  const [old, now] = [before, after].map(
    ({ unit }, at) => (unit.profile ?? sides[at]?.settings?.profile ?? {}) as Readonly<Record<string, unknown>>,
  ) as [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>];
  const changed = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]),
  );
  if (changed.length === 0) return [];
  const words = changed.map((key) => `${key} ${JSON.stringify(old[key]) ?? 'not said'} → ${JSON.stringify(now[key]) ?? 'not said'}`);
  return [
    {
      aspect: 'controls',
      direction: 'weaker',
      severity: 'medium',
      sentence: `the data profile of ${pairing.name(after)} says something else: ${words.join(', ')}`,
      subject: pairing.identity(after),
      topic: 'profile',
      approver: 'data owner',
      ...(changed.includes('residency') ? { boundary: 'residency' as const } : {}),
      evidence: [{ resource: after.unit.id, side: 'after', saw: words.join('; ') }],
    },
  ];
}

/** Controls that were kept because the old tier asked for them, and that the new one does not ask for. */
function fallsAway({ counts }: Evaluation, now: (typeof TIERS)[number], earlier: (typeof TIERS)[number]): readonly ControlId[] {
  const kept = counts.filter(({ counts: verdicts, rule }) => verdicts.pass > 0 && reaches(earlier, rule.from) && !reaches(now, rule.from));
  return [...new Set(kept.map(({ rule }) => rule.control))];
}

// ── Exceptions ─────────────────────────────────────────────────────────────────────────────────────────────────────

const keyOf = ({ resource, rule }: DeclaredWaiver): string => `${rule} on ${resource}`;

function register({ targets }: Side): ReadonlyMap<string, DeclaredWaiver> {
  return new Map(targets.flatMap(({ waivers: declared }) => declared).map((waiver) => [keyOf(waiver), waiver]));
}

function waivers(before: Side, after: Side, today: Date): readonly ReviewChange[] {
  const [old, now] = [register(before), register(after)];
  const changes: ReviewChange[] = [];
  for (const [key, waiver] of now) {
    const earlier = old.get(key);
    const left = daysLeft(waiver, today);
    if (!earlier) {
      const narrower = [...old.values()].find((other) => widens(other, waiver));
      changes.push(
        exception(waiver, 'weaker', narrower ? `is wider than before (was ${keyOf(narrower)})` : 'is new', `until ${waiver.expires}`),
      );
    } else if (waiver.expires > earlier.expires)
      changes.push(exception(waiver, 'weaker', `runs until ${waiver.expires}`, `until ${earlier.expires} before`));
    else if (left !== undefined && left >= 0 && left <= ANNOUNCE_DAYS)
      changes.push(exception(waiver, 'neutral', `runs out in ${left} days`, `until ${waiver.expires}`));
  }
  for (const [key, waiver] of old) if (!now.has(key)) changes.push(exception(waiver, 'stronger', 'is gone', `until ${waiver.expires}`));
  for (const { evaluation } of after.targets)
    for (const { message, problem, waiver } of evaluation.waivers)
      if (problem === 'unused') changes.push(exception(waiver, 'neutral', 'is needed by nothing', message));
  return changes;
}

/** The same exception, of the whole control instead of a rule, or for more resources. */
const widens = (old: DeclaredWaiver, now: DeclaredWaiver): boolean =>
  (old.resource === now.resource && old.rule.startsWith(`${now.rule}.`)) || (old.rule === now.rule && old.resource.includes(now.resource));

function exception(waiver: DeclaredWaiver, direction: ReviewChange['direction'], what: string, saw: string): ReviewChange {
  const { approver, location, owner, reason, resource, rule, ticket } = waiver;
  const control = rule.split('.')[0] as ControlId;
  return {
    aspect: 'controls',
    direction,
    severity: CONTROLS[control]?.severity ?? 'medium',
    sentence: `the exception from ${rule} for ${resource} ${what}: “${reason}” (${owner}, approved by ${approver}, ${ticket})`,
    subject: `waiver ${keyOf(waiver)}`,
    topic: `waiver ${what}`,
    ...(control in CONTROLS ? { control } : {}),
    ...(direction === 'weaker' ? { approver: 'security' as const } : {}),
    evidence: [
      {
        resource,
        side: direction === 'stronger' ? 'before' : 'after',
        rule,
        saw,
        ...(location ? { location: { file: location.file, ...(location.line === undefined ? {} : { line: location.line }) } } : {}),
      },
    ],
  };
}

// ── The gate ───────────────────────────────────────────────────────────────────────────────────────────────────────

function gate({ settings: old = {} }: Side, { settings: now = {} }: Side): readonly ReviewChange[] {
  const words: string[] = [];
  const [was, is] = [old.gate ?? 'medium', now.gate ?? 'medium'];
  if (SEVERITIES.indexOf(is) > SEVERITIES.indexOf(was)) words.push(`the gate goes from ${was} to ${is}`);
  if (old.strict === true && now.strict !== true) words.push('what cannot be told no longer fails the gate');
  return words.map((sentence) => ({
    aspect: 'controls',
    direction: 'weaker',
    severity: 'high',
    sentence,
    subject: 'the check',
    topic: sentence,
    approver: 'security',
    evidence: [{ resource: 'palisade.yaml', side: 'after', saw: sentence }],
  }));
}

// ── Who counts as ours ─────────────────────────────────────────────────────────────────────────────────────────────

/** Whoever is newly called ours is no longer told as an outsider once this is approved. */
function partners({ settings: old = {} }: Side, { settings: now = {} }: Side): readonly ReviewChange[] {
  const [was, is] = [old.partners ?? {}, now.partners ?? {}];
  const added = (list: 'accounts' | 'tenants') => (is[list] ?? []).filter((one) => !(was[list] ?? []).includes(one));
  const lines: readonly (readonly [sentence: string, boundary?: Boundary])[] = [
    ...added('accounts').map((account) => [`the account ${account} counts as ours from now on`, 'organisation'] as const),
    ...added('tenants').map((tenant) => [`the tenant ${tenant} counts as ours from now on`, 'tenant'] as const),
    ...(was.subcontractors ?? [])
      .filter((one) => !(is.subcontractors ?? []).includes(one))
      .map((one) => [`${one} no longer counts as a subcontractor`] as const),
    ...(was.organisation !== undefined && was.organisation !== is.organisation
      ? [[`our organisation is ${is.organisation ?? 'not said any more'} instead of ${was.organisation}`, 'organisation'] as const]
      : []),
  ];
  return lines.map(([sentence, boundary]) => ({
    aspect: 'controls',
    direction: 'weaker',
    severity: boundary === undefined ? 'medium' : 'high',
    sentence,
    subject: 'partners',
    topic: sentence,
    ...(boundary === undefined ? {} : { boundary }),
    approver: 'security',
    evidence: [{ resource: 'palisade.yaml', side: 'after', saw: sentence }],
  }));
}
