/** Worlds of Azure: what a program registers, and what people do to it: transformations, other programs, the portal. */
import type { ControlId } from '../../controls';
import { evaluate } from '../../policies/evaluate';
import type { Gathered } from '../../policies/gather/target';
import { Graph } from '../../policies/graph';
import { type Node, PLAIN_SCOPE, Residue } from '../../policies/node';
import { Resource, type ResourceInit, type Unit } from '../../policies/resource';
import type { Rule } from '../../policies/rule';
import { RULES } from '../../policies/rules';
import { nodeOf } from './examples';
import { type Change, type Laboratory, listOf, mapOf, type NodeMap, type Subject, WeakeningSearch } from './weakening-search';

/** One unit, and its resources by URN. */
interface World {
  readonly unit: Unit;
  readonly resources: ReadonlyMap<string, Resource>;
}

const RULES_OF = new Map<ControlId, Rule[]>();
for (const rule of RULES) if (rule.cloud === 'azure') RULES_OF.set(rule.control, [...(RULES_OF.get(rule.control) ?? []), rule]);

/** Component types that stand above a resource, innermost first. */
function* componentsAbove(resource: Resource, graph: Graph): Generator<Resource> {
  for (let above = graph.get(resource.parent ?? ''); above; above = graph.get(above.parent ?? '')) yield above;
}

/** Everything that each kind of component made, wherever in the program. */
function ownedBy(graph: Graph): ReadonlyMap<string, ReadonlySet<string>> {
  const owned = new Map<string, Set<string>>();
  for (const resource of graph.resources())
    for (const { type } of componentsAbove(resource, graph)) {
      const component = /^palisade:azure:(.+)$/.exec(type)?.[1];
      if (component === undefined) continue;
      const own = owned.get(component) ?? new Set();
      owned.set(component, own.add(resource.id));
    }
  return owned;
}

/**
 * The components of a program, each with as much of the program as could matter to it: itself, what it points at and what points
 * at it, in any number of steps downwards, and the components that these belong to. The rest would only take time.
 */
export function subjectsOf({ graph }: Pick<Gathered, 'graph'>): (component: string) => Subject<World> | undefined {
  const [unit] = graph.units as [Unit];
  const owned = ownedBy(graph);
  const all = [...graph.resources()];
  const mentions = new Map(all.map((resource) => [resource.id, mentionsOf(resource)]));
  const mentionedBy = new Map<string, string[]>();
  for (const [id, targets] of mentions) for (const target of targets) mentionedBy.set(target, [...(mentionedBy.get(target) ?? []), id]);
  const instanceOf = new Map(all.map((resource) => [resource.id, [...componentsAbove(resource, graph)].at(-1)?.id ?? resource.id]));
  const members = new Map<string, string[]>();
  for (const [id, instance] of instanceOf) members.set(instance, [...(members.get(instance) ?? []), id]);

  return (component) => {
    const own = owned.get(component);
    if (!own) return undefined;
    const wanted = new Set<string>();
    const queue = [...own, ...[...own].flatMap((id) => mentionedBy.get(id) ?? [])];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (wanted.has(id)) continue;
      wanted.add(id);
      queue.push(...(mentions.get(id) ?? []), ...(members.get(instanceOf.get(id) ?? id) ?? []));
    }
    return { own, world: { unit, resources: new Map(all.filter(({ id }) => wanted.has(id)).map((resource) => [resource.id, resource])) } };
  };
}

const mentionsOf = ({ properties, parent }: Resource): readonly string[] => [
  ...PLAIN_SCOPE.mentions(properties),
  ...(parent === undefined ? [] : [parent]),
];

function at({ resources }: World, place: string): NodeMap {
  const { type, properties, options } = resources.get(place) as Resource;
  return { ...options, type, properties };
}

function edited(world: World, place: string, edit: (resource: NodeMap) => NodeMap | undefined): World {
  const resource = world.resources.get(place) as Resource;
  const written = edit(at(world, place));
  const resources = new Map(world.resources);
  if (written) resources.set(place, changed(resource, written, world.unit));
  else resources.delete(place);
  return { ...world, resources };
}

