/** Who holds which policies on AWS: identities with all that is attached to them, and whatever carries a policy of its own. */
import { append } from '../../policies/collect';
import type { Graph } from '../../policies/graph';
import type { Resource } from '../../policies/resource';
import type { Policy } from './access/documents';
import { hole } from './access/text';
import { identitiesIn } from './access-holders-identities';
import { accountOf, type Carried, EVERYTHING, type Holder, holder, sourcesOf, withResource } from './access-holders-parts';
import { callOf, isCustom, subjectOf, written } from './custom-resources';
import type { Plain, PlainMap } from './plain';
import { asList, asMap, type Reader, readerOf } from './reading';
import type { Pairing, Side } from './side';

export type { Holder, HolderKind } from './access-holders-parts';

/** How policies that stand alone name what they speak of. */
const SUBJECTS = [
  'Bucket',
  'Queues',
  'Topics',
  'SecretId',
  'ResourceArn',
  'EventBusName',
  'FunctionName',
  'RestApiId',
  'TableBucketARN',
  'TopicArn',
  'Queue',
  'MrapName',
  'ObjectLambdaAccessPoint',
  'ClusterArn',
  'FileSystemId',
  'KnowledgeBaseId',
  'WorkspaceArn',
  'EventBusArn',
  'RegistryName',
  'ResourceIdentifier',
] as const;
const STANDING_ALONE = /(Policy|Permission)$/;

/** Everything of a side that holds policies. */
export function holdersOf(side: Side, pairing: Pairing): readonly Holder[] {
  const reader = readerOf(side, pairing);
  return side.targets.flatMap(({ graph }) => [...identitiesIn(graph, reader), ...othersIn(graph, reader)]);
}

export const byKey = (holders: readonly Holder[]): ReadonlyMap<string, Holder> => new Map(holders.map((holder) => [holder.key, holder]));

// ── Policies of resources ──────────────────────────────────────────────────────────────────────────────────────────

function* othersIn(graph: Graph, reader: Reader): Iterable<Holder> {
  const resourcePolicies = new Map<Resource, Carried[]>();
  for (const type of graph.types) {
    if (/^AWS::(IAM|SSO)::/.test(type) || !type.includes('::')) continue;
    for (const resource of graph.ofType(type)) {
      if (resource.cloud !== 'aws') continue;
      if (type === 'AWS::Organizations::Policy') {
        yield organisation(resource, reader);
        continue;
      }
      if (type === 'AWS::EC2::VPCEndpoint') {
        yield endpoint(resource, reader);
        continue;
      }
      const call = isCustom(type) ? callOf(reader.of(resource)) : undefined;
      if (call) {
        const put = policiesIn(written(call.parameters));
        const subject = subjectOf(call.parameters, reader) ?? resource;
        if (put.length > 0) append(resourcePolicies, subject, ...put.map((policy) => ({ ...policy, source: resource })));
        continue;
      }
      const policies = type === 'AWS::Lambda::Permission' ? [permission(reader.of(resource))] : policiesIn(reader.of(resource));
      if (policies.length === 0) continue;
      const subjects = STANDING_ALONE.test(type) ? subjectsOf(resource, graph) : [];
      for (const subject of subjects.length > 0 ? subjects : [resource])
        append(resourcePolicies, subject, ...policies.map((policy) => (subject === resource ? policy : { ...policy, source: resource })));
    }
  }
  for (const [resource, grants] of resourcePolicies)
    yield holder(
      'resource',
      resource,
      { grants: grants.map(named(resource)), account: accountOf(resource, reader) },
      reader,
      sourcesOf(grants),
    );
}

/** Parts of an ARN that stand for the resource itself, so that a policy reads the same wherever it stands. */
const named =
  ({ logicalId }: Resource) =>
  (policy: Policy): Policy => ({ ...policy, name: policy.name === '' ? `the policy of ${logicalId}` : policy.name });

