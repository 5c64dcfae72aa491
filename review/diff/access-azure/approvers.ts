/** Who says yes before somebody else gets a right, and who hears of it. */
import { entra, PACKAGE_POLICY } from '../../../policies/facts/azure-directory';
import { ELIGIBILITY } from '../../../policies/facts/azure-roles';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { resourcesOf, type Side, type Told } from '../side';
import type { Estate } from './estate';
import type { Scope, Who } from './grant';
import { lineAbout } from './lines';
import { listed } from './speaker';

const POLICY = 'azure-native:authorization:RoleManagementPolicy';
const CHOICE = 'azure-native:authorization:RoleManagementPolicyAssignment';
const OF_GROUPS = entra('GroupRoleManagementPolicy');
const ELIGIBLE_MEMBER = entra('PrivilegedAccessGroupEligibilitySchedule');

interface Approval {
  readonly path: string;
  readonly approvers: readonly Who[];
  /** Mail addresses, and whoever gets mail without being named. */
  readonly told: readonly string[];
}

type Reader = (policy: Resource, estate: Estate) => Approval;

const people = (stages: readonly Value[], id: string, estate: Estate): readonly Who[] =>
  stages.flatMap((stage) =>
    ['primaryApprovers', 'escalationApprovers', 'alternativeApprovers'].flatMap((list) =>
      stage
        .at(list)
        .items()
        .filter((one) => one.at(id).state !== 'absent')
        .map((one) => estate.who(one.at(id), one.at('userType').state === 'absent' ? one.at('type') : one.at('userType'))),
    ),
  );

const READERS: Readonly<Record<string, Reader>> = {
  [POLICY]: (policy, estate) => {
    const rules = policy.at('rules').items();
    const of = (type: string) => rules.filter((rule) => rule.at('ruleType').string === type);
    const asked = of('RoleManagementPolicyApprovalRule').filter((rule) => rule.at('setting.isApprovalRequired').boolean !== false);
    return {
      path: 'rules',
      approvers: people(
        asked.flatMap((rule) => rule.at('setting.approvalStages').items()),
        'id',
        estate,
      ),
      told: of('RoleManagementPolicyNotificationRule').flatMap((rule) => recipients(rule, rule.at('id').string ?? '')),
    };
  },
  [OF_GROUPS]: (policy, estate) => ({
    path: 'activationRules.approvalStage',
    approvers:
      policy.at('activationRules.requireApproval').boolean === false
        ? []
        : people([policy.at('activationRules.approvalStage')], 'objectId', estate),
    told: [],
  }),
  [PACKAGE_POLICY]: (policy, estate) => ({
    path: 'approvalSettings.approvalStages',
    approvers:
      policy.at('approvalSettings.approvalRequired').boolean === false
        ? []
        : people(policy.at('approvalSettings.approvalStages').items(), 'objectId', estate),
    told: [],
  }),
};

function recipients(rule: Value, id: string): readonly string[] {
  const about = /EndUser/i.test(id) ? 'activations' : /Eligibility/i.test(id) ? 'eligibility' : 'assignments';
  const named = rule
    .at('notificationRecipients')
    .items()
    .flatMap(({ shape }) => shape ?? [])
    .map((address) => `${address.toLowerCase()} (of ${about})`);
  const group = /^Notification_([A-Za-z]+?)_/.exec(id)?.[1]?.toLowerCase() ?? 'recipient';
  return rule.at('isDefaultRecipientsEnabled').boolean === false ? named : [...named, `every ${group} by default (of ${about})`];
}

/** Approvers that changed, and those who approve what they ask for themselves. */
export function* approverChanges(after: Side, old: Estate, now: Estate): Iterable<Told> {
  let asking: ReadonlyMap<string, readonly Scope[]> | undefined;
  for (const resource of resourcesOf(after)) {
    const read = READERS[resource.type];
    const other = read && now.pairing.other(resource);
    if (!read || !other) continue;
    const [was, is] = [read(other, old), read(resource, now)];
    const without = (some: readonly Who[], others: readonly Who[]) => some.filter(({ key }) => !others.some((one) => one.key === key));
    const [come, gone] = [without(is.approvers, was.approvers), without(was.approvers, is.approvers)];
    const name = now.pairing.name(resource);
    if (come.length > 0 || gone.length > 0) {
      asking ??= whoAsks(after, now);
      const scope = scopeOfPolicy(resource, after, now);
      const selves = come.filter(({ key }) => asking?.get(key)?.some((one) => scope === undefined || one.key === scope.key));
      const rest = come.filter((one) => !selves.includes(one));
      const said = (all: readonly Who[]) => listed([...new Set(all.map((one) => one.name))].sort());
      const line = (direction: 'weaker' | 'stronger' | 'undecided', severity: 'high' | 'medium', sentence: string) =>
        lineAbout(resource, now, { direction, severity, sentence, path: is.path, saw: `${said(was.approvers)} → ${said(is.approvers)}` });
      if (selves.length > 0)
        yield line(
          'weaker',
          'high',
          `${name}: ${said(selves)} can approve now what ${selves.length > 1 ? 'they ask' : 'it asks'} for itself`,
        );
      if (rest.length > 0 && was.approvers.length > 0)
        yield line(
          'weaker',
          'medium',
          `${name}: ${said(rest)} can approve now${gone.length > 0 ? ` instead of ${said(gone)}` : ' as well'}`,
        );
      if (come.length === 0 && is.approvers.length > 0) yield line('stronger', 'medium', `${name}: ${said(gone)} can no longer approve`);
    }
    const lost = was.told.filter((one) => !is.told.includes(one));
    if (lost.length > 0)
      yield lineAbout(resource, now, {
        direction: 'weaker',
        severity: 'medium',
        sentence: `${name}: no news any more for ${listed([...lost].sort())}`,
        path: is.path,
      });
  }
}

/** Whoever may ask for a right, by where. */
function whoAsks(side: Side, estate: Estate): ReadonlyMap<string, readonly Scope[]> {
  const found = new Map<string, Scope[]>();
  const add = (who: Who, scope: Scope) => found.set(who.key, [...(found.get(who.key) ?? []), scope]);
  for (const at of resourcesOf(side)) {
    if (at.type === ELIGIBILITY) add(estate.who(at.at('principalId')), estate.scope(at.at('scope'), at));
    if (at.type !== ELIGIBLE_MEMBER) continue;
    const { key, name } = estate.who(at.at('groupId'));
    add(estate.who(at.at('principalId')), { key, name, chain: [key] });
  }
  return found;
}

/** What the policy is about; of a package, whoever asks for anything is looked for. */
function scopeOfPolicy(policy: Resource, side: Side, estate: Estate): Scope | undefined {
  if (policy.type === OF_GROUPS) {
    const { key, name } = estate.who(policy.at('groupId'));
    return { key, name, chain: [key] };
  }
  if (policy.type !== POLICY) return undefined;
  if (policy.at('scope').state !== 'absent') return estate.scope(policy.at('scope'), policy);
  for (const choice of resourcesOf(side))
    if (choice.type === CHOICE && estate.find(choice.at('policyId'), POLICY) === policy) return estate.scope(choice.at('scope'), choice);
  return undefined;
}
