import * as dbforpostgresql from '@pulumi/azure-native/dbforpostgresql';
import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import type { FieldCatalogue } from '../fields';
import type { ColumnGrantArgs } from './database-columns';
import { FLEXIBLE_PROMISES, FlexibleServer, type FlexibleServerArgs } from './database-flexible';
import { postgresColumnGrants, postgresRoles } from './database-postgres-columns';
import { keyUri } from './database-shared';
import { physicalName } from './naming';
import type { Promises } from './relax';
import { whole } from './whole';

/** What a {@link SecurePostgresServer} is made from. */
export interface SecurePostgresServerArgs extends FlexibleServerArgs {
  /** Major version. @default '17' */
  readonly version?: '14' | '15' | '16' | '17' | '18';
}

/** Who connects is recorded, and whoever fails to sign in again and again is slowed down, at every tier. */
const SESSIONS = { log_connections: 'ON', log_disconnections: 'ON', log_checkpoints: 'ON', 'connection_throttle.enable': 'ON' };
const TLS = { require_secure_transport: 'ON', ssl_min_protocol_version: 'TLSv1.2' };
/** Statements are recorded without the values in them, which are customers' data (PRV-07). */
const AUDIT = {
  'azure.extensions': 'PGAUDIT',
  shared_preload_libraries: 'pgaudit,pg_stat_statements',
  'pgaudit.log': 'READ,WRITE,DDL,ROLE',
  'pgaudit.log_parameter': 'OFF',
};
const LISTS = ['azure.extensions', 'shared_preload_libraries'];

/** Operations after which data is gone or open, or sessions are no longer recorded. */
const WEAKENINGS = ['', '/databases', '/firewallRules', '/administrators', '/configurations'].flatMap((part) => {
  const type = `Microsoft.DBforPostgreSQL/flexibleServers${part}`;
  return part === '' || part === '/databases'
    ? [`${type}/delete`]
    : [`${type}/write`, ...(part === '/administrators' ? [`${type}/delete`] : [])];
});

/**
 * A flexible server of PostgreSQL that only identities of the directory sign in to, over TLS 1.2 and from a private network,
 * encrypted with the customer's rotating key, with a standby in another zone and backups of 35 days in the paired location.
 * From tier moderate every statement is recorded by pgAudit.
 *
 * Guarantees BCR-01, DHC-01, DHC-10, IDA-01, LPA-14, TLS-05 and VUL-10; from the moderate tier on BCR-03, DID-05, ENC-02,
 * ENC-06, LOG-04, LOG-05, LOG-06 and MON-04; from the high tier on BCR-06.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * const server = new SecurePostgresServer('reports', {
 *   profile, resourceGroupName, location, network, logs, key: vault.key('reports'), backupKey: key, alerts: contacts.id,
 *   administrators: { name: 'report-database-administrators', objectId: principalId, tenantId },
 * });
 * server.database('reports');
 */
