/** Pairs on AWS about who signs in, what a distribution answers to whom, what models hold back, and when alarms go off. */
import { ACCOUNT, awsWith, GONE, type Harmless, harmless, type Resources, type Weakening, weakenings } from './pair';

const OTHER = '444455556666';
const lambda = (name: string, account = ACCOUNT) => `arn:aws:lambda:eu-central-1:${account}:function:${name}`;
const CACHED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const NEVER = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const behaviour = (TargetOriginId: string, more: object = {}) => ({
  TargetOriginId,
  ViewerProtocolPolicy: 'https-only',
  CachePolicyId: CACHED,
  ...more,
});
const origin = (Id: string, DomainName: string) => ({ Id, DomainName, CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } });
const SIGNED = { TrustedKeyGroups: [{ Ref: 'Keys' }] };

const CDN: Resources = {
  Keys: { Type: 'AWS::CloudFront::KeyGroup', Properties: { KeyGroupConfig: { Name: 'links', Items: ['K1'] } } },
  Site: {
    Type: 'AWS::CloudFront::Distribution',
    Properties: {
      DistributionConfig: {
        Enabled: true,
        Origins: [origin('s', 'site.example.com'), origin('d', 'docs.example.com'), origin('a', 'api.example.com')],
        DefaultCacheBehavior: behaviour('s'),
        CacheBehaviors: [
          behaviour('d', { PathPattern: '/docs/*', ...SIGNED }),
          behaviour('a', { PathPattern: '/api/*', CachePolicyId: NEVER }),
        ],
      },
    },
  },
};

const PEOPLE: Resources = {
  Pool: {
    Type: 'AWS::Cognito::UserPool',
    Properties: { UserPoolName: 'agents', MfaConfiguration: 'ON', LambdaConfig: { PreTokenGeneration: lambda('claims') } },
  },
  Client: {
    Type: 'AWS::Cognito::UserPoolClient',
    Properties: {
      UserPoolId: { Ref: 'Pool' },
      WriteAttributes: ['name', 'phone_number'],
      SupportedIdentityProviders: ['Corporate'],
    },
  },
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'cases', ProtocolType: 'HTTP' } },
  Write: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Api' },
      RouteKey: 'POST /cases',
      AuthorizationType: 'JWT',
      AuthorizerId: 'a1',
      AuthorizationScopes: ['cases/write', 'cases/admin'],
    },
  },
  Door: {
    Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    Properties: {
      ListenerArn: 'arn:x',
      Priority: 1,
      Conditions: [{ Field: 'path-pattern', Values: ['/*'] }],
      Actions: [
        { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: { Issuer: 'https://login.example.com', ClientId: 'c' } },
        { Type: 'forward', Order: 2, TargetGroupArn: 'arn:y' },
      ],
    },
  },
  Vendor: {
    Type: 'AWS::Transfer::User',
    Properties: { ServerId: 's-1', UserName: 'vendor', Role: `arn:aws:iam::${ACCOUNT}:role/files`, HomeDirectoryType: 'LOGICAL' },
  },
  Devices: {
    Type: 'AWS::IoT::Authorizer',
    Properties: { AuthorizerFunctionArn: lambda('devices'), SigningDisabled: false, TokenKeyName: 't' },
  },
  Desk: {
    Type: 'AWS::Connect::Instance',
    Properties: { IdentityManagementType: 'SAML', Attributes: { InboundCalls: true, OutboundCalls: true, ContactflowLogs: true } },
  },
};

