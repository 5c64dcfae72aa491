/** What roles, assignments, eligibility, delegations to other tenants and denials give and refuse. */
import { builtInRole, type Permissions } from '../../../policies/facts/azure-role-table';
import { ASSIGNMENT, DEFINITION, ELIGIBILITY } from '../../../policies/facts/azure-roles';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { secondsOf, spell } from '../strengths/azure-readings';
import { FOREVER } from '../strengths/parts';
import { plainTest, type Test, testsOf } from './conditions';
import type { Estate } from './estate';
import type { Block, Grant, Scope, Who } from './grant';

const DENIAL = 'azure-native:authorization:DenyAssignment';
const STACKS = /^azure-native:resources:DeploymentStackAt/;
const DELEGATION = 'azure-native:managedservices:RegistrationAssignment';
const OFFER = 'azure-native:managedservices:RegistrationDefinition';
const VAULT = 'azure-native:keyvault:Vault';

/** Everything that roles give in one graph. */
export function* roleGrants(graph: Graph, estate: Estate): Iterable<Grant> {
  const given = [...assigned(graph, estate), ...delegated(graph, estate)];
  const closed = graph
    .ofType(VAULT)
    .filter((vault) => goesByRoles(vault) === false)
    .map((vault) => estate.scopeOf(vault).key);
  yield* given.map((grant) => ({ ...grant, ...vaultsApart(grant, closed) }));
  yield* inSubscriptions(given, estate);
  yield* inVaults(given, graph, estate);
  yield* unassigned(graph, estate);
  yield* denials(graph, estate);
  yield* deploymentStacks(graph, estate);
}

function* assigned(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const at of graph.ofType(ASSIGNMENT)) {
    if (REVOKES.test(at.at('requestType').string ?? '')) continue;
    const who = elsewhere(estate.who(at.at('principalId'), at.at('principalType')), at.at('delegatedManagedIdentityResourceId'));
    const tests = [...conditionOf(at), ...expiryOf(at.at('scheduleInfo'))];
    yield { who, scope: estate.scope(at.at('scope'), at), ...roleOf(at.at('roleDefinitionId'), estate), tests, at };
  }
  for (const at of graph.ofType(ELIGIBILITY)) {
    if (REVOKES.test(at.at('requestType').string ?? '')) continue;
    const who = estate.who(at.at('principalId'));
    const tests = [...conditionOf(at), ACTIVATION, ...expiryOf(at.at('scheduleInfo'))];
    yield { who, scope: estate.scope(at.at('scope'), at), ...roleOf(at.at('roleDefinitionId'), estate), tests, at };
  }
}

/** Requests that take a right back. */
const REVOKES = /Remove|Deactivate/i;

/** An identity that stands in another tenant, which manages this one or is managed by it. */
function elsewhere(who: Who, delegated: Value): Who {
  if (delegated.state === 'absent') return who;
  return { key: `${who.key} of another tenant`, name: `${who.name} of another tenant`, boundary: 'tenant' };
}

/** Nobody has the right before he asks for it. */
const ACTIVATION = plainTest('activation in privileged identity management');

/** When it ends: at a date, which a start and a length tell too, or so long after somebody asked for it. */
function expiryOf(schedule: Value): readonly Test[] {
  const expiration = schedule.at('expiration');
  if (NEVER.test(expiration.at('type').string ?? '')) return [];
  const [end, duration] = [expiration.at('endDateTime').string, expiration.at('duration').string];
  if (end !== undefined && end !== '') return [plainTest(`until ${end.slice(0, 10)}`)];
  if (duration === undefined || duration === '') return [];
  const seconds = secondsOf(duration);
  if (seconds === undefined) return [plainTest(`an end after ${duration}`)];
  if (seconds === FOREVER) return [];
  const start = Date.parse(schedule.at('startDateTime').string ?? '');
  if (Number.isNaN(start)) return [plainTest(`for ${spell(seconds)}`)];
  return [plainTest(`until ${new Date(start + seconds * 1000).toISOString().slice(0, 10)}`)];
}
const NEVER = /^noexpiration$/i;

function conditionOf(at: Resource): readonly Test[] {
  const condition = at.at('condition');
  if (condition.state === 'absent') return [];
  const { shape } = condition;
  return shape === undefined ? [plainTest(`the condition that ${condition.missing ?? condition.path} decides`)] : testsOf(shape);
}

// ── Roles ──────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Role {
  readonly by: string;
  readonly blocks: readonly Block[];
  readonly missing?: string;
}

