/** Ids of Azure, compared by what they mean: a reference and the same id written out, in capitals or with a slash at its end. */
import { append } from '../../../policies/collect';
import { azureTypeOf } from '../../../policies/gather/arm/types';
import type { Resource } from '../../../policies/resource';
import { hasHole, hole, holesIn, isHole, show } from '../access/text';
import { ownSubscription } from '../access-azure/own-subscription';
import { kindOf } from '../pairing';
import { leavesOf, plainOf } from '../plain';
import type { Reader } from '../reading';
import { resourcesOf, type Side } from '../side';

/** One side's ids. */
export class AzurePlaces {
  /** By type and name, lower case. */
  #named: Map<string, Resource[]> | undefined;

  constructor(
    readonly side: Side,
    readonly reader: Reader,
    readonly foreign: Foreign,
  ) {}

  /** One text for whatever is the same place; what stands below something of ours is told apart by the rest of the id. */
  key(text: string): string {
    const [resource, rest] = this.#resolved(text);
    return resource ? `${this.reader.pairing.identity(resource)}${rest.toLowerCase()}` : trimmed(text).toLowerCase();
  }

  /** For people. */
  name(text: string): string {
    const [resource, rest] = this.#resolved(text);
    if (resource)
      return rest === '' ? this.reader.pairing.name(resource) : `${rest.replace(/^\//, '')} of ${this.reader.pairing.name(resource)}`;
    const subscription = subscriptionOf(text);
    const where = subscription !== undefined && this.foreign.isForeign(subscription) ? ` of the subscription ${subscription}` : '';
    const parts = trimmed(text).split('/');
    const own = show(parts[parts.length - 1] ?? '');
    if (hasHole(text) && (isHole(text) || /\$\{/.test(own))) return 'what only deployment tells';
    const token = tokenOf(text);
    if (token !== undefined) return `the ${kindOf(token)} ${own}${where}`;
    if (/^\/subscriptions\/[^/]+$/i.test(trimmed(text))) return `the subscription ${own}`;
    if (/\/resourceGroups\/[^/]+$/i.test(trimmed(text))) return `the resource group ${own}${where}`;
    return this.reader.words(text);
  }

  /** Nobody knows before deployment what it is. */
  isOpen(text: string): boolean {
    return hasHole(text) && this.#resolved(text)[0] === undefined && this.name(text) === 'what only deployment tells';
  }

  isForeign(text: string): boolean {
    const subscription = subscriptionOf(text);
    return subscription !== undefined && this.#resolved(text)[0] === undefined && this.foreign.isForeign(subscription);
  }

  holds(outer: string, inner: string): boolean {
    const [ids, idOf] = [this.#id(outer), this.#id(inner)];
    if (idOf.startsWith(`${ids}/`)) return true;
    const [group, resource] = [this.#resolved(outer)[0], this.#resolved(inner)[0]];
    return group !== undefined && resource?.at('resourceGroupName').targets.includes(group.id) === true;
  }

  /** As Azure writes it, where that is known: an export says it. */
  #id(text: string): string {
    const [resource, rest] = this.#resolved(text);
    const known = resource?.options.importId;
    return (typeof known === 'string' ? `${known}${rest}` : trimmed(text)).toLowerCase();
  }

  /** A resource of ours, and what follows it. */
  #resolved(text: string): readonly [resource: Resource | undefined, rest: string] {
    const id = trimmed(text);
    const [inside] = holesIn(id);
    if (inside !== undefined && id.startsWith(hole(inside))) {
      const rest = id.slice(hole(inside).length);
      const resource = this.reader.referred(hole(inside));
      const output = resource ? inside.slice(this.reader.pairing.identity(resource).length) : '';
      // An output besides the id is something else.
      return resource && /^(\.id)?$/.test(output) && (rest === '' || rest.startsWith('/')) ? [resource, rest] : [undefined, ''];
    }
    const token = tokenOf(id);
    const found = token === undefined ? undefined : this.#byName().get(`${token} ${id.slice(id.lastIndexOf('/') + 1)}`.toLowerCase());
    return [found?.length === 1 ? found[0] : undefined, ''];
  }

  #byName(): ReadonlyMap<string, readonly Resource[]> {
    if (this.#named) return this.#named;
    this.#named = new Map();
    for (const resource of resourcesOf(this.side))
      if (resource.cloud === 'azure')
        for (const name of new Set(resource.names))
          if (typeof name === 'string') append(this.#named, `${resource.type} ${name}`.toLowerCase(), resource);
    return this.#named;
  }
}

/** Subscriptions that are not known to be ours. */
export class Foreign {
  #known: Set<string> | undefined;

  constructor(
    readonly before: Side,
    readonly after: Side,
  ) {}

  /** Nothing is deployed into it, and nothing named it before. */
  isForeign(subscription: string): boolean {
    this.#known ??= this.#named();
    return !this.#known.has(subscription);
  }

  #named(): Set<string> {
    const known = new Set<string>([ownSubscription(this.before, this.after) ?? '']);
    for (const { targets } of [this.before, this.after])
      for (const { graph } of targets) for (const { account } of graph.units) known.add(account?.toLowerCase() ?? '');
    for (const resource of resourcesOf(this.before)) {
      if (resource.cloud !== 'azure') continue;
      const { importId } = resource.options;
      const texts = [...leavesOf(plainOf(resource, (id) => id))].map(([, text]) => text);
      for (const text of [...texts, typeof importId === 'string' ? importId : ''])
        for (const [id] of text.matchAll(GUID)) known.add(id.toLowerCase());
    }
    return known;
  }
}
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

const FOREIGN = new WeakMap<Side, WeakMap<Side, Foreign>>();
/** What is foreign in a comparison, looked for once. */
export function foreignIn(before: Side, after: Side): Foreign {
  const ofBefore = FOREIGN.get(before) ?? new WeakMap<Side, Foreign>();
  FOREIGN.set(before, ofBefore);
  const known = ofBefore.get(after) ?? new Foreign(before, after);
  ofBefore.set(after, known);
  return known;
}

const trimmed = (text: string): string => text.replace(/\/+$/, '');
export const subscriptionOf = (id: string): string | undefined =>
  /^\/?subscriptions\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/i.exec(id)?.[1]?.toLowerCase();

/** The type that a written id names. */
export function tokenOf(id: string | undefined): string | undefined {
  const [, path] = /^.*\/providers\/(.+?)\/*$/i.exec(id ?? '') ?? [];
  const [namespace, ...rest] = path?.split('/') ?? [];
  const types = rest.filter((_, at) => at % 2 === 0);
  return namespace === undefined || types.length === 0 ? undefined : azureTypeOf([namespace, ...types].join('/'))?.token;
}
