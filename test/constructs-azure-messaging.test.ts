import type * as eventhub from '@pulumi/azure-native/eventhub';
import { describe, expect, it } from 'vitest';
import {
  SecureEventGridDomain,
  SecureEventGridSystemTopic,
  SecureEventGridTopic,
  type SecureEventGridTopicArgs,
  SecureEventHubNamespace,
  type SecureEventHubNamespaceArgs,
  SecureServiceBusNamespace,
  type SecureServiceBusNamespaceArgs,
  SecureStorageAccount,
  type Tier,
} from '../constructs/azure';
import { decided } from '../constructs/contract';
import { PROFILES, type Surroundings, surroundings, TENANT, TODAY } from './support/azure-components';
import { type RunOptions, run } from './support/azure-program';
import { relaxationOf } from './support/relaxation';

const CLIENT = { principalId: 'client-1', principalType: 'ServicePrincipal' } as const;
const needs = ({ logs, network, vault }: Surroundings, tier: Tier) => (tier === 'low' ? {} : { key: vault.key('messages'), logs, network });

const bus = (
  tier: Tier,
  args: Partial<SecureServiceBusNamespaceArgs> = {},
  use: (made: SecureServiceBusNamespace) => void = () => {},
  options: RunOptions = {},
) =>
  run(
    () => {
      const around = surroundings(tier);
      const made = new SecureServiceBusNamespace('cases', { ...around.common, ...needs(around, tier), ...args });
      use(made);
      return made;
    },
    { config: TODAY, ...options },
  );

