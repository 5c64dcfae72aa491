/** Endpoints of AWS that answer the internet, or somebody else's account, without standing in a network of ours. */
import {
  documentOf,
  endpointOf,
  GRAPHQL_API,
  HTTP_API,
  HTTP_STAGE,
  isPreflight,
  METHOD,
  operationAuthorises,
  operationsOf,
  REST_API,
  REST_STAGE,
  ROUTE,
  SAM_API,
  SAM_HTTP_API,
} from '../../../policies/facts/apis';
import { statementsOf } from '../../../policies/facts/iam';
import { cidrPeer } from '../../../policies/facts/network-flows';
import { BUCKET, statementsOn } from '../../../policies/facts/storage';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import { hasPublicAcl } from '../../../policies/rules/object-storage/exposure';
import type { Value } from '../../../policies/value';
import { samEntries } from './aws-sam';
import { type Entry, INTERNET } from './model';
import { allSources, NOBODY, type Reach, sourcesOf } from './reach';

type Door = Omit<Entry, 'from' | 'to' | 'on'> & Partial<Pick<Entry, 'from' | 'to' | 'on'>>;
/** What opens a resource of a type; undefined where nothing does. */
type Opens = (resource: Resource, graph: Graph) => Door | undefined;

const NOTHING: ReadonlySet<string> = new Set();
const ALL: ReadonlySet<string> = new Set(['']);
const FUNCTION = ['AWS::Lambda::Function', 'AWS::Serverless::Function'];

const flag = (value: Value): boolean | undefined => (value.state === 'unknown' ? undefined : value.boolean === true);

// ── APIs ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What answers by itself passes nothing on: whoever calls it reaches what the API says, and no more. */
const answersItself = (type: Value): boolean => type.matches(/^mock$/i).verdict === 'pass';

/** What of an API can be called without saying who calls. An API key tells applications apart, and is no authentication. */
function openOperations(api: Resource, graph: Graph): ReadonlySet<string> {
  const open = new Set<string>();
  const { document } = documentOf(api);
  const always = api.type === SAM_API || api.type === SAM_HTTP_API ? api.at('Auth.DefaultAuthorizer').isSet().verdict !== 'fail' : false;
  if (document && !always)
    for (const operation of operationsOf(document))
      if (
        !isPreflight(operation) &&
        !answersItself(operation.value.at('x-amazon-apigateway-integration.type')) &&
        operationAuthorises(operation, document).verdict === 'fail'
      )
        open.add(operation.name);
  for (const method of graph.pointingAt(api, METHOD, 'RestApiId')) {
    const verb = method.at('HttpMethod').string ?? 'ANY';
    if (answersItself(method.at('Integration.Type'))) continue;
    if (verb.toUpperCase() === 'OPTIONS' || method.at('AuthorizationType').orDefault('NONE').is('NONE').verdict !== 'pass') continue;
    open.add(`${verb.toUpperCase()} ${pathOf(method.at('ResourceId'), graph)}`);
  }
  const socket = api.at('ProtocolType').is('WEBSOCKET').verdict === 'pass';
  for (const route of graph.pointingAt(api, ROUTE, 'ApiId')) {
    const key = route.at('RouteKey').shape ?? route.logicalId;
    // Who has connected has been asked.
    if (socket && key !== '$connect') continue;
    if (route.at('AuthorizationType').orDefault('NONE').is('NONE').verdict === 'pass') open.add(key);
  }
  return open;
}

function pathOf(value: Value, graph: Graph, depth = 0): string {
  const resource = graph.target(value, 'AWS::ApiGateway::Resource');
  if (!resource || depth > 12) return '/';
  const above = pathOf(resource.at('ParentId'), graph, depth + 1);
  return `${above === '/' ? '' : above}/${resource.at('PathPart').shape ?? '…'}`;
}

const rest: Opens = (api, graph) => {
  const endpoint = endpointOf(api);
  if (endpoint === 'private') return undefined;
  const methods = graph.pointingAt(api, METHOD, 'RestApiId');
  if (methods.length > 0 && methods.every((method) => answersItself(method.at('Integration.Type')))) return undefined;
  return {
    open: openOperations(api, graph),
    hops: [],
    on: [...methods, ...graph.pointingAt(api, REST_STAGE, 'RestApiId')],
    ...(endpoint === 'unknown' ? { doubt: api.at('EndpointConfiguration').describe() } : {}),
  };
};

