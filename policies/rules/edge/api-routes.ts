/** Who may call a route, what is accepted from callers, and that no route is looser than its API. */
import {
  documentOf,
  HTTP_API,
  isPreflight,
  METHOD,
  type Operation,
  operationAuthorises,
  operationsOf,
  REST_API,
  ROUTE,
  SAM_API,
  SAM_HTTP_API,
} from '../../facts/apis';
import type { Graph } from '../../graph';
import type { Specs } from '../../merge';
import { every, fail, not, notApplicable, type Outcome, pass, unknown, when } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Value } from '../../value';

const FUNCTION = 'AWS::Serverless::Function';

function methodAuthorises(method: Resource): Outcome {
  const preflight = method.at('HttpMethod').matches(/^options$/i);
  const authorised = method.at('AuthorizationType').orDefault('NONE').isOneOf(['AWS_IAM', 'CUSTOM', 'COGNITO_USER_POOLS']);
  if (authorised.verdict === 'fail' && method.at('Integration.Type').is('MOCK').verdict === 'pass')
    return notApplicable('answers by itself, and passes nothing on');
  return when(not(preflight, 'answers preflight requests, which carry no credentials'), () => authorised);
}

/** Of a WebSocket API only `$connect` is authorised; what follows belongs to the connection. */
function routeAuthorises(route: Resource, graph: Graph): Outcome {
  const key = route.at('RouteKey').string ?? '';
  if (key.startsWith('OPTIONS ')) return notApplicable('answers preflight requests, which carry no credentials');
  const outcome = route.at('AuthorizationType').orDefault('NONE').isOneOf(['AWS_IAM', 'JWT', 'CUSTOM']);
  if (outcome.verdict === 'pass' || key === '$connect' || /^[A-Z]+ \//.test(key)) return outcome;
  const protocol = graph.target(route.at('ApiId'), HTTP_API)?.at('ProtocolType');
  if (key === '$disconnect' || protocol?.is('WEBSOCKET').verdict === 'pass') return notApplicable('belongs to an authorised connection');
  return protocol ? outcome : unknown('the protocol of the API: only HTTP APIs authorise this route', 'RouteKey');
}

/** The authoriser that SAM gives to operations that name none. */
function hasDefaultAuthoriser(api: Resource): Outcome {
  const named = api.at('Auth.DefaultAuthorizer');
  return named.state === 'absent' ? named.asFailure() : named.isNoneOf(['NONE']);
}

function documentAuthorises(api: Resource): Outcome {
  if (api.type === HTTP_API && api.at('Target').isSet().verdict === 'pass')
    return fail('Target creates a route that nobody authorises; write the route as a resource', 'Target');
  const serverless = api.type === SAM_API || api.type === SAM_HTTP_API;
  const byDefault = serverless ? hasDefaultAuthoriser(api) : undefined;
  if (byDefault?.verdict === 'pass') return byDefault;
  const { document, elsewhere } = documentOf(api);
  if (elsewhere) return unknown(`the OpenAPI document, which ${elsewhere.path} keeps elsewhere`, elsewhere.path);
  if (!document) return notApplicable('its routes are written elsewhere');
  if (document.state !== 'known' || document.at('paths').state === 'unknown') return document.asUnknown();
  const operations = operationsOf(document).filter((operation) => !isPreflight(operation));
  if (operations.length === 0) return notApplicable('the document has no operations');
  const outcome = every(operations, (operation) => operationAuthorises(operation, document));
  return byDefault?.verdict === 'unknown' && outcome.verdict === 'fail' ? byDefault : outcome;
}

const API_EVENTS: Readonly<Record<string, string>> = { Api: 'RestApiId', HttpApi: 'ApiId' };

/** Events by which a SAM function answers HTTP requests. */
const apiEvents = (resource: Resource): readonly (readonly [string, Value])[] =>
  resource
    .at('Events')
    .entries()
    .filter(([, event]) => Object.hasOwn(API_EVENTS, event.at('Type').string ?? ''));

function eventsAuthorise(resource: Resource, graph: Graph): Outcome {
  const events = apiEvents(resource);
  if (events.length === 0) return notApplicable('no event lets it answer HTTP requests');
  return every(events, ([name, event]) => {
    if (event.at('Properties.Method').matches(/^options$/i).verdict === 'pass') return pass();
    const own = event.at('Properties.Auth.Authorizer');
    if (own.state !== 'absent') return not(own.is('NONE'), `event ${name} sets Authorizer to "NONE"`);
    const reference = event.at(`Properties.${API_EVENTS[event.at('Type').string ?? '']}`);
    if (reference.state === 'absent')
      return unknown(`event ${name} names no authoriser; only Globals could give the implicit API one`, event.path);
    const api = graph.target(reference, SAM_API, SAM_HTTP_API);
    if (!api) return unknown(`event ${name} names no authoriser, and its API is not here`, event.path);
    const byDefault = hasDefaultAuthoriser(api);
    return byDefault.verdict === 'fail'
      ? fail(`event ${name} names no authoriser, and ${api.logicalId} has no default`, event.path)
      : byDefault;
  });
}

/** Operations that take back what the root of the document, or the API, asks of every operation. */
function keepsDocumentPolicy(api: Resource): Outcome {
  const { document } = documentOf(api);
  if (document?.state !== 'known') return notApplicable('carries no OpenAPI document');
  const general = document.at('security');
  if (general.items().length === 0) return notApplicable('the document asks nothing of every operation');
  return every(
    operationsOf(document).filter((operation) => !isPreflight(operation)),
    ({ name, value }: Operation) => {
      const own = value.at('security');
      return own.state !== 'absent' && own.items().length === 0 && own.state !== 'unknown'
        ? fail(`${name} sets security to nothing, although the document asks for it everywhere`, own.path)
        : pass();
    },
  );
}

/** A SAM event switches off the authoriser that its API gives to all. */
function keepsDefaultAuthoriser(resource: Resource, graph: Graph): Outcome {
  const guarded = apiEvents(resource).flatMap(([name, event]) => {
    const api = graph.target(event.at(`Properties.${API_EVENTS[event.at('Type').string ?? '']}`), SAM_API, SAM_HTTP_API);
    return api && hasDefaultAuthoriser(api).verdict === 'pass' ? [{ name, event, api }] : [];
  });
  if (guarded.length === 0) return notApplicable('none of its APIs has a default authoriser');
  return every(guarded, ({ name, event, api }) =>
    not(event.at('Properties.Auth.Authorizer').is('NONE'), `event ${name} switches off the default authoriser of ${api.logicalId}`),
  );
}

/** A validator that looks at nothing, or an API for which none is written. */
function validatesRequests(api: Resource, graph: Graph): Outcome {
  const methods = graph
    .pointingAt(api, METHOD, 'RestApiId')
    .filter((method) => method.at('Integration.Type').is('MOCK').verdict !== 'pass');
  const { document } = documentOf(api);
  if (document) return document.state === 'known' ? documentValidates(document) : document.asUnknown();
  if (methods.length === 0) return notApplicable('its methods are not here');
  return every(methods, (method) =>
    method.at('RequestValidatorId').isSet().verdict === 'pass' ? pass() : fail(`${method.logicalId} has no RequestValidatorId`),
  );
}

const VALIDATOR = 'x-amazon-apigateway-request-validator';

function documentValidates(document: Value): Outcome {
  if (document.at(VALIDATOR).state !== 'absent') return pass();
  const operations = operationsOf(document).filter((operation) => !isPreflight(operation));
  return every(operations, ({ name, value }) =>
    value.at(VALIDATOR).state === 'absent' ? fail(`${name} has no ${VALIDATOR}`, value.path) : pass(),
  );
}

const method = (Properties: object) => ({
  Method: { Type: METHOD, Properties: { RestApiId: 'a1', ResourceId: 'r1', HttpMethod: 'GET', ...Properties } },
});
const route = (RouteKey: string, Properties: object = {}, protocol = 'HTTP') => ({
  Route: { Type: ROUTE, Properties: { ApiId: { Ref: 'Api' }, RouteKey, ...Properties } },
  Api: { Type: HTTP_API, Properties: { ProtocolType: protocol, Name: 'cases' } },
});
const SIGNED = { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' };
const openApi = (get: object, rest: object = {}) => ({
  openapi: '3.0.1',
  paths: { '/cases': { get } },
  components: { securitySchemes: { sigv4: SIGNED, key: { type: 'apiKey', in: 'header', name: 'x-api-key' } } },
  ...rest,
});
const api = (Body: unknown, Type = REST_API) => ({ Api: { Type, Properties: { Body } } });
const sam = (Auth: object | undefined, rest: object = {}) => ({
  Api: { Type: SAM_API, Properties: { StageName: 'live', ...(Auth ? { Auth } : {}), ...rest } },
});
const lambda = (event: object, Type = 'Api', link: object = { RestApiId: { Ref: 'Api' } }) => ({
  Service: { Type: FUNCTION, Properties: { Events: { List: { Type, Properties: { Path: '/cases', Method: 'get', ...link, ...event } } } } },
});
const DEFAULT = { DefaultAuthorizer: 'AWS_IAM' };

export const apiRoutes = {
  'DID-16': {
    aws: [
      rule({
        on: METHOD,
        check: methodAuthorises,
        fix: 'Use SecureRestApi, or set AuthorizationType to AWS_IAM, COGNITO_USER_POOLS or CUSTOM; an API key is no authorisation.',
        pass: [
          { resources: method({ AuthorizationType: 'AWS_IAM' }) },
          { resources: method({ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' } }) },
        ],
        fail: [
          { resources: method({}) },
          { resources: method({ AuthorizationType: 'NONE' }) },
          { name: 'an API key', resources: method({ AuthorizationType: 'NONE', ApiKeyRequired: true }) },
        ],
        unknown: [
          { parameters: { Kind: { Type: 'String' } }, resources: method({ AuthorizationType: { Ref: 'Kind' } }) },
          { parameters: { Verb: { Type: 'String' } }, resources: method({ HttpMethod: { Ref: 'Verb' } }) },
        ],
        skip: [{ name: 'a preflight request', resources: method({ HttpMethod: 'OPTIONS', AuthorizationType: 'NONE' }) }],
      }),
      rule({
        on: ROUTE,
        check: routeAuthorises,
        fix: 'Set AuthorizationType (JWT, AWS_IAM or CUSTOM) on the route, $default included.',
        pass: [
          { resources: route('GET /cases', { AuthorizationType: 'JWT' }) },
          { resources: route('$connect', { AuthorizationType: 'AWS_IAM' }, 'WEBSOCKET') },
        ],
        fail: [
          { resources: route('GET /cases') },
          { resources: route('$default', { AuthorizationType: 'NONE' }) },
          { resources: route('$connect', {}, 'WEBSOCKET') },
        ],
        unknown: [
          {
            name: 'an API that is not here',
            parameters: { Api: { Type: 'String' } },
            resources: { Route: { Type: ROUTE, Properties: { ApiId: { Ref: 'Api' }, RouteKey: '$default' } } },
          },
        ],
        skip: [
          { resources: route('$default', {}, 'WEBSOCKET') },
          { resources: route('OPTIONS /cases') },
          { resources: route('$disconnect') },
        ],
      }),
      rule({
        on: [REST_API, HTTP_API, SAM_API, SAM_HTTP_API],
        check: documentAuthorises,
        fix: 'Give each operation of the OpenAPI document a security entry with an authoriser behind it; the security of the root is not read.',
        pass: [
          { resources: api(openApi({ security: [{ sigv4: [] }] })) },
          { name: 'as text', resources: api(JSON.stringify(openApi({ security: [{ sigv4: [] }] }))) },
          {
            name: 'OpenAPI 2, with the older extension',
            resources: api({
              swagger: '2.0',
              paths: { '/': { 'x-amazon-apigateway-any-method': { 'x-amazon-apigateway-auth': { type: 'AWS_IAM' } } } },
            }),
          },
          {
            name: 'a JWT authoriser of an HTTP API',
            resources: api(
              openApi(
                { security: [{ jwt: [] }] },
                { components: { securitySchemes: { jwt: { type: 'oauth2', 'x-amazon-apigateway-authorizer': { type: 'jwt' } } } } },
              ),
              HTTP_API,
            ),
          },
          { resources: sam(DEFAULT, { DefinitionBody: openApi({}) }) },
        ],
        fail: [
          { resources: api(openApi({})) },
          { resources: api(openApi({ security: [] })) },
          { name: 'only at the root', resources: api(openApi({}, { security: [{ sigv4: [] }] })) },
          { name: 'an API key', resources: api(openApi({ security: [{ key: [] }] })) },
          { name: 'a scheme that nobody declared', resources: api(openApi({ security: [{ other: [] }] })) },
          { name: 'or nothing at all', resources: api(openApi({ security: [{ sigv4: [] }, {}] })) },
          { resources: sam({ DefaultAuthorizer: 'NONE' }, { DefinitionBody: openApi({}) }) },
          {
            name: 'the route that an HTTP API is created with',
            resources: { Api: { Type: HTTP_API, Properties: { ProtocolType: 'HTTP', Target: 'https://cases.example.com' } } },
          },
        ],
        unknown: [
          { resources: { Api: { Type: REST_API, Properties: { BodyS3Location: { Bucket: 'definitions', Key: 'api.json' } } } } },
          {
            name: 'security that a parameter gives',
            parameters: { Who: { Type: 'String' } },
            resources: api(openApi({ security: { Ref: 'Who' } })),
          },
        ],
        skip: [
          { resources: { Api: { Type: REST_API, Properties: { Name: 'cases' } } } },
          { resources: sam(undefined) },
          { resources: api({ openapi: '3.0.1', paths: { '/cases': { options: {} } } }) },
        ],
      }),
      rule({
        on: FUNCTION,
        check: eventsAuthorise,
        fix: 'Give the API a DefaultAuthorizer (Auth), or the event an Authorizer.',
        pass: [
          { resources: { ...lambda({}), ...sam(DEFAULT) } },
          { resources: lambda({ Auth: { Authorizer: 'Directory' } }) },
          { name: 'a preflight request', resources: { ...lambda({ Method: 'OPTIONS' }), ...sam(undefined) } },
          {
            resources: {
              ...lambda({}, 'HttpApi', { ApiId: { Ref: 'Api' } }),
              Api: { Type: SAM_HTTP_API, Properties: { Auth: { DefaultAuthorizer: 'Directory' } } },
            },
          },
        ],
        fail: [
          { resources: { ...lambda({}), ...sam(undefined) } },
          { resources: { ...lambda({}), ...sam({ DefaultAuthorizer: 'NONE' }) } },
          { resources: { ...lambda({ Auth: { Authorizer: 'NONE' } }), ...sam(DEFAULT) } },
        ],
        unknown: [{ resources: lambda({}, 'Api', {}) }, { parameters: { Api: { Type: 'String' } }, resources: lambda({}) }],
        skip: [{ resources: lambda({}, 'Schedule', {}) }],
      }),
    ],
  },

  'DID-24': {
    aws: [
      rule({
        on: [REST_API, HTTP_API, SAM_API, SAM_HTTP_API],
        check: keepsDocumentPolicy,
        fix: 'Remove the empty security of the operation.',
        pass: [{ resources: api(openApi({ security: [{ sigv4: [] }] }, { security: [{ sigv4: [] }] })) }],
        fail: [{ resources: api(openApi({ security: [] }, { security: [{ sigv4: [] }] })) }],
        skip: [{ resources: api(openApi({ security: [] })) }, { resources: { Api: { Type: REST_API } } }],
      }),
      rule({
        on: FUNCTION,
        check: keepsDefaultAuthoriser,
        fix: 'Remove Authorizer: NONE from the event, so that it inherits the default authoriser of the API.',
        pass: [{ resources: { ...lambda({}), ...sam(DEFAULT) } }],
        fail: [{ resources: { ...lambda({ Auth: { Authorizer: 'NONE' } }), ...sam(DEFAULT) } }],
        skip: [
          { resources: { ...lambda({ Auth: { Authorizer: 'NONE' } }), ...sam(undefined) } },
          { resources: lambda({}, 'Schedule', {}) },
        ],
      }),
    ],
  },

  'DID-17': {
    aws: [
      // Advice: many services validate in their own code, where the rules are richer than JSON Schema.
      rule({
        on: REST_API,
        check: validatesRequests,
        severity: 'low',
        fix: 'Use SecureRestApi, or give each method a RequestValidator that validates body and parameters.',
        pass: [
          { resources: { Api: { Type: REST_API }, ...method({ RestApiId: { Ref: 'Api' }, RequestValidatorId: 'v1' }) } },
          { resources: api(openApi({}, { [VALIDATOR]: 'all' })) },
          { resources: api(openApi({ [VALIDATOR]: 'all' })) },
        ],
        fail: [{ resources: { Api: { Type: REST_API }, ...method({ RestApiId: { Ref: 'Api' } }) } }, { resources: api(openApi({})) }],
        unknown: [{ parameters: { Document: { Type: 'String' } }, resources: api({ Ref: 'Document' }) }],
        skip: [
          { resources: { Api: { Type: REST_API } } },
          { resources: { Api: { Type: REST_API }, ...method({ RestApiId: { Ref: 'Api' }, Integration: { Type: 'MOCK' } }) } },
        ],
      }),
      rule({
        on: 'AWS::ApiGateway::RequestValidator',
        check: (validator) =>
          validator.at('ValidateRequestBody').isTrue().verdict === 'pass' ? pass() : validator.at('ValidateRequestParameters').isTrue(),
        fix: 'Set ValidateRequestBody and ValidateRequestParameters to true; a validator without either validates nothing.',
        pass: [
          { resources: { V: { Type: 'AWS::ApiGateway::RequestValidator', Properties: { RestApiId: 'a1', ValidateRequestBody: true } } } },
          {
            resources: {
              V: { Type: 'AWS::ApiGateway::RequestValidator', Properties: { RestApiId: 'a1', ValidateRequestParameters: true } },
            },
          },
        ],
        fail: [
          { resources: { V: { Type: 'AWS::ApiGateway::RequestValidator', Properties: { RestApiId: 'a1', ValidateRequestBody: false } } } },
        ],
      }),
    ],
  },
} as const satisfies Specs;
