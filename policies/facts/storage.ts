/** What several rules need to know of object stores. */
import { append } from '../collect';
import type { Graph } from '../graph';
import { every, type Outcome, some } from '../outcome';
import type { Resource } from '../resource';
import { Value } from '../value';
import { isLoadBalancing } from './accounts';
import { type Statement, statementsOf } from './iam';

export const BUCKET = 'AWS::S3::Bucket';
const BUCKET_POLICY = 'AWS::S3::BucketPolicy';
export const STORAGE_ACCOUNT = 'azure-native:storage:StorageAccount';

// ── AWS ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Statements of every policy of the bucket, in whatever stack it is written. */
export function statementsOn(bucket: Resource, graph: Graph): readonly Statement[] {
  return bucket.all.once(statementsOn, () =>
    graph.pointingAt(bucket, BUCKET_POLICY, 'Bucket').flatMap((policy) => statementsOf(policy.at('PolicyDocument'))),
  );
}

/** Statements of policies for a bucket that only deployment names, and that could be any. */
export function statementsOnUnknownBuckets(graph: Graph): readonly Statement[] {
  const loose = graph.once('policies of unknown buckets', () =>
    graph.ofType(BUCKET_POLICY).filter((policy) => {
      const bucket = policy.at('Bucket');
      return bucket.state === 'unknown' && bucket.targets.length === 0;
    }),
  );
  return loose.filter((policy) => graph.exists(policy)).flatMap((policy) => statementsOf(policy.at('PolicyDocument')));
}

/** Whether the statement speaks of the bucket itself (`''`) or of all its objects (`'/*'`), by reference, name or wildcard. */
export function coversBucket(statement: Statement, bucket: Resource, part: '' | '/*'): Outcome {
  const forms = arnsOf(bucket).map((arn) => `${arn}${part}`);
  const judge = (form: string) => statement.coversResource(form);
  return statement.value.at('NotResource').state === 'absent'
    ? some(forms, judge, `${statement.name} does not cover ${part === '' ? 'the bucket itself' : 'all objects'}`)
    : every(forms, judge);
}

const PARTITIONS = ['aws', 'aws-cn', 'aws-us-gov'];

/** The ARN of a bucket in the forms in which policies write it: by attribute, built from its reference, built from its name. */
function arnsOf(bucket: Resource): readonly string[] {
  return bucket.all.once(arnsOf, () => writeArns(bucket));
}

function writeArns(bucket: Resource): readonly string[] {
  const written = bucket.names.flatMap((name) => Value.root(bucket, name).shape ?? []).filter((shape) => shape.startsWith('arn:'));
  return [`\${${bucket.id}.Arn}`, ...PARTITIONS.map((partition) => `arn:${partition}:s3:::\${${bucket.id}}`), ...written];
}

/** The replication rules of a bucket that are not switched off. */
export function activeReplications(bucket: Resource): readonly Value[] {
  return bucket
    .at('ReplicationConfiguration.Rules')
    .items()
    .filter((entry) => entry.at('Status').is('Disabled').verdict !== 'pass');
}

/** Kinds of records that services deliver into buckets. `access` stands for those that describe single requests. */
export type DeliveredLog = 'access' | 'trail' | 'configuration';

/** Where a bucket is named as the destination of records: type, path of the property, and what is delivered. */
const DESTINATIONS: readonly (readonly [type: string, path: string, log: DeliveredLog])[] = [
  [BUCKET, 'LoggingConfiguration.DestinationBucketName', 'access'],
  ['AWS::CloudFront::Distribution', 'DistributionConfig.Logging.Bucket', 'access'],
  ['AWS::ElasticLoadBalancing::LoadBalancer', 'AccessLoggingPolicy.S3BucketName', 'access'],
  ['AWS::EC2::FlowLog', 'LogDestination', 'access'],
  ['AWS::WAFv2::LoggingConfiguration', 'LogDestinationConfigs', 'access'],
  ['AWS::Logs::DeliveryDestination', 'DestinationResourceArn', 'access'],
  ['AWS::CloudTrail::Trail', 'S3BucketName', 'trail'],
  ['AWS::Config::DeliveryChannel', 'S3BucketName', 'configuration'],
];

/** Services that are let in only to deliver records. */
const DELIVERERS: Readonly<Record<string, DeliveredLog>> = {
  'logging.s3.amazonaws.com': 'access',
  'delivery.logs.amazonaws.com': 'access',
  'logdelivery.elasticloadbalancing.amazonaws.com': 'access',
  'cloudtrail.amazonaws.com': 'trail',
  'config.amazonaws.com': 'configuration',
};

/** Deliverers that can write only into buckets that S3 encrypts with its own key: access logs of S3 and of load balancers. */
const NEED_PROVIDER_KEY = ['logging.s3.amazonaws.com', 'logdelivery.elasticloadbalancing.amazonaws.com'];

/** What a deliverer of records does with a bucket. */
const DELIVERY_ACTIONS = /^s3:(PutObject|PutObjectAcl|GetBucketAcl|GetBucketLocation|ListBucket)$/i;

/**
 * Lets services in that deliver records, and lets them do no more than that: they write new records, and look at the
 * bucket before. What can happen at worst is that they write somebody else's records.
 */
