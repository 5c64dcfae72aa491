/** Identities with all that is attached to them, and what limits them and their sessions. */
import { append } from '../../policies/collect';
import type { Graph } from '../../policies/graph';
import type { Resource } from '../../policies/resource';
import { hole, show } from './access/text';
import { customerManagedIn, managedIn, serverlessPolicies } from './access-holders-managed';
import { accountOf, type Carried, EVERYTHING, type Holder, holder, sourcesOf, withResource } from './access-holders-parts';
import { asList, asMap, asText, type Reader } from './reading';

const ROLES = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'] as const;
/** How separate policies name the identities that they are attached to, and what those are. */
const ATTACHED = [
  ['Roles', 'role'],
  ['RoleName', 'role'],
  ['Users', 'user'],
  ['UserName', 'user'],
  ['Groups', 'group'],
  ['GroupName', 'group'],
] as const;
const SEPARATE = [
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
  'AWS::IAM::GroupPolicy',
] as const;

/** Everybody who holds rights, and what limits them. */
export function* identitiesIn(graph: Graph, reader: Reader): Iterable<Holder> {
  const attached = attachments(graph, reader);
  const held = new Set<Resource>();
  for (const type of ROLES)
    for (const resource of graph.ofType(type))
      for (const found of identity(resource, graph, reader, attached)) {
        for (const source of found.sources) held.add(source);
        yield found;
      }
  for (const resource of graph.ofType('AWS::SSO::PermissionSet')) {
    const found = permissionSet(resource, graph, reader);
    for (const source of found.sources) held.add(source);
    yield found;
  }
  for (const type of ['AWS::Serverless::Function', 'AWS::Serverless::StateMachine'])
    for (const resource of graph.ofType(type))
      if (resource.at('Role').state === 'absent') yield limited(resource, serverlessPolicies(resource, graph, reader), graph, reader);
  for (const resource of graph.ofType('AWS::IoT::Policy'))
    yield {
      ...holder('identity', resource, { grants: [documentOf(resource, reader)] }, reader),
      who: `whoever holds ${reader.pairing.name(resource)}`,
    };
  for (const found of othersIn(attached, reader)) {
    for (const { source } of found.rights.grants as readonly Carried[]) if (source) held.add(source);
    yield found;
  }
  yield* unheldIn(graph, reader, held);
  yield* boundariesIn(graph, reader);
  yield* sessionsIn(graph, reader);
}

/** With what limits it. */
function limited(resource: Resource, grants: readonly Carried[], graph: Graph, reader: Reader): Holder {
  const [boundary] = managedIn(resource, 'PermissionsBoundary', graph, reader);
  const sources = sourcesOf(boundary ? [...grants, boundary] : grants);
  return holder('identity', resource, { grants, ...(boundary ? { limits: { boundary: [boundary] } } : {}) }, reader, sources);
}

