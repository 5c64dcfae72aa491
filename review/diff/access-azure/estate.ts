/** One side, read: what stands in what, and who is who. */
import { append } from '../../../policies/collect';
import { entra } from '../../../policies/facts/azure-directory';
import { subscriptionOf } from '../../../policies/facts/azure-subscription';
import { namePropertyOf } from '../../../policies/gather/pulumi/names';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import type { Boundary } from '../../schema-review';
import type { Pairing, Side } from '../side';
import type { Scope, Who } from './grant';
import { isStore, providerOf } from './operations';
import { ownSubscription, SUBSCRIPTION } from './own-subscription';

const RESOURCE_GROUP = 'azure-native:resources:ResourceGroup';
const MANAGEMENT_GROUP = 'azure-native:management:ManagementGroup';
const PLACEMENT = 'azure-native:management:ManagementGroupSubscription';
const SERVICE_PRINCIPAL = entra('ServicePrincipal');
const ROOT = '/';
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Outputs by which a principal is known. */
const IDENTITY = /^(id|principalId|objectId|identity|identity\.principalId|identity\.principalID|clientId|client_id|objectID)$/;
const KINDS: Readonly<Record<string, string>> = {
  user: 'the user',
  group: 'the group',
  serviceprincipal: 'the service principal',
  foreigngroup: 'the group of another tenant',
};

const ESTATES = new WeakMap<Pairing, Estates>();

/** Both sides of a comparison. */
export interface Estates {
  readonly before: Estate;
  readonly after: Estate;
}

/** The estates of a comparison, read once. */
export function estatesOf(before: Side, after: Side, pairing: Pairing): Estates {
  const known = ESTATES.get(pairing);
  if (known) return known;
  const own = ownSubscription(before, after);
  const estates = { before: new Estate(before, pairing, own), after: new Estate(after, pairing, own) };
  ESTATES.set(pairing, estates);
  return estates;
}

export class Estate {
  readonly #byId = new Map<string, Resource>();
  /** By name, lower case. */
  readonly #byName = new Map<string, Resource[]>();
  readonly #chains = new Map<Resource, Scope>();
  readonly #groups = new Map<string, Resource[]>();
  readonly #providers = new Map<string, Set<string>>();
  readonly #stores: Scope[] = [];
  readonly #graphs = new Map<string, Graph>();
  /** Management groups by what is in them: the key of a subscription or of another group. */
  readonly #parents = new Map<string, string>();

  constructor(
    side: Side,
    readonly pairing: Pairing,
    /** The subscription into which it is deployed, where nobody configures one and everything names the same. */
    readonly ownSubscription: string | undefined = undefined,
  ) {
    for (const { graph } of side.targets)
      for (const resource of graph.resources()) {
        if (resource.cloud !== 'azure') continue;
        this.#byId.set(resource.id, resource);
        // Only the resources of a program have a subscription besides that of their unit.
        if (resource.option('provider').string !== undefined) this.#graphs.set(resource.id, graph);
        for (const name of resource.names) {
          if (typeof name !== 'string') continue;
          append(this.#byName, name.toLowerCase(), resource);
        }
      }
    this.#place();
    for (const resource of this.#byId.values()) {
      const group = this.scopeOf(resource).chain.find((key) => key.startsWith('group '));
      if (group !== undefined) append(this.#groups, group, resource);
      if (isStore(resource.type)) this.#stores.push(this.scopeOf(resource));
    }
  }

  // ── Management groups ────────────────────────────────────────────────────────────────────────────────────────────

  /** Which group is in which, and which subscription: as far as the program says. */
  #place(): void {
    for (const resource of this.#byId.values()) {
      if (resource.type === MANAGEMENT_GROUP) {
        const parent = this.#groupKeyOf(resource.at('details.parent.id'));
        if (parent !== undefined) this.#parents.set(groupKeyNamed(groupNameOf(resource)), parent);
      }
      if (resource.type !== PLACEMENT) continue;
      const parent = this.#groupKeyOf(resource.at('groupId'));
      const written = resource.names.find((name): name is string => typeof name === 'string' && GUID.test(name));
      const account = written?.toLowerCase() ?? this.#account(resource);
      if (parent !== undefined) this.#parents.set(`subscription ${account}`, parent);
    }
  }

  #groupKeyOf(value: Value): string | undefined {
    const target = this.#sole(value.targets);
    if (target?.type === MANAGEMENT_GROUP) return groupKeyNamed(groupNameOf(target));
    const name = value.shape?.split('/').pop();
    return name === undefined || name === '' ? undefined : groupKeyNamed(name);
  }

