/** Two states of something on Azure, as ARM templates or as exports of Pulumi, and what the review says of access. */
import { gatherArmText } from '../../policies/gather/arm';
import { graphOf } from '../../policies/gather/pulumi/graph';
import { recordsOf } from '../../policies/gather/pulumi/state';
import type { Graph } from '../../policies/graph';
import { accessAzure } from '../../review/diff/access-azure';
import { pair } from '../../review/diff/pairing';
import type { Side } from '../../review/diff/side';
import type { ReviewChange } from '../../review/schema-review';

// biome-ignore lint/suspicious/noExplicitAny: templates of every shape
export type Json = any;

const occasion = { today: new Date('2026-11-22T00:00:00Z') };
const EMPTY = { findings: [], counts: [], waivers: [], tiers: new Map(), unitless: [] } as unknown as Side['targets'][number]['evaluation'];
const sideOf = (which: Side['which'], graph: Graph): Side => ({
  which,
  targets: [{ path: 't', graph, waivers: [], evaluation: EMPTY, strictest: EMPTY }],
});

/** Access lines of two graphs. */
export function accessBetween(before: Graph, after: Graph): readonly ReviewChange[] {
  const [one, other] = [sideOf('before', before), sideOf('after', after)];
  return accessAzure(one, other, pair(one, other), occasion);
}

export const inWords = (changes: readonly ReviewChange[]): readonly string[] =>
  changes.map(({ boundary, direction, sentence }) => [direction, ...(boundary ? [boundary] : []), sentence].join(': '));

// ── ARM ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const SCHEMA = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
export const arm = (resources: readonly Json[]): Graph =>
  gatherArmText(
    JSON.stringify({ $schema: SCHEMA, contentVersion: '1.0.0.0', parameters: { somebody: { type: 'string' } }, resources }),
    'main.json',
  ).graph;

export const resource = (type: string, name: string, properties: Json = {}, more: Json = {}): Json => ({
  type,
  apiVersion: '2024-01-01',
  name,
  ...(type.split('/').length > 2 || /authorization/i.test(type) ? {} : { location: 'westeurope' }),
  properties,
  ...more,
});
export const idOf = (type: string, ...names: readonly string[]): string =>
  `[resourceId('${type}', ${names.map((name) => `'${name}'`).join(', ')})]`;
export const roleId = (role: string): string => `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${role}')]`;
export const principalOf = (name: string): string =>
  `[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', '${name}')).principalId]`;

/** A role assignment; on the account `cases` for the identity `worker` where nothing else is said. */
export const assignment = (name: string, role: string, { scope, ...properties }: Json = {}): Json => ({
  ...resource('Microsoft.Authorization/roleAssignments', `[guid('${name}')]`, {
    principalId: principalOf('worker'),
    roleDefinitionId: role.startsWith('[') ? role : roleId(role),
    ...properties,
  }),
  ...(scope === null ? {} : { scope: scope ?? idOf('Microsoft.Storage/storageAccounts', 'cases') }),
});

// ── Pulumi ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
export const urnOf = (type: string, name: string): string => `urn:pulumi:dev::p::${type}::${name}`;

/** An output of another resource that only deployment knows. */
export class Output {
  constructor(
    readonly type: string,
    readonly name: string,
  ) {}
}
export const outputOf = (type: string, name: string): Output => new Output(type, name);

/** A state as `pulumi preview` writes it. */
export function state(type: string, name: string, inputs: Json = {}): Json {
  const propertyDependencies = Object.fromEntries(
    Object.entries(inputs).flatMap(([key, value]) => {
      const urns = outputsIn(value).map((output) => urnOf(output.type, output.name));
      return urns.length > 0 ? [[key, urns]] : [];
    }),
  );
  return { urn: urnOf(type, name), type, custom: true, inputs: plain(inputs), propertyDependencies };
}

function outputsIn(value: Json): readonly Output[] {
  if (value instanceof Output) return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(outputsIn) : [];
}
function plain(value: Json): Json {
  if (value instanceof Output) return UNKNOWN;
  if (Array.isArray(value)) return value.map(plain);
  return value !== null && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
    : value;
}

export const pulumi = (states: readonly Json[]): Graph => graphOf('p/dev', recordsOf(states, 'preview.json'), []).graph;