function* identity(resource: Resource, graph: Graph, reader: Reader, attached: Attachments): Iterable<Holder> {
  const grants = [
    ...ownPolicies(resource, graph, reader, attached),
    ...groupsOf(resource, graph).flatMap((group) => ownPolicies(group, graph, reader, attached)),
  ];
  yield limited(resource, grants, graph, reader);
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
  return [...inline, ...managedIn(resource, 'ManagedPolicyArns', graph, reader), ...(attached.of.get(resource) ?? [])];
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

/** What becomes a role in every account that it is assigned in. */
function permissionSet(resource: Resource, graph: Graph, reader: Reader): Holder {
  const { InlinePolicy } = reader.of(resource);
  const grants = [
    ...(InlinePolicy === undefined ? [] : [{ name: 'the inline policy', document: InlinePolicy }]),
    ...managedIn(resource, 'ManagedPolicies', graph, reader),
    ...customerManagedIn(resource, 'CustomerManagedPolicyReferences', graph, reader),
  ];
  const boundary = [
    ...managedIn(resource, 'PermissionsBoundary.ManagedPolicyArn', graph, reader),
    ...customerManagedIn(resource, 'PermissionsBoundary.CustomerManagedPolicyReference', graph, reader),
  ];
  const limits = boundary.length > 0 ? { limits: { boundary } } : {};
  return holder('identity', resource, { grants, ...limits }, reader, sourcesOf([...grants, ...boundary]));
}

// ── Separate policies ──────────────────────────────────────────────────────────────────────────────────────────────

const documentOf = (resource: Resource, reader: Reader): Carried => ({
  name: resource.logicalId,
  source: resource,
  document: reader.of(resource).PolicyDocument ?? hole(`the document of ${resource.logicalId}`),
});

interface Attachments {
  readonly of: ReadonlyMap<Resource, readonly Carried[]>;
  /** Those of identities that are not in the input, by what they are called: `the role legacy`. */
  readonly elsewhere: ReadonlyMap<string, readonly Carried[]>;
}

/** Separate policies by the identity that they are attached to. */
function attachments(graph: Graph, reader: Reader): Attachments {
  const [of, elsewhere] = [new Map<Resource, Carried[]>(), new Map<string, Carried[]>()];
  for (const type of SEPARATE)
    for (const resource of graph.ofType(type)) {
      const policy = documentOf(resource, reader);
      for (const [property, noun] of ATTACHED) {
        const names = asList(reader.of(resource)[property]);
        for (const [at, item] of resource.at(property).items().entries()) {
          const target = graph.target(item, ...ROLES);
          if (target) append(of, target, policy);
          else append(elsewhere, `the ${noun} ${show(asText(names[at]) ?? 'without a name')}`, policy);
        }
      }
    }
  for (const [who, policies] of members(graph, reader, of)) append(elsewhere, who, ...policies);
  return { of, elsewhere };
}

/** What users of elsewhere get by joining a group of the input, by what they are called. */
function* members(
  graph: Graph,
  reader: Reader,
  of: ReadonlyMap<Resource, readonly Carried[]>,
): Iterable<readonly [who: string, policies: readonly Carried[]]> {
  for (const addition of graph.ofType('AWS::IAM::UserToGroupAddition')) {
    const group = graph.target(addition.at('GroupName'), 'AWS::IAM::Group');
    if (!group) continue;
    const policies = ownPolicies(group, graph, reader, { of, elsewhere: new Map() });
    const names = asList(reader.of(addition).Users);
    for (const [at, user] of addition.at('Users').items().entries())
      if (!graph.target(user, 'AWS::IAM::User'))
        yield [`the user ${show(asText(names[at]) ?? 'without a name')}`, policies.map((policy) => ({ ...policy, source: addition }))];
  }
}

function* othersIn({ elsewhere }: Attachments, reader: Reader): Iterable<Holder> {
  for (const [who, grants] of elsewhere) {
    const sources = sourcesOf(grants);
    for (const account of new Set(sources.map((source) => accountOf(source, reader)))) {
      const own = grants.filter(({ source }) => source && accountOf(source, reader) === account);
      const [first, ...more] = sourcesOf(own);
      if (first) yield { ...holder('identity', first, { grants: own }, reader, more), key: `identity ${account} ${who}`, who };
    }
  }
}

/** Managed policies that nobody in sight holds: whoever does, is elsewhere. */
function* unheldIn(graph: Graph, reader: Reader, held: ReadonlySet<Resource>): Iterable<Holder> {
  for (const resource of graph.ofType('AWS::IAM::ManagedPolicy'))
    if (!held.has(resource) && !isBoundary(resource, graph))
      yield {
        ...holder('identity', resource, { grants: [documentOf(resource, reader)] }, reader),
        who: `whoever holds ${reader.pairing.name(resource)}`,
        lasting: true,
      };
}

// ── Limits ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const isBoundary = (policy: Resource, graph: Graph): boolean =>
  ['AWS::IAM::Role', 'AWS::IAM::User'].some((type) => graph.pointingAt(policy, type, 'PermissionsBoundary').length > 0);

/** Managed policies that limit somebody: what they let pass counts also where nobody is granted as much yet. */
function* boundariesIn(graph: Graph, reader: Reader): Iterable<Holder> {
  for (const resource of graph.ofType('AWS::IAM::ManagedPolicy'))
    if (isBoundary(resource, graph) && reader.of(resource).PolicyDocument !== undefined)
      yield { ...holder('limit', resource, { grants: [documentOf(resource, reader)] }, reader), lasting: true };
}

/** Where sessions of roles begin that a policy limits: the property with the document, and the one with managed policies. */
const SESSIONS: readonly (readonly [type: string, document: string, managed?: string])[] = [
  ['AWS::RolesAnywhere::Profile', 'SessionPolicy', 'ManagedPolicyArns'],
  ['AWS::EKS::PodIdentityAssociation', 'Policy'],
  ['AWS::Transfer::User', 'Policy'],
];

function* sessionsIn(graph: Graph, reader: Reader): Iterable<Holder> {
  for (const [type, property, managed] of SESSIONS)
    for (const resource of graph.ofType(type)) {
      const document = reader.of(resource)[property];
      const policies = [
        ...(document === undefined ? [] : [{ name: 'the session policy', document }]),
        ...(managed === undefined ? [] : managedIn(resource, managed, graph, reader)),
      ];
      // Without a policy a session may do all that its role may.
      const grants = policies.length > 0 ? policies : [{ name: 'no session policy', document: EVERYTHING }];
      yield { ...holder('limit', resource, { grants }, reader, sourcesOf(grants)), lasting: true };
    }
}
