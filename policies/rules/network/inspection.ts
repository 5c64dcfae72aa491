/** Firewalls between zones: they look into the traffic, block what they recognise, and cannot be taken away unnoticed. */
import type { Graph } from '../../graph';
import { allOf, every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const FIREWALL_POLICY = 'azure-native:network:FirewallPolicy';

/** Everything reaches the stateful engine, and the engine has rules that may drop. */
function inspects(policy: Resource): Outcome {
  const body = policy.at('FirewallPolicy');
  const references = body.at('StatefulRuleGroupReferences');
  return allOf(
    ...['StatelessDefaultActions', 'StatelessFragmentDefaultActions'].map((key) =>
      every(body.at(key).items(), (action) => action.isNoneOf(['aws:pass'])),
    ),
    references.isSet().verdict === 'fail' ? fail(`${references.path} is empty: the stateful engine has no rules`, references.path) : pass(),
    every(references.items(), (one) => one.at('Override.Action').isNoneOf(['DROP_TO_ALERT'])),
  );
}

/** A policy takes what it does not say itself from its base. */
function inherited(policy: Resource, graph: Graph, path: string): Value {
  const own = policy.at(path);
  if (own.state !== 'absent') return own;
  const base = graph.target(policy.at('basePolicy.id'), FIREWALL_POLICY);
  return base ? base.at(path) : own;
}

const firewallPolicy = (properties: object) => ({ policy: { type: FIREWALL_POLICY, properties } });
const stateful = (changes: object = {}) => ({
  Policy: {
    Type: 'AWS::NetworkFirewall::FirewallPolicy',
    Properties: {
      FirewallPolicy: {
        StatelessDefaultActions: ['aws:forward_to_sfe'],
        StatelessFragmentDefaultActions: ['aws:forward_to_sfe'],
        StatefulRuleGroupReferences: [
          { ResourceArn: 'arn:aws:network-firewall:eu-west-1:aws-managed:stateful-rulegroup/ThreatSignaturesExploitsStrictOrder' },
        ],
        ...changes,
      },
    },
  },
});

export const inspection = {
  'DID-09': {
    aws: [
      rule({
        on: 'AWS::NetworkFirewall::FirewallPolicy',
        check: inspects,
        fix: 'Forward to the stateful engine by default (aws:forward_to_sfe) and reference rule groups with intrusion signatures, without the override DROP_TO_ALERT.',
        pass: [{ resources: stateful() }],
        fail: [
          { resources: stateful({ StatelessDefaultActions: ['aws:pass'] }) },
          { resources: stateful({ StatefulRuleGroupReferences: [] }) },
          {
            resources: stateful({
              StatefulRuleGroupReferences: [
                { ResourceArn: 'arn:aws:network-firewall:eu-west-1:aws-managed:x', Override: { Action: 'DROP_TO_ALERT' } },
              ],
            }),
          },
        ],
      }),
      rule({
        on: 'AWS::NetworkFirewall::Firewall',
        severity: 'low',
        check: (firewall) =>
          allOf(
            ...['DeleteProtection', 'FirewallPolicyChangeProtection', 'SubnetChangeProtection'].map((key) =>
              firewall.at(key).orDefault(false).isTrue(),
            ),
          ),
        fix: 'Set DeleteProtection, FirewallPolicyChangeProtection and SubnetChangeProtection to true.',
        pass: [
          {
            resources: {
              Firewall: {
                Type: 'AWS::NetworkFirewall::Firewall',
                Properties: { DeleteProtection: true, FirewallPolicyChangeProtection: true, SubnetChangeProtection: true },
              },
            },
          },
        ],
        fail: [
          {
            resources: {
              Firewall: {
                Type: 'AWS::NetworkFirewall::Firewall',
                Properties: { DeleteProtection: false, FirewallPolicyChangeProtection: true, SubnetChangeProtection: true },
              },
            },
          },
        ],
      }),
    ],
    azure: [
      rule({
        on: FIREWALL_POLICY,
        check: (policy, graph) =>
          allOf(inherited(policy, graph, 'intrusionDetection.mode').is('Deny'), inherited(policy, graph, 'threatIntelMode').is('Deny')),
        fix: 'Use the Premium tier with intrusionDetection.mode Deny and threatIntelMode Deny: Alert only watches.',
        pass: [{ resources: firewallPolicy({ intrusionDetection: { mode: 'Deny' }, threatIntelMode: 'Deny' }) }],
        fail: [
          { resources: firewallPolicy({ intrusionDetection: { mode: 'Alert' }, threatIntelMode: 'Deny' }) },
          { resources: firewallPolicy({ intrusionDetection: { mode: 'Deny' } }) },
        ],
      }),
      rule({
        on: 'azure-native:network:AzureFirewall',
        check: (firewall) =>
          firewall.at('firewallPolicy.id').isSet().verdict === 'fail'
            ? firewall.at('threatIntelMode').is('Deny')
            : notApplicable('is judged by its policy'),
        fix: 'Attach a Premium firewall policy that denies, or at least set threatIntelMode to Deny.',
        pass: [{ resources: { firewall: { type: 'azure-native:network:AzureFirewall', properties: { threatIntelMode: 'Deny' } } } }],
        fail: [{ resources: { firewall: { type: 'azure-native:network:AzureFirewall', properties: { threatIntelMode: 'Alert' } } } }],
      }),
    ],
  },
} as const satisfies Readonly<Record<string, PerCloud>>;
