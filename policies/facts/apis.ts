/** APIs: their types, what an OpenAPI document says of its operations, and the settings that hold for a stage. */
import type { Graph } from '../graph';
import { every, fail, type Outcome, pass, some } from '../outcome';
import type { Resource } from '../resource';
import type { Value } from '../value';

export const REST_API = 'AWS::ApiGateway::RestApi';
export const REST_STAGE = 'AWS::ApiGateway::Stage';
export const DEPLOYMENT = 'AWS::ApiGateway::Deployment';
export const METHOD = 'AWS::ApiGateway::Method';
export const HTTP_API = 'AWS::ApiGatewayV2::Api';
export const HTTP_STAGE = 'AWS::ApiGatewayV2::Stage';
export const ROUTE = 'AWS::ApiGatewayV2::Route';
export const SAM_API = 'AWS::Serverless::Api';
export const SAM_HTTP_API = 'AWS::Serverless::HttpApi';
export const GRAPHQL_API = 'AWS::AppSync::GraphQLApi';
export const GRAPHQL_SCHEMA = 'AWS::AppSync::GraphQLSchema';

/** Where each kind of API carries its OpenAPI document, and where it points at one that is kept elsewhere. */
const DOCUMENTS: Readonly<Record<string, readonly [inline: string, elsewhere: string]>> = {
  [REST_API]: ['Body', 'BodyS3Location'],
  [HTTP_API]: ['Body', 'BodyS3Location'],
  [SAM_API]: ['DefinitionBody', 'DefinitionUri'],
  [SAM_HTTP_API]: ['DefinitionBody', 'DefinitionUri'],
};

/** The OpenAPI document written into an API; absent where there is none, unknown where it is kept elsewhere. */
export function documentOf(api: Resource): { readonly document?: Value; readonly elsewhere?: Value } {
  const [inline, elsewhere] = DOCUMENTS[api.type] ?? ['Body', 'BodyS3Location'];
  const body = api.at(inline);
  if (body.state !== 'absent') return { document: body.json() };
  const location = api.at(elsewhere);
  return location.state === 'absent' ? {} : { elsewhere: location };
}

const METHODS: ReadonlySet<string> = new Set([
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'x-amazon-apigateway-any-method',
]);

/** One operation of an OpenAPI document. */
export interface Operation {
  /** `GET /cases` */
  readonly name: string;
  readonly method: string;
  readonly value: Value;
}

/** The operations of a document, in its order. */
export const operationsOf = (document: Value): readonly Operation[] =>
  document
    .at('paths')
    .entries()
    .flatMap(([path, item]) =>
      item
        .entries()
        .filter(([key]) => METHODS.has(key.toLowerCase()))
        .map(([key, value]) => {
          const method = key.toLowerCase();
          return { name: `${method.startsWith('x-') ? 'ANY' : method.toUpperCase()} ${path}`, method, value };
        }),
    );

/** Preflight requests carry no credentials: browsers send them without. */
export const isPreflight = ({ method }: Operation): boolean => method === 'options';

/**
 * Whether an operation asks who is calling. API Gateway reads `security` of the operation only, not that of the document's
 * root; a scheme counts when an authoriser or an authorisation type stands behind it. An API key is no authorisation.
 */
export function operationAuthorises({ name, value }: Operation, document: Value): Outcome {
  const legacy = value.at('x-amazon-apigateway-auth').at('type');
  if (legacy.state !== 'absent' && legacy.is('NONE').verdict !== 'pass') return legacy.is('AWS_IAM');
  const security = value.at('security');
  if (security.state === 'unknown') return security.asUnknown();
  if (security.items().length === 0) return fail(`${name} has no security of its own`, value.path);
  return every(security.items(), (requirement) =>
    requirement.state === 'unknown'
      ? requirement.asUnknown()
      : some(requirement.entries(), ([scheme]) => schemeAuthorises(scheme, document), `${name} may be called without any scheme`),
  );
}

const SCHEMES = ['components.securitySchemes', 'securityDefinitions'] as const;

function schemeAuthorises(name: string, document: Value): Outcome {
  for (const path of SCHEMES) {
    const declared = document
      .at(path)
      .entries()
      .find(([key]) => key === name)?.[1];
    if (!declared) continue;
    if (declared.state === 'unknown') return declared.asUnknown();
    const backed = ['x-amazon-apigateway-authorizer', 'x-amazon-apigateway-authtype'].some((key) => declared.at(key).state !== 'absent');
    return backed ? pass() : fail(`security scheme ${name} has no authoriser behind it`, declared.path);
  }
  return fail(`security scheme ${name} is not declared`);
}

