/**
 * Logging, detection and whatever else protects by being there: a record, an alarm, a backup or a filter that is gone, that covers less
 * than before or writes elsewhere, and what silences it.
 */
import type { Resource } from '../../policies/resource';
import type { Approver } from '../schema-review';
import { isHole } from './access/text';
import { completeDeployments } from './data/azure-deployments';
import { staysUnmanaged } from './data/parts';
import { AWS_GUARDS } from './guards/aws';
import { AWS_CDN } from './guards/aws-cdn';
import { AWS_EDGES } from './guards/aws-edges';
import { AWS_ESTATE } from './guards/aws-estate';
import { AWS_MODELS } from './guards/aws-models';
import { AWS_SERVICES } from './guards/aws-services';
import { AWS_SHIELDS } from './guards/aws-shields';
import { AWS_SIGN_IN } from './guards/aws-signin';
import { AZURE_DATABASE_RECORDS } from './guards/azure-database-records';
import { AZURE_DETECTION } from './guards/azure-detection';
import { azureEdges } from './guards/azure-edges';
import { AZURE_GOVERNANCE, placements } from './guards/azure-governance';
import { AZURE_KEEPING } from './guards/azure-keeping';
import { AZURE_NETWORKS } from './guards/azure-network';
import { openings } from './guards/azure-openings';
import { AzurePlaces, foreignIn } from './guards/azure-places';
import { AZURE_POLICIES, azurePolicies } from './guards/azure-policies';
import { AZURE_RECORDS } from './guards/azure-records';
import { AZURE_SHIELDS } from './guards/azure-shields';
import { DIAGNOSTICS } from './guards/diagnostic-settings';
import { diagnostics } from './guards/diagnostics';
import { lists } from './guards/lists';
import { logTables } from './guards/log-tables';
import type { Guard, InBoth, Part, Said } from './guards/parts';
import { leavesThatDiffer, patterns, unordered } from './guards/patterns';
import { canonical, type Plain } from './plain';
import { asList, asText, placeOf, type Reader, readerOf, shownAs, valueAt } from './reading';
import { type Aspected, type Pairing, resourcesOf, type Side, type Told } from './side';

/** What records, notices and keeps, on both sides. */
export const guards: Aspected = (before, after, pairing, occasion) => {
  const talk = new Comparison(before, after, pairing, occasion.today);
  return [
    ...talk.ofOlder(),
    ...talk.ofNewer(),
    ...lists(before, after, pairing, occasion),
    ...azurePolicies(before, after, pairing, occasion),
    ...placements(before, after, pairing, occasion),
    ...azureEdges(before, after, pairing, occasion),
    ...openings(before, after, pairing, occasion),
    ...diagnostics(before, after, pairing, occasion),
    ...logTables(before, after, pairing, occasion),
  ];
};

const ALL: readonly Guard[] = [
  ...AWS_GUARDS,
  ...AWS_SHIELDS,
  ...AWS_EDGES,
  ...AWS_ESTATE,
  ...AWS_CDN,
  ...AWS_SIGN_IN,
  ...AWS_MODELS,
  ...AWS_SERVICES,
  ...AZURE_RECORDS,
  ...AZURE_DETECTION,
  ...AZURE_KEEPING,
  ...AZURE_NETWORKS,
  ...AZURE_POLICIES,
  ...AZURE_GOVERNANCE,
  ...AZURE_DATABASE_RECORDS,
  ...AZURE_SHIELDS,
];
const BY_TYPE = new Map<string, readonly Guard[]>();
function guardsOf(type: string): readonly Guard[] {
  const known = BY_TYPE.get(type) ?? ALL.filter(({ on }) => on.test(type));
  BY_TYPE.set(type, known);
  return known;
}

