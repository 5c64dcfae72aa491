import * as authorization from '@pulumi/azure-native/authorization';
import * as pulumi from '@pulumi/pulumi';
import { CONTROLS } from '../../controls';
import { type ControlId, claims, TAGS } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { builtIn, GUARDRAILS, type Guardrail, INHERIT_TAG, LISTS, TAG_ON_GROUPS } from './governance-definitions';
import { physicalName } from './naming';
import type { Promises } from './relax';

/** Longest name of an assignment at a management group. */
const LONGEST_NAME = 24;
const TAG_CONTRIBUTOR = '4a9ae827-6dc8-4573-8ac7-8239d42aa03f';

/** Where guardrails hold: everything below a management group, or in a subscription. */
export type GuardrailScope =
  | { readonly managementGroupId: pulumi.Input<string> }
  | {
      /** The subscription of the provider: definitions are kept in it. */
      readonly subscriptionId: pulumi.Input<string>;
    };

/** What {@link PolicyGuardrails} are made from. */
export interface PolicyGuardrailsArgs extends Omit<SecureArgs, 'resourceGroupName' | 'tags'> {
  /** Where they hold. */
  readonly scope: GuardrailScope;
  /** Locations in which resources and groups may stand; within the residency of the data profile (LOC-01). */
  readonly allowedLocations: readonly string[];
  /** Types that may be made, `Microsoft.Storage/storageAccounts`; everything else is refused (LOC-08). */
  readonly allowedTypes: readonly string[];
  /** Tags without which no resource group is made, and which its resources inherit. @default those of the data profile */
  readonly requiredTags?: readonly string[];
}

/** A policy that repairs what it finds: it deploys what is missing, or modifies what is there. */
export interface RemediationSpec {
  /** Id of the definition, built-in or your own. */
  readonly definitionId: pulumi.Input<string>;
  /** What its identity may do in the scope: names (UUIDs) of the roles that the definition asks for. */
  readonly roles: readonly string[];
  /** What is read where a resource does not comply. */
  readonly message: string;
  /** @default none */
  readonly parameters?: Readonly<Record<string, pulumi.Input<unknown>>>;
  /** What has to be there before the roles are given: definitions of roles of your own. @default nothing */
  readonly after?: readonly pulumi.Resource[];
}

/**
 * Policies that refuse, before it is made, what the controls forbid: other locations and types, public networks, shared
 * keys, old TLS, public addresses, groups without an owner. They hold for whoever deploys, and however. Exceptions are
 * written as {@link PolicyException}, for one resource and until a day.
 *
 * Guarantees GOV-04, GOV-06, GOV-07, LOC-01 and LOC-08.
 *
 * @throws RangeError for a location that the data profile does not promise, a type that is none, or a relaxation that cannot stand
 * @example
 * const guardrails = new PolicyGuardrails('guardrails', {
 *   profile, location, scope: { managementGroupId: 'workloads' },
 *   allowedLocations: ['westeurope'], allowedTypes: ['Microsoft.Storage/storageAccounts', 'Microsoft.KeyVault/vaults'],
 * });
 */
