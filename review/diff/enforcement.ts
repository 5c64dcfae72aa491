/** Who keeps each control: the rules that pass, and the resources on which they do, on both sides. */
import type { ControlId } from '../../controls';
import type { Finding } from '../../policies/finding';
import { UNIT } from '../../policies/graph';
import type { Resource } from '../../policies/resource';
import { HOLDS } from './data';
import { isGuard } from './guards';
import { type Pairing, resourcesOf, type Side } from './side';

/** A resource on which a rule passes. Several rules may have one id, and each of them asks for something else. */
interface Keeper {
  readonly resource: Resource;
  readonly times: number;
}

/** By the identity of the resource. */
type Resources = ReadonlyMap<string, Keeper>;

/** Of one control: what keeps it, by rule. */
export interface Enforcement {
  readonly before: ReadonlyMap<string, Resources>;
  readonly after: ReadonlyMap<string, Resources>;
}

/** One rule id of a control, with the resources on which it passes, as a person knows them; twice where two rules of the id do. */
export interface EnforcingRule {
  readonly rule: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Every rule that keeps a control on either side, in the order of their ids. */
export function rulesOf({ after, before }: Enforcement, pairing: Pairing): readonly EnforcingRule[] {
  const namesOf = (resources: Resources | undefined): readonly string[] =>
    [...(resources?.values() ?? [])].flatMap(({ resource, times }) => Array<string>(times).fill(pairing.name(resource))).sort();
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .map((rule) => ({ rule, before: namesOf(before.get(rule)), after: namesOf(after.get(rule)) }));
}

/** Whether other resources keep it than before, or by other rules. */
export function keepersDiffer({ after, before }: Enforcement): boolean {
  if (before.size !== after.size) return true;
  for (const [rule, old] of before) {
    const now = after.get(rule);
    if (now?.size !== old.size) return true;
    for (const [identity, { times }] of old) if (now.get(identity)?.times !== times) return true;
  }
  return false;
}

const NONE: ReadonlyMap<string, Resources> = new Map();

/** What keeps each control that is kept on either side, as far as the tier of each system asks for it. */
export function enforcementsOf(before: Side, after: Side, pairing: Pairing): ReadonlyMap<ControlId, Enforcement> {
  const [old, now] = [keptBy(before, pairing), keptBy(after, pairing)];
  const controls = [...new Set([...old.keys(), ...now.keys()])].sort();
  return new Map(controls.map((control) => [control, { before: old.get(control) ?? NONE, after: now.get(control) ?? NONE }]));
}

function keptBy({ targets }: Side, pairing: Pairing): ReadonlyMap<ControlId, ReadonlyMap<string, Resources>> {
  const kept = new Map<ControlId, Map<string, Map<string, Keeper>>>();
  for (const { evaluation } of targets)
    for (const { control, resource, rule, verdict } of evaluation.findings) {
      if (verdict !== 'pass') continue;
      const rules = kept.get(control) ?? new Map<string, Map<string, Keeper>>();
      kept.set(control, rules);
      const resources = rules.get(rule) ?? new Map<string, Keeper>();
      rules.set(rule, resources);
      const identity = pairing.identity(resource);
      resources.set(identity, { resource, times: (resources.get(identity)?.times ?? 0) + 1 });
    }
  return kept;
}

/** A control that nothing keeps any more, and why that is a loss. */
export interface Loss {
  /** What protected others, kept it, and is gone; none where what kept it, or what is new, breaks it now. */
  readonly gone: readonly { readonly resource: Resource; readonly rule: string }[];
}

/** What a control is about decides whether a guard that is gone leaves others without it. */
export type ProtectsOthers = (control: ControlId) => boolean;

/**
 * Controls that lost their last enforcement: something kept them before, nothing does now, and there is still something that they are
 * for. That is so where what kept it breaks it now, where something new does, and where a guard (a trail, an alarm, a backup plan)
 * kept it and is gone while what it protected stays. It is no loss where what kept the control went together with what the control
 * protected, where it can no longer be told, or where a recorded exception stands for it: that one has to be approved by itself.
 */
export function lossesOf(
  before: Side,
  after: Side,
  pairing: Pairing,
  enforcements: ReadonlyMap<ControlId, Enforcement>,
  protectsOthers: ProtectsOthers,
): ReadonlyMap<ControlId, Loss> {
  const lost = [...enforcements].filter(([, { after: now, before: old }]) => old.size > 0 && now.size === 0);
  if (lost.length === 0) return new Map();
  const breaking = breakingOf(after);
  const remains = [...resourcesOf(after)].some((resource) => resource.options.external !== true && !protectsByBeing(resource));
  const beforeIds = new Set([...resourcesOf(before)].map((resource) => pairing.identity(resource)));
  const losses = new Map<ControlId, Loss>();
  for (const [control, { before: old }] of lost) {
    const keepers = new Set([...old.values()].flatMap((resources) => [...resources.keys()]));
    const broken = (breaking.get(control) ?? []).some(({ resource }) => {
      const identity = pairing.identity(resource);
      return keepers.has(identity) || (resource.type !== UNIT && !beforeIds.has(identity));
    });
    const gone = [...old].flatMap(([rule, resources]) =>
      [...resources.values()]
        .filter(({ resource }) => protectsByBeing(resource) && pairing.other(resource) === undefined)
        .map(({ resource }) => ({ resource, rule })),
    );
    const unguarded = remains && gone.length > 0 && protectsOthers(control);
    if (broken || unguarded) losses.set(control, { gone: broken ? [] : gone });
  }
  return losses;
}

/** Stores are what is protected, though some also collect records of others. */
const protectsByBeing = ({ type }: Resource): boolean => isGuard(type) && !HOLDS.test(type);

function breakingOf({ targets }: Side): ReadonlyMap<ControlId, readonly Finding[]> {
  const found = new Map<ControlId, Finding[]>();
  for (const { evaluation } of targets)
    for (const finding of evaluation.findings) {
      if (finding.waiver || (finding.verdict !== 'fail' && finding.verdict !== 'error')) continue;
      const known = found.get(finding.control);
      if (known) known.push(finding);
      else found.set(finding.control, [finding]);
    }
  return found;
}
