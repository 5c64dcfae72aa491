import * as monitor from '@pulumi/azure-native/monitor';
import * as operationalinsights from '@pulumi/azure-native/operationalinsights';
import type * as pulumi from '@pulumi/pulumi';
import { claims, type LogClass, RETENTION_DAYS } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import type { SecureLogWorkspace } from './logging';
import { diagnosticSettings } from './logging-diagnostics';
import type { Promises } from './relax';

/** What a {@link SecureDataCollection} is made from. */
export interface SecureDataCollectionArgs extends SecureArgs {
  /** Workspace that receives the records; where it has a network, the endpoint is reached through that alone. */
  readonly workspace: SecureLogWorkspace;
  /** What of Linux machines is collected. @default who signed in, who became root, what was scheduled, and the kernel */
  readonly facilities?: readonly string[];
  /** What of Windows machines is collected, as XPath queries. @default the security log, and what system and applications call errors */
  readonly events?: readonly string[];
  /**
   * A query over `source` that each record passes before it is stored, to leave out what nobody needs: personal data, above
   * all (PRV-07). @default 'source': records are stored as they are
   */
  readonly transform?: string;
  /** Further tables whose retention is set, with the class of what they hold (LOG-10). @default none but Syslog and WindowsEvent */
  readonly tables?: Readonly<Record<string, LogClass>>;
}

const FACILITIES = ['auth', 'authpriv', 'cron', 'daemon', 'kern', 'syslog', 'user'];
const EVENTS = ['Security!*', 'System!*[System[(Level=1 or Level=2 or Level=3)]]', 'Application!*[System[(Level=1 or Level=2)]]'];
const TABLES: Readonly<Record<string, LogClass>> = { Syslog: 'security', WindowsEvent: 'security' };

/** Longest time for which a table is searchable, in days; what is older is in its archive. */
const LONGEST_SEARCHABLE_DAYS = 730;
/** Beyond which the service takes only whole years: 3, 4, 5, 6, 7, 8, 9, 10, 11 and 12. */
const LONG_TERMS = [1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018, 4383];
/** Name of the destination, to which flows refer. */
const DESTINATION = 'workspace';

/**
 * Collects the records of machines: a data collection rule with what has to be collected from Linux and Windows, an
 * endpoint that no public network reaches, and for each table the retention of what it holds.
 *
 * Guarantees LOG-10 and, from the moderate tier on, LOG-13. Where the workspace has a network, the endpoint is a member of
 * its private link scope.
 *
 * @example
 * const collection = new SecureDataCollection('machines', { profile, resourceGroupName, location, workspace });
 * collection.collectFrom('desk', '/subscriptions/s/resourceGroups/desk/providers/Microsoft.Compute/virtualMachines/desk');
 */
export class SecureDataCollection extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecureDataCollection', 'LOG-10', { control: 'LOG-13', from: 'moderate' });

  /** What machines send to. */
  readonly endpoint: monitor.DataCollectionEndpoint;
  /** What is collected, and where it goes. */
  readonly rule: monitor.DataCollectionRule;

  constructor(name: string, args: SecureDataCollectionArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureDataCollection', COLLECTION_PROMISES, name, args, opts);
    const { resourceGroupName, workspace } = args;
    const tables = this.#keep(args);
    this.endpoint = new monitor.DataCollectionEndpoint(
      `${name}-endpoint`,
      {
        resourceGroupName,
        location: this.location,
        description: 'Machines send their records to it, over the private network alone.',
        networkAcls: { publicNetworkAccess: 'Disabled' },
        tags: this.tags,
      },
      { parent: this },
    );
    if (workspace.scope)
      new monitor.PrivateLinkScopedResource(
        `${name}-scope-member`,
        { resourceGroupName: workspace.resourceGroupName, scopeName: workspace.scope.name, name, linkedResourceId: this.endpoint.id },
        { parent: this },
      );
    this.rule = this.#collect(args, tables);
    diagnosticSettings(`${name}-diagnostics`, { resourceId: this.rule.id, logs: workspace.sink }, { parent: this });
    this.registerOutputs({ ruleId: this.rule.id });
  }

  /**
   * Lets a machine send its records; the agent of Azure Monitor has to run on it.
   *
   * @param name name of the machine among those of the component
   * @param machineId resource id of the machine
   */
  collectFrom(name: string, machineId: pulumi.Input<string>): void {
    const child = `${this.label}-${name}`;
    new monitor.DataCollectionRuleAssociation(
      child,
      { resourceUri: machineId, associationName: 'palisade', dataCollectionRuleId: this.rule.id, description: 'What is collected' },
      { parent: this },
    );
    new monitor.DataCollectionRuleAssociation(
      `${child}-endpoint`,
      {
        resourceUri: machineId,
        // The service knows the endpoint of a machine by this name.
        associationName: 'configurationAccessEndpoint',
        dataCollectionEndpointId: this.endpoint.id,
        description: 'Where it is sent to',
      },
      { parent: this },
    );
  }

  #collect(
    { events = EVENTS, facilities = FACILITIES, resourceGroupName, transform = 'source', workspace }: SecureDataCollectionArgs,
    dependsOn: pulumi.Resource[],
  ) {
    const flow = (streams: string[]) => ({ streams, destinations: [DESTINATION], transformKql: transform });
    return new monitor.DataCollectionRule(
      `${this.label}-rule`,
      {
        resourceGroupName,
        location: this.location,
        description: 'Security records of machines.',
        dataCollectionEndpointId: this.endpoint.id,
        dataSources: {
          syslog: [{ name: 'linux', streams: ['Microsoft-Syslog'], facilityNames: [...facilities], logLevels: ['*'] }],
          windowsEventLogs: [{ name: 'windows', streams: ['Microsoft-WindowsEvent'], xPathQueries: [...events] }],
        },
        destinations: { logAnalytics: [{ name: DESTINATION, workspaceResourceId: workspace.id }] },
        dataFlows: [flow(['Microsoft-Syslog']), flow(['Microsoft-WindowsEvent'])],
        tags: this.tags,
      },
      { parent: this, dependsOn },
    );
  }

  /** Each table is kept as long as the class of its records asks: searchable as long as the service can, then archived. */
  #keep({ tables, workspace }: SecureDataCollectionArgs): operationalinsights.Table[] {
    return Object.entries({ ...TABLES, ...tables }).map(([tableName, records]) => {
      const least = RETENTION_DAYS[this.tier][records];
      if (least === undefined)
        throw new RangeError(`${this.where}: tables.${tableName} is "${records}"; write security, access or operations (LOG-10)`);
      const total = least <= LONGEST_SEARCHABLE_DAYS ? least : (LONG_TERMS.find((days) => days >= least) as number);
      return new operationalinsights.Table(
        `${this.label}-table-${tableName}`,
        {
          resourceGroupName: workspace.resourceGroupName,
          workspaceName: workspace.workspace.name,
          tableName,
          plan: 'Analytics',
          retentionInDays: Math.min(least, LONGEST_SEARCHABLE_DAYS),
          totalRetentionInDays: total,
        },
        { parent: this },
      );
    });
  }
}

const COLLECTION_PROMISES: Promises = {
  claims: SecureDataCollection.claims,
  families: ['logging'],
  relaxable: {},
  firm: { 'LOG-10': 'give a table another class instead: operations is kept for the shortest time' },
};
