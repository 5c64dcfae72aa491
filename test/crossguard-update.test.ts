import type { PolicyResource } from '@pulumi/policy';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../policies/evaluate';
import { graphOf } from '../policies/gather/pulumi/graph';
import { recordsOfStack, unitOf } from '../policies/packs/crossguard/resources';
import { RULES } from '../policies/rules';

const urn = (type: string, name: string) => `urn:pulumi:prod::app::azure-native:${type}::${name}`;
const VAULT = urn('keyvault:Vault', 'vault');
const GROUP = urn('resources:ResourceGroup', 'group');
const GROUP_ID = '/subscriptions/s/resourceGroups/group1a2b3c4d';

/** A resource as the engine shows it to a pack in an update: what other resources have told is known by now. */
function resource(
  type: string,
  name: string,
  props: Record<string, unknown>,
  dependencies: Record<string, readonly string[]> = {},
): PolicyResource {
  const propertyDependencies = Object.fromEntries(
    Object.entries(dependencies).map(([key, urns]) => [key, urns.map((one) => ({ urn: one }))]),
  );
  return {
    urn: urn(type, name),
    type: `azure-native:${type}`,
    name,
    props,
    opts: { protect: false, ignoreChanges: [], aliases: [], additionalSecretOutputs: [], customTimeouts: {} },
    dependencies: [],
    propertyDependencies,
  } as unknown as PolicyResource;
}

const group = resource('resources:ResourceGroup', 'group', { resourceGroupName: 'group1a2b3c4d', __createBeforeDelete: true });
const vault = (more: object = {}) =>
  resource(
    'keyvault:Vault',
    'vault',
    { vaultName: 'cases', resourceGroupName: 'group1a2b3c4d', properties: {}, ...more },
    { resourceGroupName: [GROUP] },
  );
const setting = resource(
  'monitor:DiagnosticSetting',
  'setting',
  {
    resourceUri: `${GROUP_ID}/providers/Microsoft.KeyVault/vaults/cases`,
    workspaceId: '/subscriptions/s/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/central',
    logs: [{ categoryGroup: 'audit', enabled: true }],
  },
  { resourceUri: [GROUP, VAULT] },
);

const graphIn = (resources: readonly PolicyResource[]) => graphOf(unitOf(resources), recordsOfStack(resources, new Map()), []).graph;
const recorded = (resources: readonly PolicyResource[]) =>
  evaluate(graphIn(resources), { rules: RULES.filter(({ id }) => id === 'ENC-12.logging'), passes: true, tier: 'high' }).findings.map(
    ({ resource: { logicalId }, verdict }) => [logicalId, verdict],
  );

describe('in an update, a pack is shown ids where the program has outputs', () => {
  it('and judges the vault by its diagnostic setting as on the first deployment', () => {
    expect(recorded([group, vault(), setting])).toEqual([['vault', 'pass']]);
    expect(recorded([group, vault()])).toEqual([['vault', 'fail']]);
  });

  it('whether or not the provider shows ids among the outputs', () => {
    expect(recorded([group, vault({ id: `${GROUP_ID}/providers/Microsoft.KeyVault/vaults/cases` }), setting])).toEqual([['vault', 'pass']]);
  });

  it('and takes no name that the provider chose for one that was written', () => {
    const graph = graphIn([group, vault(), setting]);
    expect(graph.get(GROUP)?.at('resourceGroupName').state).toBe('absent');
    expect(graph.get(VAULT)?.at('resourceGroupName').targets).toEqual([GROUP]);
    expect(graph.get(VAULT)?.at('vaultName').string).toBe('cases');
  });

  it('and knows a store from a group that is called alike', () => {
    const alike = resource('keyvault:Vault', 'vault', { vaultName: 'group1a2b3c4d', properties: {} });
    const about = (resourceUri: string) =>
      graphIn([group, alike, resource('monitor:DiagnosticSetting', 'about', { resourceUri }, { resourceUri: [GROUP, VAULT] })])
        .get(urn('monitor:DiagnosticSetting', 'about'))
        ?.at('resourceUri').targets;
    expect(about(`${GROUP_ID}/providers/Microsoft.KeyVault/vaults/group1a2b3c4d`)).toEqual([VAULT]);
    expect(about(GROUP_ID)).toEqual([GROUP]);
    expect(about(`${GROUP_ID}/providers/Microsoft.KeyVault/vaults/other`)).toEqual([GROUP]);
  });

  it('and takes nothing for an id of a resource on which the property does not depend', () => {
    const other = resource('monitor:DiagnosticSetting', 'other', setting.props as Record<string, unknown>);
    expect(graphIn([group, vault(), other]).get(urn('monitor:DiagnosticSetting', 'other'))?.at('resourceUri').targets).toEqual([]);
  });
});
