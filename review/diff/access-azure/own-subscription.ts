/** Into which subscription something is deployed, where no configuration says it. */
import { type Node, Residue, Text } from '../../../policies/node';
import type { Resource } from '../../../policies/resource';
import { hole, holesIn } from '../access/text';
import { leavesOf, plainOf } from '../plain';
import { resourcesOf, type Side } from '../side';
import type { Scope } from './grant';

const NAMED = /\/subscriptions\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/gi;

/**
 * The subscription of what an export lists, by the ids of its resources; else the only one that the earlier side names at all; else the
 * only one that is written out now in place of a reference. What a change brings along is not ours for being the first that is named.
 * Undefined where one is configured, where several are named, and where none is.
 */
export function ownSubscription(before: Side, after: Side): string | undefined {
  const units = [before, after]
    .flatMap(({ targets }) => targets.flatMap(({ graph }) => graph.units))
    .filter(({ cloud }) => cloud === 'azure');
  if (units.length === 0 || units.every(({ account }) => account !== undefined)) return undefined;
  const [ids, named] = [new Set<string>(), new Set<string>()];
  for (const side of [before, after])
    for (const resource of resourcesOf(side)) {
      if (resource.cloud !== 'azure') continue;
      const { importId } = resource.options;
      if (typeof importId === 'string') collect(importId, ids);
      // Of several providers, each is for one.
      const provided = PROVIDER.test(resource.type) ? resource.at('subscriptionId').string : undefined;
      if (provided !== undefined) named.add(provided.toLowerCase());
      if (side === before) for (const text of textsIn(resource.properties)) collect(text, named);
    }
  const configured = units.flatMap(({ account }) => account?.toLowerCase() ?? []);
  for (const found of [ids, named]) {
    const all = new Set([...found, ...configured]);
    if (all.size === 1) return [...all][0];
    if (all.size > 1) return undefined;
  }
  const written = writtenOut(before, after);
  return written.size === 1 ? [...written][0] : undefined;
}

/** Subscriptions in ids that were computed before, and are otherwise the same. */
function writtenOut(before: Side, after: Side): ReadonlySet<string> {
  const found = new Set<string>();
  const old = new Map([...resourcesOf(before)].map((resource) => [resource.id, resource]));
  for (const resource of resourcesOf(after)) {
    const was = old.get(resource.id);
    if (!was || resource.cloud !== 'azure' || ![...textsIn(resource.properties)].some((text) => text.search(NAMED) >= 0)) continue;
    const computed = textsOf(was).filter((text) => holesIn(text).length > 0);
    for (const text of textsOf(resource))
      if (text.search(NAMED) >= 0 && computed.some((one) => isWrittenAs(one, text, old))) collect(text, found);
  }
  return found;
}

const textsOf = (resource: Resource): readonly string[] =>
  [...leavesOf(plainOf(resource, (id) => id))].map(([, leaf]) => leaf.replace(/^"|"$/g, ''));

/** Whether the id may be what the computed text becomes: the same but for the holes, or the resource that the only hole stands for. */
function isWrittenAs(computed: string, id: string, resources: ReadonlyMap<string, Resource>): boolean {
  const [inside = ''] = holesIn(computed);
  if (computed === hole(inside)) {
    const name = id.slice(id.lastIndexOf('/') + 1).toLowerCase();
    const names = resources.get(inside.replace(/\.id$/, ''))?.names ?? [];
    return names.some((one) => typeof one === 'string' && one.toLowerCase() === name);
  }
  // Each hole is one segment, or the scope in front.
  const pattern = holesIn(computed).reduce((text, one) => text.replaceAll(hole(one), '\u0000'), computed);
  const parts = pattern.split('\u0000').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return parts.some((part) => part.includes('/')) && new RegExp(`^${parts.join('[^/]+')}/?$`, 'i').test(id);
}

/** How keys of subscriptions begin, and the key of the one into which it is deployed where nothing tells which that is. */
export const SUBSCRIPTION = 'subscription ';
const OWN = `${SUBSCRIPTION}own`;

/**
 * The subscription that one scope names, where the other stands in the one that nothing names, and would be held by the first if that
 * were the same. Undefined where it can be told, or makes no difference.
 */
export function maybeAround(outer: Scope, inner: Scope, own: string | undefined): string | undefined {
  if (own !== undefined) return undefined;
  const [around, within] = [outer, inner].map(({ chain }) => chain.find((key) => key.startsWith(SUBSCRIPTION)));
  if (around === undefined || within === undefined || around === within || ![around, within].includes(OWN)) return undefined;
  // Of groups and resources, only those that are called alike may be the same.
  if (outer.key !== around && outer.key !== inner.key) return undefined;
  return (around === OWN ? within : around).slice(SUBSCRIPTION.length);
}

const PROVIDER = /^pulumi:providers:azure-native$/;

function collect(text: string, found: Set<string>): void {
  for (const [, id = ''] of text.matchAll(NAMED)) found.add(id.toLowerCase());
}

/** All texts, as far as they are written. */
function* textsIn(node: Node | undefined): Iterable<string> {
  if (typeof node === 'string') yield node;
  else if (node instanceof Text) yield node.parts.map((part) => (typeof part === 'string' ? part : '')).join('');
  else if (node instanceof Residue || typeof node !== 'object' || node === null) return;
  else for (const child of Object.values(node)) yield* textsIn(child as Node);
}
