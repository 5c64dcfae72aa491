/** The sentences of access on AWS: who can do what with what, under which condition, and by which way. */
import { SEVERITIES, type Severity } from '../../controls';
import type { Resource } from '../../policies/resource';
import type { Boundary, ReviewEvidence } from '../schema-review';
import { verbsIn } from './access/action-sets';
import { type AccessChange, mayDo } from './access/compare';
import { principalText } from './access/principal-forms';
import type { Region } from './access/regions';
import type { Chains, Gain } from './access-chains/compare';
import type { Actor, Step } from './access-chains/model';
import type { Holder } from './access-holders-parts';
import { Things } from './access-things';
import { evidenceAt, witnessOf } from './access-witness';
import {
  actions,
  besidesTelling,
  byAws,
  type Doing,
  doingWords,
  few,
  heavier,
  MOST_NAMED,
  merged,
  onlyBecomes,
  onlyRuns,
  onlyTells,
  severityOf,
  shownHoles,
  wordsOf,
} from './access-words';
import { Successors } from './acting';
import { isForHandler } from './known-handlers';
import { Circle, isOfSubcontractors, OF_SUBCONTRACTOR, raised } from './partners';
import { placeOf, type Reader, readerOf, shownAs } from './reading';
import type { Cause, Pairing, Side, Told } from './side';

const SERVICE = /^[\w-]+(\.[\w-]+)*\.amazonaws\.com(\.cn)?$/;