describe('SecureServiceBusNamespace', () => {
  it('writes every security property, also where it equals the default of the service', async () => {
    const { program } = await bus('moderate');
    expect(program.named('cases-namespace').inputs).toMatchObject({
      namespaceName: expect.stringMatching(/^cases-[0-9a-f]{8}$/),
      sku: { name: 'Premium', tier: 'Premium', capacity: 1 },
      disableLocalAuth: true,
      minimumTlsVersion: '1.2',
      publicNetworkAccess: 'Disabled',
      zoneRedundant: true,
    });
    expect(program.named('cases-rules').inputs).toMatchObject({
      publicNetworkAccess: 'Disabled',
      defaultAction: 'Deny',
      ipRules: [],
      virtualNetworkRules: [],
      trustedServiceAccessEnabled: false,
    });
    expect(program.named('cases-namespace-lock').inputs.level).toBe('CanNotDelete');
  });

  it('encrypts twice with the customer key, and follows its newest version', async () => {
    for (const preview of [false, true]) {
      const { program } = await bus('high', {}, () => {}, { preview });
      const { encryption } = program.named('cases-namespace').inputs;
      expect(encryption).toMatchObject({ keySource: 'Microsoft.KeyVault', requireInfrastructureEncryption: true });
      expect(encryption.keyVaultProperties[0]).toMatchObject({ keyName: 'messages' });
      expect(encryption.keyVaultProperties[0].keyVersion).toBeUndefined();
    }
  });

  it('lets its identity use one key and no other', async () => {
    const { program } = await bus('moderate');
    expect(program.named('cases-key-use').inputs).toMatchObject({
      principalId: 'cases-identity-principal',
      scope: expect.stringContaining('vault-key-messages'),
    });
  });

  it('is reached at a private address, and recorded, from tier moderate', async () => {
    const { program } = await bus('moderate');
    expect(program.named('cases-endpoint').inputs.privateLinkServiceConnections[0].groupIds).toEqual(['namespace']);
    expect(program.named('cases-diagnostics').inputs.logs).toEqual([{ categoryGroup: 'allLogs', enabled: true }]);
    expect(program.of('network:PrivateDnsZoneGroup').map(({ name }) => name)).toContain('cases-endpoint-dns');
  });

  it.each([
    ['key', 'ENC-11'],
    ['logs', 'LOG-13'],
    ['network', 'DID-05'],
  ])('asks for %s from tier moderate', async (argument, control) => {
    await expect(bus('moderate', { [argument]: undefined })).rejects.toThrow(
      `SecureServiceBusNamespace "cases": tier moderate needs \`${argument}\` (${control})`,
    );
    await expect(bus('low', { [argument]: undefined })).resolves.toBeDefined();
  });

  it('keeps in a queue what expired or failed too often, and counts twice what was sent twice once', async () => {
    const { program } = await bus('low', {}, (made) => made.queue('updates', { keepDays: 7 }));
    expect(program.named('cases-queue-updates').inputs).toMatchObject({
      queueName: 'updates',
      defaultMessageTimeToLive: 'P7D',
      deadLetteringOnMessageExpiration: true,
      maxDeliveryCount: 5,
      requiresDuplicateDetection: true,
      duplicateDetectionHistoryTimeWindow: 'PT10M',
      enableExpress: false,
      enablePartitioning: false,
    });
  });

  it('filters what a subscription gets, in the place of the rule that lets everything through', async () => {
    const { program } = await bus('low', {}, (made) => {
      made.subscription('urgent', made.topic('news'), { filter: "priority = 'high'", sessions: true });
      made.subscription('all', made.topic('other'));
    });
    expect(program.named('cases-subscription-urgent').inputs).toMatchObject({
      requiresSession: true,
      deadLetteringOnFilterEvaluationExceptions: true,
      deadLetteringOnMessageExpiration: true,
    });
    expect(program.one('servicebus:Rule').inputs).toMatchObject({
      ruleName: '$Default',
      filterType: 'SqlFilter',
      sqlFilter: { sqlExpression: "priority = 'high'" },
    });
  });

  it.each([0, 15, 1.5])('keeps no message for %s days', async (keepDays) => {
    await expect(bus('low', {}, (made) => made.queue('updates', { keepDays }))).rejects.toThrow(
      /SecureServiceBusNamespace "cases" queue "updates": keepDays is .*; write 1 to 14/,
    );
  });

  it('tries at least once', async () => {
    await expect(bus('low', {}, (made) => made.queue('updates', { attempts: 0 }))).rejects.toThrow(/attempts is 0; write a whole number/);
  });

  it('grants sending and receiving apart, on one entity', async () => {
    const { program } = await bus('low', {}, (made) => {
      const on = made.queue('updates');
      made.grant('sender', { on, principal: CLIENT, rights: 'send' });
      made.grant('reader', { on, principal: CLIENT, rights: 'receive' });
    });
    const grant = (name: string) => program.named(`cases-grant-${name}`).inputs;
    expect(grant('sender')).toMatchObject({
      ...CLIENT,
      scope: expect.stringContaining('cases-queue-updates'),
      roleDefinitionId: expect.stringContaining('69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'),
    });
    expect(grant('reader').roleDefinitionId).toContain('4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0');
  });

  it('records the waiver of what is relaxed, and weakens only that', async () => {
    const { program } = await bus('moderate', { relax: [relaxationOf('BCR-06'), relaxationOf('DHC-10')] });
    expect(program.named('cases-namespace').inputs).toMatchObject({ zoneRedundant: false, disableLocalAuth: true });
    expect(program.all.filter(({ name }) => name === 'cases-namespace-lock')).toEqual([]);
    expect(program.named('cases-waiver-bcr-06').inputs).toMatchObject({ rule: 'BCR-06', ticket: 'SEC-1201' });
  });

  it('does not let shared keys be relaxed', async () => {
    await expect(bus('moderate', { relax: [relaxationOf('LPA-14')] })).rejects.toThrow(/LPA-14 cannot be relaxed .*: give clients a role/);
  });
});

const streams = (
  tier: Tier,
  use: (made: SecureEventHubNamespace, around: Surroundings) => void = () => {},
  args: Partial<SecureEventHubNamespaceArgs> = {},
) =>
  run(
    () => {
      const around = surroundings(tier);
      const made = new SecureEventHubNamespace('events', { ...around.common, ...needs(around, tier), ...args });
      use(made, around);
      return made;
    },
    { config: TODAY },
  );