  /** What holds a subscription or a management group, the nearest first. */
  above(key: string): readonly string[] {
    const found: string[] = [];
    for (let at = this.#parents.get(key); at !== undefined && !found.includes(at); at = this.#parents.get(at)) found.push(at);
    return [...found, ...ABOVE];
  }

  /** Subscriptions that the program places below a management group. */
  *placedBelow(group: string): Iterable<Scope> {
    for (const key of this.#parents.keys())
      if (key.startsWith(SUBSCRIPTION) && this.above(key).includes(group))
        yield { key, name: `the ${key}`, chain: [key, ...this.above(key)] };
  }

  resource(id: string): Resource | undefined {
    return this.#byId.get(id);
  }

  /** Everything that holds data. */
  get stores(): readonly Scope[] {
    return this.#stores;
  }

  /** Resources that stand in a resource group, by its key. */
  inGroup(key: string): readonly Resource[] {
    return this.#groups.get(key) ?? [];
  }

  /** Where operations on what stands in a scope begin, as far as the program names it. */
  providersIn(key: string): ReadonlySet<string> {
    if (this.#providers.size === 0)
      for (const resource of this.#byId.values()) {
        const provider = providerOf(resource.type);
        if (provider === undefined) continue;
        for (const around of this.scopeOf(resource).chain)
          this.#providers.set(around, (this.#providers.get(around) ?? new Set()).add(provider));
      }
    return this.#providers.get(key) ?? new Set();
  }

  // ── Scopes ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** A resource as a scope. */
  scopeOf(resource: Resource): Scope {
    const known = this.#chains.get(resource);
    if (known) return known;
    if (resource.type === RESOURCE_GROUP) return this.#remember(resource, this.#groupScope(resource));
    if (resource.type === MANAGEMENT_GROUP) return this.#remember(resource, this.#managementGroup(groupNameOf(resource)));
    const key = this.pairing.identity(resource);
    const scope = { key, name: this.pairing.name(resource), chain: [key], provider: providerOf(resource.type), resource };
    // Two resources may name each other: neither then stands in the other while that is found out.
    this.#remember(resource, scope);
    return this.#remember(resource, { ...scope, chain: [key, ...this.#around(resource)] });
  }

  #remember(resource: Resource, scope: Scope): Scope {
    this.#chains.set(resource, scope);
    return scope;
  }

  #around(resource: Resource): readonly string[] {
    const parent = this.parentOf(resource);
    if (parent && parent !== resource) return this.scopeOf(parent).chain;
    const group = resource.at('resourceGroupName');
    if (group.state === 'absent') return resource.type.startsWith('azure-native:') ? [...this.#ofSubscription(resource)] : [];
    return this.#groupNamed(group, resource).chain;
  }

  /** What a child names as what it stands in, the nearest: `accountName` of a container. */
  parentOf(resource: Resource): Resource | undefined {
    if (!resource.type.startsWith('azure-native:')) return undefined;
    const entries = resource.all.entries().filter(([property]) => /Name$/.test(property) && property !== 'resourceGroupName');
    const own = namePropertyOf(
      resource.type,
      entries.map(([property]) => property),
    );
    const module = moduleOf(resource.type);
    const found = entries.flatMap(([property, value]) => {
      const target = this.#sole(value.targets);
      if (target) return target !== resource && moduleOf(target.type) === module ? [target] : [];
      if (property === own || value.string === undefined) return [];
      const named = this.#called(value.string).filter(({ type }) => type !== resource.type && moduleOf(type) === module);
      return named.length === 1 ? named : [];
    });
    return found.sort((a, b) => this.scopeOf(b).chain.length - this.scopeOf(a).chain.length)[0];
  }

  #home: string | undefined | null = null;

  /** The directory that the program is for, where all that names one names the same. */
  get home(): string | undefined {
    if (this.#home !== null) return this.#home;
    const tenants = new Set<string>();
    for (const resource of this.#byId.values())
      for (const path of TENANTS[resource.type] ?? []) {
        const tenant = resource.at(path).string?.toLowerCase();
        if (tenant !== undefined && GUID.test(tenant)) tenants.add(tenant);
      }
    this.#home = tenants.size === 1 ? [...tenants][0] : undefined;
    return this.#home;
  }

  readonly #ends = new Map<string, ReadonlyMap<string, readonly Resource[]>>();

  /** The resource of a type that a value means: by reference, or by the end of a written id. */
  find(value: Value, type: string): Resource | undefined {
    const target = this.#sole(value.targets);
    if (target?.type === type) return target;
    const end = value.shape?.replace(/\/+$/, '').split('/').pop()?.toLowerCase();
    const found = end === undefined ? undefined : this.#endsOf(type).get(end);
    return found?.length === 1 ? found[0] : undefined;
  }

  #endsOf(type: string): ReadonlyMap<string, readonly Resource[]> {
    const known = this.#ends.get(type);
    if (known) return known;
    const ends = new Map<string, Resource[]>();
    for (const resource of this.#byId.values()) {
      if (resource.type !== type) continue;
      const all = [...resource.names, ...ID_ENDS.map((property) => resource.at(property).string?.split('/').pop())];
      for (const end of new Set(all.flatMap((one) => (typeof one === 'string' ? one.toLowerCase() : [])))) append(ends, end, resource);
    }
    this.#ends.set(type, ends);
    return ends;
  }

  #called = (name: string): readonly Resource[] => this.#byName.get(name.toLowerCase()) ?? [];

  #sole(ids: readonly string[]): Resource | undefined {
    const found = [...new Set(ids)].flatMap((id) => this.#byId.get(id) ?? []);
    return found.length === 1 ? found[0] : undefined;
  }

  #groupNamed(name: Value, holder: Resource): Scope {
    const target = this.#sole(name.targets);
    if (target?.type === RESOURCE_GROUP) return this.scopeOf(target);
    return this.#groupCalled(name.shape ?? `\${${name.missing ?? 'its name'}}`, this.#subscription(holder));
  }

  #groupCalled(written: string, subscription: string): Scope {
    const named = this.#called(written).find(({ type }) => type === RESOURCE_GROUP);
    if (named) return this.scopeOf(named);
    const own = /the name of the resource group/.test(written);
    const key = `group ${own ? 'of the deployment' : written.toLowerCase()}`;
    const name = own ? 'the resource group of the deployment' : `the resource group ${written}`;
    return { key, name, chain: [key, subscription, ...this.above(subscription)], group: true };
  }

  #groupScope(resource: Resource): Scope {
    // One that is known to both sides keeps its identity; a new one is the one that was only named before.
    const written = resource.names.find((name): name is string => typeof name === 'string');
    const key = `group ${this.pairing.other(resource) || written === undefined ? this.pairing.identity(resource) : written.toLowerCase()}`;
    const subscription = this.#subscription(resource);
    const chain = [key, subscription, ...this.above(subscription)];
    return { key, name: this.pairing.name(resource), chain, group: true, resource };
  }

