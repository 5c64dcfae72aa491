/**
 * Where a text leads: the resource that it refers to or that has the host name in it, somebody else's host or subscription, or
 * something of which nothing here tells whose it is. Two texts that lead to the same place say the same, however they are written.
 */
import { append } from '../../../policies/collect';
import type { Resource } from '../../../policies/resource';
import { hasHole, holesIn, isHole, show } from '../access/text';
import { type Estate, estatesOf } from '../access-azure/estate';
import { providerOf } from '../access-azure/operations';
import { ownSubscription } from '../access-azure/own-subscription';
import { HOLDS } from '../data';
import { Circle } from '../partners';
import type { Reader } from '../reading';
import { type Pairing, resourcesOf, type Side } from '../side';
import { domainOf, kindOfHost, typesAt } from './hosts';
import type { Both } from './parts';

export interface Place {
  /** Equal on both sides where it is the same. */
  readonly key: string;
  readonly words: string;
  /** `elsewhere`: in an account or a subscription that is not ours. `unknown`: nothing here tells what, or whose, it is. */
  readonly kind: 'ours' | 'outside' | 'elsewhere' | 'unknown';
  readonly resource?: Resource;
  /** Of a host outside: what its owner has. */
  readonly domain?: string;
}

/** Outputs of a resource that say nothing of where data goes. */
const ATTRIBUTES = /\.(location|tags|tenantId|type|kind|sku(\.\w+)?|resourceGroupName|principalId|clientId|identity\.\w+|apiVersion)$/i;
/** What is referred to and keeps or answers nothing. */
const NOWHERE = /^(azure-native:(resources|managedidentity|authorization|network:(Subnet|VirtualNetwork))|AWS::(IAM|EC2)|Palisade:)/;

/** Rules are called like the hosts that they let through, and are none. */
const NOT_A_RULE = /^(?!azure-native:sql:OutboundFirewallRule$)/;

const TOKEN = '\uE000';
const PART = '(?:[\\w-]|\\uE000\\d+\\uE001)+';
const HOST = `${PART}(?:\\.${PART})*`;
const ID = /\/subscriptions\/([^/\s;,"']+)\/resourceGroups\/[^/\s;,"']+\/providers\/([\w.]+(?:\/[^\s;,"'?/]+)+)/gi;
const URL = new RegExp(`\\b[a-z][a-z0-9+.-]*:\\/\\/(?:[^\\s/@,;]*@)?(${HOST})`, 'gi');
const NAMED_HOST = new RegExp(
  `(?:^|[;?&\\s])(?:server|data source|host|host ?name|addr(?:ess)?|network address|end ?point|account ?end ?point|\\w*end ?point)\\s*=\\s*(?:tcp:|sb:\\/\\/|https?:\\/\\/)?(${HOST})`,
  'gi',
);
const ENDED = new RegExp(
  `(${PART}(?:\\.${PART})*\\.(?:windows\\.net|azure\\.(?:com|net|us|cn)|azurecr\\.io|azconfig\\.io|azurewebsites\\.net|azure-api\\.net|amazonaws\\.com))(?![\\w.-])`,
  'gi',
);
const AMAZON = /\.amazonaws\.com(\.cn)?$/;
const ACCOUNT = new RegExp(`(?:^|;)\\s*AccountName\\s*=\\s*(${PART})`, 'i');
const VAULT = new RegExp(`^@Microsoft\\.KeyVault\\(.*VaultName\\s*=\\s*(${PART})`, 'i');
const TELEMETRY = /(?:^|;)\s*InstrumentationKey\s*=\s*([^;\s]+)/i;
/** Hosts that several texts have in common by chance. */
const BARE_HOST = new RegExp(`^(${PART}(?:\\.${PART})+)(?::\\d+)?(?:/.*)?$`);

/** How names of settings say that they hold a host. */
const HOST_NAME = /(host|server|endpoint|url|uri|address|domain|namespace|broker|origin|proxy|upstream|smtp|account|service|target)/i;

/** Versions, files and packages have dots as well. */
const isHost = (text: string): boolean =>
  /(\.[a-z]{2,}|\uE001|^\d+(\.\d+){3})$/u.test(text) && !/[A-Z]/.test(text) && !FILE.test(text) && !/^(com|org|net|io)\./.test(text);
const FILE =
  /\.(json|xml|txt|js|ts|cs|py|sh|dll|exe|zip|ya?ml|config|conf|properties|html?|png|svg|md|jar|war|log|csv|pem|crt|key|pfx|env|sql)$/;

const ALL_PLACES = new WeakMap<Pairing, Map<Side, Places>>();

