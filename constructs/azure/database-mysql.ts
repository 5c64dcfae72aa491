import * as dbformysql from '@pulumi/azure-native/dbformysql';
import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { FLEXIBLE_PROMISES, FlexibleServer, type FlexibleServerArgs } from './database-flexible';
import type { KeyUser } from './database-shared';
import { physicalName } from './naming';
import type { Promises } from './relax';
import { whole } from './whole';

/** What a {@link SecureMySqlServer} is made from. */
export interface SecureMySqlServerArgs extends FlexibleServerArgs {
  /** Version. @default '8.4' */
  readonly version?: '8.0.21' | '8.4';
  /**
   * Azure makes no server without a first user with a password; nobody signs in by it, since the server takes identities of the
   * directory only. Kept as a secret: take it from `config.requireSecret`, and keep it nowhere else.
   */
  readonly firstPassword: pulumi.Input<string>;
}

/** Name of the first user: none of those that are tried first. */
const FIRST_USER = 'dbowner';
const TLS = { require_secure_transport: 'ON', tls_version: 'TLSv1.2,TLSv1.3' };
const SESSIONS = { audit_log_enabled: 'ON', audit_log_events: 'CONNECTION,DCL,DDL' };
const AUDIT = { audit_log_enabled: 'ON', audit_log_events: 'CONNECTION,DCL,DDL,DML' };
const DIRECTORY_ONLY = { aad_auth_only: 'ON' };

/** Operations after which data is gone or open, or sessions are no longer recorded. */
const WEAKENINGS = [
  'Microsoft.DBforMySQL/flexibleServers/delete',
  'Microsoft.DBforMySQL/flexibleServers/databases/delete',
  'Microsoft.DBforMySQL/flexibleServers/firewallRules/write',
  'Microsoft.DBforMySQL/flexibleServers/administrators/write',
  'Microsoft.DBforMySQL/flexibleServers/administrators/delete',
  'Microsoft.DBforMySQL/flexibleServers/configurations/write',
];

/**
 * A flexible server of MySQL that only identities of the directory sign in to, over TLS 1.2 and from a private network,
 * encrypted with the customer's key, with a standby in another zone and backups of 35 days in the paired location. From tier
 * moderate every statement is recorded.
 *
 * The identity of the server looks up who signs in: it needs the rights User.Read.All, GroupMember.Read.All and
 * Application.Read.All of the directory. The service stays at the version of its key; a deployment after a rotation, with
 * `--refresh`, moves it on.
 *
 * Guarantees BCR-01, DHC-01, DHC-10, IDA-01, LPA-14, TLS-05 and VUL-10; from the moderate tier on BCR-03, DID-05, ENC-02,
 * ENC-06, LOG-04, LOG-05, LOG-06 and MON-04; from the high tier on BCR-06.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * import { Config } from '@pulumi/pulumi';
 * new SecureMySqlServer('portal', {
 *   profile, resourceGroupName, location, network, logs, key: vault.key('portal'), backupKey: key, alerts: contacts.id,
 *   administrators: { name: 'portal-database-administrators', objectId: principalId, tenantId },
 *   firstPassword: new Config().requireSecret('portalFirstPassword'),
 * });
 */
