/** Workloads, and whatever else acts for us, that act as another role than before: what it may do besides, or that nobody can tell. */
import { append } from '../../policies/collect';
import type { Resource } from '../../policies/resource';
import { type AccessChange, compareAccess, type Rights } from './access/compare';
import { hasHole } from './access/text';
import { byKey, type Holder, holdersOf } from './access-holders';
import { listed } from './grants/parts';
import type { Plain, PlainMap } from './plain';
import { asList, asText, placeOf, type Reader, readerOf, shownAs } from './reading';
import { type Aspected, type Pairing, resourcesOf, type Side, type Told } from './side';

/** Properties that name a role, however a service calls it: `Role`, `TaskRoleArn`, `IamRoles`, `IamInstanceProfile`. */
const NAMES_ROLE = /(role|instanceprofile)(s|arns?|name)?$/i;
const IDENTITY = /^AWS::IAM::(Role|InstanceProfile)$/;
const ARN = /^arn:[^:]*:iam::[^:]*:(role|instance-profile)\//;
/** What AWS itself acts as for a service: it says what such a role may do. */
const SERVICE_LINKED = /:role\/aws-service-role\//;
/** Policies and grants name the roles that they are for; who may become one through these is told elsewhere. */
const TELLS_ITSELF =
  /^AWS::(IAM::\w+|SSO::\w+|LakeFormation::\w+|Organizations::\w+|Cognito::IdentityPoolRoleAttachment|RolesAnywhere::\w+|Cognito::UserPoolGroup|EKS::(PodIdentityAssociation|AccessEntry)|IoT::RoleAlias|Transfer::User)$/;
/** What runs our own code or queries: there a role where there was none gives new rights. Others need one for what they newly do. */
const BEGINS =
  /^AWS::((Redshift|RedshiftServerless|AutoScaling|Batch|AppRunner|Serverless|SSM|SageMaker)::|EC2::(Instance|LaunchTemplate|SpotFleet) |ECS::TaskDefinition TaskRoleArn|RDS::\w+ AssociatedRoles)/;
/** Deepest property that is looked into. */
const MOST_DEEP = 8;

/** The texts that name roles, by where they stand; items of lists stand in one place. */
function rolesIn(value: Plain, reader: Reader): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const keys: string[] = [];
  const look = (at: Plain, named: boolean, depth: number): void => {
    if (depth > MOST_DEEP) return;
    if (typeof at === 'string') {
      if (!named) return;
      const path = keys.join('.');
      found.set(path, (found.get(path) ?? new Set()).add(at));
    } else if (Array.isArray(at)) for (const item of at as readonly Plain[]) look(item, named, depth + 1);
    else if (typeof at === 'object' && at !== null)
      for (const key in at) {
        keys.push(key);
        look((at as PlainMap)[key] as Plain, (named && /^(Arn|Name)$/.test(key)) || NAMES_ROLE.test(key), depth + 1);
        keys.pop();
      }
  };
  look(value, false, 0);
  for (const [path, texts] of found) if (![...texts].some((text) => isRole(text, reader))) found.delete(path);
  return found;
}

const isRole = (text: string, reader: Reader): boolean => {
  if (ARN.test(text)) return true;
  const known = hasHole(text) ? reader.referred(text) : undefined;
  return known !== undefined && IDENTITY.test(known.type);
};

/** Whatever acts as another role than before. What is new altogether acts as roles that are told themselves. */
export const acting: Aspected = (before, after, pairing) => [...changed(before, after, pairing)];

function* changed(before: Side, after: Side, pairing: Pairing): Iterable<Told> {
  const [old, now] = [readerOf(before, pairing), readerOf(after, pairing)];
  let roles: readonly [Roles, Roles] | undefined;
  for (const resource of resourcesOf(after)) {
    const other = resource.cloud === 'aws' && !TELLS_ITSELF.test(resource.type) ? pairing.other(resource) : undefined;
    if (!other) continue;
    const later = rolesIn(now.of(resource), now);
    if (later.size === 0) continue;
    const earlier = rolesIn(old.of(other), old);
    for (const [path, texts] of later) {
      const known = earlier.get(path) ?? new Set<string>();
      const added = [...texts].filter((text) => !known.has(text) && !SERVICE_LINKED.test(text)).sort();
      if (added.length === 0 || (known.size === 0 && !BEGINS.test(`${resource.type} ${path}`))) continue;
      roles ??= [new Roles(before, old, pairing), new Roles(after, now, pairing)];
      const line = lineOf({ resource, path, added, was: [...known].sort(), own: other }, roles, pairing);
      if (line) yield line;
    }
  }
}

interface Change {
  readonly resource: Resource;
  readonly path: string;
  readonly added: readonly string[];
  readonly was: readonly string[];
  /** The same before, which may have had a role of its own. */
  readonly own: Resource | undefined;
}