export class PolicyGuardrails extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('PolicyGuardrails', 'GOV-04', 'GOV-06', 'GOV-07', 'LOC-01', 'LOC-08');

  /** Id of the scope. */
  readonly scopeId: pulumi.Output<string>;
  /** The assignments by what they refuse; `refuse` holds all guardrails that take no list. */
  readonly assignments: Readonly<Record<'refuse' | keyof typeof LISTS, authorization.PolicyAssignment>>;
  readonly #scope: GuardrailScope;

  constructor(name: string, args: PolicyGuardrailsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:PolicyGuardrails', PROMISES, name, args, opts);
    const { allowedLocations, allowedTypes, requiredTags = Object.values(TAGS), scope } = args;
    this.#check(args);
    this.#scope = scope;
    this.scopeId =
      'managementGroupId' in scope
        ? pulumi.interpolate`/providers/Microsoft.Management/managementGroups/${scope.managementGroupId}`
        : pulumi.interpolate`/subscriptions/${scope.subscriptionId}`;
    const list = (what: keyof typeof LISTS, values: readonly string[], message: string) =>
      this.#assign(what, {
        policyDefinitionId: builtIn(LISTS[what].id),
        parameters: { [LISTS[what].parameter]: { value: [...values] } },
        nonComplianceMessages: [{ message }],
      });
    const places = `Deploy to ${allowedLocations.join(', ')} (LOC-01).`;
    this.assignments = {
      refuse: this.#refuse(requiredTags),
      locations: list('locations', allowedLocations, places),
      'group-locations': list('group-locations', allowedLocations, places),
      types: list('types', allowedTypes, 'The type is not approved; ask for it to be added to allowedTypes (LOC-08).'),
    };
    this.#inheritTags(requiredTags);
    this.waive('GOV-06', ...Object.values(this.assignments));
    this.registerOutputs({ scopeId: this.scopeId });
  }

  /**
   * Assigns a policy that repairs, with an identity of its own that may do in the scope what the roles say. What exists
   * already is repaired by a remediation task of Azure Policy.
   * @param what 1 to 12 letters, digits and hyphens
   */
  remediate(what: string, { after = [], definitionId, message, parameters = {}, roles }: RemediationSpec): authorization.PolicyAssignment {
    const assignment = this.#assign(what, {
      policyDefinitionId: definitionId,
      parameters: Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, { value }])),
      nonComplianceMessages: [{ message }],
      identity: { type: 'SystemAssigned' },
      location: this.location,
    });
    const principalId = assignment.identity.apply((identity) => identity?.principalId ?? '');
    roles.forEach((role, index) => {
      new authorization.RoleAssignment(
        `${this.label}-${what}-role-${index + 1}`,
        {
          scope: this.scopeId,
          principalId,
          principalType: 'ServicePrincipal',
          roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${role}`,
          description: 'Repairs what a policy finds',
        },
        { parent: this, dependsOn: [...after] },
      );
    });
    return assignment;
  }

  #assign(
    what: string,
    args: Omit<authorization.PolicyAssignmentArgs, 'displayName' | 'enforcementMode' | 'policyAssignmentName' | 'scope'>,
  ): authorization.PolicyAssignment {
    return new authorization.PolicyAssignment(
      `${this.label}-${what}`,
      {
        scope: this.scopeId,
        policyAssignmentName: physicalName(`${what}-${this.label}`, LONGEST_NAME, '-'),
        displayName: `Palisade ${this.label}: ${what}`,
        // What repairs refuses nobody, and goes on while the rest only reports.
        enforcementMode: this.relaxes('GOV-06') && !args.identity ? 'DoNotEnforce' : 'Default',
        notScopes: [],
        ...args,
      },
      { parent: this },
    );
  }

  #refuse(requiredTags: readonly string[]): authorization.PolicyAssignment {
    const tagged = requiredTags.map((tag) => ({
      name: `tag-${tag.replaceAll(/[^A-Za-z0-9]+/g, '-')}`,
      id: TAG_ON_GROUPS,
      control: 'DHC-01' as ControlId,
      message: `Set the tag ${tag} on the resource group.`,
      parameters: { tagName: tag } as Readonly<Record<string, unknown>>,
    }));
    const refused = Object.entries(GUARDRAILS).map(([name, policy]) => ({ parameters: {}, ...policy, name }));
    const all = [...refused, ...tagged];
    const set = this.#set('refuse', 'What the controls forbid is refused.', {
      policyDefinitionGroups: [...new Set(all.map(({ control }) => control))].map((control) => ({
        name: control,
        displayName: CONTROLS[control].title,
        category: 'Palisade',
      })),
      policyDefinitions: all.map(({ control, id, name, parameters }) => ({
        policyDefinitionId: builtIn(id),
        policyDefinitionReferenceId: name,
        groupNames: [control],
        parameters: values(parameters),
      })),
    });
    return this.#assign('refuse', {
      policyDefinitionId: set.id,
      nonComplianceMessages: [
        { message: 'The baseline of this scope refuses it.' },
        ...all.map(({ control, message, name }) => ({ message: `${message} (${control})`, policyDefinitionReferenceId: name })),
      ],
    });
  }

  #inheritTags(tags: readonly string[]): void {
    if (tags.length === 0) return;
    const definition = this.#definition('inherit-tag', 'A resource has the tag of its group.');
    const set = this.#set('inherit-tags', 'Resources have the tags of their group.', {
      policyDefinitions: tags.map((tag) => ({
        policyDefinitionId: definition.id,
        policyDefinitionReferenceId: `inherit-${tag.replaceAll(/[^A-Za-z0-9]+/g, '-')}`,
        parameters: values({ tagName: tag }),
      })),
    });
    this.remediate('inherit-tags', {
      definitionId: set.id,
      roles: [TAG_CONTRIBUTOR],
      message: 'The resource lacks a tag of its group (DHC-01).',
    });
  }

  #definition(name: string, description: string): pulumi.CustomResource {
    const args = {
      policyDefinitionName: physicalName(`${name}-${this.label}`, 64, '-'),
      policyType: 'Custom',
      displayName: `Palisade ${this.label}: ${name}`,
      description,
      metadata: METADATA,
      ...INHERIT_TAG,
    };
    const child = `${this.label}-definition-${name}`;
    return 'managementGroupId' in this.#scope
      ? new authorization.PolicyDefinitionAtManagementGroup(
          child,
          { ...args, managementGroupId: this.#scope.managementGroupId },
          { parent: this },
        )
      : new authorization.PolicyDefinition(child, args, { parent: this });
  }

  #set(
    name: string,
    description: string,
    parts: Pick<authorization.PolicySetDefinitionArgs, 'policyDefinitionGroups' | 'policyDefinitions'>,
  ): pulumi.CustomResource {
    const args = {
      policySetDefinitionName: physicalName(`${name}-${this.label}`, 64, '-'),
      policyType: 'Custom',
      displayName: `Palisade ${this.label}: ${name}`,
      description,
      metadata: METADATA,
      ...parts,
    };
    const child = `${this.label}-set-${name}`;
    return 'managementGroupId' in this.#scope
      ? new authorization.PolicySetDefinitionAtManagementGroup(
          child,
          { ...args, managementGroupId: this.#scope.managementGroupId },
          { parent: this },
        )
      : new authorization.PolicySetDefinition(child, args, { parent: this });
  }

  #check({ allowedLocations, allowedTypes, scope }: PolicyGuardrailsArgs): void {
    const refuse = (what: string): never => {
      throw new RangeError(`${this.where}: ${what}`);
    };
    const plain = (place: string) => place.toLowerCase().replaceAll(' ', '');
    if (!scope || !('managementGroupId' in scope || 'subscriptionId' in scope))
      refuse('scope is missing; write { managementGroupId } or { subscriptionId }');
    if (!(allowedLocations?.length > 0)) refuse('allowedLocations is empty; name the locations in which resources may stand (LOC-01)');
    if (!(allowedTypes?.length > 0)) refuse('allowedTypes is empty; name the types that may be made (LOC-08)');
    const promised = (this.decided.profile.residency ?? []).map(plain);
    const elsewhere = allowedLocations.find((place) => promised.length > 0 && !promised.includes(plain(place)));
    if (elsewhere)
      refuse(`allowedLocations has ${elsewhere}, but ${this.decided.profile.system} promises to stay in ${promised.join(', ')} (LOC-01)`);
    const odd = allowedTypes.find((type) => !/^[A-Za-z0-9]+(\.[A-Za-z0-9]+)+(\/[A-Za-z0-9]+)+$/.test(type));
    if (odd) refuse(`allowedTypes has "${odd}", which is no type; write one such as Microsoft.Storage/storageAccounts`);
  }
}

const METADATA = { category: 'Palisade' };

const values = (parameters: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, { value }]));

const PROMISES: Promises = {
  claims: PolicyGuardrails.claims,
  families: ['governance'],
  relaxable: { 'GOV-06': 'the refusal: everything is reported and nothing is refused, while a scope is being brought under guardrails' },
  firm: {
    'GOV-04': 'except one resource, until a day, with a PolicyException',
    'GOV-07': 'a definition that is assigned nowhere judges nothing',
    'LOC-01': 'add the location to the residency of the data profile',
    'LOC-08': 'add the type to allowedTypes',
  },
};

/** Controls of the guardrails that take a list. */
const LISTED: Readonly<Record<keyof typeof LISTS, ControlId>> = { locations: 'LOC-01', 'group-locations': 'LOC-01', types: 'LOC-08' };

/** A guardrail by the name under which it is excepted. */
export type GuardrailName = Guardrail | keyof typeof LISTS;

/** The control that a guardrail enforces. */
export const controlOf = (guardrail: GuardrailName): ControlId =>
  guardrail in LISTED ? LISTED[guardrail as keyof typeof LISTS] : GUARDRAILS[guardrail as Guardrail].control;

/** Whether a guardrail is an assignment of its own. */
export const isListed = (guardrail: GuardrailName): guardrail is keyof typeof LISTS => guardrail in LISTED;
