import { describe, expect, it } from 'vitest';
import { SecureStorageAccount, type SecureStorageAccountArgs, type Tier } from '../constructs/azure';
import { leastAccount, surroundings, TODAY } from './support/azure-components';
import { type RunOptions, run } from './support/azure-program';
import { relaxationOf } from './support/relaxation';

const built = (tier: Tier, args: Partial<SecureStorageAccountArgs> = {}, options: RunOptions = {}) =>
  run(
    () => {
      const { common, logs, network, vault } = surroundings(tier);
      const within = tier === 'low' ? {} : { key: vault.key('attachments'), logs, network };
      return new SecureStorageAccount('attachments', { ...common, ...within, retention: { atMostDays: 365 }, ...args });
    },
    { config: TODAY, ...options },
  );
const accountOf = async (tier: Tier, args?: Partial<SecureStorageAccountArgs>, options?: RunOptions) =>
  (await built(tier, args, options)).program.named('attachments-account').inputs;

describe('SecureStorageAccount', () => {
  it('writes every security property, also where it equals the default of the service', async () => {
    expect(await accountOf('moderate')).toMatchObject({
      kind: 'StorageV2',
      sku: { name: 'Standard_ZRS' },
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      allowSharedKeyAccess: false,
      allowedCopyScope: 'AAD',
      defaultToOAuthAuthentication: true,
      enableHttpsTrafficOnly: true,
      enableNfsV3: false,
      isLocalUserEnabled: false,
      isSftpEnabled: false,
      minimumTlsVersion: 'TLS1_2',
      publicNetworkAccess: 'Disabled',
      networkRuleSet: { bypass: 'None', defaultAction: 'Deny', ipRules: [], resourceAccessRules: [], virtualNetworkRules: [] },
      sasPolicy: { expirationAction: 'Block', sasExpirationPeriod: '0.01:00:00' },
      keyPolicy: { keyExpirationPeriodInDays: 90 },
      routingPreference: { routingChoice: 'MicrosoftRouting', publishInternetEndpoints: false, publishMicrosoftEndpoints: false },
    });
  });

  it('encrypts with the customer key from tier moderate, without a version so that rotation is followed', async () => {
    const { encryption, identity } = await accountOf('moderate');
    expect(encryption).toMatchObject({ keySource: 'Microsoft.Keyvault', requireInfrastructureEncryption: true });
    expect(encryption.keyVaultProperties).toEqual({
      keyName: 'attachments',
      keyVaultUri: expect.stringMatching(/^https:\/\/vault-[0-9a-f]{8}\.vault\.azure\.net$/),
    });
    expect(identity).toEqual({ type: 'UserAssigned', userAssignedIdentities: [expect.stringContaining('attachments-identity')] });
    for (const service of ['blob', 'file', 'queue', 'table'])
      expect(encryption.services[service]).toEqual({ enabled: true, keyType: 'Account' });
  });

  it('lets its identity use one key and no other', async () => {
    const { program } = await built('moderate');
    expect(program.named('attachments-key-use').inputs).toMatchObject({
      principalId: 'attachments-identity-principal',
      principalType: 'ServicePrincipal',
      roleDefinitionId: expect.stringContaining('e147488a-f6f5-4113-8e2d-b22465e65bf6'),
      scope: expect.stringContaining('vault-key-attachments'),
    });
  });

  it('shows a preview that the customer key is used, although no id is known yet', async () => {
    const { encryption } = await accountOf('high', {}, { preview: true });
    expect(encryption).toMatchObject({
      keySource: 'Microsoft.Keyvault',
      requireInfrastructureEncryption: true,
      keyVaultProperties: { keyName: 'attachments' },
    });
  });

  it('uses a key of the platform at tier low, still with a second layer', async () => {
    expect((await accountOf('low')).encryption).toMatchObject({ keySource: 'Microsoft.Storage', requireInfrastructureEncryption: true });
  });

  it('limits copies to accounts on the same private network at tier high', async () => {
    expect((await accountOf('high')).allowedCopyScope).toBe('PrivateLink');
  });

  it('carries the data profile in its tags, over tags of the user', async () => {
    const { tags } = await accountOf('high', { tags: { team: 'support', 'palisade:tier': 'low' } });
    expect(tags).toMatchObject({ team: 'support', 'palisade:tier': 'high', 'palisade:owner': 'support-data@example.com' });
  });

  it('keeps versions and deleted blobs, and can turn back time', async () => {
    const { program } = await built('high');
    expect(program.named('attachments-blobs').inputs).toMatchObject({
      isVersioningEnabled: true,
      deleteRetentionPolicy: { enabled: true, days: 35, allowPermanentDelete: false },
      containerDeleteRetentionPolicy: { enabled: true, days: 35 },
      changeFeed: { enabled: true, retentionInDays: 731 },
      restorePolicy: { enabled: true, days: 34 },
      cors: { corsRules: [] },
    });
  });

  it('deletes blobs, versions and snapshots once the longest retention has passed', async () => {
    const { program } = await built('low', { retention: { atMostDays: 90 } });
    const [rule] = program.named('attachments-lifecycle').inputs.policy.rules;
    expect(rule.enabled).toBe(true);
    expect(rule.definition.actions).toEqual({
      baseBlob: { delete: { daysAfterModificationGreaterThan: 90 } },
      snapshot: { delete: { daysAfterCreationGreaterThan: 90 } },
      version: { delete: { daysAfterCreationGreaterThan: 90 } },
    });
  });

  it('is write-once where a least retention is stated, and gives up turning back time for it', async () => {
    const { program } = await built('high', { retention: { atLeastDays: 30, atMostDays: 365 } });
    expect(program.named('attachments-account').inputs.immutableStorageWithVersioning).toEqual({
      enabled: true,
      immutabilityPolicy: { allowProtectedAppendWrites: true, immutabilityPeriodSinceCreationInDays: 30, state: 'Locked' },
    });
    expect(program.named('attachments-blobs').inputs.restorePolicy).toEqual({ enabled: false });
  });

  it('can be created with a policy that is not locked yet, as the service demands', async () => {
    const account = await accountOf('high', { retention: { atLeastDays: 30, atMostDays: 365 }, locked: false });
    expect(account.immutableStorageWithVersioning.immutabilityPolicy.state).toBe('Unlocked');
  });

  it('records reads, writes and deletions of each service in the workspace and the archive', async () => {
    const { program } = await built('moderate', { services: ['blob', 'queue'] });
    for (const service of ['blob', 'queue']) {
      const { inputs } = program.named(`attachments-${service}-diagnostics`);
      expect(inputs.resourceUri).toMatch(new RegExp(`/attachments-account/${service}Services/default$`));
      expect(inputs.logs).toEqual(['StorageRead', 'StorageWrite', 'StorageDelete'].map((category) => ({ category, enabled: true })));
      expect(inputs.workspaceId).toContain('logs-workspace');
      expect(inputs.storageAccountId).toContain('archive-account');
    }
  });

  it('is reached by a private endpoint with its name resolved privately, and the endpoint leaves the subnet as it is', async () => {
    const { program } = await built('moderate');
    const { inputs } = program.named('attachments-blob-endpoint');
    expect(inputs.subnet).toEqual({ id: expect.stringContaining('network-endpoints-subnet') });
    expect(inputs.privateLinkServiceConnections[0]).toMatchObject({
      groupIds: ['blob'],
      privateLinkServiceId: expect.stringContaining('attachments-account'),
    });
    expect(program.named('attachments-blob-endpoint-dns').inputs.privateDnsZoneConfigs).toHaveLength(1);
  });

  it('cannot be deleted with its resource group', async () => {
    const { program } = await built('low');
    expect(program.named('attachments-account-lock').inputs).toMatchObject({
      level: 'CanNotDelete',
      scope: expect.stringContaining('attachments-account'),
    });
  });

  it('makes private containers and grants rights on one of them', async () => {
    const { program } = await run(() => {
      const account = leastAccount(surroundings('moderate'));
      const container = account.container('cases');
      account.grant('agents', { container, rights: 'read', principal: { principalId: 'group-1', principalType: 'Group' } });
    });
    expect(program.named('attachments-container-cases').inputs).toMatchObject({ publicAccess: 'None', denyEncryptionScopeOverride: true });
    expect(program.named('attachments-grant-agents').inputs).toMatchObject({
      principalType: 'Group',
      roleDefinitionId: expect.stringContaining('2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'),
      scope: expect.stringContaining('attachments-container-cases'),
    });
  });

  it('gives the same physical name in every run, legal and within 24 characters', async () => {
    const names = await Promise.all([1].map(() => accountOf('low')));
    const again = await accountOf('low');
    expect(names[0].accountName).toBe(again.accountName);
    expect(again.accountName).toMatch(/^[a-z][a-z0-9]{2,23}$/);
  });
});

