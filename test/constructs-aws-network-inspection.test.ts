import { Match, Template } from 'aws-cdk-lib/assertions';
import type { CfnFirewall, CfnFirewallPolicy } from 'aws-cdk-lib/aws-networkfirewall';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { type InspectedEgress, SecureVpc } from '../constructs/aws';
import { stackOf } from './support/aws-constructs';
import { brokenRules } from './support/broken';
import { relaxationOf } from './support/relaxation';

const SITES: InspectedEgress = { allowedDomains: ['.example.com', 'api.example.org'] };

const make = (inspectedEgress: InspectedEgress = SITES) => {
  const stack = stackOf('high');
  return { stack, vpc: new SecureVpc(stack, 'Network', { inspectedEgress, maxAzs: 2 }) };
};

describe('a network with inspected egress', () => {
  let made: ReturnType<typeof make>;
  let template: Template;
  beforeAll(() => {
    made = make();
    made.vpc.securityGroup('Service', { description: 'Calls partners', internet: true });
    template = Template.fromStack(made.stack);
  });

  it('breaks no rule, and needs no waiver', () => {
    expect(brokenRules(made.stack, 'network')).toEqual([]);
  });

  it('lets through the named sites on TLS and HTTP, drops the rest, and tells', () => {
    template.hasResourceProperties('AWS::NetworkFirewall::RuleGroup', {
      RuleGroup: {
        StatefulRuleOptions: { RuleOrder: 'STRICT_ORDER' },
        RulesSource: {
          RulesSourceList: { GeneratedRulesType: 'ALLOWLIST', Targets: SITES.allowedDomains, TargetTypes: ['TLS_SNI', 'HTTP_HOST'] },
        },
      },
    });
    template.hasResourceProperties('AWS::NetworkFirewall::FirewallPolicy', {
      FirewallPolicy: {
        StatelessDefaultActions: ['aws:forward_to_sfe'],
        StatelessFragmentDefaultActions: ['aws:forward_to_sfe'],
        StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER', StreamExceptionPolicy: 'DROP' },
        StatefulDefaultActions: ['aws:drop_established', 'aws:alert_established'],
        StatefulRuleGroupReferences: Match.arrayWith([{ Priority: 400, ResourceArn: { 'Fn::GetAtt': Match.anyValue() } }]),
      },
    });
  });

  it('cannot lose its firewall unnoticed', () => {
    template.hasResourceProperties('AWS::NetworkFirewall::Firewall', {
      DeleteProtection: true,
      FirewallPolicyChangeProtection: true,
      SubnetChangeProtection: true,
      SubnetMappings: [Match.anyValue(), Match.anyValue()],
    });
  });

  it('records what was refused and who spoke with whom', () => {
    template.hasResourceProperties('AWS::NetworkFirewall::LoggingConfiguration', {
      LoggingConfiguration: {
        LogDestinationConfigs: ['ALERT', 'FLOW'].map((LogType) =>
          Match.objectLike({ LogType, LogDestinationType: 'CloudWatchLogs', LogDestination: { logGroup: Match.anyValue() } }),
        ),
      },
    });
  });

  it('sends each workload subnet through one endpoint in both directions', () => {
    const routes = Object.values(template.findResources('AWS::EC2::Route')).map(({ Properties }) => Properties as Record<string, unknown>);
    const inspected = routes.filter(({ VpcEndpointId }) => VpcEndpointId !== undefined);
    const out = inspected.filter(({ DestinationCidrBlock }) => DestinationCidrBlock === '0.0.0.0/0');
    expect(out).toHaveLength(2);
    const workload = made.vpc.selectSubnets(SecureVpc.WORKLOAD).subnets;
    for (const [index, { ipv4CidrBlock }] of workload.entries()) {
      const back = inspected.filter(({ DestinationCidrBlock }) => DestinationCidrBlock === ipv4CidrBlock);
      expect(back).toHaveLength(2);
      for (const route of back) expect(route.VpcEndpointId).toEqual(out[index]?.VpcEndpointId);
    }
  });

  it('keeps stores without a way out', () => {
    const tables = made.vpc.selectSubnets(SecureVpc.DATA).subnets.map(({ routeTable }) => made.stack.resolve(routeTable.routeTableId));
    const routed = Object.values(template.findResources('AWS::EC2::Route')).map(({ Properties }) => Properties.RouteTableId);
    for (const table of tables) expect(routed).not.toContainEqual(table);
  });

  it('resolves the names of the sites', () => {
    template.hasResourceProperties('AWS::Route53Resolver::FirewallDomainList', {
      Domains: Match.arrayWith(['example.com', '*.example.com', 'api.example.org']),
    });
  });
});

describe('inspected egress', () => {
  it('names hosts and domains, at least one', () => {
    expect(() => make({ allowedDomains: [] })).toThrow(/Cases\/Network: inspectedEgress.allowedDomains is empty; name the sites/);
    for (const wrong of ['*', '*.example.com', 'https://example.com', 'com', '.'])
      expect(() => make({ allowedDomains: [wrong] })).toThrow(/allowedDomains names ".*"; write a host \(api.example.com\) or a domain/);
  });

  it('excludes egress past it', () => {
    const props = { egress: true, inspectedEgress: SITES, relax: [relaxationOf('EXP-05')] };
    expect(() => new SecureVpc(stackOf('high'), 'Network', props)).toThrow(
      /egress and inspectedEgress exclude each other; keep inspectedEgress/,
    );
  });

  it('records into an archive, and asks the rule groups that are named', () => {
    const stack = stackOf('low');
    const logs = Bucket.fromBucketName(stack, 'Archive', 'records');
    new SecureVpc(stack, 'Network', { inspectedEgress: { ...SITES, managedRuleGroups: ['AttackInfrastructureStrictOrder'] }, logs });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::NetworkFirewall::LoggingConfiguration', {
      LoggingConfiguration: {
        LogDestinationConfigs: Match.arrayWith([{ LogType: 'FLOW', LogDestinationType: 'S3', LogDestination: { bucketName: 'records' } }]),
      },
    });
    const policies = JSON.stringify(template.findResources('AWS::NetworkFirewall::FirewallPolicy'));
    expect(policies.match(/stateful-rulegroup\/\w+/g)).toEqual(['stateful-rulegroup/AttackInfrastructureStrictOrder']);
  });

  it.each([
    ['DID-09', (vpc: SecureVpc) => policyOf(vpc).addPropertyOverride('FirewallPolicy.StatelessDefaultActions', ['aws:pass'])],
    ['DID-09', (vpc: SecureVpc) => firewallOf(vpc).addPropertyOverride('DeleteProtection', false)],
    ['EXP-05', (vpc: SecureVpc) => policyOf(vpc).addPropertyOverride('FirewallPolicy.StatefulDefaultActions', ['aws:alert_established'])],
    ['LOG-13', (vpc: SecureVpc) => vpc.node.tryRemoveChild('FirewallRecording')],
    ['BCR-06', (vpc: SecureVpc) => firewallOf(vpc).addPropertyOverride('SubnetMappings', [{ SubnetId: 'subnet-1' }])],
  ])('is named by %s.network when weakened', (control, weaken) => {
    const { stack, vpc } = make();
    weaken(vpc);
    expect(brokenRules(stack, 'network')).toEqual([`${control}.network`]);
  });
});

const policyOf = (vpc: SecureVpc) => vpc.node.findChild('FirewallPolicy') as CfnFirewallPolicy;
const firewallOf = (vpc: SecureVpc) => vpc.firewall as CfnFirewall;
