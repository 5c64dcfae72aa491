import { type ControlId, type DataProfile, decideTier, reaches, SEVERITIES, type Severity, TIERS, type Tier } from '../controls';
import type { Finding } from './finding';
import type { Graph } from './graph';
import { originOf } from './origin';
import { failuresIn, notApplicable, type Origin, type Outcome, together, unknown, type Verdict, withEveryFailure } from './outcome';
import { type Cloud, type Location, Resource, type Unit } from './resource';
import type { Rule, RuleContext } from './rule';
import { WRITTEN_BY_SDK } from './value';
import { controlSeverity, type DeclaredWaiver, type WaiverNote, WaiverRegister } from './waiver';

export interface EvaluateOptions {
  readonly rules: readonly Rule[];
  /** Overrides every declared profile. */
  readonly tier?: Tier | undefined;
  /** Profile of units that declare none themselves (palisade.yaml). */
  readonly profile?: DataProfile | undefined;
  readonly waivers?: readonly DeclaredWaiver[];
  /** @default now */
  readonly today?: Date;
  /** Keep a finding for each pass as well; otherwise passes are only counted. @default false */
  readonly passes?: boolean;
}

export interface Evaluation {
  /** Everything that is not a pass (and passes, when asked for), in the order of the resources. */
  readonly findings: readonly Finding[];
  /** Verdicts of each rule, passes included. */
  readonly counts: readonly RuleCount[];
  readonly waivers: readonly WaiverNote[];
  /** Tier with which each unit was judged, and why. */
  readonly tiers: ReadonlyMap<Unit, UnitTier>;
}

/** How often one rule came out how; a failure or unknown that is waived stands under `waived` only. */
export interface RuleCount {
  readonly rule: Rule;
  readonly counts: Readonly<Record<Verdict | 'waived', number>>;
}

export interface UnitTier {
  readonly tier: Tier;
  readonly why: readonly string[];
  readonly declared: boolean;
}

/** Worlds that are tried for one rule on one resource before it counts as undecided: four undecided conditions. */
const MOST_WORLDS = 16;

/**
 * Judges a graph. Pure: the same graph, rules and options give the same findings. Grows linearly with the resources
 * whose type a rule names; all rules of one resource run together and share what they read. A rule that throws yields `error`, which counts as a failure, and the run goes on.
 *
 * @example
 * const { findings } = evaluate(graph, { rules: RULES, tier: 'high' });
 */
export function evaluate(graph: Graph, options: EvaluateOptions): Evaluation {
  const record = new Recording(graph, options);
  for (const { concerned, resource } of toJudge(graph, options.rules)) {
    const context = record.contextOf(resource);
    for (const rule of concerned)
      record.add(rule, resource, reaches(context.tier, rule.from) ? judge(rule, resource, graph, context) : BEYOND);
  }
  return record.done();
}

/**
 * Judges a graph by its own tiers, and as if every unit were of the highest. A rule that does not look at the tier is asked once for
 * both.
 */
export function evaluateTwice(graph: Graph, options: EvaluateOptions): { readonly evaluation: Evaluation; readonly strictest: Evaluation } {
  const [own, high] = [new Recording(graph, options), new Recording(graph, { ...options, tier: 'high' })];
  for (const { concerned, resource } of toJudge(graph, options.rules)) {
    const context = own.contextOf(resource);
    const watched = new WatchedContext(high.contextOf(resource));
    for (const rule of concerned) {
      watched.asked = false;
      const outcome = judge(rule, resource, graph, watched);
      const found = high.add(rule, resource, outcome);
      if (!reaches(context.tier, rule.from)) own.add(rule, resource, BEYOND);
      else if (context.tier !== 'high' && watched.asked) own.add(rule, resource, judge(rule, resource, graph, context));
      else own.add(rule, resource, outcome, found);
    }
  }
  return { evaluation: own.done(), strictest: high.done() };
}

const BEYOND = notApplicable('not asked of this tier');

/** Resources with the rules that name their type; those that are only read are judged where they are managed. */
function* toJudge(graph: Graph, rules: readonly Rule[]): Iterable<{ readonly resource: Resource; readonly concerned: readonly Rule[] }> {
  for (const type of graph.types) {
    const byCloud = rulesNaming(type, rules);
    if (!byCloud) continue;
    for (const resource of graph.ofType(type)) {
      if (resource.options.external === true) continue;
      yield { resource, concerned: byCloud[resource.cloud] };
      Resource.forgetReads();
    }
  }
}

type RulesByCloud = Readonly<Record<Cloud, readonly Rule[]>>;