describe('SecureEventHubNamespace', () => {
  it('is premium, closed, without shared keys, and encrypted with the customer key', async () => {
    const { program } = await streams('moderate');
    expect(program.named('events-namespace').inputs).toMatchObject({
      sku: { name: 'Premium' },
      disableLocalAuth: true,
      minimumTlsVersion: '1.2',
      publicNetworkAccess: 'Disabled',
      zoneRedundant: true,
      encryption: { requireInfrastructureEncryption: true, keyVaultProperties: [{ keyName: 'messages' }] },
    });
    expect(program.named('events-rules').inputs.defaultAction).toBe('Deny');
    expect(program.named('events-endpoint').inputs.privateLinkServiceConnections[0].groupIds).toEqual(['namespace']);
  });

  it('captures into one container, by an identity that writes there and nowhere else', async () => {
    const { program } = await streams('low', (made, { common }) => {
      const account = new SecureStorageAccount('records', { ...common, retention: { atMostDays: 365 } });
      made.hub('events', { keepDays: 14, capture: { account, container: account.container('events') } });
    });
    const { captureDescription, retentionDescription } = program.named('events-hub-events').inputs;
    expect(retentionDescription).toEqual({ cleanupPolicy: 'Delete', retentionTimeInHours: 336 });
    expect(captureDescription).toMatchObject({
      enabled: true,
      destination: {
        name: 'EventHubArchive.AzureBlockBlob',
        storageAccountResourceId: expect.stringContaining('records-account'),
        identity: { type: 'UserAssigned' },
      },
    });
    expect(program.named('events-hub-events-capture-write').inputs).toMatchObject({
      principalId: 'events-identity-principal',
      scope: expect.stringContaining('records-container-events'),
    });
  });

  it.each([
    [{ keepDays: 91 }, /hub "events": keepDays is 91; write 1 to 90/],
    [{ partitions: 0 }, /hub "events": partitions is 0; write 1 to 100/],
  ])('refuses %j', async (spec, message) => {
    await expect(streams('low', (made) => made.hub('events', spec))).rejects.toThrow(message);
  });

  it('lets a reader read as one group', async () => {
    const { program } = await streams('low', (made) => {
      const hub = made.hub('events');
      made.grant('search', { hub, group: made.consumerGroup('search', hub), principal: CLIENT, rights: 'receive' });
    });
    expect(program.named('events-grant-search').inputs).toMatchObject({
      scope: expect.stringContaining('events-group-search'),
      roleDefinitionId: expect.stringContaining('a638d3c7-ab3a-418d-83e6-5f17a39d4fde'),
    });
  });

  it('has no right to send to a group', async () => {
    const send = (made: SecureEventHubNamespace) => {
      const hub = made.hub('events');
      made.grant('search', { hub, group: made.consumerGroup('search', hub), principal: CLIENT, rights: 'send' });
    };
    await expect(streams('low', send)).rejects.toThrow(/grant "search": a group only receives/);
  });
});

const grid = (
  tier: Tier,
  use: (topic: SecureEventGridTopic, hub: eventhub.EventHub, account: SecureStorageAccount) => void = () => {},
  args: Partial<SecureEventGridTopicArgs> = {},
) =>
  run(
    () => {
      const around = surroundings(tier);
      const { common, logs, network } = around;
      const within = tier === 'low' ? {} : { logs, network };
      const topic = new SecureEventGridTopic('news', { ...common, ...within, ...args });
      const account = new SecureStorageAccount('lost', { ...common, ...needs(around, tier), retention: { atMostDays: 30 } });
      use(topic, new SecureEventHubNamespace('events', { ...common, ...needs(around, tier) }).hub('events'), account);
      return topic;
    },
    { config: TODAY },
  );
const hook = (url: string) => ({ webhook: { url, applicationIdOrUri: 'api://partner', tenantId: TENANT } });

