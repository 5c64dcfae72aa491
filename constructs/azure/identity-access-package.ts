import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { atMidnight, type DirectoryArgs, DirectoryComponent } from './identity-directory';
import { entra } from './identity-entra';
import type { Promises } from './relax';

/** Who may ask for the package, and how long the access lasts. */
export type Audience =
  | {
      /** People of the organisation. */
      readonly of: 'employees';
      /** Days that the access lasts, 1 to 365; it is extended after another approval. */
      readonly days: number;
    }
  | {
      /** People of a subcontractor: reviewed monthly, never extended, and out with the contract (PER-08, PER-11). */
      readonly of: 'subcontractors';
      /** Last day of the contract, `2027-06-30`. */
      readonly until: string;
    };

/** What an {@link AccessPackage} is made from. */
export interface AccessPackageArgs extends DirectoryArgs {
  /** Name of the package, as those see it who ask for it. */
  readonly displayName: string;
  /** What it is for, and the duties that come with it (PER-03). */
  readonly description: string;
  /** Object ids of the groups whose membership it gives, by name. At least one. */
  readonly groups: Readonly<Record<string, pulumi.Input<string>>>;
  /** Object ids of the groups whose members may ask for it. At least one. */
  readonly requestors: readonly pulumi.Input<string>[];
  /** Object ids of the groups that approve: the supervisors (LPA-08). At least one. */
  readonly approvers: readonly pulumi.Input<string>[];
  /** Object ids of the groups that review, whose members do not hold the package (UAR-02). @default the approvers */
  readonly reviewers?: readonly pulumi.Input<string>[];
  /** For whom it is, and for how long. */
  readonly audience: Audience;
}

/** PER-11: what lasts longer than a year is no end. */
const LONGEST_DAYS = 365;
/** How long approvers and reviewers have, in days; no answer means no access. */
const DAYS_TO_DECIDE = 14;

const PROMISED = claims(
  'AccessPackage',
  { control: 'FLS-08', from: 'high' },
  { control: 'LPA-08', from: 'moderate' },
  'LPA-10',
  'PER-11',
  'UAR-01',
  'UAR-02',
  'UAR-03',
  'UAR-04',
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['identity'],
  relaxable: {},
  firm: {
    'FLS-08': 'one sentence is enough',
    'LPA-08': 'a package that nobody approves is a group that people join by themselves',
    'LPA-10': 'invite people of other organisations as guests, into a group that may ask',
    'PER-11': 'the access is asked for again',
    'UAR-01': 'reviews cost nothing but attention',
    'UAR-02': 'name another group',
    'UAR-03': 'who lost access asks for it again',
    'UAR-04': 'recommendations bind nobody',
  },
};

/** The ids as members of groups, which is how the directory takes approvers, reviewers and requestors. */
const membersOf = (groups: readonly pulumi.Input<string>[]) =>
  groups.map((objectId) => ({ subjectType: 'groupMembers', objectId, backup: false }));

/**
 * Access that people ask for: the membership of groups, with a reason, after the approval of others, for a time, and
 * reviewed. What subcontractors ask for ends with their contract. It needs the package `@pulumi/azuread`.
 *
 * Guarantees LPA-10, PER-11, UAR-01, UAR-02, UAR-03 and UAR-04; from the moderate tier on LPA-08; from the high tier on FLS-08.
 *
 * @throws RangeError without groups, requestors or approvers, or for an access that does not end
 * @example
 * new AccessPackage('support-engineers', {
 *   profile,
 *   displayName: 'Support engineering',
 *   description: 'Eligible for the content of cases; bound by the confidentiality agreement for support data',
 *   groups: { engineers: 'b5f2a4a8-0000-4000-8000-000000000001' },
 *   requestors: ['b5f2a4a8-0000-4000-8000-000000000002'],
 *   approvers: ['b5f2a4a8-0000-4000-8000-000000000003'],
 *   audience: { of: 'employees', days: 180 },
 * });
 */
