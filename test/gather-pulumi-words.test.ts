import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../policies/gather/pulumi/decode';
import { encode, encodeWithOrigin } from '../policies/gather/pulumi/encode';
import { namePropertyOf } from '../policies/gather/pulumi/names';
import { canonicalType, nameOf, parseUrn, urnOf, urnOfProvider } from '../policies/gather/pulumi/urn';
import { type Node, Reference, Residue, Secret, Text, Unresolved } from '../policies/node';

describe('a URN', () => {
  const root = 'urn:pulumi:dev::app::pulumi:pulumi:Stack::app-dev';
  it('is made of the stack, the project, the types of the parents and its own, and the name', () => {
    expect(urnOf('dev', 'app', root, 'azure-native:storage:StorageAccount', 'a')).toBe(
      'urn:pulumi:dev::app::azure-native:storage:StorageAccount::a',
    );
    const outer = urnOf('dev', 'app', root, 'app:index:Outer', 'outer');
    const inner = urnOf('dev', 'app', outer, 'app:index:Inner', 'inner');
    expect(urnOf('dev', 'app', inner, 't:m:T', 'x')).toBe('urn:pulumi:dev::app::app:index:Outer$app:index:Inner$t:m:T::x');
  });

  it('is taken apart again, names with colons and line breaks included', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z][a-z0-9-]*$/),
        fc.stringMatching(/^[a-z]+:[a-z]+:[A-Za-z]+$/),
        fc.string(),
        (word, type, name) => {
          expect(parseUrn(urnOf(word, word, '', type, name))).toEqual({ stack: word, project: word, qualifiedType: type, type, name });
        },
      ),
    );
    expect(nameOf('urn:pulumi:dev::app::t:m:T::a::b')).toBe('a::b');
    expect(parseUrn('arn:aws:s3:::bucket')).toBeUndefined();
  });

  it('of a provider comes without the id', () => {
    expect(urnOfProvider('urn:pulumi:dev::app::pulumi:providers:azure-native::explicit::04da6b54-80e4-46f7-96ec-b56ff0331ba9')).toBe(
      'urn:pulumi:dev::app::pulumi:providers:azure-native::explicit',
    );
    expect(urnOfProvider('')).toBe('');
  });
});

describe('a type', () => {
  it.each([
    ['azure-native:storage:StorageAccount', 'azure-native:storage:StorageAccount'],
    ['azure-native:storage/v20230101:StorageAccount', 'azure-native:storage:StorageAccount'],
    ['azure-native:network/v20230501preview:Subnet', 'azure-native:network:Subnet'],
    ['azure-native_storage_v20240101:storage:StorageAccount', 'azure-native:storage:StorageAccount'],
    ['azure-native_storage_v20240101:storage/v20240101:StorageAccount', 'azure-native:storage:StorageAccount'],
    ['azure-native_storage_v20240101::StorageAccount', 'azure-native:storage:StorageAccount'],
    ['azure-native:network:FrontDoor', 'azure-native:frontdoor:FrontDoor'],
    ['azure-native:network/v20220501:Policy', 'azure-native:frontdoor:Policy'],
    ['azure-native_network_v20200601:network:PrivateZone', 'azure-native:privatedns:PrivateZone'],
    ['azure-native:documentdb:DatabaseAccount', 'azure-native:cosmosdb:DatabaseAccount'],
    ['azure-native:cache:Redis', 'azure-native:redis:Redis'],
    ['azure-native:insights:DiagnosticSetting', 'azure-native:monitor:DiagnosticSetting'],
    ['azure-native:network:VirtualNetwork', 'azure-native:network:VirtualNetwork'],
    ['aws:s3/bucket:Bucket', 'aws:s3/bucket:Bucket'],
    ['mine:Component', 'mine:Component'],
  ])('%s is %s', (token, type) => {
    expect(canonicalType(token)).toBe(type);
  });
});

const moved = createRequire(__filename)('../scripts/generate-moved-types.js') as { files(): Promise<ReadonlyMap<string, string>> };

describe('the table of types that earlier versions of the SDK called otherwise', () => {
  it('is what the installed SDK says', async () => {
    for (const [file, content] of await moved.files())
      expect(readFileSync(file, 'utf8') === content, `${file}: run scripts/generate.js`).toBe(true);
  });
});

