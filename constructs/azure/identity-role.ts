import * as authorization from '@pulumi/azure-native/authorization';
import type * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type DirectoryArgs, DirectoryComponent } from './identity-directory';
import { physicalUuid } from './naming';
import type { Promises } from './relax';
import { whole } from './whole';

/** What a {@link LeastPrivilegeRole} is made from. */
export interface LeastPrivilegeRoleArgs extends DirectoryArgs {
  /** Name of the role, as people see it; unique in the directory. */
  readonly roleName: string;
  /** What the role is for, and the duties of those who hold it (PER-03). */
  readonly description: string;
  /** Id of the resource group, or the subscription, in which the role can be assigned: the narrowest that serves. */
  readonly scope: pulumi.Input<string>;
  /** What its holders may do with resources: exact actions, no `*`. @default none */
  readonly actions?: readonly string[];
  /** What its holders may do with data: exact actions, no `*`. @default none */
  readonly dataActions?: readonly string[];
}

/** By which a role gives itself, or somebody else, more. */
const ESCALATION = [
  /^Microsoft\.Authorization\/.*(write|delete|action)$/i,
  /^Microsoft\.ManagedIdentity\/userAssignedIdentities\/federatedIdentityCredentials\/write$/i,
  /^Microsoft\.ManagedServices\/.*write$/i,
];
const ATTACH = 'microsoft.managedidentity/userassignedidentities/assign/action';
/** With the right to attach an identity, each of these runs code under it. */
const RUN =
  /^Microsoft\.(Compute\/virtualMachine(s|ScaleSets)|ContainerInstance\/containerGroups|App\/(containerApps|jobs)|Web\/sites|Automation\/automationAccounts|Resources\/deploymentScripts|Logic\/workflows|ContainerService\/managedClusters)\/write$/i;
/** By which data leaves in bulk: keys, links, copies. */
const EXPORT =
  /\/(list(Keys|AdminKeys|AccountSas|ServiceSas|ConnectionStrings)|generateUserDelegationKey|beginGetAccess|export)\/action$|\/exportPipelines\/write$/i;

const PROMISED = claims(
  'LeastPrivilegeRole',
  'LPA-01',
  { control: 'LPA-02', from: 'moderate' },
  'LPA-04',
  'EXP-01',
  unclaimed('IDA-14', 'a role has no session; EligibleAccess limits how long it is active'),
  unclaimed('LPA-03', 'Azure has no boundary for roles; a role made here cannot give roles at all'),
  unclaimed('LOG-15', 'the deny of a boundary is a lock or a deny setting of the deployment, over the logs themselves'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['identity'],
  relaxable: { 'EXP-01': 'actions that hand out keys, links or copies, for a job that exports' },
  firm: {
    'LPA-01': 'name the actions',
    'LPA-02': 'name the data actions',
    'LPA-04': 'roles are given by those who administer access, by a built-in role with a condition',
  },
};

/**
 * A custom role with exact actions: no wildcard, no way to give itself or others more, no export of data in bulk, and
 * assignable in one place only.
 *
 * Guarantees LPA-01, LPA-04 and EXP-01; from the moderate tier on LPA-02.
 *
 * @throws RangeError when an action is a wildcard, gives roles away or exports, or the scope is too wide
 * @example
 * const operator = new LeastPrivilegeRole('operator', {
 *   profile,
 *   roleName: 'Case operator',
 *   description: 'Restarts the case application; bound by the confidentiality agreement for support data',
 *   scope: '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/cases',
 *   actions: ['Microsoft.Web/sites/read', 'Microsoft.Web/sites/restart/action'],
 * });
 */
export class LeastPrivilegeRole extends DirectoryComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** The definition itself. */
  readonly definition: authorization.RoleDefinition;
  /** Resource id of the definition; what assignments name. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: LeastPrivilegeRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:LeastPrivilegeRole', PROMISES, name, args, opts);
    const { actions = [], dataActions = [], description, roleName, scope } = args;
    this.someone([...actions, ...dataActions], 'actions and dataActions', 'LPA-01', 'name what the role is for');
    this.#checkActions('actions', actions, 'LPA-01');
    this.#checkActions('dataActions', dataActions, 'LPA-02');
    this.#checkTogether(actions);
    if (typeof scope === 'string' && !/^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?\/?$/i.test(scope))
      throw new RangeError(
        `${this.where}: scope is "${scope}"; write the id of a resource group or a subscription, /subscriptions/… (LPA-01)`,
      );
    const child = `${name}-definition`;
    const definitionArgs: authorization.RoleDefinitionArgs = {
      scope,
      roleDefinitionId: physicalUuid(child),
      roleName,
      roleType: 'CustomRole',
      description,
      assignableScopes: [scope],
      permissions: [{ actions: [...actions], notActions: [], dataActions: [...dataActions], notDataActions: [] }],
    };
    this.definition = new authorization.RoleDefinition(
      child,
      definitionArgs,
      whole(child, definitionArgs, ['permissions'], { parent: this }),
    );
    this.waive('EXP-01', this.definition);
    this.id = this.definition.id;
    this.registerOutputs({ id: this.id });
  }

  #checkActions(argument: string, actions: readonly string[], control: string): void {
    for (const [index, action] of actions.entries()) {
      const at = `${this.where}: ${argument}[${index}]`;
      if (action.includes('*')) throw new RangeError(`${at} "${action}" holds a wildcard; name each action (${control})`);
      if (!/^[\w.]+(\/[\w.-]+)+$/.test(action))
        throw new RangeError(`${at} "${action}" is no action; write Provider/type/…/verb, such as Microsoft.Web/sites/read (${control})`);
      if (ESCALATION.some((pattern) => pattern.test(action)))
        throw new RangeError(`${at} "${action}" gives more rights away; leave it to those who administer access (LPA-04)`);
      if (EXPORT.test(action) && !this.relaxes('EXP-01'))
        throw new RangeError(
          `${at} "${action}" carries data out in bulk; relax EXP-01 for a job that exports, in a role of its own (EXP-01)`,
        );
    }
  }

  #checkTogether(actions: readonly string[]): void {
    const runs = actions.find((action) => RUN.test(action));
    if (runs !== undefined && actions.some((action) => action.toLowerCase() === ATTACH))
      throw new RangeError(
        `${this.where}: actions attach identities and hold "${runs}": together they run code as any identity; part them into two roles (LPA-04)`,
      );
  }
}
