import {
  SecureEventGridDomain,
  SecureEventGridSystemTopic,
  SecureEventGridTopic,
  SecureEventHubNamespace,
  SecureLogicApp,
  SecureServiceBusNamespace,
  SecureStorageAccount,
} from '../../../constructs/azure';
import { reaches } from '../../../constructs/contract';
import { type Surroundings, TENANT } from '../azure-components';
import type { Least } from './least';

const from = ({ common, logs, network, vault }: Surroundings, key: string) =>
  reaches(common.profile.tier, 'moderate') ? { key: vault.key(key), logs, network } : {};
const watched = ({ common, logs }: Surroundings) => (reaches(common.profile.tier, 'moderate') ? { logs } : {});
const within = ({ common, logs, network }: Surroundings) => (reaches(common.profile.tier, 'moderate') ? { logs, network } : {});

const blobs = (around: Surroundings, name: string) => {
  const account = new SecureStorageAccount(name, { ...around.common, ...from(around, name), retention: { atMostDays: 365 } });
  return { account, container: account.container('events') };
};
const webhook = () => ({ webhook: { url: 'https://cases.example.com/events', applicationIdOrUri: 'api://cases', tenantId: TENANT } });
const EVERYBODY = { principalId: '22222222-2222-2222-2222-222222222222', principalType: 'Group' } as const;

export const messaging: Least = {
  SecureServiceBusNamespace: (around, name) => {
    const bus = new SecureServiceBusNamespace(name, { ...around.common, ...from(around, name) });
    const queue = bus.queue('updates');
    bus.subscription('search', bus.topic('news'), { filter: "priority = 'high'" });
    bus.grant('agents', { on: queue, rights: 'send', principal: EVERYBODY });
    return bus;
  },
  SecureEventHubNamespace: (around, name) => {
    const streams = new SecureEventHubNamespace(name, { ...around.common, ...from(around, name) });
    const hub = streams.hub('events', { capture: blobs(around, 'captures') });
    streams.grant('indexer', { hub, group: streams.consumerGroup('search', hub), rights: 'receive', principal: EVERYBODY });
    return streams;
  },
  SecureEventGridTopic: (around, name) => {
    const bus = new SecureServiceBusNamespace('grid-receiver', {
      ...around.common,
      ...from(around, 'grid-receiver'),
      trustedServices: true,
    });
    const topic = new SecureEventGridTopic(name, { ...around.common, ...within(around) });
    const deadLetters = blobs(around, 'grid-dead-letters');
    topic.subscribe('queue', { to: { queue: bus.queue('events') }, deadLetters });
    topic.subscribe('hook', { to: webhook(), deadLetters });
    topic.grant('agents', EVERYBODY);
    return topic;
  },
  SecureEventGridDomain: (around, name) => {
    const streams = new SecureEventHubNamespace('domain-receiver', { ...around.common, ...from(around, 'domain-receiver') });
    const domain = new SecureEventGridDomain(name, { ...around.common, ...within(around) });
    const deadLetters = blobs(around, 'domain-dead-letters');
    const topic = domain.topic('partner');
    domain.subscribe('hub', topic, { to: { hub: streams.hub('events') }, deadLetters });
    domain.subscribe('hook', topic, { to: webhook(), deadLetters });
    domain.grant('agents', topic, EVERYBODY);
    return domain;
  },
  SecureEventGridSystemTopic: (around, name) => {
    const bus = new SecureServiceBusNamespace('system-receiver', { ...around.common, ...from(around, 'system-receiver') });
    const source = blobs(around, 'system-source');
    const topic = new SecureEventGridSystemTopic(name, {
      ...around.common,
      ...watched(around),
      source: source.account.id,
      topicType: 'Microsoft.Storage.StorageAccounts',
    });
    topic.subscribe('topic', { to: { topic: bus.topic('changes') }, deadLetters: source });
    topic.subscribe('hook', { to: webhook(), deadLetters: source });
    topic.alert('deletions', { events: ['Microsoft.Storage.BlobDeleted'], alerts: around.contacts.id, description: 'A blob was deleted.' });
    return topic;
  },
  SecureLogicApp: (around, name) =>
    new SecureLogicApp(name, {
      ...around.common,
      ...watched(around),
      callers: { tenantId: TENANT, audience: 'api://cases' },
      definition: {
        triggers: { start: { type: 'Request', kind: 'Http', inputs: { schema: {} } } },
        actions: { send: { type: 'Http', inputs: { method: 'POST', uri: 'https://cases.example.com/triage' } } },
      },
    }),
};
