/**
 * Locks of Azure, by what is locked: it does not matter by how many of them, of which kind, and whether on a resource or on the group or
 * subscription around it.
 */
import { append } from '../../../policies/collect';
import type { Resource } from '../../../policies/resource';
import { type Estate, estatesOf } from '../access-azure/estate';
import type { Scope } from '../access-azure/grant';
import { providerOf } from '../access-azure/operations';
import { type Pairing, resourcesOf, type Side, type Told } from '../side';
import { HOLDS, type Keeping, keepingLine, staysUnmanaged } from './parts';

const LOCK = /^azure-native:authorization:ManagementLock(ByScope|At(Resource|ResourceGroup|Subscription)Level)$/;
/** What a lock on a store is for. */
const KEPT = ['DHC-10'] as const;
const LEVELS = ['notspecified', 'cannotdelete', 'readonly'];
const WORDS = ['nothing', 'CanNotDelete', 'ReadOnly'];

interface Lock {
  readonly at: Resource;
  readonly scope: Scope;
  /** Undefined where nobody can tell. */
  readonly level: number | undefined;
}

/** What is less locked than before, or more. */
export function locks(before: Side, after: Side, pairing: Pairing): readonly Told[] {
  const isLocked = (side: Side): boolean => [...resourcesOf(side)].some(({ type }) => LOCK.test(type));
  if (!isLocked(before) && !isLocked(after)) return [];
  const estates = estatesOf(before, after, pairing);
  const [old, now] = [new Locked(before, estates.before, pairing), new Locked(after, estates.after, pairing)];
  return [
    ...old.all.flatMap((lock) => old.lost(lock, now)),
    ...now.all.flatMap((lock) => now.lost(lock, old).flatMap((line) => mirrored(line, lock))),
  ].map((keeping) => keepingLine(keeping, pairing));
}

/** What is lost the other way round is gained; what stays unmanaged was no loss. */
const mirrored = (line: Keeping, { at, scope }: Lock): readonly Keeping[] =>
  line.direction === 'weaker'
    ? [{ ...line, direction: 'stronger', words: `${scope.name} is locked now, or more than before`, at, side: 'after' }]
    : [];

class Locked {
  readonly all: readonly Lock[];
  /** The strongest level on each scope, and whether one of its locks cannot be told. */
  readonly #byScope = new Map<string, { readonly level: number; readonly unknown: boolean }>();

