import type * as pulumi from '@pulumi/pulumi';
import {
  type DataProfile,
  type DirectoryGroup,
  declareProfile,
  type LogSink,
  type Principal,
  type SecureVirtualNetwork,
} from '../../constructs/azure';
import type { Relaxation } from '../../constructs/contract';
import { ATTACHMENTS_AT_MOST_DAYS, CASE_MANAGEMENT } from '../profile';
import { CaseAccess } from './case-management-access';
import { caseAlarms, type OrganisationSentinel } from './case-management-alarms';
import { CaseData } from './case-management-data';
import { CaseLogs } from './case-management-logs';
import { caseNetwork } from './case-management-network';
import { CaseWeb } from './case-management-web';

/** Who has to do with the environment; ids are object ids of the directory. */
export interface CasePeople {
  /** People who answer for groups and applications, and review who has access. At least one, better two. */
  readonly owners: readonly string[];
  /** Group of those who own the data; they say who supervises. */
  readonly dataOwnersGroupId: string;
  /** Group whose members may ask for access: the staff of the support organisation. */
  readonly staffGroupId: string;
  /** Group of the subcontractors' people, guests of the directory. */
  readonly subcontractorsGroupId: string;
  /** Last day of the contract with the subcontractors, `2027-06-30`. */
  readonly subcontractorsUntil: string;
  /** First day on which support engineers may activate their role, `2026-12-01`. */
  readonly engineersFrom: string;
  /** Day on which that ends, at most 365 days later (PER-11). */
  readonly engineersUntil: string;
  /** The standing order under which support engineers are eligible. */
  readonly engineersTicket: string;
  /**
   * Name (a UUID) of the policy that the service keeps for the role "Case diagnostics" in the group of the apps; see
   * `EligibleAccess`.
   */
  readonly diagnosticsPolicyName: string;
  /** Group that investigates incidents; the only readers of the archive. */
  readonly investigators: Principal;
  /** Group that administers the database server. */
  readonly databaseAdministrators: DirectoryGroup;
}

/** What differs between two deployments of the environment. */
export interface CaseManagementArgs {
  readonly location: string;
  /** Location that Azure pairs with the first one: it takes over, and holds the copies of backups. The residency names both. */
  readonly standbyLocation: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** Mailbox that is read around the clock. */
  readonly securityMailbox: string;
  /** Dedicated Log Analytics cluster of the organisation, whose key encrypts the records. */
  readonly logClusterId: string;
  /** Sentinel of the organisation, whose incidents start the playbooks. */
  readonly sentinel: OrganisationSentinel;
  readonly people: CasePeople;
  /** Web origin of the client. @default 'https://cases.example.com' */
  readonly origin?: string;
  /** Private range from which people come: a VPN, or the offices. @default '10.60.0.0/16' */
  readonly peopleRange?: string;
  /** Network of the hub that leads people here, with its gateway. @default none: nobody comes from elsewhere */
  readonly hubNetworkId?: string;
  /** DDoS protection plan of the organisation. @default the platform's own protection; no address faces the internet */
  readonly ddosProtectionPlanId?: string;
  /** A `BackupGuard` of another team, in its subscription. @default one in the group of the logs */
  readonly backupGuardId?: string;
  /** Key of the mail relay by which customers are answered, and its last day. @default none */
  readonly relay?: { readonly key: pulumi.Output<string>; readonly expires: string };
  /** Days for which attachments of cases are kept. @default 730 */
  readonly attachmentsAtMostDays?: number;
  /** Exceptions of the log archive; the first deployment needs one for LOG-08. @default none */
  readonly archiveRelax?: readonly Relaxation[];
  /** Exceptions of the database server; the first deployment needs one for DHC-04, before the tables are made. @default none */
  readonly databaseRelax?: readonly Relaxation[];
  /** Whether nobody can shorten the days of the evidence; the first deployment needs `false`. @default true */
  readonly evidenceLocked?: boolean;
  /** What the system is worth protecting. @default restricted data of millions of people: high tier */
  readonly profile?: DataProfile;
}

/** The parts of the environment; what other programs build on. */
export interface CaseManagement {
  readonly records: CaseLogs;
  readonly network: SecureVirtualNetwork;
  readonly logs: LogSink;
  readonly data: CaseData;
  readonly access: CaseAccess;
  readonly web: CaseWeb;
}

/**
 * The case-management environment on Azure: records, network, stores, the access of people, the interface that filters fields,
 * and what is told when something happens.
 *
 * @throws RangeError where the tier needs an argument that is missing, or the service would refuse one
 * @example
 * const people = {
 *   owners: [principalId], dataOwnersGroupId: principalId, staffGroupId: principalId,
 *   subcontractorsGroupId: principalId, subcontractorsUntil: '2027-06-30',
 *   engineersFrom: '2026-12-01', engineersUntil: '2027-06-01', engineersTicket: 'OPS-17',
 *   diagnosticsPolicyName: 'b5f2a4a8-0000-4000-8000-000000000002',
 *   investigators: { principalId, principalType: 'Group' as const },
 *   databaseAdministrators: { name: 'case-database-administrators', objectId: principalId, tenantId },
 * };
 * const { data, network } = caseManagement({
 *   location, standbyLocation: 'northeurope', tenantId, subscriptionId, people, logClusterId: clusterId,
 *   securityMailbox: 'security@example.com', sentinel: { workspaceId: workspace.id, principalId },
 * });
 */
export function caseManagement(args: CaseManagementArgs): CaseManagement {
  const { location, people, standbyLocation, subscriptionId, tenantId } = args;
  const { attachmentsAtMostDays = ATTACHMENTS_AT_MOST_DAYS, origin = 'https://cases.example.com', peopleRange = '10.60.0.0/16' } = args;
  const { investigators, owners } = people;
  const profile = declareProfile('profile', { ...(args.profile ?? CASE_MANAGEMENT), residency: [location, standbyLocation] });
  const everywhere = { profile, location };
  const logs = new CaseLogs({
    ...everywhere,
    tenantId,
    subscriptionId,
    investigators,
    securityMailbox: args.securityMailbox,
    logClusterId: args.logClusterId,
    archiveRelax: args.archiveRelax ?? [],
  });
  const { group, network, scope } = caseNetwork({
    ...everywhere,
    logs,
    peopleRange,
    ...(args.ddosProtectionPlanId ? { ddosProtectionPlanId: args.ddosProtectionPlanId } : {}),
    ...(args.hubNetworkId ? { hubNetworkId: args.hubNetworkId } : {}),
  });
  const data = new CaseData({
    ...everywhere,
    attachmentsAtMostDays,
    databaseAdministrators: people.databaseAdministrators,
    databaseRelax: args.databaseRelax ?? [],
    logs,
    network,
    origin,
    owners,
    standbyLocation,
    tenantId,
    ...(args.backupGuardId ? { backupGuardId: args.backupGuardId } : {}),
    ...(args.relay ? { relay: args.relay } : {}),
  });
  const access = new CaseAccess({ profile, origin, ...people });
  const web = new CaseWeb({ ...everywhere, access, data, logs, network, origin, owners, scope, tenantId });
  access.diagnose(web.group);
  access.review('data', data.group.id);
  access.review('apps', web.group.id);
  caseAlarms({
    ...everywhere,
    data,
    evidenceLocked: args.evidenceLocked ?? true,
    investigators,
    logs,
    network,
    networkGroup: group,
    sentinel: args.sentinel,
    subscriptionId,
    web,
  });
  return { records: logs, network, logs: network.logs, data, access, web };
}