const MODELS: Resources = {
  Held: {
    Type: 'AWS::Bedrock::Guardrail',
    Properties: {
      Name: 'cases',
      BlockedInputMessaging: 'no',
      BlockedOutputsMessaging: 'no',
      SensitiveInformationPolicyConfig: {
        PiiEntitiesConfig: [
          { Type: 'EMAIL', Action: 'ANONYMIZE' },
          { Type: 'PASSWORD', Action: 'BLOCK' },
        ],
      },
      ContentPolicyConfig: { FiltersConfig: [{ Type: 'PROMPT_ATTACK', InputStrength: 'HIGH', OutputStrength: 'NONE' }] },
      TopicPolicyConfig: { TopicsConfig: [{ Name: 'health', Definition: 'health of customers', Type: 'DENY' }] },
    },
  },
  Agent: {
    Type: 'AWS::Bedrock::Agent',
    Properties: { AgentName: 'cases', FoundationModel: 'm', GuardrailConfiguration: { GuardrailIdentifier: 'g', GuardrailVersion: '1' } },
  },
  Failed: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'Cases',
      MetricName: 'Refused',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Statistic: 'Sum',
      EvaluationPeriods: 1,
      Period: 300,
      Threshold: 1,
      AlarmActions: [`arn:aws:sns:eu-central-1:${ACCOUNT}:alerts`],
    },
  },
  Threats: {
    Type: 'AWS::GuardDuty::Detector',
    Properties: {
      Enable: true,
      Features: [
        {
          Name: 'RUNTIME_MONITORING',
          Status: 'ENABLED',
          AdditionalConfiguration: [{ Name: 'ECS_FARGATE_AGENT_MANAGEMENT', Status: 'ENABLED' }],
        },
      ],
    },
  },
  Recorder: {
    Type: 'AWS::Config::ConfigurationRecorder',
    Properties: { RoleARN: 'arn:x', RecordingGroup: { AllSupported: true }, RecordingMode: { RecordingFrequency: 'CONTINUOUS' } },
  },
  Source: {
    Type: 'AWS::DMS::Endpoint',
    Properties: { EndpointType: 'source', EngineName: 'postgres', SslMode: 'verify-full', ServerName: 'db.example.com' },
  },
};

const CONFIG = 'Site.DistributionConfig';
const PII = 'Held.SensitiveInformationPolicyConfig.PiiEntitiesConfig';

export const SIGN_IN_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  ...weakenings(awsWith, CDN, {
    'documents are answered without a signed link': [
      'exposure: everybody now: /docs/*',
      { [`${CONFIG}.CacheBehaviors.0.TrustedKeyGroups`]: GONE },
    ],
    'a part of the documents is answered without a signed link': [
      'exposure: everybody now: /docs/public/*',
      {
        [`${CONFIG}.CacheBehaviors`]: [
          behaviour('d', { PathPattern: '/docs/public/*' }),
          behaviour('d', { PathPattern: '/docs/*', ...SIGNED }),
          behaviour('a', { PathPattern: '/api/*', CachePolicyId: NEVER }),
        ],
      },
    ],
    'what no path asks for is answered with documents': [
      'exposure: everybody now: paths without a rule',
      { [`${CONFIG}.DefaultCacheBehavior.TargetOriginId`]: 'd' },
    ],
    'another key signs links': ['access: K2', { 'Keys.KeyGroupConfig.Items': ['K1', 'K2'] }],
    'calls go to another host': [
      'exposure: api.vendor.example.net instead of',
      { [`${CONFIG}.Origins.2.DomainName`]: 'api.vendor.example.net' },
    ],
    'a stranger runs code at the edge': [
      `exposure: ${OTHER}`,
      {
        [`${CONFIG}.DefaultCacheBehavior.LambdaFunctionAssociations`]: [
          { EventType: 'viewer-request', LambdaFunctionARN: `${lambda('look', OTHER)}:3` },
        ],
      },
    ],
    'answers of an interface are kept for others': ['exposure: are kept now', { [`${CONFIG}.CacheBehaviors.1.CachePolicyId`]: CACHED }],
  }),
  ...weakenings(awsWith, PEOPLE, {
    'tokens of every scope are taken': ['access: tokens of every scope', { 'Write.AuthorizationScopes': GONE }],
    'one more scope is enough': ['access: tokens with openid', { 'Write.AuthorizationScopes': ['cases/write', 'cases/admin', 'openid'] }],
    'people may change what they are': ['access: custom:role', { 'Client.WriteAttributes': ['name', 'phone_number', 'custom:role'] }],
    'people may change everything of theirs': ['access: every attribute', { 'Client.WriteAttributes': GONE }],
    'people sign in by another provider as well': ['access: Google', { 'Client.SupportedIdentityProviders': ['Corporate', 'Google'] }],
    'another account decides about tokens': [`access: ${OTHER}`, { 'Pool.LambdaConfig.PreTokenGeneration': lambda('claims', OTHER) }],
    'a provider is added': [
      'access: whoever signs in there',
      {
        Partner: {
          Type: 'AWS::Cognito::UserPoolIdentityProvider',
          Properties: { UserPoolId: { Ref: 'Pool' }, ProviderName: 'Partner', ProviderType: 'OIDC' },
        },
      },
    ],
    'a listener trusts another sign-in': [
      'access: login.vendor.example',
      { 'Door.Actions.0.AuthenticateOidcConfig.Issuer': 'https://login.vendor.example' },
    ],
    'a vendor sees the whole store': ['access: PATH instead of LOGICAL', { 'Vendor.HomeDirectoryType': 'PATH' }],
    'tokens of devices need no signature': ['access: no signature', { 'Devices.SigningDisabled': true }],
    'agents sign in by passwords of the desk': [
      'access: CONNECT_MANAGED instead of SAML',
      { 'Desk.IdentityManagementType': 'CONNECT_MANAGED' },
    ],
    'flows of contacts are not recorded': ['logging: contact flows', { 'Desk.Attributes.ContactflowLogs': false }],
  }),
  ...weakenings(awsWith, MODELS, {
    'passwords pass a model': ['data: PASSWORD in answers', { [`${PII}.1.Action`]: 'NONE' }],
    'personal data is not looked at in questions': ['data: EMAIL in questions', { [`${PII}.0.InputEnabled`]: false }],
    'personal data is not held back': ['data: personal data', { 'Held.SensitiveInformationPolicyConfig': GONE }],
    'attacks on a model are held back less': [
      'data: PROMPT_ATTACK in questions',
      { 'Held.ContentPolicyConfig.FiltersConfig.0.InputStrength': 'LOW' },
    ],
    'an agent loses its guardrail': ['data: no guardrail', { 'Agent.GuardrailConfiguration': GONE }],
    'a guardrail is gone': ['data: nothing holds back', { Held: GONE }],
    'an alarm needs one more': ['detection: GreaterThanThreshold instead of', { 'Failed.ComparisonOperator': 'GreaterThanThreshold' }],
    'an agent of a detector is not brought along': [
      'detection: ECS_FARGATE_AGENT_MANAGEMENT',
      { 'Threats.Features.0.AdditionalConfiguration.0.Status': 'DISABLED' },
    ],
    'configuration is recorded once a day': ['logging: DAILY', { 'Recorder.RecordingMode.RecordingFrequency': 'DAILY' }],
    'a copy job speaks in clear': ['encryption: verify-full to none', { 'Source.SslMode': 'none' }],
  }),
};

