/**
 * What cannot be altered or deleted on Azure for a time, or as long as somebody holds it: policies of containers and of the accounts
 * around them, and legal holds. Compared by container, whichever of them says so.
 */
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { type Estate, estatesOf } from '../access-azure/estate';
import { type Pairing, resourcesOf, type Side, type Told } from '../side';
import { DAY, missingIn, spell, type Time, timeOf } from '../strengths/azure-readings';
import { type Keeping, keepingLine, staysUnmanaged } from './parts';

const ACCOUNT = 'azure-native:storage:StorageAccount';
const CONTAINER = 'azure-native:storage:BlobContainer';
const POLICY = 'azure-native:storage:BlobContainerImmutabilityPolicy';
const HOLD = 'azure-native:storage:BlobContainerLegalHold';
const OF_ACCOUNT = 'immutableStorageWithVersioning';

/** What may be added to what is written once. */
type Append = 0 | 1 | 2;
const APPENDED = ['nothing', 'append blobs', 'all blobs'];

interface WriteOnce {
  readonly at: Resource;
  readonly path: string;
  readonly time: Time;
  /** Undefined where nobody can tell. */
  readonly locked: boolean | undefined;
  readonly append: Append;
}

/** A container, or an account, with what keeps what it holds. */
interface Place {
  readonly name: string;
  /** Where it is declared. */
  readonly resource?: Resource | undefined;
  readonly account: string;
  policy?: WriteOnce | undefined;
  readonly tags: Set<string>;
  hold?: Resource;
}

/** What is no longer written once, or for a shorter time; what is no longer held. */
export function writeOnce(before: Side, after: Side, pairing: Pairing): readonly Told[] {
  if (![before, after].some((side) => [...resourcesOf(side)].some(keeps))) return [];
  const estates = estatesOf(before, after, pairing);
  const [old, now] = [new Kept(before, estates.before, pairing), new Kept(after, estates.after, pairing)];
  const keys = new Set([...old.places.keys(), ...now.places.keys()]);
  return [...keys].flatMap((key) => [...compared(key, old, now), ...held(key, old, now)]).map((keeping) => keepingLine(keeping, pairing));
}

/** Most inputs hold nothing of the kind. */
const keeps = (resource: Resource): boolean =>
  resource.type === POLICY || resource.type === HOLD || (resource.type === ACCOUNT && resource.at(OF_ACCOUNT).state !== 'absent');

class Kept {
  readonly places = new Map<string, Place>();

  constructor(
    side: Side,
    readonly estate: Estate,
    readonly pairing: Pairing,
  ) {
    for (const resource of resourcesOf(side)) {
      if (resource.options.external === true) continue;
      if (resource.type === ACCOUNT) this.#account(resource);
      else if (resource.type === CONTAINER) this.#place(resource, resource);
      else if (resource.type === POLICY) this.#place(resource).policy = ofContainer(resource);
      else if (resource.type === HOLD) {
        const place = this.#place(resource);
        for (const tag of resource.at('tags').items()) if (tag.shape !== undefined) place.tags.add(tag.shape);
        place.hold = resource;
      }
    }
  }

  /** What counts for a place: its own policy comes before that of the account. */
  effective({ account, policy }: Place): WriteOnce | undefined {
    return policy ?? this.places.get(account)?.policy;
  }

  #account(resource: Resource): void {
    const key = this.pairing.identity(resource);
    const place = { name: this.pairing.name(resource), resource, account: key, policy: ofAccount(resource), tags: new Set<string>() };
    this.places.set(key, place);
  }

  #place(resource: Resource, declared?: Resource): Place {
    const account = this.#called(resource.at('accountName'), ACCOUNT);
    const written = resource.at('containerName');
    const container = declared ?? this.estate.find(written, CONTAINER);
    // By name, so that it is the same container whether it is declared or only named.
    const named = container?.names.find((name): name is string => typeof name === 'string' && !name.includes('/')) ?? written.string;
    const key =
      named === undefined
        ? container
          ? this.pairing.identity(container)
          : `${account.key} ${nameIn(written)}`
        : `${account.key} ${named.toLowerCase()}`;
    const known = this.places.get(key);
    if (known) return known;
    const name = container ? this.pairing.name(container) : `the container ${nameIn(written)} of ${account.name}`;
    const place: Place = { name, resource: container, account: account.key, tags: new Set() };
    this.places.set(key, place);
    return place;
  }

  #called(value: Value, type: string): { readonly key: string; readonly name: string } {
    const found = this.estate.find(value, type);
    if (found) return { key: this.pairing.identity(found), name: this.pairing.name(found) };
    return { key: nameIn(value).toLowerCase(), name: `the storage account ${nameIn(value)}` };
  }
}

const nameIn = (value: Value): string => value.string ?? value.missing ?? value.shape ?? '';

function ofAccount(account: Resource): WriteOnce | undefined {
  const policy = account.at(`${OF_ACCOUNT}.immutabilityPolicy`);
  if (account.at(`${OF_ACCOUNT}.enabled`).boolean === false || policy.state === 'absent') return undefined;
  const state = policy.at('state');
  if (state.string === 'Disabled') return undefined;
  return {
    at: account,
    path: `${OF_ACCOUNT}.immutabilityPolicy`,
    time: timeOf(policy.at('immutabilityPeriodSinceCreationInDays'), DAY),
    locked: state.string === undefined && state.state !== 'absent' ? undefined : state.string === 'Locked',
    append: policy.at('allowProtectedAppendWrites').boolean === true ? 1 : 0,
  };
}

