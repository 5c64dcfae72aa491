/** What a change means: every aspect asked, each consequence told once, the gravest first. */
import type { ControlId, DataProfile, Tier } from '../../controls';
import { type Graph, RULES } from '../../policies';
import { evaluateTwice } from '../../policies/evaluate';
import type { DeclaredWaiver } from '../../policies/waiver';
import type { ReviewChange } from '../schema-review';
import { access } from './access';
import { accessAzure } from './access-azure';
import { data } from './data';
import { encryption } from './encryption';
import { type EnforcingRule, enforcementsOf, keepersDiffer, rulesOf } from './enforcement';
import { exposure } from './exposure';
import { toldByPaths } from './exposure/fold';
import { findings } from './findings';
import { folded } from './folding';
import { grants } from './grants';
import { guards } from './guards';
import type { Libraries } from './libraries';
import { packs } from './packs';
import { pair } from './pairing';
import { posture } from './posture';
import { readable } from './readable';
import { removed } from './removed';
import { residency } from './residency';
import { resolvers } from './resolvers';
import type { Aspected, Checks, Occasion, PackReport, Pairing, Side, SideTarget } from './side';
import { strengths } from './strengths';
import { transport } from './transport';
import { whateverIsDeployed } from './whatever';
import { wiring } from './wiring';

export type { Occasion, Side } from './side';

/** What is read of one target. */
export interface Read {
  readonly path: string;
  readonly graph: Graph;
  readonly waivers: readonly DeclaredWaiver[];
  /** What packs of rules wrote beside it. */
  readonly packs?: readonly PackReport[] | undefined;
  /** Versions of the libraries that made it, by name. */
  readonly libraries?: Libraries | undefined;
}

/** What a project file says; both sides have their own. */
export interface SideConfig extends NonNullable<Side['settings']> {
  readonly profile?: DataProfile | undefined;
  readonly waivers?: readonly DeclaredWaiver[] | undefined;
  /** Overrides every declared tier. */
  readonly tier?: Tier | undefined;
  /** Where the whole project is at hand. */
  readonly checks?: Checks | undefined;
}

/** Judges what was read of one side. */
export function sideOf(which: Side['which'], read: readonly Read[], { today }: Occasion, config: SideConfig = {}): Side {
  const { gate, partners, profile, strict, tier } = config;
  const targetOf = ({ graph, libraries, packs: written, path, waivers }: Read): SideTarget => {
    const declared = [...(config.waivers ?? []), ...waivers];
    const judged = evaluateTwice(graph, { rules: RULES, profile, waivers: declared, today, passes: true, tier });
    const again = (otherwise: Graph, found: readonly DeclaredWaiver[]) =>
      targetOf({ path, graph: otherwise, waivers: found, packs: written, libraries });
    return { path, graph, waivers: declared, ...judged, again, packs: written, libraries };
  };
  const targets = read.map(targetOf);
  return { which, targets, checks: config.checks, settings: { gate, strict, profile, partners } };
}

const ASPECTED: readonly Aspected[] = [
  access,
  accessAzure,
  exposure,
  grants,
  guards,
  wiring,
  resolvers,
  data,
  residency,
  encryption,
  transport,
  strengths,
  findings,
  posture,
  packs,
  removed,
];

/**
 * What changed in meaning between two sides, the gravest first. Empty when nothing did.
 *
 * @example
 * compareSides(sideOf('before', [before], occasion), sideOf('after', [after], occasion), occasion)
 */
export function compareSides(before: Side, after: Side, occasion: Occasion): readonly ReviewChange[] {
  return whateverIsDeployed(before, after, (one, other) => {
    const pairing = pairingOf(one, other);
    const changes = ASPECTED.flatMap((aspect) => aspect(one, other, pairing, occasion));
    return folded(toldByPaths(changes)).map(readable(one, other, pairing));
  });
}

const PAIRINGS = new WeakMap<Side, WeakMap<Side, Pairing>>();

function pairingOf(before: Side, after: Side): Pairing {
  const known = PAIRINGS.get(before)?.get(after);
  if (known) return known;
  const pairing = pair(before, after);
  PAIRINGS.set(before, (PAIRINGS.get(before) ?? new WeakMap<Side, Pairing>()).set(after, pairing));
  return pairing;
}

/** What keeps one control on both sides. */
export interface ComparedControl {
  readonly control: ControlId;
  readonly rules: readonly EnforcingRule[];
  /** Whether something keeps it that did not, or the other way. */
  readonly differs: boolean;
}

/** The rules and resources that keep each control, on both sides. */
export function compareControls(before: Side, after: Side): readonly ComparedControl[] {
  const pairing = pairingOf(before, after);
  return [...enforcementsOf(before, after, pairing)].map(([control, enforcement]) => ({
    control,
    differs: keepersDiffer(enforcement),
    get rules() {
      return rulesOf(enforcement, pairing);
    },
  }));
}