/** Protect others by being there, and their end is told by something else than a guard. */
const TOLD_ELSEWHERE =
  /^(AWS::(ApiGateway(V2)?::(Stage|Authorizer)|CloudFront::Distribution|Lambda::(Function|Url)|ElasticLoadBalancingV2::LoadBalancer|EKS::Cluster|RDS::DB(Instance|Cluster)|SSM::Document|Organizations::Policy|WAFv2::WebACL|ApiGatewayV2::Api|Cognito::UserPoolClient|NetworkFirewall::FirewallPolicy)|azure-native:.+)$/;

/** Whether resources of a type protect others by being there; what only silences protects nobody. */
export const isGuard = (type: string): boolean =>
  guardsOf(type).some(({ ends, silences }) => ends !== undefined || (silences === undefined && TOLD_ELSEWHERE.test(type)));

/** What only records or notices: wherever it is new, more is recorded or noticed than without it. What it says goes to nobody else. */
export const notices = (type: string): boolean =>
  DIAGNOSTICS.test(type) ||
  (!/(Subscription|SubscriptionFilter)$/.test(type) &&
    guardsOf(type).some(({ aspect, ends }) => ends !== undefined && (aspect === 'logging' || aspect === 'detection')));

class Comparison {
  readonly #old: Reader;
  readonly #now: Reader;
  readonly #words: InBoth;

