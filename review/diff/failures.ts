/** What breaks a rule besides what broke it already: a rule has one verdict on a resource, and hides whatever else gets worse under it. */
import { append } from '../../policies/collect';
import { judgeThoroughly } from '../../policies/evaluate';
import { coverMostOfTheInternet, includes, type Peer, peerOf } from '../../policies/facts/network';
import type { Finding } from '../../policies/finding';
import { type Graph, UNIT } from '../../policies/graph';
import type { Outcome } from '../../policies/outcome';
import type { Resource, Unit } from '../../policies/resource';
import type { Rule, RuleContext } from '../../policies/rule';
import { RULES } from '../../policies/rules';
import { canonical, type Plain } from './plain';
import { asList, type Reader, readerOf } from './reading';
import { type Pairing, resourcesOf, type Side } from './side';

/** One way in which a rule is broken. */
type Failure = Pick<Outcome, 'at' | 'saw'> & Pick<Finding, 'severity'>;

/** What came. */
export interface Come {
  readonly finding: Finding;
  /** One more of what failed there before, or a small thing. */
  readonly usual: boolean;
  /** Identities of what was changed, where it was not the resource itself. */
  readonly by: readonly string[];
}

export class Failures {
  readonly #old: Judge;
  readonly #now: Judge;
  /** What was changed around a resource, by its identity; nothing where it was changed itself. */
  #touched: ReadonlyMap<string, ReadonlySet<string>> | undefined;

  constructor(
    private readonly before: Side,
    private readonly after: Side,
    private readonly pairing: Pairing,
  ) {
    this.#old = new Judge(before, pairing);
    this.#now = new Judge(after, pairing);
  }

  /** What breaks a rule now and did not before, where it was broken before; undefined where nothing came. */
  come(earlier: Finding, now: Finding): Come | undefined {
    const { resource } = now;
    const other = resource.type === UNIT ? undefined : this.pairing.other(resource);
    if (!other) return undefined;
    // Where neither it nor anything that names it was changed, nothing breaks it that did not before.
    const around = this.#around().get(this.pairing.identity(resource));
    if (!around) return undefined;
    const old = this.#old.failuresOf(earlier, other);
    const present = this.#now.failuresOf(now, resource);
    const [was, is] = [this.#old.reader.of(other), this.#now.reader.of(resource)];
    const fresh = present.filter((one) => isFresh(one, present, old, was, is));
    const isUsual = (one: Failure) =>
      one.severity === 'low' || (old.some((known) => placeOf(known) === placeOf(one)) && !isWiderThan(one, was, is));
    const [first] = fresh.sort((a, b) => Number(isUsual(a)) - Number(isUsual(b)) || (key(a) < key(b) ? -1 : 1));
    return first && { finding: asFinding(now, first), usual: isUsual(first), by: [...around].sort() };
  }

  #around(): ReadonlyMap<string, ReadonlySet<string>> {
    if (this.#touched) return this.#touched;
    const found = new Map<string, Set<string>>();
    this.#touched = found;
    const changed = new Set<string>();
    const touch = (resource: Resource, { byId }: Judge): void => {
      const identity = this.pairing.identity(resource);
      changed.add(identity);
      for (const id of [...resource.scope.mentions(resource.properties), ...(resource.parent === undefined ? [] : [resource.parent])]) {
        const named = byId(id);
        const key = named && this.pairing.identity(named);
        if (key !== undefined) found.set(key, (found.get(key) ?? new Set()).add(identity));
      }
    };
    for (const resource of resourcesOf(this.before)) {
      const other = this.pairing.other(resource);
      if (!other) {
        touch(resource, this.#old);
        continue;
      }
      const [was, is] = [this.#old.reader.of(resource), this.#now.reader.of(other)];
      if (canonical(was) === canonical(is)) continue;
      const identity = this.pairing.identity(resource);
      found.set(identity, found.get(identity) ?? new Set());
      if (canonical(sorted(was)) === canonical(sorted(is))) continue;
      touch(resource, this.#old);
      touch(other, this.#now);
    }
    for (const resource of resourcesOf(this.after)) if (!this.pairing.other(resource)) touch(resource, this.#now);
    for (const identity of changed) found.set(identity, new Set());
    return found;
  }
}

/** With lists in one order: written in another, they mostly mean the same. */
function sorted(value: Plain): Plain {
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sorted(item as Plain)]));
  return (value as readonly Plain[])
    .map(sorted)
    .map((item) => [canonical(item), item] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, item]) => item);
}

/** Asks the rules of one side again, for every failure. */
class Judge {
  readonly reader: Reader;
  readonly #graphs = new Map<Unit, Graph>();

  constructor(
    private readonly side: Side,
    pairing: Pairing,
  ) {
    this.reader = readerOf(side, pairing);
    for (const { graph } of side.targets) for (const unit of graph.units) this.#graphs.set(unit, graph);
  }

