/** What the rules say differently of the two sides: controls that are no longer kept, or no longer decided. */
import { CONTROLS, type ControlId, SEVERITIES, type Severity, standardOf } from '../../controls';
import { append } from '../../policies/collect';
import type { Finding } from '../../policies/finding';
import { UNIT } from '../../policies/graph';
import type { Verdict } from '../../policies/outcome';
import type { Resource } from '../../policies/resource';
import type { Approver, Aspect, ReviewEvidence } from '../schema-review';
import { HOLDS } from './data';
import { enforcementsOf, type Loss, lossesOf } from './enforcement';
import { Failures } from './failures';
import { notices } from './guards';
import { type Aspected, type Pairing, resourcesOf, type Side, type Told } from './side';

/** What a control is about, by its standard, and where that is more than one thing, by itself. */
const ASPECT_OF: Readonly<Record<string, Aspect>> = {
  LOG: 'logging',
  MON: 'detection',
  INC: 'detection',
  ENC: 'encryption',
  TLS: 'encryption',
  BCR: 'data',
  LOC: 'data',
  DHC: 'data',
  PRV: 'data',
  IDA: 'access',
  LPA: 'access',
  UAR: 'access',
  FLS: 'access',
};
const ASPECT_OF_CONTROL: Readonly<Record<string, Aspect>> = {
  'DHC-03': 'detection',
  'DHC-05': 'exposure',
  'ENC-07': 'access',
  'ENC-12': 'logging',
  'EXP-01': 'access',
  'EXP-02': 'access',
  'EXP-03': 'access',
  'EXP-04': 'access',
  'EXP-05': 'exposure',
  'EXP-07': 'detection',
  'EXP-08': 'access',
  'LOC-07': 'logging',
  'PRV-07': 'logging',
  'SDC-06': 'access',
  ...Object.fromEntries(
    ['01', '02', '03', '04', '05', '06', '07', '08', '09', '12', '15', '16', '20', '21', '22', '23'].map(
      (id) => [`DID-${id}`, 'exposure'] as const,
    ),
  ),
};
const aspectOf = (control: ControlId): Aspect => ASPECT_OF_CONTROL[control] ?? ASPECT_OF[standardOf(control).id] ?? 'controls';
const approverOf = (aspect: Aspect): Approver => (aspect === 'data' ? 'data owner' : 'security');
/** Exposure of which whoever owns the data has a say as well. */
const SHARED: ReadonlySet<ControlId> = new Set<ControlId>(['DHC-05']);

/** Worst first: a rule that has several verdicts on a resource counts by the worst, and of several of these by the gravest. */
const ORDER: readonly Verdict[] = ['error', 'fail', 'unknown', 'pass', 'not-applicable'];
function worse(one: Finding, other: Finding): Finding {
  const better = ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict);
  return better < 0 || (better === 0 && SEVERITIES.indexOf(one.severity) >= SEVERITIES.indexOf(other.severity)) ? one : other;
}

/** What each rule says of each resource, by the identity that is the same on both sides. */
type Verdicts = ReadonlyMap<string, ReadonlyMap<string, Finding>>;
type Judgement = 'evaluation' | 'strictest';

function verdictsOf({ targets }: Side, which: Judgement, pairing: Pairing): Verdicts {
  const verdicts = new Map<string, Map<string, Finding>>();
  // Findings come resource by resource.
  let last: { readonly resource: Resource; readonly ofIt: Map<string, Finding> } | undefined;
  for (const target of targets)
    for (const finding of target[which].findings) {
      const { resource, rule } = finding;
      if (last?.resource !== resource) {
        const identity = pairing.identity(resource);
        const ofIt = verdicts.get(identity) ?? new Map<string, Finding>();
        verdicts.set(identity, ofIt);
        last = { resource, ofIt };
      }
      const known = last.ofIt.get(rule);
      last.ofIt.set(rule, known ? worse(known, finding) : finding);
    }
  return verdicts;
}

/**
 * Controls that a resource kept and keeps no longer, told once for each resource and aspect; what a new resource breaks from the
 * start; what can no longer be decided. A control that nothing enforces any more blocks.
 */
