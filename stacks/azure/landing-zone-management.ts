import type * as pulumi from '@pulumi/pulumi';
import {
  DedicatedLogCluster,
  LogArchive,
  type LogSink,
  type PrivateDnsZones,
  SecureKeyVault,
  SecureLogWorkspace,
  SecureResourceGroup,
  SecureVirtualNetwork,
} from '../../constructs/azure';
import type { Place } from './landing-zone-place';
import { RANGES } from './landing-zone-settings';
import type { Watch } from './landing-zone-subscription';

/** What the management subscription keeps for all others. */
export interface Records {
  /** From where people investigate, and reach the records. */
  readonly network: SecureVirtualNetwork;
  /** Where all records are searched. */
  readonly workspace: SecureLogWorkspace;
  /** Where all records stay, write-once. */
  readonly archive: LogArchive;
  readonly cluster: DedicatedLogCluster;
  /** Keys of the records that are searched; those of the archive are in another vault. */
  readonly vault: SecureKeyVault;
  /** Workspace and archive: where every subscription sends its records. */
  readonly logs: LogSink;
  /** Group of the workspace, its cluster and their keys. */
  readonly group: SecureResourceGroup;
  /** Group of the network, and of the machines of investigators. */
  readonly networkGroup: SecureResourceGroup;
}

/** What {@link keepRecords} needs besides the place. */
export interface RecordsArgs {
  readonly watch: Watch;
  /** Zones of the hub, by which the records are found. */
  readonly zones: PrivateDnsZones;
  readonly ddosProtectionPlanId: pulumi.Input<string>;
  /** The watcher that records the flows of its region. */
  readonly networkWatcher: { readonly resourceGroupName: pulumi.Input<string>; readonly name: pulumi.Input<string> };
}

/**
 * The records of every subscription: a workspace on a dedicated cluster with a key of its own, and a write-once archive in a
 * resource group and with a vault of its own. Both are reached from the network of investigators only.
 */
export function keepRecords({ profile, providers, settings }: Place, { watch, ...shared }: RecordsArgs): Records {
  const { location, prefix, tenantId } = settings;
  const opts = { provider: providers.management as pulumi.ProviderResource };
  const group = (purpose: string) =>
    new SecureResourceGroup(purpose, { profile, location, resourceGroupName: `${prefix}-${purpose}` }, opts);
  const [inNetwork, inRecords, inArchive] = [group('management-network'), group('records'), group('archive')];
  const at = ({ name }: SecureResourceGroup) => ({ profile, location, resourceGroupName: name });
  const keys = { tenantId, alerts: watch.contacts.id };
  let made: Pick<Records, 'archive' | 'cluster' | 'vault' | 'workspace'> | undefined;

  const network = new SecureVirtualNetwork(
    'management',
    {
      ...at(inNetwork),
      ...shared,
      range: RANGES.management,
      bastionRange: RANGES.bastion,
      allowedNames: settings.allowedNames,
      subnets: {
        investigation: {
          range: RANGES.investigation,
          ingress: [{ name: 'sessions', peer: 'AzureBastionSubnet', ports: [22, 3389] }],
          egress: [{ name: 'records', peer: 'endpoints', ports: [443] }],
        },
        endpoints: { range: RANGES.endpoints, ingress: [{ name: 'investigation', peer: 'investigation', ports: [443] }] },
      },
      logs: (endpoints) => {
        let sink: LogSink | undefined;
        const vault = new SecureKeyVault(
          'records-keys',
          {
            ...at(inRecords),
            ...keys,
            network: endpoints,
            // The workspace lies on a cluster whose key is in the vault that records into the workspace.
            logs: (recordsVault) => {
              const cluster = new DedicatedLogCluster('records', { ...at(inRecords), key: recordsVault.key('records') }, opts);
              const workspace = new SecureLogWorkspace('siem', { ...at(inRecords), clusterId: cluster.id, network: endpoints }, opts);
              const archiveVault = new SecureKeyVault(
                'archive-keys',
                {
                  ...at(inArchive),
                  ...keys,
                  network: endpoints,
                  logs: (keysOfArchive) => {
                    const archive = new LogArchive(
                      'archive',
                      {
                        ...at(inArchive),
                        key: keysOfArchive.key('archive'),
                        network: endpoints,
                        logs: workspace.sink,
                        relax: settings.archiveRelax,
                      },
                      opts,
                    );
                    made = { archive, cluster, vault: recordsVault, workspace };
                    return workspace.sinkWith(archive);
                  },
                },
                opts,
              );
              sink = archiveVault.logs;
              return archiveVault.logs;
            },
          },
          opts,
        );
        return sink ?? vault.logs;
      },
    },
    opts,
  );
  return { ...(made as Required<typeof made> & object), network, logs: network.logs, group: inRecords, networkGroup: inNetwork };
}
