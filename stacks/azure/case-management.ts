import * as resources from '@pulumi/azure-native/resources';
import type * as pulumi from '@pulumi/pulumi';
import {
  declareProfile,
  LogArchive,
  type LogSink,
  type Principal,
  SecureActivityLog,
  SecureKeyVault,
  SecureLogWorkspace,
  SecureStorageAccount,
  SecureVirtualNetwork,
  SecurityContacts,
} from '../../constructs/azure';
import type { Relaxation } from '../../constructs/contract';
import { CASE_MANAGEMENT } from '../profile';

/** What differs between two deployments of the environment. */
export interface CaseManagementArgs {
  readonly location: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** Mailbox that is read around the clock. */
  readonly securityMailbox: string;
  readonly ddosProtectionPlanId: string;
  /** Dedicated Log Analytics cluster of the organisation, whose key encrypts the records. */
  readonly logClusterId: string;
  /** Group of the people who investigate incidents; the only readers of the archive. */
  readonly investigators: Principal;
  /** Days for which attachments of cases are kept. */
  readonly attachmentsAtMostDays: number;
  /** Exceptions of the log archive; the first deployment needs one for LOG-08. @default none */
  readonly archiveRelax?: readonly Relaxation[];
}

/** What other programs build on. */
export interface CaseManagement {
  readonly network: SecureVirtualNetwork;
  readonly logs: LogSink;
  readonly vault: SecureKeyVault;
  readonly attachments: SecureStorageAccount;
  readonly attachmentsContainer: pulumi.Output<string>;
}

/**
 * The case-management environment, tier high: a closed network, keys and a store for the attachments of cases, and the
 * logging that a system of this tier owes.
 *
 * The logs have a resource group and a vault of their own: whoever administers the workload has no right on either.
 *
 * @example
 * const { vault, network } = caseManagement({
 *   location, tenantId, subscriptionId, securityMailbox: 'security@example.com', ddosProtectionPlanId, logClusterId: clusterId,
 *   investigators: { principalId, principalType: 'Group' }, attachmentsAtMostDays: 730,
 * });
 */
export function caseManagement(args: CaseManagementArgs): CaseManagement {
  const { location } = args;
  const profile = declareProfile('profile', { ...CASE_MANAGEMENT, residency: [location] });
  const group = (name: string) => new resources.ResourceGroup(name, { resourceGroupName: `case-management-${name}`, location });
  const logGroup = group('logs');
  const networkGroup = group('network');
  const dataGroup = group('data');
  const inLogs = { profile, location, resourceGroupName: logGroup.name };

  const contacts = new SecurityContacts('contacts', { ...inLogs, emails: { 'security-operations': args.securityMailbox } });
  const workspace = new SecureLogWorkspace('logs', { ...inLogs, clusterId: args.logClusterId, readers: [args.investigators] });

  const network = new SecureVirtualNetwork('network', {
    profile,
    location,
    resourceGroupName: networkGroup.name,
    ddosProtectionPlanId: args.ddosProtectionPlanId,
    range: '10.20.0.0/16',
    subnets: {
      workload: { range: '10.20.1.0/24', egress: [{ name: 'stores', peer: 'endpoints', ports: [443] }] },
      endpoints: { range: '10.20.2.0/24', ingress: [{ name: 'workload', peer: 'workload', ports: [443] }] },
    },
    // The archive is reached from the network whose flows it holds, and its key is in a vault that records into it.
    logs: (endpoints) =>
      new SecureKeyVault('logvault', {
        ...inLogs,
        tenantId: args.tenantId,
        alerts: contacts.id,
        network: endpoints,
        logs: (vault) =>
          workspace.sinkWith(
            new LogArchive('archive', {
              ...inLogs,
              key: vault.key('archive'),
              network: endpoints,
              logs: workspace.sink,
              readers: [args.investigators],
              relax: args.archiveRelax ?? [],
            }),
          ),
      }).logs,
  });
  const { logs } = network;

  new SecureActivityLog('activity', { ...inLogs, subscriptionId: args.subscriptionId, logs, alerts: contacts.id });

  const inData = { profile, location, resourceGroupName: dataGroup.name, network, logs };
  const vault = new SecureKeyVault('vault', { ...inData, tenantId: args.tenantId, alerts: contacts.id });
  const attachments = new SecureStorageAccount('attachments', {
    ...inData,
    key: vault.key('attachments'),
    retention: { atMostDays: args.attachmentsAtMostDays },
  });
  const container = attachments.container('cases');
  return { network, logs, vault, attachments, attachmentsContainer: container.name };
}