describe('SecureEventGridTopic', () => {
  it('takes events from identities only, over TLS 1.2, from a private network', async () => {
    const { program } = await grid('moderate');
    expect(program.named('news-topic').inputs).toMatchObject({
      disableLocalAuth: true,
      minimumTlsVersionAllowed: '1.2',
      publicNetworkAccess: 'Disabled',
      inboundIpRules: [],
      dataResidencyBoundary: 'WithinGeopair',
      identity: { type: 'UserAssigned' },
    });
    expect(program.named('news-endpoint').inputs.privateLinkServiceConnections[0].groupIds).toEqual(['topic']);
  });

  it('keeps events in the one location that the data profile promises', async () => {
    const profile = decided({ ...PROFILES.low, residency: ['westeurope'] });
    const { program } = await grid('low', () => {}, { profile });
    expect(program.named('news-topic').inputs.dataResidencyBoundary).toBe('WithinRegion');
  });

  it('delivers by its own identity, and keeps what it could not deliver', async () => {
    const { program } = await grid('low', (topic, hub, account) => {
      topic.subscribe('hub', { to: { hub }, events: ['Case.Closed'], deadLetters: { account, container: account.container('events') } });
    });
    const { inputs } = program.named('news-subscription-hub');
    expect(inputs.destination).toBeUndefined();
    expect(inputs).toMatchObject({
      deliveryWithResourceIdentity: { identity: { type: 'UserAssigned' }, destination: { endpointType: 'EventHub' } },
      deadLetterWithResourceIdentity: {
        deadLetterDestination: { endpointType: 'StorageBlob', resourceId: expect.stringContaining('lost-account') },
      },
      filter: { includedEventTypes: ['Case.Closed'] },
      retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
    });
    expect(program.named('news-subscription-hub-delivery').inputs).toMatchObject({
      principalId: 'news-identity-principal',
      scope: expect.stringContaining('events-hub-events'),
      roleDefinitionId: expect.stringContaining('2b629674-e913-4c01-ae53-ef4638d8f975'),
    });
    expect(program.named('news-subscription-hub-dead-letters').inputs.scope).toContain('lost-container-events');
  });

  it('calls an endpoint with a token that the endpoint can check', async () => {
    const { program } = await grid('low', (topic, _, account) => {
      const deadLetters = { account, container: account.container('events') };
      topic.subscribe('partner', { to: hook('https://partner.example.com/events'), deadLetters });
    });
    expect(program.named('news-subscription-partner').inputs.destination).toMatchObject({
      endpointType: 'WebHook',
      azureActiveDirectoryApplicationIdOrUri: 'api://partner',
      azureActiveDirectoryTenantId: TENANT,
      minimumTlsVersionAllowed: '1.2',
    });
  });

  it('delivers nothing in clear text, and shows no key of the address', async () => {
    const open = grid('low', (topic, _, account) => {
      const deadLetters = { account, container: account.container('events') };
      topic.subscribe('partner', { to: hook('http://partner.example.com/events?code=s3cr3t'), deadLetters });
    });
    await expect(open).rejects.toThrow(/subscription "partner": the webhook "http:\/\/partner.example.com\/events" is not https.*TLS-02/);
    await expect(open).rejects.not.toThrow(/s3cr3t/);
  });
});

describe('SecureEventGridDomain', () => {
  it('makes its topics itself, each with its own publishers', async () => {
    const { program } = await run(() => {
      const domain = new SecureEventGridDomain('partners', surroundings('low').common);
      domain.grant('exporter', domain.topic('partner-7'), CLIENT);
      return domain;
    });
    expect(program.named('partners-domain').inputs).toMatchObject({
      autoCreateTopicWithFirstSubscription: false,
      autoDeleteTopicWithLastSubscription: false,
      disableLocalAuth: true,
      publicNetworkAccess: 'Disabled',
    });
    expect(program.named('partners-grant-exporter').inputs.scope).toContain('partners-topic-partner-7');
  });
});

describe('SecureEventGridSystemTopic', () => {
  it('turns events of a resource into alerts', async () => {
    const { program } = await run(() => {
      const { common, contacts, vault } = surroundings('low');
      const topic = new SecureEventGridSystemTopic('changes', { ...common, source: vault.id, topicType: 'Microsoft.KeyVault.vaults' });
      topic.alert('expiry', { events: ['Microsoft.KeyVault.SecretNearExpiry'], alerts: contacts.id, description: 'A secret ends.' });
      return topic;
    });
    expect(program.named('changes-subscription-expiry').inputs).toMatchObject({
      destination: { endpointType: 'MonitorAlert', severity: 'Sev2', actionGroups: [expect.stringContaining('contacts')] },
      eventDeliverySchema: 'CloudEventSchemaV1_0',
      filter: { includedEventTypes: ['Microsoft.KeyVault.SecretNearExpiry'] },
    });
  });

  it('asks for logs from tier moderate', async () => {
    const made = run(() => {
      const { common, vault } = surroundings('moderate');
      return new SecureEventGridSystemTopic('changes', { ...common, source: vault.id, topicType: 'Microsoft.KeyVault.vaults' });
    });
    await expect(made).rejects.toThrow(/SecureEventGridSystemTopic "changes": tier moderate needs `logs` \(LOG-13\)/);
  });
});
