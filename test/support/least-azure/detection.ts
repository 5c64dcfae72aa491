import { ContinuousExport, SecureSentinel, SecurityAlarms, ThreatDetection } from '../../../constructs/azure';
import { reaches } from '../../../constructs/contract';
import type { Surroundings } from '../azure-components';
import type { Least } from './least';

const SUBSCRIPTION = '22222222-2222-2222-2222-222222222222';
const TENANT = '11111111-1111-1111-1111-111111111111';
const FREEZE = '/subscriptions/s/resourceGroups/response/providers/Microsoft.Logic/workflows/freeze';

const watching = ({ common, contacts }: Surroundings) => ({ ...common, subscriptionId: SUBSCRIPTION, alerts: contacts.id });

export const detection: Least = {
  SecurityContacts: ({ contacts }) => contacts,
  ThreatDetection: (around, name) => new ThreatDetection(name, { ...watching(around), emails: ['soc@example.com'] }),
  ContinuousExport: (around, name) => new ContinuousExport(name, { ...watching(around), logs: around.logs }),
  SecurityAlarms: (around, name) => new SecurityAlarms(name, { ...watching(around), logs: around.logs }),
  SecureSentinel: (around, name) =>
    new SecureSentinel(name, {
      ...watching(around),
      workspace: around.workspace,
      tenantId: TENANT,
      responders: [{ principalId: '33333333-3333-3333-3333-333333333333', principalType: 'Group' }],
      closedRoles: { 'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1' },
      emergencyAccounts: ['emergency-1@example.com'],
      ...(reaches(around.common.profile.tier, 'moderate') ? { playbooks: { freeze: { workflowId: FREEZE, starts: ['bulkReads'] } } } : {}),
    }),
};
