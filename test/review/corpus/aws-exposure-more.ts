/** Pairs about what is reached on AWS: for every way in and out what opens it, and what only looks as if it did. */
import { arn, OTHER, OWN_ROOT, policy, ref } from './aws-base';
import { associated, EDGE, entry, group, route, SITE, tcp } from './aws-exposure-base';
import { ACCOUNT, awsWith, type Changes, GONE, type Harmless, harmless, weakenings } from './pair';

const ANYONE = { CidrIp: '0.0.0.0/0' };
const toGateway = { GatewayId: ref('Gateway') };
const separate = (GroupId: object, more: object) => ({ Type: 'AWS::EC2::SecurityGroupIngress', Properties: { GroupId, ...more } });
const network = (AllowFromPublic: boolean, ...names: readonly string[]) =>
  JSON.stringify([
    {
      Rules: [{ ResourceType: 'collection', Resource: names.map((name) => `collection/${name}`) }],
      AllowFromPublic,
      ...(AllowFromPublic ? {} : { SourceVPCEs: ['vpce-1'] }),
    },
  ]);
const allowed = 'Allowed.RuleGroup.RulesSource.RulesSourceList';

const IN_NETWORKS = weakenings(awsWith, SITE, {
  // Groups around stores in subnets without a route: layers, no paths.
  'a group of a database takes two halves of the internet': [
    'exposure: Cases',
    {
      'DataGroup.SecurityGroupIngress.1': tcp(5432, 5432, { CidrIp: '0.0.0.0/1' }),
      'DataGroup.SecurityGroupIngress.2': tcp(5432, 5432, { CidrIp: '128.0.0.0/1' }),
    },
  ],
  'a group of a database takes everyone over IPv6': [
    'exposure: Cases',
    { 'DataGroup.SecurityGroupIngress.1': tcp(5432, 5432, { CidrIpv6: '::/0' }) },
  ],
  'a group of a database takes everyone on ports around its own': [
    'exposure: Cases',
    { 'DataGroup.SecurityGroupIngress.1': tcp(5000, 6000, ANYONE) },
  ],
  'a group of a database takes every protocol from everyone': [
    'exposure: Cases',
    { 'DataGroup.SecurityGroupIngress.1': { IpProtocol: '-1', CidrIp: '0.0.0.0/0', Description: 'x' } },
  ],
  'the list that a group of a database takes has everyone in it': ['exposure: Cases', { 'Partners.Entries.1': { Cidr: '0.0.0.0/0' } }],
  'the list that a group of a database takes has another subnet in it': [
    'exposure: Cases|Partners',
    { 'Partners.Entries.1': { Cidr: '10.0.0.0/24' } },
  ],
  // Network ACLs
  'the rule that refuses comes after the one that allows': ['exposure: Cases', { 'AclRefused.RuleNumber': 110 }],
  'the rule that refuses is gone': ['exposure: Cases', { AclRefused: GONE }],
  'the rule that refuses speaks of TCP only': [
    'exposure: Cases|Warehouse|Acl',
    { 'AclRefused.Protocol': 6, 'AclRefused.PortRange': { From: 22, To: 22 } },
  ],
  // Routes
  'two halves of the internet are routed to the gateway': [
    'exposure: Cases',
    { One: route('DataTable', '0.0.0.0/1', toGateway), Two: route('DataTable', '128.0.0.0/1', toGateway) },
  ],
  'the internet is routed to the gateway over IPv6': [
    'exposure: Cases',
    {
      One: {
        Type: 'AWS::EC2::Route',
        Properties: { RouteTableId: ref('DataTable'), DestinationIpv6CidrBlock: '::/0', GatewayId: ref('Gateway') },
      },
    },
  ],
  'a list of everyone is routed to the gateway': [
    'exposure: Cases',
    {
      All: {
        Type: 'AWS::EC2::PrefixList',
        Properties: { PrefixListName: 'all', AddressFamily: 'IPv4', MaxEntries: 2, Entries: [{ Cidr: '0.0.0.0/0' }] },
      },
      One: {
        Type: 'AWS::EC2::Route',
        Properties: {
          RouteTableId: ref('DataTable'),
          DestinationPrefixListId: { 'Fn::GetAtt': ['All', 'PrefixListId'] },
          GatewayId: ref('Gateway'),
        },
      },
    },
  ],
  'the subnets of the data take the routes of the public ones': ['exposure: Cases', { InData: associated('Data', 'PublicTable') }],
  // The firewall
  'traffic of the application goes round the firewall': [
    'exposure: Worker|AppTable|AppOut',
    { 'AppOut.VpcEndpointId': GONE, 'AppOut.NatGatewayId': ref('Nat') },
  ],
  'a more specific route goes round the firewall': [
    'exposure: Worker|AppTable',
    { Round: route('AppTable', '198.51.100.0/24', { NatGatewayId: ref('Nat') }) },
  ],
  'the application sends to the internet by a gateway of its own': [
    'exposure: Worker|AppTable|AppOut',
    { 'AppOut.VpcEndpointId': GONE, 'AppOut.GatewayId': ref('Gateway') },
  ],
  'the firewall lets another name through': ['exposure: Allowed', { [`${allowed}.Targets.2`]: 'paste.example.net' }],
  'the firewall lets every name below a domain through': ['exposure: Allowed', { [`${allowed}.Targets.0`]: '.com' }],
  'the firewall refuses what is listed, and lets the rest through': [
    'exposure: Allowed',
    { [`${allowed}.GeneratedRulesType`]: 'DENYLIST' },
  ],
  'the firewall no longer refuses what no rule names': [
    'exposure|controls: FirewallPolicy',
    { 'FirewallPolicy.FirewallPolicy.StatefulDefaultActions': ['aws:alert_established'] },
  ],
  'the firewall passes what it does not look at': [
    'exposure|controls: FirewallPolicy',
    { 'FirewallPolicy.FirewallPolicy.StatelessDefaultActions': ['aws:pass'] },
  ],
  'the rules of the firewall are taken out': [
    'exposure|controls: FirewallPolicy',
    { 'FirewallPolicy.FirewallPolicy.StatefulRuleGroupReferences': [], 'FirewallPolicy.FirewallPolicy.StatefulDefaultActions': GONE },
  ],
  // Names
  'another name is answered': ['exposure: NameRules', { 'Names.Domains.2': 'paste.example.net' }],
  'every name is answered': ['exposure: NameRules', { 'Names.Domains.0': '*' }],
  'names that are not listed are only reported': [
    'exposure: NameRules',
    { 'NameRules.FirewallRules.1.Action': 'ALERT', 'NameRules.FirewallRules.1.BlockResponse': GONE },
  ],
  'the rule that blocks every other name is gone': ['exposure: NameRules', { 'NameRules.FirewallRules.1': GONE }],
  'the network no longer has a firewall of names': ['exposure: NamesOfVpc', { NamesOfVpc: GONE }],
  // Ways out
  'the application may send everywhere': ['exposure: Worker|AppGroup', { 'AppGroup.SecurityGroupEgress.0': tcp(443, 443, ANYONE) }],
  'the data may send everywhere, and is given a way': [
    'exposure: Cases|DataTable',
    {
      'DataGroup.SecurityGroupEgress.0': tcp(443, 443, ANYONE),
      AclWide: entry('Acl', 82, {
        Protocol: 6,
        Egress: true,
        RuleAction: 'allow',
        CidrBlock: '0.0.0.0/0',
        PortRange: { From: 443, To: 443 },
      }),
      DataOut: route('DataTable', '0.0.0.0/0', { NatGatewayId: ref('Nat') }),
    },
  ],
  'the data is given a way out, which no rule lets it take': [
    'exposure: Data',
    { DataOut: route('DataTable', '0.0.0.0/0', { NatGatewayId: ref('Nat') }) },
  ],
  'the data is given a way out over IPv6': [
    'exposure: Cases|DataTable',
    {
      'DataGroup.SecurityGroupEgress.0': { IpProtocol: '-1', CidrIpv6: '::/0', Description: 'x' },
      AclOut6: entry('Acl', 81, { Protocol: -1, Egress: true, RuleAction: 'allow', Ipv6CidrBlock: '::/0' }),
      EgressOnly: { Type: 'AWS::EC2::EgressOnlyInternetGateway', Properties: { VpcId: ref('Vpc') } },
      DataOut: {
        Type: 'AWS::EC2::Route',
        Properties: { RouteTableId: ref('DataTable'), DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: ref('EgressOnly') },
      },
    },
  ],
  'traffic to the store leaves the private endpoint': ['exposure|access: S3Endpoint', { S3Endpoint: GONE }],
  'a notebook has the internet by itself': ['exposure: Notebook', { 'Notebook.DirectInternetAccess': 'Enabled' }],
  'the applications of a studio have the internet by themselves': [
    'exposure: Studio',
    { 'Studio.AppNetworkAccessType': 'PublicInternetOnly' },
  ],
  // Hosts, containers, clusters
  'the host of the public subnet gets an elastic address': [
    'exposure: Host [internet]',
    { HostAddress: { Type: 'AWS::EC2::EIP', Properties: { Domain: 'vpc', InstanceId: ref('Host') } } },
  ],
  'the public subnet hands out addresses': ['exposure: Host [internet]', { 'Public.MapPublicIpOnLaunch': true }],
  'the service moves to the public subnet, with an address and an open group': [
    'exposure: Worker [internet]',
    {
      'Worker.NetworkConfiguration.AwsvpcConfiguration': {
        Subnets: [ref('Public')],
        SecurityGroups: [group('AppGroup')],
        AssignPublicIp: 'ENABLED',
      },
      'AppGroup.SecurityGroupIngress.2': tcp(8443, 8443, ANYONE),
    },
  ],
  'everyone reaches the interface of the cluster': [
    'exposure: Cluster [internet]',
    { 'Cluster.ResourcesVpcConfig.PublicAccessCidrs': ['0.0.0.0/0'] },
  ],
  'nobody says any more who reaches the interface of the cluster': [
    'exposure: Cluster [internet]',
    { 'Cluster.ResourcesVpcConfig.PublicAccessCidrs': GONE },
  ],
  'another network reaches the interface of the cluster': [
    'exposure: Cluster [internet]',
    { 'Cluster.ResourcesVpcConfig.PublicAccessCidrs.2': '192.0.2.0/24' },
  ],
  // Stores with a public switch
  'the warehouse gets a public address': ['exposure: Warehouse', { 'Warehouse.PubliclyAccessible': true }],
  'the brokers are public': [
    'exposure: Brokers',
    { 'Brokers.BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type': 'SERVICE_PROVIDED_EIPS' },
  ],
  'the brokers ask nobody': ['exposure|access: Brokers', { 'Brokers.ClientAuthentication.Unauthenticated.Enabled': true }],
  'the queues are public': ['exposure: Queues', { 'Queues.PubliclyAccessible': true }],
  'a database is reached whole': [
    'exposure: Cases [internet]',
    {
      'Cases.PubliclyAccessible': true,
      'DataGroup.SecurityGroupIngress.1': tcp(0, 65535, ANYONE),
      Default: route('DataTable', '0.0.0.0/0', toGateway),
      AclRefused: GONE,
    },
  ],
  // The entrance
  'a rule of the entrance passes without asking': [
    'exposure: Front',
    {
      Health: {
        Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
        Properties: {
          ListenerArn: ref('Listener'),
          Priority: 1,
          Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/export/*'] } }],
          Actions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }],
        },
      },
    },
  ],
  'the entrance no longer asks who calls': ['exposure: Front [internet]', { 'Listener.DefaultActions.0': GONE }],
  'the entrance lets callers pass who have not signed in': [
    'exposure: Front [internet]',
    { 'Listener.DefaultActions.0.AuthenticateCognitoConfig.OnUnauthenticatedRequest': 'allow' },
  ],
  'the entrance takes everyone': ['exposure: Front [internet]', { 'FrontGroup.SecurityGroupIngress.0': tcp(443, 443, ANYONE) }],
  'the entrance answers on another port': [
    'exposure: Front [internet]',
    {
      'FrontGroup.SecurityGroupIngress.1': tcp(9443, 9443, ANYONE),
      Second: {
        Type: 'AWS::ElasticLoadBalancingV2::Listener',
        Properties: {
          LoadBalancerArn: ref('Front'),
          Port: 9443,
          Protocol: 'HTTPS',
          DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }],
        },
      },
    },
  ],
  // Networks of others
  'a partner is told the way to our network': [
    'exposure: HubVpn|Worker [organisation]',
    {
      OuterKnowsVpc: {
        Type: 'AWS::EC2::TransitGatewayRouteTablePropagation',
        Properties: { TransitGatewayRouteTableId: ref('Outer'), TransitGatewayAttachmentId: ref('HubVpc') },
      },
    },
  ],
  'a partner gets a fixed route to our network': [
    'exposure: HubVpn|Worker [organisation]',
    {
      OuterKnowsVpc: {
        Type: 'AWS::EC2::TransitGatewayRoute',
        Properties: {
          TransitGatewayRouteTableId: ref('Outer'),
          DestinationCidrBlock: '10.0.0.0/16',
          TransitGatewayAttachmentId: ref('HubVpc'),
        },
      },
    },
  ],
  'a partner joins the inner routes': [
    'exposure: HubVpn|Worker [organisation]',
    {
      'OuterVpn.TransitGatewayRouteTableId': ref('Inner'),
    },
  ],
  'a peering connection with somebody else reaches the database': [
    'exposure: Cases [organisation]',
    {
      Support: { Type: 'AWS::EC2::VPCPeeringConnection', Properties: { VpcId: ref('Vpc'), PeerVpcId: 'vpc-9', PeerOwnerId: OTHER } },
      Way: route('DataTable', '10.0.1.128/25', { VpcPeeringConnectionId: ref('Support') }),
    },
  ],
  'a tunnel of somebody else ends in our network': [
    'exposure: Worker [organisation]',
    {
      Customer: { Type: 'AWS::EC2::CustomerGateway', Properties: { BgpAsn: 65000, IpAddress: '203.0.113.9', Type: 'ipsec.1' } },
      Tunnel: { Type: 'AWS::EC2::VPNGateway', Properties: { Type: 'ipsec.1' } },
      Joined: { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: { VpcId: ref('Vpc'), VpnGatewayId: ref('Tunnel') } },
      Connection: {
        Type: 'AWS::EC2::VPNConnection',
        Properties: { Type: 'ipsec.1', CustomerGatewayId: ref('Customer'), VpnGatewayId: ref('Tunnel'), StaticRoutesOnly: true },
      },
      Static: {
        Type: 'AWS::EC2::VPNConnectionRoute',
        Properties: { DestinationCidrBlock: '192.168.0.0/16', VpnConnectionId: ref('Connection') },
      },
      Way: route('AppTable', '192.168.0.0/16', { GatewayId: ref('Tunnel') }),
      'AppGroup.SecurityGroupIngress.2': tcp(8443, 8443, { CidrIp: '192.168.0.0/16' }),
    },
  ],
  'every user of the tunnel reaches the application': [
    'exposure|access: VpnRule|Vpn',
    { 'VpnRule.AccessGroupId': GONE, 'VpnRule.AuthorizeAllGroups': true },
  ],
  'users of the tunnel reach the whole network': ['exposure|access: VpnRule|Vpn', { 'VpnRule.TargetNetworkCidr': '10.0.0.0/16' }],
});

const AT_THE_EDGE = weakenings(awsWith, EDGE, {
  'a private interface answers the internet': ['exposure: Private [internet]', { 'Private.EndpointConfiguration.Types': ['REGIONAL'] }],
  'a method of a document asks nobody': ['exposure: Documented [internet]', { 'Documented.Body.paths./notes.get.security': [] }],
  'a method of a document forgets to ask': ['exposure: Documented [internet]', { 'Documented.Body.paths./notes.get': {} }],
  'an interface answers by its own name, past the one with certificates': ['exposure: Http', { 'Http.DisableExecuteApiEndpoint': false }],
  'callers of an interface need no certificate any more': ['exposure|access: HttpName', { 'HttpName.MutualTlsAuthentication': GONE }],
  'a private interface of GraphQL answers the internet': ['exposure: Graph [internet]', { 'Graph.Visibility': 'GLOBAL' }],
  'an interface of GraphQL takes keys besides': [
    'exposure: OpenGraph [internet]',
    { 'OpenGraph.AdditionalAuthenticationProviders': [{ AuthenticationType: 'API_KEY' }] },
  ],
  'a function URL is added that asks nobody': [
    'exposure: Other [internet]',
    {
      Other: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { S3Bucket: 'code', S3Key: 'x.zip' },
          Handler: 'x.y',
          Runtime: 'nodejs22.x',
          Role: `arn:aws:iam::${ACCOUNT}:role/app`,
        },
      },
      OtherUrl: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: arn('Other'), AuthType: 'NONE' } },
    },
  ],
  'a runner is public': ['exposure: Runner [internet]', { 'Runner.NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible': true }],
  'nobody says any more that a runner is private': ['exposure: Runner [internet]', { 'Runner.NetworkConfiguration': GONE }],
  'a server of files is public': ['exposure: Transfer [internet]', { 'Transfer.EndpointType': 'PUBLIC', 'Transfer.EndpointDetails': GONE }],
  'an access point leaves the network': ['exposure: Reader', { 'Reader.VpcConfiguration': GONE }],
  'viewers of a distribution need no signature': [
    'exposure: Distribution [internet]',
    { 'Distribution.DistributionConfig.DefaultCacheBehavior.TrustedKeyGroups': GONE },
  ],
  'a path of a distribution needs no signature': [
    'exposure: Distribution [internet]',
    {
      'Distribution.DistributionConfig.CacheBehaviors': [
        {
          PathPattern: '/open/*',
          TargetOriginId: 'site',
          ViewerProtocolPolicy: 'https-only',
          CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
        },
      ],
    },
  ],
  'a distribution reads the website of a bucket': [
    'exposure|encryption: Distribution|Site',
    {
      'Distribution.DistributionConfig.Origins.0': {
        Id: 'site',
        DomainName: 'site.s3-website.eu-central-1.amazonaws.com',
        CustomOriginConfig: { OriginProtocolPolicy: 'http-only' },
      },
    },
  ],
  'a distribution that was shut answers': ['exposure: Shut [internet]', { 'Shut.DistributionConfig.Enabled': true }],
  'a distribution answers every country': ['exposure: Distribution', { 'Distribution.DistributionConfig.Restrictions': GONE }],
  'a distribution answers another country': [
    'exposure: Distribution',
    { 'Distribution.DistributionConfig.Restrictions.GeoRestriction.Locations.2': 'US' },
  ],
  'a distribution signs only what is not signed already': [
    'exposure|access: OriginAccess',
    { 'OriginAccess.OriginAccessControlConfig.SigningBehavior': 'never' },
  ],
  'a distribution speaks plain http to its origin': [
    'encryption: Shut',
    { 'Shut.DistributionConfig.Origins.0.CustomOriginConfig.OriginProtocolPolicy': 'http-only' },
  ],
  'a service of Lattice asks nobody': ['exposure|access: Lattice', { 'Lattice.AuthType': 'NONE' }],
  'a network of Lattice asks nobody': ['exposure|access: LatticeNetwork', { 'LatticeNetwork.AuthType': 'NONE' }],
  'a service of Lattice answers everyone': [
    'access: Lattice',
    { 'LatticePolicy.Policy': policy({ Effect: 'Allow', Principal: '*', Action: 'vpc-lattice-svcs:Invoke', Resource: '*' }) },
  ],
  'an endpoint service accepts everybody by itself': ['exposure|access: Offer', { 'Offer.AcceptanceRequired': false }],
  'an endpoint service is offered to another account': [
    'exposure|access: Offer [organisation]',
    { 'OfferTo.AllowedPrincipals.1': `arn:aws:iam::${OTHER}:root` },
  ],
  'a small database is public': ['exposure: Small [internet]', { 'Small.PubliclyAccessible': true }],
  'a small machine opens a port': [
    'exposure: Machine [internet]',
    { 'Machine.Networking.Ports.1': { FromPort: 22, ToPort: 22, Protocol: 'tcp', Cidrs: ['0.0.0.0/0'] } },
  ],
  'guests get credentials': ['access|exposure: Guests', { 'Guests.AllowUnauthenticatedIdentities': true }],
  'a public domain asks nobody': ['exposure|access: Search [internet]', { 'Search.AccessPolicies.Statement.0.Principal': { AWS: '*' } }],
  'a collection is public': ['exposure: VectorStore [internet]', { 'Vectors.Policy': network(true, 'vectors') }],
});

const KEY = {
  Type: 'AWS::KMS::Key',
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: { EnableKeyRotation: true, PendingWindowInDays: 30 },
};
const label = (key: string, Value: string) => [{ Key: `palisade:${key}`, Value }];
const queue = (key: string, Tags: readonly object[]) => ({
  Type: 'AWS::SQS::Queue',
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: { KmsMasterKeyId: ref(key), Tags },
});
const KEYED = {
  One: KEY,
  Two: KEY,
  Three: KEY,
  Cases: queue('One', label('sensitivity', 'restricted')),
  Notes: queue('One', label('tier', 'high')),
  Help: queue('Two', label('sensitivity', 'internal')),
};
const KEYS = weakenings(awsWith, KEYED, {
  'what is internal takes the key of what is restricted': ['encryption: One [tier]', { 'Help.KmsMasterKeyId': ref('One') }],
  'what is internal and what is restricted take a third key': [
    'encryption: Three [tier]',
    { 'Help.KmsMasterKeyId': ref('Three'), 'Cases.KmsMasterKeyId': ref('Three') },
  ],
});
const SAME_KEYS = harmless(awsWith, KEYED, {
  'what is restricted takes a third key of its own': { 'Cases.KmsMasterKeyId': ref('Three'), 'Notes.KmsMasterKeyId': ref('Three') },
});

/** The same, written otherwise; and what opens nothing. */
const SAME_NETWORKS = harmless(awsWith, SITE, {
  'a list of addresses is cut in two': { 'Partners.Entries': [{ Cidr: '10.0.1.0/25' }, { Cidr: '10.0.1.128/25' }] },
  'the entries of a list are written into the group': { 'DataGroup.SecurityGroupIngress': [tcp(5432, 5432, { CidrIp: '10.0.1.0/24' })] },
  'a rule of a group stands in a resource of its own': {
    'DataGroup.SecurityGroupIngress': GONE,
    DataFromApp: separate(group('DataGroup'), tcp(5432, 5432, { SourcePrefixListId: { 'Fn::GetAtt': ['Partners', 'PrefixListId'] } })),
  },
  'a protocol is written as a number': { 'FrontGroup.SecurityGroupIngress.0.IpProtocol': '6' },
  'ports of a group are cut in two': {
    'AppGroup.SecurityGroupEgress': [
      tcp(5432, 5432, { CidrIp: '10.0.0.0/17' }),
      tcp(5432, 5432, { CidrIp: '10.0.128.0/17' }),
      tcp(443, 443, { CidrIp: '198.51.100.0/24' }),
    ],
  },
  'rules of a network ACL are numbered anew': { 'AclRefused.RuleNumber': 900, 'AclIn.RuleNumber': 800, 'AclLate.RuleNumber': 1000 },
  'the rule after the one that refuses goes': { AclLate: GONE },
  'an allowed range of a network ACL is cut in two': {
    'AclIn.CidrBlock': '10.0.0.0/17',
    AclIn2: entry('Acl', 81, { Protocol: 6, RuleAction: 'allow', CidrBlock: '10.0.128.0/17', PortRange: { From: 5432, To: 5432 } }),
  },
  'the public route is cut in two': {
    PublicRoute: GONE,
    One: route('PublicTable', '0.0.0.0/1', toGateway),
    Two: route('PublicTable', '128.0.0.0/1', toGateway),
  },
  'a table of routes is replaced by one that says the same': {
    NewTable: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
    NewRoute: route('NewTable', '0.0.0.0/0', toGateway),
    InPublic: associated('Public', 'NewTable'),
  },
  'a route to another network of ours is added': {
    Link: { Type: 'AWS::EC2::VPCPeeringConnection', Properties: { VpcId: ref('Vpc'), PeerVpcId: ref('Other') } },
    Way: route('AppTable', '10.1.0.0/16', { VpcPeeringConnectionId: ref('Link') }),
  },
  'another network of ours joins the hub': {
    HubThird: {
      Type: 'AWS::EC2::TransitGatewayVpcAttachment',
      Properties: { TransitGatewayId: ref('Hub'), VpcId: ref('Other'), SubnetIds: ['subnet-3'] },
    },
    InnerThird: {
      Type: 'AWS::EC2::TransitGatewayRouteTableAssociation',
      Properties: { TransitGatewayRouteTableId: ref('Inner'), TransitGatewayAttachmentId: ref('HubThird') },
    },
  },
  'a partner is told the way to another network of ours, which nothing stands in': {
    OuterKnowsOther: {
      Type: 'AWS::EC2::TransitGatewayRouteTablePropagation',
      Properties: { TransitGatewayRouteTableId: ref('Outer'), TransitGatewayAttachmentId: ref('HubOther') },
    },
  },
  'names of the firewall are ordered otherwise': { [`${allowed}.Targets`]: ['login.example.com', 'api.example.com'] },
  'the firewall lets fewer names through': { [`${allowed}.Targets`]: ['api.example.com'] },
  'the firewall takes a name that a wider one has': { [`${allowed}.Targets`]: ['api.example.com', 'login.example.com', 'api.example.com'] },
  'rules of names get other priorities': { 'NameRules.FirewallRules.0.Priority': 100, 'NameRules.FirewallRules.1.Priority': 200 },
  'fewer names are answered': { 'Names.Domains': ['api.example.com'] },
  'networks of the interface of the cluster are ordered otherwise': {
    'Cluster.ResourcesVpcConfig.PublicAccessCidrs': ['198.51.100.0/25', '203.0.113.0/24'],
  },
  'a network of the interface of the cluster is cut in two': {
    'Cluster.ResourcesVpcConfig.PublicAccessCidrs': ['203.0.113.0/25', '203.0.113.128/25', '198.51.100.0/25'],
  },
  'the interface of the cluster is only reached from inside': {
    'Cluster.ResourcesVpcConfig.EndpointPublicAccess': false,
    'Cluster.ResourcesVpcConfig.PublicAccessCidrs': GONE,
  },
  'a private subnet says that it hands out no addresses': { 'App.MapPublicIpOnLaunch': false, 'Data.MapPublicIpOnLaunch': GONE },
  'a default is written out': { 'Worker.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp': GONE, 'Nat.ConnectivityType': 'public' },
  'a rule of the entrance asks as the entrance does': {
    Paths: {
      Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
      Properties: {
        ListenerArn: ref('Listener'),
        Priority: 1,
        Conditions: [{ Field: 'path-pattern', Values: ['/cases/*'] }],
        Actions: [
          {
            Type: 'authenticate-cognito',
            Order: 1,
            AuthenticateCognitoConfig: {
              UserPoolArn: `arn:aws:cognito-idp:eu-central-1:${ACCOUNT}:userpool/x`,
              UserPoolClientId: 'c',
              UserPoolDomain: 'd',
              SessionTimeout: '3600',
            },
          },
          { Type: 'forward', Order: 2, TargetGroupArn: ref('Targets') },
        ],
      },
    },
  },
  'a rule of the entrance answers by itself': {
    Teapot: {
      Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
      Properties: {
        ListenerArn: ref('Listener'),
        Priority: 2,
        Conditions: [{ Field: 'path-pattern', Values: ['/teapot'] }],
        Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '418' } }],
      },
    },
  },
  'users of the tunnel reach less': { 'VpnRule.TargetNetworkCidr': '10.0.1.0/25' },
  'the notebook no longer says what holds without it': { 'Notebook.RootAccess': 'Disabled' },
});

const SAME_EDGE = harmless(awsWith, EDGE, {
  'an interface of GraphQL takes users besides': {
    'OpenGraph.AdditionalAuthenticationProviders': [
      { AuthenticationType: 'AMAZON_COGNITO_USER_POOLS', UserPoolConfig: { UserPoolId: 'x', AwsRegion: 'eu-central-1' } },
    ],
  },
  'a function URL streams': { 'Url.InvokeMode': 'RESPONSE_STREAM' },
  'countries of a distribution are ordered otherwise': {
    'Distribution.DistributionConfig.Restrictions.GeoRestriction.Locations': ['AT', 'DE'],
  },
  'a distribution answers fewer countries': { 'Distribution.DistributionConfig.Restrictions.GeoRestriction.Locations': ['DE'] },
  'a path of a distribution needs a signature too': {
    'Distribution.DistributionConfig.CacheBehaviors': [
      {
        PathPattern: '/more/*',
        TargetOriginId: 'site',
        ViewerProtocolPolicy: 'https-only',
        CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
        TrustedKeyGroups: ['group-1'],
      },
    ],
  },
  'an endpoint service names its own account otherwise': { 'OfferTo.AllowedPrincipals': [OWN_ROOT, `arn:aws:iam::${ACCOUNT}:role/app`] },
  'a small machine names its range in two parts': { 'Machine.Networking.Ports.0.Cidrs': ['203.0.113.0/25', '203.0.113.128/25'] },
  'a policy of a collection names another collection': { 'Vectors.Policy': network(false, 'vectors', 'more') },
  'a private interface stays private, written otherwise': {
    'Private.EndpointConfiguration': { Types: ['PRIVATE'], VpcEndpointIds: ['vpce-1'] },
  },
});

export const AWS_EXPOSURE_WEAKENINGS = { ...IN_NETWORKS, ...AT_THE_EDGE, ...KEYS };
export const AWS_EXPOSURE_HARMLESS: Readonly<Record<string, Harmless>> = { ...SAME_NETWORKS, ...SAME_EDGE, ...SAME_KEYS };
export type { Changes };
