import { Match, Template } from 'aws-cdk-lib/assertions';
import type { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { describe, expect, it } from 'vitest';
import { SecureWebAcl, type SecureWebAclProps } from '../constructs/aws';
import { TIERS, type Tier } from '../controls';
import { stackOf } from './support/aws-constructs';
import { brokenRules } from './support/broken';
import { relaxationOf } from './support/relaxation';

describe('a web firewall', () => {
  const make = (props: SecureWebAclProps = {}, tier: Tier = 'high') => {
    const stack = stackOf(tier);
    return { stack, acl: new SecureWebAcl(stack, 'Firewall', props) };
  };
  const resource = (acl: SecureWebAcl) => acl.node.findChild('Resource') as CfnWebACL;

  it.each(TIERS)('blocks known attacks and those who ask too often, at tier %s', (tier) => {
    Template.fromStack(make({}, tier).stack).hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'REGIONAL',
      Rules: [
        Match.objectLike({
          Name: 'request-limit',
          Priority: 0,
          Action: { Block: {} },
          Statement: { RateBasedStatement: { Limit: 2000, AggregateKeyType: 'IP', EvaluationWindowSec: 300 } },
        }),
        ...['AmazonIpReputationList', 'KnownBadInputsRuleSet', 'CommonRuleSet', 'SQLiRuleSet'].map((name, index) =>
          Match.objectLike({ Name: `AWSManagedRules${name}`, Priority: index + 1, OverrideAction: { None: {} } }),
        ),
      ],
    });
  });

  it('records every request without credentials, into a group of the name that the service asks for', () => {
    const template = Template.fromStack(make().stack);
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: [{ SingleHeader: { Name: 'authorization' } }, { SingleHeader: { Name: 'cookie' } }],
      LoggingFilter: Match.absent(),
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: Match.stringLikeRegexp('^aws-waf-logs-'), RetentionInDays: 731 });
    expect(JSON.stringify(template.findResources('AWS::Logs::ResourcePolicy'))).toContain('delivery.logs.amazonaws.com');
  });

  it('takes requests from named countries only, where asked to, and further groups of rules', () => {
    const { stack } = make({ countries: ['DE', 'FR'], managedRuleGroups: ['AWSManagedRulesLinuxRuleSet'], requestLimit: 100 });
    const [acl] = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL'));
    const rules = acl?.Properties.Rules as { Name: string; Statement: object }[];
    expect(rules[0]?.Statement).toEqual({ NotStatement: { Statement: { GeoMatchStatement: { CountryCodes: ['DE', 'FR'] } } } });
    expect(rules.map(({ Name }) => Name).at(-1)).toBe('AWSManagedRulesLinuxRuleSet');
    expect(rules[1]?.Statement).toEqual({ RateBasedStatement: { Limit: 100, AggregateKeyType: 'IP', EvaluationWindowSec: 300 } });
  });

  it.each([0, 9, 10.5])('refuses a limit of %s', (requestLimit) => {
    expect(() => make({ requestLimit })).toThrow(/Cases\/Firewall: requestLimit is .*; write a whole number of at least 10/);
  });

  it('stands before distributions only in us-east-1', () => {
    expect(() => make({ scope: 'CLOUDFRONT' })).toThrow(
      /Cases\/Firewall: a web ACL for distributions is managed in us-east-1, and the stack is in eu-/,
    );
  });

  it('counts instead of blocking only with a waiver, which travels with it', () => {
    expect(() => make({ countOnly: ['SizeRestrictions_BODY'] })).toThrow(/countOnly names SizeRestrictions_BODY, which then block nothing/);
    const { stack } = make({ countOnly: ['SizeRestrictions_BODY'], relax: [relaxationOf('DID-07')] });
    Template.fromStack(stack).hasResource('AWS::WAFv2::WebACL', {
      Metadata: { Palisade: { waivers: [Match.objectLike({ rule: 'DID-07.edge' })] } },
    });
  });

  it.each([
    ['DID-07', (acl: SecureWebAcl) => resource(acl).addPropertyOverride('Rules', [])],
    [
      'DID-08',
      (acl: SecureWebAcl) =>
        resource(acl).addPropertyOverride('Rules.0.Action.Count.CustomRequestHandling.InsertHeaders', [{ Name: 'often', Value: 'yes' }]),
    ],
    ['LOG-13', (acl: SecureWebAcl) => acl.node.tryRemoveChild('Recording')],
    [
      'PRV-07',
      (acl: SecureWebAcl) => {
        (acl.node.findChild('Recording') as CfnLoggingConfiguration).redactedFields = [];
        resource(acl).dataProtectionConfig = undefined;
      },
    ],
  ])('is named by %s.edge when weakened', (control, weaken) => {
    const { stack, acl } = make();
    weaken(acl);
    expect(brokenRules(stack, 'edge')).toContain(`${control}.edge`);
  });
});
