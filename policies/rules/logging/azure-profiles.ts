/** Log profiles: the older way to keep the activity log, which templates still carry. The SDK has no class for them. */
import { every, notApplicable, some } from '../../outcome';
import { type Example, type RuleSpec, rule } from '../../rule';

const PROFILE = /^Microsoft\.Insights\/logprofiles$/i;
const CATEGORIES = ['Write', 'Delete', 'Action'];
/** Days for which the CIS benchmark for Azure wants the activity log kept. */
const LEAST_DAYS = 365;

const profile = (properties: object): Example => ({ resources: { profile: { type: 'Microsoft.Insights/logprofiles', properties } } });
const KEPT = { enabled: true, days: LEAST_DAYS };

/** Every kind of operation, in every region and outside of all regions. */
export const profileRecords: RuleSpec = rule({
  on: PROFILE,
  check: (one) =>
    every([...CATEGORIES.map((category) => ['categories', category] as const), ['locations', 'global'] as const], ([path, wanted]) =>
      some(one.at(path).items(), (listed) => listed.is(wanted), `${path} does not name ${wanted}`),
    ),
  fix: 'Replace the profile by a diagnostic setting of the subscription (SecureActivityLog), or name Write, Delete and Action in categories and global in locations.',
  pass: [profile({ categories: CATEGORIES, locations: ['westeurope', 'global'] })],
  fail: [
    profile({ categories: ['Write', 'Delete'], locations: ['global'] }),
    profile({ categories: CATEGORIES, locations: ['westeurope'] }),
  ],
  unknown: [profile({ categories: [{ $unknown: 'parameter categories' }], locations: ['global'] })],
});

export const profileRetention: RuleSpec = rule({
  on: PROFILE,
  check: (one) => {
    const days = one.at('retentionPolicy.days');
    if (one.at('retentionPolicy.enabled').isFalse().verdict === 'pass' || days.is(0).verdict === 'pass')
      return notApplicable('the storage account keeps the records until somebody deletes them');
    return days.isAtLeast(LEAST_DAYS);
  },
  fix: `Set retentionPolicy.days to at least ${LEAST_DAYS}, or to 0 to keep the records for ever.`,
  pass: [profile({ retentionPolicy: KEPT })],
  fail: [profile({ retentionPolicy: { enabled: true, days: 90 } })],
  unknown: [profile({ retentionPolicy: { enabled: true, days: { $unknown: 'parameter days' } } })],
  skip: [profile({ retentionPolicy: { enabled: true, days: 0 } }), profile({ retentionPolicy: { enabled: false, days: 90 } })],
});
