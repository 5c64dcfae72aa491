/** Who holds which policies on AWS: identities with all that is attached to them, and whatever carries a policy of its own. */
import { append } from '../../policies/collect';
import type { Graph } from '../../policies/graph';
import type { Resource } from '../../policies/resource';
import type { Rights } from './access/compare';
import type { Policy } from './access/documents';
import { hole } from './access/text';
import { type Plain, type PlainMap, plainNode } from './plain';
import { asList, asMap, type Reader, readerOf } from './reading';
import type { Pairing, Side } from './side';

/**
 * identity: roles, users, groups, permission sets. trust: who may become a role. resource: who may do what with it. organisation:
 * what no account may exceed. endpoint: what a way through the network lets pass. limit: what a permissions boundary lets its holders do.
 */
export type HolderKind = 'identity' | 'trust' | 'resource' | 'organisation' | 'endpoint' | 'limit';

export interface Holder {
  readonly kind: HolderKind;
  readonly resource: Resource;
  /** The same on both sides. */
  readonly key: string;
  readonly rights: Rights;
  /** Resources that carry its policies, besides itself. */
  readonly sources: readonly Resource[];
  /** The account that it is in: its number, or a hole. */
  readonly account: string;
}

const IDENTITIES = /^AWS::IAM::(Role|User|Group)$/;
/** How separate policies name the identities that they are attached to. */
const ATTACHED = ['Roles', 'Users', 'Groups', 'RoleName', 'UserName', 'GroupName'] as const;
const SEPARATE = [
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
  'AWS::IAM::GroupPolicy',
] as const;
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
] as const;
const STANDING_ALONE = /(Policy|Permission)$/;

/** Everything of a side that holds policies. */
export function holdersOf(side: Side, pairing: Pairing): readonly Holder[] {
  const reader = readerOf(side, pairing);
  return side.targets.flatMap(({ graph }) => [...identitiesIn(graph, reader), ...othersIn(graph, reader)]);
}

export const byKey = (holders: readonly Holder[]): ReadonlyMap<string, Holder> => new Map(holders.map((holder) => [holder.key, holder]));

function accountOf({ scope, unit }: Resource, reader: Reader): string {
  if (unit.account !== undefined) return unit.account;
  const told = plainNode(scope, { Ref: 'AWS::AccountId' }, reader.names);
  return typeof told === 'string' ? told : hole('the account');
}

// ── Identities ─────────────────────────────────────────────────────────────────────────────────────────────────────

function* identitiesIn(graph: Graph, reader: Reader): Iterable<Holder> {
  const attached = attachments(graph, reader);
  for (const type of graph.types) {
    if (!IDENTITIES.test(type)) continue;
    for (const resource of graph.ofType(type)) yield* identity(resource, graph, reader, attached);
  }
  yield* boundariesIn(graph, reader);
  for (const resource of graph.ofType('AWS::SSO::PermissionSet')) {
    const { InlinePolicy, ManagedPolicies } = reader.of(resource);
    const grants = [
      ...(InlinePolicy === undefined ? [] : [{ name: 'the inline policy', document: InlinePolicy }]),
      ...asList(ManagedPolicies).map(elsewhere),
    ];
    yield holder('identity', resource, { grants }, reader);
  }
}

/** Managed policies that limit somebody: what they let pass counts also where nobody is granted as much yet. */
function* boundariesIn(graph: Graph, reader: Reader): Iterable<Holder> {
  for (const resource of graph.ofType('AWS::IAM::ManagedPolicy')) {
    const limits = ['AWS::IAM::Role', 'AWS::IAM::User'].some((type) => graph.pointingAt(resource, type, 'PermissionsBoundary').length > 0);
    const document = reader.of(resource).PolicyDocument;
    if (limits && document !== undefined) yield holder('limit', resource, { grants: [{ name: resource.logicalId, document }] }, reader);
  }
}

/** A policy with the resource that carries it, where it is not the holder itself. */
interface Carried extends Policy {
  readonly source?: Resource;
}
const sourcesOf = (policies: readonly Carried[]): readonly Resource[] => [...new Set(policies.flatMap(({ source }) => source ?? []))];

type Attachments = ReadonlyMap<Resource, readonly Carried[]>;

