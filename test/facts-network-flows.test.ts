import { describe, expect, it, vi } from 'vitest';
import { describePeers, exposureOf } from '../policies/facts/network';
import { aclFlow, NSG, natFlows, SECURITY_RULE, securityGroupFlows, securityRuleFlows } from '../policies/facts/network-flows';
import { Resource } from '../policies/resource';
import { awsGraphOf as aws, azureGraphOf as azure, named } from './support/examples';

const kinds = (flows: ReturnType<typeof securityGroupFlows>) => flows.map(({ peers }) => peers.map(({ kind }) => kind));
const group = (...rules: readonly object[]) => ({
  Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: rules } },
});
const rule = (more: object) => ({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, ...more });

describe('the rules of a security group', () => {
  it('read one rule that is not in a list', () => {
    const graph = aws({ Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: rule({ CidrIp: '0.0.0.0/0' }) } } });
    expect(kinds(securityGroupFlows(named(graph, 'Group'), graph, 'in'))).toEqual([['anyone']]);
  });

  it('know the range of the network, single addresses, and the group itself', () => {
    const graph = aws({
      ...group(
        rule({ CidrIp: { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] } }),
        rule({ CidrIp: { 'Fn::Join': ['/', [{ Ref: 'Address' }, '32']] } }),
        rule({ SourceSecurityGroupId: { 'Fn::GetAtt': ['Other', 'GroupId'] } }),
      ),
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Address: { Type: 'AWS::EC2::EIP', Properties: {} },
      Other: { Type: 'AWS::EC2::SecurityGroup', Properties: {} },
      Self: {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: rule({
          GroupId: { 'Fn::GetAtt': ['Group', 'GroupId'] },
          SourceSecurityGroupId: { 'Fn::GetAtt': ['Group', 'GroupId'] },
        }),
      },
    });
    expect(kinds(securityGroupFlows(named(graph, 'Group'), graph, 'in'))).toEqual([['network'], ['named'], ['named']]);
    expect(kinds(securityGroupFlows(named(graph, 'Self'), graph, 'in'))).toEqual([['self']]);
  });

  it('put together a range that was cut into pieces, and only for the same ports', () => {
    const pieces = Array.from({ length: 300 }, (_, index) => `${index >> 1}.${(index % 2) * 128}.0.0/9`);
    const graph = aws(group(...pieces.map((CidrIp) => rule({ CidrIp })), rule({ FromPort: 22, ToPort: 22, CidrIp: '198.51.0.0/16' })));
    const read = kinds(securityGroupFlows(named(graph, 'Group'), graph, 'in'));
    expect(read[2]).toEqual(['anyone']);
    expect(read[20]).toEqual(['block']); // 10.0.0.0/9 is private: no piece of the internet
    expect(read[300]).toEqual(['block']);
  });

  it('leave a network a network beside a rule that lets in everyone', () => {
    const graph = aws(group(rule({ CidrIp: '0.0.0.0/0' }), rule({ CidrIp: '203.0.113.0/24' })));
    expect(kinds(securityGroupFlows(named(graph, 'Group'), graph, 'in'))).toEqual([['anyone'], ['block']]);
  });

  it('leave open what a parameter decides, and say which', () => {
    const graph = aws(group(rule({ CidrIp: { Ref: 'Range' }, ToPort: { Ref: 'Port' } })), {
      Range: { Type: 'String' },
      Port: { Type: 'Number' },
    });
    const [flow] = securityGroupFlows(named(graph, 'Group'), graph, 'in');
    expect(flow && describePeers(flow.peers, ['undecided'])).toContain('parameter Range');
    expect(flow?.traffic.missing).toContain('parameter Port');
  });

  it('look into prefix lists of the same input, and take others for closed sets', () => {
    const graph = aws({
      ...group(rule({ SourcePrefixListId: { Ref: 'List' } }), rule({ SourcePrefixListId: 'pl-63a5400a' })),
      List: { Type: 'AWS::EC2::PrefixList', Properties: { Entries: [{ Cidr: '10.1.0.0/24' }, { Cidr: '0.0.0.0/0' }] } },
    });
    expect(kinds(securityGroupFlows(named(graph, 'Group'), graph, 'in'))).toEqual([['block', 'anyone'], ['named']]);
  });
});