/** A source that a reference of this input names: a resource of it, or the account that it is deployed into. */
const OUR_SOURCE = /\b(Arn(Like|Equals)|String(Like|Equals)) aws:source(arn|account) [^,]*\$\{/i;

/** A service that acts for nothing but what is ours: by which way something comes to it, exposure and wiring tell. */
const isForOurs = ({ cause, condition, principal }: AccessChange, { kind }: Holder): boolean =>
  kind === 'resource' && cause === 'granted' && SERVICE.test(principal) && OUR_SOURCE.test(condition);

type Holders = ReadonlyMap<string, Holder>;

export class Speaker {
  readonly #things: Things;
  readonly #circle: Circle;
  readonly #successors: Successors;
  readonly #readers: { readonly before: Reader; readonly after: Reader };

  constructor(
    before: Side,
    after: Side,
    readonly pairing: Pairing,
    readonly chains: Chains,
    private readonly holders: { readonly before: Holders; readonly after: Holders },
  ) {
    this.#circle = new Circle(before, after);
    this.#successors = new Successors(before, after, pairing);
    this.#things = new Things(before, after, pairing);
    this.#readers = { before: readerOf(before, pairing), after: readerOf(after, pairing) };
  }

  of(change: AccessChange, holder: Holder): Told | undefined {
    const { condition, direction, missing, verbs } = change;
    const all = this.holders.after;
    if (verbs.length === 0) return undefined;
    const gained = direction === 'gained';
    const boundary = gained ? this.#boundaryOf(change, holder) : undefined;
    const undecided = gained && missing.length > 0 && change.cause === 'granted' && (condition === '' || missing.includes(condition));
    const inside =
      gained &&
      boundary === undefined &&
      !undecided &&
      (this.#isWithinNew(change, holder) ||
        this.#isRearranged(change, holder) ||
        isForOurs(change, holder) ||
        (holder.kind === 'identity' &&
          (onlyTells(change) || this.#runsWorkloads(change, holder, all) || this.#isOfWorkload(change, holder, all))));
    const through = gained ? this.#through(change, holder, all) : [];
    const steps = through.find((one) => one.steps.length > 0)?.steps ?? [];
    const told = through.map(wordsOf);
    return {
      aspect: 'access',
      direction: gained ? (undecided ? 'undecided' : inside ? 'neutral' : 'weaker') : 'stronger',
      severity: inside
        ? 'low'
        : this.#severity(boundary, heavier(severityOf(verbs, change.resource), through), this.#isSubcontractor(change, holder)),
      sentence: this.#sentence(change, holder, through),
      subject: this.pairing.identity(holder.resource),
      topic: ['access', holder.kind, change.principal, [...verbs].join(), change.resource, condition, change.cause].join(' '),
      ...(boundary === undefined ? {} : { boundary }),
      ...(gained && !inside ? { approver: 'security' as const } : {}),
      evidence: this.#evidence(change, holder, {
        chain: [
          this.#who(change, holder),
          ...(holder.kind === 'refusal' ? [] : [change.at]),
          holder.kind === 'trust' ? this.pairing.name(holder.resource) : this.#what(change.resource, holder),
          ...this.#stepWords(steps),
          ...told.slice(0, MOST_NAMED),
        ],
        saw: [
          holder.kind === 'refusal' ? 'a refusal that is gone or narrower' : change.at,
          ...(condition === '' ? [] : [`when ${this.#named(condition)}`]),
        ].join(', '),
      }),
      causes: this.#causes(holder),
    };
  }

  /** At the statement that grants, or did. */
  #evidence({ at, direction }: AccessChange, holder: Holder, said: Pick<ReviewEvidence, 'chain' | 'saw'>): readonly ReviewEvidence[] {
    const side = direction === 'gained' ? 'after' : 'before';
    const held = this.holders[side].get(holder.key);
    return evidenceAt(held ? { ...held, kind: holder.kind } : holder, held && witnessOf(held, at, this.#readers[side]), { ...said, side });
  }

  /** Whatever carries a policy of the holder: which of them decided does not matter to who tells it. */
  #causes({ resource, sources }: Holder): readonly Cause[] {
    return [resource, ...sources].map((one) => ({ resource: this.pairing.identity(one) }));
  }

  #severity(boundary: Boundary | undefined, severity: Severity, subcontractor: boolean): Severity {
    if (boundary !== undefined) return 'critical';
    return subcontractor ? raised(severity) : severity;
  }

  #sentence(change: AccessChange, holder: Holder, through: readonly Doing[]): string {
    const { cause, condition, direction, tests } = change;
    const gained = direction === 'gained';
    const who = this.#who(change, holder);
    const what = this.#what(change.resource, holder);
    const when = condition === '' ? '' : ` (when ${this.#named(condition)})`;
    const becomes = holder.kind === 'trust' || (through.length > 0 && onlyBecomes(change));
    const doing = becomes
      ? `become ${what === 'everything' ? 'every role that lets it in' : what}`
      : `${doingWords(change)} ${what}${actions(change, what)}`;
    if (!gained) return `${who} can no longer ${doing}${when}`;
    const via = through.length > 0 ? `, and through it ${few(through, '; ')}` : '';
    switch (cause) {
      case 'granted':
        if (change.missing.includes(condition))
          return `what ${who} can now do besides cannot be told: it is what ${this.#named(condition)} allows`;
        if (holder.kind === 'limit') return `${who} may now be granted to ${doing}${when}`;
        return `${who} can now ${doing}${when}${byAws(change)}${via}`;
      case 'condition-loosened':
        return `${who} can ${doing} with fewer conditions: ${tests.join(' and ')} is no longer asked for${via}`;
      case 'denial-lifted':
        if (holder.kind === 'refusal')
          return `${this.pairing.name(holder.resource)} no longer refuses ${who} to ${doingWords(change)} it${actions(change, what)}${when}: whoever is granted it elsewhere can now${tests.length > 0 ? `; it still refuses when ${tests.join(' and ')}` : ''}`;
        return `${who} is no longer refused to ${doing}${tests.length > 0 ? `: the refusal stands only when ${tests.join(' and ')}` : ''}${when}${via}`;
      case 'limit-lifted':
        return holder.kind === 'organisation'
          ? `the organisation no longer withholds: ${doing}${when}`
          : `${who} can now ${doing}${when}: its boundary no longer withholds it${via}`;
    }
  }

  #who({ principal }: AccessChange, { kind, resource, who }: Holder): string {
    if (who !== undefined) return this.#named(who);
    if (principal === '' && kind === 'limit') return `whoever ${this.pairing.name(resource)} limits`;
    if (principal === '') return kind === 'organisation' ? 'every identity of the organisation' : this.#identity(resource);
    if (principal === 'everyone') return kind === 'endpoint' ? `whoever comes through ${this.pairing.name(resource)}` : 'everyone';
    return this.#principal(principal);
  }

  #principal(principal: string): string {
    const known = this.chains.named(principal)?.resource;
    if (known) return this.#identity(known);
    const name = /^\d{12}$/.test(principal)
      ? `the account ${principal}`
      : SERVICE.test(principal)
        ? `the service ${principal}`
        : this.#named(principal);
    return this.#circle.isSubcontractor(principal) ? `${name}${OF_SUBCONTRACTOR}` : name;
  }

  #identity(resource: Resource): string {
    const name = this.pairing.name(resource);
    return isOfSubcontractors(resource) ? `${name}${OF_SUBCONTRACTOR}` : name;
  }

  #isSubcontractor({ principal }: AccessChange, { resource }: Holder): boolean {
    return principal === '' ? isOfSubcontractors(resource) : this.#circle.isSubcontractor(principal);
  }

  /**
   * Whether what is new only works with what is new: the own account and services may use a new store, services may become a new
   * role, a new role may use new stores. What it may do with what was there before is told by who may.
   */
  #isWithinNew({ principal, resource: pattern }: AccessChange, { account, kind, resource }: Holder): boolean {
    if (!this.#things.isFresh(this.pairing.identity(resource))) return false;
    const own = principal === account || SERVICE.test(principal);
    if (kind === 'trust') return SERVICE.test(principal);
    if (kind === 'resource') return own || shownHoles(principal).length > 0;
    return kind === 'identity' && this.#things.speaksOfFresh(pattern);
  }

  /**
   * Whether only workloads of the input come to what is granted, and gain nothing that was there before: they did as much as another
   * identity, they use what is as new as the right, or they do what the CDK adds by itself.
   */
  #isOfWorkload(change: AccessChange, { kind, resource }: Holder, all: ReadonlyMap<string, Holder>): boolean {
    if (change.cause !== 'granted' || !this.#isForServices(all.get(`trust ${this.pairing.identity(resource)}`))) return false;
    const users = this.#successors.usersOf(resource);
    if (kind !== 'identity' || users.length === 0) return false;
    if (this.#things.speaksOfFresh(change.resource) && !change.verbs.includes('administer')) return true;
    if (!this.#things.isFresh(this.pairing.identity(resource))) return false;
    const besides = besidesTelling(change);
    return this.#successors.areNoMore(resource) || (besides !== undefined && isForHandler(resource, users, besides));
  }

  /** What a service needs to run anything at all, given to nobody but services. */
  #runsWorkloads(change: AccessChange, { resource }: Holder, all: ReadonlyMap<string, Holder>): boolean {
    return onlyRuns(change) && this.#isForServices(all.get(`trust ${this.pairing.identity(resource)}`));
  }

  /** Whether nobody but services of AWS becomes a role. */
  #isForServices(trust: Holder | undefined): boolean {
    const principals = trust ? mayDo(trust.rights).map(({ principal }) => principal) : [];
    return principals.length > 0 && principals.every((principal) => SERVICE.test(principal));
  }

  /** Whether nobody can do more than before, only by another way: an identity becomes one that can do no more than it could itself. */
  #isRearranged(change: AccessChange, { kind, resource }: Holder): boolean {
    const key = this.pairing.identity(resource);
    if (kind === 'trust') {
      const comer = this.chains.named(change.principal);
      return comer !== undefined && this.chains.gainsNothingAs(comer.key, key);
    }
    if (kind !== 'identity' || change.cause === 'limit-lifted' || change.cause === 'denial-lifted') return false;
    if (!onlyBecomes(change)) return this.chains.onlyForThoseWhoCould(key, change.region);
    const other = this.chains.named(change.resource);
    return other !== undefined && this.chains.gainsNothingAs(key, other.key);
  }

  /** A pattern in words: the resource that it is, and what of it. */
  #what(pattern: string, { kind, resource }: Holder): string {
    if (kind === 'trust') return this.pairing.name(resource);
    if ((kind === 'resource' || kind === 'refusal') && (pattern === '*' || this.#isOwn(pattern, resource)))
      return this.pairing.name(resource);
    return this.#thing(pattern);
  }

  #thing(pattern: string): string {
    if (pattern === '*') return 'everything';
    const known = this.chains.named(pattern)?.resource;
    const meant = known ?? this.#things.byArn(pattern);
    return meant ? this.pairing.name(meant) : this.#named(pattern);
  }

  #isOwn(pattern: string, resource: Resource): boolean {
    return pattern.startsWith(`\${${this.pairing.identity(resource)}`);
  }

  #named = (text: string): string => this.#things.named(text);

  #boundaryOf({ condition, principal }: AccessChange, { account, kind }: Holder): Boundary | undefined {
    return kind === 'resource' || kind === 'trust' ? this.#boundary(principal, condition, account) : undefined;
  }

  /** Crossing from outside: everyone, or an account that is none of ours. */
  #boundary(principal: string, condition: string, account: string): Boundary | undefined {
    if (this.#circle.fences(condition)) return undefined;
    if (principal === 'everyone' || principal.startsWith('everyone but')) return 'internet';
    const named = /^(\d{12})$/.exec(principal)?.[1] ?? /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1];
    return named === undefined || named === account || this.#circle.isOurs(named) ? undefined : 'organisation';
  }

  // ── Through others ───────────────────────────────────────────────────────────────────────────────────────────────

  /** What whoever takes the step may do then, the heaviest first. */
  #through(change: AccessChange, holder: Holder, all: ReadonlyMap<string, Holder>): readonly Doing[] {
    if (holder.kind === 'identity') {
      const actor = this.chains.actor(this.pairing.identity(holder.resource));
      const steps = new Set(this.chains.newStepsBy(actor?.key ?? '', change.region));
      if (!actor || steps.size === 0) return [];
      return this.#doings(this.chains.gainsOf(actor).filter(({ way }) => steps.has(way.steps[0] as Step)));
    }
    const role = holder.kind === 'trust' ? all.get(holder.key.replace(/^trust /, 'identity ')) : undefined;
    if (!role) return [];
    const own = mayDo(role.rights).map(({ at, condition, resource, verbs }) => {
      return { at, condition, verbs, what: this.#what(resource, role), steps: [] };
    });
    const others = this.chains
      .throughOthers(this.pairing.identity(role.resource))
      .map((reached) => this.#doing(reached.region, reached.way.steps));
    return merged([...own, ...others.filter(({ verbs }) => verbs.some((verb) => verb !== 'list'))]);
  }

  #doing = (region: Region, steps: readonly Step[]): Doing => ({
    what: this.#thing(region.resource.text),
    verbs: verbsIn(region.actions),
    steps,
    condition: region.condition.text,
    at: region.at,
  });
  #doings = (gains: readonly Gain[]): readonly Doing[] => merged(gains.map(({ region, way }) => this.#doing(region, way.steps)));
  #stepWords = (steps: readonly Step[]): readonly string[] => steps.map(({ by }) => this.#named(by));

  /** What somebody can newly do through others, or no longer, where no line tells it of himself. One line for each thing that brought it about. */
  throughOthers(origin: Actor, gains: readonly Gain[], turned: AccessChange['direction']): readonly Told[] {
    const groups = new Map<string, Gain[]>();
    for (const gain of gains) {
      if (this.#isOnlyNew(gain)) continue;
      const causes = this.chains.causesOf(gain).map((resource) => this.pairing.identity(resource));
      const key = JSON.stringify([causes.sort(), gain.tests, gain.missing]);
      groups.set(key, [...(groups.get(key) ?? []), gain]);
    }
    return [...groups.values()].flatMap((group) => (turned === 'gained' ? this.#line(origin, group) : this.#lost(origin, group)));
  }

  /** A new identity that may use new things takes nothing from anybody. */
  #isOnlyNew({ region, way }: Gain): boolean {
    return this.#things.isFresh(way.to) && this.#things.speaksOfFresh(region.resource.text);
  }

  #line(origin: Actor, gains: readonly Gain[]): Told {
    const [first] = gains as readonly [Gain, ...Gain[]];
    const doings = this.#doings(gains);
    const steps = doings[0]?.steps ?? [];
    const principal = origin.named ? principalText(origin.named) : '';
    const start = steps[0]?.asked;
    const boundary = origin.named ? this.#boundary(principal, `${start?.caller.text} and ${start?.request.text}`, '') : undefined;
    const subcontractor = origin.resource ? isOfSubcontractors(origin.resource) : this.#circle.isSubcontractor(principal);
    const severity =
      SEVERITIES[Math.max(...gains.map(({ region }) => SEVERITIES.indexOf(severityOf(verbsIn(region.actions), region.resource.text))))];
    const undecided = first.missing.length > 0;
    const sentence = this.#chainSentence(origin, doings, first);
    return {
      aspect: 'access',
      direction: undecided ? 'undecided' : 'weaker',
      severity: undecided ? 'medium' : this.#severity(boundary, severity as Severity, subcontractor),
      sentence,
      subject: first.way.to,
      topic: `access through others ${origin.key} ${sentence}`,
      ...(boundary === undefined ? {} : { boundary }),
      approver: 'security',
      evidence: doings.slice(0, MOST_NAMED).map((doing) => this.#witness(origin, doing)),
      causes: this.chains.causesOf(first).map((resource) => ({ resource: this.pairing.identity(resource) })),
    };
  }

  /** Of what nobody could tell before, nobody can tell that it is lost. */
  #lost(origin: Actor, gains: readonly Gain[]): readonly Told[] {
    const [first] = gains as readonly [Gain, ...Gain[]];
    if (first.missing.length > 0) return [];
    const doings = this.#doings(gains);
    const by = this.#stepWords(doings[0]?.steps ?? []).join(', then ');
    const sentence =
      first.tests.length > 0
        ? `${this.#actor(origin)} can ${few(doings, ' and ')} with more conditions, by ${by}: ${this.#named(first.tests.join(' and '))} is asked for now`
        : `${this.#actor(origin)} can no longer ${few(doings, ' and ')}, by ${by}`;
    return [
      {
        aspect: 'access',
        direction: 'stronger',
        severity: 'low',
        sentence,
        subject: first.way.to,
        topic: `access through others ${origin.key} ${sentence}`,
        evidence: doings.slice(0, MOST_NAMED).map((doing) => ({ ...this.#witness(origin, doing), side: 'before' as const })),
        causes: this.chains.causesOf(first).map((resource) => ({ resource: this.pairing.identity(resource) })),
      },
    ];
  }

  #chainSentence(origin: Actor, doings: readonly Doing[], { missing, tests }: Gain): string {
    const who = this.#actor(origin);
    const doing = few(doings, ' and ');
    const [first] = doings;
    const by = `by ${this.#stepWords(first?.steps ?? []).join(', then ')}`;
    if (missing.length > 0)
      return `whether ${who} can now ${doing}, ${by}, cannot be told: it depends on ${this.#named(missing.join(' and '))}`;
    if (tests.length > 0)
      return `${who} can ${doing} with fewer conditions, ${by}: ${this.#named(tests.join(' and '))} is no longer asked for`;
    return `${who} can now ${doing}${first?.condition ? ` (when ${this.#named(first.condition)})` : ''}, ${by}`;
  }

  #actor(origin: Actor): string {
    if (origin.resource) return this.#identity(origin.resource);
    const principal = origin.named ? principalText(origin.named) : '';
    return principal === 'everyone' ? principal : this.#principal(principal);
  }

  #witness(origin: Actor, doing: Doing): ReviewEvidence {
    const { at, steps } = doing;
    const key = steps[steps.length - 1]?.to ?? origin.key;
    const end = this.chains.actor(key)?.resource;
    const held = this.holders.after.get(`identity ${key}`);
    const witness = held && witnessOf(held, at, this.#readers.after);
    const shown = witness?.resource ?? end;
    return {
      resource: shown ? shownAs(shown) : key,
      side: 'after',
      ...(shown ? placeOf(shown, witness?.path) : {}),
      chain: [this.#actor(origin), ...this.#stepWords(steps), wordsOf(doing)],
      saw: [...new Set([...steps.flatMap((step) => step.at), at])].filter((one) => one !== '').join(', '),
    };
  }
}
