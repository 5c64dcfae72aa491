import { describe, expect, it } from 'vitest';
import { ARM_TYPES } from '../policies/gather/arm/types.generated';
import { RULES } from '../policies/rules';
import { kindOf, wordsIn } from '../review/diff/kinds';

describe('what a type is called', () => {
  it.each([
    ['AWS::S3::Bucket', 'bucket'],
    ['AWS::EC2::VPC', 'VPC'],
    ['AWS::EC2::NatGateway', 'NAT gateway'],
    ['AWS::EC2::VPNConnection', 'VPN connection'],
    ['AWS::EC2::VPCDHCPOptionsAssociation', 'VPC DHCP options association'],
    ['AWS::EC2::IPAMPool', 'IPAM pool'],
    ['AWS::EC2::EIP', 'EIP'],
    ['AWS::EC2::NetworkAclEntry', 'network ACL entry'],
    ['AWS::WAFv2::WebACL', 'web ACL'],
    ['AWS::RDS::DBInstance', 'DB instance'],
    ['AWS::RDS::DBClusterParameterGroup', 'DB cluster parameter group'],
    ['AWS::ApiGateway::RestApi', 'REST API'],
    ['AWS::ApiGatewayV2::Api', 'API'],
    ['AWS::AppSync::GraphQLApi', 'GraphQL API'],
    ['AWS::IAM::OIDCProvider', 'OIDC provider'],
    ['AWS::IAM::SAMLProvider', 'SAML provider'],
    ['AWS::IAM::VirtualMFADevice', 'virtual MFA device'],
    ['AWS::Lambda::Url', 'URL'],
    ['AWS::Route53::DNSSEC', 'DNSSEC'],
    ['AWS::CodeStar::GitHubRepository', 'GitHub repository'],
    ['AWS::DataSync::LocationFSxOpenZFS', 'location FSx OpenZFS'],
    ['AWS::NetworkFirewall::TLSInspectionConfiguration', 'TLS inspection configuration'],
    ['AWS::BedrockAgentCore::OAuth2CredentialProvider', 'OAuth 2 credential provider'],
    ['AWS::KMS::Key', 'key'],
    ['AWS::SecretsManager::Secret', 'secret'],
    ['Custom::S3BucketNotifications', 'S3 bucket notifications'],
    ['azure-native:storage:StorageAccount', 'storage account'],
    ['azure-native:signalrservice:SignalR', 'SignalR'],
    ['azure-native:signalrservice:SignalRCustomDomain', 'SignalR custom domain'],
    ['azure-native:webpubsub:WebPubSubHub', 'Web PubSub hub'],
    ['azure-native:sql:IPv6FirewallRule', 'IPv6 firewall rule'],
    ['azure-native:sql:ServerAzureADAdministrator', 'server Azure AD administrator'],
    ['azure-native:network:NatGateway', 'NAT gateway'],
    ['azure-native:network:VpnGateway', 'VPN gateway'],
    ['azure-native:network:P2sVpnGateway', 'point-to-site VPN gateway'],
    ['azure-native:network:DdosProtectionPlan', 'DDoS protection plan'],
    ['azure-native:network:ExpressRouteCircuit', 'ExpressRoute circuit'],
    ['azure-native:network:PublicIPAddress', 'public IP address'],
    ['azure-native:cdn:AFDCustomDomain', 'Front Door custom domain'],
    ['azure-native:devices:IotHubResource', 'IoT hub'],
    ['azure-native:databoxedge:IoTAddon', 'IoT addon'],
    ['azure-native:keyvault:MHSMPrivateEndpointConnection', 'MHSM private endpoint connection'],
    ['azure-native:hardwaresecuritymodules:CloudHsmCluster', 'CloudHSM cluster'],
    ['azure-native:cosmosdb:DatabaseAccountMongoDBCollection', 'database account MongoDB collection'],
    ['azure-native:apimanagement:GraphQLApiResolver', 'GraphQL API resolver'],
    ['azure-native:apimanagement:OpenIdConnectProvider', 'OpenID connect provider'],
    ['azure-native:authorization:PimRoleEligibilitySchedule', 'PIM role eligibility schedule'],
    ['azure-native:authorization:AccessReviewScheduleDefinitionById', 'access review schedule definition'],
    ['azure-native:web:WebAppVnetConnection', 'web app virtual network connection'],
    ['azure-native:web:WebAppScmAllowed', 'web app SCM allowed'],
    ['azure-native:sql:SqlManagedInstance', 'SQL managed instance'],
    ['azure-native:network:AzureFirewall', 'Azure firewall'],
    ['azure-native:automation:PowerShell72Module', 'PowerShell 7.2 module'],
    ['azuread:index/applicationPassword:ApplicationPassword', 'application password'],
    ['Microsoft.Custom/things', 'things'],
  ])('%s is a %s', (type, words) => {
    expect(kindOf(type)).toBe(words);
  });

  it('has no letter of its own but where a word is one', () => {
    let at = '';
    const types = ARM_TYPES.split('\n').flatMap((line) => {
      if (line.startsWith('@')) at = line.slice(1);
      return line === '' || line.startsWith('@') ? [] : [`azure-native:${at}:${line.split(/[*|]/)[0]}`];
    });
    const named = RULES.flatMap(({ on }) => on.filter((one): one is string => typeof one === 'string'));
    const torn = [...types, ...named].filter((type) =>
      kindOf(type)
        .split(' ')
        .some((word) => /^[b-z]$/.test(word)),
    );
    expect(torn).toEqual([
      'azure-native:containerinstance:NGroup',
      'azure-native:guestconfiguration:GuestConfigurationConnectedVMwarevSphereAssignment',
    ]);
  });
});

describe('words of a property', () => {
  it.each([
    ['publicNetworkAccess', 'public network access'],
    ['minimumTlsVersion', 'minimum TLS version'],
    ['allowSharedKeyAccess', 'allow shared key access'],
    ['enableIPv6', 'enable IPv6'],
    ['DBSubnetGroupName', 'DB subnet group name'],
    ['user_assigned-identity.id', 'user assigned identity ID'],
  ])('%s reads %s', (name, words) => {
    expect(wordsIn(name)).toBe(words);
  });
});