describe('an entry of a network ACL', () => {
  const entry = (RuleNumber: number, more: object) => ({
    Type: 'AWS::EC2::NetworkAclEntry',
    Properties: { NetworkAclId: { Ref: 'Acl' }, RuleNumber, RuleAction: 'allow', Protocol: 6, CidrBlock: '0.0.0.0/0', ...more },
  });
  const Acl = { Type: 'AWS::EC2::NetworkAcl', Properties: {} };

  it('lets in only what no entry before it denies', () => {
    const graph = aws({
      Acl,
      Deny: entry(10, { RuleAction: 'deny', PortRange: { From: 22, To: 22 } }),
      Allow: entry(20, { PortRange: { From: 0, To: 1000 } }),
    });
    expect(aclFlow(named(graph, 'Allow'), graph, 'in')?.traffic.ranges).toEqual([
      [0, 21],
      [23, 1000],
    ]);
  });

  it('is not narrowed by a denial that comes later, or speaks of others', () => {
    const graph = aws({
      Acl,
      Allow: entry(20, { PortRange: { From: 22, To: 22 } }),
      Later: entry(30, { RuleAction: 'deny', Protocol: -1 }),
      Other: entry(10, { RuleAction: 'deny', Protocol: -1, CidrBlock: '203.0.113.0/24' }),
    });
    expect(aclFlow(named(graph, 'Allow'), graph, 'in')?.traffic.ranges).toEqual([[22, 22]]);
  });

  it('is nothing in the other direction', () => {
    const graph = aws({ Acl, Out: entry(10, { Egress: 'true', Protocol: '-1' }) });
    expect(aclFlow(named(graph, 'Out'), graph, 'in')).toBeUndefined();
    expect(aclFlow(named(graph, 'Out'), graph, 'out')?.traffic.protocol).toBe('any');
  });
});

describe('the rules of a network security group', () => {
  const inbound = { direction: 'Inbound', access: 'Allow', protocol: 'Tcp', destinationAddressPrefix: '*' };
  const nsg = (...securityRules: readonly object[]) => ({ type: NSG, properties: { securityRules } });

  it('read ports and addresses as one value, a list, a number or text with commas', () => {
    const graph = azure({
      nsg: nsg({ ...inbound, priority: 1, sourceAddressPrefix: '10.0.0.0/8,Internet', destinationPortRanges: [22, '80-90'] }),
    });
    const [flow] = securityRuleFlows(named(graph, 'nsg'), graph, 'in');
    expect(flow?.peers.map(({ kind }) => kind)).toEqual(['block', 'anyone']);
    expect(flow?.traffic.ranges).toEqual([
      [22, 22],
      [80, 90],
    ]);
  });

  it('take out what a rule of higher priority denies, also when it is a resource of its own', () => {
    const graph = azure({
      nsg: { ...nsg({ ...inbound, priority: 300, sourceAddressPrefix: '*', destinationPortRange: '20-30' }), name: 'front' },
      deny: {
        type: SECURITY_RULE,
        properties: {
          ...inbound,
          access: 'Deny',
          protocol: '*',
          priority: 200,
          sourceAddressPrefix: 'Internet',
          destinationPortRange: '22',
          networkSecurityGroupName: 'front',
        },
      },
    });
    const [flow] = securityRuleFlows(named(graph, 'nsg'), graph, 'in');
    expect(flow?.traffic.ranges).toEqual([
      [20, 21],
      [23, 30],
    ]);
  });

  it('read what the group denies once, however many rules are resources of their own', () => {
    const rule = (more: object) => ({
      type: SECURITY_RULE,
      properties: { ...inbound, networkSecurityGroupName: 'front', sourceAddressPrefix: '*', ...more },
    });
    const allowed = [1, 2, 3, 4].map((index) => [`allow${index}`, rule({ priority: 200 + index, destinationPortRange: '22-23' })]);
    const graph = azure({
      nsg: { ...nsg(), name: 'front' },
      ...Object.fromEntries(allowed),
      deny: rule({ access: 'Deny', priority: 100, destinationPortRange: '22' }),
    });
    const joins = vi.spyOn(graph, 'pointingAt');
    for (const resource of graph.ofType(SECURITY_RULE).slice(0, 4)) {
      expect(securityRuleFlows(resource, graph, 'in')[0]?.traffic.ranges).toEqual([[23, 23]]);
      Resource.forgetReads();
    }
    expect(joins).toHaveBeenCalledTimes(1);
  });

  it('are not narrowed by a denial for another destination', () => {
    const graph = azure({
      nsg: nsg(
        { ...inbound, priority: 300, sourceAddressPrefix: '*', destinationPortRange: '22' },
        {
          ...inbound,
          access: 'Deny',
          priority: 200,
          sourceAddressPrefix: '*',
          destinationPortRange: '22',
          destinationAddressPrefix: '10.0.0.4',
        },
      ),
    });
    const [flow] = securityRuleFlows(named(graph, 'nsg'), graph, 'in');
    expect(flow && exposureOf(flow.traffic)).toBe('administration');
    expect(flow?.peers).toHaveLength(1);
  });

  it('doubt a rule whose direction deployment decides', () => {
    const graph = azure({
      nsg: nsg({ ...inbound, direction: { $unknown: 'parameter way' }, priority: 1, sourceAddressPrefix: '*', destinationPortRange: '22' }),
    });
    expect(securityRuleFlows(named(graph, 'nsg'), graph, 'in')[0]?.doubt).toContain('parameter way');
  });
});

describe('destination translation', () => {
  it('counts the port of the host behind, not the one outside', () => {
    const graph = azure({
      firewall: {
        type: 'azure-native:network:AzureFirewall',
        properties: {
          natRuleCollections: [
            { rules: [{ protocols: ['TCP'], sourceAddresses: ['*'], destinationPorts: ['50000'], translatedPort: '22' }] },
          ],
        },
      },
    });
    expect(natFlows(named(graph, 'firewall')).map(({ traffic }) => exposureOf(traffic))).toEqual(['administration']);
  });
});
