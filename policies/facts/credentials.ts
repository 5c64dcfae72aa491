import type { Graph } from '../graph';
import { every, fail, type Outcome, pass } from '../outcome';
import type { Resource } from '../resource';
import type { Value } from '../value';

const under = (prefix: string, paths: readonly string[]): readonly string[] => paths.map((path) => `${prefix}.${path}`);

/**
 * Every property of CloudFormation that takes a credential as it is, by type; `[]` stands for each entry of a list, `{}` for
 * each value of a map. Gathered by name from the CloudFormation schema, and reviewed; a test tells when a new one appears.
 * Left out: names, ARNs and addresses of credentials, ways to hold them, and tokens that make a request unique.
 */
export const CREDENTIAL_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  'AWS::AmazonMQ::Broker': ['LdapServerMetadata.ServiceAccountPassword', 'Users[].Password'],
  'AWS::Amplify::App': ['AccessToken', 'AutoBranchCreationConfig.BasicAuthConfig.Password', 'BasicAuthConfig.Password', 'OauthToken'],
  'AWS::Amplify::Branch': ['BasicAuthConfig.Password'],
  'AWS::AppFlow::ConnectorProfile': under('ConnectorProfileConfig.ConnectorProfileCredentials', [
    'Amplitude.ApiKey',
    'Amplitude.SecretKey',
    'CustomConnector.ApiKey.ApiKey',
    'CustomConnector.ApiKey.ApiSecretKey',
    'CustomConnector.Basic.Password',
    'CustomConnector.Custom.CredentialsMap{}',
    'CustomConnector.Oauth2.AccessToken',
    'CustomConnector.Oauth2.ClientSecret',
    'CustomConnector.Oauth2.RefreshToken',
    'Datadog.ApiKey',
    'Dynatrace.ApiToken',
    'GoogleAnalytics.AccessToken',
    'GoogleAnalytics.ClientSecret',
    'GoogleAnalytics.RefreshToken',
    'InforNexus.SecretAccessKey',
    'Marketo.AccessToken',
    'Marketo.ClientSecret',
    'Pardot.AccessToken',
    'Pardot.RefreshToken',
    'Redshift.Password',
    'SAPOData.BasicAuthCredentials.Password',
    'SAPOData.OAuthCredentials.AccessToken',
    'SAPOData.OAuthCredentials.ClientSecret',
    'SAPOData.OAuthCredentials.RefreshToken',
    'Salesforce.AccessToken',
    'Salesforce.JwtToken',
    'Salesforce.RefreshToken',
    'ServiceNow.OAuth2Credentials.AccessToken',
    'ServiceNow.OAuth2Credentials.ClientSecret',
    'ServiceNow.OAuth2Credentials.RefreshToken',
    'ServiceNow.Password',
    'Singular.ApiKey',
    'Slack.AccessToken',
    'Slack.ClientSecret',
    'Snowflake.Password',
    'Trendmicro.ApiSecretKey',
    'Veeva.Password',
    'Zendesk.AccessToken',
    'Zendesk.ClientSecret',
  ]),
  'AWS::AppStream::DirectoryConfig': ['ServiceAccountCredentials.AccountPassword'],
  'AWS::BackupGateway::Hypervisor': ['Password'],
  'AWS::BedrockAgentCore::ApiKeyCredentialProvider': ['ApiKey'],
  'AWS::BedrockAgentCore::OAuth2CredentialProvider': under('Oauth2ProviderConfigInput', [
    'AtlassianOauth2ProviderConfig.ClientSecret',
    'CustomOauth2ProviderConfig.ClientSecret',
    'GithubOauth2ProviderConfig.ClientSecret',
    'GoogleOauth2ProviderConfig.ClientSecret',
    'IncludedOauth2ProviderConfig.ClientSecret',
    'LinkedinOauth2ProviderConfig.ClientSecret',
    'MicrosoftOauth2ProviderConfig.ClientSecret',
    'SalesforceOauth2ProviderConfig.ClientSecret',
    'SlackOauth2ProviderConfig.ClientSecret',
  ]),
  'AWS::BedrockAgentCore::PaymentCredentialProvider': under('ProviderConfigurationInput', [
    'CoinbaseCdpConfiguration.ApiKeySecret',
    'CoinbaseCdpConfiguration.WalletSecret',
    'StripePrivyConfiguration.AppSecret',
    'StripePrivyConfiguration.AuthorizationPrivateKey',
  ]),
  'AWS::CodeBuild::SourceCredential': ['Token'],
  'AWS::CodePipeline::Pipeline': ['Stages[].Actions[].Configuration.OAuthToken'],
  'AWS::CodePipeline::Webhook': ['AuthenticationConfiguration.SecretToken'],
  'AWS::CodeStar::GitHubRepository': ['RepositoryAccessToken'],
  'AWS::Cognito::UserPoolIdentityProvider': ['ProviderDetails.client_secret', 'ProviderDetails.private_key'],
  'AWS::Connect::User': ['Password'],
  'AWS::DMS::Endpoint': [
    'GcpMySQLSettings.Password',
    'KafkaSettings.SaslPassword',
    'KafkaSettings.SslClientKeyPassword',
    'MicrosoftSqlServerSettings.Password',
    'MongoDbSettings.Password',
    'OracleSettings.AsmPassword',
    'Password',
    'RedisSettings.AuthPassword',
  ],
  'AWS::DataSync::LocationAzureBlob': ['AzureBlobSasConfiguration.AzureBlobSasToken'],
  'AWS::DataSync::LocationFSxONTAP': ['Protocol.SMB.Password'],
  'AWS::DataSync::LocationFSxWindows': ['Password'],
  'AWS::DataSync::LocationObjectStorage': ['AccessKey', 'SecretKey'],
  'AWS::DataSync::LocationSMB': ['Password'],
  'AWS::DataZone::Connection': under('Props', [
    'GlueProperties.GlueConnectionInput.AuthenticationConfiguration.BasicAuthenticationCredentials.Password',
    'GlueProperties.GlueConnectionInput.AuthenticationConfiguration.CustomAuthenticationCredentials{}',
    'GlueProperties.GlueConnectionInput.AuthenticationConfiguration.OAuth2Properties.OAuth2Credentials.AccessToken',
    'GlueProperties.GlueConnectionInput.AuthenticationConfiguration.OAuth2Properties.OAuth2Credentials.JwtToken',
    'GlueProperties.GlueConnectionInput.AuthenticationConfiguration.OAuth2Properties.OAuth2Credentials.RefreshToken',
    'GlueProperties.GlueConnectionInput.AuthenticationConfiguration.OAuth2Properties.OAuth2Credentials.UserManagedClientApplicationClientSecret',
    'RedshiftProperties.Credentials.UsernamePassword.Password',
  ]),
  'AWS::DevOpsAgent::Service': under('ServiceDetails', [
    'Dynatrace.AuthorizationConfig.OAuthClientCredentials.ClientSecret',
    'GitLab.TokenValue',
    'MCPServer.AuthorizationConfig.ApiKey.ApiKeyValue',
    'MCPServer.AuthorizationConfig.BearerToken.TokenValue',
    'MCPServer.AuthorizationConfig.OAuthClientCredentials.ClientSecret',
    'MCPServerGrafana.AuthorizationConfig.BearerToken.TokenValue',
    'MCPServerNewRelic.AuthorizationConfig.ApiKey.ApiKey',
    'MCPServerSplunk.AuthorizationConfig.BearerToken.TokenValue',
    'PagerDuty.AuthorizationConfig.OAuthClientCredentials.ClientSecret',
    'ServiceNow.AuthorizationConfig.OAuthClientCredentials.ClientSecret',
  ]),
  'AWS::DirectConnect::PrivateVirtualInterface': ['BgpPeers[].AuthKey'],
  'AWS::DirectConnect::PublicVirtualInterface': ['BgpPeers[].AuthKey'],
  'AWS::DirectConnect::TransitVirtualInterface': ['BgpPeers[].AuthKey'],
  'AWS::DirectoryService::MicrosoftAD': ['Password'],
  'AWS::DirectoryService::SimpleAD': ['Password'],
  'AWS::DocDB::DBCluster': ['MasterUserPassword'],
  'AWS::DocDBElastic::Cluster': ['AdminUserPassword'],
  'AWS::EC2::VPNConnection': ['VpnTunnelOptionsSpecifications[].PreSharedKey'],
  'AWS::EC2::VerifiedAccessTrustProvider': ['NativeApplicationOidcOptions.ClientSecret', 'OidcOptions.ClientSecret'],
  'AWS::EMR::Cluster': under('KerberosAttributes', ['ADDomainJoinPassword', 'CrossRealmTrustPrincipalPassword', 'KdcAdminPassword']),
  'AWS::ElastiCache::ReplicationGroup': ['AuthToken'],
  'AWS::ElastiCache::User': ['AuthenticationMode.Passwords[]', 'Passwords[]'],
  'AWS::ElasticLoadBalancingV2::Listener': ['DefaultActions[].AuthenticateOidcConfig.ClientSecret'],
  'AWS::ElasticLoadBalancingV2::ListenerRule': ['Actions[].AuthenticateOidcConfig.ClientSecret'],
  'AWS::Elasticsearch::Domain': ['AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword'],
  'AWS::Events::Connection': under('AuthParameters', [
    'ApiKeyAuthParameters.ApiKeyValue',
    'BasicAuthParameters.Password',
    'OAuthParameters.ClientParameters.ClientSecret',
  ]),
  'AWS::FSx::FileSystem': ['OntapConfiguration.FsxAdminPassword', 'WindowsConfiguration.SelfManagedActiveDirectoryConfiguration.Password'],
  'AWS::FSx::StorageVirtualMachine': ['ActiveDirectoryConfiguration.SelfManagedActiveDirectoryConfiguration.Password', 'SvmAdminPassword'],
  'AWS::Glue::Connection': under('ConnectionInput', [
    'AuthenticationConfiguration.BasicAuthenticationCredentials.Password',
    'AuthenticationConfiguration.CustomAuthenticationCredentials{}',
    'AuthenticationConfiguration.OAuth2Properties.OAuth2Credentials.AccessToken',
    'AuthenticationConfiguration.OAuth2Properties.OAuth2Credentials.JwtToken',
    'AuthenticationConfiguration.OAuth2Properties.OAuth2Credentials.RefreshToken',
    'AuthenticationConfiguration.OAuth2Properties.OAuth2Credentials.UserManagedClientApplicationClientSecret',
    'ConnectionProperties.PASSWORD',
  ]),
  'AWS::IAM::SAMLProvider': ['AddPrivateKey'],
  'AWS::IAM::ServerCertificate': ['PrivateKey'],
  'AWS::IAM::User': ['LoginProfile.Password'],
  'AWS::InspectorV2::CodeSecurityIntegration': ['CreateIntegrationDetails.gitlabSelfManaged.accessToken'],
  'AWS::Invoicing::ProcurementPortalPreference': ['ProcurementPortalSharedSecret', 'TestEnvPreference.ProcurementPortalSharedSecret'],
  'AWS::IoT::TopicRuleDestination': ['InfluxDBProperties.SecretKey'],
  'AWS::IoTWireless::PartnerAccount': ['Sidewalk.AppServerPrivateKey', 'SidewalkUpdate.AppServerPrivateKey'],
  'AWS::IoTWireless::WirelessDevice': ['LoRaWAN.AbpV10x.SessionKeys.AppSKey', 'LoRaWAN.AbpV11.SessionKeys.AppSKey'],
  'AWS::KinesisFirehose::DeliveryStream': [
    'HttpEndpointDestinationConfiguration.EndpointConfiguration.AccessKey',
    'RedshiftDestinationConfiguration.Password',
    'SnowflakeDestinationConfiguration.KeyPassphrase',
    'SnowflakeDestinationConfiguration.PrivateKey',
    'SplunkDestinationConfiguration.HECToken',
  ],
  'AWS::Lambda::Permission': ['EventSourceToken'],
  'AWS::Lightsail::Database': ['MasterUserPassword'],
  'AWS::ManagedBlockchain::Member': ['MemberConfiguration.MemberFrameworkConfiguration.MemberFabricConfiguration.AdminPassword'],
  'AWS::MediaLive::Channel': ['EncoderSettings.OutputGroups[].OutputGroupSettings.HlsGroupSettings.HlsCdnSettings.HlsAkamaiSettings.Token'],
  'AWS::MediaPackage::Channel': ['HlsIngest.ingestEndpoints[].Password'],
  'AWS::MemoryDB::User': ['AuthenticationMode.Passwords[]'],
  'AWS::OpenSearchService::Domain': ['AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword'],
  'AWS::OpsWorks::App': ['AppSource.Password', 'SslConfiguration.PrivateKey'],
  'AWS::OpsWorks::Stack': ['CustomCookbooksSource.Password', 'RdsDbInstances[].DbPassword'],
  'AWS::OpsWorksCM::Server': ['CustomPrivateKey'],
  'AWS::Pinpoint::ADMChannel': ['ClientSecret'],
  'AWS::Pinpoint::APNSChannel': ['PrivateKey', 'TokenKey'],
  'AWS::Pinpoint::APNSSandboxChannel': ['PrivateKey', 'TokenKey'],
  'AWS::Pinpoint::APNSVoipChannel': ['PrivateKey', 'TokenKey'],
  'AWS::Pinpoint::APNSVoipSandboxChannel': ['PrivateKey', 'TokenKey'],
  'AWS::Pinpoint::BaiduChannel': ['ApiKey', 'SecretKey'],
  'AWS::Pinpoint::GCMChannel': ['ApiKey'],
  'AWS::QuickSight::ActionConnector': under('AuthenticationConfig.AuthenticationMetadata', [
    'ApiKeyConnectionMetadata.ApiKey',
    'AuthorizationCodeGrantMetadata.AuthorizationCodeGrantCredentialsDetails.AuthorizationCodeGrantDetails.ClientSecret',
    'BasicAuthConnectionMetadata.Password',
    'ClientCredentialsGrantMetadata.ClientCredentialsDetails.ClientCredentialsGrantDetails.ClientSecret',
  ]),
  'AWS::QuickSight::DataSource': under('Credentials', [
    'CredentialPair.Password',
    'KeyPairCredentials.PrivateKey',
    'KeyPairCredentials.PrivateKeyPassphrase',
  ]),
  'AWS::QuickSight::OAuthClientApplication': ['ClientSecret'],
  'AWS::RDS::DBCluster': ['MasterUserPassword'],
  'AWS::RDS::DBInstance': ['MasterUserPassword', 'TdeCredentialPassword'],
  'AWS::Redshift::Cluster': ['MasterUserPassword'],
  'AWS::RedshiftServerless::Namespace': ['AdminUserPassword'],
  'AWS::SES::EmailIdentity': ['DkimSigningAttributes.DomainSigningPrivateKey'],
  'AWS::SES::MailManagerIngressPoint': ['IngressPointConfiguration.SmtpPassword'],
  'AWS::SageMaker::Workforce': ['OidcConfig.ClientSecret'],
  'AWS::SecurityLake::SubscriberNotification': ['NotificationConfiguration.HttpsNotificationConfiguration.AuthorizationApiKeyValue'],
  'AWS::Timestream::InfluxDBCluster': ['Password'],
  'AWS::Timestream::InfluxDBInstance': ['Password'],
  'AWS::Transfer::Certificate': ['PrivateKey'],
  'Alexa::ASK::Skill': ['AuthenticationConfiguration.ClientSecret', 'AuthenticationConfiguration.RefreshToken'],
};