function ofContainer(policy: Resource): WriteOnce {
  return {
    at: policy,
    path: 'immutabilityPeriodSinceCreationInDays',
    time: timeOf(policy.at('immutabilityPeriodSinceCreationInDays'), DAY),
    // Only exports say it: locking is no part of what is deployed.
    locked: policy.at('state').string === 'Locked',
    append:
      policy.at('allowProtectedAppendWritesAll').boolean === true ? 2 : policy.at('allowProtectedAppendWrites').boolean === true ? 1 : 0,
  };
}

function compared(key: string, old: Kept, now: Kept): readonly Keeping[] {
  const [was, is] = [old.places.get(key), now.places.get(key)];
  // What only takes over what its account says is told of the account.
  if (was?.policy === undefined && is?.policy === undefined) return [];
  // A container that is nowhere declared stands where its account does.
  const [before, after] = [was ?? elsewhere(is, old), is ?? elsewhere(was, now)];
  if (!before || !after) return [];
  const [lost, left] = [old.effective(before), now.effective(after)];
  const worse = lost ? differences(after.name, lost, left, now) : [];
  const better =
    left && worse.length === 0 ? differences(after.name, left, lost, now).filter(({ direction }) => direction === 'weaker') : [];
  return [
    ...worse,
    ...better.map((line) => ({
      ...line,
      direction: 'stronger' as const,
      words: `${after.name}: what it holds is written once for longer, or more strictly`,
    })),
  ];
}

/** A container of which only a policy speaks, on the side that has none: it stays as long as its account does. */
function elsewhere(place: Place | undefined, side: Kept): Place | undefined {
  if (!place || place.resource) return undefined;
  return side.places.has(place.account) || isOnlyNamed(place.account) ? { ...place, policy: undefined, tags: new Set() } : undefined;
}
/** An account that is nowhere declared is known by its name. */
const isOnlyNamed = (account: string): boolean => !/[:/]/.test(account);

/** What the second keeps less than the first. */
function differences(name: string, was: WriteOnce, is: WriteOnce | undefined, now: Kept): readonly Keeping[] {
  const at = is?.at ?? was.at;
  const found = (path: string | undefined, direction: 'weaker' | 'undecided', severity: Keeping['severity'], words: string): Keeping => ({
    direction,
    severity,
    words: `${name}: ${words}`,
    topic: `write-once ${path ?? ''}`,
    at,
    side: is ? 'after' : 'before',
    path,
  });
  const days = typeof was.time === 'number' ? ` of ${spell(was.time)}` : '';
  if (!is) {
    if (was.at.type === POLICY && staysUnmanaged(was.at) && now.pairing.other(was.at) === undefined)
      return [
        found(
          undefined,
          'weaker',
          'medium',
          `its write-once policy${days} is no longer in the template and stays, unmanaged: while it is not locked, anybody who manages the account can delete it`,
        ),
      ];
    return [found(undefined, 'weaker', 'high', `what it holds can be altered and deleted: its write-once policy${days} is gone`)];
  }
  const weaker = [
    ...(typeof was.time === 'number' && typeof is.time === 'number' && is.time < was.time
      ? [`what it holds is written once for ${spell(is.time)} instead of ${spell(was.time)}`]
      : []),
    ...(was.locked === true && is.locked === false
      ? ['its write-once policy is no longer locked: it can be shortened and taken away']
      : []),
  ];
  const missing = missingOf(was.time) === missingOf(is.time) ? undefined : (missingOf(is.time) ?? missingOf(was.time));
  return [
    ...(weaker.length > 0 ? [found(is.path, 'weaker', 'high', weaker.join('; '))] : []),
    ...(missing === undefined
      ? []
      : [
          found(
            is.path,
            'undecided',
            'high',
            `whether what it holds is written once for as long as before cannot be told: it depends on ${missing}`,
          ),
        ]),
    ...(was.locked === true && is.locked === undefined
      ? [found(is.path, 'undecided', 'high', 'whether its write-once policy is still locked cannot be told')]
      : []),
    ...(is.append > was.append
      ? [
          found(
            'allowProtectedAppendWrites',
            'weaker',
            'medium',
            `what is written once can be added to: ${APPENDED[is.append]} instead of ${APPENDED[was.append]}`,
          ),
        ]
      : []),
  ];
}

const missingOf = (time: Time): string | undefined => (typeof time === 'object' ? time.missing : undefined);

/** Tags of a legal hold that are taken away while the container stays. */
function held(key: string, old: Kept, now: Kept): readonly Keeping[] {
  const [was, is] = [old.places.get(key), now.places.get(key)];
  if (!was || was.tags.size === 0) return gainedHold(key, old, now);
  const place = is ?? elsewhere(was, now);
  if (!place || missingIn((was.hold as Resource).at('tags'))) return [];
  const lost = [...was.tags].filter((tag) => !place.tags.has(tag)).sort();
  if (lost.length === 0) return gainedHold(key, old, now);
  const none = place.tags.size === 0;
  return [
    {
      direction: 'weaker',
      severity: 'high',
      words: `${place.name}: the legal hold ${lost.join(', ')} is lifted${none ? ', and what it holds can be altered and deleted' : ''}`,
      topic: 'legal hold',
      at: place.hold ?? (was.hold as Resource),
      side: place.hold ? 'after' : 'before',
      path: place.hold ? 'tags' : undefined,
    },
  ];
}

function gainedHold(key: string, old: Kept, now: Kept): readonly Keeping[] {
  const is = now.places.get(key);
  const known = old.places.get(key)?.tags ?? new Set();
  const come = [...(is?.tags ?? [])].filter((tag) => !known.has(tag)).sort();
  if (!is?.hold || come.length === 0) return [];
  return [
    {
      direction: 'stronger',
      severity: 'low',
      words: `${is.name}: what it holds is held by ${come.join(', ')}`,
      topic: 'legal hold',
      at: is.hold,
      side: 'after',
      path: 'tags',
    },
  ];
}