const http: Opens = (api, graph) => ({
  open: openOperations(api, graph),
  hops: [],
  on: [...graph.pointingAt(api, ROUTE, 'ApiId'), ...graph.pointingAt(api, HTTP_STAGE, 'ApiId')],
});

const graphql: Opens = (api) => {
  if (api.at('Visibility').is('PRIVATE').verdict === 'pass') return undefined;
  const kinds = [
    api.at('AuthenticationType'),
    ...api
      .at('AdditionalAuthenticationProviders')
      .items()
      .map((one) => one.at('AuthenticationType')),
  ];
  return {
    open: kinds.some((kind) => kind.is('API_KEY').verdict === 'pass') ? new Set(['what an API key opens']) : NOTHING,
    hops: [],
    on: [],
  };
};

const functionUrl: Opens = (url, graph) => {
  const auth = url.at('AuthType');
  const to = graph.target(url.at('TargetFunctionArn'), ...FUNCTION) ?? url;
  return {
    to,
    on: [url, ...(to === url ? [] : graph.pointingAt(to, 'AWS::Lambda::Permission', 'FunctionName'))],
    hops: to === url ? [] : [`the function URL ${url.logicalId}`],
    ...(to === url ? {} : { by: `the function URL ${url.logicalId}` }),
    open: auth.is('NONE').verdict === 'pass' ? ALL : NOTHING,
    ...(auth.state === 'unknown' ? { doubt: auth.describe() } : {}),
  };
};

const samUrl: Opens = (fn) => {
  const url = fn.at('FunctionUrlConfig');
  if (url.state === 'absent') return undefined;
  return { hops: ['its function URL'], by: 'its function URL', open: url.at('AuthType').is('NONE').verdict === 'pass' ? ALL : NOTHING };
};

// ── Edges ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Behaviours that take requests without signature. What functions at the edge ask for is not known. */
const distribution: Opens = (one) => {
  const config = one.at('DistributionConfig');
  if (config.at('Enabled').isFalse().verdict === 'pass') return undefined;
  const behaviours = [config.at('DefaultCacheBehavior'), ...config.at('CacheBehaviors').items()].filter(({ state }) => state !== 'absent');
  const open = behaviours.filter(
    (behaviour) =>
      behaviour.at('TrustedKeyGroups').items().length === 0 &&
      behaviour.at('TrustedSigners').items().length === 0 &&
      behaviour.at('LambdaFunctionAssociations').items().length === 0,
  );
  return { hops: [], open: new Set(open.map((behaviour) => behaviour.at('PathPattern').shape ?? '')) };
};

const cluster: Opens = (one, graph) => {
  const config = one.at('ResourcesVpcConfig');
  const open = config.at('EndpointPublicAccess').orDefault(true);
  if (open.isFalse().verdict === 'pass') return undefined;
  const ranges = config.at('PublicAccessCidrs').items();
  return {
    reach: httpsFrom(ranges.length === 0 ? undefined : ranges, graph),
    hops: ['its public endpoint'],
    open: NOTHING,
    ...(open.state === 'unknown' ? { doubt: open.describe() } : {}),
  };
};

const httpsFrom = (ranges: readonly Value[] | undefined, graph: Graph): Reach => [
  {
    transport: 'tcp',
    ports: [443, 443],
    from: ranges
      ? allSources([...ranges.map((range) => sourcesOf(cidrPeer(range, graph))), NOBODY])
      : sourcesOf({ kind: 'anyone', text: '*' }),
  },
];

const runner: Opens = (service) =>
  service.at('NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible').orDefault(true).isFalse().verdict === 'pass'
    ? undefined
    : { hops: [], open: ALL };

const accelerator: Opens = (one) => (one.at('Enabled').isFalse().verdict === 'pass' ? undefined : { hops: [], open: ALL });

const transfer: Opens = (server) =>
  server.at('EndpointType').orDefault('PUBLIC').is('PUBLIC').verdict === 'fail' ? undefined : { hops: [], open: NOTHING };