describe('the own name of', () => {
  it.each([
    ['storage:StorageAccount', 'accountName', 'resourceGroupName accountName'],
    ['storage:BlobContainer', 'containerName', 'resourceGroupName accountName containerName'],
    ['storage:BlobServiceProperties', 'blobServicesName', 'resourceGroupName accountName blobServicesName'],
    ['storage:ManagementPolicy', 'managementPolicyName', 'accountName managementPolicyName'],
    ['keyvault:Vault', 'vaultName', 'resourceGroupName vaultName'],
    ['keyvault:Key', 'keyName', 'vaultName keyName'],
    ['keyvault:Secret', 'secretName', 'vaultName secretName'],
    ['keyvault:ManagedHsm', 'name', 'resourceGroupName name'],
    ['resources:ResourceGroup', 'resourceGroupName', 'resourceGroupName'],
    ['network:VirtualNetwork', 'virtualNetworkName', 'virtualNetworkName'],
    ['network:Subnet', 'subnetName', 'virtualNetworkName subnetName'],
    ['network:NetworkSecurityGroup', 'networkSecurityGroupName', 'networkSecurityGroupName'],
    ['network:SecurityRule', 'securityRuleName', 'networkSecurityGroupName securityRuleName'],
    ['network:PrivateEndpoint', 'privateEndpointName', 'privateEndpointName customNetworkInterfaceName'],
    ['network:PrivateDnsZoneGroup', 'privateDnsZoneGroupName', 'privateEndpointName privateDnsZoneGroupName'],
    ['network:FlowLog', 'flowLogName', 'networkWatcherName flowLogName'],
    ['network:AzureFirewall', 'azureFirewallName', 'azureFirewallName'],
    ['privatedns:PrivateZone', 'privateZoneName', 'privateZoneName'],
    ['privatedns:VirtualNetworkLink', 'virtualNetworkLinkName', 'privateZoneName virtualNetworkLinkName'],
    ['web:WebApp', 'name', 'resourceGroupName name'],
    ['web:AppServicePlan', 'name', 'name workerTierName'],
    ['sql:Server', 'serverName', 'serverName'],
    ['sql:Database', 'databaseName', 'serverName databaseName'],
    ['sql:FirewallRule', 'firewallRuleName', 'serverName firewallRuleName'],
    ['dbforpostgresql:Database', 'databaseName', 'serverName databaseName'],
    ['cosmosdb:DatabaseAccount', 'accountName', 'accountName'],
    ['cosmosdb:SqlResourceSqlDatabase', 'databaseName', 'accountName databaseName'],
    ['containerservice:ManagedCluster', 'resourceName', 'resourceGroupName resourceName'],
    ['containerregistry:Registry', 'registryName', 'registryName'],
    ['app:ContainerApp', 'containerAppName', 'containerAppName workloadProfileName'],
    ['compute:VirtualMachine', 'vmName', 'vmName'],
    ['compute:VirtualMachineScaleSet', 'vmScaleSetName', 'vmScaleSetName'],
    ['compute:VirtualMachineExtension', 'vmExtensionName', 'vmName vmExtensionName'],
    ['compute:Disk', 'diskName', 'diskName'],
    ['eventhub:Namespace', 'namespaceName', 'namespaceName'],
    ['eventhub:EventHub', 'eventHubName', 'namespaceName eventHubName'],
    ['servicebus:Queue', 'queueName', 'namespaceName queueName'],
    ['operationalinsights:Workspace', 'workspaceName', 'workspaceName'],
    ['monitor:DiagnosticSetting', 'name', 'name eventHubName'],
    ['monitor:ActionGroup', 'actionGroupName', 'actionGroupName groupShortName'],
    ['managedidentity:UserAssignedIdentity', 'resourceName', 'resourceGroupName resourceName'],
    [
      'managedidentity:FederatedIdentityCredential',
      'federatedIdentityCredentialResourceName',
      'resourceName federatedIdentityCredentialResourceName',
    ],
    ['authorization:RoleAssignment', 'roleAssignmentName', 'roleAssignmentName'],
    ['authorization:PolicyAssignment', 'policyAssignmentName', 'policyAssignmentName displayName'],
    ['authorization:ManagementLockAtResourceLevel', 'lockName', 'lockName'],
    ['recoveryservices:Vault', 'vaultName', 'vaultName'],
    ['recoveryservices:ProtectionPolicy', 'policyName', 'vaultName policyName'],
    ['storage:BlobContainer', undefined, 'resourceGroupName accountName'],
    ['network:Subnet', undefined, 'resourceGroupName virtualNetworkName'],
    ['sql:Database', undefined, 'resourceGroupName serverName'],
  ])('azure-native:%s is %s', (type, expected, written) => {
    expect(namePropertyOf(`azure-native:${type}`, written.split(' '))).toBe(expected);
  });
});

describe('values', () => {
  const urn = fc.constantFrom('urn:pulumi:dev::app::t:m:T::a', 'urn:pulumi:dev::app::t:m:T::b');
  // Marks and signatures have a meaning of their own; they never stand in a program's text.
  const text = fc.string().filter((value) => !/[«»]/.test(value) && value !== '[secret]');
  const residue: fc.Arbitrary<Reference | Unresolved | Secret> = fc.oneof(
    fc
      .tuple(urn, fc.option(fc.constantFrom('name', 'identity.principalId'), { nil: undefined }))
      .map(([target, attribute]) => new Reference(target, attribute)),
    fc.tuple(text, fc.array(urn, { maxLength: 2 })).map(([missing, mentions]) => new Unresolved(missing, mentions)),
    fc.constant(new Secret()),
  );
  const texts = fc
    .tuple(text.filter(Boolean), fc.array(fc.tuple(residue, text.filter(Boolean)), { minLength: 1, maxLength: 3 }))
    .map(([first, rest]) => new Text([first, ...rest.flat()]));
  const { node } = fc.letrec<{ node: Node }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.constant(null),
      residue,
      texts,
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('node'), { maxKeys: 3 }),
    ),
  }));

  it('come back as they were, written down with their origins', () => {
    fc.assert(
      fc.property(node, (value) => {
        expect(decode(encodeWithOrigin(value), [])).toEqual(value);
      }),
    );
  });

  it('are never known when they were not, written down without', () => {
    fc.assert(
      fc.property(node, (value) => {
        const read = decode(encode(value), ['urn:pulumi:dev::app::t:m:T::a']);
        if (value instanceof Residue) expect(read).toBeInstanceOf(Residue);
        if (value instanceof Secret) expect(read).toBeInstanceOf(Secret);
      }),
    );
  });
});
