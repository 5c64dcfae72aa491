/** Access reviews, trust in other issuers and in other directories. */
import type { ControlId } from '../../../controls';
import { append } from '../../collect';
import { ENTRA_TRUST } from '../../facts/azure-directory';
import { lastsAtMost } from '../../facts/azure-durations';
import { GIVES_ROLES, hasRole, ROLES } from '../../facts/azure-roles';
import type { Graph } from '../../graph';
import { allOf, every, fail, notApplicable, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { setting } from '../setting';

const REVIEWS = [
  'azure-native:authorization:AccessReviewScheduleDefinitionById',
  'azure-native:authorization:ScopeAccessReviewScheduleDefinitionById',
] as const;
/** IDA-06: 45 days. */
const LONGEST_INACTIVITY_HOURS = 45 * 24;
const CREDENTIAL = 'azure-native:managedidentity:FederatedIdentityCredential';
const IDENTITY = 'azure-native:managedidentity:UserAssignedIdentity';
const DELEGATION = 'azure-native:managedservices:RegistrationDefinition';

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

const credential = (changes: object = {}, type: string = CREDENTIAL) => ({
  trust: {
    type,
    properties: {
      issuer: 'https://token.actions.githubusercontent.com',
      subject: 'repo:example/cases:environment:production',
      audiences: ['api://AzureADTokenExchange'],
      ...changes,
    },
  },
});
const review = (properties: object, type: string = REVIEWS[0]) => ({ review: { type, properties } });
const delegated = (properties: object) => ({
  offer: { type: DELEGATION, properties: { properties: { managedByTenantId: 't', ...properties } } },
});
const role = (id: string) => `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${id}`;
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const app = (properties: object) => ({ type: 'azure-native:web:WebApp', properties });

export const AZURE_REVIEWS = {
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
      on: [CREDENTIAL, ENTRA_TRUST],
      check: (one) => {
        if (!/(token\.actions\.githubusercontent\.com|gitlab)/i.test(one.at('issuer').shape ?? '')) return notApplicable('is no pipeline');
        return one.at('subject').matches(/:environment:|:ref:refs\/(heads|tags)\/|ref_type:(branch|tag):ref:/);
      },
      severity: 'medium',
      fix: 'End the subject in :environment:<name> or :ref:refs/heads/<protected branch>, so that pull requests get no identity.',
      pass: [{ resources: credential() }, { resources: credential({}, ENTRA_TRUST) }],
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
  'UAR-02': {
    azure: rule({
      on: REVIEWS,
      check: (review) => {
        const reviewers = review.at('reviewers').isSet();
        return reviewers.verdict === 'fail' ? fail('reviewers is not set: people review their own access', 'reviewers') : reviewers;
      },
      fix: 'Set reviewers to those who own the data or supervise the people, and backupReviewers.',
      pass: [{ resources: review({ reviewers: [{ principalId: 'supervisor' }] }) }],
      fail: [{ resources: review({}) }, { resources: review({ reviewers: [] }) }],
    }),
  },
  'IDA-06': {
    azure: rule({
      on: REVIEWS,
      check: (review, graph) => {
        if (review.at('inactiveDuration').state !== 'absent') return lastsAtMost(review.at('inactiveDuration'), LONGEST_INACTIVITY_HOURS);
        // A review with inactiveDuration is about the inactive only: the review of everybody cannot have it, another one has.
        const watched = graph.ofType(...REVIEWS).some((other) => other.at('inactiveDuration').state !== 'absent' && graph.exists(other));
        return watched
          ? notApplicable('another review watches for the inactive')
          : fail('no review watches for who has not signed in: inactiveDuration is not set', 'inactiveDuration');
      },
      severity: 'low',
      from: 'moderate',
      fix: "Add a review with inactiveDuration: 'P45D' and autoApplyDecisionsEnabled, so that who has not signed in loses access.",
      pass: [
        { resources: review({ inactiveDuration: 'P30D' }) },
        { resources: review({ inactiveDuration: 'P45D' }, REVIEWS[1]) },
        { resources: { ...review({ inactiveDuration: 'P45D' }), everybody: { type: REVIEWS[0], properties: { interval: 3 } } } },
      ],
      fail: [{ resources: review({ inactiveDuration: 'P90D' }) }, { resources: review({}) }],
      unknown: [{ resources: review({ inactiveDuration: { $unknown: 'config value' } }) }],
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