/** Rules by the types that they name: the same for every graph, and to find them costs as much as to judge a small one. */
const naming = new WeakMap<readonly Rule[], Map<string, RulesByCloud | undefined>>();

function rulesNaming(type: string, rules: readonly Rule[]): RulesByCloud | undefined {
  const known = naming.get(rules) ?? new Map<string, RulesByCloud | undefined>();
  naming.set(rules, known);
  if (!known.has(type)) {
    const named = rules.filter(({ on }) => on.some((one) => (typeof one === 'string' ? one === type : one.test(type))));
    const of = (cloud: Cloud) => named.filter((rule) => rule.cloud === cloud);
    known.set(type, named.length === 0 ? undefined : { aws: of('aws'), azure: of('azure') });
  }
  return known.get(type);
}

/** Notices whether a rule looks at the tier. */
class WatchedContext implements RuleContext {
  asked = false;
  readonly #context: RuleContext;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  get tier(): Tier {
    this.asked = true;
    return this.#context.tier;
  }

  get profile(): unknown {
    return this.#context.profile;
  }
}

/** Of the many rules whose types do not occur. */
const NO_VERDICTS: RuleCount['counts'] = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0, error: 0, waived: 0 };

/** What one evaluation finds. */
class Recording {
  readonly #findings: Finding[] = [];
  readonly #counts = new Map<Rule, Record<Verdict | 'waived', number>>();
  readonly #register: WaiverRegister;
  readonly #tiers: ReadonlyMap<Unit, UnitTier>;
  readonly #contexts: ReadonlyMap<Unit, RuleContext>;

  constructor(
    graph: Graph,
    readonly options: EvaluateOptions,
  ) {
    const gravest = worstSeverities(options.rules);
    this.#register = new WaiverRegister(options.waivers ?? [], (id) => gravest.get(id) ?? controlSeverity(id), options.today ?? new Date());
    this.#tiers = new Map(graph.units.map((unit) => [unit, tierOf(unit, options)]));
    this.#contexts = new Map([...this.#tiers].map(([unit, { tier }]) => [unit, { tier, profile: unit.profile ?? options.profile }]));
  }

  contextOf({ unit }: Resource): RuleContext {
    return this.#contexts.get(unit) as RuleContext;
  }

  /** @param known the same verdict, where another evaluation recorded it: it is kept only once */
  add(rule: Rule, resource: Resource, outcome: Outcome, known?: FoundFinding): FoundFinding | undefined {
    const counts = this.#countsOf(rule);
    const { verdict } = outcome;
    const waiver = verdict === 'fail' || verdict === 'unknown' ? this.#register.find(rule.id, rule.control, resource) : undefined;
    counts[waiver ? 'waived' : verdict] += 1;
    if (verdict === 'not-applicable' || (verdict === 'pass' && !this.options.passes)) return undefined;
    const found = known && known.waiver === waiver ? known : new FoundFinding(rule, resource, outcome, waiver);
    this.#findings.push(found);
    return found;
  }