/** What texts of each side lead to. */
export const placesOnBoth = ({ after, before, now, old }: Both): readonly [Places, Places] => [
  placesOf(before, before, after, old),
  placesOf(after, before, after, now),
];

function placesOf(side: Side, before: Side, after: Side, reader: Reader): Places {
  const { pairing } = reader;
  const known = ALL_PLACES.get(pairing) ?? new Map<Side, Places>();
  ALL_PLACES.set(pairing, known);
  const places = known.get(side) ?? new Places(side, before, after, reader);
  known.set(side, places);
  return places;
}

export class Places {
  readonly #byName = new Map<string, Resource[]>();
  readonly #estate: Estate;
  readonly #circle: Circle;

  constructor(
    readonly side: Side,
    readonly before: Side,
    readonly after: Side,
    readonly reader: Reader,
  ) {
    for (const resource of resourcesOf(side))
      for (const name of new Set(resource.names))
        if (typeof name === 'string' && name !== '') append(this.#byName, name.toLowerCase(), resource);
    const { before: old, after: now } = estatesOf(before, after, reader.pairing);
    this.#estate = side === before ? old : now;
    this.#circle = new Circle(before, after);
  }

  /** Everything that a text leads to. `name` is how the text is called: some names say that a host follows. */
  of(text: string, name = ''): readonly Place[] {
    if (text === '') return [];
    const holes: string[] = [];
    const tokens = text.replace(/\uE000[^\uE001]*\uE001/gu, (found) => `${TOKEN}${holes.push(found) - 1}\uE001`);
    const full = (part: string): string => part.replace(/\uE000(\d+)\uE001/gu, (_found, at: string) => holes[Number(at)] as string);
    const found = new Map<string, Place>();
    const add = (place: Place | undefined): void => {
      if (place) found.set(place.key, place);
    };
    if (text.startsWith('arn:')) add(this.#arn(text));
    else if (isHole(text)) add(this.#referred(text));
    else if (/^\uE000\d+\uE001\//u.test(tokens)) add(this.#referred(holes[0] as string));
    const rest = tokens.replace(ID, (_all, subscription: string, path: string) => {
      add(this.#id(full(subscription), full(path)));
      return ' ';
    });
    for (const pattern of [URL, NAMED_HOST, ENDED])
      for (const [, host = ''] of rest.matchAll(pattern)) add(AMAZON.test(host) ? this.#amazon(full(host), text) : this.#host(full(host)));
    const account = ACCOUNT.exec(rest)?.[1];
    if (account !== undefined) add(this.named(full(account), /^azure-native:storage:StorageAccount$/));
    const vault = VAULT.exec(rest)?.[1];
    if (vault !== undefined) add(this.named(full(vault), /^azure-native:keyvault:Vault$/));
    const telemetry = TELEMETRY.exec(rest)?.[1];
    if (telemetry !== undefined) {
      const key = full(telemetry);
      add(this.#referred(key) ?? { key: `telemetry ${key.toLowerCase()}`, words: `the telemetry component ${key}`, kind: 'unknown' });
    }
    const bare = found.size === 0 && (HOST_NAME.test(name) || hasHole(text)) ? BARE_HOST.exec(tokens)?.[1] : undefined;
    if (bare !== undefined && isHost(bare)) add(this.#host(full(bare)));
    // An address that is put together: `${store.primaryEndpoints.blob}letters`.
    if (found.size === 0) for (const hole of holes) add(this.#known(hole));
    if (found.size === 0 && !hasHole(text)) {
      const store = this.reader.referred(text);
      if (store && HOLDS.test(store.type)) add(this.#ours(store));
    }
    return [...found.values()];
  }

  /** What is called so, of a type; where nothing here is, something of Azure of which nothing tells whose it is. */
  named(text: string, types: RegExp): Place | undefined {
    if (text === '') return undefined;
    if (hasHole(text)) return this.#referred(text);
    if (/[/.:]/.test(text)) return this.of(text, 'host')[0];
    const found = this.#called(text, types);
    return found ? this.#ours(found) : { key: `named ${text.toLowerCase()}`, words: text, kind: 'unknown' };
  }

  /** Whether two places are the same, or one is a part of the other. */
  same(one: Place, other: Place): boolean {
    if (one.key === other.key || (one.domain !== undefined && one.domain === other.domain)) return true;
    return one.resource !== undefined && other.resource !== undefined && (this.#isIn(one, other) || this.#isIn(other, one));
  }

  /** Whether everything that holds a place is one with what holds another: a table of the same account. */
  above({ key, resource }: Place): readonly string[] {
    const chain = [key];
    for (let at = resource, round = 0; at && round < 8; round += 1) {
      at = this.#parentOf(at);
      if (at) chain.push(this.#keyOf(at));
    }
    return chain;
  }

  #isIn = (inner: Place, outer: Place): boolean => this.above(inner).includes(outer.key);

  #parentOf(resource: Resource): Resource | undefined {
    return resource.cloud === 'azure' ? this.#estate.parentOf(resource) : undefined;
  }

  #keyOf = (resource: Resource): string => `resource ${this.reader.pairing.identity(resource)}`;

  #ours(resource: Resource): Place | undefined {
    if (NOWHERE.test(resource.type)) return undefined;
    return { key: this.#keyOf(resource), words: this.reader.pairing.name(resource), kind: 'ours', resource };
  }

  #called(name: string, types: RegExp): Resource | undefined {
    const found = (this.#byName.get(name.toLowerCase()) ?? []).filter(({ type }) => types.test(type));
    return found.length === 1 ? found[0] : undefined;
  }

  #referred(text: string): Place | undefined {
    const [inside = ''] = holesIn(text);
    if (ATTRIBUTES.test(inside) || /^(secret$|the export )/.test(inside)) return undefined;
    const resource = this.reader.referred(text) ?? this.#computed(inside);
    if (resource) return this.#ours(resource);
    return { key: `hole ${text.toLowerCase()}`, words: /^(an?|the) /.test(inside) ? inside : `what ${inside} stands for`, kind: 'unknown' };
  }

  /** The store that a value is computed from, where there is one and all that is known is that. */
  #computed(inside: string): Resource | undefined {
    const from = /^an output of (.+)$/.exec(inside)?.[1]?.split(/, | and /);
    if (!from) return undefined;
    this.#byLogicalId ??= byLogicalId(this.side);
    const found = from.flatMap((name) => this.#byLogicalId?.get(name) ?? []);
    const stores = found.length > 1 ? found.filter(({ type }) => HOLDS.test(type)) : found;
    return stores.length === 1 ? stores[0] : undefined;
  }

  #byLogicalId: ReadonlyMap<string, readonly Resource[]> | undefined;

  #known(text: string): Place | undefined {
    const place = this.#referred(text);
    return place?.kind === 'ours' ? place : undefined;
  }

  /** What another account calls like one of ours is not ours. */
  #arn(arn: string): Place | undefined {
    const account = this.reader.foreignAccount(arn);
    const foreign = account !== undefined && !this.#circle.isOurs(account) && this.reader.unsure === undefined;
    if (foreign) return { key: arn.toLowerCase(), words: `${show(arn)}, of the account ${account}`, kind: 'elsewhere' };
    const resource = this.reader.referred(arn);
    return resource && this.#ours(resource);
  }

  /** A resource by its id: one of ours by its name, else one of our subscription or of another. */
  #id(subscription: string, path: string): Place | undefined {
    const parts = path.replace(/\/+$/, '').split('/');
    const name = parts[parts.length - 1] as string;
    const foreign = !hasHole(subscription) && this.#isForeign(subscription);
    if (hasHole(name)) return this.#referred(name);
    const provider = `${(parts[0] as string).toLowerCase()}/`;
    const found = (this.#byName.get(name.toLowerCase()) ?? []).filter(
      ({ type }) => providerOf(type)?.startsWith(provider) || type.toLowerCase().includes(`:${provider.slice('microsoft.'.length, -1)}:`),
    );
    if (found.length === 1 && foreign !== true) return this.#ours(found[0] as Resource);
    const words = `${parts[parts.length - 2]} ${name}`;
    const key = `id ${subscription} ${path}`.toLowerCase();
    if (foreign === true) return { key, words: `${words} of the subscription ${subscription}`, kind: 'elsewhere' };
    // Nothing tells which subscriptions are ours, and whoever decides must know which one this is.
    return { key, words: hasHole(subscription) ? words : `${words} of the subscription ${subscription}`, kind: 'unknown' };
  }

  /** Buckets have hosts of their own; queues stand in the path, below their account. */
  #amazon(host: string, text: string): Place | undefined {
    const bucket = /^(.+?)\.s3[.-]/.exec(host)?.[1];
    const resource = this.reader.referred(text) ?? (bucket === undefined ? undefined : this.reader.referred(bucket));
    if (resource) return this.#ours(resource);
    const account = /amazonaws\.com(?:\.cn)?\/(\d{12})\//.exec(text)?.[1];
    const where = account === undefined ? host : text;
    const foreign = account !== undefined && this.reader.foreignAccount(account) !== undefined && !this.#circle.isOurs(account);
    if (foreign && this.reader.unsure === undefined)
      return { key: where.toLowerCase(), words: `${show(where)}, of the account ${account}`, kind: 'elsewhere' };
    return { key: where.toLowerCase(), words: show(where), kind: 'unknown' };
  }

  #host(written: string): Place | undefined {
    const host = written.toLowerCase();
    if (hasHole(written)) {
      if (isHole(written)) return this.#referred(written);
      const first = this.reader.referred(written);
      if (first) return this.#ours(first);
      // The end of a name says whose it is, also where a part before it is not known.
      const end = /\uE001[\w-]*\.([^\uE000\uE001]+\.[^\uE000\uE001]+)$/u.exec(host)?.[1];
      if (end === undefined || kindOfHost(end) !== 'outside') return { key: `host ${host}`, words: show(written), kind: 'unknown' };
      return this.#outside(host, show(written), domainOf(end));
    }
    const kind = kindOfHost(host);
    if (kind === 'inside' || kind === 'platform') return undefined;
    const types = typesAt(host);
    const label = (host.split('.')[0] as string).replace(/-secondary$/, '');
    const found = types && this.#called(label, types);
    if (found) return this.#ours(found);
    const named = this.#called(host, NOT_A_RULE);
    if (named) return this.#ours(named);
    // Addresses have no owner that could be told by them.
    if (/^\d+(\.\d+){3}$/.test(host)) return { key: `address ${host}`, words: host, kind: 'unknown' };
    const key = `host ${host.replace('.privatelink.', '.')}`;
    if (kind === 'cloud') return { key, words: host, kind: 'unknown' };
    return this.#outside(host, host, domainOf(host));
  }

  #outside(host: string, words: string, domain: string): Place | undefined {
    return this.#domains().has(domain) ? undefined : { key: `host ${host}`, words, kind: 'outside', domain };
  }

  #ownDomains: Set<string> | undefined;

  /** Domains whose zones or host names the input declares. */
  #domains(): ReadonlySet<string> {
    if (this.#ownDomains) return this.#ownDomains;
    const domains = new Set<string>();
    this.#ownDomains = domains;
    for (const side of [this.before, this.after])
      for (const resource of resourcesOf(side)) {
        const paths = DOMAINS.find(([type]) => type.test(resource.type))?.[1] ?? [];
        for (const path of paths)
          for (const value of resource.at(path).items()) {
            const host = value.string?.toLowerCase().replace(/\.$/, '').replace(/^\*\./, '');
            if (host?.includes('.')) domains.add(domainOf(host));
          }
      }
    return domains;
  }

  #own: ReadonlySet<string> | undefined;

  /** Undefined where nothing tells which subscriptions are ours. */
  #isForeign(subscription: string): boolean | undefined {
    this.#own ??= subscriptionsOf(this.before, this.after);
    if (this.#circle.isOurs(subscription)) return false;
    return this.#own.size === 0 ? undefined : !this.#own.has(subscription.toLowerCase());
  }
}

function byLogicalId(side: Side): ReadonlyMap<string, readonly Resource[]> {
  const found = new Map<string, Resource[]>();
  for (const resource of resourcesOf(side)) append(found, resource.logicalId, resource);
  return found;
}

/** Where resources declare names of hosts that are ours. */
const DOMAINS: readonly (readonly [type: RegExp, paths: readonly string[]])[] = [
  [/^azure-native:(dns|network):Zone$/, ['zoneName']],
  [/^azure-native:web:\w*HostNameBinding\w*$/, ['hostName']],
  [/^azure-native:cdn:(AFDCustomDomain|CustomDomain)$/, ['hostName']],
  [/^azure-native:domainregistration:Domain$/, ['domainName']],
  [/^AWS::Route53::HostedZone$/, ['Name']],
  [/^AWS::CertificateManager::Certificate$/, ['DomainName']],
];

const SUBSCRIPTION = /\/subscriptions\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/gi;

/** Subscriptions that are deployed into, or that the earlier state names. */
function subscriptionsOf(before: Side, after: Side): ReadonlySet<string> {
  const found = new Set<string>();
  const own = ownSubscription(before, after);
  if (own !== undefined) found.add(own.toLowerCase());
  for (const { targets } of [before, after])
    for (const { graph } of targets)
      for (const { account, cloud } of graph.units) if (cloud === 'azure' && account !== undefined) found.add(account.toLowerCase());
  for (const resource of resourcesOf(before)) {
    if (resource.cloud !== 'azure') continue;
    for (const [, id = ''] of JSON.stringify(resource.properties ?? {}).matchAll(SUBSCRIPTION)) found.add(id.toLowerCase());
  }
  return found;
}