  #subscription = (resource: Resource): string => `${SUBSCRIPTION}${this.#account(resource)}`;
  #ofSubscription(resource: Resource): readonly string[] {
    const key = this.#subscription(resource);
    return [key, ...this.above(key)];
  }

  /** The subscription of its provider, else that of its unit; `own` is the one into which it is deployed, whichever that is. */
  #account(resource: Resource): string {
    const graph = this.#graphs.get(resource.id);
    const account = graph ? subscriptionOf(resource, graph) : (resource.unit.account?.toLowerCase() ?? '');
    return account === '' || account === this.ownSubscription ? 'own' : account;
  }

  #managementGroup(name: string): Scope {
    const key = groupKeyNamed(name);
    return { key, name: `the management group ${name}`, chain: [key, ...this.above(key)] };
  }

  /** What a written scope stands for; of nothing written, the resource group of what declares it. */
  scope(value: Value, holder: Resource): Scope {
    if (value.state === 'absent') return this.#subscriptionScope(this.#subscription(holder), holder);
    const shape = value.shape;
    const target = this.#sole(value.targets);
    if (target && (shape === undefined || /^\$\{[^}]*\}$/.test(shape))) return this.scopeOf(target);
    if (shape === undefined) return this.#unknown(value.missing ?? value.describe());
    const tail = target ? /^\$\{[^}]*\}\/(.+)$/.exec(shape)?.[1] : undefined;
    if (target && tail !== undefined) return this.#below(this.scopeOf(target), tail, target);
    return this.#written(shape.replace(/\/+$/, ''), holder);
  }

  #written(id: string, holder: Resource): Scope {
    const management = /\/managementGroups\/([^/]+)$/i.exec(id);
    if (management) return this.#managementGroup(management[1] as string);
    if (id === '') return { key: ROOT, name: 'the whole directory', chain: [ROOT] };
    const [, account, group, rest] = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?(?:\/providers\/(.+))?$/i.exec(id) ?? [];
    if (account === undefined) return this.#unknown(id);
    const named = account.toLowerCase() === this.ownSubscription ? 'own' : account.toLowerCase();
    const own = account.includes('$') || named === this.#account(holder);
    const subscription = own ? this.#subscription(holder) : `${SUBSCRIPTION}${named}`;
    if (group === undefined) return this.#subscriptionScope(subscription, holder);
    const around = this.#groupCalled(group.replace(/^\$\{(.+)\}$/, '$1'), subscription);
    return rest === undefined ? around : this.#below(around, rest, undefined);
  }

  #subscriptionScope(key: string, holder: Resource): Scope {
    const name = key === this.#subscription(holder) ? 'the subscription' : `the ${key}`;
    return { key, name, chain: [key, ...this.above(key)] };
  }

  /** A resource that is named below another scope: one of ours by its name, or only what the text says. */
  #below(around: Scope, rest: string, parent: Resource | undefined): Scope {
    const segments = rest.split('/');
    const name = segments[segments.length - 1] as string;
    const namespace = parent ? providerOf(parent.type) : `${segments[0]?.toLowerCase()}/`;
    const candidates = this.#called(name).filter(
      (resource) =>
        resource !== parent &&
        providerOf(resource.type)?.startsWith(namespace ?? '') === true &&
        this.scopeOf(resource).chain.includes(around.key),
    );
    if (candidates.length === 1) return this.scopeOf(candidates[0] as Resource);
    const key = `${around.key}/${rest.toLowerCase()}`;
    const provider = parent ? around.provider : /^([^/]+\/[^/]+)/.exec(rest)?.[1]?.toLowerCase();
    return {
      key,
      name: parent ? `${rest} of ${around.name}` : segments.slice(-2).join(' '),
      chain: [key, ...around.chain],
      provider: provider === undefined ? undefined : `${provider}/`.replace('//', '/'),
    };
  }

  #unknown(what: string): Scope {
    const key = `\${${what}}`;
    return { key, name: `what ${what} stands for`, chain: [key] };
  }

  /** A text in words: what it refers to by name. */
  words(text: string): string {
    return text.replaceAll(/\$\{([^}]+)\}/g, (whole, inside: string) => {
      // Outputs may lie several steps below, and ids of programs hold dots of their own.
      for (let at = inside; at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('.'), 0))) {
        const found = this.#byId.get(at);
        if (found) return this.pairing.name(found);
      }
      return inside.startsWith('urn:') ? (inside.split('::').pop() ?? whole) : `what ${inside} says`;
    });
  }

  // ── Principals ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** Whom a value names: a resource that has an identity, an object of the directory, or whoever a hole stands for. */
  who(value: Value, kind?: Value): Who {
    const word = KINDS[kind?.string?.toLowerCase() ?? ''];
    const boundary: { boundary?: Boundary } = kind?.string?.toLowerCase() === 'foreigngroup' ? { boundary: 'tenant' } : {};
    const target = this.#sole(value.targets);
    if (target) return { ...this.#identityOf(target, value.attribute), ...boundary };
    const { shape } = value;
    if (shape !== undefined && GUID.test(shape))
      return { key: shape.toLowerCase(), name: `${word ?? 'the object'} ${shape.toLowerCase()}`, ...boundary };
    const what = shape ?? value.missing ?? value.path;
    return { key: `\${${what}}`, name: `whoever ${what.replace(/^\$\{(.+)\}$/, '$1')} names`, ...boundary };
  }

  #identityOf(asked: Resource, attribute: string | undefined): Who {
    // What an application may do, its service principal does.
    const target = asked.type === SERVICE_PRINCIPAL ? (this.#sole(asked.at('clientId').targets) ?? asked) : asked;
    const key = this.pairing.identity(target);
    const name = this.pairing.name(target);
    const guest = /:Invitation$/.test(target.type) ? { boundary: 'tenant' as const } : {};
    if (attribute === undefined || IDENTITY.test(attribute)) return { key, name, ...guest };
    return { key: `${key}.${attribute}`, name: `${attribute} of ${name}`, ...guest };
  }

  /** A resource as somebody who acts. */
  actor(resource: Resource): Who {
    return this.#identityOf(resource, undefined);
  }
}

/** What holds everything. */
const ABOVE: readonly string[] = [ROOT];
const groupKeyNamed = (name: string): string => `management group ${name.toLowerCase()}`;

const moduleOf = (type: string): string => type.split(':')[1] ?? '';
const nameOf = ({ names }: Resource): string | undefined => names.find((name): name is string => typeof name === 'string');
/** An id ends in the name. */
const groupNameOf = (group: Resource): string =>
  (nameOf(group) ?? group.at('groupId').string ?? group.id).replace(/^.*\/managementGroups\//i, '');
/** Where resources name the directory that they are in. */
const TENANTS: Readonly<Record<string, readonly string[]>> = {
  'pulumi:providers:azure-native': ['tenantId'],
  'pulumi:providers:azuread': ['tenantId'],
  'azure-native:keyvault:Vault': ['properties.tenantId'],
  'azure-native:keyvault:ManagedHsm': ['properties.tenantId'],
  'azure-native:dbforpostgresql:Server': ['authConfig.tenantId'],
};
/** Inputs that end an id and are no names. */
const ID_ENDS = ['registrationDefinitionId', 'roleDefinitionId', 'roleManagementPolicyName', 'scopeMapName', 'accessPolicyName'];
