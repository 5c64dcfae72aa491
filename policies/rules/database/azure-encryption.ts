/** Databases on Azure are encrypted, with keys of the customer's, and the keys follow their rotation. */
import type { ControlId } from '../../../controls';
import { belongingTo } from '../../facts/azure';
import {
  APP_CONFIGURATION,
  CITUS,
  COSMOS,
  DATABRICKS,
  HDINSIGHT,
  KUSTO,
  MANAGED_INSTANCE,
  MYSQL,
  MYSQL_SINGLE,
  NETAPP,
  NETAPP_POOL,
  NETAPP_VOLUME,
  POSTGRES,
  POSTGRES_SINGLE,
  REDIS_ENTERPRISE,
  SEARCH,
  SQL,
  SQL_DATABASE,
  SYNAPSE,
} from '../../facts/azure-databases';
import type { Graph } from '../../graph';
import { allOf, anyOf, fail, notApplicable, type Outcome, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, type RuleSpec, rule } from '../../rule';
import { present, setting } from '../setting';

const TDE = 'azure-native:sql:TransparentDataEncryption';
const POOL_TDE = 'azure-native:synapse:SqlPoolTransparentDataEncryption';
const PROTECTOR = 'azure-native:sql:EncryptionProtector';
const INSTANCE_KEY = 'azure-native:sql:ManagedInstanceKey';
const KEY = 'https://v.vault.azure.net/keys/data/1';

/** The server, or the separate resource that a server's protector is, names a key of the vault. */
function serverUsesOwnKey(server: Resource, graph: Graph): Outcome {
  const [type, path] = server.type === SQL ? [PROTECTOR, 'serverName'] : [INSTANCE_KEY, 'managedInstanceName'];
  return anyOf(
    [
      server.at('keyId').isSet(),
      some(belongingTo(server, type, path, graph), (one) => one.at('serverKeyType').is('AzureKeyVault'), 'none'),
    ],
    'its databases are encrypted with a key of the provider: keyId is not set, and no protector names a key of a vault',
  );
}

const server = (properties: object, rest: object = {}, type = SQL) => ({ server: { type, properties }, ...rest });
const protector = (serverKeyType: unknown) => ({
  protector: { type: PROTECTOR, properties: { serverName: { $ref: 'server.name' }, serverKeyType } },
});

/** A service that takes a key only in its dearer kinds, and always encrypts otherwise. */
const workspaceKeys = (one: Resource): Outcome =>
  when(one.at('sku.name').isOneOf(['premium']), () =>
    allOf(
      one.at('encryption.entities.managedServices.keySource').is('Microsoft.Keyvault'),
      one.at('encryption.entities.managedDisk.keySource').is('Microsoft.Keyvault'),
    ),
  );
const workspace = (managedServices: unknown, managedDisk: unknown, name = 'premium') => ({
  workspace: {
    type: DATABRICKS,
    properties: {
      sku: { name },
      encryption: { entities: { managedServices: { keySource: managedServices }, managedDisk: { keySource: managedDisk } } },
    },
  },
});

/** One key that a store must name; what is missing otherwise is said in its own words. */
const keyed = (on: string, at: string, like: string, fix: string, more: Partial<Parameters<typeof present>[0]> = {}): RuleSpec =>
  present({ on, at, like, fix, else: `is encrypted with a key of the provider: ${at} is not set`, ...more });

