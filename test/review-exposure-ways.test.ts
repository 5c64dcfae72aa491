import { describe, expect, it } from 'vitest';
import { evaluate } from '../policies';
import { graphOfTemplates } from '../policies/gather/cloudformation';
import type { Graph } from '../policies/graph';
import type { Node } from '../policies/node';
import { exposure } from '../review/diff/exposure';
import { covers } from '../review/diff/exposure/filters-names';
import { pair } from '../review/diff/pairing';
import type { Side } from '../review/diff/side';
import { azureGraphOf } from './support/examples';

const nothing = evaluate(azureGraphOf({}), { rules: [] });
const side = (which: Side['which'], graph: Graph): Side => ({
  which,
  targets: [{ path: 't', graph, evaluation: nothing, strictest: nothing, waivers: [] }],
});
/** What exposure says by itself. */
function said(before: Graph, after: Graph): readonly string[] {
  const [old, now] = [side('before', before), side('after', after)];
  return exposure(old, now, pair(old, now), { today: new Date('2026-11-22T00:00:00Z') }).map(
    ({ direction, sentence }) => `${direction}: ${sentence}`,
  );
}
type Resources = Readonly<Record<string, object>>;
const aws = (Resources: Resources): Graph =>
  graphOfTemplates([{ id: 't', template: { Resources } as unknown as Record<string, Node> }]).graph;
const ref = (Ref: string) => ({ Ref });
const att = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] });
const is = (Type: string, Properties: object = {}) => ({ Type, Properties });

describe('a pattern of names', () => {
  it.each([
    ['*', 'api.example.com', true],
    ['*.example.com', 'api.example.com', true],
    ['*.example.com', 'deep.api.example.com.', true],
    ['*.example.com', 'example.com', false],
    ['.example.com', 'example.com', true],
    ['.com', '.example.com', true],
    ['API.example.com', 'api.example.com', true],
    ['api.example.com', '*.example.com', false],
    ['example.com', 'notexample.com', false],
    ['.example.com', 'notexample.com', false],
  ])('%s stands for %s: %s', (pattern, name, expected) => {
    expect(covers(pattern, name)).toBe(expected);
  });
});

describe('rules of a firewall of AWS', () => {
  const group = (source: object, RuleOrder = 'DEFAULT_ACTION_ORDER') =>
    aws({
      Group: is('AWS::NetworkFirewall::RuleGroup', {
        Type: 'STATEFUL',
        Capacity: 10,
        RuleGroupName: 'g',
        RuleGroup: { RulesSource: source, StatefulRuleOptions: { RuleOrder } },
      }),
    });
  const text = (...lines: readonly string[]) => group({ RulesString: lines.join('\n') });

  it('as Suricata writes them are the same whatever their numbers and messages', () => {
    expect(
      said(
        text('pass tls any any -> any 443 (msg:"one"; sid:1; rev:1;)'),
        text('# x', 'pass tls any any -> any 443 (msg:"other"; sid:9; rev:2;)'),
      ),
    ).toEqual([]);
  });

  it('that pass more, or refuse less, are told', () => {
    const pass = 'pass tls any any -> any 443 (sid:1;)';
    expect(said(text(pass), text(pass, 'pass ssh any any -> any 22 (sid:2;)'))).toEqual([
      'weaker: the rule group Group now lets through ssh any any -> any 22 ()',
    ]);
    expect(said(text('drop ssh any any -> any 22 (sid:2;)'), text('drop ftp any any -> any 21 (sid:2;)'))).toEqual([
      'weaker: the rule group Group now lets through ssh any any -> any 22 ()',
      'stronger: the rule group Group no longer lets through ftp any any -> any 21 ()',
    ]);
  });

  it('that name packets count by what they name', () => {
    const rule = (Action: string, Destination: string, sid: string) => ({
      Action,
      Header: { Protocol: 'TCP', Source: '10.0.0.0/16', SourcePort: 'ANY', Direction: 'FORWARD', Destination, DestinationPort: '443' },
      RuleOptions: [{ Keyword: 'sid', Settings: [sid] }],
    });
    const one = rule('PASS', '198.51.100.0/24', '1');
    expect(said(group({ StatefulRules: [one] }), group({ StatefulRules: [rule('PASS', '198.51.100.0/24', '7')] }))).toEqual([]);
    expect(said(group({ StatefulRules: [one] }), group({ StatefulRules: [one, rule('PASS', 'ANY', '2')] }))).toEqual([
      'weaker: the rule group Group now lets through TCP ANY 443 from 10.0.0.0/16',
    ]);
  });
});

