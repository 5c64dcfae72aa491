/** What opens a network or an API although no path leads through it yet, and what only looks as if it did. */

import { ref } from './aws-base';
import { associated, group, route, SITE, tcp } from './aws-exposure-base';
import { ACCOUNT, awsWith, GONE, harmless, type Resources, weakenings } from './pair';

const is = (Type: string, Properties: object = {}) => ({ Type, Properties });
const ruleTo = (group_: string, port: unknown, more: object) =>
  is('AWS::EC2::SecurityGroupIngress', { GroupId: group(group_), ...tcp(0, 0, more), FromPort: port, ToPort: port });
const PORT = { 'Fn::GetAtt': ['Cases', 'Endpoint.Port'] };
const LIST = { SourcePrefixListId: { 'Fn::GetAtt': ['Partners', 'PrefixListId'] } };

const HOSTED: Resources = {
  ...SITE,
  Nodes: is('AWS::EKS::Nodegroup', {
    ClusterName: ref('Cluster'),
    NodeRole: `arn:aws:iam::${ACCOUNT}:role/nodes`,
    Subnets: [ref('App')],
  }),
  Outside: is('AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.5.0/24', MapPublicIpOnLaunch: true }),
  InOutside: associated('Outside', 'PublicTable'),
  Inside: is('AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.6.0/24', MapPublicIpOnLaunch: false }),
  InInside: associated('Inside', 'AppTable'),
};

const NETWORKS = weakenings(awsWith, HOSTED, {
  'the group of a database lets in an office to which no route leads': [
    'exposure: Cases',
    { 'DataGroup.SecurityGroupIngress.1': tcp(5432, 5432, { CidrIp: '203.0.113.0/24' }) },
  ],
  'the group of a database lets in an office on a port that is imported': [
    'exposure: 203.0.113.0/24',
    { Office: ruleTo('DataGroup', { 'Fn::ImportValue': 'port' }, { CidrIp: '203.0.113.0/24' }) },
  ],
  'the group of a database lets in whoever a parameter of another stack says': [
    'exposure: Cases',
    { Office: ruleTo('DataGroup', 5432, { CidrIp: { 'Fn::ImportValue': 'office' } }) },
  ],
  'a group that takes its port from the database lets in everyone': [
    'exposure: Cases',
    { Office: ruleTo('DataGroup', PORT, { CidrIp: '0.0.0.0/0' }) },
  ],
  'a network ACL lets in everyone at the port of the database': ['exposure: Cases', { 'AclIn.CidrBlock': '0.0.0.0/0' }],
  'the subnets of the data lead to a transit gateway of somebody': [
    'exposure: tgw-0123456789abcdef0 [organisation]',
    { ToHub: route('DataTable', '10.50.0.0/16', { TransitGatewayId: 'tgw-0123456789abcdef0' }) },
  ],
  'the subnets of the data learn the routes of a VPN': [
    'exposure: Site [organisation]',
    {
      Site: is('AWS::EC2::VPNGateway', { Type: 'ipsec.1' }),
      Learnt: is('AWS::EC2::VPNGatewayRoutePropagation', { RouteTableIds: [ref('DataTable')], VpnGatewayId: ref('Site') }),
    },
  ],
  'nodes stand in public subnets': ['exposure: Nodes [internet]', { 'Nodes.Subnets.0': ref('Outside') }],
  'nodes in public subnets can be signed in to by everyone': [
    'exposure: Nodes [internet]',
    { 'Nodes.Subnets.0': ref('Outside'), 'Nodes.RemoteAccess': { Ec2SshKey: 'operators' } },
  ],
  'a service stands in public subnets without an address': [
    'exposure: Worker',
    { 'Worker.NetworkConfiguration.AwsvpcConfiguration.Subnets.0': ref('Outside') },
  ],
  'a service gets an address in public subnets': [
    'exposure: Worker [internet]',
    {
      'Worker.NetworkConfiguration.AwsvpcConfiguration.Subnets.0': ref('Outside'),
      'Worker.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp': 'ENABLED',
    },
  ],
});

const SAME_NETWORKS = harmless(awsWith, HOSTED, {
  'a port is taken from the database': {
    'DataGroup.SecurityGroupIngress': [],
    Listed: ruleTo('DataGroup', PORT, LIST),
  },
  'a network ACL lets in less at the port of the database': { 'AclIn.CidrBlock': '10.0.0.0/17' },
  'the rule of a group for an office names half of it twice': {
    'HostGroup.SecurityGroupIngress': [tcp(22, 22, { CidrIp: '203.0.113.7/32' }), tcp(22, 22, { CidrIp: '203.0.113.7/32' })],
  },
  'the subnets of the data lead to another network of ours': {
    Ours: is('AWS::EC2::VPCPeeringConnection', { VpcId: ref('Vpc'), PeerVpcId: ref('Other') }),
    ToOurs: route('DataTable', '10.1.0.0/16', { VpcPeeringConnectionId: ref('Ours') }),
  },
  'nodes move between private subnets': { 'Nodes.Subnets.0': ref('Inside') },
  'a service moves between private subnets': { 'Worker.NetworkConfiguration.AwsvpcConfiguration.Subnets.0': ref('Inside') },
});

