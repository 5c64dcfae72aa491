import * as cosmosdb from '@pulumi/azure-native/cosmosdb';
import * as security from '@pulumi/azure-native/security';
import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type CosmosContainer, type CosmosContainerArgs, type CosmosGrant, containerArgs, DATA_ACTIONS } from './database-cosmos-container';
import { keyUri, SecureDatabase, type SecureDatabaseArgs, samePlace } from './database-shared';
import { physicalName, physicalUuid } from './naming';
import type { Promises } from './relax';
import { whole } from './whole';

/** What a {@link SecureCosmosAccount} is made from. */
export interface SecureCosmosAccountArgs extends SecureDatabaseArgs {
  /** Globally unique, 3 to 44 lower-case letters, digits and hyphens. @default from the component's name, the stack and a suffix */
  readonly accountName?: string;
  /** Further locations that keep a copy and take over by themselves; at least one at tier high (LOC-05). @default none */
  readonly standbyLocations?: readonly string[];
  /** What readers may miss of the newest writes. @default 'Session' */
  readonly consistency?: 'Strong' | 'Session' | 'ConsistentPrefix' | 'Eventual';
}

/** Operations after which data is gone or open, or keys come back. */
const WEAKENINGS = [
  'Microsoft.DocumentDB/databaseAccounts/delete',
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/delete',
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/delete',
  'Microsoft.DocumentDB/databaseAccounts/listKeys/action',
  'Microsoft.DocumentDB/databaseAccounts/listConnectionStrings/action',
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions/write',
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments/write',
];

/**
 * An account of Cosmos DB (for NoSQL) that only identities with a role on a container use, from a private network, encrypted
 * with the customer's rotating key, recoverable to any second of the last 30 days, and spread over zones and locations. From
 * tier moderate it records every request.
 *
 * Guarantees DHC-01, DHC-05, DHC-10, LPA-14, MON-01 and TLS-01; from the moderate tier on BCR-01, DHC-06, DID-05, ENC-02, ENC-06,
 * LOG-04, LOG-05, LPA-02, LPA-09 and MON-04; from the high tier on BCR-06, FLS-06 and LOC-05.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * const account = new SecureCosmosAccount('knowledge', {
 *   profile, resourceGroupName, location, network, logs, key: vault.key('knowledge'), alerts: contacts.id, standbyLocations: ['northeurope'],
 * });
 * account.database('knowledge');
 * const articles = account.container('articles', {
 *   database: 'knowledge', partitionKey: '/product', retention: { atMostDays: 1825 }, encrypted: { '/author': 'people' },
 * });
 * account.grant('portal', { container: articles, principalId, rights: 'read' });
 */