export class AccessPackage extends DirectoryComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** Id of the catalogue that holds the package. */
  readonly catalogId: pulumi.Output<string>;
  /** Id of the package. */
  readonly packageId: pulumi.Output<string>;

  constructor(name: string, args: AccessPackageArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:AccessPackage', PROMISES, name, args, opts);
    this.#check(args);
    const { approvers, audience, description, displayName, groups, requestors, reviewers = approvers } = args;
    const azuread = entra(this.where);
    const child = { parent: this };
    const catalog = new azuread.AccessPackageCatalog(
      `${name}-catalog`,
      { displayName, description, published: true, externallyVisible: false },
      child,
    );
    const accessPackage = new azuread.AccessPackage(
      `${name}-package`,
      { catalogId: catalog.id, displayName, description, hidden: false },
      child,
    );
    for (const [group, objectId] of Object.entries(groups)) {
      const listed = new azuread.AccessPackageResourceCatalogAssociation(
        `${name}-${group}-resource`,
        { catalogId: catalog.id, resourceOriginId: objectId, resourceOriginSystem: 'AadGroup' },
        child,
      );
      new azuread.AccessPackageResourcePackageAssociation(
        `${name}-${group}-membership`,
        { accessPackageId: accessPackage.id, catalogResourceAssociationId: listed.id, accessType: 'Member' },
        child,
      );
    }
    const employees = audience.of === 'employees';
    new azuread.AccessPackageAssignmentPolicy(
      `${name}-policy`,
      {
        accessPackageId: accessPackage.id,
        displayName: `${displayName}: ${audience.of}`,
        description,
        ...(audience.of === 'employees' ? { durationInDays: audience.days } : { expirationDate: atMidnight(audience.until) }),
        extensionEnabled: employees,
        requestorSettings: { scopeType: 'SpecificDirectorySubjects', requestsAccepted: true, requestors: membersOf(requestors) },
        approvalSettings: {
          approvalRequired: true,
          approvalRequiredForExtension: true,
          requestorJustificationRequired: true,
          approvalStages: [
            {
              approvalTimeoutInDays: DAYS_TO_DECIDE,
              approverJustificationRequired: true,
              alternativeApprovalEnabled: false,
              primaryApprovers: membersOf(approvers),
            },
          ],
        },
        assignmentReviewSettings: {
          enabled: true,
          reviewFrequency: employees ? 'quarterly' : 'monthly',
          reviewType: 'Reviewers',
          reviewers: membersOf(reviewers),
          durationInDays: DAYS_TO_DECIDE,
          accessReviewTimeoutBehavior: 'removeAccess',
          accessRecommendationEnabled: true,
          approverJustificationRequired: true,
        },
      },
      child,
    );
    this.catalogId = catalog.id;
    this.packageId = accessPackage.id;
    this.registerOutputs({ catalogId: this.catalogId, packageId: this.packageId });
  }

  #check({ approvers, audience, groups, requestors }: AccessPackageArgs): void {
    this.someone(Object.keys(groups ?? {}), 'groups', 'LPA-05', 'name the groups whose membership it gives');
    this.someone(requestors, 'requestors', 'LPA-10', 'name the groups whose members may ask');
    this.someone(approvers, 'approvers', 'LPA-08', 'name the group of the supervisors');
    if (audience.of === 'employees') {
      const { days } = audience;
      if (!Number.isInteger(days) || days < 1 || days > LONGEST_DAYS)
        throw new RangeError(`${this.where}: audience.days is ${days}; write 1 to ${LONGEST_DAYS} (PER-11)`);
    } else if (!/^\d{4}-\d{2}-\d{2}/.test(audience.until ?? '') || Number.isNaN(Date.parse(audience.until)))
      throw new RangeError(`${this.where}: audience.until is "${audience.until}"; write the last day of the contract, 2027-06-30 (PER-11)`);
  }
}