export const SIGN_IN_HARMLESS: Readonly<Record<string, Harmless>> = {
  ...harmless(awsWith, CDN, {
    'a path of documents gets a rule of its own, with signed links': {
      [`${CONFIG}.CacheBehaviors`]: [
        behaviour('d', { PathPattern: '/docs/a/*', ...SIGNED }),
        behaviour('d', { PathPattern: '/docs/*', ...SIGNED }),
        behaviour('a', { PathPattern: '/api/*', CachePolicyId: NEVER }),
      ],
    },
    'origins get other ids, and rules that do not touch stand in another order': {
      [`${CONFIG}.Origins`]: [origin('api', 'api.example.com'), origin('docs', 'docs.example.com'), origin('site', 'site.example.com')],
      [`${CONFIG}.DefaultCacheBehavior.TargetOriginId`]: 'site',
      [`${CONFIG}.CacheBehaviors`]: [
        behaviour('api', { PathPattern: '/api/*', CachePolicyId: NEVER }),
        behaviour('docs', { PathPattern: '/docs/*', ...SIGNED }),
      ],
    },
    'a page of the site gets a rule': {
      [`${CONFIG}.CacheBehaviors`]: [
        behaviour('d', { PathPattern: '/docs/*', ...SIGNED }),
        behaviour('a', { PathPattern: '/api/*', CachePolicyId: NEVER }),
        behaviour('s', { PathPattern: '/assets/*' }),
      ],
    },
  }),
  ...harmless(awsWith, PEOPLE, {
    'scopes stand in another order': { 'Write.AuthorizationScopes': ['cases/admin', 'cases/write'] },
    'one scope is not enough any more': { 'Write.AuthorizationScopes': ['cases/write'] },
    'people may change less': { 'Client.WriteAttributes': ['name'] },
    'tokens of more are signed': { 'Devices.SigningDisabled': GONE },
  }),
  ...harmless(awsWith, MODELS, {
    'more personal data is held back': {
      [PII]: [
        { Type: 'PASSWORD', Action: 'BLOCK' },
        { Type: 'EMAIL', Action: 'BLOCK' },
        { Type: 'NAME', Action: 'ANONYMIZE' },
      ],
    },
    'actions are written by way': {
      [`${PII}.0`]: { Type: 'EMAIL', Action: 'ANONYMIZE', InputAction: 'ANONYMIZE', OutputAction: 'ANONYMIZE', InputEnabled: true },
    },
    'an alarm goes off earlier': { 'Failed.Threshold': 0 },
  }),
};
