/** Access packages: who may ask for access, who approves, how long it lasts and who reviews it. */
import type { ControlId } from '../../../controls';
import { PACKAGE_CATALOG, PACKAGE_POLICY } from '../../facts/azure-directory';
import { allOf, every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { setting } from '../setting';

const holds = (outcome: Outcome): boolean => outcome.verdict === 'pass';

/** Nobody asks: administrators assign. */
const asksNobody = (policy: Resource): boolean =>
  holds(policy.at('requestorSettings.scopeType').is('NoSubjects')) || holds(policy.at('requestorSettings.requestsAccepted').isFalse());

function approved(policy: Resource): Outcome {
  if (asksNobody(policy)) return notApplicable('takes no requests');
  const stages = policy.at('approvalSettings.approvalStages');
  return allOf(
    policy.at('approvalSettings.approvalRequired').orDefault(false).isTrue(),
    stages.isSet(),
    every(stages.items(), (stage) => stage.at('primaryApprovers').isSet()),
  );
}

/** Somebody else than who has the access reviews it. */
function reviewedByOthers(policy: Resource): Outcome {
  const review = policy.at('assignmentReviewSettings');
  if (!holds(review.at('enabled').isTrue())) return notApplicable('is not reviewed, which is judged as such');
  const type = review.at('reviewType');
  const judged = type.isOneOf(['Manager', 'Reviewers']);
  if (!holds(judged)) return judged;
  return holds(type.is('Reviewers')) ? review.at('reviewers').isSet() : pass();
}

/** Who may ask: people of the directory, or of organisations that were admitted by name. */
const NAMED = [
  'NoSubjects',
  'SpecificDirectorySubjects',
  'SpecificConnectedOrganizationSubjects',
  'AllConfiguredConnectedOrganizationSubjects',
  'AllExistingDirectoryMemberUsers',
  'AllExistingDirectorySubjects',
];

const policy = (properties: object) => ({ policy: { type: PACKAGE_POLICY, properties } });
const reviewed = (assignmentReviewSettings: object) => policy({ assignmentReviewSettings });
const APPROVERS = [{ subjectType: 'groupMembers', objectId: 'supervisors' }];
const approval = (approvalSettings: object, more: object = {}) => policy({ approvalSettings, ...more });

export const AZURE_ACCESS_PACKAGES = {
  'UAR-01': {
    azure: rule({
      on: PACKAGE_POLICY,
      check: (one) =>
        allOf(
          one.at('assignmentReviewSettings.enabled').isTrue(),
          one.at('assignmentReviewSettings.reviewFrequency').isOneOf(['quarterly', 'monthly', 'weekly']),
        ),
      fix: "Set assignmentReviewSettings: { enabled: true, reviewFrequency: 'quarterly' }.",
      pass: [
        { resources: reviewed({ enabled: true, reviewFrequency: 'quarterly' }) },
        { resources: reviewed({ enabled: true, reviewFrequency: 'weekly' }) },
      ],
      fail: [
        { resources: reviewed({ enabled: true, reviewFrequency: 'annual' }) },
        { resources: reviewed({ enabled: false, reviewFrequency: 'quarterly' }) },
        { resources: policy({}) },
      ],
      unknown: [{ resources: reviewed({ enabled: true, reviewFrequency: { $unknown: 'config value' } }) }],
    }),
  },
  'UAR-02': {
    azure: rule({
      on: PACKAGE_POLICY,
      check: reviewedByOthers,
      fix: "Set assignmentReviewSettings.reviewType: 'Manager', or 'Reviewers' with reviewers; nobody reviews the own access.",
      pass: [
        { resources: reviewed({ enabled: true, reviewType: 'Manager' }) },
        { resources: reviewed({ enabled: true, reviewType: 'Reviewers', reviewers: APPROVERS }) },
      ],
      fail: [
        { resources: reviewed({ enabled: true, reviewType: 'Self' }) },
        { resources: reviewed({ enabled: true, reviewType: 'Reviewers', reviewers: [] }) },
        { resources: reviewed({ enabled: true }) },
      ],
      unknown: [{ resources: reviewed({ enabled: true, reviewType: { $unknown: 'config value' } }) }],
      skip: [{ resources: policy({}) }],
    }),
  },
  'UAR-03': {
    azure: setting({
      on: PACKAGE_POLICY,
      at: 'assignmentReviewSettings.accessReviewTimeoutBehavior',
      is: ['removeAccess'],
      not: 'keepAccess',
      fix: "Set assignmentReviewSettings.accessReviewTimeoutBehavior: 'removeAccess'.",
    }),
  },
  'UAR-04': {
    azure: setting({
      on: PACKAGE_POLICY,
      at: 'assignmentReviewSettings.accessRecommendationEnabled',
      is: [true],
      not: false,
      fix: 'Set assignmentReviewSettings.accessRecommendationEnabled: true, so that reviewers see who has not signed in.',
    }),
  },
  'LPA-08': {
    azure: rule({
      on: PACKAGE_POLICY,
      check: approved,
      fix: 'Set approvalSettings: { approvalRequired: true, approvalStages: [{ primaryApprovers, … }] }.',
      pass: [{ resources: approval({ approvalRequired: true, approvalStages: [{ primaryApprovers: APPROVERS }] }) }],
      fail: [
        { resources: policy({}) },
        { resources: approval({ approvalRequired: false, approvalStages: [{ primaryApprovers: APPROVERS }] }) },
        { resources: approval({ approvalRequired: true }) },
        { resources: approval({ approvalRequired: true, approvalStages: [{ primaryApprovers: [] }] }) },
      ],
      unknown: [
        {
          resources: approval({ approvalRequired: { $unknown: 'config value' }, approvalStages: [{ primaryApprovers: APPROVERS }] }),
        },
      ],
      skip: [
        { resources: approval({ approvalRequired: false }, { requestorSettings: { scopeType: 'NoSubjects' } }) },
        { resources: approval({ approvalRequired: false }, { requestorSettings: { requestsAccepted: false } }) },
      ],
    }),
  },
  'FLS-08': {
    azure: rule({
      on: PACKAGE_POLICY,
      check: (one) =>
        asksNobody(one)
          ? notApplicable('takes no requests')
          : one.at('approvalSettings.requestorJustificationRequired').orDefault(false).isTrue(),
      severity: 'low',
      fix: 'Set approvalSettings.requestorJustificationRequired: true, so that whoever asks says what for.',
      pass: [{ resources: approval({ requestorJustificationRequired: true }) }],
      fail: [{ resources: approval({ requestorJustificationRequired: false }) }, { resources: policy({}) }],
      unknown: [{ resources: approval({ requestorJustificationRequired: { $unknown: 'config value' } }) }],
      skip: [{ resources: policy({ requestorSettings: { scopeType: 'NoSubjects' } }) }],
    }),
  },
  'LPA-10': {
    azure: [
      rule({
        on: PACKAGE_POLICY,
        check: (one) => one.at('requestorSettings.scopeType').orDefault('NoSubjects').isOneOf(NAMED),
        fix: "Set requestorSettings.scopeType: 'SpecificDirectorySubjects', or 'SpecificConnectedOrganizationSubjects' for one organisation.",
        pass: [
          { resources: policy({ requestorSettings: { scopeType: 'SpecificDirectorySubjects' } }) },
          { resources: policy({ requestorSettings: { scopeType: 'SpecificConnectedOrganizationSubjects' } }) },
        ],
        fail: ['AllExternalSubjects', 'AllExistingConnectedOrganizationSubjects'].map((scopeType) => ({
          resources: policy({ requestorSettings: { scopeType } }),
        })),
        unknown: [{ resources: policy({ requestorSettings: { scopeType: { $unknown: 'config value' } } }) }],
      }),
      setting({
        on: PACKAGE_CATALOG,
        at: 'externallyVisible',
        is: [false],
        not: true,
        unset: true,
        severity: 'low',
        fix: 'Set externallyVisible: false; the provider writes true.',
      }),
    ],
  },
  'PER-11': {
    azure: [
      rule({
        on: PACKAGE_POLICY,
        check: (one) =>
          one.at('durationInDays').state === 'absent' && one.at('expirationDate').state === 'absent'
            ? fail('neither durationInDays nor expirationDate is set: the access never ends', 'durationInDays')
            : allOf(one.at('durationInDays').orDefault(365).isAtMost(365), one.at('expirationDate').orDefault('set').isSet()),
        severity: 'medium',
        fix: 'Set durationInDays, or expirationDate no later than the end of the contract.',
        pass: [{ resources: policy({ durationInDays: 90 }) }, { resources: policy({ expirationDate: '2027-01-01T00:00:00Z' }) }],
        fail: [{ resources: policy({}) }, { resources: policy({ durationInDays: 3650 }) }],
        unknown: [{ resources: policy({ durationInDays: { $unknown: 'config value' } }) }],
      }),
      rule({
        on: PACKAGE_POLICY,
        check: (one) =>
          holds(one.at('extensionEnabled').orDefault(false).isFalse())
            ? notApplicable('is not extended')
            : allOf(
                one.at('approvalSettings.approvalRequired').orDefault(false).isTrue(),
                one.at('approvalSettings.approvalRequiredForExtension').orDefault(false).isTrue(),
              ),
        severity: 'medium',
        fix: 'Set approvalSettings.approvalRequiredForExtension: true, or extensionEnabled: false.',
        pass: [{ resources: approval({ approvalRequired: true, approvalRequiredForExtension: true }, { extensionEnabled: true }) }],
        fail: [
          { resources: approval({ approvalRequired: true }, { extensionEnabled: true }) },
          { resources: approval({ approvalRequiredForExtension: true }, { extensionEnabled: true }) },
        ],
        unknown: [
          {
            resources: approval(
              { approvalRequired: true, approvalRequiredForExtension: { $unknown: 'config value' } },
              { extensionEnabled: true },
            ),
          },
        ],
        skip: [{ resources: policy({ extensionEnabled: false }) }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