  constructor(
    readonly side: Side,
    readonly estate: Estate,
    readonly pairing: Pairing,
  ) {
    this.all = [...resourcesOf(side)]
      .filter(({ type, options }) => LOCK.test(type) && options.external !== true)
      .map((at) => ({ at, scope: this.#scopeOf(at), level: levelOf(at) }));
    for (const { level, scope } of this.all) {
      const known = this.#byScope.get(scope.key) ?? { level: 0, unknown: false };
      this.#byScope.set(scope.key, { level: Math.max(known.level, level ?? 0), unknown: known.unknown || level === undefined });
    }
  }

  // ── What is locked ───────────────────────────────────────────────────────────────────────────────────────────────

  #scopeOf(lock: Resource): Scope {
    if (/ByScope$/.test(lock.type)) return this.estate.scope(lock.at('scope'), lock);
    if (/:ManagementLockAtResourceLevel$/.test(lock.type)) return this.#namedByParts(lock);
    const [, ...chain] = this.estate.scopeOf(lock).chain;
    const group = lock.at('resourceGroupName');
    const name = group.state === 'absent' ? 'the subscription' : this.#groupName(lock);
    return { key: chain[0] ?? '', name, chain, group: true };
  }

  #groupName(lock: Resource): string {
    const value = lock.at('resourceGroupName');
    const target = this.estate.find(value, 'azure-native:resources:ResourceGroup');
    if (target) return this.pairing.name(target);
    const written = value.string;
    return written === undefined || / /.test(written) ? 'the resource group of the deployment' : `the resource group ${written}`;
  }

  /** Provider, type and name in properties of their own. */
  #namedByParts(lock: Resource): Scope {
    const name = lock.at('resourceName');
    const namespace = lock.at('resourceProviderNamespace').string?.toLowerCase() ?? '';
    const kind = lock.at('resourceType').string?.toLowerCase().split('/').pop() ?? '';
    const [, ...around] = this.estate.scopeOf(lock).chain;
    // `storageAccounts` is a StorageAccount, and `flexibleServers` are Servers.
    const one = kind.replace(/ies$/, 'y').replace(/s$/, '');
    const isIt = ({ type }: Resource): boolean => {
      const called = type.split(':').pop()?.toLowerCase() ?? '';
      return providerOf(type)?.toLowerCase().startsWith(`${namespace}/`) === true && (called.endsWith(one) || one.endsWith(called));
    };
    const found = [...this.#called(name.targets, name.string)].filter(isIt);
    const [only] = found;
    if (only && found.length === 1) return this.estate.scopeOf(only);
    const key = `${namespace}/${lock.at('parentResourcePath').shape ?? ''}/${kind}/${name.shape ?? name.missing ?? ''}`.toLowerCase();
    return { key, name: `the resource ${name.string ?? name.missing ?? ''}`, chain: [key, ...around] };
  }

  #byName: Map<string, Resource[]> | undefined;
  *#called(targets: readonly string[], name: string | undefined): Iterable<Resource> {
    if (!this.#byName) {
      this.#byName = new Map();
      for (const resource of resourcesOf(this.side)) {
        append(this.#byName, resource.id, resource);
        for (const one of resource.names) if (typeof one === 'string') append(this.#byName, one.toLowerCase(), resource);
      }
    }
    if (targets.length > 0) for (const id of targets) yield* this.#byName.get(id) ?? [];
    else if (name !== undefined) yield* this.#byName.get(name.toLowerCase()) ?? [];
  }

  // ── How it is locked ─────────────────────────────────────────────────────────────────────────────────────────────

  /** The strongest level of the locks around; undefined where one of them cannot be told and none is strong enough. */
  levelIn(chain: readonly string[], wanted: number): number | undefined {
    const around = chain.flatMap((key) => this.#byScope.get(key) ?? []);
    const known = Math.max(0, ...around.map(({ level }) => level));
    return known < wanted && around.some(({ unknown }) => unknown) ? undefined : known;
  }

  #inside: Map<string, Resource[]> | undefined;
  /** What is declared inside of a scope. */
  #within(key: string): readonly Resource[] {
    if (!this.#inside) {
      this.#inside = new Map();
      for (const resource of resourcesOf(this.side)) {
        if (resource.cloud !== 'azure' || resource.options.external === true || !HOLDS.test(resource.type)) continue;
        for (const around of this.estate.scopeOf(resource).chain.slice(1)) append(this.#inside, around, resource);
      }
    }
    return this.#inside.get(key) ?? [];
  }

  /** What a lock kept that the locks of the other side do not. */
  lost({ at, level, scope }: Lock, now: Locked): readonly Keeping[] {
    const other = this.pairing.other(at);
    const base = {
      at: other ?? at,
      side: other ? now.side.which : this.side.which,
      path: other ? 'level' : undefined,
      topic: `lock ${scope.name}`,
    };
    if (level === undefined) {
      const missing = at.at('level').missing;
      return other && other.at('level').missing !== missing ? [{ ...base, ...unsure(scope.name) }] : [];
    }
    if (level === 0) return [];
    const chain = now.chainOf(scope, this.pairing);
    if (chain === undefined) return [];
    const left = now.levelIn(chain, level);
    if (left === undefined) return [{ ...base, ...unsure(scope.name) }];
    if (left >= level) return [];
    const name = this.pairing.name(at);
    // A lock is known by where it is: one on something else is another one, and leaves the old one where it was.
    if (staysUnmanaged(at) && (other === undefined || now.#scopeOf(other).key !== scope.key))
      return [
        {
          ...base,
          at,
          side: this.side.which,
          path: undefined,
          direction: 'weaker',
          severity: 'medium',
          words: `${name} is no longer in the template and stays, unmanaged: when somebody deletes it, ${scope.name} can be deleted`,
          covers: KEPT,
        },
      ];
    if (left > 0)
      return [
        { ...base, direction: 'weaker', severity: 'medium', words: `${scope.name}: the lock goes from ${WORDS[level]} to ${WORDS[left]}` },
      ];
    return [{ ...base, direction: 'weaker', covers: KEPT, ...this.#unlocked(scope, level, now) }];
  }

  #unlocked(scope: Scope, level: number, now: Locked): Pick<Keeping, 'severity' | 'words'> {
    const inside = this.#within(scope.key).flatMap((resource) => this.pairing.other(resource) ?? []);
    const open = inside.filter((resource) => (now.levelIn(now.estate.scopeOf(resource).chain, level) ?? 0) < level);
    if (inside.length > 0 && open.length === 0 && scope.resource?.type !== undefined && !scope.group)
      return { severity: 'medium', words: `${scope.name} itself is no longer locked: it can be deleted` };
    if (inside.length > 0 && open.length === 0)
      return {
        severity: 'low',
        words: `${scope.name} is no longer locked as a whole: what stands in it without a lock of its own can be deleted`,
      };
    const outermost = open.filter(
      (resource) => !open.some((one) => one !== resource && now.estate.scopeOf(resource).chain.includes(now.estate.scopeOf(one).key)),
    );
    const names = outermost.map((resource) => this.pairing.name(resource)).sort();
    const some = names.length < 6 ? names : [...names.slice(0, 5), `${names.length - 5} more`];
    const list = some.length > 1 ? `${some.slice(0, -1).join(', ')} and ${some.at(-1)}` : some[0];
    const whole = scope.group === true || scope.resource === undefined;
    return {
      severity: 'high',
      words: `${scope.name} is no longer locked: ${whole && list !== undefined ? list : whole ? 'what stands in it' : 'it'} can be deleted`,
    };
  }

  /** The other state of a scope, on this side; undefined where it is gone itself. */
  chainOf({ chain, resource }: Scope, pairing: Pairing): readonly string[] | undefined {
    if (!resource) return chain;
    const other = pairing.other(resource);
    return other && this.estate.scopeOf(other).chain;
  }
}

const unsure = (name: string): Pick<Keeping, 'direction' | 'severity' | 'words'> => ({
  direction: 'undecided',
  severity: 'medium',
  words: `whether ${name} is still locked as before cannot be told: the level of the lock is not known`,
});

function levelOf(lock: Resource): number | undefined {
  const value = lock.at('level');
  if (value.string === undefined) return value.state === 'absent' ? 0 : undefined;
  const level = LEVELS.indexOf(value.string.toLowerCase());
  return level < 0 ? undefined : level;
}
