import { describe, expect, it } from 'vitest';
import {
  type CosmosContainerArgs,
  SecureCosmosAccount,
  type SecureCosmosAccountArgs,
  SecureRedis,
  type SecureRedisArgs,
  SecureSearchService,
  type SecureSearchServiceArgs,
  type Tier,
} from '../constructs/azure';
import { TODAY } from './support/azure-components';
import { KEY, resident, within } from './support/azure-databases';
import { run } from './support/azure-program';
import { relaxationOf } from './support/relaxation';

const APPLICATION = '33333333-3333-3333-3333-333333333333';

const cosmos = (tier: Tier, args: Partial<SecureCosmosAccountArgs> = {}, container: Partial<CosmosContainerArgs> = {}) =>
  run(
    () => {
      const standby = tier === 'high' ? { standbyLocations: ['northeurope'] } : {};
      const account = new SecureCosmosAccount('knowledge', { ...within(tier), ...standby, ...args });
      account.database('cases');
      const made = account.container('open', {
        database: 'cases',
        partitionKey: '/product',
        retention: { atMostDays: 30 },
        encrypted: { '/author': 'people', '/product': 'people' },
        ...container,
      });
      account.grant('portal', { container: made, principalId: APPLICATION, rights: 'read' });
      account.grant('import', { container: made, principalId: APPLICATION, rights: 'write' });
      return account;
    },
    { config: TODAY },
  );
const redis = (tier: Tier, args: Partial<SecureRedisArgs> = {}) =>
  run(
    () => {
      const cache = new SecureRedis('sessions', { ...within(tier), ...args });
      cache.grant('case-portal', { objectId: APPLICATION });
      return cache;
    },
    { config: TODAY },
  );
const search = (tier: Tier, args: Partial<SecureSearchServiceArgs> = {}) =>
  run(
    () => {
      const service = new SecureSearchService('index', { ...within(tier), ...args });
      const principal = { principalId: APPLICATION, principalType: 'ServicePrincipal' } as const;
      service.grant('portal', { index: 'cases', principal, rights: 'read' });
      return service;
    },
    { config: TODAY },
  );

