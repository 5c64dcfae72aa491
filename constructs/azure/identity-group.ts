import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type DirectoryArgs, DirectoryComponent } from './identity-directory';
import { entra } from './identity-entra';
import type { Promises } from './relax';

/** What a {@link SecureGroup} is made from. */
export interface SecureGroupArgs extends DirectoryArgs {
  /** Name of the group, as people see it; no other group may have it. */
  readonly displayName: string;
  /** What its members may do, and their duties (PER-03). */
  readonly description: string;
  /** Object ids of the people who answer for who is in it (UAR-08). At least one; two, so that one can leave. */
  readonly owners: readonly pulumi.Input<string>[];
  /** Object ids of its members, all of them. @default not managed here: access packages and eligibility give the membership */
  readonly members?: readonly pulumi.Input<string>[];
  /**
   * Rule by which the directory finds the members, over attributes that only administrators or the personnel system write:
   * `user.department -eq "Support"`. @default none
   */
  readonly membershipRule?: string;
  /** Whether roles of the directory can be given to it; it cannot be changed later, nor have a rule. @default false */
  readonly assignableToRole?: boolean;
}

/** What people, or guests, write into their own account. */
const SELF_WRITTEN =
  /\buser\.(displayName|givenName|surname|mail|mailNickname|otherMails|proxyAddresses|userPrincipalName|mobile|telephoneNumber|facsimileTelephoneNumber|preferredLanguage|streetAddress|city|state|postalCode|country|physicalDeliveryOfficeName)\b/i;

const PROMISED = claims('SecureGroup', 'UAR-08');

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['identity'],
  relaxable: {},
  firm: { 'UAR-08': 'name those who would be asked' },
};

/**
 * A security group that somebody answers for: nobody joins by themselves, no rule reads what people write about themselves,
 * and no role of the directory can be given to it unless that is asked for. It needs the package `@pulumi/azuread`.
 *
 * Guarantees UAR-08.
 *
 * @throws RangeError without an owner, or for a rule by which people choose their own groups
 * @example
 * const agents = new SecureGroup('agents', {
 *   profile,
 *   displayName: 'Case agents',
 *   description: 'Work on assigned cases; bound by the confidentiality agreement for support data',
 *   owners: ['b5f2a4a8-0000-4000-8000-000000000003'],
 * });
 */
export class SecureGroup extends DirectoryComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** The `azuread.Group` itself. */
  readonly group: pulumi.CustomResource;
  /** Object id in the directory; what rights are given to. */
  readonly objectId: pulumi.Output<string>;

  constructor(name: string, args: SecureGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureGroup', PROMISES, name, args, opts);
    this.#check(args);
    const { assignableToRole = false, description, displayName, members, membershipRule, owners } = args;
    const azuread = entra(this.where);
    const group = new azuread.Group(
      `${name}-group`,
      {
        displayName,
        description,
        owners: [...owners],
        ...(members ? { members: [...members] } : {}),
        securityEnabled: true,
        mailEnabled: false,
        types: membershipRule === undefined ? [] : ['DynamicMembership'],
        ...(membershipRule === undefined ? {} : { dynamicMembership: { enabled: true, rule: membershipRule } }),
        assignableToRole,
        visibility: 'Private',
        preventDuplicateNames: true,
        writebackEnabled: false,
      },
      { parent: this },
    );
    this.group = group;
    this.objectId = group.objectId;
    this.registerOutputs({ objectId: this.objectId });
  }

  #check({ assignableToRole, members, membershipRule, owners }: SecureGroupArgs): void {
    this.someone(owners, 'owners', 'UAR-08', 'name the people who answer for the group');
    if (membershipRule === undefined) return;
    if (members) throw new RangeError(`${this.where}: members and membershipRule are both given; write one of them`);
    if (assignableToRole)
      throw new RangeError(`${this.where}: a group that roles can be given to has no membershipRule; name the members (LPA-04)`);
    const [, attribute] = SELF_WRITTEN.exec(membershipRule) ?? [];
    if (attribute !== undefined)
      throw new RangeError(
        `${this.where}: membershipRule reads user.${attribute}, which people and guests write themselves; read an attribute that administrators write (LPA-04)`,
      );
  }
}