/** The values at a path in which `[]` stands for each entry of a list and `{}` for each value of a map. */
export function valuesAt(resource: Resource, path: string): readonly Value[] {
  return path.split('.').reduce<readonly Value[]>(
    (values, segment) => {
      const [, name = '', each] = /^([^[{]*)(\[\]|\{\})?$/.exec(segment) ?? [];
      const found = values.map((value) => value.at(name)).filter(({ state }) => state !== 'absent');
      if (each === '[]') return found.flatMap((value) => value.items());
      return each === '{}' ? found.flatMap((value) => (value.isMap ? value.entries().map(([, entry]) => entry) : [value])) : found;
    },
    [resource.all],
  );
}

/** The credentials that a resource is given, as far as they are set. */
export const credentialsOf = (resource: Resource): readonly Value[] =>
  (CREDENTIAL_PROPERTIES[resource.type] ?? []).flatMap((path) => valuesAt(resource, path)).filter(({ string }) => string !== '');

/** Where a resource keeps its environment: a map, or a list whose entries hold a name and a value under these keys. */
export const ENVIRONMENTS: Readonly<Record<string, readonly (readonly [path: string, name?: string, value?: string])[]>> = {
  'AWS::Amplify::App': [['EnvironmentVariables[]', 'Name', 'Value']],
  'AWS::Amplify::Branch': [['EnvironmentVariables[]', 'Name', 'Value']],
  'AWS::ApiGateway::Stage': [['Variables']],
  'AWS::ApiGatewayV2::Stage': [['StageVariables']],
  'AWS::AppRunner::Service': [
    ['SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentVariables[]', 'Name', 'Value'],
    ['SourceConfiguration.CodeRepository.CodeConfiguration.CodeConfigurationValues.RuntimeEnvironmentVariables[]', 'Name', 'Value'],
  ],
  'AWS::AppSync::GraphQLApi': [['EnvironmentVariables']],
  'AWS::Batch::JobDefinition': [
    ['ContainerProperties.Environment[]', 'Name', 'Value'],
    ['EcsProperties.TaskProperties[].Containers[].Environment[]', 'Name', 'Value'],
    ['NodeProperties.NodeRangeProperties[].Container.Environment[]', 'Name', 'Value'],
    ['EksProperties.PodProperties.Containers[].Env[]', 'Name', 'Value'],
  ],
  'AWS::CodeBuild::Project': [['Environment.EnvironmentVariables[]', 'Name', 'Value']],
  'AWS::ECS::TaskDefinition': [['ContainerDefinitions[].Environment[]', 'Name', 'Value']],
  'AWS::ElasticBeanstalk::ConfigurationTemplate': [['OptionSettings[]', 'OptionName', 'Value']],
  'AWS::ElasticBeanstalk::Environment': [['OptionSettings[]', 'OptionName', 'Value']],
  'AWS::Glue::Job': [['DefaultArguments'], ['NonOverridableArguments']],
  'AWS::Lambda::Function': [['Environment.Variables']],
  'AWS::Lightsail::Container': [['ContainerServiceDeployment.Containers[].Environment[]', 'Variable', 'Value']],
  'AWS::MWAA::Environment': [['AirflowConfigurationOptions']],
  'AWS::SageMaker::Model': [['PrimaryContainer.Environment'], ['Containers[].Environment']],
  'AWS::Serverless::Function': [['Environment.Variables']],
  'AWS::Synthetics::Canary': [['RunConfig.EnvironmentVariables']],
};
export const ENVIRONMENT_TYPES = Object.keys(ENVIRONMENTS);

/** The variables that a resource gives to what runs in it, as far as their names are known. */
export function environmentOf(resource: Resource): readonly (readonly [name: string, value: Value])[] {
  return resource.all.once(environmentOf, () => readEnvironment(resource));
}

function readEnvironment(resource: Resource): readonly (readonly [name: string, value: Value])[] {
  return (ENVIRONMENTS[resource.type] ?? []).flatMap(([path, name, value]) =>
    valuesAt(resource, path).flatMap((each) => {
      if (name === undefined || value === undefined) return each.entries();
      const variable = each.at(name).string;
      return variable === undefined || each.at(value).state === 'absent' ? [] : [[variable, each.at(value)] as const];
    }),
  );
}

/** Attributes by which a resource hands out a secret that it made. */
const SECRET_ATTRIBUTES: Readonly<Record<string, string>> = {
  'AWS::AppSync::ApiKey': 'ApiKey',
  'AWS::Cognito::UserPoolClient': 'ClientSecret',
  'AWS::IAM::AccessKey': 'SecretAccessKey',
};

/** Whether the value is a secret that another resource hands out. */
export function isHandedOut(value: Value, graph: Graph): boolean {
  const { attribute } = value;
  return attribute !== undefined && value.targets.some((id) => SECRET_ATTRIBUTES[graph.get(id)?.type ?? ''] === attribute);
}

/** The parameter of the template that the value comes from, which is not hidden; undefined where there is none. */
export function openParameterOf(value: Value): string | undefined {
  return /^(?:.*\$\{)?parameter ([^\s}]+)/.exec(value.missing ?? value.shape ?? '')?.[1];
}

/** A credential comes from where nobody reads it in passing: not from the template, nor from a parameter that is shown. */
export function isKept(value: Value): Outcome {
  const { path, shownIn } = value;
  if (shownIn !== undefined) return fail(`${path} can be read in ${shownIn}`, path);
  if (value.holdsSecret || value.state === 'reference') return pass();
  if (value.isMap) return every(value.entries(), ([, entry]) => isKept(entry));
  if (value.state === 'known') return fail(`${path} is written in clear text`, path);
  const parameter = openParameterOf(value);
  if (parameter !== undefined)
    return fail(`${path} comes from parameter ${parameter}, which is no NoEcho parameter and is shown with the stack`, path);
  if (value.missing?.startsWith('the Systems Manager parameter'))
    return fail(`${path} comes from a Systems Manager parameter that is kept in clear text`, path);
  return value.targets.length > 0 ? pass() : value.asUnknown();
}
