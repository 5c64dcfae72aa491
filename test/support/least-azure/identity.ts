import {
  AccessPackage,
  AccessReview,
  ConditionalAccess,
  EligibleAccess,
  FederatedApplication,
  LeastPrivilegeRole,
  SecureGroup,
  WorkloadIdentity,
} from '../../../constructs/azure';
import type { Least } from './least';

const id = (last: number) => `b5f2a4a8-0000-4000-8000-00000000000${last}`;
const SCOPE = '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg';

export const identity: Least = {
  AccessPackage: ({ common: { profile } }, name) =>
    new AccessPackage(name, {
      profile,
      displayName: 'Support engineering',
      description: 'Eligible for the content of cases',
      groups: { engineers: id(1) },
      requestors: [id(2)],
      approvers: [id(3)],
      audience: { of: 'employees', days: 180 },
    }),
  AccessReview: ({ common: { profile } }, name) =>
    new AccessReview(name, { profile, scope: SCOPE, reviewers: [id(3)], from: '2026-12-01' }),
  ConditionalAccess: ({ common, contacts, logs }, name) =>
    new ConditionalAccess(name, { ...common, logs, alerts: contacts.id, emergencyAccess: { groupId: id(4), accountIds: [id(5), id(6)] } }),
  EligibleAccess: ({ common: { profile } }, name) =>
    new EligibleAccess(name, {
      profile,
      groupId: id(1),
      role: 'Storage Blob Data Reader',
      scope: SCOPE,
      policyName: id(7),
      from: '2026-12-01',
      until: '2027-06-01',
      approvers: [{ id: id(3) }],
      justification: 'Reads the attachments of the case that was assigned',
      ticket: { number: 'OPS-17', system: 'desk' },
    }),
  FederatedApplication: ({ common: { profile } }, name) =>
    new FederatedApplication(name, {
      profile,
      displayName: 'Case management',
      owners: [id(3)],
      roles: { agent: { description: 'Works on assigned cases', groups: [id(1)] } },
    }),
  LeastPrivilegeRole: ({ common: { profile } }, name) =>
    new LeastPrivilegeRole(name, {
      profile,
      roleName: 'Case operator',
      description: 'Restarts the case application and reads its attachments',
      scope: SCOPE,
      actions: ['Microsoft.Web/sites/restart/action'],
      dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'],
    }),
  SecureGroup: ({ common: { profile } }, name) =>
    new SecureGroup(name, { profile, displayName: 'Case agents', description: 'Work on assigned cases', owners: [id(3)] }),
  WorkloadIdentity: ({ common }, name) => {
    const workload = new WorkloadIdentity(name, {
      ...common,
      trusts: {
        production: { issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:example/cases:environment:production' },
      },
    });
    workload.grant('images', {
      role: 'AcrPull',
      scope: `${SCOPE}/providers/Microsoft.ContainerRegistry/registries/images`,
      why: 'Pulls images',
    });
    return workload;
  },
};
