/**
 * The case-management environment as a Pulumi program. `Pulumi.yaml` names the compiled file, so that the real CLI runs it
 * unchanged; `palisade check` runs it without CLI and without credentials.
 */
import * as pulumi from '@pulumi/pulumi';
import type { Relaxation } from '../../constructs/contract';
import { caseManagement } from './case-management';

const config = new pulumi.Config();
/** Config that is left empty is left out. */
const optional = <Key extends string>(key: Key): { readonly [Given in Key]?: string } => {
  const value = config.get(key);
  return (value ? { [key]: value } : {}) as { readonly [Given in Key]?: string };
};
const tenantId = config.require('tenantId');
const relayKeyExpires = config.get('relayKeyExpires');

const { access, data, network, web } = caseManagement({
  location: config.require('location'),
  standbyLocation: config.require('standbyLocation'),
  tenantId,
  subscriptionId: config.require('subscriptionId'),
  securityMailbox: config.require('securityMailbox'),
  logClusterId: config.require('logClusterId'),
  sentinel: { workspaceId: config.require('sentinelWorkspaceId'), principalId: config.require('sentinelPrincipalId') },
  people: {
    owners: config.requireObject<string[]>('owners'),
    dataOwnersGroupId: config.require('dataOwnersGroupId'),
    staffGroupId: config.require('staffGroupId'),
    subcontractorsGroupId: config.require('subcontractorsGroupId'),
    subcontractorsUntil: config.require('subcontractorsUntil'),
    engineersFrom: config.require('engineersFrom'),
    engineersUntil: config.require('engineersUntil'),
    engineersTicket: config.require('engineersTicket'),
    diagnosticsPolicyName: config.require('diagnosticsPolicyName'),
    investigators: { principalId: config.require('investigatorsGroupId'), principalType: 'Group' },
    databaseAdministrators: {
      name: config.require('databaseAdministratorsGroup'),
      objectId: config.require('databaseAdministratorsGroupId'),
      tenantId,
    },
  },
  origin: config.require('origin'),
  peopleRange: config.require('peopleRange'),
  ...optional('hubNetworkId'),
  ...optional('ddosProtectionPlanId'),
  ...optional('backupGuardId'),
  ...(relayKeyExpires ? { relay: { key: config.requireSecret('relayKey'), expires: relayKeyExpires } } : {}),
  attachmentsAtMostDays: config.requireNumber('attachmentsAtMostDays'),
  archiveRelax: config.getObject<Relaxation[]>('archiveRelax') ?? [],
  databaseRelax: config.getObject<Relaxation[]>('databaseRelax') ?? [],
  evidenceLocked: config.requireBoolean('evidenceLocked'),
});

export const attachmentsAccountId = data.attachments.id;
/** Names the application to which people sign in, and the audience of their tokens. */
export const clientId = access.application.clientId;
/** T-SQL that the deployment runs in the database, once its tables are made and whenever the catalogue changes. */
export const columnRights = data.columnRights;
/** Address that the names of the interface lead to, inside the network. */
export const entryAddress = web.entryAddress;
export const networkId = network.id;
export const vaultUri = data.vault.uri;
