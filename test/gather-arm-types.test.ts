import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { DISSOLVED, MODULES, RENAMES, TYPES, VARIANTS } from '../policies/gather/arm/renames';
import { allTypes, azureTypeOf, parentPositions, typeCalled } from '../policies/gather/arm/types';
import { azureNativeHas } from './support/schemas';

const generator = createRequire(__filename)('../scripts/generate-arm-types.js') as { files(): Promise<ReadonlyMap<string, string>> };

describe('the table of azure-native classes', () => {
  it('is what the installed SDK says', async () => {
    for (const [file, content] of await generator.files())
      expect(readFileSync(file, 'utf8') === content, `${file}: run scripts/generate-arm-types.js`).toBe(true);
  });

  it('holds every class once', () => {
    const tokens = allTypes().map(({ token }) => token);
    expect(tokens.length).toBeGreaterThan(2000);
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it.each([...Object.entries(TYPES), ...Object.entries(VARIANTS)])('has the class for %s', (_, name) => {
    expect(typeCalled(name ?? '')?.token).toBe(`azure-native:${name}`);
  });

  it.each(Object.values(MODULES).flat())('has the module %s', (module) => {
    expect(allTypes().some((type) => type.module === module)).toBe(true);
  });

  it.each(RENAMES)('renames $from at "$at" of $on to a property that the SDK has', ({ on, at, from, to }) => {
    const has = (name: string) => azureNativeHas(`azure-native:${on}`, at === '' ? name : `${at}.${name}`).ok;
    expect(has(to)).toBe(true);
    expect(has(from)).toBe(false);
  });

  it.each(Object.entries(DISSOLVED))('dissolves what %s does not have', (on, names) => {
    for (const name of names ?? []) expect(azureNativeHas(`azure-native:${on}`, name).ok).toBe(false);
  });
});

describe('an ARM type', () => {
  it.each([
    ['Microsoft.Storage/storageAccounts', 'storage:StorageAccount', 'accountName', {}],
    ['microsoft.storage/STORAGEACCOUNTS/blobservices', 'storage:BlobServiceProperties', 'blobServicesName', { accountName: 0 }],
    ['Microsoft.Storage/storageAccounts/blobServices/containers', 'storage:BlobContainer', 'containerName', { accountName: 0 }],
    [
      'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies',
      'storage:BlobContainerImmutabilityPolicy',
      'immutabilityPolicyName',
      { accountName: 0, containerName: 2 },
    ],
    ['Microsoft.Storage/storageAccounts/managementPolicies', 'storage:ManagementPolicy', 'managementPolicyName', { accountName: 0 }],
    ['Microsoft.KeyVault/vaults', 'keyvault:Vault', 'vaultName', {}],
    ['Microsoft.KeyVault/vaults/keys', 'keyvault:Key', 'keyName', { vaultName: 0 }],
    ['Microsoft.KeyVault/vaults/accessPolicies', 'keyvault:AccessPolicy', undefined, { vaultName: 0 }],
    ['Microsoft.KeyVault/managedHSMs', 'keyvault:ManagedHsm', 'name', {}],
    ['Microsoft.Network/virtualNetworks/subnets', 'network:Subnet', 'subnetName', { virtualNetworkName: 0 }],
    ['Microsoft.Network/networkSecurityGroups/securityRules', 'network:SecurityRule', 'securityRuleName', { networkSecurityGroupName: 0 }],
    ['Microsoft.Network/privateDnsZones', 'privatedns:PrivateZone', 'privateZoneName', {}],
    [
      'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
      'privatedns:VirtualNetworkLink',
      'virtualNetworkLinkName',
      { privateZoneName: 0 },
    ],
    ['Microsoft.Network/privateDnsZones/A', 'privatedns:PrivateRecordSet', 'relativeRecordSetName', { privateZoneName: 0 }],
    ['Microsoft.Network/networkWatchers/flowLogs', 'network:FlowLog', 'flowLogName', { networkWatcherName: 0 }],
    [
      'Microsoft.Network/firewallPolicies/ruleCollectionGroups',
      'network:FirewallPolicyRuleCollectionGroup',
      'ruleCollectionGroupName',
      { firewallPolicyName: 0 },
    ],
    ['Microsoft.Network/publicIPAddresses', 'network:PublicIPAddress', 'publicIpAddressName', {}],
    ['Microsoft.OperationalInsights/workspaces', 'operationalinsights:Workspace', 'workspaceName', {}],
    ['Microsoft.Insights/activityLogAlerts', 'monitor:ActivityLogAlert', 'activityLogAlertName', {}],
    ['Microsoft.Insights/components', 'applicationinsights:Component', 'resourceName', {}],
    ['Microsoft.Authorization/roleDefinitions', 'authorization:RoleDefinition', 'roleDefinitionId', {}],
    [
      'Microsoft.Sql/servers/databases/auditingSettings',
      'sql:DatabaseBlobAuditingPolicy',
      'blobAuditingPolicyName',
      { databaseName: 1, serverName: 0 },
    ],
    ['Microsoft.Sql/managedInstances/databases', 'sql:ManagedDatabase', 'databaseName', { managedInstanceName: 0 }],
    [
      'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules',
      'servicebus:Rule',
      'ruleName',
      { namespaceName: 0, subscriptionName: 2, topicName: 1 },
    ],
    [
      'Microsoft.EventHub/namespaces/eventhubs/authorizationRules',
      'eventhub:EventHubAuthorizationRule',
      'authorizationRuleName',
      { eventHubName: 1, namespaceName: 0 },
    ],
    ['Microsoft.Cache/redis', 'redis:Redis', 'name', {}],
    ['Microsoft.ApiManagement/service/apis/policies', 'apimanagement:ApiPolicy', 'policyId', { apiId: 1, serviceName: 0 }],
    ['Microsoft.Resources/resourceGroups', 'resources:ResourceGroup', 'resourceGroupName', {}],
  ])('%s is %s', (armType, name, own, parents) => {
    const type = azureTypeOf(armType);
    expect(type?.token).toBe(`azure-native:${name}`);
    expect(type?.own).toBe(own);
    expect(Object.fromEntries(parentPositions(type as NonNullable<typeof type>, armType.split('/').slice(1)))).toEqual(parents);
  });

  it('is another class at another scope, with another name or of another kind', () => {
    const token = (...call: Parameters<typeof azureTypeOf>) => azureTypeOf(...call)?.token.replace('azure-native:', '');
    expect(token('Microsoft.Authorization/locks')).toBe('authorization:ManagementLockAtResourceGroupLevel');
    expect(token('Microsoft.Authorization/locks', { extends: true })).toBe('authorization:ManagementLockByScope');
    expect(token('Microsoft.Authorization/locks', { scope: 'subscription' })).toBe('authorization:ManagementLockAtSubscriptionLevel');
    expect(token('Microsoft.Insights/diagnosticSettings', { scope: 'subscription' })).toBe('monitor:SubscriptionDiagnosticSetting');
    expect(token('Microsoft.Insights/diagnosticSettings', { scope: 'subscription', extends: true })).toBe('monitor:DiagnosticSetting');
    expect(token('Microsoft.Web/sites/config', { name: 'authsettingsV2' })).toBe('web:WebAppAuthSettingsV2');
    expect(token('Microsoft.Web/sites/slots/config', { name: 'appsettings' })).toBe('web:WebAppApplicationSettingsSlot');
    expect(token('Microsoft.Resources/deploymentScripts', { kind: 'AzureCLI' })).toBe('resources:AzureCliScript');
  });

  it('without a class of its own has none', () => {
    expect(azureTypeOf('Microsoft.Sql/managedInstances/encryptionProtector')).toBeUndefined();
    expect(azureTypeOf('Contoso.Widgets/widgets')).toBeUndefined();
  });
});
