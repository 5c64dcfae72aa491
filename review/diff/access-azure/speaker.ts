/** The sentences of access on Azure; the same forms as on AWS. */

import type { Severity } from '../../../controls';
import type { Resource } from '../../../policies/resource';
import type { ReviewChange, ReviewEvidence } from '../../schema-review';
import { isEnd, type Test } from './conditions';
import type { Estate } from './estate';
import type { Grant, Scope } from './grant';
import { AZURE_VERBS, type AzureVerb, type Narrow } from './operations';
import { verbsGiven } from './regions';

/** What one principal gained or lost at one place. */
export interface Turn {
  readonly gained: boolean;
  readonly cause: 'granted' | 'condition-loosened' | 'denial' | 'undecided';
  readonly grant: Grant;
  readonly verbs: readonly AzureVerb[];
  /** Inside of a wide place, the stores to which it makes a difference. */
  readonly stores: readonly Scope[];
  readonly tests: readonly Test[];
  /** Asked for before, and not now. */
  readonly dropped: readonly Test[];
  /** What it is in fewer words, where it is only that. */
  readonly narrow?: Narrow | undefined;
  /** Names of the roles that give it. */
  readonly by: readonly string[];
}

const VERB_SEVERITY: Readonly<Record<AzureVerb, Severity>> = {
  list: 'low',
  use: 'medium',
  read: 'medium',
  write: 'medium',
  join: 'medium',
  delete: 'high',
  decrypt: 'high',
  export: 'high',
  become: 'medium',
  administer: 'critical',
};
const ORDER: readonly Severity[] = ['low', 'medium', 'high', 'critical'];
const weight = (verbs: readonly AzureVerb[]): number => Math.max(0, ...verbs.map((verb) => ORDER.indexOf(VERB_SEVERITY[verb])));

/** By a template; what Azure itself lists is not there when it is not listed, and what leaves a program is deleted. */
const isOnlyDeclared = ({ id, names }: Resource): boolean =>
  !id.startsWith('urn:') && !names.some((name) => typeof name === 'string' && name.startsWith('/subscriptions/'));

/** As many roles as are named in a sentence. */
const FEW = 2;
/** A condition that is longer stands in the evidence. */
const LONGEST = 160;

/** Puts turns into words. `held` is what everybody holds on the side that the turn is told of. */
export class Speaker {
  constructor(
    readonly estate: Estate,
    readonly held: (side: 'before' | 'after', key: string) => readonly Grant[],
    readonly whoBecomes: (side: 'before' | 'after', key: string) => Grant | undefined,
  ) {}