/** Separate policies by the identity that they are attached to. */
function attachments(graph: Graph, reader: Reader): Attachments {
  const found = new Map<Resource, Carried[]>();
  for (const type of SEPARATE)
    for (const resource of graph.ofType(type)) {
      const policy = {
        name: resource.logicalId,
        source: resource,
        document: reader.of(resource).PolicyDocument ?? hole(`the document of ${resource.logicalId}`),
      };
      for (const property of ATTACHED)
        for (const item of resource.at(property).items()) {
          const target = graph.target(item, 'AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group');
          if (target) append(found, target, policy);
        }
    }
  return found;
}

function* identity(resource: Resource, graph: Graph, reader: Reader, attached: Attachments): Iterable<Holder> {
  const grants = [
    ...ownPolicies(resource, graph, reader, attached),
    ...groupsOf(resource, graph).flatMap((group) => ownPolicies(group, graph, reader, attached)),
  ];
  const boundary = resource.at('PermissionsBoundary');
  const limit = boundary.state === 'absent' ? undefined : managed(boundary, graph, reader);
  const sources = sourcesOf(limit ? [...grants, limit] : grants);
  yield holder('identity', resource, { grants, ...(limit ? { limits: { boundary: [limit] } } : {}) }, reader, sources);
  const trust = reader.of(resource).AssumeRolePolicyDocument;
  if (trust !== undefined) {
    const account = accountOf(resource, reader);
    yield holder('trust', resource, { grants: [{ name: 'the trust policy', document: withResource(trust) }], account }, reader);
  }
}

function ownPolicies(resource: Resource, graph: Graph, reader: Reader, attached: Attachments): readonly Carried[] {
  const inline = asList(reader.of(resource).Policies).map((policy, at) => {
    const { PolicyDocument = hole('the document'), PolicyName } = asMap(policy);
    return { name: typeof PolicyName === 'string' ? PolicyName : `policy ${at + 1}`, document: PolicyDocument };
  });
  const arns = resource
    .at('ManagedPolicyArns')
    .items()
    .map((arn) => managed(arn, graph, reader));
  return [...inline, ...arns, ...(attached.get(resource) ?? [])];
}

const groupsOf = (resource: Resource, graph: Graph): readonly Resource[] => {
  if (resource.type !== 'AWS::IAM::User') return [];
  const named = resource
    .at('Groups')
    .items()
    .flatMap((group) => graph.target(group, 'AWS::IAM::Group') ?? []);
  const added = graph
    .pointingAt(resource, 'AWS::IAM::UserToGroupAddition', 'Users')
    .flatMap((addition) => graph.target(addition.at('GroupName'), 'AWS::IAM::Group') ?? []);
  return [...new Set([...named, ...added])];
};

/** A managed policy of the same input, or one that only its name tells. */
function managed(value: ReturnType<Resource['at']>, graph: Graph, reader: Reader): Carried {
  const target = graph.target(value, 'AWS::IAM::ManagedPolicy');
  if (target)
    return {
      name: target.logicalId,
      source: target,
      document: reader.of(target).PolicyDocument ?? hole(`the document of ${target.logicalId}`),
    };
  return elsewhere(value.string ?? value.shape ?? 'a managed policy');
}

/** Managed policies of AWS whose whole content their name says; of all others nothing is known but the name. */
const BY_NAME: Readonly<Record<string, Plain>> = {
  AdministratorAccess: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
  'job-function/SystemAdministrator': hole('SystemAdministrator'),
};

function elsewhere(value: Plain): Policy {
  const name = typeof value === 'string' ? value : 'a managed policy';
  const short = /:aws:policy\/(.+)$/.exec(name)?.[1] ?? /:iam::aws:policy\/(.+)$/.exec(name)?.[1];
  return { name, document: (short === undefined ? undefined : BY_NAME[short]) ?? hole(name) };
}

/** Trust policies name no resource: they speak of the role. */
function withResource(document: Plain): Plain {
  const map = asMap(document);
  if (map.Statement === undefined) return document;
  return { ...map, Statement: asList(map.Statement).map((statement) => ({ Resource: '*', ...asMap(statement) })) };
}

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
    return /"Statement"\s*:/.test(properties) && /^\s*\{/.test(properties) ? [{ name: '', document: properties }] : [];
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

const EVERYTHING = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };

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
  return holder('endpoint', resource, { grants: [{ name: 'the policy of the endpoint', document: PolicyDocument }] }, reader);
}

const holder = (kind: HolderKind, resource: Resource, rights: Rights, reader: Reader, sources: readonly Resource[] = []): Holder => ({
  kind,
  resource,
  sources,
  key: `${kind} ${reader.pairing.identity(resource)}`,
  rights,
  account: accountOf(resource, reader),
});
