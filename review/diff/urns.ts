/** What Pulumi knows a resource by, and what it was known by before: aliases, its own and those it takes over from its parents. */
import { canonicalType } from '../../policies/gather/pulumi/urn';
import type { Resource } from '../../policies/resource';

/** Inside project and stack, which may differ between two runs of the same program: types of the parents, own type, name. */
interface Known {
  /** Types of the parents, joined with `$`. */
  readonly above: string;
  readonly type: string;
  readonly name: string;
}

/** A URN without stack and project; anything else as it is. */
export const withoutStack = (urn: string): string => (urn.startsWith('urn:pulumi:') ? urn.split('::').slice(2).join('::') : urn);

const ROOT = 'pulumi:pulumi:Stack';

function knownBy(urn: string): Known {
  const [types = '', ...name] = withoutStack(urn).split('::');
  const chain = types
    .split('$')
    .filter((type) => type !== ROOT)
    .map(canonicalType);
  return { above: chain.slice(0, -1).join('$'), type: chain.at(-1) ?? '', name: name.join('::') };
}

const chainOf = ({ above, type }: Known): string => (above === '' ? type : `${above}$${type}`);
const textOf = (known: Known): string => `${chainOf(known)}::${known.name}`;

/** What the deployment knows a resource by; API versions of its types do not count. */
export const placeInProgram = ({ id }: Resource): string => textOf(knownBy(id));

/** Aliases as the program writes them, `{ name, type, parentUrn, noParent }`, or as an export lists them; what is not written is as it is now. */
function written(alias: unknown, own: Known): Known | undefined {
  if (typeof alias === 'string') return knownBy(alias);
  if (typeof alias !== 'object' || alias === null) return undefined;
  const spec = new Map(Object.entries(alias).map(([key, value]) => [key.toLowerCase(), value as unknown]));
  const text = (key: string): string | undefined => {
    const value = spec.get(key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const urn = text('urn');
  if (urn !== undefined) return knownBy(urn);
  const parent = text('parenturn');
  const type = text('type');
  return {
    above: spec.get('noparent') === true ? '' : parent === undefined ? own.above : chainOf(knownBy(parent)).replace(/^(::)?$/, ''),
    type: type === undefined ? own.type : canonicalType(type),
    name: text('name') ?? own.name,
  };
}

/** Beyond so many, no program means them. */
const MOST = 256;

/**
 * Everything a resource was known by before. A child takes over what its parent was known by, and begins with the parent's old name
 * where it begins with the new one.
 * @param byId resources of its side
 */
export function earlierPlaces(resource: Resource, byId: ReadonlyMap<string, Resource>): ReadonlySet<string> {
  return new Set(earlier(resource, byId, 0).map(textOf));
}

function earlier(resource: Resource, byId: ReadonlyMap<string, Resource>, depth: number): readonly Known[] {
  const own = knownBy(resource.id);
  const { aliases } = resource.options;
  const said = Array.isArray(aliases) ? aliases.flatMap((alias: unknown) => written(alias, own) ?? []) : [];
  const parent = resource.parent === undefined ? undefined : byId.get(resource.parent);
  if (!parent || depth > 16) return said;
  const { name } = knownBy(parent.id);
  const inherited = earlier(parent, byId, depth + 1).flatMap((before) =>
    [own, ...said.filter(({ above }) => above === own.above)].map((one) => ({
      ...one,
      above: chainOf(before),
      name: one.name.startsWith(name) ? before.name + one.name.slice(name.length) : one.name,
    })),
  );
  return [...said, ...inherited].slice(0, MOST);
}