  constructor(
    readonly before: Side,
    readonly after: Side,
    readonly pairing: Pairing,
    readonly today: Date,
  ) {
    this.#old = readerOf(before, pairing);
    this.#now = readerOf(after, pairing);
    const foreign = foreignIn(before, after);
    this.#words = {
      before: (text) => this.#old.words(text),
      after: (text) => this.#now.words(text),
      places: { before: new AzurePlaces(before, this.#old, foreign), after: new AzurePlaces(after, this.#now, foreign) },
    };
  }

  *ofOlder(): Iterable<Told> {
    for (const resource of resourcesOf(this.before)) {
      const known = guardsOf(resource.type);
      if (known.length === 0 || resource.options.external === true) continue;
      const other = this.pairing.other(resource);
      for (const guard of known) {
        if (guard.when && !guard.when(this.#old.of(resource), this.today) && !(other && guard.when(this.#now.of(other), this.today)))
          continue;
        const instead = other ?? this.#instead(guard, resource, this.after);
        if (instead === undefined) yield* this.#gone(guard, resource);
        else yield* this.#changed(guard, resource, instead);
      }
    }
  }

  *ofNewer(): Iterable<Told> {
    for (const resource of resourcesOf(this.after)) {
      const known = guardsOf(resource.type);
      if (known.length === 0 || this.pairing.other(resource) !== undefined) continue;
      for (const guard of known) {
        if (guard.when && !guard.when(this.#now.of(resource), this.today)) continue;
        const words = guard.silences;
        if (words !== undefined) yield this.#line(guard, resource, { direction: 'weaker', words: `is new: ${words}` });
        else if (guard.ends !== undefined && isWhole(resource) && !this.#instead(guard, resource, this.before))
          yield this.#line(guard, resource, { direction: 'stronger', words: 'is new' });
      }
    }
  }

  readonly #standIns = new Map<string, ReadonlyMap<string, Resource>>();

  /** What has no other state of its own, and says the same in another form on the other side. */
  #instead(guard: Guard, resource: Resource, side: Side): Resource | undefined {
    const reader = side === this.after ? ([this.#old, this.#now] as const) : ([this.#now, this.#old] as const);
    const key = guard.same?.(reader[0].of(resource));
    if (key === undefined) return undefined;
    const name = `${side.which} ${guard.on.source}`;
    const known = this.#standIns.get(name) ?? new Map([...this.#standIn(guard, side, reader[1])]);
    this.#standIns.set(name, known);
    return known.get(key);
  }

  *#standIn(guard: Guard, side: Side, reader: Reader): Iterable<readonly [key: string, resource: Resource]> {
    for (const resource of resourcesOf(side)) {
      if (!guard.on.test(resource.type) || this.pairing.other(resource) !== undefined) continue;
      const key = guard.same?.(reader.of(resource));
      if (key !== undefined) yield [key, resource];
    }
  }

  #isDeleted: ((resource: Resource) => boolean) | undefined;

  *#gone(guard: Guard, resource: Resource): Iterable<Told> {
    this.#isDeleted ??= completeDeployments(this.after);
    if (staysUnmanaged(resource) && !this.#isDeleted(resource)) {
      const stays = 'is no longer in the template and stays, unmanaged';
      if (guard.silences !== undefined) yield this.#line(guard, resource, { direction: 'neutral', words: stays });
      else if (guard.ends !== undefined)
        yield this.#line({ ...guard, severity: 'medium' }, resource, {
          direction: 'weaker',
          words: `${stays}: when somebody deletes it, ${guard.ends}${this.#whom(resource)}`,
        });
      return;
    }
    if (guard.silences !== undefined) yield this.#line(guard, resource, { direction: 'stronger', words: 'is gone' });
    else if (guard.ends !== undefined)
      yield this.#line(guard, resource, { direction: 'weaker', words: `is gone: ${guard.ends}${this.#whom(resource)}` });
  }

  /** Of an association or a subscription: what it was for. */
  #whom(resource: Resource): string {
    const { LogGroupName, ResourceArn, TopicArn } = this.#old.of(resource);
    const of = asText(ResourceArn ?? LogGroupName ?? TopicArn);
    return of === undefined ? '' : ` (${this.#old.words(of)})`;
  }

  *#changed(guard: Guard, before: Resource, after: Resource): Iterable<Told> {
    if (before.properties === after.properties) return;
    const [old, now] = [this.#old.of(before), this.#now.of(after)];
    const became = (plain: Plain) => guard.when?.(plain, this.today) ?? true;
    if (guard.silences !== undefined && became(old) !== became(now)) {
      const weaker = became(now);
      yield this.#line(guard, after, {
        direction: weaker ? 'weaker' : 'stronger',
        words: weaker ? `is in force now: ${guard.silences}` : 'is not in force any more',
      });
      return;
    }
    for (const part of guard.parts ?? []) {
      if (part.kind === 'meaning') {
        for (const said of part.compare(old, now, this.#words)) yield this.#line(guard, after, { path: part.path, ...said });
        continue;
      }
      const [was, is] = [valueAt(old, part.path), valueAt(now, part.path)];
      if (was === is || (was !== undefined && is !== undefined && canonical(was) === canonical(is))) continue;
      for (const said of this.#part(part, was, is)) yield this.#line(guard, after, { path: part.path, ...said });
    }
  }

  #part(part: Exclude<Part, { readonly kind: 'meaning' }>, was: Plain | undefined, is: Plain | undefined): readonly Said[] {
    switch (part.kind) {
      case 'each':
      case 'except':
        return this.#items(part, was, is);
      case 'place':
        return this.#place(part.what, was, is);
      case 'exact':
        return this.#exact(part.what, was, is);
      case 'pattern':
        return patterns(part.what, was, is, this.#words);
    }
  }

  #items(part: Part & { kind: 'each' | 'except' }, was: Plain | undefined, is: Plain | undefined): readonly Said[] {
    const label = part.label ?? asText;
    const labels = (value: Plain | undefined, reader: Reader) =>
      new Map(
        asList(value).flatMap((item) => {
          const key = label(item);
          return key === undefined ? [] : [[key, reader.words(key)] as const];
        }),
      );
    const [old, now] = [labels(was, this.#old), labels(is, this.#now)];
    const lost = [...old].flatMap(([key, words]) => (now.has(key) ? [] : [words]));
    const come = [...now].flatMap(([key, words]) => (old.has(key) ? [] : [words]));
    const outside = [...now.keys()].some((key) => !old.has(key) && this.#now.foreignAccount(key) !== undefined);
    const less = part.kind === 'each' ? lost : come;
    const more = part.kind === 'each' ? come : lost;
    if (less.length > 0 && part.kind === 'each' && come.length > 0 && now.size <= old.size)
      return [{ direction: 'weaker', words: `${part.what}: ${come.join(', ')} instead of ${lost.join(', ')}`, outside }];
    return [
      ...(less.length > 0
        ? [
            {
              direction: 'weaker',
              words: part.kind === 'each' ? `${part.what}: no longer ${less.join(', ')}` : `${part.what}: now ${less.join(', ')}`,
            } as const,
          ]
        : []),
      ...(more.length > 0
        ? [{ direction: 'stronger', words: `${part.what}: ${part.kind === 'each' ? 'now' : 'no longer'} ${more.join(', ')}` } as const]
        : []),
    ];
  }

  /** Texts are shown whole; of what has parts, the parts that differ. */
  #exact(what: string, was: Plain | undefined, is: Plain | undefined): readonly Said[] {
    if (was !== undefined && is !== undefined && unordered(was) === unordered(is)) return [];
    const parted = [was, is].some((value) => typeof value === 'object');
    const change = parted
      ? `changes (${leavesThatDiffer(was, is, this.#words).join(', ')})`
      : `changes from ${this.#short(was, this.#old)} to ${this.#short(is, this.#now)}`;
    return [{ direction: 'undecided', words: `${what} ${change}: read whether that is as much as before` }];
  }

  #place(what: string, was: Plain | undefined, is: Plain | undefined): readonly Said[] {
    const [old, now] = [this.#short(was, this.#old), this.#short(is, this.#now)];
    // An empty text names no place.
    if (was === '' || is === '') return was === is ? [] : this.#place(what, was === '' ? undefined : was, is === '' ? undefined : is);
    if (was === undefined && is === undefined) return [];
    if (was === undefined) return [{ direction: 'stronger', words: `${what}: now ${now}` }];
    if (is === undefined) return [{ direction: 'weaker', words: `${what}: no longer ${old}, and nothing instead` }];
    const words = `${what}: ${now} instead of ${old}`;
    const text = asText(is) ?? '';
    // What only deployment tells may be the same place.
    if (isHole(text) && this.#now.referred(text) === undefined)
      return [{ direction: 'undecided', words: `${words}: what that is cannot be told` }];
    return [{ direction: 'weaker', words, outside: this.#now.foreignAccount(text) !== undefined }];
  }

  #short(value: Plain | undefined, reader: Reader): string {
    if (value === undefined) return 'nothing';
    const text = typeof value === 'object' ? canonical(value) : String(value);
    const words = reader.words(text === '' ? 'everything' : text);
    return words.length > 120 ? `${words.slice(0, 117)}…` : words;
  }

  #line(guard: Guard, resource: Resource, { direction, outside = false, path, severity, words }: Said): Told {
    const asks = direction === 'weaker' || direction === 'undecided';
    const approver: Approver = guard.aspect === 'data' ? 'data owner' : 'security';
    return {
      aspect: guard.aspect,
      direction,
      severity: direction === 'stronger' ? 'low' : outside ? 'critical' : (severity ?? guard.severity ?? 'medium'),
      sentence: `${this.pairing.name(resource)}${path === undefined ? '' : ':'} ${words}`,
      subject: this.pairing.identity(resource),
      topic: `guard ${path ?? 'there'} ${words}`,
      ...(outside ? { boundary: 'organisation' as const } : {}),
      ...(asks ? { approver } : {}),
      evidence: [
        {
          resource: shownAs(resource),
          side: path === undefined && /^is (gone|no longer in)/.test(words) ? 'before' : 'after',
          ...placeOf(resource, path),
          saw: path ?? words,
        },
      ],
      causes: [{ resource: this.pairing.identity(resource), ...(path === undefined ? {} : { path }) }],
      ...(guard.covers ? { covers: guard.covers } : {}),
    };
  }
}

/** What only refers to something that is new itself needs no line. */
const isWhole = ({ type }: Resource): boolean => !/(Association|Selection|Subscription)$/.test(type);