describe('SecureCosmosAccount', () => {
  it('writes every security property, also where it equals the default of the service', async () => {
    expect((await cosmos('moderate')).program.named('knowledge-account').inputs).toMatchObject({
      kind: 'GlobalDocumentDB',
      disableLocalAuth: true,
      disableKeyBasedMetadataWriteAccess: true,
      enableAnalyticalStorage: false,
      enableFreeTier: false,
      enableMultipleWriteLocations: false,
      minimalTlsVersion: 'Tls12',
      publicNetworkAccess: 'Disabled',
      isVirtualNetworkFilterEnabled: true,
      virtualNetworkRules: [],
      ipRules: [],
      networkAclBypass: 'None',
      networkAclBypassResourceIds: [],
      cors: [],
      backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: 'Continuous30Days' } },
      consistencyPolicy: { defaultConsistencyLevel: 'Session' },
    });
  });

  it('is encrypted by a key without a version, through an identity that may use no other', async () => {
    const { program } = await cosmos('moderate');
    const account = program.named('knowledge-account').inputs;
    expect(account.keyVaultKeyUri).toBe('https://keys.vault.azure.net/keys/cases');
    expect(account.defaultIdentity).toMatch(/^UserAssignedIdentity=.*knowledge-identity$/);
    expect(program.named('knowledge-identity-key-use').inputs.scope).toBe(KEY.keyId);
    expect((await cosmos('low')).program.named('knowledge-account').inputs).not.toHaveProperty('keyVaultKeyUri');
  });

  it('stands in zones from tier moderate, and in two locations at tier high', async () => {
    const { program } = await cosmos('high');
    expect(program.named('knowledge-account').inputs).toMatchObject({
      enableAutomaticFailover: true,
      locations: [
        { locationName: 'westeurope', failoverPriority: 0, isZoneRedundant: true },
        { locationName: 'northeurope', failoverPriority: 1, isZoneRedundant: true },
      ],
    });
  });

  it('is watched for threats, and records every request', async () => {
    const { program } = await cosmos('moderate');
    expect(program.named('knowledge-threats').inputs).toMatchObject({ isEnabled: true, settingName: 'current' });
    expect(program.named('knowledge-diagnostics').inputs.logs).toEqual([{ categoryGroup: 'allLogs', enabled: true }]);
  });

  it('ends items with their retention, and has clients encrypt what is most sensitive', async () => {
    const { resource } = (await cosmos('high')).program.named('knowledge-cases-open-container').inputs;
    expect(resource.defaultTtl).toBe(30 * 86_400);
    expect(resource.clientEncryptionPolicy).toMatchObject({
      policyFormatVersion: 2,
      includedPaths: [
        {
          path: '/author',
          clientEncryptionKeyId: 'people',
          encryptionType: 'Randomized',
          encryptionAlgorithm: 'AEAD_AES_256_CBC_HMAC_SHA256',
        },
        { path: '/product', encryptionType: 'Deterministic' },
      ],
    });
  });

  it('gives rights action by action on one container, and never the feed of its changes', async () => {
    const { program } = await cosmos('moderate');
    const actions = (name: string) => program.named(name).inputs.permissions[0].dataActions as string[];
    expect(actions('knowledge-grant-portal-role').map((action) => action.split('/').slice(-2).join('/'))).toEqual([
      'databaseAccounts/readMetadata',
      'items/read',
      'containers/executeQuery',
    ]);
    expect(actions('knowledge-grant-import-role')).toHaveLength(7);
    expect([...actions('knowledge-grant-import-role'), ...actions('knowledge-grant-portal-role')].join()).not.toMatch(
      /\*|readChangeFeed|executeStoredProcedure/,
    );
    expect(program.named('knowledge-grant-portal').inputs.scope).toMatch(/knowledge-account\/dbs\/cases\/colls\/open$/);
    expect(program.named('knowledge-grant-portal-role').inputs.assignableScopes).toEqual([
      program.named('knowledge-grant-portal').inputs.scope,
    ]);
  });

  it.each([
    ['no second location at tier high', 'high', { standbyLocations: [] }, {}, 'needs `standbyLocations` (LOC-05)'],
    [
      'a location that is not promised',
      'moderate',
      { profile: resident('moderate', ['westeurope']), standbyLocations: ['eastus'] },
      {},
      '(LOC-02)',
    ],
    ['its own location as the second', 'high', { standbyLocations: ['West Europe'] }, {}, 'where the account itself is'],
    ['no encrypted fields at tier high', 'high', {}, { encrypted: undefined }, 'needs `container("open").encrypted` (FLS-06)'],
    ['an empty list of them', 'low', {}, { encrypted: {} }, 'encrypted names no path'],
    ['a path below the first level', 'low', {}, { encrypted: { '/a/b': 'k' } }, 'encrypted names "/a/b"'],
    ['comparing what is not encrypted', 'low', {}, { comparable: ['/x'] }, 'comparable names "/x"'],
    ['no retention', 'low', {}, { retention: undefined }, 'retention.atMostDays is no number of days'],
    ['a partition key that is no path', 'low', {}, { partitionKey: 'product' }, 'partitionKey is "product"'],
  ] as const)('refuses %s', async (_, tier, args, container, message) => {
    // biome-ignore lint/suspicious/noExplicitAny: what a JavaScript program could pass
    await expect(cosmos(tier, args as any, container as any)).rejects.toThrow(message);
  });

  it('records what is relaxed', async () => {
    const relax = ['BCR-06', 'DHC-10', 'FLS-06', 'LOC-05'].map(relaxationOf);
    const { program } = await cosmos('high', { relax, standbyLocations: [] }, { encrypted: undefined });
    expect(program.named('knowledge-account').inputs.locations).toEqual([
      { locationName: 'westeurope', failoverPriority: 0, isZoneRedundant: false },
    ]);
    expect(
      program
        .of('palisade:index:Waiver')
        .map(({ inputs }) => inputs.rule)
        .sort(),
    ).toEqual(['BCR-06', 'DHC-10', 'FLS-06', 'LOC-05']);
  });
});