/** A role of the program, a built-in one, or one that is not known. */
export function roleOf(role: Value, estate: Estate): Role {
  const own = estate.find(role, DEFINITION);
  if (own) return customRole(own);
  const shape = role.shape ?? '';
  const id = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(shape)?.[1]?.toLowerCase();
  const known = id === undefined ? undefined : builtInRole(id);
  if (known?.permissions) return { by: known.name, blocks: known.permissions.map(blockOf) };
  const name = known?.name ?? id ?? (shape !== '' ? shape : (role.missing ?? role.path));
  return { by: name, blocks: [], missing: `what the role ${name} allows` };
}

const planes = (control: readonly string[] = [], data: readonly string[] = []): readonly string[] => [
  ...control.map((action) => `c ${action.toLowerCase()}`),
  ...data.map((action) => `d ${action.toLowerCase()}`),
];

const blockOf = ({ actions, condition, dataActions, notActions, notDataActions }: Permissions): Block => ({
  allow: planes(actions, dataActions),
  not: planes(notActions, notDataActions),
  ...(condition === undefined ? {} : { tests: testsOf(condition) }),
});

function customRole(role: Resource): Role {
  const by = role.at('roleName').string ?? role.logicalId;
  const permissions = role.at('permissions');
  const blocks = permissions.items().map((permission) => permissionBlock(permission));
  const unsure = [permissions, ...permissions.items(), ...permissions.items().flatMap(lists)].find(({ state }) => state === 'unknown');
  return { by, blocks, ...(unsure ? { missing: `what the role ${by} allows: ${unsure.path} depends on ${unsure.missing}` } : {}) };
}

const lists = (permission: Value): readonly Value[] =>
  ['actions', 'notActions', 'dataActions', 'notDataActions'].flatMap((list) => [permission.at(list), ...permission.at(list).items()]);

/** Reads one entry of `permissions`, of a role or of a denial. */
function permissionBlock(permission: Value): Block {
  const read = (list: string) =>
    permission
      .at(list)
      .items()
      .flatMap(({ shape }) => shape ?? []);
  const condition = permission.at('condition').string;
  return blockOf({
    actions: read('actions'),
    notActions: read('notActions'),
    dataActions: read('dataActions'),
    notDataActions: read('notDataActions'),
    ...(condition === undefined ? {} : { condition }),
  });
}

/** Roles that nothing of the program assigns: who holds them is decided elsewhere. */
function* unassigned(graph: Graph, estate: Estate): Iterable<Grant> {
  const used = new Set(
    [...graph.ofType(ASSIGNMENT), ...graph.ofType(ELIGIBILITY)].map((at) => estate.find(at.at('roleDefinitionId'), DEFINITION)),
  );
  for (const role of graph.ofType(DEFINITION)) {
    // A role that is new is held by nobody yet.
    if (used.has(role) || !estate.pairing.other(role)) continue;
    const { blocks, by, missing } = customRole(role);
    const holders = { key: `holders of ${estate.pairing.identity(role)}`, name: `whoever holds the role ${by}` };
    const scopes = role.at('assignableScopes').items();
    for (const scope of scopes.length > 0 ? scopes : [role.at('scope')])
      yield {
        who: holders,
        scope: estate.scope(scope, role),
        blocks,
        by: '',
        tests: [],
        at: role,
        ...(missing === undefined ? {} : { missing }),
      };
  }
}

// ── Vaults decide whether they go by roles ─────────────────────────────────────────────────────────────────────────

/** Whether data of the vault goes by roles; undefined where only deployment tells. */
export function goesByRoles(vault: Resource): boolean | undefined {
  const switched = vault.at('properties.enableRbacAuthorization').orDefault(false);
  return switched.boolean;
}

const ON_VAULTS = /^d (\*|microsoft\.keyvault)/;

/** Vaults with policies of their own are out of reach of roles for data. */
function vaultsApart(grant: Grant, keys: readonly string[]): Partial<Grant> {
  if (!grant.blocks.some(({ allow }) => allow.some((pattern) => ON_VAULTS.test(pattern)))) return {};
  if (!keys.some((key) => grant.scope.chain.includes(key))) return { except: keys };
  const blocks = grant.blocks.map((block) => ({ ...block, allow: block.allow.filter((pattern) => !ON_VAULTS.test(pattern)) }));
  return { blocks };
}

