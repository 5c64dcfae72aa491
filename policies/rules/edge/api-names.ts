/** How an API is reached: domain names, default endpoints, firewalls, resource policies, authorizers. */
import type { ControlId } from '../../../controls';
import { endpointOf, HTTP_API, REST_API, REST_STAGE, SAM_API, SAM_HTTP_API } from '../../facts/apis';
import { grantsNobodyPublicly } from '../../facts/iam';
import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const DOMAIN = 'AWS::ApiGateway::DomainName';
const HTTP_DOMAIN = 'AWS::ApiGatewayV2::DomainName';
const LINK = 'AWS::ApiGatewayV2::VpcLink';
const ASSOCIATIONS = ['AWS::WAFv2::WebACLAssociation', 'AWS::WAFRegional::WebACLAssociation'] as const;

/** TLS 1.2 or later; the enhanced policies name the lowest version that they let in. */
const isModern = (policy: Value): Outcome => policy.matches(/^(TLS_1_2|SecurityPolicy_TLS1[23]_.+)$/);

function samDomainIsModern(api: Resource): Outcome {
  return api.at('Domain').state === 'absent' ? notApplicable('has no domain name of its own') : isModern(api.at('Domain.SecurityPolicy'));
}

/** Edge-optimised and regional default endpoints speak TLS 1.0 unless the API says otherwise; private ones do not. */
function defaultEndpointIsModern(api: Resource): Outcome {
  if (endpointOf(api) === 'private') return notApplicable('private endpoints speak TLS 1.2 or later');
  if (api.at('DisableExecuteApiEndpoint').isTrue().verdict === 'pass') return notApplicable('the default endpoint is off');
  return isModern(api.at('SecurityPolicy'));
}

/** SAM sets the policy of a domain name only: without one clients come by the default endpoint. */
function samNeedsDomain(api: Resource): Outcome {
  if (endpointOf(api) === 'private') return notApplicable('private endpoints speak TLS 1.2 or later');
  if (api.at('Domain').state !== 'absent') return notApplicable('has a domain name, whose policy is judged');
  const closed = api.at('DisableExecuteApiEndpoint').isTrue();
  return closed.verdict === 'fail' ? fail('without Domain clients come by the default endpoint, which speaks TLS 1.0') : closed;
}

const hasOwnDomain = (api: Resource, graph: Graph): boolean =>
  api.type === SAM_API || api.type === SAM_HTTP_API
    ? api.at('Domain').state !== 'absent'
    : [
        ...graph.pointingAt(api, 'AWS::ApiGateway::BasePathMapping', 'RestApiId'),
        ...graph.pointingAt(api, 'AWS::ApiGatewayV2::ApiMapping', 'ApiId'),
      ].length > 0;

/** Beside a domain name of one's own, the default endpoint is a second door: past its firewall, its TLS policy and its client certificates. */
function hasOneDoor(api: Resource, graph: Graph): Outcome {
  if (!hasOwnDomain(api, graph)) return notApplicable('the default endpoint is its only one');
  if (api.type === REST_API && endpointOf(api) === 'private') return notApplicable('is private');
  return api.at('DisableExecuteApiEndpoint').isTrue();
}

/** Web ACLs are associated with a stage by an ARN that is put together from the API and the name of the stage. */
function hasFirewall(stage: Resource, graph: Graph): Outcome {
  const api = stage.type === SAM_API ? stage : graph.target(stage.at('RestApiId'), REST_API);
  if (api && endpointOf(api) === 'private') return notApplicable('is private');
  const name = stage.at('StageName').string;
  const near = ASSOCIATIONS.flatMap((type) => [
    ...graph.pointingAt(stage, type, 'ResourceArn'),
    ...(api && api !== stage ? graph.pointingAt(api, type, 'ResourceArn') : []),
  ]);
  const fits = near.some((association) => {
    const arn = association.at('ResourceArn');
    const [, written] = /\/stages\/([^/$]+)$/.exec(arn.shape ?? '') ?? [];
    return written === undefined || name === undefined || written === name;
  });
  if (fits) return pass();
  if (!api) return unknown('the API of the stage: only public ones need a firewall', 'RestApiId');
  if (endpointOf(api) === 'unknown') return unknown('whether the API is public', 'EndpointConfiguration');
  const loose = ASSOCIATIONS.some((type) => graph.ofType(type).some((association) => association.at('ResourceArn').state === 'unknown'));
  return loose ? unknown('which resource a web ACL is associated with') : fail('no web ACL is associated with the stage');
}

