import { describe, expect, it } from 'vitest';
import { ofSameSubscription, reachesInto, subscriptionNamed, subscriptionOf, watches } from '../policies/facts/azure-subscription';
import type { Value } from '../policies/value';
import { azureGraphOf, graphOfExample, named } from './support/examples';

const PROVIDER = 'pulumi:providers:azure-native';
const SETTING = 'azure-native:monitor:SubscriptionDiagnosticSetting';
const setting = (provider?: string) => ({ type: SETTING, properties: {}, options: provider ? { provider: `example/${provider}` } : {} });
const graph = azureGraphOf({
  a: { type: PROVIDER, properties: { subscriptionId: 'AAA' } },
  again: { type: PROVIDER, properties: { subscriptionId: 'aaa', location: 'westeurope' } },
  b: { type: PROVIDER, properties: { subscriptionId: 'bbb' } },
  open: { type: PROVIDER, properties: { subscriptionId: { $unknown: 'config value' } } },
  inA: setting('a'),
  inAgain: setting('again'),
  inB: setting('b'),
  inOpen: setting('open'),
  byDefault: setting(),
  group: { type: 'azure-native:management:ManagementGroup', properties: {} },
  alert: {
    type: 'azure-native:monitor:ActivityLogAlert',
    properties: { scopes: ['/subscriptions/bbb', '/subscriptions/AAA/resourceGroups/g'] },
  },
  silent: { type: 'azure-native:monitor:ActivityLogAlert', properties: {}, options: { provider: 'example/b' } },
  assigned: { type: 'azure-native:authorization:PolicyAssignment', properties: { scope: { $ref: 'group.id' } } },
  unknown: { type: 'azure-native:authorization:PolicyAssignment', properties: { scope: { $unknown: 'config value' } } },
});
const at = (name: string) => named(graph, name);

describe('the subscription of a resource', () => {
  it('is that of its provider, whatever else the provider says', () => {
    expect(subscriptionOf(at('inA'), graph)).toBe('aaa');
    expect(ofSameSubscription(at('inA'), graph).map(({ logicalId }) => logicalId)).toEqual(['inA', 'inAgain']);
    expect(ofSameSubscription(at('inB'), graph).map(({ logicalId }) => logicalId)).toEqual(['inB']);
  });

  it('is that of the configuration where no provider is named, and else the one that is deployed to', () => {
    expect(subscriptionOf(at('byDefault'), graph)).toBe('');
    const configured = graphOfExample('azure', { unit: { account: 'CCC' }, resources: { it: setting() } });
    expect(subscriptionOf(named(configured, 'it'), configured)).toBe('ccc');
  });

  it('is named by a scope before its provider', () => {
    expect(subscriptionNamed(at('alert').at('scopes').items()[1] as Value, at('inB'), graph)).toBe('aaa');
    expect(subscriptionNamed(at('silent').at('scopes'), at('silent'), graph)).toBe('bbb');
  });
});

describe('a scope', () => {
  it('reaches from a management group into every subscription', () => {
    for (const subscription of ['aaa', 'bbb'])
      expect(reachesInto(subscription, at('assigned').at('scope'), at('assigned'), graph)).toBe(true);
  });

  it('that nobody knows yet may reach everywhere', () => {
    expect(reachesInto('aaa', at('unknown').at('scope'), at('unknown'), graph)).toBe(true);
    expect(subscriptionOf(at('inOpen'), graph)).toBe('');
  });

  it('of an alert is any that it lists, or the subscription in which it stands', () => {
    expect(watches(at('alert'), 'aaa', graph)).toBe(true);
    expect(watches(at('alert'), 'ccc', graph)).toBe(false);
    expect(watches(at('silent'), 'bbb', graph)).toBe(true);
    expect(watches(at('silent'), 'aaa', graph)).toBe(false);
  });
});