describe('a firewall before the internet gateway', () => {
  const base = {
    Vpc: is('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
    Gateway: is('AWS::EC2::InternetGateway'),
    Attached: is('AWS::EC2::VPCGatewayAttachment', { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') }),
    Public: is('AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24' }),
    Inspection: is('AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.9.0/24' }),
    Firewall: is('AWS::NetworkFirewall::Firewall', {
      FirewallName: 'f',
      FirewallPolicyArn: 'p',
      VpcId: ref('Vpc'),
      SubnetMappings: [{ SubnetId: ref('Inspection') }],
    }),
    Table: is('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
    InPublic: is('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('Public'), RouteTableId: ref('Table') }),
    Out: is('AWS::EC2::Route', {
      RouteTableId: ref('Table'),
      DestinationCidrBlock: '0.0.0.0/0',
      VpcEndpointId: { 'Fn::Select': [0, att('Firewall', 'EndpointIds')] },
    }),
    EdgeTable: is('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
    Edge: is('AWS::EC2::GatewayRouteTableAssociation', { GatewayId: ref('Gateway'), RouteTableId: ref('EdgeTable') }),
    EdgeRoute: is('AWS::EC2::Route', {
      RouteTableId: ref('EdgeTable'),
      DestinationCidrBlock: '10.0.0.0/24',
      VpcEndpointId: { 'Fn::Select': [0, att('Firewall', 'EndpointIds')] },
    }),
    Group: is('AWS::EC2::SecurityGroup', {
      GroupDescription: 'x',
      VpcId: ref('Vpc'),
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }],
      SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16' }],
    }),
    Host: is('AWS::EC2::Instance', {
      NetworkInterfaces: [
        { DeviceIndex: '0', AssociatePublicIpAddress: true, SubnetId: ref('Public'), GroupSet: [att('Group', 'GroupId')] },
      ],
    }),
  };
  const past = {
    ...base,
    Out: is('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Gateway') }),
  };

  it('is a hop of every path, and missed where a route goes past it', () => {
    expect(said(aws(base), aws(past))).toEqual([
      'weaker: the internet reaches the instance Host past the firewall Firewall now',
      'weaker: the subnet Public leads to the internet now, by the route Out',
    ]);
    expect(said(aws(past), aws(base))[0]).toBe('stronger: the internet reaches the instance Host only through the firewall Firewall now');
  });

  it('reaches nothing where the gateway sends nothing to it', () => {
    const { Edge: _edge, ...unsent } = base;
    expect(said(aws(unsent), aws(base)).filter((line) => line.startsWith('weaker'))).toEqual([
      'weaker: the internet now reaches the instance Host on tcp 443, and nothing on the way asks who calls',
    ]);
  });

  it('and a network that refuses the internet whole refuses it there too', () => {
    const refusing = { ...base, Refused: is('AWS::EC2::VPCBlockPublicAccessOptions', { InternetGatewayBlockMode: 'block-bidirectional' }) };
    expect(said(aws(refusing), aws(base)).filter((line) => line.startsWith('weaker'))).toHaveLength(1);
    expect(said(aws(base), aws(refusing)).filter((line) => line.startsWith('weaker'))).toEqual([]);
  });
});