export const findings: Aspected = (before, after, pairing) => {
  const declared = verdictsOf(after, 'evaluation', pairing);
  const strict = { before: verdictsOf(before, 'strictest', pairing), after: verdictsOf(after, 'strictest', pairing) };
  const losses = lossesOf(before, after, pairing, enforcementsOf(before, after, pairing), (control) => aspectOf(control) in OF_OTHERS);
  const failures = new Failures(before, after, pairing);
  const moved = movedOut(strict.before, after, pairing);
  const usual = customsOf(strict.before, before, pairing);
  const groups = new Map<string, Turn[]>();
  for (const [identity, verdicts] of strict.after) {
    const [earlier, obliged] = [strict.before.get(identity), declared.get(identity)];
    for (const [rule, now] of verdicts) {
      const turn = turnOf({ now, earlier: earlier?.get(rule), obliged: obliged?.get(rule), pairing, failures, moved });
      if (!turn) continue;
      const small =
        turn.direction === 'weaker' &&
        !losses.has(now.control) &&
        ((turn.fresh && isSmall(turn.now, usual)) || (turn.more === 'usual' && isLight(turn.now)));
      append(
        groups,
        `${small ? 'neutral' : turn.direction} ${aspectOf(now.control)} ${identity}`,
        small ? { ...turn, direction: 'neutral' } : turn,
      );
    }
  }
  // What is small beside something grave is part of it.
  for (const [key, turns] of groups) {
    const graver = key.startsWith('neutral ') ? groups.get(key.replace('neutral', 'weaker')) : undefined;
    if (!graver) continue;
    graver.push(...turns.map((turn) => ({ ...turn, direction: 'weaker' as const })));
    groups.delete(key);
  }
  return [...[...groups.values()].map((turns) => changeOf(turns, losses, pairing)), ...unguarded(losses, pairing)];
};

interface Turn {
  readonly direction: 'weaker' | 'stronger' | 'undecided' | 'neutral';
  readonly now: Finding;
  readonly earlier: Finding | undefined;
  readonly fresh: boolean;
  /** The tier of the system asks for it. */
  readonly obliged: boolean;
  /** It was broken before, by something else. */
  readonly more?: 'usual' | 'other';
  /** What was changed, where it was not the resource itself. */
  readonly by?: readonly string[];
}

interface Asked {
  readonly now: Finding;
  readonly earlier: Finding | undefined;
  readonly obliged: Finding | undefined;
  readonly pairing: Pairing;
  readonly failures: Failures;
  /** It was an entry of what it belongs to, which broke the rule by it. */
  readonly moved: (finding: Finding) => boolean;
}

const broken = (finding: Finding | undefined): boolean => finding?.verdict === 'fail' || finding?.verdict === 'error';

function turnOf({ earlier, failures, moved, now, obliged, pairing }: Asked): Turn | undefined {
  const fresh = pairing.other(now.resource) === undefined && now.resource.type !== UNIT;
  // What is new is judged by what its own tier asks; the rest by whether it was better before.
  if (fresh) {
    if (!obliged || obliged.waiver || moved(now)) return undefined;
    if (broken(obliged)) return { direction: 'weaker', now: obliged, earlier: undefined, fresh, obliged: true };
    return obliged.verdict === 'unknown' ? { direction: 'undecided', now: obliged, earlier: undefined, fresh, obliged: true } : undefined;
  }
  if (earlier === undefined || (now.waiver && !earlier.waiver)) return undefined;
  const turn = (direction: Turn['direction']): Turn => ({ direction, now, earlier, fresh, obliged: broken(obliged) });
  if (earlier.verdict === 'pass' && broken(now)) return turn('weaker');
  if (earlier.verdict === 'unknown' && broken(now)) return turn('weaker');
  if (earlier.verdict === 'pass' && now.verdict === 'unknown') return turn('undecided');
  if (broken(earlier) && now.verdict === 'pass') return turn('stronger');
  if (!broken(earlier) || !broken(now)) return undefined;
  const come = failures.come(earlier, now);
  return come && { ...turn('weaker'), now: come.finding, more: come.usual ? 'usual' : 'other', by: come.by };
}

const SUBNET = 'azure-native:network:Subnet';
const NETWORK = 'azure-native:network:VirtualNetwork';

