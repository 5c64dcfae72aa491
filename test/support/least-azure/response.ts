import { IncidentRunbooks, InvestigationQueries } from '../../../constructs/azure';
import { reaches } from '../../../constructs/contract';
import type { Least } from './least';

const SUBSCRIPTION = '22222222-2222-2222-2222-222222222222';
const GROUPS = `/subscriptions/${SUBSCRIPTION}/resourceGroups`;

export const response: Least = {
  IncidentRunbooks: ({ common, contacts, logs, network, vault, workspace }, name) =>
    new IncidentRunbooks(name, {
      ...common,
      workspace,
      subscriptionId: SUBSCRIPTION,
      containsGroupId: `${GROUPS}/cases`,
      evidenceGroupId: `${GROUPS}/evidence`,
      sentinelPrincipalId: '44444444-4444-4444-4444-444444444444',
      logs,
      alerts: contacts.id,
      ...(reaches(common.profile.tier, 'moderate') ? { network, key: vault.key('evidence') } : {}),
    }),
  InvestigationQueries: ({ common, workspace }, name) => new InvestigationQueries(name, { ...common, workspace }),
};