  readonly byId = (id: string): Resource | undefined => {
    for (const { graph } of this.side.targets) {
      const found = graph.get(id);
      if (found) return found;
    }
    return undefined;
  };

  /** Of every rule with that id: it may stand for several. */
  failuresOf(finding: Finding, resource: Resource): readonly Failure[] {
    const graph = this.#graphs.get(resource.unit);
    const context: RuleContext = { tier: 'high', profile: resource.unit.profile ?? this.side.settings?.profile };
    const all = !graph
      ? []
      : rulesOf(finding.rule)
          .filter((rule) => isOn(rule, resource))
          .flatMap((rule) =>
            judgeThoroughly(rule, resource, graph, context).map(({ at, saw }): Failure => ({ at, saw, severity: rule.severity })),
          );
    return all.length > 0 ? all : [{ at: finding.at, saw: finding.message, severity: finding.severity }];
  }
}

let byId: ReadonlyMap<string, readonly Rule[]> | undefined;
function rulesOf(id: string): readonly Rule[] {
  if (!byId) {
    const found = new Map<string, Rule[]>();
    for (const rule of RULES) append(found, rule.id, rule);
    byId = found;
  }
  return byId.get(id) ?? [];
}
const isOn = ({ cloud, on }: Rule, { cloud: own, type }: Resource): boolean =>
  cloud === own && on.some((one) => (typeof one === 'string' ? one === type : one.test(type)));

// ── What is new among failures ─────────────────────────────────────────────────────────────────────────────────────

const key = ({ at = '', saw }: Failure): string => `${at} ${saw}`;
const stepsOf = (at: string): readonly string[] => at.split(/[.[\]]+/).filter(Boolean);
/** Rules and statements move within their lists. */
const placeOf = ({ at = '' }: Failure): string => at.replaceAll(/\[\d+\]|\.\d+(?=\.|$)/g, '[]');

/**
 * Newly failing is what was changed to fail; what fails at a place that failed before is new only if more of it does, or if it lets in
 * whom it did not.
 */
function isFresh(one: Failure, now: readonly Failure[], old: readonly Failure[], was: Plain, is: Plain): boolean {
  if (old.some((other) => placeOf(other) === placeOf(one) && other.saw === one.saw)) return false;
  const steps = stepsOf(one.at ?? '');
  const [value] = steps.length === 0 ? [] : leavesAt(is, steps, 'as it stands');
  const before = steps.length === 0 ? [] : leavesAt(was, steps, 'wherever in its lists');
  const alike = old.filter((other) => placeOf(other) === placeOf(one));
  const isMore = now.filter((other) => placeOf(other) === placeOf(one)).length > alike.length;
  if (value === undefined && before.length === 0) return isMore && now.length > old.length;
  if (value !== undefined && before.some((known) => canonical(known) === canonical(value))) return false;
  return alike.length === 0 || isMore || isWiderThan(one, was, is);
}

function isWiderThan({ at = '' }: Failure, was: Plain, is: Plain): boolean {
  const steps = stepsOf(at);
  const [value] = steps.length === 0 ? [] : leavesAt(is, steps, 'as it stands');
  return value !== undefined && isWider(leavesAt(was, steps, 'wherever in its lists'), value);
}

/** What stands at a path; with lists searched whole, whichever their order. */
function leavesAt(value: Plain, [step, ...rest]: readonly string[], how: 'as it stands' | 'wherever in its lists'): readonly Plain[] {
  if (step === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value) && how === 'wherever in its lists')
    return (value as readonly Plain[]).flatMap((item) => leavesAt(item, rest, how));
  const next = (value as { readonly [key: string]: Plain })[step];
  return next === undefined ? [] : leavesAt(next, rest, how);
}

/** Addresses that hold all those before, and more. */
function isWider(before: readonly Plain[], now: Plain): boolean {
  const [old, peers] = [before.flatMap(peersIn), peersIn(now)];
  if (old.length === 0 || peers.length === 0 || coverMostOfTheInternet(old.flatMap(({ block }) => block ?? []))) return false;
  return old.every((one) => peers.some((other) => includes(other, one))) && peers.some((one) => !old.some((other) => includes(other, one)));
}
const peersIn = (value: Plain): readonly Peer[] =>
  asList(value)
    .flatMap((one) => (typeof one === 'string' ? peerOf(one) : []))
    .filter(({ block, kind }) => block !== undefined || kind === 'anyone');

/** The same finding, about another of its failures. */
function asFinding({ cloud, control, fix, resource, rule, verdict, waiver }: Finding, { at, saw, severity }: Failure): Finding {
  const location = resource.locate(at);
  return { rule, control, verdict, severity, cloud, resource, at, message: saw, fix, location, waiver };
}