const CUSTOMER_KEYS: readonly RuleSpec[] = [
  rule({
    on: [SQL, MANAGED_INSTANCE],
    check: serverUsesOwnKey,
    fix: 'Set keyId and a user-assigned identity (primaryUserAssignedIdentityId), or add an EncryptionProtector with serverKeyType AzureKeyVault.',
    pass: [
      { resources: server({ keyId: KEY }) },
      { resources: server({}, protector('AzureKeyVault')) },
      { resources: server({ keyId: KEY }, {}, MANAGED_INSTANCE) },
      {
        resources: server(
          {},
          { key: { type: INSTANCE_KEY, properties: { managedInstanceName: { $ref: 'server.name' }, serverKeyType: 'AzureKeyVault' } } },
          MANAGED_INSTANCE,
        ),
      },
    ],
    fail: [
      { resources: server({}) },
      { resources: server({}, protector('ServiceManaged')) },
      { resources: server({}, {}, MANAGED_INSTANCE) },
    ],
    unknown: [{ resources: server({}, protector({ $unknown: 'config value' })) }],
  }),
  setting({
    on: [POSTGRES, MYSQL, CITUS],
    at: 'dataEncryption.type',
    is: ['AzureKeyVault'],
    not: 'SystemManaged',
    fix: "Set dataEncryption.type: 'AzureKeyVault' with primaryKeyURI and a user-assigned identity; it can be set only when the server is made.",
  }),
  keyed(COSMOS, 'keyVaultKeyUri', KEY, 'Set keyVaultKeyUri to a key of your vault; it can be set only when the account is made.'),
  keyed(
    REDIS_ENTERPRISE,
    'encryption.customerManagedKeyEncryption.keyEncryptionKeyUrl',
    KEY,
    'Set encryption.customerManagedKeyEncryption with keyEncryptionKeyUrl and an identity.',
  ),
  setting({
    on: SEARCH,
    at: 'encryptionWithCmk.enforcement',
    is: ['Enabled'],
    not: 'Disabled',
    fix: "Set encryptionWithCmk.enforcement: 'Enabled', and give each index and synonym map its encryption key.",
  }),
  keyed(
    SYNAPSE,
    'encryption.cmk.key.keyVaultUrl',
    KEY,
    'Set encryption.cmk.key with the url of your key; it can be set only when the workspace is made.',
  ),
  keyed(KUSTO, 'keyVaultProperties.keyName', 'data', 'Set keyVaultProperties with the key of your vault, and an identity that may use it.'),
  keyed(
    HDINSIGHT,
    'properties.diskEncryptionProperties.vaultUri',
    'https://v.vault.azure.net',
    'Set diskEncryptionProperties with the key of your vault.',
  ),
  setting({
    on: NETAPP,
    at: 'encryption.keySource',
    is: ['Microsoft.KeyVault'],
    not: 'Microsoft.NetApp',
    fix: "Set encryption.keySource: 'Microsoft.KeyVault' with keyVaultProperties, and encryptionKeySource on each volume.",
  }),
  rule({
    on: APP_CONFIGURATION,
    severity: 'low',
    check: (store) =>
      when(store.at('sku.name').isNoneOf(['free', 'developer']), () => store.at('encryption.keyVaultProperties.keyIdentifier').isSet()),
    fix: 'Set encryption.keyVaultProperties.keyIdentifier (sku standard or premium).',
    pass: [
      {
        resources: {
          store: {
            type: APP_CONFIGURATION,
            properties: { sku: { name: 'standard' }, encryption: { keyVaultProperties: { keyIdentifier: KEY } } },
          },
        },
      },
    ],
    fail: [{ resources: { store: { type: APP_CONFIGURATION, properties: { sku: { name: 'standard' } } } } }],
    skip: [{ resources: { store: { type: APP_CONFIGURATION, properties: { sku: { name: 'free' } } } } }],
  }),
  rule({
    on: DATABRICKS,
    check: workspaceKeys,
    fix: "Set encryption.entities.managedServices and managedDisk with keySource 'Microsoft.Keyvault' and your keys.",
    pass: [{ resources: workspace('Microsoft.Keyvault', 'Microsoft.Keyvault') }],
    fail: [{ resources: workspace('Microsoft.Keyvault', 'Default') }, { resources: workspace('Default', 'Microsoft.Keyvault') }],
    unknown: [{ resources: workspace({ $unknown: 'config value' }, 'Microsoft.Keyvault') }],
    skip: [{ name: 'other kinds take no key', resources: workspace('Default', 'Default', 'standard') }],
  }),
];

