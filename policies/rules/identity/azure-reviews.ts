/** Privileged access for a time, access reviews, trust in other issuers and in other directories. */
import type { ControlId } from '../../../controls';
import { append } from '../../collect';
import { ELIGIBILITY, GIVES_ROLES, hasRole, ROLES } from '../../facts/azure-roles';
import type { Graph } from '../../graph';
import { allOf, anyOf, every, fail, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { present, setting } from '../setting';

const POLICY = 'azure-native:authorization:RoleManagementPolicy';
const REVIEWS = [
  'azure-native:authorization:AccessReviewScheduleDefinitionById',
  'azure-native:authorization:ScopeAccessReviewScheduleDefinitionById',
] as const;
const CREDENTIAL = 'azure-native:managedidentity:FederatedIdentityCredential';
const IDENTITY = 'azure-native:managedidentity:UserAssignedIdentity';
const DELEGATION = 'azure-native:managedservices:RegistrationDefinition';

/** Hours of an ISO 8601 duration; undefined where it is none. */
export function hoursOf(duration: string): number | undefined {
  const [matched, years, months, weeks, days, hours, minutes] =
    /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(duration) ?? [];
  if (matched === undefined) return undefined;
  const whole = (text: string | undefined) => Number(text ?? 0);
  return (whole(years) * 365 + whole(months) * 30 + whole(weeks) * 7 + whole(days)) * 24 + whole(hours) + whole(minutes) / 60;
}

const lastsAtMost = (duration: Value, most: number): Outcome => {
  if (duration.string === undefined) return duration.state === 'absent' ? duration.asFailure() : duration.asUnknown();
  const hours = hoursOf(duration.string);
  return hours !== undefined && hours <= most ? pass() : duration.asFailure();
};

/** The rule of a policy that speaks of how people activate a role. */
const ruleOf = (policy: Resource, id: string): Value | undefined =>
  policy
    .at('rules')
    .items()
    .find((entry) => entry.at('id').is(id).verdict === 'pass');

const judgeRule = (policy: Resource, id: string, judge: (entry: Value) => Outcome): Outcome => {
  if (policy.at('rules').state === 'unknown') return policy.at('rules').asUnknown();
  const entry = ruleOf(policy, id);
  return entry ? judge(entry) : notApplicable(`does not speak of ${id}`);
};

const ENABLED = ['MultiFactorAuthentication', 'Justification'];

const activation = (policy: Resource): Outcome =>
  allOf(
    judgeRule(policy, 'Expiration_EndUser_Assignment', (entry) => lastsAtMost(entry.at('maximumDuration'), 8)),
    judgeRule(policy, 'Approval_EndUser_Assignment', (entry) => entry.at('setting.isApprovalRequired').isTrue()),
    judgeRule(policy, 'Enablement_EndUser_Assignment', (entry) =>
      every(ENABLED, (wanted) =>
        some(entry.at('enabledRules').items(), (one) => one.is(wanted), `${entry.path}.enabledRules does not ask for ${wanted}`),
      ),
    ),
  );

/** Approvers are named for every stage, and they are not everybody. */
const approvers = (policy: Resource): Outcome =>
  judgeRule(policy, 'Approval_EndUser_Assignment', (entry) => {
    const stages = entry.at('setting.approvalStages').items();
    if (stages.length === 0) return fail(`${entry.path}.setting has no approvalStages: nobody approves`, entry.path);
    return every(stages, (stage) => stage.at('primaryApprovers').isSet());
  });

/** What a workload is, by the identities that it is given: each as a list, or as keys of a map. */
function identitiesOf(resource: Resource): readonly string[] {
  const given = resource.at('identity.userAssignedIdentities');
  if (given.isMap) return given.entries().map(([id]) => id.toLowerCase());
  return given.items().flatMap((one) => one.targets.concat(one.string?.toLowerCase() ?? []));
}

const WORKLOADS = [
  'web:WebApp',
  'web:WebAppSlot',
  'app:ContainerApp',
  'app:Job',
  'containerinstance:ContainerGroup',
  'compute:VirtualMachine',
  'compute:VirtualMachineScaleSet',
  'automation:AutomationAccount',
  'logic:Workflow',
  'datafactory:Factory',
  'containerservice:ManagedCluster',
].map((name) => `azure-native:${name}`);

function usersOf(identity: Resource, graph: Graph): readonly Resource[] {
  const index = graph.once('workloads by identity', () => {
    const byIdentity = new Map<string, Resource[]>();
    for (const workload of graph.ofType(...WORKLOADS)) for (const id of new Set(identitiesOf(workload))) append(byIdentity, id, workload);
    return byIdentity;
  });
  return (index.get(identity.id) ?? []).filter((workload) => graph.exists(workload));
}

const policy = (...rules: readonly object[]) => ({ policy: { type: POLICY, properties: { scope: '/subscriptions/s', rules } } });
const expiry = (maximumDuration: unknown) => ({
  id: 'Expiration_EndUser_Assignment',
  ruleType: 'RoleManagementPolicyExpirationRule',
  maximumDuration,
});
const approval = (setting: object) => ({ id: 'Approval_EndUser_Assignment', ruleType: 'RoleManagementPolicyApprovalRule', setting });
const enablement = (...enabledRules: readonly string[]) => ({
  id: 'Enablement_EndUser_Assignment',
  ruleType: 'RoleManagementPolicyEnablementRule',
  enabledRules,
});
const credential = (changes: object = {}) => ({
  trust: {
    type: CREDENTIAL,
    properties: {
      issuer: 'https://token.actions.githubusercontent.com',
      subject: 'repo:example/cases:environment:production',
      audiences: ['api://AzureADTokenExchange'],
      ...changes,
    },
  },
});
const eligible = (properties: object) => ({ eligible: { type: ELIGIBILITY, properties } });
const until = (expiration: object) => eligible({ scheduleInfo: { expiration } });
const delegated = (properties: object) => ({
  offer: { type: DELEGATION, properties: { properties: { managedByTenantId: 't', ...properties } } },
});
const role = (id: string) => `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${id}`;
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const app = (properties: object) => ({ type: 'azure-native:web:WebApp', properties });

export const AZURE_REVIEWS = {
  'LPA-11': {
    azure: rule({
      on: POLICY,
      check: activation,
      fix: 'Set maximumDuration to PT8H or less, isApprovalRequired: true, and enabledRules MultiFactorAuthentication and Justification.',
      pass: [
        {
          resources: policy(
            expiry('PT4H'),
            approval({ isApprovalRequired: true }),
            enablement('MultiFactorAuthentication', 'Justification'),
          ),
        },
      ],
      fail: [
        { resources: policy(expiry('PT24H')) },
        { resources: policy(expiry('P1D')) },
        { resources: policy(approval({ isApprovalRequired: false })) },
        { resources: policy(enablement('Justification')) },
      ],
      unknown: [{ resources: policy(expiry({ $unknown: 'config value' })) }],
      skip: [{ resources: policy({ id: 'Notification_Admin_EndUser_Assignment' }) }],
    }),
  },
  'LPA-08': {
    azure: rule({
      on: POLICY,
      check: approvers,
      severity: 'medium',
      fix: 'Name the supervisors as primaryApprovers of each approval stage; nobody approves a request of their own.',
      pass: [
        {
          resources: policy(
            approval({ isApprovalRequired: true, approvalStages: [{ primaryApprovers: [{ id: 'supervisors', userType: 'Group' }] }] }),
          ),
        },
      ],
      fail: [
        { resources: policy(approval({ isApprovalRequired: true })) },
        { resources: policy(approval({ approvalStages: [{ primaryApprovers: [] }] })) },
      ],
      skip: [{ resources: policy(expiry('PT8H')) }],
    }),
  },
  'LPA-07': {
    azure: rule({
      on: ELIGIBILITY,
      check: (one) => {
        const ticket = one.at('ticketInfo.ticketNumber').isSet();
        return ticket.verdict === 'fail' ? fail('ticketInfo.ticketNumber is not set: the access belongs to no case', 'ticketInfo') : ticket;
      },
      severity: 'medium',
      fix: 'Set ticketInfo: { ticketNumber, ticketSystem } to the case that the access is for.',
      pass: [{ resources: eligible({ ticketInfo: { ticketNumber: 'CASE-1' } }) }],
      fail: [{ resources: eligible({}) }, { resources: eligible({ ticketInfo: { ticketSystem: 'desk' } }) }],
    }),
  },
  'FLS-08': {
    azure: present({
      on: ELIGIBILITY,
      at: 'justification',
      like: 'Investigation of case 1',
      else: 'justification is not set: the purpose of the access is not declared',
      severity: 'medium',
      fix: 'Set justification to the purpose of the access.',
    }),
  },
  'PER-11': {
    azure: rule({
      on: ELIGIBILITY,
      check: (one) => {
        const expiration = one.at('scheduleInfo.expiration');
        return anyOf(
          [expiration.at('endDateTime').isSet(), expiration.at('duration').isSet()],
          'scheduleInfo.expiration has neither endDateTime nor duration: the eligibility never ends',
        );
      },
      severity: 'medium',
      fix: "Set scheduleInfo.expiration: { type: 'AfterDateTime', endDateTime } no later than the end of the contract.",
      pass: [
        { resources: until({ type: 'AfterDateTime', endDateTime: '2027-01-01T00:00:00Z' }) },
        { resources: until({ type: 'AfterDuration', duration: 'P90D' }) },
      ],
      fail: [{ resources: until({ type: 'NoExpiration' }) }, { resources: eligible({}) }],
    }),
  },
  'IDA-11': {
    azure: [
      rule({
        on: CREDENTIAL,
        check: (one) => allOf(one.at('issuer').matches(/^https:\/\/[^*]+$/), one.at('subject').matches(/^[^*]+$/)),
        fix: 'Name one issuer by https and the exact subject, such as repo:<owner>/<repository>:environment:production, without *.',
        pass: [{ resources: credential() }],
        fail: [
          { resources: credential({ subject: 'repo:example/*' }) },
          { resources: credential({ issuer: 'http://issuer.example.com' }) },
          { resources: credential({ subject: '' }) },
        ],
        unknown: [{ resources: credential({ subject: { $unknown: 'config value' } }) }],
      }),
      rule({
        on: CREDENTIAL,
        check: (one) => {
          const audiences = one.at('audiences').items();
          return audiences.length > 1
            ? fail(`audiences lists ${audiences.length} audiences`, 'audiences')
            : every([one.at('audiences')], (list) => (audiences[0] ?? list).matches(/^[^*]+$/));
        },
        severity: 'medium',
        fix: "Set audiences: ['api://AzureADTokenExchange'].",
        pass: [{ resources: credential() }],
        fail: [{ resources: credential({ audiences: ['a', 'b'] }) }, { resources: credential({ audiences: ['*'] }) }],
      }),
    ],
  },
  'SDC-06': {
    azure: rule({
      on: CREDENTIAL,
      check: (one) => {
        if (!/(token\.actions\.githubusercontent\.com|gitlab)/i.test(one.at('issuer').shape ?? '')) return notApplicable('is no pipeline');
        return one.at('subject').matches(/:environment:|:ref:refs\/(heads|tags)\/|ref_type:(branch|tag):ref:/);
      },
      severity: 'medium',
      fix: 'End the subject in :environment:<name> or :ref:refs/heads/<protected branch>, so that pull requests get no identity.',
      pass: [{ resources: credential() }],
      fail: [{ resources: credential({ subject: 'repo:example/cases:pull_request' }) }],
      skip: [{ resources: credential({ issuer: 'https://oidc.prod-aks.azure.com/t/' }) }],
    }),
  },
  'LPA-15': {
    azure: rule({
      on: IDENTITY,
      check: (identity, graph) => {
        const users = usersOf(identity, graph);
        if (users.length === 0) return notApplicable('no workload of the input uses it');
        return users.length === 1 ? pass() : fail(`is shared by ${users.map(({ logicalId }) => logicalId).join(', ')}`);
      },
      severity: 'low',
      fix: 'Give each workload an identity of its own.',
      pass: [{ resources: { identity: { type: IDENTITY }, one: app({ identity: { userAssignedIdentities: [{ $ref: 'identity' }] } }) } }],
      fail: [
        {
          resources: {
            identity: { type: IDENTITY },
            one: app({ identity: { userAssignedIdentities: [{ $ref: 'identity' }] } }),
            two: app({ identity: { userAssignedIdentities: [{ $ref: 'identity' }] } }),
          },
        },
      ],
      skip: [{ resources: { identity: { type: IDENTITY } } }],
    }),
  },
  'UAR-01': {
    azure: rule({
      on: REVIEWS,
      check: (review) => {
        const interval = review.at('interval').number;
        if (review.at('interval').state === 'unknown') return review.at('interval').asUnknown();
        return interval === undefined
          ? fail('interval is not set: the review happens once', 'interval')
          : review.at('interval').isAtMost(review.at('type').is('weekly').verdict === 'pass' ? 13 : 3);
      },
      fix: 'Set interval to 3 months at most (1 for privileged roles) and range without an end.',
      pass: [
        { resources: { review: { type: REVIEWS[0], properties: { interval: 3 } } } },
        { resources: { review: { type: REVIEWS[1], properties: { interval: 12, type: 'weekly' } } } },
      ],
      fail: [
        { resources: { review: { type: REVIEWS[0], properties: { interval: 6 } } } },
        { resources: { review: { type: REVIEWS[1], properties: {} } } },
      ],
      unknown: [{ resources: { review: { type: REVIEWS[0], properties: { interval: { $unknown: 'config value' } } } } }],
    }),
  },
  'UAR-03': {
    azure: [
      setting({
        on: REVIEWS,
        at: 'defaultDecision',
        is: ['Deny'],
        not: 'Approve',
        fix: "Set defaultDecision: 'Deny' and defaultDecisionEnabled: true.",
      }),
      setting({
        on: REVIEWS,
        at: 'defaultDecisionEnabled',
        is: [true],
        not: false,
        fix: "Set defaultDecisionEnabled: true and defaultDecision: 'Deny'.",
      }),
      setting({ on: REVIEWS, at: 'autoApplyDecisionsEnabled', is: [true], not: false, fix: 'Set autoApplyDecisionsEnabled: true.' }),
    ],
  },
  'UAR-04': {
    azure: setting({
      on: REVIEWS,
      at: 'recommendationsEnabled',
      is: [true],
      not: false,
      fix: "Set recommendationsEnabled: true and recommendationLookBackDuration: 'P90D'.",
    }),
  },
  'IDA-06': {
    azure: rule({
      on: REVIEWS,
      check: (review) => lastsAtMost(review.at('inactiveDuration'), 45 * 24),
      severity: 'low',
      from: 'moderate',
      fix: "Set inactiveDuration: 'P45D' with autoApplyDecisionsEnabled, so that who has not signed in loses access.",
      pass: [
        { resources: { review: { type: REVIEWS[0], properties: { inactiveDuration: 'P30D' } } } },
        { resources: { review: { type: REVIEWS[1], properties: { inactiveDuration: 'P45D' } } } },
      ],
      fail: [
        { resources: { review: { type: REVIEWS[0], properties: { inactiveDuration: 'P90D' } } } },
        { resources: { review: { type: REVIEWS[1], properties: {} } } },
      ],
      unknown: [{ resources: { review: { type: REVIEWS[0], properties: { inactiveDuration: { $unknown: 'config value' } } } } }],
    }),
  },
  'PER-08': {
    azure: rule({
      on: DELEGATION,
      check: (offer) =>
        every([...offer.at('properties.authorizations').items(), ...offer.at('properties.eligibleAuthorizations').items()], (given) => {
          const role = given.at('roleDefinitionId');
          const broad = hasRole(role, [...GIVES_ROLES, ROLES.contributor]);
          if (broad.verdict === 'unknown') return broad;
          return broad.verdict === 'pass' ? fail(`${role.path} gives another directory a privileged role`, role.path) : pass();
        }),
      fix: 'Delegate narrow roles only, as eligibleAuthorizations with approval and an end.',
      pass: [{ resources: delegated({ authorizations: [{ principalId: 'p', roleDefinitionId: role(READER) }] }) }],
      fail: [
        { resources: delegated({ authorizations: [{ principalId: 'p', roleDefinitionId: ROLES.contributor }] }) },
        { resources: delegated({ eligibleAuthorizations: [{ principalId: 'p', roleDefinitionId: ROLES.userAccessAdministrator }] }) },
      ],
      unknown: [{ resources: delegated({ authorizations: [{ roleDefinitionId: { $unknown: 'config value' } }] }) }],
    }),
  },
  'IDA-02': {
    azure: setting({
      on: DELEGATION,
      at: 'properties.eligibleAuthorizations[].justInTimeAccessPolicy.multiFactorAuthProvider',
      is: ['Azure'],
      not: 'None',
      unset: 'None',
      fix: "Set justInTimeAccessPolicy.multiFactorAuthProvider: 'Azure'; the SDK writes None.",
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
