/**
 * What lets some names through and refuses others: firewalls of names and of packets on the way out, countries on the way in. Two
 * states are compared by what becomes of every name that either of them speaks of, so that order, priority and patterns count.
 */
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import type { Side } from '../side';
import { azureFilters } from './filters-azure';
import { covers, type Filter } from './filters-names';
import type { Consequence } from './fold';
import { type Direction, listed, type Speech } from './lines';

/** A name that nobody writes: it stands for every other. */
const ANY_OTHER = ' ';

/** Filters that newly let something through. */
export function* filtersOf(speech: Speech, before: Side, after: Side, direction: Direction): Iterable<Consequence> {
  const { identity, name } = speech.pairing;
  const older = [...filtersIn(before)];
  const old = new Map(older.map((filter) => [identity(filter.thing), filter]));
  const parts = new Map<string, Filter[]>();
  for (const filter of older) if (filter.of) parts.set(identity(filter.of), [...(parts.get(identity(filter.of)) ?? []), filter]);
  for (const now of filtersIn(after)) {
    const was = old.get(identity(now.thing));
    if (!was) continue;
    const all = [...new Set([...was.names, ...now.names, ANY_OTHER])];
    const beside = (now.of && parts.get(identity(now.of))) ?? [];
    const gained = all.filter((one) => now.passes(one) && !was.passes(one) && !beside.some((other) => other.passes(one)));
    if (gained.length === 0) continue;
    const everything = gained.includes(ANY_OTHER) || gained.some((one) => /^\*( on |$)/.test(one));
    const told = gained.filter((one) => !gained.some((other) => other !== one && covers(other, one))).sort();
    const names = gained.includes(ANY_OTHER) || gained.includes('*') ? 'everything that it does not name' : listed(told.map(inWords));
    const weaker = direction === 'weaker';
    const what =
      now.kind === 'names' ? (weaker ? 'now lets through' : 'no longer lets through') : weaker ? 'now answers' : 'no longer answers';
    yield speech.line(now.thing, {
      direction,
      severity: now.kind === 'countries' ? 'low' : everything ? 'high' : 'medium',
      sentence: `${name(now.thing)} ${what} ${now.kind === 'countries' ? `callers from ${everything ? 'every other country' : names}` : names}`,
      topic: `filter ${now.kind}`,
      boundary: 'internet',
      chain: now.kind === 'names' ? [name(now.thing), names] : [names, name(now.thing)],
      along: (now.on ?? []).map(identity),
      tells: ['EXP-05'],
      saw: names,
    });
  }
}

/** `* on 123` are every address and one port. */
const inWords = (name: string): string => name.replace(/^\* on /, 'every address on ').replace(/ on \*$/, ' on every port');

function* filtersIn({ targets }: Side): Iterable<Filter> {
  for (const { graph } of targets) {
    const clouds = new Set(graph.units.map(({ cloud }) => cloud));
    if (clouds.has('aws')) yield* awsFilters(graph);
    if (clouds.has('azure')) yield* azureFilters(graph);
  }
}

// ── AWS ────────────────────────────────────────────────────────────────────────────────────────────────────────────

function* awsFilters(graph: Graph): Iterable<Filter> {
  for (const group of graph.ofType('AWS::NetworkFirewall::RuleGroup')) yield* ruleGroup(group);
  for (const group of graph.ofType('AWS::Route53Resolver::FirewallRuleGroup')) yield nameRules(group, graph);
  for (const one of graph.ofType('AWS::CloudFront::Distribution')) yield* countries(one);
}

const textsOf = (value: Value): readonly string[] => value.items().flatMap((item) => item.shape ?? []);