describe('a transit gateway', () => {
  const base = (hub: object = {}) => ({
    Vpc: is('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
    Data: is('AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24' }),
    Table: is('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
    InData: is('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('Data'), RouteTableId: ref('Table') }),
    Hub: is('AWS::EC2::TransitGateway', hub),
    Own: is('AWS::EC2::TransitGatewayVpcAttachment', { TransitGatewayId: ref('Hub'), VpcId: ref('Vpc'), SubnetIds: [ref('Data')] }),
    Way: is('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '192.168.0.0/16', TransitGatewayId: ref('Hub') }),
    Group: is('AWS::EC2::SecurityGroup', {
      GroupDescription: 'x',
      VpcId: ref('Vpc'),
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443, CidrIp: '192.168.0.0/16' }],
      SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16' }],
    }),
    Host: is('AWS::EC2::Instance', { SubnetId: ref('Data'), SecurityGroupIds: [att('Group', 'GroupId')] }),
  });
  const tunnel = { Tunnel: is('AWS::EC2::VPNConnection', { Type: 'ipsec.1', CustomerGatewayId: 'cgw-1', TransitGatewayId: ref('Hub') }) };
  const TOLD =
    'weaker: the network behind the VPN connection Tunnel now reaches the instance Host on tcp 8443, and nothing on the way asks who calls';

  it('with only networks of ours lets nobody else in', () => {
    const { Way: _way, ...apart } = base();
    expect(said(aws(apart), aws(base()))).toEqual([]);
  });

  it('tells every attachment every way, unless that is turned off', () => {
    expect(said(aws(base()), aws({ ...base(), ...tunnel }))).toEqual([TOLD]);
    const apart = base({ DefaultRouteTableAssociation: 'disable', DefaultRouteTablePropagation: 'disable' });
    expect(said(aws(apart), aws({ ...apart, ...tunnel }))).toEqual([]);
  });

  it('sends what a route drops nowhere', () => {
    const routed = (Blackhole: boolean) => ({
      ...base({ DefaultRouteTableAssociation: 'disable', DefaultRouteTablePropagation: 'disable' }),
      ...tunnel,
      Routes: is('AWS::EC2::TransitGatewayRouteTable', { TransitGatewayId: ref('Hub') }),
      Uses: is('AWS::EC2::TransitGatewayRouteTableAssociation', {
        TransitGatewayRouteTableId: ref('Routes'),
        TransitGatewayAttachmentId: ref('Tunnel'),
      }),
      Back: is('AWS::EC2::TransitGatewayRoute', {
        TransitGatewayRouteTableId: ref('Routes'),
        DestinationCidrBlock: '10.0.0.0/16',
        TransitGatewayAttachmentId: ref('Own'),
        Blackhole,
      }),
    });
    expect(said(aws(routed(true)), aws(routed(false)))).toEqual([TOLD]);
  });
});

describe('on Azure', () => {
  const azure = (type: string, properties: object = {}) => ({ type: `azure-native:${type}`, properties });
  const id = ($ref: string) => ({ id: { $ref } });
  const world = (routes: readonly object[], rules: readonly object[] = []) =>
    azureGraphOf({
      net: azure('network:VirtualNetwork', { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } }),
      table: azure('network:RouteTable', { routes }),
      group: azure('network:NetworkSecurityGroup', { securityRules: rules }),
      app: azure('network:Subnet', {
        virtualNetworkName: { $ref: 'net.name' },
        addressPrefix: '10.0.1.0/24',
        routeTable: id('table'),
        networkSecurityGroup: id('group'),
      }),
      card: azure('network:NetworkInterface', { ipConfigurations: [{ name: 'one', subnet: id('app') }] }),
      machine: azure('compute:VirtualMachine', { networkProfile: { networkInterfaces: [id('card')] } }),
      blobs: azure('storage:StorageAccount', { publicNetworkAccess: 'Disabled' }),
      endpoint: azure('network:PrivateEndpoint', {
        subnet: id('app'),
        privateLinkServiceConnections: [{ name: 'b', privateLinkServiceId: { $ref: 'blobs' } }],
      }),
    });
  const route = (addressPrefix: string, nextHopType: string) => ({
    name: addressPrefix,
    addressPrefix,
    nextHopType,
    nextHopIpAddress: '10.0.9.4',
  });
  const whole = route('0.0.0.0/0', 'VirtualAppliance');
  const deny = (destinationPortRange: string, destinationAddressPrefix = 'Internet') => ({
    name: `d${destinationPortRange}`,
    priority: 4000,
    access: 'Deny',
    direction: 'Outbound',
    protocol: '*',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix,
    destinationPortRange,
  });

  it('the narrower route decides where something leaves', () => {
    expect(said(world([whole]), world([whole, route('198.51.100.0/24', 'Internet')]))).toEqual([
      'weaker: the virtual machine machine can now send to 198.51.100.0/24 on the internet (all traffic), through the default outbound access of the subnet, past the appliance 10.0.9.4',
    ]);
    expect(said(world([whole]), world([whole, route('198.51.100.0/24', 'None')])).filter((line) => line.startsWith('weaker'))).toEqual([]);
    expect(said(world([whole]), world([route('128.0.0.0/1', 'VirtualAppliance'), route('0.0.0.0/1', 'VirtualAppliance')]))).toEqual([]);
  });

  it('the last rule of a group lets out what no rule before it denies', () => {
    expect(said(world([], [deny('*')]), world([], [deny('25')]))).toEqual([
      'weaker: the virtual machine machine can now send to the internet (tcp 0-24, 26-65535, udp 0-24, 26-65535, ICMP, other protocols), through the default outbound access of the subnet',
    ]);
    expect(said(world([], [deny('*')]), world([], [deny('*', '0.0.0.0/0')])).filter((line) => line.startsWith('weaker'))).toEqual([]);
  });

  it('restrictions of an app count in the order of their priorities', () => {
    const site = (rules: readonly object[], more: object = {}) =>
      azureGraphOf({
        site: azure('web:WebApp', {
          publicNetworkAccess: 'Enabled',
          siteConfig: { ipSecurityRestrictions: rules, scmIpSecurityRestrictionsUseMain: true, ...more },
        }),
      });
    const allow = { name: 'a', action: 'Allow', priority: 200, ipAddress: '203.0.113.0/24' };
    const refuse = (priority: number) => ({ name: 'd', action: 'Deny', priority, ipAddress: '203.0.113.128/25' });
    const [line] = said(site([allow, refuse(100)]), site([allow, refuse(300)]));
    expect(line).toBe('weaker: the web app site now takes tcp 443 from 203.0.113.0/24; before, tcp 443 from 203.0.113.0/25');
    expect(said(site([allow]), site([allow, refuse(300)]))).toEqual([]);
    // Where some are listed, the rest is refused; somebody can say otherwise.
    expect(said(site([allow]), site([allow], { ipSecurityRestrictionsDefaultAction: 'Allow' }))[0]).toContain('from anyone');
  });
});