  of(turn: Turn): ReviewChange {
    const { cause, gained, grant, verbs } = turn;
    const { boundary } = grant.who;
    const through = this.#through(turn);
    const worse = gained || cause === 'undecided';
    const wide = isWide(grant.scope) && !this.#acting(verbs);
    const rank = Math.min(weight(verbs) + (wide ? 1 : 0), ORDER.length - 1);
    const rankThrough = through.length === 0 ? 0 : Math.min(weight(through.flatMap(({ verbs: reached }) => reached)), ORDER.length - 1);
    const own = isWide(grant.scope) ? turn.narrow?.severity : undefined;
    const severity = cause === 'undecided' ? 'medium' : (own ?? (ORDER[Math.max(rank, rankThrough)] as Severity));
    return {
      aspect: 'access',
      direction: cause === 'undecided' ? 'undecided' : gained ? 'weaker' : this.#staysBehind(turn) ? 'neutral' : 'stronger',
      severity: worse && boundary !== undefined ? 'critical' : severity,
      sentence: this.#sentence(turn, through),
      subject: grant.scope.key,
      topic: ['access', grant.who.key, verbs.join(), words(turn.tests), cause].join(' '),
      ...(worse && boundary !== undefined ? { boundary } : {}),
      ...(worse ? { approver: 'security' as const } : {}),
      evidence: [this.#evidence(turn, through)],
    };
  }

  /** What leaves a template is not deleted with it; only the deployment forgets it. */
  #staysBehind = ({ cause, gained, grant: { at } }: Turn): boolean =>
    !gained && cause === 'granted' && isOnlyDeclared(at) && this.estate.pairing.other(at) === undefined;

  #acting = (verbs: readonly AzureVerb[]): boolean => verbs.includes('become') || verbs.includes('join') || verbs.includes('use');

  #sentence(turn: Turn, through: readonly Reached[]): string {
    const { by, cause, dropped, gained, grant, stores, tests, verbs } = turn;
    const who = grant.who.name;
    if (cause === 'undecided') return `whether ${who} can now do more to ${grant.scope.name} cannot be told: ${grant.missing}`;
    const roles = by.filter((name) => name !== '');
    const as = roles.length > 0 && roles.length <= FEW ? ` (as ${roles.join(' and ')})` : '';
    const when = underWhat(tests);
    const via = through.length === 0 ? '' : `, and through it ${through.map(({ text }) => text).join('; ')}`;
    const doing = `${narrowly(turn) ?? this.#doing(verbs, grant)}${as}`;
    const only = dropped.length === 0 ? '' : `: the refusal stands only when ${shorten(words(dropped))}`;
    if (cause === 'denial')
      return gained ? `${who} is no longer refused to ${doing}${when}${only}` : `${who} is now refused to ${doing}${when}`;
    const [end] = dropped;
    if (cause === 'condition-loosened' && dropped.length === 1 && end !== undefined && isEnd(end.text))
      return `${who} can ${doing} ${gained ? said(tests) : end.text} instead of ${gained ? end.text : said(tests)}${via}`;
    if (!gained && cause === 'condition-loosened')
      return `${who} can ${doing} with more conditions: ${shorten(words(dropped))} is asked for now`;
    if (this.#staysBehind(turn))
      return `${this.estate.pairing.name(grant.at)} is no longer in the template and stays, unmanaged: until somebody deletes it, ${who} can ${doing}${when}`;
    if (!gained) return `${who} can no longer ${doing}${when}${reaching(', so no longer ', stores)}${via}`;
    if (cause === 'condition-loosened')
      return `${who} can ${doing} with fewer conditions: ${shorten(words(dropped))} is no longer asked for${via}`;
    return `${who} can now ${doing}${when}${reaching(', so now ', stores)}${via}`;
  }

  #doing(verbs: readonly AzureVerb[], grant: Grant): string {
    const { scope } = grant;
    const plain = verbs.filter((verb) => verb !== 'become' && verb !== 'join');
    const parts = [
      ...(verbs.includes('join') ? [`act as a member of ${scope.name}`] : []),
      ...(verbs.includes('become') ? [`become ${scope.name}`] : []),
      ...(plain.length > 0 ? [`${messaging(plain, grant) ?? listed(plain)} ${holding(scope)}`] : []),
    ];
    return parts.join(' and ');
  }

  /** What an identity may do, in a few words: whoever becomes it may do that. */
  #through({ gained, grant, verbs }: Turn): readonly Reached[] {
    if (!verbs.some((verb) => verb === 'become' || verb === 'join' || verb === 'administer')) return [];
    const reached = new Map<string, Set<AzureVerb>>();
    for (const held of this.held(gained ? 'after' : 'before', grant.scope.key)) {
      if (held.denies) continue;
      const name = holding(held.scope);
      const known = reached.get(name) ?? new Set();
      for (const verb of verbsGiven(held, this.estate)) known.add(verb);
      reached.set(name, known);
    }
    return [...reached]
      .map(([what, found]) => ({ what, verbs: AZURE_VERBS.filter((verb) => found.has(verb)) }))
      .filter((one) => one.verbs.length > 0)
      .sort((a, b) => weight(b.verbs) - weight(a.verbs) || (a.what < b.what ? -1 : 1))
      .slice(0, 3)
      .map(({ verbs: all, what }) => ({ verbs: all, text: `${listed(all)} ${what}` }));
  }

  #evidence({ by, gained, grant, stores, tests }: Turn, through: readonly Reached[]): ReviewEvidence {
    const side = gained ? 'after' : 'before';
    const location = grant.at.locate();
    const first = this.whoBecomes(side, grant.who.key);
    const roles = by.filter((name) => name !== '');
    return {
      resource: grant.at.path ?? grant.at.logicalId,
      side,
      ...(location ? { location: { file: location.file, ...(location.line === undefined ? {} : { line: location.line }) } } : {}),
      chain: [
        ...(first ? [first.who.name] : []),
        grant.who.name,
        ...(roles.length > 0 ? [roles.join(' and ')] : []),
        grant.scope.name === 'it' ? this.estate.pairing.name(grant.at) : grant.scope.name,
        ...through.map(({ text }) => text),
      ],
      saw: [
        roles.length > 0 ? roles.join(' and ') : this.estate.pairing.name(grant.at),
        ...(tests.length === 0 ? [] : [`when ${words(tests)}`]),
        ...(stores.length > NAMED ? [`that is ${listed(namesOf(stores).slice(0, LISTED))}${more(stores, LISTED)}`] : []),
      ].join(', '),
    };
  }
}

