/**
 * What leaves a property of a resource of Azure and is said all the same: by a resource of its own, by another property of the same
 * resource, or by the service, because it is what the service does by itself.
 */
import { append } from '../../policies/collect';
import type { Resource } from '../../policies/resource';
import { canonical, type Plain } from './plain';
import { asList, asMap, type Reader, valueAt } from './reading';
import { resourcesOf, type Side } from './side';
import { standardOf } from './strengths';

/** Resources that say what a property of their parent says, where they are not called after it. */
const CALLED_OTHERWISE: Readonly<Record<string, RegExp>> = {
  administrators: /administrator/,
  appSettings: /applicationsettings/,
  connectionStrings: /connectionstrings/,
  networkAcls: /networkruleset/,
  networkRuleSet: /networkruleset/,
  siteConfig: /webappconfiguration/,
};

/** Properties of one resource of which each says what the others would. */
const SYNONYMS: readonly (readonly string[])[] = [
  ['messageRetentionInDays', 'retentionDescription'],
  ['addressPrefix', 'addressPrefixes', 'ipamPoolPrefixAllocations'],
  ['sourceAddressPrefix', 'sourceAddressPrefixes', 'sourceApplicationSecurityGroups'],
  ['destinationAddressPrefix', 'destinationAddressPrefixes', 'destinationApplicationSecurityGroups'],
  ['ipRangeFilter', 'ipRules'],
];

/** From so many letters on, a text is no word that many settings share. */
const OWN_WORDS = 12;

export type Elsewhere = (before: Resource, path: string, now: Resource) => boolean;

/** Whether what a resource no longer says is still said. */
export function elsewhereIn(after: Side, old: Reader, now: Reader): Elsewhere {
  let children: ReadonlyMap<string, readonly Resource[]> | undefined;
  return (before, path, resource) => {
    const steps = path.split('.');
    const value = valueAt(old.of(before), steps);
    if (isNothing(value) || isStandard(resource, path, value)) return true;
    const around = [old.of(before), now.of(resource)].map((one) => asMap(valueAt(one, steps.slice(0, -1))));
    if (hasSibling(steps.at(-1) as string, value, around[0] ?? {}, around[1] ?? {})) return true;
    children ??= childrenIn(after, now);
    const own = steps.map((step) => step.toLowerCase());
    return (children.get(resource.id) ?? []).some((child) => steps.some((step, at) => saysFor(child, step, own.slice(at + 1), now)));
  };
}

/** An empty list leaves nothing behind. */
const isNothing = (value: Plain | undefined): boolean =>
  value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);

const isStandard = (resource: Resource, path: string, value: Plain | undefined): boolean =>
  typeof value !== 'object' && standardOf(resource, path)?.toLowerCase() === String(value).toLowerCase();

const singular = (word: string): string =>
  word
    .toLowerCase()
    .replace(/ies$/, 'y')
    .replace(/(x|ss)es$/, '$1')
    .replace(/([^s])s$/, '$1');

/** Another property beside it that says it now: in the plural, as something that stands for it, or under a new name. */
function hasSibling(own: string, value: Plain | undefined, old: Beside, now: Beside): boolean {
  const synonyms = SYNONYMS.find((names) => names.includes(own)) ?? [];
  return Object.entries(now).some(([key, other]) => {
    if (key === own) return false;
    if (synonyms.includes(key)) return true;
    if (singular(key) === singular(own)) return holds(other, value);
    return old[key] === undefined && isOfItsOwn(value) && canonical(other) === canonical(value as Plain);
  });
}
type Beside = { readonly [key: string]: Plain };

const isOfItsOwn = (value: Plain | undefined): boolean =>
  typeof value === 'object' || (typeof value === 'string' && value.length >= OWN_WORDS);

/** Every one of what was said. */
function holds(now: Plain, was: Plain | undefined): boolean {
  const said = new Set(asList(now).map(canonical));
  return asList(was).every((one) => said.has(canonical(one)));
}

/** Resources by what they belong to: that they name, or whose name they give beside their own. */
function childrenIn(side: Side, reader: Reader): ReadonlyMap<string, readonly Resource[]> {
  const found = new Map<string, Resource[]>();
  const byName = new Map<string, Resource[]>();
  for (const resource of resourcesOf(side))
    for (const name of resource.names)
      if (typeof name === 'string') append(byName, `${moduleOf(resource)} ${name.toLowerCase()}`, resource);
  for (const resource of resourcesOf(side)) {
    if (resource.cloud !== 'azure') continue;
    const named = Object.entries(reader.of(resource)).flatMap(([key, value]) =>
      /Name$|^name$/.test(key) && typeof value === 'string' ? (byName.get(`${moduleOf(resource)} ${value.toLowerCase()}`) ?? []) : [],
    );
    const mentioned = [...resource.scope.mentions(resource.properties), ...(resource.parent === undefined ? [] : [resource.parent])];
    for (const id of new Set([...mentioned, ...named.map((one) => one.id)])) if (id !== resource.id) append(found, id, resource);
  }
  return found;
}
const moduleOf = ({ type }: Resource): string => type.split(':')[1] ?? type;

/** A child that is called after the property, and says what is below it where more of the path is left. */
function saysFor(child: Resource, step: string, below: readonly string[], reader: Reader): boolean {
  const type = (child.type.split(':').pop() ?? '').toLowerCase();
  const isCalled = CALLED_OTHERWISE[step]?.test(type) ?? type.endsWith(singular(step));
  if (!isCalled || below.length === 0) return isCalled;
  const written = Object.keys(reader.of(child)).map((key) => key.toLowerCase());
  return below.some((key) => written.includes(key));
}
