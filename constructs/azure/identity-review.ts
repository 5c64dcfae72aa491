import * as authorization from '@pulumi/azure-native/authorization';
import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { atMidnight, type DirectoryArgs, DirectoryComponent } from './identity-directory';
import { physicalUuid } from './naming';
import type { Promises } from './relax';
import { whole } from './whole';

/** What an {@link AccessReview} is made from. */
export interface AccessReviewArgs extends DirectoryArgs {
  /** Id of the resource, resource group or subscription whose assignments of roles are reviewed. */
  readonly scope: pulumi.Input<string>;
  /** Object ids of those who own the data or supervise the people, and do not hold the access themselves (UAR-02). At least one. */
  readonly reviewers: readonly pulumi.Input<string>[];
  /** Object ids of those who decide where a reviewer has left or holds the access. @default none */
  readonly backupReviewers?: readonly pulumi.Input<string>[];
  /** Day of the first review, `2026-12-01`. */
  readonly from: string;
  /** Whether privileged roles are reviewed: monthly instead of quarterly (UAR-01). @default false */
  readonly privileged?: boolean;
  /** What reviewers should look at. @default a sentence that asks whether the access is still needed */
  readonly instructions?: string;
}

/** UAR-01: months between two reviews. */
const MONTHS = { privileged: 1, others: 3 } as const;
/** How long reviewers have, in days; afterwards no answer means removal. */
const DAYS_TO_DECIDE = 14;
/** IDA-06: days without a sign-in. */
const INACTIVE_DAYS = 45;
/** UAR-04: days of use that recommendations look back at. */
const LOOK_BACK_DAYS = 90;

const PROMISED = claims('AccessReview', 'UAR-01', 'UAR-02', 'UAR-03', 'UAR-04', { control: 'IDA-06', from: 'moderate' });

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['identity'],
  relaxable: {},
  firm: {
    'UAR-01': 'reviews cost nothing but attention',
    'UAR-02': 'name another reviewer',
    'UAR-03': 'name backup reviewers; who lost access asks for it again',
    'UAR-04': 'recommendations bind nobody',
    'IDA-06': 'who comes back asks for the access again',
  },
};

/**
 * Recurring reviews of who holds roles in a scope: by others than those who hold them, with what was not used shown, and
 * with removal where nobody answers. From the moderate tier on a second, monthly review takes access from who has not
 * signed in for 45 days; the service reviews the inactive only where it is told so, which is why it is one of its own.
 *
 * Guarantees UAR-01, UAR-02, UAR-03 and UAR-04; from the moderate tier on IDA-06.
 *
 * @throws RangeError without a reviewer, or with one named twice
 * @example
 * new AccessReview('case-access', {
 *   profile,
 *   scope: '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/cases',
 *   reviewers: ['b5f2a4a8-0000-4000-8000-000000000003'],
 *   from: '2026-12-01',
 * });
 */
export class AccessReview extends DirectoryComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** The review of everybody. */
  readonly review: authorization.ScopeAccessReviewScheduleDefinitionById;
  readonly #args: AccessReviewArgs;

  constructor(name: string, args: AccessReviewArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:AccessReview', PROMISES, name, args, opts);
    this.#args = args;
    const { backupReviewers = [], from, privileged = false, reviewers } = args;
    this.someone(reviewers, 'reviewers', 'UAR-02', 'name who owns the data or supervises the people');
    const named = [...reviewers, ...backupReviewers].filter((id) => typeof id === 'string');
    const twice = named.find((id, index) => named.indexOf(id) !== index);
    if (twice !== undefined) throw new RangeError(`${this.where}: "${twice}" reviews twice; name each reviewer once (UAR-02)`);
    if (Number.isNaN(Date.parse(from))) throw new RangeError(`${this.where}: from is "${from}"; write a date such as 2026-12-01`);
    this.review = this.#define('review', MONTHS[privileged ? 'privileged' : 'others'], {});
    if (this.reaches('moderate')) this.#define('inactive', MONTHS.privileged, { inactiveDuration: `P${INACTIVE_DAYS}D` });
    this.registerOutputs();
  }

  #define(
    what: 'review' | 'inactive',
    interval: number,
    only: { readonly inactiveDuration?: string },
  ): authorization.ScopeAccessReviewScheduleDefinitionById {
    const { backupReviewers = [], from, instructions, reviewers, scope } = this.#args;
    const child = `${this.label}-${what}`;
    const args: authorization.ScopeAccessReviewScheduleDefinitionByIdArgs = {
      scope,
      scheduleDefinitionId: physicalUuid(child),
      displayName: child,
      descriptionForAdmins: `Access to ${this.decided.profile.system}, answered for by ${this.decided.profile.owner}`,
      descriptionForReviewers:
        instructions ??
        (what === 'review' ? 'Keep access only where the work still needs it.' : 'These people have not signed in for a while.'),
      type: 'absoluteMonthly',
      interval,
      range: { type: 'noEnd', startDate: atMidnight(from) },
      instanceDurationInDays: DAYS_TO_DECIDE,
      reviewers: reviewers.map((principalId) => ({ principalId })),
      backupReviewers: backupReviewers.map((principalId) => ({ principalId })),
      ...only,
      expandNestedMemberships: true,
      includeAccessBelowResource: true,
      includeInheritedAccess: true,
      defaultDecisionEnabled: true,
      defaultDecision: 'Deny',
      autoApplyDecisionsEnabled: true,
      justificationRequiredOnApproval: true,
      recommendationsEnabled: true,
      recommendationLookBackDuration: `P${LOOK_BACK_DAYS}D`,
      mailNotificationsEnabled: true,
      reminderNotificationsEnabled: true,
    };
    return new authorization.ScopeAccessReviewScheduleDefinitionById(
      child,
      args,
      whole(child, args, ['range', 'reviewers', 'backupReviewers'], { parent: this }),
    );
  }
}