/** A private API without a limit in its policy can be called through the endpoints of every account. */
function letsNobodyElseIn(api: Resource): Outcome {
  const policy = api.at('Policy');
  if (policy.state === 'absent') return notApplicable('has no resource policy');
  if (endpointOf(api) === 'public') return notApplicable('is public: its authorisers tell callers apart');
  const outcome = grantsNobodyPublicly(policy, 'execute-api:Invoke');
  return endpointOf(api) === 'unknown' && outcome.verdict === 'fail'
    ? unknown('whether the API is private', 'EndpointConfiguration')
    : outcome;
}

/** What a parameter or a reference gives stands elsewhere; the families of secrets judge it there. */
function keyIsNotWritten(key: Resource): Outcome {
  const value = key.at('Value');
  return value.string === undefined || value.string.startsWith('{{resolve:') ? pass() : fail('Value stands in the template', 'Value');
}

function audienceIsPinned(authorizer: Resource): Outcome {
  if (authorizer.at('AuthorizerType').is('JWT').verdict === 'fail') return notApplicable('reads no JSON web tokens');
  return authorizer.at('JwtConfiguration.Audience').isSet();
}

const domain = (Properties: object, Type = DOMAIN) => ({ Domain: { Type, Properties: { DomainName: 'api.example.com', ...Properties } } });
const v2Domain = (configuration: object) => domain({ DomainNameConfigurations: [configuration] }, HTTP_DOMAIN);
const api = (Properties: object = {}, Type = REST_API) => ({ Api: { Type, Properties } });
const PRIVATE = { EndpointConfiguration: { Types: ['PRIVATE'] } };
const REGIONAL = { EndpointConfiguration: { Types: ['REGIONAL'] } };
const mapped = (Properties: object) => ({
  ...api(Properties),
  Mapping: { Type: 'AWS::ApiGateway::BasePathMapping', Properties: { DomainName: 'api.example.com', RestApiId: { Ref: 'Api' } } },
});
const stage = { Stage: { Type: REST_STAGE, Properties: { RestApiId: { Ref: 'Api' }, StageName: 'live' } } };
const acl = (ResourceArn: unknown) => ({
  Firewall: {
    Type: 'AWS::WAFv2::WebACLAssociation',
    Properties: { WebACLArn: 'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/w/1', ResourceArn },
  },
});
const stageArn = (name: string) => ({ 'Fn::Sub': `arn:aws:apigateway:\${AWS::Region}::/restapis/\${Api}/stages/${name}` });
const policy = (Condition: object | undefined) => ({
  Policy: {
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*', ...(Condition ? { Condition } : {}) },
    ],
  },
});
const jwt = (JwtConfiguration: object, AuthorizerType = 'JWT') => ({
  Authorizer: { Type: 'AWS::ApiGatewayV2::Authorizer', Properties: { ApiId: 'a1', Name: 'directory', AuthorizerType, JwtConfiguration } },
});
const ISSUER = { Issuer: 'https://login.example.com' };