// ── Stores ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A bucket whose ACL or policy lets in anybody, where no block of public access makes that ineffective. */
const bucket: Opens = (one, graph) => {
  const acl = hasPublicAcl(one).verdict;
  const block = one.at('PublicAccessBlockConfiguration');
  const refused = ['RestrictPublicBuckets', 'BlockPublicPolicy'].map((name) => flag(block.at(name)));
  const shut = block.state === 'unknown' || refused.includes(undefined) ? undefined : refused.includes(true);
  const loose = statementsOn(one, graph).filter((statement) => statement.isPublic().verdict === 'pass');
  const hops = [
    ...(acl === 'fail' ? [] : ['its access control list']),
    ...(loose.length > 0 && shut !== true ? [`${loose[0]?.name} of its policy`] : []),
  ];
  if (hops.length === 0) return undefined;
  const sure = acl === 'pass' || (loose.length > 0 && shut === false);
  return {
    hops: [hops[0] as string],
    open: ALL,
    on: graph.pointingAt(one, 'AWS::S3::BucketPolicy', 'Bucket'),
    ...(sure ? {} : { doubt: block.describe() }),
  };
};

/** A domain outside every network answers the internet; its policy says whom. */
const domain: Opens = (one) => {
  if (one.at('VPCOptions.SubnetIds').isSet().verdict !== 'fail') return undefined;
  const loose = statementsOf(one.at('AccessPolicies').json()).some((statement) => statement.isPublic().verdict === 'pass');
  const users = one.at('AdvancedSecurityOptions.Enabled').isTrue().verdict === 'pass';
  return { hops: ['its public endpoint'], open: loose && !users ? ALL : NOTHING };
};

/** Network policies of collections, which name them by pattern. */
const collection: Opens = (one, graph) => {
  const name = one.at('Name').shape;
  const policies = graph
    .ofType('AWS::OpenSearchServerless::SecurityPolicy')
    .filter((policy) => policy.at('Type').is('network').verdict === 'pass');
  const found = policies.find((policy) =>
    policy
      .at('Policy')
      .json()
      .items()
      .some(
        (entry) =>
          entry.at('AllowFromPublic').boolean === true &&
          entry
            .at('Rules')
            .items()
            .some((rule) =>
              rule
                .at('Resource')
                .items()
                .some((pattern) => covers(pattern.shape ?? '', name)),
            ),
      ),
  );
  return found && { hops: [`the network policy ${found.logicalId}`], open: NOTHING, on: [found] };
};
const covers = (pattern: string, name: string | undefined): boolean =>
  name !== undefined &&
  (pattern === `collection/${name}` || (pattern.endsWith('*') && `collection/${name}`.startsWith(pattern.slice(0, -1))));

const lightsailBucket: Opens = (one) =>
  one.at('AccessRules.GetObject').is('public').verdict === 'pass' || one.at('AccessRules.AllowPublicOverrides').boolean === true
    ? { hops: ['its access rules'], open: ALL }
    : undefined;
const lightsailInstance: Opens = (one, graph) => {
  const ports = one.at('Networking.Ports').items();
  if (ports.length === 0) return undefined;
  const reach = ports.flatMap((port) => {
    const first = port.at('FromPort').number ?? 0;
    const ranges = [...port.at('Cidrs').items(), ...port.at('Ipv6Cidrs').items()];
    return httpsFrom(ranges.length === 0 ? undefined : ranges, graph).map((span) => ({
      ...span,
      ports: [first, port.at('ToPort').number ?? first] as const,
    }));
  });
  return { hops: ['its public address'], reach, open: ALL };
};
const image: Opens = (one) =>
  one
    .at('Distributions')
    .items()
    .some((each) =>
      each
        .at('AmiDistributionConfiguration.LaunchPermissionConfiguration.UserGroups')
        .items()
        .some((group) => group.is('all').verdict === 'pass'),
    )
    ? { hops: ['the launch permission of its images'], open: ALL }
    : undefined;
const always =
  (hop: string): Opens =>
  () => ({ hops: [hop], open: ALL });
const when =
  (path: string, hop: string, open: ReadonlySet<string>): Opens =>
  (one) =>
    one.at(path).boolean === true ? { hops: [hop], open } : undefined;