export function onlyDelivers(statement: Statement): boolean {
  const actions = statement.actions();
  const principals = statement.principals();
  return (
    principals.length > 0 &&
    principals.every(({ kind, value }) => kind === 'Service' && Object.hasOwn(DELIVERERS, value.string ?? '')) &&
    actions.length > 0 &&
    actions.every((action) => DELIVERY_ACTIONS.test(action.string ?? ''))
  );
}

/** Whether the ACL or the policy of the bucket lets in a service that can write only where S3 encrypts with its own key. */
export function admitsAccessLogs(bucket: Resource, graph: Graph): boolean {
  return (
    bucket.at('AccessControl').is('LogDeliveryWrite').verdict === 'pass' ||
    statementsOn(bucket, graph).some(
      (statement) =>
        statement.allows().verdict === 'pass' &&
        (statement.services().some((service) => NEED_PROVIDER_KEY.includes(service.string ?? '')) || admitsLoadBalancing(statement)),
    )
  );
}

/** The older way to let load balancers write: by the account of the service, mostly from a mapping by region. */
function admitsLoadBalancing(statement: Statement): boolean {
  const [action, ...more] = statement.actions();
  return (
    more.length === 0 &&
    /^s3:PutObject$/i.test(action?.string ?? '') &&
    statement.principals().length > 0 &&
    statement.principals().every(({ kind, value }) => kind === 'AWS' && isLoadBalancing(value.shape ?? '')) &&
    statement.resources().every((resource) => /\/AWSLogs\//.test(resource.shape ?? ''))
  );
}

/** What is delivered into the bucket, as far as the input shows: by a source that names it, or by a policy that lets a deliverer in. */
export function deliveredInto(bucket: Resource, graph: Graph): ReadonlySet<DeliveredLog> {
  return bucket.all.once(deliveredInto, () => findDelivered(bucket, graph));
}

function findDelivered(bucket: Resource, graph: Graph): ReadonlySet<DeliveredLog> {
  const found = new Set<DeliveredLog>();
  for (const [type, path, log] of DESTINATIONS) {
    if (!found.has(log) && graph.pointingAt(bucket, type, path).some((source) => source !== bucket)) found.add(log);
  }
  if (receivesLoadBalancerLogs(bucket, graph) || admitsAccessLogs(bucket, graph)) found.add('access');
  for (const statement of statementsOn(bucket, graph)) {
    if (statement.allows().verdict !== 'pass') continue;
    for (const service of statement.services()) {
      const log = DELIVERERS[service.string ?? ''];
      if (log) found.add(log);
    }
  }
  return found;
}

const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

/** Whether a load balancer of the second generation, which names the bucket among its attributes, writes access logs into it. */
export function receivesLoadBalancerLogs(bucket: Resource, graph: Graph): boolean {
  const index = graph.once('load balancers by mentioned resource', () => {
    const byMention = new Map<string, Resource[]>();
    for (const balancer of graph.ofType(LOAD_BALANCER)) {
      for (const attribute of balancer.at('LoadBalancerAttributes').items()) {
        const value = attribute.at('Value');
        for (const key of [...value.targets, ...(value.shape === undefined ? [] : [value.shape])]) append(byMention, key, balancer);
      }
    }
    return byMention;
  });
  const keys = [bucket.id, ...bucket.names.flatMap((name) => Value.root(bucket, name).shape ?? [])];
  return keys.some((key) =>
    index.get(key)?.some((balancer) =>
      balancer
        .at('LoadBalancerAttributes')
        .items()
        .some((entry) => entry.at('Key').string === 'access_logs.s3.bucket' && entry.at('Value').refersTo(bucket).verdict === 'pass'),
    ),
  );
}

// ── Azure ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Resources of a type that belong to the storage account: by its name, by reference, or as its children. */
export function ofAccount(account: Resource, type: string, graph: Graph): readonly Resource[] {
  const children = graph.childrenOf(account).filter((child) => child.type === type && graph.exists(child));
  return [...new Set([...graph.pointingAt(account, type, 'accountName'), ...children])];
}

/** The storage account that a resource belongs to, where the input holds it. */
export function accountOf(resource: Resource, graph: Graph): Resource | undefined {
  const parent = resource.parent === undefined ? undefined : graph.get(resource.parent);
  const account = parent?.type === STORAGE_ACCOUNT ? parent : graph.target(resource.at('accountName'), STORAGE_ACCOUNT);
  // Looked up only (`StorageAccount.get`): nothing here says how it is set.
  return account?.option('external').boolean === true ? undefined : account;
}

/** Where an account is named as the destination of records. */
const RECORD_SOURCES: readonly (readonly [type: string, path: string])[] = [
  ['azure-native:monitor:DiagnosticSetting', 'storageAccountId'],
  ['azure-native:monitor:SubscriptionDiagnosticSetting', 'storageAccountId'],
  ['azure-native:network:FlowLog', 'storageId'],
];

/** Whether records of other resources are delivered into the account. */
export const receivesRecords = (account: Resource, graph: Graph): boolean =>
  RECORD_SOURCES.some(([type, path]) => graph.pointingAt(account, type, path).length > 0);