export const apiNames = {
  'TLS-01': {
    aws: [
      rule({
        on: [DOMAIN, 'AWS::ApiGateway::DomainNameV2'],
        check: (name) => isModern(name.at('SecurityPolicy')),
        fix: 'Set SecurityPolicy to TLS_1_2, or to one of the enhanced policies (SecurityPolicy_TLS13_1_2_…).',
        pass: [
          { resources: domain({ SecurityPolicy: 'TLS_1_2' }) },
          { resources: domain({ SecurityPolicy: 'SecurityPolicy_TLS13_1_3_2025_09' }) },
        ],
        fail: [{ resources: domain({}) }, { resources: domain({ SecurityPolicy: 'TLS_1_0' }) }],
        unknown: [{ parameters: { Policy: { Type: 'String' } }, resources: domain({ SecurityPolicy: { Ref: 'Policy' } }) }],
      }),
      rule({
        on: HTTP_DOMAIN,
        check: (name) =>
          name.at('DomainNameConfigurations').items().length === 0
            ? name.at('DomainNameConfigurations').asFailure()
            : every(name.at('DomainNameConfigurations').items(), (configuration) => isModern(configuration.at('SecurityPolicy'))),
        fix: 'Set SecurityPolicy to TLS_1_2 in each of DomainNameConfigurations.',
        pass: [{ resources: v2Domain({ SecurityPolicy: 'TLS_1_2' }) }],
        fail: [{ resources: v2Domain({}) }, { resources: v2Domain({ SecurityPolicy: 'TLS_1_0' }) }, { resources: domain({}, HTTP_DOMAIN) }],
      }),
      rule({
        on: [SAM_API, SAM_HTTP_API],
        check: samDomainIsModern,
        fix: 'Set SecurityPolicy: TLS_1_2 in Domain.',
        pass: [
          { resources: api({ Domain: { DomainName: 'api.example.com', SecurityPolicy: 'TLS_1_2' } }, SAM_API) },
          { resources: api({ Domain: { DomainName: 'api.example.com', SecurityPolicy: 'TLS_1_2' } }, SAM_HTTP_API) },
        ],
        fail: [
          { resources: api({ Domain: { DomainName: 'api.example.com' } }, SAM_API) },
          { resources: api({ Domain: { DomainName: 'api.example.com', SecurityPolicy: 'TLS_1_0' } }, SAM_HTTP_API) },
        ],
        skip: [{ resources: api({}, SAM_API) }],
      }),
      rule({
        on: SAM_API,
        severity: 'low',
        check: samNeedsDomain,
        fix: 'Set Domain with SecurityPolicy TLS_1_2, and DisableExecuteApiEndpoint: true.',
        pass: [{ resources: api({ DisableExecuteApiEndpoint: true }, SAM_API) }],
        fail: [{ resources: api({}, SAM_API) }, { resources: api({ EndpointConfiguration: 'REGIONAL' }, SAM_API) }],
        skip: [
          { resources: api({ EndpointConfiguration: 'PRIVATE' }, SAM_API) },
          { resources: api({ EndpointConfiguration: { Type: 'PRIVATE' } }, SAM_API) },
          { resources: api({ Domain: { DomainName: 'api.example.com' } }, SAM_API) },
        ],
      }),
      rule({
        on: REST_API,
        check: defaultEndpointIsModern,
        // A property that few templates write yet.
        severity: 'low',
        fix: 'Set SecurityPolicy (SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09) and EndpointAccessMode STRICT, or DisableExecuteApiEndpoint.',
        pass: [{ resources: api({ ...REGIONAL, SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09' }) }],
        fail: [{ resources: api() }, { resources: api({ ...REGIONAL, SecurityPolicy: 'TLS_1_0' }) }],
        skip: [{ resources: api(PRIVATE) }, { resources: api({ DisableExecuteApiEndpoint: true }) }],
      }),
    ],
  },

  'DID-02': {
    aws: rule({
      on: [REST_API, HTTP_API, SAM_API, SAM_HTTP_API],
      check: hasOneDoor,
      severity: 'low',
      fix: 'Set DisableExecuteApiEndpoint to true: callers then pass the domain name, its TLS policy and its client certificates.',
      pass: [{ resources: mapped({ DisableExecuteApiEndpoint: true }) }],
      fail: [
        { resources: mapped({}) },
        { resources: api({ Domain: { DomainName: 'api.example.com' } }, SAM_HTTP_API) },
        {
          resources: {
            ...api({ ProtocolType: 'HTTP' }, HTTP_API),
            Mapping: {
              Type: 'AWS::ApiGatewayV2::ApiMapping',
              Properties: { DomainName: 'api.example.com', Stage: 'live', ApiId: { Ref: 'Api' } },
            },
          },
        },
      ],
      skip: [{ resources: api() }, { resources: mapped(PRIVATE) }],
    }),
  },

  'DID-07': {
    aws: rule({
      on: [REST_STAGE, SAM_API],
      check: hasFirewall,
      from: 'moderate',
      fix: 'Use SecureRestApi with webAclArn, or add a WebACLAssociation for the ARN of the stage.',
      pass: [
        { resources: { ...api(), ...stage, ...acl(stageArn('live')) } },
        { name: 'by reference to the stage', resources: { ...api(), ...stage, ...acl(stageArn('${Stage}')) } },
        { resources: { ...api({ StageName: 'live' }, SAM_API), ...acl(stageArn('live')) } },
      ],
      fail: [
        { resources: { ...api(REGIONAL), ...stage } },
        { name: 'another stage', resources: { ...api(), ...stage, ...acl(stageArn('test')) } },
        { resources: api({ StageName: 'live' }, SAM_API) },
      ],
      unknown: [
        { resources: stage },
        { parameters: { Arn: { Type: 'String' } }, resources: { ...api(), ...stage, ...acl({ Ref: 'Arn' }) } },
        {
          parameters: { Kind: { Type: 'String' } },
          resources: { ...api({ EndpointConfiguration: { Types: [{ Ref: 'Kind' }] } }), ...stage },
        },
      ],
      skip: [{ resources: { ...api(PRIVATE), ...stage } }],
    }),
  },

  'LPA-10': {
    aws: rule({
      on: REST_API,
      check: letsNobodyElseIn,
      fix: 'Use SecureRestApi, or confine the policy to your endpoints or organisation (aws:SourceVpce, aws:SourceVpc, aws:PrincipalOrgID).',
      pass: [
        { resources: api({ ...PRIVATE, ...policy({ StringEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } }) }) },
        {
          name: 'everybody, but a fence around',
          resources: api({
            ...PRIVATE,
            Policy: {
              Statement: [
                ...policy(undefined).Policy.Statement,
                {
                  Effect: 'Deny',
                  Principal: '*',
                  Action: 'execute-api:Invoke',
                  Resource: '*',
                  Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } },
                },
              ],
            },
          }),
        },
      ],
      fail: [{ resources: api({ ...PRIVATE, ...policy(undefined) }) }],
      unknown: [
        {
          parameters: { Kind: { Type: 'String' } },
          resources: api({ EndpointConfiguration: { Types: [{ Ref: 'Kind' }] }, ...policy(undefined) }),
        },
      ],
      skip: [{ resources: api(PRIVATE) }, { resources: api({ ...REGIONAL, ...policy(undefined) }) }],
    }),
  },

  'IDA-11': {
    aws: rule({
      on: 'AWS::ApiGatewayV2::Authorizer',
      check: audienceIsPinned,
      severity: 'high',
      fix: 'List the client ids that the tokens are made for in JwtConfiguration.Audience; without it every token of the issuer is good.',
      pass: [{ resources: jwt({ ...ISSUER, Audience: ['cases'] }) }],
      fail: [{ resources: jwt(ISSUER) }, { resources: jwt({ ...ISSUER, Audience: [] }) }],
      skip: [{ resources: jwt({}, 'REQUEST') }],
    }),
  },

  'IDA-13': {
    aws: rule({
      on: 'AWS::ApiGateway::ApiKey',
      check: keyIsNotWritten,
      fix: 'Leave Value out: API Gateway makes one that stands in no template.',
      pass: [
        { resources: { Key: { Type: 'AWS::ApiGateway::ApiKey', Properties: { Enabled: true } } } },
        { resources: { Key: { Type: 'AWS::ApiGateway::ApiKey', Properties: { Value: '{{resolve:secretsmanager:cases}}' } } } },
      ],
      fail: [{ resources: { Key: { Type: 'AWS::ApiGateway::ApiKey', Properties: { Value: 'abcdefghijklmnopqrstuvwxyz' } } } }],
    }),
  },

  'DID-23': {
    aws: rule({
      on: LINK,
      check: (link) => link.at('SecurityGroupIds').isSet(),
      severity: 'low',
      fix: 'Give the link a security group of its own in SecurityGroupIds; without one it gets the default group of the network.',
      pass: [{ resources: { Link: { Type: LINK, Properties: { Name: 'cases', SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] } } } }],
      fail: [{ resources: { Link: { Type: LINK, Properties: { Name: 'cases', SubnetIds: ['subnet-1'] } } } }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
