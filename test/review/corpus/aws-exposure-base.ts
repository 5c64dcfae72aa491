/** What stands in a network on AWS, and what answers the internet: a site with gateways of every kind, and endpoints of services. */
import { arn, OTHER, policy, ref } from './aws-base';
import { ACCOUNT, type Resources } from './pair';

const is = (Type: string, Properties: object = {}) => ({ Type, Properties });
const kept = (Type: string, Properties: object = {}) => ({ Type, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties });
export const group = (id: string) => ({ 'Fn::GetAtt': [id, 'GroupId'] });
export const tcp = (from: number, to: number, more: object) => ({
  IpProtocol: 'tcp',
  FromPort: from,
  ToPort: to,
  Description: 'x',
  ...more,
});
const subnet = (CidrBlock: string) => is('AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock, MapPublicIpOnLaunch: false });
export const associated = (one: string, table: string) =>
  is('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref(one), RouteTableId: ref(table) });
export const route = (table: string, DestinationCidrBlock: string, more: object) =>
  is('AWS::EC2::Route', { RouteTableId: ref(table), DestinationCidrBlock, ...more });
const securityGroup = (ingress: readonly object[], egress: readonly object[]) =>
  is('AWS::EC2::SecurityGroup', { GroupDescription: 'x', VpcId: ref('Vpc'), SecurityGroupIngress: ingress, SecurityGroupEgress: egress });
const INSIDE = { CidrIp: '10.0.0.0/16' };
export const entry = (acl: string, RuleNumber: number, more: object) =>
  is('AWS::EC2::NetworkAclEntry', { NetworkAclId: ref(acl), RuleNumber, ...more });

/** Public, application and data subnets; a firewall, a transit gateway and a peering connection; databases, brokers and hosts. */
export const SITE: Resources = {
  Key: kept('AWS::KMS::Key', { EnableKeyRotation: true, PendingWindowInDays: 30 }),
  Vpc: is('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
  Other: is('AWS::EC2::VPC', { CidrBlock: '10.1.0.0/16' }),
  Gateway: is('AWS::EC2::InternetGateway'),
  Attachment: is('AWS::EC2::VPCGatewayAttachment', { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') }),
  Public: subnet('10.0.0.0/24'),
  App: subnet('10.0.1.0/24'),
  Data: subnet('10.0.2.0/24'),
  DataB: subnet('10.0.3.0/24'),
  Inspection: subnet('10.0.4.0/24'),
  PublicTable: is('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
  AppTable: is('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
  DataTable: is('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
  InspectionTable: is('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
  PublicRoute: route('PublicTable', '0.0.0.0/0', { GatewayId: ref('Gateway') }),
  InPublic: associated('Public', 'PublicTable'),
  InApp: associated('App', 'AppTable'),
  InData: associated('Data', 'DataTable'),
  InDataB: associated('DataB', 'DataTable'),
  InInspection: associated('Inspection', 'InspectionTable'),
  Address: is('AWS::EC2::EIP', { Domain: 'vpc' }),
  Nat: is('AWS::EC2::NatGateway', { SubnetId: ref('Public'), AllocationId: { 'Fn::GetAtt': ['Address', 'AllocationId'] } }),
  InspectionRoute: route('InspectionTable', '0.0.0.0/0', { NatGatewayId: ref('Nat') }),
  Allowed: is('AWS::NetworkFirewall::RuleGroup', {
    RuleGroupName: 'allowed',
    Type: 'STATEFUL',
    Capacity: 100,
    RuleGroup: {
      RulesSource: {
        RulesSourceList: { GeneratedRulesType: 'ALLOWLIST', TargetTypes: ['TLS_SNI'], Targets: ['api.example.com', 'login.example.com'] },
      },
    },
  }),
  FirewallPolicy: is('AWS::NetworkFirewall::FirewallPolicy', {
    FirewallPolicyName: 'cases',
    FirewallPolicy: {
      StatelessDefaultActions: ['aws:forward_to_sfe'],
      StatelessFragmentDefaultActions: ['aws:forward_to_sfe'],
      StatefulDefaultActions: ['aws:drop_strict'],
      StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER' },
      StatefulRuleGroupReferences: [{ ResourceArn: ref('Allowed'), Priority: 1 }],
    },
  }),
  Firewall: is('AWS::NetworkFirewall::Firewall', {
    FirewallName: 'cases',
    FirewallPolicyArn: ref('FirewallPolicy'),
    VpcId: ref('Vpc'),
    SubnetMappings: [{ SubnetId: ref('Inspection') }],
    DeleteProtection: true,
    SubnetChangeProtection: true,
    FirewallPolicyChangeProtection: true,
  }),
  AppOut: route('AppTable', '0.0.0.0/0', { VpcEndpointId: { 'Fn::Select': [0, { 'Fn::GetAtt': ['Firewall', 'EndpointIds'] }] } }),
  Acl: is('AWS::EC2::NetworkAcl', { VpcId: ref('Vpc') }),
  AclRefused: entry('Acl', 90, { Protocol: -1, RuleAction: 'deny', CidrBlock: '0.0.0.0/0' }),
  AclIn: entry('Acl', 80, { Protocol: 6, RuleAction: 'allow', CidrBlock: '10.0.0.0/16', PortRange: { From: 5432, To: 5432 } }),
  AclLate: entry('Acl', 100, { Protocol: -1, RuleAction: 'allow', CidrBlock: '0.0.0.0/0' }),
  AclOut: entry('Acl', 80, {
    Protocol: 6,
    RuleAction: 'allow',
    Egress: true,
    CidrBlock: '10.0.0.0/16',
    PortRange: { From: 1024, To: 65535 },
  }),
  AclData: is('AWS::EC2::SubnetNetworkAclAssociation', { SubnetId: ref('Data'), NetworkAclId: ref('Acl') }),
  AclDataB: is('AWS::EC2::SubnetNetworkAclAssociation', { SubnetId: ref('DataB'), NetworkAclId: ref('Acl') }),
  Partners: is('AWS::EC2::PrefixList', {
    PrefixListName: 'partners',
    AddressFamily: 'IPv4',
    MaxEntries: 4,
    Entries: [{ Cidr: '10.0.1.0/24' }],
  }),
  FrontGroup: securityGroup([tcp(443, 443, { CidrIp: '203.0.113.0/24' })], [tcp(8443, 8443, INSIDE)]),
  AppGroup: securityGroup(
    [tcp(8443, 8443, { SourceSecurityGroupId: group('FrontGroup') }), tcp(8443, 8443, { CidrIp: '172.16.0.0/12' })],
    [tcp(443, 443, { CidrIp: '198.51.100.0/24' }), tcp(5432, 5432, INSIDE)],
  ),
  DataGroup: securityGroup(
    [tcp(5432, 5432, { SourcePrefixListId: { 'Fn::GetAtt': ['Partners', 'PrefixListId'] } })],
    [tcp(443, 443, INSIDE)],
  ),
  HostGroup: securityGroup([tcp(22, 22, { CidrIp: '203.0.113.7/32' })], [tcp(443, 443, INSIDE)]),
  DataSubnets: is('AWS::RDS::DBSubnetGroup', { DBSubnetGroupDescription: 'data', SubnetIds: [ref('Data'), ref('DataB')] }),
  Cases: kept('AWS::RDS::DBInstance', {
    Engine: 'postgres',
    PubliclyAccessible: false,
    StorageEncrypted: true,
    KmsKeyId: arn('Key'),
    Port: '5432',
    DBSubnetGroupName: ref('DataSubnets'),
    VPCSecurityGroups: [group('DataGroup')],
  }),
  Worker: is('AWS::ECS::Service', {
    Cluster: 'cases',
    LaunchType: 'FARGATE',
    NetworkConfiguration: {
      AwsvpcConfiguration: { Subnets: [ref('App')], SecurityGroups: [group('AppGroup')], AssignPublicIp: 'DISABLED' },
    },
    LoadBalancers: [{ TargetGroupArn: ref('Targets'), ContainerName: 'web', ContainerPort: 8443 }],
  }),
  Front: is('AWS::ElasticLoadBalancingV2::LoadBalancer', {
    Type: 'application',
    Scheme: 'internet-facing',
    Subnets: [ref('Public')],
    SecurityGroups: [group('FrontGroup')],
  }),
  Listener: is('AWS::ElasticLoadBalancingV2::Listener', {
    LoadBalancerArn: ref('Front'),
    Port: 443,
    Protocol: 'HTTPS',
    SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    Certificates: [{ CertificateArn: `arn:aws:acm:eu-central-1:${ACCOUNT}:certificate/1` }],
    DefaultActions: [
      {
        Type: 'authenticate-cognito',
        Order: 1,
        AuthenticateCognitoConfig: {
          UserPoolArn: `arn:aws:cognito-idp:eu-central-1:${ACCOUNT}:userpool/x`,
          UserPoolClientId: 'c',
          UserPoolDomain: 'd',
        },
      },
      { Type: 'forward', Order: 2, TargetGroupArn: ref('Targets') },
    ],
  }),
  Targets: is('AWS::ElasticLoadBalancingV2::TargetGroup', { TargetType: 'ip', Protocol: 'HTTPS', Port: 8443, VpcId: ref('Vpc') }),
  Host: is('AWS::EC2::Instance', {
    ImageId: 'ami-1',
    SubnetId: ref('Public'),
    SecurityGroupIds: [group('HostGroup')],
    MetadataOptions: { HttpTokens: 'required' },
  }),
  Warehouse: kept('AWS::Redshift::Cluster', {
    ClusterType: 'single-node',
    DBName: 'cases',
    NodeType: 'ra3.large',
    MasterUsername: 'owner',
    Encrypted: true,
    KmsKeyId: ref('Key'),
    PubliclyAccessible: false,
    Port: 5439,
    ClusterSubnetGroupName: ref('WarehouseSubnets'),
    VpcSecurityGroupIds: [group('DataGroup')],
  }),
  WarehouseSubnets: is('AWS::Redshift::ClusterSubnetGroup', { Description: 'data', SubnetIds: [ref('Data')] }),
  Brokers: kept('AWS::MSK::Cluster', {
    ClusterName: 'events',
    KafkaVersion: '3.7.x',
    NumberOfBrokerNodes: 2,
    BrokerNodeGroupInfo: {
      InstanceType: 'kafka.m7g.large',
      ClientSubnets: [ref('Data'), ref('DataB')],
      SecurityGroups: [group('DataGroup')],
      ConnectivityInfo: { PublicAccess: { Type: 'DISABLED' } },
    },
    ClientAuthentication: { Sasl: { Iam: { Enabled: true } }, Unauthenticated: { Enabled: false } },
    EncryptionInfo: {
      EncryptionAtRest: { DataVolumeKMSKeyId: arn('Key') },
      EncryptionInTransit: { ClientBroker: 'TLS', InCluster: true },
    },
  }),
  Queues: kept('AWS::AmazonMQ::Broker', {
    BrokerName: 'jobs',
    EngineType: 'RABBITMQ',
    DeploymentMode: 'SINGLE_INSTANCE',
    HostInstanceType: 'mq.m7g.medium',
    PubliclyAccessible: false,
    SubnetIds: [ref('Data')],
    SecurityGroups: [group('DataGroup')],
    EncryptionOptions: { UseAwsOwnedKey: false, KmsKeyId: arn('Key') },
  }),
  Cluster: is('AWS::EKS::Cluster', {
    Name: 'cases',
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/eks`,
    ResourcesVpcConfig: {
      SubnetIds: [ref('App')],
      EndpointPublicAccess: true,
      EndpointPrivateAccess: true,
      PublicAccessCidrs: ['203.0.113.0/24', '198.51.100.0/25'],
    },
    EncryptionConfig: [{ Provider: { KeyArn: arn('Key') }, Resources: ['secrets'] }],
  }),
  Notebook: is('AWS::SageMaker::NotebookInstance', {
    InstanceType: 'ml.t3.medium',
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/notebook`,
    KmsKeyId: ref('Key'),
    SubnetId: ref('App'),
    SecurityGroupIds: [group('AppGroup')],
    DirectInternetAccess: 'Disabled',
    RootAccess: 'Disabled',
  }),
  Studio: is('AWS::SageMaker::Domain', {
    AuthMode: 'IAM',
    DomainName: 'cases',
    VpcId: ref('Vpc'),
    SubnetIds: [ref('App')],
    AppNetworkAccessType: 'VpcOnly',
    KmsKeyId: ref('Key'),
    DefaultUserSettings: { ExecutionRole: `arn:aws:iam::${ACCOUNT}:role/notebook`, SecurityGroups: [group('AppGroup')] },
  }),
  Hub: is('AWS::EC2::TransitGateway', { DefaultRouteTableAssociation: 'disable', DefaultRouteTablePropagation: 'disable' }),
  HubVpc: is('AWS::EC2::TransitGatewayVpcAttachment', { TransitGatewayId: ref('Hub'), VpcId: ref('Vpc'), SubnetIds: [ref('App')] }),
  HubOther: is('AWS::EC2::TransitGatewayVpcAttachment', { TransitGatewayId: ref('Hub'), VpcId: ref('Other'), SubnetIds: ['subnet-1'] }),
  HubVpn: is('AWS::EC2::TransitGatewayPeeringAttachment', {
    TransitGatewayId: ref('Hub'),
    PeerTransitGatewayId: 'tgw-0abc',
    PeerAccountId: OTHER,
    PeerRegion: 'eu-central-1',
  }),
  Inner: is('AWS::EC2::TransitGatewayRouteTable', { TransitGatewayId: ref('Hub') }),
  Outer: is('AWS::EC2::TransitGatewayRouteTable', { TransitGatewayId: ref('Hub') }),
  InnerVpc: is('AWS::EC2::TransitGatewayRouteTableAssociation', {
    TransitGatewayRouteTableId: ref('Inner'),
    TransitGatewayAttachmentId: ref('HubVpc'),
  }),
  InnerOther: is('AWS::EC2::TransitGatewayRouteTableAssociation', {
    TransitGatewayRouteTableId: ref('Inner'),
    TransitGatewayAttachmentId: ref('HubOther'),
  }),
  OuterVpn: is('AWS::EC2::TransitGatewayRouteTableAssociation', {
    TransitGatewayRouteTableId: ref('Outer'),
    TransitGatewayAttachmentId: ref('HubVpn'),
  }),
  InnerKnowsOther: is('AWS::EC2::TransitGatewayRouteTablePropagation', {
    TransitGatewayRouteTableId: ref('Inner'),
    TransitGatewayAttachmentId: ref('HubOther'),
  }),
  InnerKnowsVpc: is('AWS::EC2::TransitGatewayRouteTablePropagation', {
    TransitGatewayRouteTableId: ref('Inner'),
    TransitGatewayAttachmentId: ref('HubVpc'),
  }),
  AppToHub: route('AppTable', '172.16.0.0/12', { TransitGatewayId: ref('Hub') }),
  Names: is('AWS::Route53Resolver::FirewallDomainList', { Name: 'allowed', Domains: ['api.example.com', '*.amazonaws.com'] }),
  Everything: is('AWS::Route53Resolver::FirewallDomainList', { Name: 'everything', Domains: ['*'] }),
  NameRules: is('AWS::Route53Resolver::FirewallRuleGroup', {
    Name: 'egress',
    FirewallRules: [
      { Priority: 10, Action: 'ALLOW', FirewallDomainListId: ref('Names') },
      { Priority: 20, Action: 'BLOCK', BlockResponse: 'NODATA', FirewallDomainListId: ref('Everything') },
    ],
  }),
  NamesOfVpc: is('AWS::Route53Resolver::FirewallRuleGroupAssociation', {
    VpcId: ref('Vpc'),
    FirewallRuleGroupId: ref('NameRules'),
    Priority: 101,
    MutationProtection: 'ENABLED',
  }),
  S3Endpoint: is('AWS::EC2::VPCEndpoint', {
    VpcId: ref('Vpc'),
    ServiceName: 'com.amazonaws.eu-central-1.s3',
    VpcEndpointType: 'Gateway',
    RouteTableIds: [ref('AppTable'), ref('DataTable')],
    PolicyDocument: policy({
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
    }),
  }),
  Vpn: is('AWS::EC2::ClientVpnEndpoint', {
    ClientCidrBlock: '10.9.0.0/22',
    ServerCertificateArn: `arn:aws:acm:eu-central-1:${ACCOUNT}:certificate/3`,
    VpcId: ref('Vpc'),
    SecurityGroupIds: [group('AppGroup')],
    AuthenticationOptions: [
      { Type: 'federated-authentication', FederatedAuthentication: { SAMLProviderArn: `arn:aws:iam::${ACCOUNT}:saml-provider/idp` } },
    ],
    ConnectionLogOptions: { Enabled: true, CloudwatchLogGroup: 'vpn' },
    SplitTunnel: true,
  }),
  VpnRule: is('AWS::EC2::ClientVpnAuthorizationRule', {
    ClientVpnEndpointId: ref('Vpn'),
    TargetNetworkCidr: '10.0.1.0/24',
    AccessGroupId: 'engineers',
  }),
};

/** Endpoints of services, most of them shut. */
export const EDGE: Resources = {
  Handler: is('AWS::Lambda::Function', {
    Code: { S3Bucket: 'code', S3Key: 'handler.zip' },
    Handler: 'index.handler',
    Runtime: 'nodejs22.x',
    Role: `arn:aws:iam::${ACCOUNT}:role/app`,
  }),
  Private: is('AWS::ApiGateway::RestApi', {
    Name: 'inner',
    EndpointConfiguration: { Types: ['PRIVATE'] },
    Policy: policy({
      Effect: 'Allow',
      Principal: '*',
      Action: 'execute-api:Invoke',
      Resource: 'execute-api:/*',
      Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } },
    }),
  }),
  PrivateMethod: is('AWS::ApiGateway::Method', {
    RestApiId: ref('Private'),
    ResourceId: { 'Fn::GetAtt': ['Private', 'RootResourceId'] },
    HttpMethod: 'GET',
    AuthorizationType: 'AWS_IAM',
    Integration: { Type: 'AWS_PROXY', Uri: arn('Handler'), IntegrationHttpMethod: 'POST' },
  }),
  Documented: is('AWS::ApiGateway::RestApi', {
    Name: 'documented',
    EndpointConfiguration: { Types: ['REGIONAL'] },
    Body: {
      swagger: '2.0',
      'x-amazon-apigateway-request-validators': { all: { validateRequestBody: true, validateRequestParameters: true } },
      'x-amazon-apigateway-request-validator': 'all',
      securityDefinitions: { sigv4: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' } },
      paths: { '/cases': { get: { security: [{ sigv4: [] }] } }, '/notes': { get: { security: [{ sigv4: [] }] } } },
    },
  }),
  Http: is('AWS::ApiGatewayV2::Api', { Name: 'events', ProtocolType: 'HTTP', DisableExecuteApiEndpoint: true }),
  HttpRoute: is('AWS::ApiGatewayV2::Route', { ApiId: ref('Http'), RouteKey: 'GET /cases', AuthorizationType: 'AWS_IAM' }),
  HttpName: is('AWS::ApiGatewayV2::DomainName', {
    DomainName: 'api.example.com',
    DomainNameConfigurations: [{ CertificateArn: `arn:aws:acm:eu-central-1:${ACCOUNT}:certificate/1`, SecurityPolicy: 'TLS_1_2' }],
    MutualTlsAuthentication: { TruststoreUri: 's3://trust/clients.pem' },
  }),
  Graph: is('AWS::AppSync::GraphQLApi', {
    Name: 'cases',
    AuthenticationType: 'AWS_IAM',
    Visibility: 'PRIVATE',
  }),
  OpenGraph: is('AWS::AppSync::GraphQLApi', { Name: 'help', AuthenticationType: 'AWS_IAM' }),
  Url: is('AWS::Lambda::Url', { TargetFunctionArn: arn('Handler'), AuthType: 'AWS_IAM' }),
  Runner: is('AWS::AppRunner::Service', {
    ServiceName: 'help',
    SourceConfiguration: { ImageRepository: { ImageIdentifier: 'x', ImageRepositoryType: 'ECR' } },
    NetworkConfiguration: { IngressConfiguration: { IsPubliclyAccessible: false } },
  }),
  Transfer: is('AWS::Transfer::Server', {
    EndpointType: 'VPC',
    Protocols: ['SFTP'],
    SecurityPolicyName: 'TransferSecurityPolicy-2024-01',
    EndpointDetails: { VpcId: 'vpc-1', SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
  }),
  Site: kept('AWS::S3::Bucket', {
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
  }),
  Reader: is('AWS::S3::AccessPoint', { Bucket: ref('Site'), Name: 'reader', VpcConfiguration: { VpcId: 'vpc-1' } }),
  OriginAccess: is('AWS::CloudFront::OriginAccessControl', {
    OriginAccessControlConfig: { Name: 'site', OriginAccessControlOriginType: 's3', SigningBehavior: 'always', SigningProtocol: 'sigv4' },
  }),
  Distribution: is('AWS::CloudFront::Distribution', {
    DistributionConfig: {
      Enabled: true,
      WebACLId: `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/cases/1`,
      Origins: [
        {
          Id: 'site',
          DomainName: { 'Fn::GetAtt': ['Site', 'RegionalDomainName'] },
          OriginAccessControlId: ref('OriginAccess'),
          S3OriginConfig: { OriginAccessIdentity: '' },
        },
      ],
      DefaultCacheBehavior: {
        TargetOriginId: 'site',
        ViewerProtocolPolicy: 'https-only',
        CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
        TrustedKeyGroups: ['group-1'],
      },
      ViewerCertificate: {
        AcmCertificateArn: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/2`,
        MinimumProtocolVersion: 'TLSv1.2_2021',
        SslSupportMethod: 'sni-only',
      },
      Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Locations: ['DE', 'AT'] } },
    },
  }),
  Shut: is('AWS::CloudFront::Distribution', {
    DistributionConfig: {
      Enabled: false,
      Origins: [
        {
          Id: 'app',
          DomainName: 'app.example.com',
          CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
        },
      ],
      DefaultCacheBehavior: {
        TargetOriginId: 'app',
        ViewerProtocolPolicy: 'https-only',
        CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
      },
    },
  }),
  Lattice: is('AWS::VpcLattice::Service', { Name: 'cases', AuthType: 'AWS_IAM' }),
  LatticePolicy: is('AWS::VpcLattice::AuthPolicy', {
    ResourceIdentifier: arn('Lattice'),
    Policy: policy({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/app` },
      Action: 'vpc-lattice-svcs:Invoke',
      Resource: '*',
    }),
  }),
  LatticeNetwork: is('AWS::VpcLattice::ServiceNetwork', { Name: 'cases', AuthType: 'AWS_IAM' }),
  Offer: is('AWS::EC2::VPCEndpointService', {
    AcceptanceRequired: true,
    NetworkLoadBalancerArns: [`arn:aws:elasticloadbalancing:eu-central-1:${ACCOUNT}:loadbalancer/net/x/1`],
  }),
  OfferTo: is('AWS::EC2::VPCEndpointServicePermissions', { ServiceId: ref('Offer'), AllowedPrincipals: [`arn:aws:iam::${ACCOUNT}:root`] }),
  Small: kept('AWS::Lightsail::Database', {
    MasterDatabaseName: 'x',
    MasterUsername: 'x',
    RelationalDatabaseBlueprintId: 'postgres_16',
    RelationalDatabaseBundleId: 'small_2_0',
    RelationalDatabaseName: 'x',
    PubliclyAccessible: false,
  }),
  Machine: is('AWS::Lightsail::Instance', {
    BlueprintId: 'x',
    BundleId: 'x',
    InstanceName: 'x',
    Networking: { Ports: [{ FromPort: 443, ToPort: 443, Protocol: 'tcp', Cidrs: ['203.0.113.0/24'] }] },
  }),
  Guests: is('AWS::Cognito::IdentityPool', { AllowUnauthenticatedIdentities: false, AllowClassicFlow: false }),
  Search: kept('AWS::OpenSearchService::Domain', {
    DomainName: 'help',
    AccessPolicies: policy({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/app` },
      Action: 'es:ESHttpGet',
      Resource: '*',
    }),
    EncryptionAtRestOptions: { Enabled: true },
  }),
  Vectors: is('AWS::OpenSearchServerless::SecurityPolicy', {
    Name: 'vectors',
    Type: 'network',
    Policy: JSON.stringify([
      { Rules: [{ ResourceType: 'collection', Resource: ['collection/vectors'] }], AllowFromPublic: false, SourceVPCEs: ['vpce-1'] },
    ]),
  }),
  VectorStore: kept('AWS::OpenSearchServerless::Collection', { Name: 'vectors', Type: 'VECTORSEARCH' }),
};