function lineOf({ added, own, path, resource, was }: Change, [old, now]: readonly [Roles, Roles], pairing: Pairing): Told | undefined {
  const [earlier, later] = [was.flatMap((text) => old.named(text) ?? []), added.flatMap((text) => now.named(text) ?? [])];
  const before = was.length === 0 ? [(own && old.of(own)) ?? []].flat() : earlier;
  const isKnown = later.length === added.length;
  const gains = isKnown ? gained(before, later) : undefined;
  if (gains?.length === 0) return undefined;
  const sure = isKnown && earlier.length === was.length;
  const more = gains
    ?.map(({ resource: what, verbs }) => `${verbs.join(', ')} ${what === '*' ? 'everything' : now.reader.words(what)}`)
    .sort();
  const instead = was.length === 0 ? '' : ` instead of ${listed(was.map((text) => old.reader.words(text)))}`;
  return {
    direction: sure ? 'weaker' : 'undecided',
    aspect: 'access',
    severity: 'high',
    sentence: `${pairing.name(resource)} acts as ${listed(added.map((text) => now.reader.words(text)))}${instead}${more ? `, which may also ${[...new Set(more)].slice(0, 3).join('; ')}` : ': what that role may do stands elsewhere'}`,
    subject: pairing.identity(resource),
    topic: 'acts as',
    approver: 'security',
    evidence: [{ resource: shownAs(resource), side: 'after', ...placeOf(resource, path), saw: path }],
    causes: [{ resource: pairing.identity(resource), path }],
  };
}

/**
 * Who acts as a role that is new: where all of them acted as others before, whatever these could do is nothing that anybody gains.
 */
export class Successors {
  readonly #users = new Map<string, Change[]>();
  #roles: readonly [Roles, Roles] | undefined;
  #isIndexed = false;

  constructor(
    private readonly before: Side,
    private readonly after: Side,
    private readonly pairing: Pairing,
  ) {}

  /** What runs as a role, on the later side. */
  usersOf(role: Resource): readonly Resource[] {
    return this.#of(role).map(({ resource }) => resource);
  }

  /** Whether whoever acts as it could do all that it may. */
  areNoMore(role: Resource): boolean {
    const users = this.#of(role);
    if (users.length === 0 || users.some(({ own, was }) => own === undefined || was.length === 0)) return false;
    this.#roles ??= [
      new Roles(this.before, readerOf(this.before, this.pairing), this.pairing),
      new Roles(this.after, readerOf(this.after, this.pairing), this.pairing),
    ];
    const [old, now] = this.#roles;
    const held = now.of(role);
    return (
      held !== undefined &&
      users.every(({ was }) => {
        const earlier = was.flatMap((text) => old.named(text) ?? []);
        return earlier.length === was.length && gained(earlier, [held]).length === 0;
      })
    );
  }

  #of(role: Resource): readonly Change[] {
    if (!this.#isIndexed) this.#index();
    return this.#users.get(this.pairing.identity(role)) ?? [];
  }

  #index(): void {
    this.#isIndexed = true;
    const [old, now] = [readerOf(this.before, this.pairing), readerOf(this.after, this.pairing)];
    for (const resource of resourcesOf(this.after)) {
      if (resource.cloud !== 'aws' || TELLS_ITSELF.test(resource.type)) continue;
      for (const [path, texts] of rolesIn(now.of(resource), now))
        for (const text of texts) {
          const role = hasHole(text) ? now.referred(text) : undefined;
          if (!role) continue;
          const own = this.pairing.other(resource);
          const was = own ? [...(rolesIn(old.of(own), old).get(path) ?? [])] : [];
          append(this.#users, this.pairing.identity(role), { resource, path, added: [text], was, own });
        }
    }
  }
}

function gained(before: readonly Holder[], after: readonly Holder[]): readonly AccessChange[] {
  const old: Rights = before.length === 1 && before[0] ? before[0].rights : { grants: before.flatMap(({ rights }) => rights.grants) };
  return after.flatMap(({ rights }) => compareAccess(old, rights).filter(({ direction }) => direction === 'gained'));
}

/** The roles of a side, by how others name them. */
class Roles {
  readonly #holders: ReadonlyMap<string, Holder>;

  constructor(
    side: Side,
    readonly reader: Reader,
    readonly pairing: Pairing,
  ) {
    this.#holders = byKey(holdersOf(side, pairing));
  }

  of(resource: Resource): Holder | undefined {
    return this.#holders.get(`identity ${this.pairing.identity(resource)}`);
  }

  /** A role, or the one that an instance profile holds. */
  named(text: string): Holder | undefined {
    const found = this.reader.referred(text);
    if (found?.type !== 'AWS::IAM::InstanceProfile') return found && this.of(found);
    const [role] = asList(this.reader.of(found).Roles).flatMap((one) => asText(one) ?? []);
    const held = role === undefined ? undefined : this.reader.referred(role);
    return held && this.of(held);
  }
}