function changed(resource: Resource, { type: _, properties, ...options }: NodeMap, unit: Unit): Resource {
  const { id, logicalId, type, token, names, path, parent } = resource;
  const init: ResourceInit = { id, logicalId, type, token, names, path, parent, properties: mapOf(properties) as Node, options };
  return new Resource(init, unit);
}

const OPEN_RULE: Node = {
  name: 'anything',
  access: 'Allow',
  direction: 'Inbound',
  priority: 100,
  protocol: '*',
  sourceAddressPrefix: '*',
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: '*',
};

/** An open rule in each direction. */
function* additionsTo(world: World, place: string): Generator<Change<World>> {
  const { type, properties } = at(world, place);
  if (type !== 'azure-native:network:NetworkSecurityGroup') return;
  for (const direction of ['Inbound', 'Outbound'])
    yield {
      what: `${place}: an open rule, ${direction}`,
      changed: edited(world, place, (own) => ({
        ...own,
        properties: {
          ...mapOf(properties),
          securityRules: [...listOf(mapOf(properties).securityRules), { ...mapOf(OPEN_RULE), direction }],
        },
      })),
    };
}

function undeclared({ unit, resources }: World): World {
  const { profile: _, ...silent } = unit;
  const untagged = [...resources.values()].map((resource) => {
    const { tags: __, ...properties } = mapOf(resource.properties);
    return changed(resource, { ...resource.options, type: resource.type, properties }, silent);
  });
  return { unit: silent, resources: new Map(untagged.map((resource) => [resource.id, resource])) };
}

/** What stands beside the resource in a failing example, pointing at ours where it points at the example's. */
function beside(world: World, place: string, resources: Readonly<Record<string, NodeMap>>, ours: string): World {
  const idOf = (name: string) => (name === ours ? place : `example::${name}`);
  const others = Object.entries(resources)
    .filter(([name]) => name !== ours)
    .map(([name, { type, properties = {}, options = {}, name: known, parent }]) => {
      const init: ResourceInit = {
        id: idOf(name),
        logicalId: name,
        type: String(type),
        properties: nodeOf(properties, idOf),
        options: mapOf(nodeOf(options, idOf)),
        names: known === undefined ? [] : [nodeOf(known, idOf)],
        ...(typeof parent === 'string' ? { parent: idOf(parent) } : {}),
      };
      return new Resource(init, world.unit);
    });
  return { ...world, resources: new Map([...world.resources, ...others.map((one): [string, Resource] => [one.id, one])]) };
}

const LABORATORY: Laboratory<World> = {
  places: ({ resources }) => [...resources.keys()],
  at,
  edited,
  judge: ({ unit, resources }, rules) => {
    Resource.forgetReads();
    return evaluate(new Graph({ resources: resources.values(), units: [unit] }), { rules, tier: 'high', passes: true }).findings;
  },
  rulesOf: (control) => RULES_OF.get(control) ?? [],
  keys: { type: 'type', properties: 'properties' },
  isReference: (value) => value instanceof Residue || Object.keys(mapOf(value)).some((key) => key.startsWith('$')),
  // Of a principal, a range, a version, a mode, a product, an action of a web application firewall.
  weak: ['*', 'None', 'Disabled', 'Enabled', 'Allow', '0.0.0.0/0', 'Http', 'TLS1_0', '1.0', 'Detection', 'Basic', 'Log', 'SystemAssigned'],
  unwritten: [true, false, 'Enabled', 'None', '*'],
  opposites: {
    Deny: ['Allow'],
    Allow: ['Deny'],
    Disabled: ['Enabled'],
    Enabled: ['Disabled'],
    disabled: ['enabled'],
    enabled: ['disabled'],
  },
  additionsTo,
  beside,
  undeclared,
};

const SEARCH = new WeakeningSearch(LABORATORY);
/** See {@link WeakeningSearch.weakeningOf}. */
export const weakeningOf = (subject: Subject<World>, control: ControlId): string | undefined => SEARCH.weakeningOf(subject, control);
