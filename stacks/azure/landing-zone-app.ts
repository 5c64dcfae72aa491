/**
 * The landing zone as a Pulumi program. `landing-zone/Pulumi.yaml` leads to the compiled file, so that the real CLI runs it
 * unchanged; `palisade check stacks/azure/landing-zone` runs it without CLI and without credentials.
 */
import * as pulumi from '@pulumi/pulumi';
import type { Relaxation } from '../../constructs/contract';
import { landingZone } from './landing-zone';

const config = new pulumi.Config();
const list = (key: string): string[] => config.requireObject<string[]>(key);
/** A setting that may be empty: the project's own default, as the CLI takes no key without one. */
const optional = <K extends string>(name: K, key: string): { readonly [N in K]?: string } => {
  const value = config.get(key);
  return value ? ({ [name]: value } as { readonly [N in K]: string }) : {};
};

const zone = landingZone({
  tenantId: config.require('tenantId'),
  ...optional('parentGroupId', 'parentGroupId'),
  prefix: config.require('prefix'),
  location: config.require('location'),
  furtherLocations: list('furtherLocations'),
  subscriptions: {
    management: config.require('managementSubscriptionId'),
    connectivity: config.require('connectivitySubscriptionId'),
    identity: config.require('identitySubscriptionId'),
    corp: list('corpSubscriptionIds'),
    online: list('onlineSubscriptionIds'),
  },
  people: {
    owners: list('groupOwnerIds'),
    employees: config.require('employeesGroupId'),
    subcontractors: config.require('subcontractorsGroupId'),
    contractEnds: config.require('contractEnds'),
    approvers: config.require('approversGroupId'),
    emergencyGroup: config.require('emergencyGroupId'),
    emergencyAccounts: list('emergencyAccountIds'),
    emergencyNames: list('emergencyAccountNames'),
  },
  sentinelPrincipalId: config.require('sentinelPrincipalId'),
  activation: {
    ...optional('readRecords', 'readRecordsPolicy'),
    ...optional('readArchive', 'readArchivePolicy'),
    ...optional('operateNetwork', 'operateNetworkPolicy'),
  },
  from: config.require('from'),
  until: config.require('until'),
  securityMailbox: config.require('securityMailbox'),
  officeRange: config.require('officeRange'),
  allowedDomains: list('allowedDomains'),
  allowedNames: list('allowedNames'),
  spokes: list('spokeNetworkIds'),
  furtherTypes: list('furtherTypes'),
  archiveRelax: config.getObject<Relaxation[]>('archiveRelax') ?? [],
  evidenceLocked: config.requireBoolean('evidenceLocked'),
});

export const workspaceId = zone.workspace.id;
export const archiveId = zone.archive.id;
export const logClusterId = zone.clusterId;
export const ddosProtectionPlanId = zone.ddosProtectionPlanId;
export const hubNetworkId = zone.hub.network.id;
export const firewallAddress = zone.hub.firewall.privateAddress;
export const backupGuardId = zone.security.guard.id;
export const dataCollectionRuleId = zone.security.collection.rule.id;