export const AZURE_ENCRYPTION = {
  'ENC-01': {
    azure: [
      setting({
        on: TDE,
        at: 'state',
        is: ['Enabled'],
        not: 'Disabled',
        fix: "Set state: 'Enabled', or leave the resource out: new databases are encrypted.",
      }),
      setting({ on: POOL_TDE, at: 'status', is: ['Enabled'], not: 'Disabled', fix: "Set status: 'Enabled'." }),
      setting({
        on: KUSTO,
        at: 'enableDiskEncryption',
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        fix: 'Set enableDiskEncryption: true: the disks of the nodes cache what is queried.',
      }),
      setting({
        on: [POSTGRES_SINGLE, MYSQL_SINGLE],
        at: 'properties.infrastructureEncryption',
        is: ['Enabled'],
        not: 'Disabled',
        unset: 'Disabled',
        severity: 'low',
        from: 'high',
        fix: "Set infrastructureEncryption: 'Enabled' for a second layer; it can be set only when the server is made.",
      }),
      setting({
        on: KUSTO,
        at: 'enableDoubleEncryption',
        is: [true],
        not: false,
        unset: false,
        severity: 'low',
        from: 'high',
        fix: 'Set enableDoubleEncryption: true for a second layer; it can be set only when the cluster is made.',
      }),
      setting({
        on: NETAPP_POOL,
        at: 'encryptionType',
        is: ['Double'],
        not: 'Single',
        unset: 'Single',
        severity: 'low',
        from: 'high',
        fix: "Set encryptionType: 'Double' for a second layer; it can be set only when the pool is made.",
      }),
    ],
  },
  'ENC-02': { azure: CUSTOMER_KEYS },
  'ENC-03': {
    azure: [
      rule({
        on: PROTECTOR,
        check: (one) => when(one.at('serverKeyType').is('AzureKeyVault'), () => one.at('autoRotationEnabled').orDefault(false).isTrue()),
        fix: 'Set autoRotationEnabled: true, so that the server follows the versions of its key.',
        pass: [{ resources: { it: { type: PROTECTOR, properties: { serverKeyType: 'AzureKeyVault', autoRotationEnabled: true } } } }],
        fail: [
          { resources: { it: { type: PROTECTOR, properties: { serverKeyType: 'AzureKeyVault', autoRotationEnabled: false } } } },
          { resources: { it: { type: PROTECTOR, properties: { serverKeyType: 'AzureKeyVault' } } } },
        ],
        unknown: [
          {
            resources: {
              it: { type: PROTECTOR, properties: { serverKeyType: 'AzureKeyVault', autoRotationEnabled: { $unknown: 'config value' } } },
            },
          },
        ],
        skip: [
          { name: 'Azure rotates its own keys', resources: { it: { type: PROTECTOR, properties: { serverKeyType: 'ServiceManaged' } } } },
        ],
      }),
      rule({
        on: SQL_DATABASE,
        check: (one) =>
          one.at('encryptionProtector').state === 'absent'
            ? notApplicable('is encrypted with the key of its server')
            : one.at('encryptionProtectorAutoRotation').orDefault(false).isTrue(),
        fix: 'Set encryptionProtectorAutoRotation: true, so that the database follows the versions of its key.',
        pass: [
          { resources: { it: { type: SQL_DATABASE, properties: { encryptionProtector: KEY, encryptionProtectorAutoRotation: true } } } },
        ],
        fail: [{ resources: { it: { type: SQL_DATABASE, properties: { encryptionProtector: KEY } } } }],
        skip: [{ resources: { it: { type: SQL_DATABASE, properties: {} } } }],
      }),
      rule({
        on: KUSTO,
        check: (one) =>
          when(one.at('keyVaultProperties.keyName').isSet(), () =>
            one.at('keyVaultProperties.keyVersion').isSet().verdict === 'pass'
              ? fail(
                  `${one.at('keyVaultProperties.keyVersion').describe()}: the cluster stays at this version of its key`,
                  'keyVaultProperties.keyVersion',
                )
              : allOf(),
          ),
        fix: 'Leave keyVaultProperties.keyVersion out, so that the cluster follows the versions of its key.',
        pass: [{ resources: { it: { type: KUSTO, properties: { keyVaultProperties: { keyName: 'data' } } } } }],
        fail: [{ resources: { it: { type: KUSTO, properties: { keyVaultProperties: { keyName: 'data', keyVersion: '1' } } } } }],
        skip: [{ resources: { it: { type: KUSTO, properties: {} } } }],
      }),
      setting({
        on: DATABRICKS,
        at: 'encryption.entities.managedDisk.rotationToLatestKeyVersionEnabled',
        is: [true],
        not: false,
        unset: false,
        where: { at: 'encryption.entities.managedDisk.keySource', is: ['Microsoft.Keyvault'] },
        fix: 'Set encryption.entities.managedDisk.rotationToLatestKeyVersionEnabled: true.',
      }),
    ],
  },
  'ENC-10': {
    azure: setting({
      on: NETAPP_VOLUME,
      at: 'encryptionKeySource',
      is: ['Microsoft.KeyVault'],
      not: 'Microsoft.NetApp',
      from: 'moderate',
      severity: 'medium',
      fix: "Set encryptionKeySource: 'Microsoft.KeyVault' and keyVaultPrivateEndpointResourceId, so that the volume and its snapshots use the key of the account.",
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