/** Every policy document in the properties, however it is called there. */
function policiesIn(properties: Plain, depth = 0): readonly Policy[] {
  if (typeof properties === 'string')
    return /^\s*\{/.test(properties) && /"Statement"\s*:/.test(properties) && /"(Not)?Principal"\s*:/.test(properties)
      ? [{ name: '', document: properties }]
      : [];
  if (typeof properties !== 'object' || properties === null || depth > 6) return [];
  if (Array.isArray(properties)) return (properties as readonly Plain[]).flatMap((item) => policiesIn(item, depth + 1));
  const map = properties as PlainMap;
  const statements = asList(map.Statement);
  if (
    statements.some((statement) => 'Effect' in asMap(statement) && ('Principal' in asMap(statement) || 'NotPrincipal' in asMap(statement)))
  )
    return [{ name: '', document: withResource(map) }];
  return Object.values(map).flatMap((value) => policiesIn(value, depth + 1));
}

function subjectsOf(resource: Resource, graph: Graph): readonly Resource[] {
  return SUBJECTS.flatMap((property) =>
    resource
      .at(property)
      .items()
      .flatMap((value) => {
        const ids = value.targets.flatMap((id) => graph.get(id) ?? []);
        return ids.length > 0 ? ids.slice(0, 1) : [];
      }),
  );
}

/** What `lambda:AddPermission` makes of its arguments. */
function permission({ Action, FunctionUrlAuthType, Principal, PrincipalOrgID, SourceAccount, SourceArn }: PlainMap): Policy {
  const who = typeof Principal === 'string' ? Principal : hole('Principal');
  const service = /^[\w-]+(\.[\w-]+)*\.amazonaws\.com(\.cn)?$/.test(who);
  const condition = {
    ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn } }),
    StringEquals: {
      ...(SourceAccount === undefined ? {} : { 'aws:SourceAccount': SourceAccount }),
      ...(PrincipalOrgID === undefined ? {} : { 'aws:PrincipalOrgID': PrincipalOrgID }),
      ...(FunctionUrlAuthType === undefined ? {} : { 'lambda:FunctionUrlAuthType': FunctionUrlAuthType }),
    },
  };
  const statement = {
    Effect: 'Allow',
    Principal: who === '*' ? '*' : service ? { Service: who } : { AWS: who },
    Action: Action ?? 'lambda:InvokeFunction',
    Resource: '*',
    ...(Object.keys(condition.StringEquals).length > 0 || condition.ArnLike
      ? { Condition: Object.fromEntries(Object.entries(condition).filter(([, tests]) => Object.keys(tests).length > 0)) }
      : {}),
  };
  return { name: '', document: { Statement: [statement] } };
}

// ── What no account may exceed, what a way lets pass ───────────────────────────────────────────────────────────────

/** As if somebody held every right: what the policy withholds of it is what it is for. */
function organisation(resource: Resource, reader: Reader): Holder {
  const { Content = hole('the content') } = reader.of(resource);
  const allows = /"Effect"\s*:\s*"Allow"/.test(JSON.stringify(Content).replaceAll('\\"', '"'));
  // What only denies stands beside FullAWSAccess.
  const beside = allows ? [] : [{ name: 'FullAWSAccess', document: EVERYTHING }];
  const limits = { organisation: [{ name: resource.logicalId, document: ofEveryone(Content) }, ...beside] };
  return holder('organisation', resource, { grants: [{ name: 'every right', document: EVERYTHING }], limits }, reader);
}

/** Policies about resources name everyone as principal: whoever it is that holds every right, they speak of him. */
function ofEveryone(content: Plain): Plain {
  const map = asMap(typeof content === 'string' ? parsed(content) : content);
  if (map.Statement === undefined) return content;
  const statements = asList(map.Statement).map((statement) => {
    const { Principal, ...rest } = asMap(statement);
    return Principal === '*' || asMap(Principal).AWS === '*' ? rest : asMap(statement);
  });
  return { ...map, Statement: statements };
}

function parsed(text: string): Plain {
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return text;
  }
}

/** Without a policy an endpoint lets everything pass. */
function endpoint(resource: Resource, reader: Reader): Holder {
  const { PolicyDocument = { Statement: { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' } } } = reader.of(resource);
  const rights = { grants: [{ name: 'the policy of the endpoint', document: PolicyDocument }] };
  return { ...holder('endpoint', resource, rights, reader), lasting: true };
}
