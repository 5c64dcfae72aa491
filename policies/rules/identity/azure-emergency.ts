/** Emergency accounts: left out of what could lock everybody out, and watched. */
import type { ControlId } from '../../../controls';
import { CONDITIONAL_ACCESS, lists } from '../../facts/azure-directory';
import { lastsAtMost } from '../../facts/azure-durations';
import { allOf, anyOf, notApplicable, type Outcome } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';

const ALERT = 'azure-native:monitor:ScheduledQueryRule';

/** A query over sign-ins of accounts that it names: those that nobody should use. */
const WATCHES_ACCOUNTS = /\b(SigninLogs|AADNonInteractiveUserSignInLogs)\b[\s\S]*\bUser(Id|PrincipalName)\s*(==|=~|in~?\s*\(|has)/i;
/** LPA-12: five minutes. */
const LONGEST_DELAY_HOURS = 5 / 60;

/** The alert on named accounts is on, looks often enough, and somebody is told. */
function isWatching(alert: Resource): Outcome {
  const queries = alert
    .at('criteria.allOf')
    .items()
    .map((condition) => condition.at('query').shape ?? '');
  if (!queries.some((query) => WATCHES_ACCOUNTS.test(query))) return notApplicable('is not about sign-ins of accounts that it names');
  return allOf(
    alert.at('enabled').orDefault(true).isTrue(),
    lastsAtMost(alert.at('evaluationFrequency'), LONGEST_DELAY_HOURS),
    alert.at('actions.actionGroups').isSet(),
  );
}

const policy = (users: object) => ({
  policy: { type: CONDITIONAL_ACCESS, properties: { displayName: 'p', conditions: { users } } },
});
const watching = (changes: object = {}, query = 'SigninLogs | where UserId in ("one", "two")') => ({
  alert: {
    type: ALERT,
    properties: {
      enabled: true,
      evaluationFrequency: 'PT5M',
      criteria: { allOf: [{ query }] },
      actions: { actionGroups: ['security'] },
      ...changes,
    },
  },
});

export const AZURE_EMERGENCY = {
  'IDA-09': {
    azure: rule({
      on: CONDITIONAL_ACCESS,
      check: (one) => {
        if (lists(one.at('conditions.users.includedUsers'), 'All').verdict !== 'pass') return notApplicable('is not about everybody');
        return anyOf(
          [one.at('conditions.users.excludedGroups').isSet(), one.at('conditions.users.excludedUsers').isSet()],
          'conditions.users leaves nobody out: a mistake in the policy locks out those who could mend it',
        );
      },
      severity: 'medium',
      fix: 'Exclude the group of the two sealed emergency accounts, and alert on their sign-ins.',
      pass: [
        { resources: policy({ includedUsers: ['All'], excludedGroups: ['emergency'] }) },
        { resources: policy({ includedUsers: ['All'], excludedUsers: ['emergency-1', 'emergency-2'] }) },
      ],
      fail: [{ resources: policy({ includedUsers: ['All'] }) }, { resources: policy({ includedUsers: ['All'], excludedGroups: [] }) }],
      skip: [{ resources: policy({ includedGroups: ['sales'] }) }],
    }),
  },
  'LPA-12': {
    azure: rule({
      on: ALERT,
      check: isWatching,
      fix: "Set enabled: true, evaluationFrequency: 'PT5M' and actions.actionGroups: the use of an emergency account is known within five minutes.",
      pass: [
        { resources: watching() },
        {
          resources: watching(
            { evaluationFrequency: 'PT1M' },
            'union SigninLogs, AuditLogs | where UserPrincipalName =~ "emergency@example.com"',
          ),
        },
      ],
      fail: [
        { resources: watching({ evaluationFrequency: 'PT1H' }) },
        { resources: watching({ enabled: false }) },
        { resources: watching({ actions: {} }) },
      ],
      unknown: [{ resources: watching({ evaluationFrequency: { $unknown: 'config value' } }) }],
      skip: [{ resources: watching({ evaluationFrequency: 'PT1H' }, 'SigninLogs | where ResultType != 0') }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