/** What a wider role means for each vault that goes by roles, so that it is seen when a vault begins to. */
function* inVaults(given: readonly Grant[], graph: Graph, estate: Estate): Iterable<Grant> {
  for (const vault of graph.ofType(VAULT)) {
    if (goesByRoles(vault) === false || !estate.pairing.other(vault)) continue;
    const scope = estate.scopeOf(vault);
    for (const grant of given) {
      if (grant.scope.key === scope.key || !scope.chain.includes(grant.scope.key)) continue;
      const blocks = grant.blocks.map((block) => ({ ...block, allow: block.allow.filter((pattern) => ON_VAULTS.test(pattern)) }));
      if (blocks.some(({ allow }) => allow.length > 0)) yield { ...grant, scope, blocks };
    }
  }
}

/** What a right on a management group means for each subscription in it, so that it is seen when one is moved there. */
function* inSubscriptions(given: readonly Grant[], estate: Estate): Iterable<Grant> {
  for (const grant of given)
    if (grant.scope.key.startsWith('management group ')) for (const scope of estate.placedBelow(grant.scope.key)) yield { ...grant, scope };
}

// ── Other tenants ──────────────────────────────────────────────────────────────────────────────────────────────────

function* delegated(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const at of graph.ofType(DELEGATION)) {
    const offer = estate.find(at.at('properties.registrationDefinitionId'), OFFER);
    const scope = estate.scope(at.at('scope'), at);
    if (!offer) {
      const what = at.at('properties.registrationDefinitionId');
      const name = what.shape ?? what.missing ?? what.path;
      const who = { key: `delegation ${name}`, name: `the tenant that the offer ${name} names`, boundary: 'tenant' as const };
      yield { who, scope, by: 'a delegation', blocks: [], tests: [], at, missing: `what the offer ${name} delegates` };
      continue;
    }
    const tenant = offer.at('properties.managedByTenantId');
    const from = tenant.shape ?? tenant.missing ?? tenant.path;
    for (const [list, tests] of [
      ['authorizations', []],
      ['eligibleAuthorizations', [ACTIVATION]],
    ] as const)
      for (const entry of offer.at(`properties.${list}`).items()) {
        const { key } = estate.who(entry.at('principalId'));
        const who = {
          key: `${from} ${key}`,
          name: `${entry.at('principalIdDisplayName').string ?? key} of the tenant ${from}`,
          boundary: 'tenant' as const,
        };
        yield { who, scope, ...roleOf(entry.at('roleDefinitionId'), estate), tests, at };
      }
  }
}

// ── Denials ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** How a denial names all principals. */
const EVERYBODY = '00000000-0000-0000-0000-000000000000';

function* denials(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const at of graph.ofType(DENIAL)) {
    // It only records what it would refuse.
    if (at.at('denyAssignmentEffect').string?.toLowerCase() === 'audit') continue;
    const blocks = at.at('permissions').items().map(permissionBlock);
    const except = at
      .at('excludePrincipals')
      .items()
      .map((entry) => plainTest(`the asker is not ${estate.who(entry.at('id'), entry.at('type')).name}`));
    const principals = at.at('principals').items();
    for (const principal of principals) {
      const id = principal.at('id');
      const who = id.string === EVERYBODY ? ANYBODY : estate.who(id, principal.at('type'));
      yield { who, scope: deniedAt(at, estate), blocks, by: '', tests: except, at, denies: true };
    }
  }
}

/** A place with all that is in it, or without. */
function deniedAt(at: Resource, estate: Estate): Scope {
  const scope = estate.scope(at.at('scope'), at);
  if (at.at('doNotApplyToChildScopes').orDefault(false).boolean === false) return scope;
  const key = `${scope.key} itself`;
  return { ...scope, key, name: `${scope.name} itself`, chain: [key, ...scope.chain], group: false };
}

const ANYBODY = { key: 'everybody', name: 'everybody who has rights' };
const STACK_MODES: Readonly<Record<string, readonly string[]>> = {
  denydelete: ['c */delete'],
  denywriteanddelete: ['c */delete', 'c */write'],
};

/** What a deployment stack refuses to all but those that it names. */
function* deploymentStacks(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const type of graph.types) {
    if (!STACKS.test(type)) continue;
    for (const at of graph.ofType(type)) {
      const allow = STACK_MODES[at.at('denySettings.mode').string?.toLowerCase() ?? ''];
      if (!allow) continue;
      const not = planes(
        at
          .at('denySettings.excludedActions')
          .items()
          .flatMap(({ shape }) => shape ?? []),
      );
      const tests = at
        .at('denySettings.excludedPrincipals')
        .items()
        .map((value) => plainTest(`the asker is not ${estate.who(value).name}`));
      yield { who: ANYBODY, scope: estate.scopeOf(at), blocks: [{ allow, not }], by: '', tests, at, denies: true };
    }
  }
}