  #countsOf(rule: Rule): Record<Verdict | 'waived', number> {
    const known = this.#counts.get(rule);
    if (known) return known;
    const counts = { ...NO_VERDICTS };
    this.#counts.set(rule, counts);
    return counts;
  }

  done(): Evaluation {
    const counts = this.options.rules.map((rule) => ({ rule, counts: this.#counts.get(rule) ?? NO_VERDICTS }));
    return { findings: this.#findings, counts, waivers: this.#register.notes(), tiers: this.#tiers };
  }
}

/** Judges one resource in every world that undecided conditions allow; a verdict must hold in all of them. */
export function judge(rule: Rule, resource: Resource, graph: Graph, context: RuleContext): Outcome {
  const { worlds } = graph;
  worlds.reset();
  const first = attempt(rule, resource, graph, context);
  if (worlds.asked.length === 0) return first;

  const outcomes = [first];
  const conditions = new Set(worlds.asked);
  const assumptions = worlds.asked.map((name): [string, boolean] => [name, worlds.assumed(name) === true]);
  while (nextWorld(assumptions)) {
    if (outcomes.length === MOST_WORLDS) return unknown(`more than ${MOST_WORLDS} combinations of conditions that nothing decides`);
    worlds.reset(assumptions);
    outcomes.push(attempt(rule, resource, graph, context));
    for (const name of worlds.asked.slice(assumptions.length)) {
      assumptions.push([name, worlds.assumed(name) === true]);
      conditions.add(name);
    }
  }
  worlds.reset();
  return agree(outcomes, conditions, first);
}

/**
 * Everything by which a resource breaks a rule, the first as {@link judge} finds it; nothing where it does not break it. Costs more
 * than a verdict, which needs one failure only.
 */
export const judgeThoroughly = (rule: Rule, resource: Resource, graph: Graph, context: RuleContext): readonly Outcome[] =>
  failuresIn(withEveryFailure(() => judge(rule, resource, graph, context)));

/** Counts down like a binary number whose digits are the conditions, last asked first; false when all have been false. */
function nextWorld(asked: [string, boolean][]): boolean {
  while (asked.length > 0) {
    const last = asked[asked.length - 1] as [string, boolean];
    if (last[1]) {
      last[1] = false;
      return true;
    }
    asked.pop();
  }
  return false;
}

function agree(outcomes: readonly Outcome[], conditions: ReadonlySet<string>, first: Outcome): Outcome {
  const judged = outcomes.filter(({ verdict }) => verdict !== 'not-applicable');
  const broken = judged.find(({ verdict }) => verdict === 'error');
  if (broken || judged.length === 0) return broken ?? first;
  const verdicts = new Set(judged.map(({ verdict }) => verdict));
  if (verdicts.size === 1) {
    const [one, ...others] = judged as [Outcome, ...Outcome[]];
    return one.more ? together(one, [...one.more, ...others.flatMap(failuresIn)]) : one;
  }
  const failing = judged.find(({ verdict }) => verdict === 'fail');
  const undecided = judged.find(({ verdict }) => verdict === 'unknown');
  const which = [...conditions].join(', ');
  return failing ? unknown(`${failing.saw}, but not in every case: depends on ${which}`, failing.at) : (undecided as Outcome);
}

function attempt(rule: Rule, resource: Resource, graph: Graph, context: RuleContext): Outcome {
  try {
    if (!graph.exists(resource)) return notApplicable('does not exist in this case');
    return rule.check(resource, graph, context);
  } catch (error) {
    return { verdict: 'error', saw: `the rule failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function tierOf(unit: Unit, options: EvaluateOptions): UnitTier {
  if (options.tier) return { tier: options.tier, why: [`set to ${options.tier}`], declared: true };
  const profile = isProfile(unit.profile) ? unit.profile : options.profile;
  if (!profile) return { tier: 'moderate', why: ['no data profile is declared: judged as moderate'], declared: false };
  const { tier, why } = decideTier(profile);
  return { tier, why, declared: true };
}

function isProfile(profile: unknown): profile is DataProfile {
  return (
    typeof profile === 'object' &&
    profile !== null &&
    ['system', 'owner', 'sensitivity', 'volume', 'exposure', 'privilege'].every(
      (key) => typeof (profile as Record<string, unknown>)[key] === 'string',
    )
  );
}

/** A rule id can stand for several rules; what excuses it is bounded by the gravest. */
const severities = new WeakMap<readonly Rule[], ReadonlyMap<string, Severity>>();

function worstSeverities(rules: readonly Rule[]): ReadonlyMap<string, Severity> {
  const known = severities.get(rules);
  if (known) return known;
  const worst = new Map<string, Severity>();
  for (const { id, severity } of rules) {
    const other = worst.get(id);
    if (other === undefined || SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(other)) worst.set(id, severity);
  }
  severities.set(rules, worst);
  return worst;
}

/** A class, so that the place is looked up only for what is printed, and thousands of findings cost little. */
class FoundFinding implements Finding {
  readonly rule: string;
  readonly control: ControlId;
  readonly severity: Severity;
  readonly cloud: Cloud;
  readonly fix: string;
  readonly verdict: Verdict;
  readonly message: string;
  readonly at: string | undefined;
  readonly origin: Origin | undefined;

  constructor(
    rule: Rule,
    readonly resource: Resource,
    outcome: Outcome,
    readonly waiver: DeclaredWaiver | undefined,
  ) {
    this.rule = rule.id;
    this.control = rule.control;
    this.severity = rule.severity;
    this.cloud = rule.cloud;
    this.fix = rule.fix;
    this.verdict = outcome.verdict;
    this.at = outcome.at;
    this.origin = originOf(outcome, resource);
    this.message = this.origin === 'sdk' && !outcome.saw.includes(WRITTEN_BY_SDK) ? `${outcome.saw} ${WRITTEN_BY_SDK}` : outcome.saw;
  }

  get location(): Location | undefined {
    return this.resource.locate(this.at);
  }
}

/** The strictest tier of a set; low for an empty one. */
export const strictest = (tiers: Iterable<Tier>): Tier =>
  [...tiers].reduce<Tier>((worst, tier) => (TIERS.indexOf(tier) > TIERS.indexOf(worst) ? tier : worst), 'low');