// ── APIs ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const event = (Type: string, Path: string, more: object = {}) => ({ Type, Properties: { Path, Method: 'post', ...more } });
const SIGNED = { Auth: { Authorizer: 'AWS_IAM' } };
const method = (id: string, HttpMethod: string, more: object) =>
  is('AWS::ApiGateway::Method', {
    RestApiId: ref('Old'),
    ResourceId: { 'Fn::GetAtt': ['Old', 'RootResourceId'] },
    HttpMethod,
    OperationName: id,
    RequestValidatorId: 'v1',
    ...more,
  });

const APIS: Resources = {
  Api: is('AWS::Serverless::Api', {
    StageName: 'live',
    Auth: { DefaultAuthorizer: 'AWS_IAM' },
  }),
  Function: is('AWS::Serverless::Function', {
    CodeUri: 's3://code/handler.zip',
    Handler: 'index.handler',
    Runtime: 'nodejs22.x',
    Role: `arn:aws:iam::${ACCOUNT}:role/app`,
    Events: { List: event('Api', '/cases', { RestApiId: ref('Api') }), Sync: event('HttpApi', '/sync', SIGNED) },
  }),
  Old: is('AWS::ApiGateway::RestApi', { Name: 'old', EndpointConfiguration: { Types: ['REGIONAL'] } }),
  Signed: method('Signed', 'GET', { AuthorizationType: 'AWS_IAM', Integration: { Type: 'HTTP_PROXY', Uri: 'https://example.com' } }),
  Site: {
    Type: 'AWS::S3::Bucket',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {},
  },
};

const AT_APIS = weakenings(awsWith, APIS, {
  'an event of the implicit API asks nobody': ['exposure: POST /hook [internet]', { 'Function.Events.Hook': event('HttpApi', '/hook') }],
  'an event of the implicit REST API asks nobody': ['exposure: POST /hook [internet]', { 'Function.Events.Hook': event('Api', '/hook') }],
  'an event switches off what its API asks': [
    'exposure: POST /hook [internet]',
    { 'Function.Events.Hook': event('Api', '/hook', { RestApiId: ref('Api'), Auth: { Authorizer: 'NONE' } }) },
  ],
  'the API of an event no longer asks by default': ['exposure: POST /cases [internet]', { 'Api.Auth.DefaultAuthorizer': GONE }],
  'an event takes everything without a question': ['exposure: $default [internet]', { 'Function.Events.Hook': { Type: 'HttpApi' } }],
  'an open method passes on what it is sent': [
    'exposure: POST / of the REST API Old [internet]',
    { Health: method('Health', 'POST', { AuthorizationType: 'NONE', Integration: { Type: 'HTTP_PROXY', Uri: 'https://example.com' } }) },
  ],
  'a bucket answers as a website': ['exposure: Site', { 'Site.WebsiteConfiguration': { IndexDocument: 'index.html' } }],
});

const SAME_APIS = harmless(awsWith, APIS, {
  'an event of the implicit API asks as its neighbour does': { 'Function.Events.Hook': event('HttpApi', '/hook', SIGNED) },
  'an event says itself what its API asks': { 'Function.Events.List.Properties.Auth': { Authorizer: 'AWS_IAM' } },
  'an event of an API that asks by default is added': { 'Function.Events.Hook': event('Api', '/hook', { RestApiId: ref('Api') }) },
  'an event answers preflight requests': { 'Function.Events.Hook': { Type: 'HttpApi', Properties: { Path: '/sync', Method: 'options' } } },
  'an open method answers by itself': {
    Health: method('Health', 'POST', { AuthorizationType: 'NONE', Integration: { Type: 'MOCK' } }),
  },
  'a bucket that is a website sends everybody elsewhere': {
    'Site.WebsiteConfiguration': { RedirectAllRequestsTo: { HostName: 'example.com', Protocol: 'https' } },
  },
});

export const HUNTED_EXPOSURE_WEAKENINGS = { ...NETWORKS, ...AT_APIS };
export const HUNTED_EXPOSURE_HARMLESS = { ...SAME_NETWORKS, ...SAME_APIS };
