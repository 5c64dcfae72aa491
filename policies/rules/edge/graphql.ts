/** AppSync: who may call, what is recorded, where it is reached, and what it lets a single request ask for. */
import { GRAPHQL_API } from '../../facts/apis';
import type { Graph } from '../../graph';
import type { Specs } from '../../merge';
import { allOf, every, fail, not, notApplicable, type Outcome, pass, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Value } from '../../value';

const EVENT_API = 'AWS::AppSync::Api';
const CHANNELS = 'AWS::AppSync::ChannelNamespace';
const CACHE = 'AWS::AppSync::ApiCache';
const SOURCE = 'AWS::AppSync::DataSource';
const CODE = ['AWS::AppSync::Resolver', 'AWS::AppSync::FunctionConfiguration'] as const;
const WEB_ACL = 'AWS::WAFv2::WebACLAssociation';

/** Every provider that an API takes callers from, the default one first. */
const providersOf = (api: Resource): readonly Value[] => [api.all, ...api.at('AdditionalAuthenticationProviders').items()];

/** Ways to prove who calls. An API key is a shared word that stands in every client: it tells nobody apart. */
const PERSONAL = ['AMAZON_COGNITO_USER_POOLS', 'OPENID_CONNECT', 'AWS_IAM', 'AWS_LAMBDA'] as const;

const asksWhoCalls = (api: Resource): Outcome => every(providersOf(api), (provider) => provider.at('AuthenticationType').isOneOf(PERSONAL));

/** Where an event API, or one of its namespaces, lists how callers prove who they are. */
const MODES: Readonly<Record<string, readonly string[]>> = {
  [EVENT_API]: [
    'EventConfig.AuthProviders',
    'EventConfig.ConnectionAuthModes',
    'EventConfig.DefaultPublishAuthModes',
    'EventConfig.DefaultSubscribeAuthModes',
  ],
  [CHANNELS]: ['PublishAuthModes', 'SubscribeAuthModes'],
};

const channelsAskWhoCalls = (resource: Resource): Outcome =>
  every(
    (MODES[resource.type] ?? []).flatMap((path) => resource.at(path).items()),
    (mode) => mode.at('AuthType').isOneOf(PERSONAL),
  );

/** Tokens of an OpenID issuer are made for a client: without its id, those made for any client are good. */
function clientsArePinned(api: Resource): Outcome {
  const issuers = providersOf(api).filter((provider) => provider.at('AuthenticationType').is('OPENID_CONNECT').verdict === 'pass');
  if (issuers.length === 0) return notApplicable('trusts no OpenID issuer');
  return every(issuers, (provider) => {
    const client = provider.at('OpenIDConnectConfig.ClientId');
    return client.isSet().verdict === 'pass' ? not(client.matches(/^\.[*+]$/), `${client.path} matches every client`) : client.isSet();
  });
}

/** Fields that are read are recorded; levels below record what went wrong only. */
function recordsFields(api: Resource): Outcome {
  return api.at('LogConfig.FieldLogLevel').isOneOf(['ALL', 'INFO', 'DEBUG']);
}

function keepsContentOut(api: Resource): Outcome {
  const level = api.at('LogConfig.FieldLogLevel');
  if (api.at('LogConfig').state === 'absent' || level.is('NONE').verdict === 'pass') return notApplicable('records no fields');
  return api.at('LogConfig.ExcludeVerboseContent').isTrue();
}

const isPrivate = (api: Resource): Outcome => api.at('Visibility').orDefault('GLOBAL').is('PRIVATE');

function hasFirewall(api: Resource, graph: Graph): Outcome {
  const hidden = isPrivate(api);
  if (hidden.verdict === 'pass') return notApplicable('is private');
  if (graph.pointingAt(api, WEB_ACL, 'ResourceArn').length > 0) return pass();
  if (graph.ofType(WEB_ACL).some((association) => association.at('ResourceArn').state === 'unknown'))
    return unknown('which resource a web ACL is associated with');
  return hidden.verdict === 'unknown' ? hidden : fail('no web ACL is associated with the API');
}

/** Depth and number of resolvers of one request; nothing or 0 stands for no limit. */
const limitsQueries = (api: Resource): Outcome =>
  allOf(...['QueryDepthLimit', 'ResolverCountLimit'].map((name) => api.at(name).isAtLeast(1)));

