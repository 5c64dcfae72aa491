import type * as pulumi from '@pulumi/pulumi';
import {
  BackupGuard,
  CASE_ROLES,
  type CaseRole,
  type DecidedProfile,
  type DirectoryGroup,
  SecretRotation,
  SecureBackupVault,
  SecureGroup,
  SecureKeyVault,
  SecureResourceGroup,
  SecureSecret,
  SecureServiceBusNamespace,
  SecureSqlServer,
  SecureStorageAccount,
  type SecureVirtualNetwork,
  WorkloadIdentity,
} from '../../constructs/azure';
import type { Relaxation } from '../../constructs/contract';
import { CASE_FIELDS } from '../fields';
import type { CaseLogs } from './case-management-logs';
import { reachScript } from './case-management-tables';

/** What the stores are made from. */
export interface CaseDataArgs {
  readonly profile: DecidedProfile;
  readonly location: string;
  readonly tenantId: string;
  readonly logs: CaseLogs;
  readonly network: SecureVirtualNetwork;
  /** Location that Azure pairs with the first one; it takes over when that is lost. */
  readonly standbyLocation: string;
  readonly databaseAdministrators: DirectoryGroup;
  /** Object ids of the people who answer for the groups. */
  readonly owners: readonly string[];
  /** Web origin from which agents upload attachments. */
  readonly origin: string;
  readonly attachmentsAtMostDays: number;
  readonly backupGuardId?: string;
  readonly databaseRelax: readonly Relaxation[];
  /** Key of the mail relay by which customers are answered. */
  readonly relay?: { readonly key: pulumi.Output<string>; readonly expires: string };
}

/** Name of the group behind a role in the database; its only member is the identity as which the service asks for that role. */
const groupName = (role: CaseRole | 'reach'): string => `case-management-records-${role}`;

/** What is kept of cases: records, files, events and their backups. */
export class CaseData {
  readonly group: SecureResourceGroup;
  readonly vault: SecureKeyVault;
  readonly server: SecureSqlServer;
  /** The files of cases; scanned before anybody can fetch them. */
  readonly attachments: SecureStorageAccount;
  readonly container: ReturnType<SecureStorageAccount['container']>;
  readonly events: SecureServiceBusNamespace;
  /** Changes of cases, for whoever has to hear of them. */
  readonly changes: ReturnType<SecureServiceBusNamespace['topic']>;
  readonly followUp: ReturnType<SecureServiceBusNamespace['subscription']>;
  readonly relayKey: SecureSecret | undefined;
  /** As whom the service asks, for each role: the database refuses what the role has no right to. */
  readonly actors: Readonly<Record<CaseRole, WorkloadIdentity>>;
  /** T-SQL that the deployment runs in the database, once its tables are made and whenever the catalogue changes. */
  readonly columnRights: string;
  readonly #args: CaseDataArgs;

  constructor(args: CaseDataArgs) {
    this.#args = args;
    const { location, profile, tenantId } = args;
    this.group = new SecureResourceGroup('data-group', { profile, location, resourceGroupName: 'case-management-data' });
    this.vault = new SecureKeyVault('vault', { ...this.#within, tenantId });
    this.server = this.#database();
    this.actors = this.#actors();
    this.columnRights = [
      this.server.columnGrants(CASE_FIELDS, {
        groups: {
          agent: { name: groupName('agent') },
          supportEngineer: { name: groupName('supportEngineer') },
          supervisor: { name: groupName('supervisor') },
        },
      }),
      reachScript(CASE_FIELDS, groupName('reach')),
    ].join('\n');
    this.attachments = new SecureStorageAccount('attachments', {
      ...this.#within,
      key: this.vault.key('attachments'),
      retention: { atMostDays: args.attachmentsAtMostDays },
      cors: [{ allowedOrigins: [args.origin], allowedMethods: ['PUT'], allowedHeaders: ['content-type', 'x-ms-blob-type'] }],
    });
    this.container = this.attachments.container('cases');
    this.events = new SecureServiceBusNamespace('events', { ...this.#within, key: this.vault.key('events') });
    this.changes = this.events.topic('case-changes');
    this.followUp = this.events.subscription('follow-up', this.changes);
    this.relayKey = this.#relayKey();
    this.#backups();
  }

  get #within() {
    const { location, logs, network, profile } = this.#args;
    return { profile, location, resourceGroupName: this.group.name, network, logs: network.logs, alerts: logs.contacts.id };
  }

  #database(): SecureSqlServer {
    const { databaseAdministrators, databaseRelax, profile, standbyLocation } = this.#args;
    const server = new SecureSqlServer('records', {
      ...this.#within,
      key: this.vault.key('records'),
      administrators: databaseAdministrators,
      ...(profile.tier === 'high' ? { standbyLocation } : {}),
      pairedLocation: standbyLocation,
      relax: databaseRelax,
    });
    server.database('cases', { catalogue: CASE_FIELDS });
    return server;
  }

  #actors(): Readonly<Record<CaseRole, WorkloadIdentity>> {
    const made = CASE_ROLES.map((role) => {
      const identity = new WorkloadIdentity(`records-as-${role}`, this.#within);
      this.member(role, `Asks for records in the role ${role}, and reads the columns of that role only`, identity.principalId);
      return [role, identity] as const;
    });
    return Object.fromEntries(made) as Record<CaseRole, WorkloadIdentity>;
  }

  /** A group of the database with one member, so that the database knows it by a name that does not change. */
  member(role: CaseRole | 'reach', description: string, principalId: pulumi.Input<string>): SecureGroup {
    const { owners, profile } = this.#args;
    return new SecureGroup(`records-${role}`, { profile, displayName: groupName(role), description, owners, members: [principalId] });
  }

  #relayKey(): SecureSecret | undefined {
    const { logs, relay } = this.#args;
    if (!relay) return undefined;
    const rotation = new SecretRotation('rotation', { ...this.#within, vault: this.vault, alerts: logs.contacts.id });
    return new SecureSecret('relay-key', {
      ...this.#within,
      rotation,
      value: relay.key,
      contentType: 'api-key',
      expires: relay.expires,
    });
  }

  /** The database keeps its own backups, which nobody shortens; files are copied into a vault under the guard of another team. */
  #backups(): void {
    const { backupGuardId, location, logs, network, profile } = this.#args;
    const group = new SecureResourceGroup('backups-group', { profile, location, resourceGroupName: 'case-management-backups' });
    const alerts = logs.contacts.id;
    const guardId = backupGuardId ?? new BackupGuard('guard', { ...logs.place, alerts }).id;
    const copies = new SecureBackupVault('copies', {
      profile,
      location,
      resourceGroupName: group.name,
      key: logs.vault.key('copies'),
      logs: network.logs,
      alerts,
      guardId,
    });
    copies.protectBlobs('attachments', this.attachments.id, ['cases']);
  }
}