/** A list of names, or rules of which each passes or refuses what it says. */
function* ruleGroup(thing: Resource): Iterable<Filter> {
  const source = thing.at('RuleGroup.RulesSource');
  const list = source.at('RulesSourceList');
  if (list.state !== 'absent') {
    const names = textsOf(list.at('Targets'));
    const allows = list.at('GeneratedRulesType').matches(/^ALLOWLIST/).verdict !== 'fail';
    yield { thing, kind: 'names', names, passes: (name) => names.some((one) => covers(one, name)) === allows };
    return;
  }
  const rules = [...source.at('StatefulRules').items().map(statefulRule), ...linesOf(source.at('RulesString').shape ?? '')];
  if (rules.length === 0) return;
  const strict = thing.at('RuleGroup.StatefulRuleOptions.RuleOrder').is('STRICT_ORDER').verdict === 'pass';
  const names = rules.map(({ about }) => about);
  // By default what passes comes before what is refused; in strict order the first rule decides.
  const ordered = strict ? rules : [...rules].sort((a, b) => Number(b.passes) - Number(a.passes));
  // What no rule speaks of passes, unless the policy refuses it: another line.
  yield {
    thing,
    kind: 'names',
    names,
    passes: (name) => ordered.find(({ about }) => about === name)?.passes ?? !rules.some((rule) => rule.passes),
  };
}

interface Rule {
  readonly about: string;
  readonly passes: boolean;
}

function statefulRule(rule: Value): Rule {
  const part = (name: string) => rule.at(`Header.${name}`).shape ?? 'ANY';
  const options = rule
    .at('RuleOptions')
    .items()
    .filter((option) => !/^(sid|rev)$/.test(option.at('Keyword').shape ?? ''))
    .map((option) => [option.at('Keyword').shape ?? '', ...textsOf(option.at('Settings'))].join(' '))
    .sort();
  const about = [part('Protocol'), part('Destination'), part('DestinationPort'), 'from', part('Source'), ...options].join(' ');
  return { about, passes: !/^(DROP|REJECT)$/.test(rule.at('Action').shape ?? 'PASS') };
}

/** Rules as Suricata writes them, without what only numbers them. */
const linesOf = (text: string): readonly Rule[] =>
  text.split('\n').flatMap((line): readonly Rule[] => {
    const [, action, rest = ''] = /^\s*(pass|alert|drop|reject)\s+(.*)$/.exec(line) ?? [];
    if (action === undefined) return [];
    const about = rest.replaceAll(/\b(sid|rev|msg):\s*("[^"]*"|[^;]*);\s*/g, '').trim();
    return [{ about, passes: action === 'pass' || action === 'alert' }];
  });

const LIST = 'AWS::Route53Resolver::FirewallDomainList';

/** Rules of the resolver in the order of their priorities: the first that speaks of a name decides. */
function nameRules(thing: Resource, graph: Graph): Filter {
  const rules = thing
    .at('FirewallRules')
    .items()
    .map((rule) => {
      const id = rule.at('FirewallDomainListId');
      const list = graph.target(id, LIST);
      const names = list ? textsOf(list.at('Domains')) : [id.shape ?? rule.at('DnsThreatProtection').shape ?? rule.path];
      return {
        list,
        names,
        blocks: rule.at('Action').is('BLOCK').verdict === 'pass',
        priority: rule.at('Priority').number ?? Number.MAX_SAFE_INTEGER,
      };
    })
    .sort((a, b) => a.priority - b.priority);
  return {
    thing,
    kind: 'names',
    on: rules.flatMap(({ list }) => list ?? []),
    names: rules.flatMap(({ names }) => names),
    passes: (name) => rules.find(({ names }) => names.some((one) => covers(one, name)))?.blocks !== true,
  };
}

function* countries(thing: Resource): Iterable<Filter> {
  const limit = thing.at('DistributionConfig.Restrictions.GeoRestriction');
  const names = textsOf(limit.at('Locations')).map((text) => text.toUpperCase());
  const type = limit.at('RestrictionType').orDefault('none');
  if (type.state === 'unknown') return;
  const kind = type.is('whitelist').verdict === 'pass' ? 'listed' : type.is('blacklist').verdict === 'pass' ? 'refused' : 'none';
  yield { thing, kind: 'countries', names, passes: (name) => kind === 'none' || names.includes(name) === (kind === 'listed') };
}