describe('what a SecureStorageAccount refuses', () => {
  const refused = (tier: Tier, args: Partial<SecureStorageAccountArgs>) => expect(built(tier, args)).rejects;

  it.each([
    ['key', /tier moderate needs `key` \(ENC-02\)/],
    ['logs', /tier moderate needs `logs` \(LOG-04\)/],
    ['network', /tier moderate needs `network` \(DID-05\)/],
  ] as const)('a system of tier moderate without %s', async (argument, message) => {
    await refused('moderate', { [argument]: undefined }).toThrow(message);
  });

  it('a missing profile', async () => {
    await refused('low', { profile: undefined as never }).toThrow(/SecureStorageAccount "attachments": profile is missing.*declareProfile/);
  });

  it('a retention without a maximum, or with a minimum beyond it', async () => {
    await refused('low', { retention: undefined as never }).toThrow(/DHC-06/);
    await refused('low', { retention: { atMostDays: 0 } }).toThrow(/atMostDays is no number of days/);
    await refused('low', { retention: { atLeastDays: 400, atMostDays: 365 } }).toThrow(/atLeastDays is 400; write 1 to atMostDays, 365/);
  });

  it('a cross-origin wildcard', async () => {
    const cors = [{ allowedOrigins: ['https://*.example.com'], allowedMethods: ['GET' as const], allowedHeaders: [] }];
    await refused('low', { cors }).toThrow(
      /cors origin "https:\/\/\*\.example\.com" breaks DID-21.*list the origins, or relax: \[\{ control: 'DID-21'/,
    );
  });

  it('a location, or a copy, outside the residency that the profile promises', async () => {
    const resident = (residency: string[]) => ({
      profile: { profile: { system: 'wiki', residency } as never, tier: 'low' as const, why: [] },
    });
    await refused('low', resident(['North Europe'])).toThrow(/location is "westeurope", but wiki promises to stay in North Europe/);
    await refused('low', { ...resident(['West Europe']), redundancy: 'geo-zone' }).toThrow(
      /geo-zone copies to a pairedLocation that is not named/,
    );
    const account = await accountOf('low', {
      ...resident(['West Europe', 'northeurope']),
      redundancy: 'geo-zone',
      pairedLocation: 'North Europe',
    });
    expect(account.sku).toEqual({ name: 'Standard_GZRS' });
  });
});

describe('uploads from browsers', () => {
  const cors = [{ allowedOrigins: ['https://cases.example.com'], allowedMethods: ['PUT' as const], allowedHeaders: ['content-type'] }];

  it('are scanned from tier moderate on, whatever the subscription says', async () => {
    const { program } = await built('moderate', { cors });
    expect(program.one('security:DefenderForStorage').inputs).toMatchObject({
      resourceId: expect.stringContaining('attachments-account'),
      properties: { isEnabled: true, overrideSubscriptionLevelSettings: true, malwareScanning: { onUpload: { isEnabled: true } } },
    });
  });

  it('are not scanned at low, nor is what nobody uploads, unless asked for', async () => {
    expect((await built('low', { cors })).program.of('security:DefenderForStorage')).toEqual([]);
    expect((await built('high')).program.of('security:DefenderForStorage')).toEqual([]);
    expect((await built('low', { scanUploads: true })).program.of('security:DefenderForStorage')).toHaveLength(1);
  });

  it('are left unscanned only with a waiver', async () => {
    await expect(built('moderate', { cors, scanUploads: false })).rejects.toThrow(
      /scanUploads: false where browsers upload breaks DID-19.*have uploads scanned, or relax/,
    );
    const { program } = await built('moderate', { cors, scanUploads: false, relax: [relaxationOf('DID-19')] });
    expect(program.of('security:DefenderForStorage')).toEqual([]);
    expect(program.one('palisade:index:Waiver').inputs).toMatchObject({
      rule: 'DID-19',
      resource: expect.stringMatching(/::attachments-blobs$/),
    });
  });

  it('come over HTTPS, and list their headers', async () => {
    const [rule] = cors as [(typeof cors)[number]];
    await expect(built('low', { cors: [{ ...rule, allowedOrigins: ['http://cases.example.com'] }] })).rejects.toThrow(
      /clear-text origin "http:\/\/cases.example.com"; write https:\/\/ \(TLS-03\)/,
    );
    await expect(built('low', { cors: [{ ...rule, allowedHeaders: ['*'] }] })).rejects.toThrow(
      /cors header "\*" with methods that write breaks DID-21/,
    );
  });
});

describe('relaxing a promise of a SecureStorageAccount', () => {
  it('weakens only what the control asks for, and records the waiver on the account', async () => {
    const { program } = await built('high', { relax: [relaxationOf('LPA-14')] });
    const { inputs } = program.named('attachments-account');
    expect(inputs).toMatchObject({ allowSharedKeyAccess: true, publicNetworkAccess: 'Disabled', sasPolicy: { expirationAction: 'Block' } });
    expect(program.one('palisade:index:Waiver').inputs).toEqual({
      rule: 'LPA-14',
      resource: expect.stringMatching(/^urn:pulumi:.*::attachments-account$/),
      reason: 'the importer cannot yet do otherwise',
      owner: 'support-data@example.com',
      approver: 'security@example.com',
      ticket: 'SEC-1201',
      expires: '2027-01-31',
    });
  });

  it('knows what each relaxation leaves out', async () => {
    const { program } = await built('high', { relax: ['BCR-06', 'DHC-06', 'DHC-10', 'LPA-16'].map(relaxationOf) });
    expect(program.named('attachments-account').inputs).toMatchObject({
      sku: { name: 'Standard_LRS' },
      networkRuleSet: { bypass: 'AzureServices', defaultAction: 'Deny' },
    });
    expect(program.all.map(({ name }) => name)).not.toEqual(expect.arrayContaining(['attachments-lifecycle']));
    expect(program.all.map(({ name }) => name)).not.toEqual(expect.arrayContaining(['attachments-account-lock']));
    expect(program.of('palisade:index:Waiver')).toHaveLength(4);
  });

  it.each([
    ['an unknown control', { control: 'ABC-99' }, /"ABC-99" is no control; write an id such as ENC-02/],
    ['a control that is not promised', { control: 'VUL-01' }, /VUL-01 is not promised by SecureStorageAccount; it promises ENC-01/],
    [
      'a promise that knows no good case',
      { control: 'TLS-03' },
      /TLS-03 cannot be relaxed.*no supported client needs clear text; relaxable: BCR-06/,
    ],
    ['a rule of another family', { control: 'LPA-14.database' }, /is a rule of another family; write LPA-14 or LPA-14\.object-storage/],
    ['a missing ticket', { ticket: '' }, /LPA-14 lacks ticket/],
    ['an owner who approves', { approver: 'Support-Data@example.com' }, /approved by its own owner/],
    ['a date that is none', { expires: '2027-02-30' }, /expires on "2027-02-30"; write a date as YYYY-MM-DD/],
    ['an end in the past', { expires: '2026-11-21' }, /LPA-14 expired on 2026-11-21/],
    ['an end too far away', { expires: '2028-01-01' }, /runs \d+ days; at most 90 for a control of severity high/],
  ])('refuses %s', async (_, change, message) => {
    await expect(built('low', { relax: [{ ...relaxationOf('LPA-14'), ...change }] })).rejects.toThrow(message);
  });

  it('keeps neither versions nor deleted blobs where BCR-07 is relaxed, which a write-once account cannot', async () => {
    const relax = [relaxationOf('BCR-07')];
    expect((await built('low', { relax })).program.named('attachments-blobs').inputs).toMatchObject({
      isVersioningEnabled: false,
      deleteRetentionPolicy: { enabled: false },
      containerDeleteRetentionPolicy: { enabled: false },
      restorePolicy: { enabled: false },
    });
    await expect(built('low', { relax, retention: { atLeastDays: 1, atMostDays: 2 } })).rejects.toThrow(
      /do not relax BCR-07 on a write-once/,
    );
  });

  it('refuses a fixed day that is none, which would let every exception live for ever', async () => {
    await expect(built('low', { relax: [relaxationOf('LPA-14')] }, { config: { 'palisade:today': 'yesterday' } })).rejects.toThrow(
      /configuration palisade:today is "yesterday"; write a date as YYYY-MM-DD/,
    );
  });

  it('refuses the same control twice', async () => {
    await expect(built('low', { relax: [relaxationOf('LPA-14'), relaxationOf('LPA-14')] })).rejects.toThrow(/LPA-14 stands twice/);
  });
});