const READS_MANY = /\boperation["']?\s*:\s*["'](Query|Scan)["']|\b(?:ddb|dynamodb)\.(query|scan)\s*\(/;

/** A resolver that queries or scans says how many items at most. */
function limitsItems(resolver: Resource): Outcome {
  const written = ['Code', 'RequestMappingTemplate'].map((path) => resolver.at(path)).find(({ state }) => state !== 'absent');
  if (!written) return notApplicable('its code is not here');
  const shape = written.shape;
  if (shape === undefined) return written.asUnknown();
  if (!READS_MANY.test(shape)) return notApplicable('reads no list');
  return /\blimit["']?\s*[:=,}]/.test(shape) ? pass() : fail(`${written.path} queries or scans without a limit`, written.path);
}

const ENDPOINTS = ['HttpConfig.Endpoint', 'OpenSearchServiceConfig.Endpoint', 'ElasticsearchConfig.Endpoint'] as const;

function sourceIsEncrypted(source: Resource): Outcome {
  const endpoint = ENDPOINTS.map((path) => source.at(path)).find(({ state }) => state !== 'absent');
  if (!endpoint) return notApplicable('calls no HTTP endpoint');
  const shape = endpoint.shape ?? '';
  if (/^http:\/\//i.test(shape)) return fail(`${endpoint.path} begins with http://`, endpoint.path);
  return endpoint.state === 'known' || /^https:\/\//i.test(shape) ? pass() : endpoint.asUnknown();
}

const POOL = { AuthenticationType: 'AMAZON_COGNITO_USER_POOLS' };
const api = (Properties: object = {}) => ({ Api: { Type: GRAPHQL_API, Properties: { Name: 'cases', ...POOL, ...Properties } } });
const LOGS = { CloudWatchLogsRoleArn: 'arn:aws:iam::111122223333:role/logs' };
const oidc = (ClientId?: string) => ({
  AuthenticationType: 'OPENID_CONNECT',
  OpenIDConnectConfig: { Issuer: 'https://login.example.com', ...(ClientId ? { ClientId } : {}) },
});
const events = (EventConfig: object) => ({ Events: { Type: EVENT_API, Properties: { Name: 'cases', EventConfig } } });
const cache = (Properties: object) => ({
  Cache: { Type: CACHE, Properties: { ApiId: 'a1', Type: 'SMALL', ApiCachingBehavior: 'PER_RESOLVER_CACHING', Ttl: 60, ...Properties } },
});
const source = (Properties: object) => ({ Source: { Type: SOURCE, Properties: { ApiId: 'a1', Name: 's', Type: 'HTTP', ...Properties } } });
const resolver = (Properties: object) => ({
  Resolver: { Type: CODE[0], Properties: { ApiId: 'a1', TypeName: 'Query', FieldName: 'cases', ...Properties } },
});
const acl = (ResourceArn: unknown) => ({
  Firewall: { Type: WEB_ACL, Properties: { WebACLArn: 'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/w/1', ResourceArn } },
});

export const graphql = {
  'DID-16': {
    aws: [
      rule({
        on: GRAPHQL_API,
        check: asksWhoCalls,
        fix: 'Use FieldSecuredApi, or an AuthenticationType that tells callers apart: AMAZON_COGNITO_USER_POOLS, OPENID_CONNECT, AWS_IAM or AWS_LAMBDA.',
        pass: [{ resources: api({ AdditionalAuthenticationProviders: [{ AuthenticationType: 'AWS_IAM' }] }) }],
        fail: [
          { resources: api({ AuthenticationType: 'API_KEY' }) },
          { name: 'as a further provider', resources: api({ AdditionalAuthenticationProviders: [{ AuthenticationType: 'API_KEY' }] }) },
        ],
        unknown: [{ parameters: { Kind: { Type: 'String' } }, resources: api({ AuthenticationType: { Ref: 'Kind' } }) }],
      }),
      rule({
        on: [EVENT_API, CHANNELS],
        check: channelsAskWhoCalls,
        fix: 'Remove API_KEY from the providers and the modes to connect, publish and subscribe.',
        pass: [
          { resources: events({ AuthProviders: [{ AuthType: 'AWS_IAM' }], ConnectionAuthModes: [{ AuthType: 'AWS_IAM' }] }) },
          {
            resources: {
              Channel: { Type: CHANNELS, Properties: { ApiId: 'a1', Name: 'cases', PublishAuthModes: [{ AuthType: 'AWS_IAM' }] } },
            },
          },
        ],
        fail: [
          { resources: events({ AuthProviders: [{ AuthType: 'API_KEY' }] }) },
          { resources: events({ ConnectionAuthModes: [{ AuthType: 'API_KEY' }] }) },
          {
            resources: {
              Channel: { Type: CHANNELS, Properties: { ApiId: 'a1', Name: 'cases', PublishAuthModes: [{ AuthType: 'API_KEY' }] } },
            },
          },
        ],
      }),
    ],
  },

  'IDA-11': {
    aws: rule({
      on: GRAPHQL_API,
      check: clientsArePinned,
      severity: 'high',
      fix: 'Name the client ids in OpenIDConnectConfig.ClientId; without it tokens that the issuer made for anybody are good.',
      pass: [{ resources: api(oidc('cases|consulting')) }],
      fail: [
        { resources: api(oidc()) },
        { resources: api(oidc('.*')) },
        { resources: api({ AdditionalAuthenticationProviders: [oidc()] }) },
      ],
      skip: [{ resources: api() }],
    }),
  },

  'LOG-13': {
    aws: [
      rule({
        on: GRAPHQL_API,
        check: (one) => one.at('LogConfig.CloudWatchLogsRoleArn').isSet(),
        fix: 'Use FieldSecuredApi or SecureGraphqlApi, or set LogConfig with a role that may write to CloudWatch Logs.',
        pass: [{ resources: api({ LogConfig: LOGS }) }],
        fail: [{ resources: api() }, { resources: api({ LogConfig: { FieldLogLevel: 'ALL' } }) }],
      }),
      rule({
        on: EVENT_API,
        check: (one) => one.at('EventConfig.LogConfig.CloudWatchLogsRoleArn').isSet(),
        fix: 'Set EventConfig.LogConfig with a role that may write to CloudWatch Logs.',
        pass: [{ resources: events({ LogConfig: { ...LOGS, LogLevel: 'INFO' } }) }],
        fail: [{ resources: events({}) }],
      }),
    ],
  },

  'LOG-04': {
    aws: rule({
      on: GRAPHQL_API,
      check: recordsFields,
      severity: 'medium',
      fix: 'Set LogConfig.FieldLogLevel to ALL, with ExcludeVerboseContent true: which fields were read is recorded, their values are not.',
      pass: [
        { resources: api({ LogConfig: { ...LOGS, FieldLogLevel: 'ALL' } }) },
        { resources: api({ LogConfig: { FieldLogLevel: 'INFO' } }) },
      ],
      fail: [{ resources: api() }, { resources: api({ LogConfig: { ...LOGS, FieldLogLevel: 'ERROR' } }) }],
      unknown: [{ parameters: { Level: { Type: 'String' } }, resources: api({ LogConfig: { FieldLogLevel: { Ref: 'Level' } } }) }],
    }),
  },

  'PRV-07': {
    aws: rule({
      on: GRAPHQL_API,
      check: keepsContentOut,
      from: 'moderate',
      severity: 'medium',
      fix: 'Set LogConfig.ExcludeVerboseContent to true: headers, arguments and the results of resolvers stay out of the log.',
      pass: [{ resources: api({ LogConfig: { ...LOGS, FieldLogLevel: 'ALL', ExcludeVerboseContent: true } }) }],
      fail: [
        { resources: api({ LogConfig: { ...LOGS, FieldLogLevel: 'ALL' } }) },
        { resources: api({ LogConfig: { ExcludeVerboseContent: false } }) },
      ],
      skip: [{ resources: api() }, { resources: api({ LogConfig: { FieldLogLevel: 'NONE' } }) }],
    }),
  },

  'LOG-19': {
    aws: rule({
      on: GRAPHQL_API,
      check: (one) => one.at('XrayEnabled').isTrue(),
      fix: 'Set XrayEnabled to true.',
      pass: [{ resources: api({ XrayEnabled: true }) }],
      fail: [{ resources: api() }, { resources: api({ XrayEnabled: false }) }],
    }),
  },

  'DID-07': {
    aws: rule({
      on: GRAPHQL_API,
      check: hasFirewall,
      from: 'moderate',
      fix: 'Use FieldSecuredApi, which is private, or associate a web ACL with the ARN of the API.',
      pass: [{ resources: { ...api(), ...acl({ 'Fn::GetAtt': ['Api', 'Arn'] }) } }],
      fail: [{ resources: api() }, { resources: api({ Visibility: 'GLOBAL' }) }],
      unknown: [
        { parameters: { Seen: { Type: 'String' } }, resources: api({ Visibility: { Ref: 'Seen' } }) },
        { parameters: { Arn: { Type: 'String' } }, resources: { ...api(), ...acl({ Ref: 'Arn' }) } },
      ],
      skip: [{ resources: api({ Visibility: 'PRIVATE' }) }],
    }),
  },

  'DID-17': {
    aws: rule({
      on: GRAPHQL_API,
      check: limitsQueries,
      severity: 'low',
      fix: 'Set QueryDepthLimit (1 to 75) and ResolverCountLimit (1 to 10000) to what your own queries need.',
      pass: [{ resources: api({ QueryDepthLimit: 6, ResolverCountLimit: 50 }) }],
      fail: [
        { resources: api() },
        { resources: api({ QueryDepthLimit: 6 }) },
        { name: '0 is no limit', resources: api({ QueryDepthLimit: 0, ResolverCountLimit: 50 }) },
      ],
    }),
  },

  'FLS-01': {
    aws: rule({
      on: GRAPHQL_API,
      check: (one) => one.at('IntrospectionConfig').is('DISABLED'),
      from: 'moderate',
      severity: 'low',
      fix: 'Set IntrospectionConfig to DISABLED: fields that a caller may not see are not listed to him either.',
      pass: [{ resources: api({ IntrospectionConfig: 'DISABLED' }) }],
      fail: [{ resources: api() }, { resources: api({ IntrospectionConfig: 'ENABLED' }) }],
    }),
  },

  'EXP-06': {
    aws: rule({
      on: CODE,
      check: limitsItems,
      severity: 'low',
      fix: 'Give the query or scan a limit, and cap what a caller may ask for.',
      pass: [
        { resources: resolver({ Code: "export const request = () => ({ operation: 'Query', limit: 50 });" }) },
        { resources: resolver({ RequestMappingTemplate: '{ "operation": "Scan", "limit": 20 }' }) },
      ],
      fail: [
        { resources: resolver({ Code: "export const request = () => ({ operation: 'Query' });" }) },
        { resources: resolver({ Code: 'export const request = () => ddb.scan({});' }) },
        { resources: resolver({ RequestMappingTemplate: '{ "operation": "Scan" }' }) },
      ],
      unknown: [{ parameters: { Code: { Type: 'String' } }, resources: resolver({ Code: { Ref: 'Code' } }) }],
      skip: [{ resources: resolver({ Code: "export const request = () => ({ operation: 'GetItem' });" }) }, { resources: resolver({}) }],
    }),
  },

  'ENC-11': {
    aws: rule({
      on: CACHE,
      check: (one) => one.at('AtRestEncryptionEnabled').isTrue(),
      fix: 'Set AtRestEncryptionEnabled to true.',
      pass: [{ resources: cache({ AtRestEncryptionEnabled: true }) }],
      fail: [{ resources: cache({}) }, { resources: cache({ AtRestEncryptionEnabled: false }) }],
    }),
  },

  'TLS-06': {
    aws: rule({
      on: CACHE,
      check: (one) => one.at('TransitEncryptionEnabled').isTrue(),
      fix: 'Set TransitEncryptionEnabled to true.',
      pass: [{ resources: cache({ TransitEncryptionEnabled: true }) }],
      fail: [{ resources: cache({}) }, { resources: cache({ TransitEncryptionEnabled: 'false' }) }],
    }),
  },

  'TLS-04': {
    aws: rule({
      on: SOURCE,
      check: sourceIsEncrypted,
      fix: 'Write https:// in the endpoint of the data source.',
      pass: [
        { resources: source({ HttpConfig: { Endpoint: 'https://cases.example.com' } }) },
        {
          resources: source({
            OpenSearchServiceConfig: { AwsRegion: 'eu-central-1', Endpoint: { 'Fn::Sub': 'https://${AWS::StackName}.example.com' } },
          }),
        },
      ],
      fail: [{ resources: source({ HttpConfig: { Endpoint: 'http://cases.example.com' } }) }],
      unknown: [{ parameters: { Server: { Type: 'String' } }, resources: source({ HttpConfig: { Endpoint: { Ref: 'Server' } } }) }],
      skip: [{ resources: source({ Type: 'NONE' }) }],
    }),
  },
} as const satisfies Specs;