const snapshots: Opens = (one) =>
  one.at('State').is('unblocked').verdict === 'pass' ? { hops: ['public sharing of snapshots'], open: ALL } : undefined;

const DOORS: Readonly<Record<string, Opens>> = {
  [REST_API]: rest,
  [SAM_API]: rest,
  [HTTP_API]: http,
  [SAM_HTTP_API]: http,
  [GRAPHQL_API]: graphql,
  'AWS::Lambda::Url': functionUrl,
  'AWS::Serverless::Function': samUrl,
  'AWS::CloudFront::Distribution': distribution,
  'AWS::EKS::Cluster': cluster,
  'AWS::AppRunner::Service': runner,
  'AWS::GlobalAccelerator::Accelerator': accelerator,
  'AWS::Transfer::Server': transfer,
  [BUCKET]: bucket,
  'AWS::OpenSearchService::Domain': domain,
  'AWS::Elasticsearch::Domain': domain,
  'AWS::OpenSearchServerless::Collection': collection,
  'AWS::NeptuneGraph::Graph': when('PublicConnectivity', 'its public endpoint', NOTHING),
  'AWS::Lightsail::Bucket': lightsailBucket,
  'AWS::Lightsail::Database': when('PubliclyAccessible', 'its public address', NOTHING),
  'AWS::Lightsail::Instance': lightsailInstance,
  'AWS::ECR::PublicRepository': always('the public registry'),
  'AWS::ImageBuilder::DistributionConfiguration': image,
  'AWS::EC2::SnapshotBlockPublicAccess': snapshots,
};

/** Entries from the internet by endpoints of services. */
export function* awsDoors(graph: Graph): Iterable<Entry> {
  for (const [type, opens] of Object.entries(DOORS))
    for (const resource of graph.ofType(type)) {
      if (!graph.exists(resource)) continue;
      const door = opens(resource, graph);
      if (door) yield { from: INTERNET, to: resource, ...door, on: [resource, ...(door.on ?? [])] };
    }
  yield* samEntries(graph);
  yield* shares(graph);
  yield* services(graph);
}

// ── Shared with others ─────────────────────────────────────────────────────────────────────────────────────────────

const ACCOUNT = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::.*)?$/;
const ownAccounts = (graph: Graph): ReadonlySet<string> => new Set(graph.units.flatMap(({ account }) => account ?? []));

/** Resources that other accounts are given by a resource share; those of the same organisation are named by its ARN. */
function* shares(graph: Graph): Iterable<Entry> {
  const own = ownAccounts(graph);
  for (const share of graph.ofType('AWS::RAM::ResourceShare')) {
    if (!graph.exists(share) || share.at('AllowExternalPrincipals').isFalse().verdict === 'pass') continue;
    const things = share
      .at('ResourceArns')
      .items()
      .flatMap((value) => value.targets.flatMap((id) => graph.get(id) ?? [])[0] ?? []);
    for (const principal of share.at('Principals').items()) {
      const account = ACCOUNT.exec(principal.shape ?? '')?.[1];
      if (account === undefined || own.has(account)) continue;
      const from = { kind: 'partner' as const, key: `account ${account}`, name: `the account ${account}` };
      for (const to of things.length > 0 ? [...new Set(things)] : [share])
        yield { from, to, hops: to === share ? [] : [`the resource share ${share.logicalId}`], on: [share], open: NOTHING };
    }
  }
}

/** Load balancers that other accounts reach by an endpoint service. */
function* services(graph: Graph): Iterable<Entry> {
  const own = ownAccounts(graph);
  for (const permissions of graph.ofType('AWS::EC2::VPCEndpointServicePermissions')) {
    const service = graph.target(permissions.at('ServiceId'), 'AWS::EC2::VPCEndpointService');
    if (!service || !graph.exists(permissions)) continue;
    for (const principal of permissions.at('AllowedPrincipals').items()) {
      const text = principal.shape ?? '';
      const account = ACCOUNT.exec(text)?.[1];
      if (text !== '*' && (account === undefined || own.has(account))) continue;
      const name = text === '*' ? 'every account of AWS' : `the account ${account}`;
      yield { from: { kind: 'partner', key: name, name }, to: service, hops: [], on: [service, permissions], open: NOTHING };
    }
  }
}
