/** Subnets that stores list among those that they answer, and private endpoints by the network that they stand in. */
import { append } from '../../../policies/collect';
import { belongingTo } from '../../../policies/facts/azure';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { hasHole } from '../access/text';
import { readerOf } from '../reading';
import type { Side } from '../side';
import { type Places, placesOnBoth } from '../wiring/places';
import { firewallsOf, OWNERS, publicSide, SERVERS } from './azure-doors';
import type { AzureNetwork, Subnet } from './azure-network';
import { type AzureSide, subnetKey, subnetName } from './azure-sides';
import type { Consequence } from './fold';
import type { Speech } from './lines';
import { isTheInternet } from './reach';

/** Where services keep the subnets that they let in. */
const LISTS: Readonly<Record<string, readonly [list: string, subnet: string]>> = {
  'azure-native:storage:StorageAccount': ['networkRuleSet.virtualNetworkRules', 'virtualNetworkResourceId'],
  'azure-native:containerregistry:Registry': ['networkRuleSet.virtualNetworkRules', 'virtualNetworkResourceId'],
  'azure-native:keyvault:Vault': ['properties.networkAcls.virtualNetworkRules', 'id'],
  'azure-native:keyvault:ManagedHsm': ['properties.networkAcls.virtualNetworkRules', 'id'],
  'azure-native:cognitiveservices:Account': ['properties.networkAcls.virtualNetworkRules', 'id'],
  'azure-native:cosmosdb:DatabaseAccount': ['virtualNetworkRules', 'id'],
};
/** Rules that are resources of their own, each for one subnet. */
const RULE_TYPES = [
  ...['sql', 'dbforpostgresql', 'dbformysql', 'dbformariadb'].map((module) => `azure-native:${module}:VirtualNetworkRule`),
  ...['dbforpostgresql', 'dbformysql'].map((module) => `azure-native:${module}:SingleServerVirtualNetworkRule`),
];
const BROKERS = ['azure-native:servicebus:Namespace', 'azure-native:eventhub:Namespace'];
const ENDPOINT = 'azure-native:network:PrivateEndpoint';

/** A subnet by what is known of it. */
interface Caller {
  /** The same on both sides. */
  readonly key: string;
  readonly words: string;
  readonly foreign: boolean;
  /** Only deployment tells which it is. */
  readonly unsure: boolean;
  readonly on: Resource;
  readonly path: string;
}

/** Who gets in by a list. `all`: nobody is kept away. */
interface Listing {
  readonly thing: Resource;
  readonly state: 'closed' | 'listed' | 'all';
  readonly callers: readonly Caller[];
}

/** Both states, with what tells whose an id is. */
export function* callers(speech: Speech, sides: readonly [Side, Side], networks: readonly [AzureSide, AzureSide]): Iterable<Consequence> {
  const [before, after] = sides;
  const { pairing } = speech;
  const both = { before, after, pairing, old: readerOf(before, pairing), now: readerOf(after, pairing) };
  const places = placesOnBoth(both);
  const [old, now] = [new Callers(networks[0], places[0], speech), new Callers(networks[1], places[1], speech)];
  const [was, is] = [old.listings(), now.listings()];
  yield* gained(speech, was, is, 'weaker');
  yield* gained(speech, is, was, 'stronger');
  yield* standing(speech, old, now);
}

class Callers {
  readonly #byNames = new Map<string, Subnet>();

  constructor(
    readonly side: AzureSide,
    private readonly places: Places,
    private readonly speech: Speech,
  ) {
    for (const network of side.networks)
      for (const subnet of network.subnets) {
        const name = subnet.called || subnet.value.at('subnetName').shape || subnet.value.at('name').shape || '';
        for (const of of subnet.network?.names ?? []) this.#byNames.set(`${String(of)}/${name}`.toLowerCase(), subnet);
      }
  }