export class SecureCosmosAccount extends SecureDatabase {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureCosmosAccount',
    { control: 'BCR-01', from: 'moderate' },
    { control: 'BCR-06', from: 'high' },
    'DHC-01',
    'DHC-05',
    { control: 'DHC-06', from: 'moderate' },
    'DHC-10',
    { control: 'DID-05', from: 'moderate' },
    { control: 'ENC-02', from: 'moderate' },
    { control: 'ENC-06', from: 'moderate' },
    { control: 'FLS-06', from: 'high' },
    { control: 'LOC-05', from: 'high' },
    { control: 'LOG-04', from: 'moderate' },
    { control: 'LOG-05', from: 'moderate' },
    { control: 'LPA-02', from: 'moderate' },
    { control: 'LPA-09', from: 'moderate' },
    'LPA-14',
    'MON-01',
    { control: 'MON-04', from: 'moderate' },
    'TLS-01',
    unclaimed('DID-01', 'a platform database stands in no subnet; that only a private endpoint reaches it is DID-05'),
    unclaimed('ENC-01', 'the service encrypts every account, with no setting that could be judged; with which key is ENC-02'),
    unclaimed('LOG-06', 'the account has requests, not statements; each one is recorded as LOG-04 and LOG-05, without the text of queries'),
    unclaimed('TLS-05', 'the service takes encrypted requests only; the oldest protocol is TLS-01'),
  );

  /** The account itself. */
  readonly account: cosmosdb.DatabaseAccount;
  /** Resource id of the account. */
  readonly id: pulumi.Output<string>;
  /** `https://….documents.azure.com:443/`, for clients. */
  readonly endpoint: pulumi.Output<string>;
  readonly #args: SecureCosmosAccountArgs;

  constructor(name: string, args: SecureCosmosAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureCosmosAccount', PROMISES, name, args, opts);
    this.#args = args;
    const { standbyLocations = [] } = args;
    if (standbyLocations.length === 0 && !this.relaxes('LOC-05'))
      this.need(undefined, 'standbyLocations', 'high', 'LOC-05', 'name a second location, such as the paired one');
    for (const place of standbyLocations) {
      this.staysResident('standbyLocations', place);
      if (typeof this.location === 'string' && samePlace(place, this.location))
        this.refuse(`standbyLocations names ${place}, where the account itself is; name other locations (LOC-05)`);
    }
    this.account = this.#account(standbyLocations);
    this.id = this.account.id;
    this.endpoint = this.account.documentEndpoint;
    new security.AdvancedThreatProtection(
      `${name}-threats`,
      { resourceId: this.id, settingName: 'current', isEnabled: true },
      { parent: this },
    );
    this.connect('endpoint', this.id, 'cosmos');
    this.record('diagnostics', this.id);
    this.watch([this.id], WEAKENINGS);
    this.keep('account', this.account);
    for (const control of ['BCR-06', 'DHC-10', 'LOC-05'] as const) this.waive(control, this.account);
    this.registerOutputs({ id: this.id, endpoint: this.endpoint });
  }

  /**
   * A database, whose containers share its throughput.
   *
   * @param maxThroughput most request units per second that it scales to
   */
  database(name: string, maxThroughput = 1000): cosmosdb.SqlResourceSqlDatabase {
    return new cosmosdb.SqlResourceSqlDatabase(
      `${this.label}-${name}-database`,
      {
        resourceGroupName: this.#args.resourceGroupName,
        accountName: this.account.name,
        databaseName: name,
        resource: { id: name },
        options: { autoscaleSettings: { maxThroughput } },
        tags: this.tags,
      },
      { parent: this, protect: this.kept },
    );
  }

  /**
   * A container whose items end with their retention (DHC-06) and whose most sensitive fields only clients can read (FLS-06).
   *
   * @throws RangeError where the tier needs an argument that is missing
   */
  container(name: string, args: CosmosContainerArgs): CosmosContainer {
    const refuse = (what: string): never => this.refuse(`container("${name}"): ${what}`);
    if (!this.relaxes('FLS-06'))
      this.need(
        args.encrypted,
        `container("${name}").encrypted`,
        'high',
        'FLS-06',
        'name the paths of the most sensitive fields and their client encryption keys',
      );
    const container = new cosmosdb.SqlResourceSqlContainer(
      `${this.label}-${args.database}-${name}-container`,
      {
        resourceGroupName: this.#args.resourceGroupName,
        accountName: this.account.name,
        databaseName: args.database,
        containerName: name,
        resource: containerArgs(name, args, refuse),
        tags: this.tags,
      },
      { parent: this, protect: this.kept },
    );
    this.waiveOn(`${args.database}-${name}`, 'FLS-06', container);
    return { container, databaseName: args.database, containerName: name };
  }

  /** Gives one identity a right on the items of one container, and on nothing else (LPA-02, LPA-09). */
  grant(name: string, { container, principalId, rights }: CosmosGrant): cosmosdb.SqlResourceSqlRoleAssignment {
    const { resourceGroupName } = this.#args;
    const of = { resourceGroupName, accountName: this.account.name };
    const scope = pulumi.interpolate`${this.id}/dbs/${container.databaseName}/colls/${container.containerName}`;
    const label = `${this.label}-grant-${name}`;
    const role = new cosmosdb.SqlResourceSqlRoleDefinition(
      `${label}-role`,
      {
        ...of,
        roleDefinitionId: physicalUuid(`${label}-role`),
        roleName: `${label}, ${rights} ${container.containerName}`,
        type: 'CustomRole',
        assignableScopes: [scope],
        permissions: [{ dataActions: [...DATA_ACTIONS[rights]], notDataActions: [] }],
      },
      { parent: this, dependsOn: [container.container] },
    );
    return new cosmosdb.SqlResourceSqlRoleAssignment(
      label,
      { ...of, roleAssignmentId: physicalUuid(label), roleDefinitionId: role.id, principalId, scope },
      { parent: this },
    );
  }

  #account(standbyLocations: readonly string[]): cosmosdb.DatabaseAccount {
    const { consistency = 'Session', key, resourceGroupName } = this.#args;
    const user = key && this.identity('identity', key);
    const name = `${this.label}-account`;
    const isZoneRedundant = this.reaches('moderate') && !this.relaxes('BCR-06');
    const args: cosmosdb.DatabaseAccountArgs = {
      accountName: this.#args.accountName ?? physicalName(this.label, 44, '-'),
      resourceGroupName,
      location: this.location,
      kind: 'GlobalDocumentDB',
      databaseAccountOfferType: 'Standard',
      locations: [this.location, ...standbyLocations].map((locationName, failoverPriority) => ({
        locationName,
        failoverPriority,
        isZoneRedundant,
      })),
      enableAutomaticFailover: true,
      enableMultipleWriteLocations: false,
      consistencyPolicy: { defaultConsistencyLevel: consistency },
      backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: 'Continuous30Days' } },
      disableKeyBasedMetadataWriteAccess: true,
      disableLocalAuth: true,
      enableAnalyticalStorage: false,
      enableCassandraConnector: false,
      enableFreeTier: false,
      minimalTlsVersion: 'Tls12',
      publicNetworkAccess: 'Disabled',
      isVirtualNetworkFilterEnabled: true,
      virtualNetworkRules: [],
      ipRules: [],
      networkAclBypass: 'None',
      networkAclBypassResourceIds: [],
      cors: [],
      capabilities: [],
      ...(key && user
        ? {
            identity: { type: 'UserAssigned' as const, userAssignedIdentities: [user.identity.id] },
            defaultIdentity: pulumi.interpolate`UserAssignedIdentity=${user.identity.id}`,
            keyVaultKeyUri: keyUri(key),
          }
        : { identity: { type: 'None' as const }, defaultIdentity: 'FirstPartyIdentity' }),
      tags: this.tags,
    };
    const opts = { parent: this, protect: this.kept, dependsOn: [...(user?.ready ?? [])] };
    return new cosmosdb.DatabaseAccount(name, args, whole(name, args, ['backupPolicy', 'locations', 'identity'], opts));
  }
}

const PROMISES: Promises = {
  claims: SecureCosmosAccount.claims,
  families: ['database'],
  relaxable: {
    'BCR-06': 'the spread over zones, in a region that has none',
    'DHC-10': 'the lock and the protection against deletion, for environments that come and go',
    'FLS-06': 'the encryption of single fields by clients',
    'LOC-05': 'the copy in another location',
  },
  firm: {
    'BCR-01': 'every change can be undone for 30 days',
    'DHC-06': 'name how long items are kept; an item may say that it ends earlier',
    'DID-05': 'without an endpoint nothing reaches the account at all',
    'ENC-02': 'a key of the platform cannot be revoked; pass `key`',
    'LOG-04': 'who read what must be answerable',
    'LOG-05': 'who altered what must be answerable',
    'LPA-14': 'every supported client signs in by the directory',
  },
};
