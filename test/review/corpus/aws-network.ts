/** Weakenings of what is reached from the network on AWS, and of who is asked who he is. */
import { arn, NETWORK, OTHER, policy, ref } from './aws-base';
import { ACCOUNT, awsWith, GONE, weakenings } from './pair';

const OPEN = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0', Description: 'all' };

export const NETWORK_WEAKENINGS = weakenings(awsWith, NETWORK, {
  // Ways in
  'a default route goes to an internet gateway': [
    'exposure|controls: AppSubnet|Default|AppRoutes',
    {
      Default: {
        Type: 'AWS::EC2::Route',
        Properties: { RouteTableId: ref('AppRoutes'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Gateway') },
      },
    },
  ],
  'a network ACL allows everything': [
    'exposure|controls: Acl',
    { 'AclIn.Protocol': -1, 'AclIn.CidrBlock': '0.0.0.0/0', 'AclIn.PortRange': GONE },
  ],
  'a subnet leaves its network ACL for the default one': ['exposure|controls: AppSubnet|Acl', { AclAssociation: GONE }],
  'a load balancer faces the internet': ['exposure|controls: Balancer', { 'Balancer.Scheme': 'internet-facing' }],
  'a load balancer faces the internet, and its subnets and group let it': [
    'exposure: Balancer [internet]',
    {
      'Balancer.Scheme': 'internet-facing',
      Default: {
        Type: 'AWS::EC2::Route',
        Properties: { RouteTableId: ref('AppRoutes'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Gateway') },
      },
      'BalancerGroup.SecurityGroupIngress.0.CidrIp': '0.0.0.0/0',
      AclAssociation: GONE,
    },
  ],
  'a security group lets everyone in to SSH': ['exposure|controls: HostGroup', { 'HostGroup.SecurityGroupIngress.1': OPEN }],
  'a security group lets everyone in by a resource of its own': [
    'exposure|controls: HostGroup|Open',
    { Open: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { ...OPEN, GroupId: { 'Fn::GetAtt': ['HostGroup', 'GroupId'] } } } },
  ],
  'a security group lets everyone in over IPv6': [
    'exposure|controls: HostGroup',
    { 'HostGroup.SecurityGroupIngress.1': { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIpv6: '::/0', Description: 'all' } },
  ],
  'a security group lets every port of the network in': [
    'exposure|controls: HostGroup',
    { 'HostGroup.SecurityGroupIngress.0': { IpProtocol: '-1', CidrIp: '10.0.0.0/8', Description: 'inside' } },
  ],
  'a security group lets everything out': [
    'exposure|controls: HostGroup',
    { 'HostGroup.SecurityGroupEgress.0': { IpProtocol: '-1', CidrIp: '0.0.0.0/0', Description: 'all' } },
  ],
  'a prefix list is widened to everyone': ['exposure|controls: Partners|BalancerGroup', { 'Partners.Entries.0.Cidr': '0.0.0.0/0' }],
  'a prefix list takes in another partner': [
    'exposure|controls: Partners|BalancerGroup',
    { 'Partners.Entries.1': { Cidr: '198.51.100.0/24' } },
  ],
  'a host gets a public address': ['exposure|controls: Host', { 'Host.NetworkInterfaces.0.AssociatePublicIpAddress': true }],
  'a subnet gives public addresses': ['exposure|controls: AppSubnet', { 'AppSubnet.MapPublicIpOnLaunch': true }],
  'a service gets a public address': [
    'exposure|controls: Service',
    { 'Service.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp': 'ENABLED' },
  ],
  'a network is joined to another account': [
    'exposure|controls|access: Peering',
    {
      Peering: { Type: 'AWS::EC2::VPCPeeringConnection', Properties: { VpcId: ref('Vpc'), PeerVpcId: 'vpc-2', PeerOwnerId: OTHER } },
      Way: {
        Type: 'AWS::EC2::Route',
        Properties: { RouteTableId: ref('AppRoutes'), DestinationCidrBlock: '172.16.0.0/12', VpcPeeringConnectionId: ref('Peering') },
      },
    },
  ],
  'an endpoint lets everyone through': ['access: Endpoint', { 'Endpoint.PolicyDocument': GONE }],
  'an endpoint no longer asks for the organisation': ['access: Endpoint', { 'Endpoint.PolicyDocument.Statement.0.Condition': GONE }],
  'the internet can reach the metadata of a host without a token': [
    'controls|access: Host',
    { 'Host.MetadataOptions.HttpTokens': 'optional' },
  ],
  'the disk of a host is no longer encrypted': ['encryption: Host', { 'Host.BlockDeviceMappings.0.Ebs': { Encrypted: false } }],
  // Listeners and certificates
  'a listener accepts plain http': [
    'encryption|exposure: Listener',
    { 'Listener.Protocol': 'HTTP', 'Listener.Port': 80, 'Listener.SslPolicy': GONE, 'Listener.Certificates': GONE },
  ],
  'a listener accepts old TLS': ['encryption: Listener', { 'Listener.SslPolicy': 'ELBSecurityPolicy-2016-08' }],
  'a balancer talks plain http to its targets': ['encryption: Targets', { 'Targets.Protocol': 'HTTP' }],
  'a distribution answers plain http': [
    'encryption: Distribution',
    { 'Distribution.DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy': 'allow-all' },
  ],
  'a distribution accepts old TLS': [
    'encryption: Distribution',
    { 'Distribution.DistributionConfig.ViewerCertificate.MinimumProtocolVersion': 'TLSv1' },
  ],
  'a distribution reads its bucket without signing': [
    'access|controls|exposure: Distribution',
    { 'Distribution.DistributionConfig.Origins.0.OriginAccessControlId': GONE },
  ],
  'a distribution no longer records who asked': ['logging: Distribution', { 'Distribution.DistributionConfig.Logging': GONE }],
  // Web ACLs
  'the association of a web ACL is deleted': ['exposure|controls: Balancer|AclBalancer', { AclBalancer: GONE }],
  'the web ACL of a distribution is removed': ['exposure|controls: Distribution', { 'Distribution.DistributionConfig.WebACLId': GONE }],
  'a rule of a web ACL only counts': ['exposure|controls: Acls', { 'Acls.Rules.0.OverrideAction': { Count: {} } }],
  'a rule of a web ACL is removed': ['exposure|controls: Acls', { 'Acls.Rules.0': GONE }],
  'the limit of requests is removed': ['exposure|controls: Acls', { 'Acls.Rules.1': GONE }],
  'the limit of requests is raised': ['exposure|controls: Acls', { 'Acls.Rules.1.Statement.RateBasedStatement.Limit': 2000000 }],
  'the log of a web ACL is deleted': ['logging: Acls|AclLogging', { AclLogging: GONE }],
  'a web ACL no longer measures': ['detection|logging: Acls', { 'Acls.VisibilityConfig.CloudWatchMetricsEnabled': false }],
  // Interfaces
  'an interface asks nobody who he is': [
    'exposure|controls|access: Method|Api',
    { 'Method.AuthorizationType': 'NONE', 'Method.AuthorizerId': GONE },
  ],
  'a second, open method is added': [
    'exposure: Api',
    {
      Open: {
        Type: 'AWS::ApiGateway::Method',
        Properties: {
          RestApiId: ref('Api'),
          ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
          HttpMethod: 'POST',
          AuthorizationType: 'NONE',
          Integration: { Type: 'HTTP_PROXY', Uri: 'https://example.com' },
        },
      },
    },
  ],
  'a route asks nobody who he is': [
    'exposure|controls|access: HttpRoute|HttpApi',
    { 'HttpRoute.AuthorizationType': 'NONE', 'HttpRoute.AuthorizerId': GONE },
  ],
  'an interface of GraphQL is used by key': [
    'exposure|controls|access: Graph',
    { 'Graph.AuthenticationType': 'API_KEY', 'Graph.UserPoolConfig': GONE },
  ],
  'an interface of GraphQL lets users do everything': ['access|controls: Graph', { 'Graph.UserPoolConfig.DefaultAction': 'ALLOW' }],
  'an interface answers every origin': ['exposure|controls: HttpApi', { 'HttpApi.CorsConfiguration.AllowOrigins': ['*'] }],
  'a function URL asks nobody who he is': ['exposure: Handler', { 'Url.AuthType': 'NONE' }],
  'a function URL is open, and everyone may call it': [
    'access|exposure: Handler [internet]',
    {
      'Url.AuthType': 'NONE',
      Everyone: {
        Type: 'AWS::Lambda::Permission',
        Properties: { FunctionName: ref('Handler'), Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: 'NONE' },
      },
    },
  ],
  'a function may be called by another account': [
    'access: Handler [organisation]',
    {
      Other: {
        Type: 'AWS::Lambda::Permission',
        Properties: { FunctionName: ref('Handler'), Action: 'lambda:InvokeFunction', Principal: OTHER },
      },
    },
  ],
  'a function may be called by any bucket': ['access: Handler', { 'Invoke.SourceArn': GONE }],
  'a function leaves the network': ['exposure|controls: Handler', { 'Handler.VpcConfig': GONE }],
  'the log of an interface is removed': ['logging: Stage', { 'Stage.AccessLogSetting': GONE }],
  'the log of an interface goes elsewhere': [
    'logging: Stage',
    { 'Stage.AccessLogSetting.DestinationArn': `arn:aws:logs:eu-central-1:${OTHER}:log-group:theirs` },
  ],
  'an interface records bodies': ['logging|controls|data: Stage', { 'Stage.MethodSettings.0.DataTraceEnabled': true }],
  'the limit of calls is removed': ['controls|exposure: Stage', { 'Stage.MethodSettings': GONE }],
  'requests are no longer validated': ['controls: Method', { 'Method.RequestValidatorId': GONE }],
  // People
  'the second factor is turned off': ['access: Users', { 'Users.MfaConfiguration': 'OFF' }],
  'the second factor is left to the user': ['access: Users', { 'Users.MfaConfiguration': 'OPTIONAL' }],
  'the second factor may be a text message': ['access|controls: Users', { 'Users.EnabledMfas': ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'] }],
  'passwords may be short': ['access|controls: Users', { 'Users.Policies.PasswordPolicy.MinimumLength': 6 }],
  'everybody may sign up': ['access|controls: Users', { 'Users.AdminCreateUserConfig.AllowAdminCreateUserOnly': false }],
  'attacks on sign-in are only watched': ['access|controls|detection: Users', { 'Users.UserPoolAddOns.AdvancedSecurityMode': 'AUDIT' }],
  'passwords are sent in plain to the pool': [
    'access|controls: Client',
    { 'Client.ExplicitAuthFlows': ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
  ],
  'tokens last for a day': ['access|controls: Client', { 'Client.AccessTokenValidity': 1440 }],
  'tokens can no longer be revoked': ['access|controls: Client', { 'Client.EnableTokenRevocation': false }],
  'the users of a pool can be deleted': ['data: Users', { 'Users.DeletionProtection': 'INACTIVE' }],
  // Records of the network
  'a flow log is deleted': ['logging: FlowLog|Vpc', { FlowLog: GONE }],
  'a flow log records only what is refused': ['logging: FlowLog|Vpc', { 'FlowLog.TrafficType': 'REJECT' }],
  'a flow log leaves out most fields': ['logging: FlowLog', { 'FlowLog.LogFormat': '${version} ${interface-id}' }],
  'a load balancer no longer records who asked': ['logging: Balancer', { 'Balancer.LoadBalancerAttributes.1.Value': 'false' }],
  'a load balancer writes its log elsewhere': ['logging: Balancer', { 'Balancer.LoadBalancerAttributes.2.Value': 'somewhere-else' }],
  'a load balancer can be deleted': ['data|controls: Balancer', { 'Balancer.LoadBalancerAttributes.0.Value': 'false' }],
  // Containers
  'a container runs with the rights of its host': ['controls|access: Task', { 'Task.ContainerDefinitions.0.Privileged': true }],
  'a container runs as root': ['controls|access: Task', { 'Task.ContainerDefinitions.0.User': 'root' }],
  'a container may write its own files': ['controls: Task', { 'Task.ContainerDefinitions.0.ReadonlyRootFilesystem': false }],
  'a container writes no log': ['logging: Task', { 'Task.ContainerDefinitions.0.LogConfiguration': GONE }],
  'a container takes any image of a tag': [
    'controls|access: Task',
    { 'Task.ContainerDefinitions.0.Image': 'docker.io/library/app:latest' },
  ],
  'a password stands in the variables of a container': [
    'controls|encryption|access: Task',
    { 'Task.ContainerDefinitions.0.Environment.1': { Name: 'DB_PASSWORD', Value: 'hunter2hunter2' } },
  ],
  'a task runs with another, wider role': ['access: Task', { 'Task.TaskRoleArn': `arn:aws:iam::${ACCOUNT}:role/administrator` }],
  'an endpoint service is offered to everyone': [
    'access|exposure: Offer',
    {
      Offer: {
        Type: 'AWS::EC2::VPCEndpointService',
        Properties: { AcceptanceRequired: false, NetworkLoadBalancerArns: [ref('Balancer')] },
      },
      OfferTo: { Type: 'AWS::EC2::VPCEndpointServicePermissions', Properties: { ServiceId: ref('Offer'), AllowedPrincipals: ['*'] } },
    },
  ],
  'an interface gets a policy that lets everyone in': [
    'access: Api [internet]',
    {
      'Api.Policy': policy({ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: '*' }),
      'Method.AuthorizationType': 'AWS_IAM',
      'Method.AuthorizerId': GONE,
    },
  ],
  'the authorizer of an interface accepts tokens of another issuer': [
    'access|controls: HttpAuthorizer',
    { 'HttpAuthorizer.JwtConfiguration.Issuer': 'https://login.elsewhere.example' },
  ],
  'the authorizer of an interface trusts another pool': [
    'access|controls: Authorizer',
    {
      'Authorizer.ProviderARNs': [`arn:aws:cognito-idp:eu-central-1:${OTHER}:userpool/eu-central-1_x`],
      'Authorizer.IdentitySource': 'method.request.header.Authorization',
      'Acls.Name': 'cases',
    },
  ],
  'the certificate is the one of the service': [
    'encryption: Distribution',
    { 'Distribution.DistributionConfig.ViewerCertificate': { CloudFrontDefaultCertificate: true } },
  ],
  'the key of a log is removed': ['encryption|logging: ApiLogs', { 'ApiLogs.KmsKeyId': GONE }],
  'a variable of a function is no longer encrypted with an own key': [
    'encryption: Handler',
    { 'Handler.KmsKeyArn': GONE, 'Handler.Environment': { Variables: { A: arn('Key') } } },
  ],
});
