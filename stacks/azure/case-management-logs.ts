import * as monitor from '@pulumi/azure-native/monitor';
import {
  type DecidedProfile,
  LogArchive,
  type LogSink,
  type Principal,
  privateEndpoint,
  SecureActivityLog,
  SecureKeyVault,
  SecureLogWorkspace,
  SecureResourceGroup,
  type SecureVirtualNetwork,
  SecurityContacts,
} from '../../constructs/azure';
import type { Relaxation } from '../../constructs/contract';

/** What the records are made from. */
export interface CaseLogsArgs {
  readonly profile: DecidedProfile;
  readonly location: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly securityMailbox: string;
  readonly logClusterId: string;
  readonly investigators: Principal;
  readonly archiveRelax: readonly Relaxation[];
}

/**
 * Where the records of the environment end up. They have a resource group and a vault of their own: whoever administers the
 * workload has no right on either. The vault holds the keys of what has to outlive the workload, too: backups and evidence.
 */
export class CaseLogs {
  readonly group: SecureResourceGroup;
  readonly contacts: SecurityContacts;
  readonly workspace: SecureLogWorkspace;
  readonly #args: CaseLogsArgs;
  #vault: SecureKeyVault | undefined;

  constructor(args: CaseLogsArgs) {
    this.#args = args;
    const { investigators, location, logClusterId, profile, securityMailbox } = args;
    this.group = new SecureResourceGroup('logs-group', { profile, location, resourceGroupName: 'case-management-logs' });
    this.contacts = new SecurityContacts('contacts', { ...this.place, emails: { 'security-operations': securityMailbox } });
    const clustered = profile.tier === 'high' ? { clusterId: logClusterId } : {};
    this.workspace = new SecureLogWorkspace('logs', { ...this.place, ...clustered, readers: [investigators] });
  }

  /** What everything beside the records is made with. */
  get place() {
    const { location, profile } = this.#args;
    return { profile, location, resourceGroupName: this.group.name };
  }

  /** The vault of the records, made with the network. */
  get vault(): SecureKeyVault {
    if (!this.#vault) throw new Error('the vault of the logs is asked for before the network');
    return this.#vault;
  }

  /** The archive is reached from the network whose flows it holds, and its key is in a vault that records into it. */
  sinkOf(network: SecureVirtualNetwork): LogSink {
    const { archiveRelax: relax, investigators, tenantId } = this.#args;
    this.#vault = new SecureKeyVault('logvault', {
      ...this.place,
      tenantId,
      network,
      alerts: this.contacts.id,
      logs: (vault) =>
        this.workspace.sinkWith(
          new LogArchive('archive', {
            ...this.place,
            key: vault.key('archive'),
            network,
            logs: this.workspace.sink,
            readers: [investigators],
            relax,
          }),
        ),
    });
    return this.#vault.logs;
  }

  /** The records of the subscription itself, and a way from the network to the workspace, whose public one is closed. */
  connect(network: SecureVirtualNetwork): monitor.PrivateLinkScope {
    const { location, subscriptionId } = this.#args;
    new SecureActivityLog('activity', { ...this.place, subscriptionId, logs: network.logs, alerts: this.contacts.id });
    const resourceGroupName = this.group.name;
    const scope = new monitor.PrivateLinkScope('records-scope', {
      resourceGroupName,
      location: 'global',
      accessModeSettings: { ingestionAccessMode: 'PrivateOnly', queryAccessMode: 'PrivateOnly', exclusions: [] },
    });
    const member = new monitor.PrivateLinkScopedResource('records-scope-workspace', {
      resourceGroupName,
      scopeName: scope.name,
      name: 'workspace',
      linkedResourceId: this.workspace.id,
    });
    const endpoint = { resourceGroupName, location, network, resourceId: scope.id, service: 'monitor' } as const;
    privateEndpoint('records-endpoint', endpoint, { dependsOn: [member] });
    return scope;
  }
}