interface Reached {
  readonly verbs: readonly AzureVerb[];
  readonly text: string;
}

const MESSAGES = /^microsoft\.(servicebus|eventhub|eventgrid|relay|notificationhubs)\//;
const OF_MESSAGES: Readonly<Record<string, string>> = { read: 'receive from', write: 'send to', 'read write': 'send to and receive from' };

/** Whoever may do nothing else with messages than send or receive them does that; who may write queues may do more. */
function messaging(verbs: readonly AzureVerb[], { blocks, scope }: Grant): string | undefined {
  const onData = blocks.every(({ allow }) => allow.every((operation) => !operation.startsWith('c ')));
  return onData && MESSAGES.test(scope.provider ?? '') ? OF_MESSAGES[verbs.join(' ')] : undefined;
}

/** What holds resources of every type is meant with all that is in it. */
const holding = ({ chain, group, key, name, provider }: Grant['scope']): string =>
  group === true || (provider === undefined && (/^(subscription|management group|\/)/.test(key) || chain[0] === '/'))
    ? `everything in ${name}`
    : name;

/** `list the keys of storage accounts in the subscription`; of a single resource the verbs say enough. */
function narrowly({ grant: { scope }, narrow }: Turn): string | undefined {
  if (!narrow || holding(scope) === scope.name) return undefined;
  return narrow.to === undefined ? `${narrow.does} ${holding(scope)}` : `${narrow.does} ${narrow.to} in ${scope.name}`;
}

const isWide = ({ chain, group, key, provider }: Scope): boolean =>
  provider === undefined && group !== true && (chain.length <= 2 || /^(subscription|management group) /.test(key));

/** As many stores as a sentence names, and as many as stand in its evidence. */
const NAMED = 3;
const LISTED = 50;
const namesOf = (stores: readonly Scope[]): readonly string[] => stores.map(({ name }) => name).sort();
const more = (stores: readonly Scope[], shown: number): string => {
  const rest = stores.length - shown;
  return rest <= 0 ? '' : ` and ${rest} more ${rest === 1 ? 'store' : 'stores'}`;
};

/** The stores to which a wide right makes a difference. */
function reaching(intro: string, stores: readonly Scope[]): string {
  const names = namesOf(stores);
  if (names.length === 0) return '';
  return names.length <= NAMED ? `${intro}${listed(names)}` : `${intro}${names.slice(0, NAMED).join(', ')}${more(stores, NAMED)}`;
}

/** `(when …, until 2027-01-01)` */
function underWhat(tests: readonly Test[]): string {
  const ends = tests.filter(({ text }) => isEnd(text));
  const rest = tests.filter((test) => !ends.includes(test));
  const parts = [...(rest.length === 0 ? [] : [`when ${shorten(words(rest))}`]), ...(ends.length === 0 ? [] : [words(ends)])];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** Until when, in words. */
const said = (tests: readonly Test[]): string => tests.find(({ text }) => isEnd(text))?.text ?? 'without end';

export const words = (tests: readonly Test[]): string =>
  tests
    .map(({ text }) => text)
    .sort()
    .join(' and ');
const shorten = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

/** `read, write and delete`. */
export const listed = (all: readonly string[]): string =>
  all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all[all.length - 1]}`;