export class SecureMySqlServer extends FlexibleServer {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureMySqlServer',
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
    unclaimed('ENC-03', 'the service stays at the version of its key until it is deployed again'),
    unclaimed('ENC-10', 'backups follow the keys of the server; no resource shows it'),
    unclaimed('MON-01', 'the plan for open-source databases is of the subscription; the SDK has no policy of a flexible server'),
    unclaimed('VUL-06', 'Azure assesses the settings of SQL only'),
  );

  /** The server itself. */
  readonly server: dbformysql.Server;
  /** Resource id of the server. */
  readonly id: pulumi.Output<string>;
  /** Host that clients connect to. */
  readonly host: pulumi.Output<string>;
  /** Identity that looks up who signs in; grant it the rights of the directory that it needs. */
  readonly principalId: pulumi.Output<string>;
  readonly #resourceGroupName: pulumi.Input<string>;

  constructor(name: string, args: SecureMySqlServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureMySqlServer', PROMISES, name, args, opts);
    const { administrators, resourceGroupName } = args;
    this.#resourceGroupName = resourceGroupName;
    if (!args.firstPassword)
      this.refuse("firstPassword is missing; Azure asks for one, although nobody signs in by it: config.requireSecret('firstPassword')");
    const audited = this.reaches('moderate') ? AUDIT : SESSIONS;
    const parameters = this.parameters({ ...audited, ...TLS, ...DIRECTORY_ONLY }, args.parameters);
    const user = this.identity('identity', args.key);
    this.server = this.#server(args, user);
    this.id = this.server.id;
    this.host = this.server.fullyQualifiedDomainName;
    this.principalId = user.identity.principalId;
    const of = { resourceGroupName, serverName: this.server.name };
    const administrator = new dbformysql.AzureADAdministrator(
      `${name}-administrator`,
      {
        ...of,
        administratorName: 'ActiveDirectory',
        administratorType: 'ActiveDirectory',
        identityResourceId: user.identity.id,
        login: administrators.name,
        sid: administrators.objectId,
        tenantId: administrators.tenantId,
      },
      { parent: this },
    );
    this.configure(
      parameters,
      administrator,
      (child, configuration, childOpts) => new dbformysql.Configuration(child, { ...of, ...configuration }, childOpts),
    );
    this.connect('endpoint', this.id, 'mysql');
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
  database(name: string, collation = 'utf8mb4_0900_ai_ci'): dbformysql.Database {
    return new dbformysql.Database(
      `${this.label}-${name}-database`,
      { resourceGroupName: this.#resourceGroupName, serverName: this.server.name, databaseName: name, charset: 'utf8mb4', collation },
      { parent: this, protect: this.kept },
    );
  }

  #server(args: SecureMySqlServerArgs, user: KeyUser): dbformysql.Server {
    const { backupKey, firstPassword, key, resourceGroupName, sku, storageGB = 128, version = '8.4' } = args;
    const name = `${this.label}-server`;
    const copier = this.copied && key && backupKey ? this.identity('backup-identity', backupKey) : undefined;
    const serverArgs: dbformysql.ServerArgs = {
      serverName: args.serverName ?? physicalName(this.label, 63, '-'),
      resourceGroupName,
      location: this.location,
      createMode: 'Default',
      version,
      administratorLogin: FIRST_USER,
      administratorLoginPassword: pulumi.secret(firstPassword),
      sku: sku ? { ...sku } : { name: 'Standard_D2ads_v5', tier: 'GeneralPurpose' },
      storage: { storageSizeGB: storageGB, autoGrow: 'Enabled', autoIoScaling: 'Enabled', logOnDisk: 'Disabled' },
      backup: this.backup,
      highAvailability: { mode: this.zones ? 'ZoneRedundant' : 'Disabled' },
      network: { publicNetworkAccess: 'Disabled' },
      identity: {
        type: 'UserAssigned',
        userAssignedIdentities: [user.identity.id, ...(copier ? [copier.identity.id] : [])],
      },
      dataEncryption: key
        ? {
            type: 'AzureKeyVault',
            primaryKeyURI: this.versioned('key', key),
            primaryUserAssignedIdentityId: user.identity.id,
            ...(copier && backupKey
              ? { geoBackupKeyURI: this.versioned('backupKey', backupKey), geoBackupUserAssignedIdentityId: copier.identity.id }
              : {}),
          }
        : { type: 'SystemManaged' },
      tags: this.tags,
    };
    const opts: pulumi.CustomResourceOptions = {
      parent: this,
      protect: this.kept,
      additionalSecretOutputs: ['administratorLoginPassword'],
      dependsOn: [...user.ready, ...(copier?.ready ?? [])],
    };
    return new dbformysql.Server(name, serverArgs, whole(name, serverArgs, ['dataEncryption', 'identity'], opts));
  }
}

const PROMISES: Promises = { ...FLEXIBLE_PROMISES, claims: SecureMySqlServer.claims };
