/**
 * The case-management environment as a Pulumi program. `Pulumi.yaml` names the compiled file, so that the real CLI runs it
 * unchanged; `palisade check` runs it without CLI and without credentials.
 */
import * as pulumi from '@pulumi/pulumi';
import type { Relaxation } from '../../constructs/contract';
import { caseManagement } from './case-management';

const config = new pulumi.Config();

const { attachments, network, vault } = caseManagement({
  location: config.require('location'),
  tenantId: config.require('tenantId'),
  subscriptionId: config.require('subscriptionId'),
  securityMailbox: config.require('securityMailbox'),
  ddosProtectionPlanId: config.require('ddosProtectionPlanId'),
  logClusterId: config.require('logClusterId'),
  investigators: { principalId: config.require('investigatorsGroupId'), principalType: 'Group' },
  attachmentsAtMostDays: config.requireNumber('attachmentsAtMostDays'),
  archiveRelax: config.getObject<Relaxation[]>('archiveRelax') ?? [],
});

export const attachmentsAccountId = attachments.id;
export const networkId = network.id;
export const vaultUri = vault.uri;