  /** The subnet that an id names, however it is written. */
  subnet(id: Value, network: AzureNetwork): Subnet | undefined {
    const [, of, name] = /\/virtualNetworks\/([^/]+)\/subnets\/([^/]+)\/?$/i.exec(id.shape ?? '') ?? [];
    return network.subnet(id) ?? (of === undefined || this.isForeign(id) ? undefined : this.#byNames.get(`${of}/${name}`.toLowerCase()));
  }

  isForeign = (id: Value): boolean => this.places.of(id.string ?? '').some(({ kind }) => kind === 'elsewhere');

  caller(id: Value, network: AzureNetwork, on: Resource): Caller {
    const subnet = this.subnet(id, network);
    const at = { on, path: id.path };
    if (subnet)
      return {
        ...at,
        key: subnetKey(subnet, this.speech.pairing),
        words: subnetName(subnet, this.speech.pairing),
        foreign: false,
        unsure: false,
      };
    const text = (id.shape ?? '').replace(/\/$/, '');
    const [, subscription, name] = /\/subscriptions\/([^/]+)\/.*\/subnets\/([^/]+)$/i.exec(text) ?? [];
    const foreign = this.isForeign(id);
    const words =
      name === undefined || hasHole(name) || name.includes('${')
        ? 'a subnet of which only deployment tells which it is'
        : `the subnet ${name}${subscription === undefined || subscription.includes('${') ? '' : ` of the subscription ${subscription}`}`;
    return { ...at, key: text === '' ? id.describe() : text.toLowerCase(), words, foreign, unsure: name === undefined };
  }

  /** Every store that lists subnets, or could. */
  listings(): ReadonlyMap<string, Listing> {
    const found = new Map<string, Listing>();
    for (const network of this.side.networks) {
      const { graph } = network;
      const lists = [...this.#lists(network)];
      if (lists.length === 0) continue;
      const firewalls = firewallsOf(graph);
      const byThing = new Map<Resource, Caller[]>();
      for (const [thing, caller] of lists) {
        if (!byThing.has(thing)) byThing.set(thing, []);
        if (caller) append(byThing, thing, caller);
      }
      for (const [thing, some] of byThing) {
        if (!graph.exists(thing) || thing.option('external').boolean === true) continue;
        const open = publicSide(thing, graph, firewalls);
        const state = open?.closed === true ? 'closed' : open && isTheInternet(open.from.blocks) ? 'all' : 'listed';
        found.set(this.speech.pairing.identity(thing), { thing, state, callers: state === 'closed' ? [] : some });
      }
    }
    return found;
  }

  *#lists(network: AzureNetwork): Iterable<readonly [thing: Resource, caller: Caller | undefined]> {
    const { graph } = network;
    const inList = function* (this: Callers, thing: Resource, on: Resource, list: string, subnet: string) {
      yield [thing, undefined] as const;
      for (const rule of on.at(list).items())
        if (rule.at('action').orDefault('Allow').is('Deny').verdict !== 'pass')
          yield [thing, this.caller(rule.at(subnet), network, on)] as const;
    }.bind(this);
    for (const [type, [list, subnet]] of Object.entries(LISTS))
      for (const thing of graph.ofType(type)) yield* inList(thing, thing, list, subnet);
    for (const type of BROKERS)
      for (const thing of graph.ofType(type)) {
        yield [thing, undefined];
        for (const set of belongingTo(thing, type.replace(/:Namespace$/, ':NamespaceNetworkRuleSet'), 'namespaceName', graph))
          yield* inList(thing, set, 'virtualNetworkRules', 'subnet.id');
      }
    for (const type of SERVERS) for (const thing of graph.ofType(type)) yield [thing, undefined];
    for (const rule of graph.ofType(...RULE_TYPES)) {
      const thing = serverOf(rule, graph);
      if (thing && graph.exists(rule)) yield [thing, this.caller(rule.at('virtualNetworkSubnetId'), network, rule)];
    }
  }
}

function serverOf(rule: Resource, graph: Graph): Resource | undefined {
  const parent = rule.parent === undefined ? undefined : graph.get(rule.parent);
  if (parent && SERVERS.includes(parent.type)) return parent;
  return OWNERS.flatMap((path) => graph.target(rule.at(path), ...SERVERS) ?? [])[0];
}

/** Subnets that one state lets in, and the other does not. */
function* gained(
  speech: Speech,
  old: ReadonlyMap<string, Listing>,
  now: ReadonlyMap<string, Listing>,
  direction: 'weaker' | 'stronger',
): Iterable<Consequence> {
  const { identity, name } = speech.pairing;
  for (const [key, { callers: some, state, thing }] of now) {
    const was = old.get(key);
    // Where everybody is let in, a list adds nothing, and where everybody was, it takes away; both are told as such.
    if (state !== 'listed' || was?.state === 'all' || (direction === 'stronger' && was?.state !== 'listed')) continue;
    const known = new Set(was?.callers.map((one) => one.key));
    const come = some.filter((one) => !known.has(one.key) && (one.foreign || was?.state === 'listed'));
    const groups: readonly (readonly Caller[])[] = [
      come.filter(({ foreign }) => foreign),
      come.filter(({ foreign, unsure }) => !foreign && !unsure),
      come.filter(({ foreign, unsure }) => !foreign && unsure),
    ];
    for (const [at, group] of groups.entries()) {
      const [first] = group;
      if (!first || (direction === 'stronger' && first.unsure)) continue;
      const words = [...new Set(group.map((one) => one.words))].sort().join(', ');
      const verb = direction === 'weaker' ? 'now reaches' : 'no longer reaches';
      yield speech.line(thing, {
        direction: first.unsure ? 'undecided' : direction,
        severity: first.foreign ? 'high' : 'medium',
        sentence: first.unsure
          ? `whether more networks reach ${name(thing)} cannot be told: its list names ${words}`
          : `${words} ${verb} ${name(thing)}${first.foreign && direction === 'weaker' ? ': that is in none of our subscriptions' : ''}`,
        topic: `listed subnets ${at}`,
        at: first.on === thing ? first.path : undefined,
        ...(first.foreign ? { boundary: 'organisation' as const } : {}),
        chain: [words, name(thing)],
        along: group.flatMap(({ on }) => (on === thing ? [] : [identity(on)])),
        tells: ['DID-01', 'DID-05'],
        saw: words,
      });
    }
  }
}

// ── Private endpoints ──────────────────────────────────────────────────────────────────────────────────────────────

interface Standing {
  readonly endpoint: Resource;
  readonly caller: Caller;
  readonly subnet: Subnet | undefined;
  readonly service: string;
}

function standingIn(all: Callers, { pairing }: Speech): ReadonlyMap<string, Standing> {
  const found = new Map<string, Standing>();
  for (const network of all.side.networks)
    for (const endpoint of network.graph.ofType(ENDPOINT)) {
      if (!network.graph.exists(endpoint)) continue;
      const id = endpoint.at('subnet.id');
      const [connection] = ['privateLinkServiceConnections', 'manualPrivateLinkServiceConnections'].flatMap((path) =>
        endpoint.at(path).items(),
      );
      const target = connection && network.graph.target(connection.at('privateLinkServiceId'));
      found.set(pairing.identity(endpoint), {
        endpoint,
        caller: all.caller(id, network, endpoint),
        subnet: all.subnet(id, network),
        service: target ? pairing.name(target) : 'what it leads to',
      });
    }
  return found;
}

/** Groups decide about endpoints only where the subnet says so. */
const isGuarded = ({ value }: Subnet): boolean =>
  value.at('networkSecurityGroup.id').state !== 'absent' &&
  value.at('privateEndpointNetworkPolicies').isOneOf(['Enabled', 'NetworkSecurityGroupEnabled']).verdict === 'pass';

/** Endpoints that stand in somebody else's network now, or where less guards them. */
function* standing(speech: Speech, old: Callers, now: Callers): Iterable<Consequence> {
  const { name } = speech.pairing;
  const earlier = standingIn(old, speech);
  for (const [key, { caller, endpoint, service, subnet }] of standingIn(now, speech)) {
    const was = earlier.get(key);
    if (was?.caller.key === caller.key) continue;
    const line = (severity: 'high' | 'medium', sentence: string): Consequence =>
      speech.line(endpoint, {
        direction: 'weaker',
        severity,
        sentence,
        topic: 'standing',
        at: 'subnet.id',
        ...(severity === 'high' ? { boundary: 'organisation' as const } : {}),
        chain: [caller.words, name(endpoint), service],
        along: [],
        tells: ['DID-01', 'DID-05', 'DID-23'],
        saw: caller.words,
      });
    if (caller.foreign)
      yield line(
        'high',
        `${name(endpoint)} stands in ${caller.words}, which is none of ours: whoever is in that network reaches ${service}`,
      );
    else if (was?.subnet && subnet) {
      const elsewhere =
        was.subnet.network && subnet.network && speech.pairing.identity(was.subnet.network) !== speech.pairing.identity(subnet.network);
      const moved = `${name(endpoint)} stands in ${caller.words} now, no longer in ${was.caller.words}`;
      if (isGuarded(was.subnet) && !isGuarded(subnet))
        yield line('medium', `${moved}: there no group decides who reaches ${service} by it`);
      else if (elsewhere) yield line('medium', `${moved}: another network reaches ${service} by it`);
    }
  }
}