/** Where clients reach a REST API from: by private endpoints only, or from everywhere. */
export function endpointOf(api: Resource): 'private' | 'public' | 'unknown' {
  const endpoint = api.at('EndpointConfiguration');
  const types = endpoint.isMap ? endpoint.at(api.type === SAM_API ? 'Type' : 'Types') : endpoint;
  if (types.state === 'unknown') return 'unknown';
  const { verdict } = some(types.items(), (type) => type.is('PRIVATE'), 'public');
  return verdict === 'pass' ? 'private' : verdict === 'fail' ? 'public' : 'unknown';
}

// ── Stages ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** How the stages of one type are written. */
export interface StageShape {
  /** What holds the settings: the stage itself, or the description of the stage that a deployment creates. */
  readonly root?: string;
  readonly accessLog: string;
  /** REST stages list settings by method; the others give them for all routes, and again for some. */
  readonly methods?: string;
  readonly routes?: readonly [general: string, single: string];
  readonly tracing?: string;
  readonly cacheOn?: string;
}

export const STAGES: Readonly<Record<string, StageShape>> = {
  [REST_STAGE]: { accessLog: 'AccessLogSetting', methods: 'MethodSettings', tracing: 'TracingEnabled', cacheOn: 'CacheClusterEnabled' },
  [DEPLOYMENT]: {
    root: 'StageDescription',
    accessLog: 'StageDescription.AccessLogSetting',
    methods: 'StageDescription.MethodSettings',
    tracing: 'StageDescription.TracingEnabled',
    cacheOn: 'StageDescription.CacheClusterEnabled',
  },
  [HTTP_STAGE]: { accessLog: 'AccessLogSettings', routes: ['DefaultRouteSettings', 'RouteSettings'] },
  [SAM_API]: { accessLog: 'AccessLogSetting', methods: 'MethodSettings', tracing: 'TracingEnabled', cacheOn: 'CacheClusterEnabled' },
  [SAM_HTTP_API]: { accessLog: 'AccessLogSetting', routes: ['DefaultRouteSettings', 'RouteSettings'] },
};

/** The shape of the stage that a resource is or creates; undefined for a deployment whose stage is a resource of its own. */
export function stageOf(resource: Resource, graph: Graph): StageShape | undefined {
  if (resource.type !== DEPLOYMENT) return STAGES[resource.type];
  const creates = resource.at('StageDescription').state !== 'absent' || resource.at('StageName').state !== 'absent';
  return creates && graph.pointingAt(resource, REST_STAGE, 'DeploymentId').length === 0 ? STAGES[DEPLOYMENT] : undefined;
}

/** Whether an entry of the method settings speaks of every method of every resource. */
export const isForAll = (entry: Value): boolean =>
  entry.at('HttpMethod').is('*').verdict === 'pass' && entry.at('ResourcePath').isOneOf(['/*', '*']).verdict === 'pass';

/** Every entry of the settings of a stage, whatever it speaks of. */
export function allSettings(resource: Resource, shape: StageShape): readonly Value[] {
  if (shape.methods !== undefined)
    return [
      ...(shape.root !== undefined && resource.at(shape.root).isMap ? [resource.at(shape.root)] : []),
      ...resource.at(shape.methods).items(),
    ];
  const { general, single } = settingsOf(resource, shape);
  return [...general, ...single];
}

/** The settings of a stage, general ones first: of a REST stage by method, of the others by route. */
export function settingsOf(
  resource: Resource,
  shape: StageShape,
): { readonly general: readonly Value[]; readonly single: readonly Value[] } {
  if (shape.methods !== undefined) {
    const entries = resource.at(shape.methods).items();
    const described = shape.root !== undefined && resource.at(shape.root).isMap ? [resource.at(shape.root)] : [];
    return { general: [...described, ...entries.filter(isForAll)], single: entries.filter((entry) => !isForAll(entry)) };
  }
  const [general = '', single = ''] = shape.routes ?? [];
  const common = resource.at(general);
  return {
    general: common.state === 'absent' ? [] : [common],
    single: resource
      .at(single)
      .entries()
      .map(([, value]) => value)
      .filter((value) => value.isMap),
  };
}

/** The tag with this key, written as a list of keys and values or as a map; undefined where there is none. */
export function tagOf(resource: Resource, key: string): Value | undefined {
  const tags = resource.at('Tags');
  if (tags.isMap) return tags.entries().find(([name]) => name === key)?.[1];
  return tags
    .items()
    .find((tag) => tag.at('Key').string === key)
    ?.at('Value');
}
