/** Settings of applications and reviews of access of which one value lets in fewer than another. */
import { APPLICATION, entra, PACKAGE_POLICY } from '../../../policies/facts/azure-directory';
import type { Resource } from '../../../policies/resource';
import { resourcesOf, type Side, type Told } from '../side';
import type { Estate } from './estate';
import { lineAbout } from './lines';

const SERVICE_PRINCIPAL = entra('ServicePrincipal');
const FALLBACK = entra('ApplicationFallbackPublicClient');
const REVIEW = 'azure-native:authorization:AccessReviewScheduleDefinitionById';
const SCOPE_REVIEW = 'azure-native:authorization:ScopeAccessReviewScheduleDefinitionById';

interface Switch {
  readonly on: string;
  readonly path: string;
  /** From the weakest; a value that is none of them is not compared. */
  readonly steps: readonly string[];
  readonly absent: string;
  readonly weaker: string;
  readonly stronger: string;
  readonly severity: 'high' | 'medium';
}
const toggle = (
  on: string,
  path: string,
  safe: 'true' | 'false',
  absent: 'true' | 'false',
  severity: Switch['severity'],
  weaker: string,
  stronger: string,
): Switch => ({
  on,
  path,
  steps: safe === 'true' ? ['false', 'true'] : ['true', 'false'],
  absent,
  weaker,
  stronger,
  severity,
});

const SWITCHES: readonly Switch[] = [
  toggle(
    APPLICATION,
    'web.implicitGrant.accessTokenIssuanceEnabled',
    'false',
    'false',
    'high',
    'access tokens are handed out in addresses now',
    'access tokens are no longer handed out in addresses',
  ),
  toggle(
    APPLICATION,
    'web.implicitGrant.idTokenIssuanceEnabled',
    'false',
    'false',
    'medium',
    'identity tokens are handed out in addresses now',
    'identity tokens are no longer handed out in addresses',
  ),
  toggle(
    APPLICATION,
    'fallbackPublicClientEnabled',
    'false',
    'false',
    'high',
    'clients without a secret of their own may ask for tokens now',
    'clients need a secret of their own for tokens',
  ),
  toggle(
    FALLBACK,
    'enabled',
    'false',
    'false',
    'high',
    'clients without a secret of their own may ask for tokens now',
    'clients need a secret of their own for tokens',
  ),
  toggle(
    SERVICE_PRINCIPAL,
    'appRoleAssignmentRequired',
    'true',
    'false',
    'high',
    'everybody of the tenant can sign in, not only who is assigned',
    'only who is assigned can sign in',
  ),
  toggle(
    SERVICE_PRINCIPAL,
    'accountEnabled',
    'false',
    'true',
    'medium',
    'it can sign in, and be signed in to, again',
    'it can no longer sign in, nor be signed in to',
  ),
  toggle(
    REVIEW,
    'autoApplyDecisionsEnabled',
    'true',
    'false',
    'high',
    'what reviewers decide is no longer carried out by itself',
    'what reviewers decide is carried out by itself',
  ),
  toggle(
    REVIEW,
    'justificationRequiredOnApproval',
    'true',
    'false',
    'medium',
    'reviewers need no reason any more to let somebody keep a right',
    'reviewers have to say why somebody keeps a right',
  ),
  toggle(
    REVIEW,
    'mailNotificationsEnabled',
    'true',
    'false',
    'medium',
    'reviewers are no longer told by mail',
    'reviewers are told by mail',
  ),
  toggle(
    REVIEW,
    'defaultDecisionEnabled',
    'true',
    'false',
    'medium',
    'nothing is decided of who is not reviewed in time',
    'something is decided of who is not reviewed in time',
  ),
  {
    on: REVIEW,
    path: 'defaultDecision',
    steps: ['Approve', 'Recommendation', 'Deny'],
    absent: '',
    weaker: 'who is not reviewed in time is more likely to keep his rights',
    stronger: 'who is not reviewed in time is less likely to keep his rights',
    severity: 'high',
  },
  {
    on: REVIEW,
    path: 'type',
    steps: ['absoluteMonthly', 'weekly'],
    absent: '',
    weaker: 'it is held by month instead of by week',
    stronger: 'it is held by week instead of by month',
    severity: 'medium',
  },
  {
    on: PACKAGE_POLICY,
    path: 'assignmentReviewSettings.accessReviewTimeoutBehavior',
    steps: ['keepAccess', 'acceptAccessRecommendation', 'removeAccess'],
    absent: '',
    weaker: 'who is not reviewed in time is more likely to keep his access',
    stronger: 'who is not reviewed in time is less likely to keep his access',
    severity: 'high',
  },
  {
    on: PACKAGE_POLICY,
    path: 'assignmentReviewSettings.reviewFrequency',
    steps: ['annual', 'halfyearly', 'quarterly', 'monthly', 'weekly'],
    absent: '',
    weaker: 'its reviews are held less often',
    stronger: 'its reviews are held more often',
    severity: 'medium',
  },
  {
    on: PACKAGE_POLICY,
    path: 'assignmentReviewSettings.reviewType',
    steps: ['Self', 'Manager', 'Reviewers'],
    absent: '',
    weaker: 'its reviews are held by who is nearer to whom they are about',
    stronger: 'its reviews are held by who is farther from whom they are about',
    severity: 'medium',
  },
];
const BY_TYPE = new Map<string, Switch[]>();
for (const one of SWITCHES) BY_TYPE.set(one.on, [...(BY_TYPE.get(one.on) ?? []), one]);
BY_TYPE.set(SCOPE_REVIEW, BY_TYPE.get(REVIEW) ?? []);

export function* settingChanges(after: Side, now: Estate): Iterable<Told> {
  for (const resource of resourcesOf(after)) {
    const own = BY_TYPE.get(resource.type);
    const other = own && now.pairing.other(resource);
    if (!own || !other) continue;
    for (const one of own) {
      const [was, is] = [rankOf(other, one), rankOf(resource, one)];
      if (was === undefined || is === undefined || was === is) continue;
      const weaker = is < was;
      const sentence = `${now.pairing.name(resource)}: ${weaker ? one.weaker : one.stronger}`;
      yield lineAbout(resource, now, { direction: weaker ? 'weaker' : 'stronger', severity: one.severity, sentence, path: one.path });
    }
    if (resource.type === REVIEW || resource.type === SCOPE_REVIEW) yield* reviewInterval(other, resource, now);
  }
}

function rankOf(resource: Resource, { absent, path, steps }: Switch): number | undefined {
  const value = resource.at(path);
  const text = value.state === 'absent' ? absent : value.boolean === undefined ? value.string : String(value.boolean);
  const rank = steps.findIndex((step) => step.toLowerCase() === text?.toLowerCase());
  return rank < 0 ? undefined : rank;
}

/** Weeks or months between two reviews. */
function* reviewInterval(before: Resource, after: Resource, now: Estate): Iterable<Told> {
  const [was, is] = [before.at('interval').number, after.at('interval').number];
  if (was === undefined || is === undefined || was === is || before.at('type').string !== after.at('type').string) return;
  const unit = after.at('type').string === 'weekly' ? 'weeks' : 'months';
  const sentence = `${now.pairing.name(after)}: it is held every ${is} ${unit} instead of every ${was}`;
  yield lineAbout(after, now, { direction: is > was ? 'weaker' : 'stronger', severity: 'medium', sentence, path: 'interval' });
}
