import * as monitor from '@pulumi/azure-native/monitor';
import * as operationalinsights from '@pulumi/azure-native/operationalinsights';
import type * as pulumi from '@pulumi/pulumi';
import { claims, RETENTION_DAYS, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { assignRole, type Principal } from './identity-roles';
import type { LogArchive } from './logging-archive';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { type EndpointNetwork, privateEndpoint } from './network-endpoints';
import { type Promises, requireRelaxation } from './relax';

/** What a {@link SecureLogWorkspace} is made from. */
export interface SecureLogWorkspaceArgs extends SecureArgs {
  /**
   * Days for which records are searchable, 30 to 730; no less than the tier asks, unless LOG-10 is relaxed.
   * @default what the tier asks of security records: 365 at low and moderate, 730 at high
   */
  readonly retention?: number;
  /** Network from which records are read; private link only. @default none: nobody reads but through the portal's own path */
  readonly network?: EndpointNetwork;
  /**
   * Dedicated cluster whose key encrypts the records; obligatory at tier high unless `LOG-11` is relaxed. Azure offers no
   * customer-managed key for a workspace of its own, and a cluster starts at 100 GB a day, so that none is made here:
   * systems share one. @default a key of the platform
   */
  readonly clusterId?: pulumi.Input<string>;
  /** Who may read the records (LOG-11). @default nobody by this component */
  readonly readers?: readonly Principal[];
}

/** Shortest searchable retention that the service knows, in days. */
const SHORTEST_SEARCHABLE_DAYS = 30;
/** Longest searchable retention of a workspace, in days; what must be kept longer is in the archive. */
const LONGEST_SEARCHABLE_DAYS = 730;

/**
 * The workspace on which alerts run and investigators search: no shared keys, no public network, retention by tier, and
 * no daily cap at which it would stop to record.
 *
 * Guarantees LOG-10; from the moderate tier on LOG-04, LPA-14 and DHC-10; from the high tier on LOG-09 and LOG-11.
 *
 * @example
 * const workspace = new SecureLogWorkspace('logs', { profile, resourceGroupName, location, clusterId });
 */
export class SecureLogWorkspace extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureLogWorkspace',
    { control: 'LOG-04', from: 'moderate' },
    { control: 'LOG-09', from: 'high' },
    'LOG-10',
    { control: 'LOG-11', from: 'high' },
    { control: 'LPA-14', from: 'moderate' },
    { control: 'DHC-10', from: 'moderate' },
    unclaimed('PRV-07', 'Log Analytics masks nothing on arrival: keep personal data out of the records at their source'),
  );

  /** The workspace itself. */
  readonly workspace: operationalinsights.Workspace;
  /** Resource id of the workspace. */
  readonly id: pulumi.Output<string>;
  /** The workspace alone, for what cannot, or need not, be archived. */
  readonly sink: LogSink;
  /** Whether a dedicated cluster encrypts the records with a key of your own. */
  readonly hasCustomerKey: boolean;
  /** Resource group of the workspace, where its tables and the members of its scope belong. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** The private link scope through which the workspace is reached; undefined where no network is given. */
  readonly scope: monitor.PrivateLinkScope | undefined;

  constructor(name: string, args: SecureLogWorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureLogWorkspace', WORKSPACE_PROMISES, name, args, opts);
    const { clusterId, resourceGroupName } = args;
    if (!this.relaxes('LOG-11'))
      this.need(clusterId, 'clusterId', 'high', 'LOG-11', 'pass the id of a dedicated cluster with a key of your own, or relax LOG-11');
    const least = Math.min(RETENTION_DAYS[this.tier].security, LONGEST_SEARCHABLE_DAYS);
    const { retention = least } = args;
    if (!Number.isInteger(retention) || retention < SHORTEST_SEARCHABLE_DAYS || retention > LONGEST_SEARCHABLE_DAYS)
      throw new RangeError(
        `${this.where}: retention is ${retention}; Log Analytics keeps records searchable for ${SHORTEST_SEARCHABLE_DAYS} to ${LONGEST_SEARCHABLE_DAYS} days`,
      );
    if (retention < least) {
      const loosened = `retention of ${retention} days at tier ${this.tier}`;
      requireRelaxation(this.where, args.relax, 'LOG-10', loosened, `keep records searchable for at least ${least}`);
    }
    this.workspace = new operationalinsights.Workspace(
      `${name}-workspace`,
      {
        resourceGroupName,
        location: this.location,
        retentionInDays: retention,
        sku: { name: clusterId === undefined ? 'PerGB2018' : 'LACluster' },
        workspaceCapping: { dailyQuotaGb: -1 },
        publicNetworkAccessForIngestion: 'Disabled',
        publicNetworkAccessForQuery: 'Disabled',
        forceCmkForQuery: false,
        features: {
          disableLocalAuth: true,
          enableDataExport: false,
          enableLogAccessUsingOnlyResourcePermissions: false,
          immediatePurgeDataOn30Days: false,
        },
        tags: this.tags,
      },
      { parent: this, protect: !this.relaxes('DHC-10') },
    );
    this.id = this.workspace.id;
    this.sink = { workspaceId: this.id, workspaceLocation: this.location };
    this.hasCustomerKey = clusterId !== undefined;
    this.resourceGroupName = resourceGroupName;
    if (clusterId !== undefined)
      new operationalinsights.LinkedService(
        `${name}-cluster`,
        { resourceGroupName, workspaceName: this.workspace.name, linkedServiceName: 'Cluster', writeAccessResourceId: clusterId },
        { parent: this },
      );
    this.scope = args.network && this.#connect(args.network, resourceGroupName);
    for (const [index, principal] of (args.readers ?? []).entries())
      assignRole(
        `${name}-reader-${index + 1}`,
        { role: 'Log Analytics Reader', principal, scope: this.id, why: 'Investigates' },
        { parent: this },
      );
    if (!this.relaxes('DHC-10')) this.lock('workspace', this.id, 'Records of what happened are not deleted.');
    for (const control of ['DHC-10', 'LOG-10', 'LOG-11'] as const) this.waive(control, this.workspace);
    // Who searched for what is a record too; a workspace may write its own.
    diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs: this.sink, categories: ['Audit'] }, { parent: this });
    this.registerOutputs({ id: this.id });
  }

  /** The workspace and a write-once archive together: what every component of the system takes as `logs`. */
  sinkWith(archive: LogArchive): LogSink {
    return { ...this.sink, archiveId: archive.id };
  }

  #connect(network: EndpointNetwork, resourceGroupName: pulumi.Input<string>): monitor.PrivateLinkScope {
    const scope = new monitor.PrivateLinkScope(
      `${this.label}-scope`,
      {
        resourceGroupName,
        location: 'global',
        accessModeSettings: { ingestionAccessMode: 'PrivateOnly', queryAccessMode: 'PrivateOnly', exclusions: [] },
        tags: this.tags,
      },
      { parent: this },
    );
    const member = new monitor.PrivateLinkScopedResource(
      `${this.label}-scope-member`,
      { resourceGroupName, scopeName: scope.name, name: 'workspace', linkedResourceId: this.id },
      { parent: this },
    );
    const endpoint = { resourceGroupName, location: this.location, tags: this.tags, network };
    privateEndpoint(
      `${this.label}-endpoint`,
      { ...endpoint, resourceId: scope.id, service: 'monitor' },
      { parent: this, dependsOn: [member] },
    );
    return scope;
  }
}

const WORKSPACE_PROMISES: Promises = {
  claims: SecureLogWorkspace.claims,
  families: ['logging'],
  relaxable: {
    'DHC-10': 'the lock and the protection against deletion, for environments that come and go',
    'LOG-10': 'the retention that the tier asks, where the archive alone keeps the records as long',
    'LOG-11': 'the key of your own, where no dedicated cluster is within reach',
  },
  firm: { 'LPA-14': 'a shared key says nothing about who wrote or read' },
};