/** Subnets that were written inside of their network, which broke a rule before, and are resources of their own now. */
function movedOut(earlier: Verdicts, { targets }: Side, pairing: Pairing): (finding: Finding) => boolean {
  return ({ resource, rule }) => {
    if (resource.type !== SUBNET) return false;
    const graph = targets.find((one) => one.graph.get(resource.id) === resource)?.graph;
    const parent = resource.parent === undefined ? undefined : graph?.get(resource.parent);
    const network = graph?.target(resource.at('virtualNetworkName'), NETWORK) ?? parent;
    const was = network?.type === NETWORK ? pairing.other(network) : undefined;
    const name = (resource.at('subnetName').shape ?? resource.at('name').shape ?? resource.logicalId).replace(/^.*\//, '').toLowerCase();
    return (
      was !== undefined &&
      broken(earlier.get(pairing.identity(was))?.get(rule)) &&
      was
        .at('subnets')
        .items()
        .some((one) => one.at('name').shape?.toLowerCase() === name)
    );
  };
}

// ── What is new ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Rules that every resource of a type broke before, of those that they judge. */
type Customs = ReadonlySet<string>;

function customsOf(verdicts: Verdicts, before: Side, pairing: Pairing): Customs {
  const [broke, kept] = [new Set<string>(), new Set<string>()];
  for (const resource of resourcesOf(before))
    for (const [rule, finding] of verdicts.get(pairing.identity(resource)) ?? [])
      if (finding.verdict !== 'not-applicable') (broken(finding) ? broke : kept).add(`${rule} ${resource.type}`);
  return new Set([...broke].filter((one) => !kept.has(one)));
}

/** What is asked of every store, whatever others of its kind do. */
const OF_STORES: ReadonlySet<Aspect> = new Set<Aspect>(['access', 'encryption', 'exposure', 'logging']);

/** One more of what its siblings break as well takes nothing away either. */
const isLight = ({ severity }: Finding): boolean => SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf('medium');

/**
 * What is new takes nothing away. It is a note where it records or notices, where what it breaks is of little weight, and where it is
 * like all others of its kind; but a store that is new has to be kept from others, and what happens to it recorded.
 */
function isSmall({ control, resource, rule, severity }: Finding, usual: Customs): boolean {
  if (severity === 'low') return true;
  if (HOLDS.test(resource.type)) return severity === 'medium' && !OF_STORES.has(aspectOf(control)) && usual.has(`${rule} ${resource.type}`);
  return notices(resource.type) || (severity === 'medium' && usual.has(`${rule} ${resource.type}`));
}

/** Of several that are equally grave, the first by its control: the order of the template does not matter. */
const gravest = (turns: readonly Turn[]): Turn =>
  turns.reduce((worst, turn) =>
    rank(turn) > rank(worst) || (rank(turn) === rank(worst) && turn.now.rule < worst.now.rule) ? turn : worst,
  );
const rank = ({ now, obliged }: Turn): number => SEVERITIES.indexOf(now.severity) + (obliged ? SEVERITIES.length : 0);

/** What a guard does for others: how it is encrypted, and who may use it, is about itself. */
const OF_OTHERS: Readonly<Partial<Record<Aspect, true>>> = { logging: true, detection: true, exposure: true, controls: true, data: true };

/** Guards that are gone, where nothing else keeps what they kept. */
function unguarded(losses: ReadonlyMap<ControlId, Loss>, pairing: Pairing): readonly Told[] {
  const byGuard = new Map<Resource, { readonly control: ControlId; readonly rule: string }[]>();
  for (const [control, { gone }] of losses) for (const { resource, rule } of gone) append(byGuard, resource, { control, rule });
  return [...byGuard].map(([guard, kept]): Told => {
    const controls = [...new Set(kept.map(({ control }) => control))];
    const worst = controls.reduce((one, other) => (severityOf(other) > severityOf(one) ? other : one));
    const aspect = aspectOf(worst);
    const location = guard.locate();
    return {
      aspect,
      direction: 'weaker',
      severity: CONTROLS[worst].severity,
      sentence: `${pairing.name(guard)}, which kept “${CONTROLS[worst].title}” (${worst}), is gone; nothing keeps ${controls.join(', ')} any more`,
      subject: pairing.identity(guard),
      topic: `last ${controls.join()}`,
      control: worst,
      approver: approverOf(aspect),
      blocks: true,
      evidence: kept.map(({ rule }) => ({
        resource: evidenceName(guard, pairing),
        side: 'before',
        ...(location ? { location: { file: location.file, ...(location.line === undefined ? {} : { line: location.line }) } } : {}),
        rule,
        saw: 'is no longer there',
      })),
      causes: [{ resource: pairing.identity(guard) }],
    };
  });
}
const severityOf = (control: ControlId): number => SEVERITIES.indexOf(CONTROLS[control].severity);

function changeOf(turns: readonly Turn[], losses: ReadonlyMap<ControlId, Loss>, pairing: Pairing): Told {
  const worst = gravest(turns);
  const { direction, now } = worst;
  const aspect = aspectOf(now.control);
  const gone = [...new Set(turns.map((turn) => turn.now.control))].filter(
    (id) => direction === 'weaker' && losses.get(id)?.gone.length === 0,
  );
  return {
    aspect,
    direction,
    severity: direction === 'weaker' && !worst.obliged ? milder(now.severity) : now.severity,
    sentence: sentenceOf(turns, worst, gone, pairing),
    subject: pairing.identity(now.resource),
    topic: `${aspect} ${now.control}`,
    control: now.control,
    ...(direction === 'stronger' || direction === 'neutral' ? {} : { approver: approverOf(aspect) }),
    ...(direction !== 'stronger' && direction !== 'neutral' && aspect !== 'data' && turns.some((turn) => SHARED.has(turn.now.control))
      ? { alsoNeeds: 'data owner' as const }
      : {}),
    ...(gone.length > 0 ? { blocks: true } : {}),
    evidence: turns.map(evidenceOf(pairing)),
    causes: turns.flatMap(({ by = [], now }) => (by.length > 0 ? by.map((resource) => ({ resource })) : [causeOf(now, pairing)])),
  };
}

/** Without a place inside it, the finding is about the resource as it stands among others. */
const causeOf = ({ at, resource }: Finding, pairing: Pairing): { readonly resource: string; readonly path?: string } => ({
  resource: pairing.identity(resource),
  ...(at === undefined || at === '' ? {} : { path: at }),
});

/** What no tier of the system asks for is told, but does not shout. */
const milder = (severity: Severity): Severity => SEVERITIES[Math.max(0, SEVERITIES.indexOf(severity) - 1)] as Severity;

function sentenceOf(
  turns: readonly Turn[],
  { direction, fresh, more: besides, now, obliged }: Turn,
  gone: readonly ControlId[],
  pairing: Pairing,
): string {
  const name = pairing.name(now.resource);
  const said = `${CONTROLS[now.control].title} (${now.control})`;
  const more = new Set(turns.map((turn) => turn.now.control)).size - 1;
  const others = more > 0 ? `, and ${more} more` : '';
  switch (direction) {
    case 'stronger':
      return `${name} now keeps “${said}”${others}`;
    case 'undecided':
      return `${name}: whether it keeps “${said}” can no longer be told${others}: ${now.message}`;
    case 'neutral':
      return `${name} ${besides ? 'breaks by more than before' : 'is new and does not keep'} “${said}”${others}: ${now.message}`;
    case 'weaker': {
      const what = fresh ? `${name} is new and breaks` : besides ? `${name} breaks by more than before` : `${name} no longer keeps`;
      const tier = obliged ? '' : ' (its tier does not ask for it)';
      const last = gone.length > 0 ? `; nothing keeps ${gone.join(', ')} any more` : '';
      return `${what} “${said}”${others}: ${now.message}${tier}${last}`;
    }
  }
}

const evidenceOf =
  (pairing: Pairing) =>
  ({ earlier, now }: Turn): ReviewEvidence => {
    const { location } = now;
    return {
      resource: evidenceName(now.resource, pairing),
      side: 'after',
      ...(location ? { location: { file: location.file, ...(location.line === undefined ? {} : { line: location.line }) } } : {}),
      rule: now.rule,
      saw:
        earlier && earlier.message !== '' && earlier.message !== now.message ? `${now.message} (before: ${earlier.message})` : now.message,
    };
  };
const evidenceName = (resource: Resource, pairing: Pairing): string => resource.path ?? (resource.logicalId || pairing.name(resource));
