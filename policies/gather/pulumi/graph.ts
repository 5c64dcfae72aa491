/** From records to a graph: the same for programs, previews, deployments and policy packs. */
import { Graph } from '../../graph';
import { type Node, PLAIN_SCOPE, Reference, Residue, Secret, Unresolved } from '../../node';
import { Resource, type Unit } from '../../resource';
import type { DeclaredWaiver } from '../../waiver';
import { namePropertyOf } from './names';
import type { ResourceRecord } from './record';
import { sdkDefaultsOf } from './sdk-defaults';
import { canonicalType, isProviderType } from './urn';

/** Types of the components that carry what Palisade declares inside a program; see `constructs/contract`. */
const PROFILE = 'palisade:index:DataProfile';
const WAIVER = 'palisade:index:Waiver';

export interface GraphOfRecords {
  readonly graph: Graph;
  readonly waivers: readonly DeclaredWaiver[];
}

/** Subscription and location that apply where no provider of the program says otherwise. */
export interface Place {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/** @param unitId `<project>/<stack>` */
export function graphOf(unitId: string, records: Iterable<ResourceRecord>, notes: Iterable<string>, place: Place = {}): GraphOfRecords {
  const all = [...records].sort(inOrder);
  const byUrn = new Map(all.map((record) => [record.urn, record]));
  const profile = all.find(({ type }) => type === PROFILE);
  const unit: Unit = {
    id: unitId,
    cloud: 'azure',
    scope: PLAIN_SCOPE,
    ...(profile ? { profile: plain(profile.inputs) } : {}),
    ...accountAndRegion(all, place),
  };
  const resources = all.map((record) => resourceOf(record, unit, byUrn));
  const waivers = all.filter(({ type }) => type === WAIVER).map(waiverOf);
  return { graph: new Graph({ resources, units: [unit], notes: [...new Set(notes)].sort() }), waivers };
}

/** Registrations arrive in any order; findings must not. */
function inOrder(a: ResourceRecord, b: ResourceRecord): number {
  const [here, there] = [a.location, b.location];
  return (
    (here?.file ?? '').localeCompare(there?.file ?? '') ||
    (here?.line ?? 0) - (there?.line ?? 0) ||
    (here?.column ?? 0) - (there?.column ?? 0) ||
    (a.urn < b.urn ? -1 : 1)
  );
}

function resourceOf(record: ResourceRecord, unit: Unit, byUrn: ReadonlyMap<string, ResourceRecord>): Resource {
  const type = canonicalType(record.type);
  return new Resource(
    {
      id: record.urn,
      logicalId: record.name,
      type,
      token: record.type,
      properties: record.external
        ? new Unresolved(`the state of ${record.name}, which exists outside the program`, [record.urn])
        : record.inputs,
      options: { ...record.options, ...(record.custom ? {} : { component: true }), ...(record.external ? { external: true } : {}) } as {
        [key: string]: Node;
      },
      names: namesOf(record, type),
      path: pathOf(record, byUrn),
      parent: record.parent,
      location: record.location,
      sdkDefaults: sdkDefaultsOf(record, type),
      dependencies: record.dependencies,
    },
    unit,
  );
}

/** Under what the service knows it: its name, and for what exists already its id, whose last part is the name. */
function namesOf(record: ResourceRecord, type: string): Node[] {
  if (!record.custom || !type.startsWith('azure-native:')) return [];
  const { importId } = record.options;
  const existing = importId === undefined ? [] : [importId, importId.slice(importId.lastIndexOf('/') + 1)];
  const property = namePropertyOf(type, Object.keys(record.inputs));
  const name = property === undefined ? undefined : record.inputs[property];
  return name === undefined || name === null || name instanceof Secret || existing.includes(name as string)
    ? existing
    : [name, ...existing];
}

/** Names of the components above it and its own: `support/data/store`. */
function pathOf(record: ResourceRecord, byUrn: ReadonlyMap<string, ResourceRecord>): string {
  const names = [record.name];
  for (let above = byUrn.get(record.parent ?? ''); above; above = byUrn.get(above.parent ?? '')) names.unshift(above.name);
  return names.join('/');
}

/** Subscription and location, where the configuration or the only explicit provider of the program fixes them. */
function accountAndRegion(records: readonly ResourceRecord[], place: Place): Place {
  const [provider, another] = records.filter(({ type }) => isProviderType(type) && type.endsWith(':azure-native'));
  if (another) return {};
  const { subscriptionId, location } = provider?.inputs ?? {};
  return {
    account: typeof subscriptionId === 'string' ? subscriptionId : place.account,
    region: typeof location === 'string' ? location : place.region,
  };
}

function waiverOf(record: ResourceRecord): DeclaredWaiver {
  const text = (field: string) => {
    const value = record.inputs[field];
    return typeof value === 'string' ? value : '';
  };
  return {
    rule: text('rule'),
    resource: resourceNamedBy(record),
    reason: text('reason'),
    owner: text('owner'),
    approver: text('approver'),
    ticket: text('ticket'),
    expires: text('expires'),
    source: 'artefact',
    location: record.location,
  };
}

/** A URN, a name, a resource itself; nothing means the resource below which the waiver stands. */
function resourceNamedBy(record: ResourceRecord): string {
  const { resource } = record.inputs;
  if (resource instanceof Reference) return resource.target;
  if (typeof resource === 'string' && resource !== '') return resource;
  return record.parent ?? '';
}

/** Only what is known: a profile that depends on an output is no profile. */
function plain(inputs: { readonly [key: string]: Node }): unknown {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => !(value instanceof Residue)));
}