export class SecurePostgresServer extends FlexibleServer {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecurePostgresServer',
    'BCR-01',
    { control: 'BCR-03', from: 'moderate' },
    { control: 'BCR-06', from: 'high' },
    'DHC-01',
    'DHC-10',
    { control: 'DID-05', from: 'moderate' },
    { control: 'ENC-02', from: 'moderate' },
    { control: 'ENC-06', from: 'moderate' },
    'IDA-01',
    { control: 'LOG-04', from: 'moderate' },
    { control: 'LOG-05', from: 'moderate' },
    { control: 'LOG-06', from: 'moderate' },
    'LPA-14',
    { control: 'MON-04', from: 'moderate' },
    'TLS-05',
    'VUL-10',
    unclaimed('DHC-05', 'there is no firewall rule that could be judged: the server refuses every public network'),
    unclaimed('DID-01', 'a platform database stands in no subnet of its own; that only a private endpoint reaches it is DID-05'),
    unclaimed('ENC-01', 'the service encrypts every server, with no setting that could be judged; with which key is ENC-02'),
    unclaimed('ENC-10', 'backups follow the keys of the server; no resource shows it'),
    unclaimed('MON-01', 'the plan for open-source databases is of the subscription; the SDK has no policy of a flexible server'),
    unclaimed('VUL-06', 'Azure assesses the settings of SQL only'),
  );

  /** The server itself. */
  readonly server: dbforpostgresql.Server;
  /** Resource id of the server. */
  readonly id: pulumi.Output<string>;
  /** Host that clients connect to. */
  readonly host: pulumi.Output<string>;
  readonly #resourceGroupName: pulumi.Input<string>;

  constructor(name: string, args: SecurePostgresServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecurePostgresServer', PROMISES, name, args, opts);
    const { administrators, resourceGroupName } = args;
    this.#resourceGroupName = resourceGroupName;
    const parameters = this.parameters({ ...SESSIONS, ...(this.reaches('moderate') ? AUDIT : {}), ...TLS }, args.parameters, LISTS);
    this.server = this.#server(args);
    this.id = this.server.id;
    this.host = this.server.fullyQualifiedDomainName;
    const of = { resourceGroupName, serverName: this.server.name };
    const administrator = new dbforpostgresql.AdministratorsMicrosoftEntra(
      `${name}-administrator`,
      {
        ...of,
        objectId: administrators.objectId,
        principalName: administrators.name,
        principalType: 'Group',
        tenantId: administrators.tenantId,
      },
      { parent: this },
    );
    this.configure(
      parameters,
      administrator,
      (child, configuration, childOpts) => new dbforpostgresql.Configuration(child, { ...of, ...configuration }, childOpts),
    );
    this.connect('endpoint', this.id, 'postgresql');
    this.record('diagnostics', this.id);
    this.watch([this.id], WEAKENINGS);
    this.keep('server', this.server);
    for (const control of ['BCR-03', 'BCR-06', 'DHC-10'] as const) this.waive(control, this.server);
    this.registerOutputs({ id: this.id, host: this.host });
  }

  /**
   * A database of the server.
   *
   * @param collation how its text is compared and sorted
   */
  database(name: string, collation = 'en_US.utf8'): dbforpostgresql.Database {
    return new dbforpostgresql.Database(
      `${this.label}-${name}-database`,
      { resourceGroupName: this.#resourceGroupName, serverName: this.server.name, databaseName: name, charset: 'UTF8', collation },
      { parent: this, protect: this.kept },
    );
  }

  /**
   * The SQL that shows each role the columns that the catalogue lists for it, and masks what it sees only in part: what the
   * deployment runs in a database, once its tables are made and whenever the catalogue changes. `roles` runs before, in the
   * database `postgres`.
   *
   * @throws RangeError for a role without a group, or a name that cannot be written safely
   */
  columnGrants<R extends string>(
    catalogue: FieldCatalogue<R>,
    args: ColumnGrantArgs<R>,
  ): { readonly roles: string; readonly rights: string } {
    return { roles: postgresRoles(catalogue, args), rights: postgresColumnGrants(catalogue, args) };
  }

  #server(args: SecurePostgresServerArgs): dbforpostgresql.Server {
    const { administrators, backupKey, key, resourceGroupName, sku, storageGB = 128, version = '17' } = args;
    const name = `${this.label}-server`;
    const user = key && this.identity('identity', key);
    // The copy in the other location is encrypted by an identity of its own.
    const copier = this.copied && key && backupKey ? this.identity('backup-identity', backupKey) : undefined;
    const identities = [user, copier].flatMap((one) => (one ? [one.identity.id] : []));
    const serverArgs: dbforpostgresql.ServerArgs = {
      serverName: args.serverName ?? physicalName(this.label, 63, '-'),
      resourceGroupName,
      location: this.location,
      createMode: 'Default',
      version,
      sku: sku ? { ...sku } : { name: 'Standard_D2ds_v5', tier: 'GeneralPurpose' },
      storage: { storageSizeGB: storageGB, autoGrow: 'Enabled' },
      authConfig: { activeDirectoryAuth: 'Enabled', passwordAuth: 'Disabled', tenantId: administrators.tenantId },
      backup: this.backup,
      highAvailability: { mode: this.zones ? 'ZoneRedundant' : 'Disabled' },
      network: { publicNetworkAccess: 'Disabled' },
      ...(user && key
        ? {
            identity: {
              type: 'UserAssigned',
              userAssignedIdentities: pulumi.all(identities).apply((ids) => Object.fromEntries(ids.map((id) => [id, {}]))),
            },
            dataEncryption: {
              type: 'AzureKeyVault',
              primaryKeyURI: keyUri(key),
              primaryUserAssignedIdentityId: user.identity.id,
              ...(copier && backupKey ? { geoBackupKeyURI: keyUri(backupKey), geoBackupUserAssignedIdentityId: copier.identity.id } : {}),
            },
          }
        : { dataEncryption: { type: 'SystemManaged' } }),
      tags: this.tags,
    };
    const opts = { parent: this, protect: this.kept, dependsOn: [...(user?.ready ?? []), ...(copier?.ready ?? [])] };
    return new dbforpostgresql.Server(name, serverArgs, whole(name, serverArgs, ['authConfig', 'dataEncryption'], opts));
  }
}

const PROMISES: Promises = { ...FLEXIBLE_PROMISES, claims: SecurePostgresServer.claims };