describe('SecureRedis', () => {
  it('is a managed cache that takes identities only, over TLS', async () => {
    const { program } = await redis('moderate');
    expect(program.named('sessions-cluster').inputs).toMatchObject({
      sku: { name: 'Balanced_B5' },
      highAvailability: 'Enabled',
      minimumTlsVersion: '1.2',
      publicNetworkAccess: 'Disabled',
    });
    expect(program.named('sessions-cluster').inputs).not.toHaveProperty('zones');
    expect(program.named('sessions-database').inputs).toMatchObject({
      databaseName: 'default',
      accessKeysAuthentication: 'Disabled',
      clientProtocol: 'Encrypted',
      deferUpgrade: 'NotDeferred',
      evictionPolicy: 'VolatileLRU',
      persistence: { aofEnabled: true, aofFrequency: '1s', rdbEnabled: false },
    });
  });

  it('has its disks encrypted by a version of the key, through its own identity', async () => {
    expect((await redis('moderate')).program.named('sessions-cluster').inputs.encryption.customerManagedKeyEncryption).toEqual({
      keyEncryptionKeyUrl: KEY.versionedKeyUri,
      keyEncryptionKeyIdentity: {
        identityType: 'userAssignedIdentity',
        userAssignedIdentityResourceId: expect.stringContaining('sessions-identity'),
      },
    });
  });

  it('records connections of the database, and figures of the cluster', async () => {
    const { program } = await redis('moderate');
    expect(program.named('sessions-diagnostics').inputs).toMatchObject({
      resourceUri: expect.stringContaining('sessions-database'),
      logs: [{ categoryGroup: 'allLogs', enabled: true }],
    });
    expect(program.named('sessions-cluster-diagnostics').inputs.metrics).toEqual([{ category: 'AllMetrics', enabled: true }]);
  });

  it('lets in who is named, one by one', async () => {
    expect((await redis('low')).program.named('sessions-grant-case-portal').inputs).toMatchObject({
      accessPolicyAssignmentName: 'caseportal',
      accessPolicyName: 'default',
      user: { objectId: APPLICATION },
    });
  });

  it('refuses kinds that are retired, and keys of which only the name is known', async () => {
    // biome-ignore lint/suspicious/noExplicitAny: what a JavaScript program could pass
    await expect(redis('low', { sku: 'Enterprise_E10' as any })).rejects.toThrow('other kinds are retired (VUL-10)');
    const { versionedKeyUri: _, ...key } = KEY;
    await expect(redis('moderate', { key })).rejects.toThrow('key has no versionedKeyUri');
  });
});

describe('SecureSearchService', () => {
  it('writes every security property, also where it equals the default of the service', async () => {
    const service = (await search('high')).program.named('index-service').inputs;
    expect(service).toMatchObject({
      disableLocalAuth: true,
      publicNetworkAccess: 'Disabled',
      networkRuleSet: { bypass: 'None', ipRules: [] },
      encryptionWithCmk: { enforcement: 'Enabled' },
      dataExfiltrationProtections: ['BlockAll'],
      semanticSearch: 'disabled',
      identity: { type: 'SystemAssigned' },
      replicaCount: 3,
    });
    expect(service).not.toHaveProperty('authOptions');
  });

  it('lets its own identity use the key', async () => {
    expect((await search('moderate')).program.named('index-key-use').inputs.scope).toBe(KEY.keyId);
    expect((await search('low')).program.named('index-service').inputs.encryptionWithCmk).toEqual({ enforcement: 'Disabled' });
  });

  it('gives a right on one index', async () => {
    expect((await search('low')).program.named('index-grant-portal').inputs).toMatchObject({
      roleDefinitionId: expect.stringContaining('1407120a-92aa-4202-b7e9-c0e197c71c8f'),
      scope: expect.stringMatching(/index-service\/indexes\/cases$/),
    });
  });

  it('refuses one replica at tier high, and numbers that the service does not take', async () => {
    await expect(search('high', { replicas: 1 })).rejects.toThrow('at tier high write at least 2, or relax BCR-06');
    await expect(search('low', { replicas: 0 })).rejects.toThrow('replicas is 0; write 1 to 12');
    const { program } = await search('high', { replicas: 1, relax: ['BCR-06', 'EXP-04'].map(relaxationOf) });
    expect(program.named('index-service').inputs).toMatchObject({ replicaCount: 1, dataExfiltrationProtections: [] });
    expect(program.of('palisade:index:Waiver')).toHaveLength(2);
  });
});
