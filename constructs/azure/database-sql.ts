import * as sql from '@pulumi/azure-native/sql';
import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import type { FieldCatalogue } from '../fields';
import type { ColumnGrantArgs } from './database-columns';
import { type DirectoryGroup, SecureDatabase, type SecureDatabaseArgs, samePlace } from './database-shared';
import { sqlServerColumnGrants } from './database-sql-columns';
import { makeDatabase, type SqlDatabaseArgs } from './database-sql-database';
import { auditGroups, DATABASE_CATEGORIES, DATABASE_METRICS, WEAKENINGS } from './database-sql-records';
import { diagnosticSettings } from './logging-diagnostics';
import { physicalName } from './naming';
import type { Promises } from './relax';
import { whole } from './whole';

/** What a {@link SecureSqlServer} is made from. */
export interface SecureSqlServerArgs extends SecureDatabaseArgs {
  /** Group of the directory that administers the server; nobody signs in by password (LPA-14). */
  readonly administrators: DirectoryGroup;
  /** Globally unique, 1 to 63 lower-case letters, digits and hyphens. @default from the component's name, the stack and a suffix */
  readonly serverName?: string;
  /**
   * Location in which a second server keeps a copy of every database and takes over when this one is lost; obligatory at
   * tier high (LOC-05).
   * @default none
   */
  readonly standbyLocation?: string;
  /** Location that Azure pairs with this one, where the profile promises a residency of several places. @default none */
  readonly pairedLocation?: string;
  /** Oldest protocol that clients may speak (TLS-01). @default '1.2' */
  readonly minimumTls?: '1.2' | '1.3';
  /** Hosts that the databases themselves may call; every other one is refused (EXP-04). @default none */
  readonly outboundHosts?: readonly string[];
}

/**
 * A logical server of Azure SQL that only identities of the directory sign in to, from a private network, and whose
 * databases are encrypted with the customer's rotating key, copied to a second location, and audited statement by statement.
 *
 * Guarantees DHC-01, DHC-10, ENC-01, IDA-01, LPA-14, MON-01, TLS-01 and BCR-01; from the moderate tier on BCR-03, DHC-04,
 * DID-05, ENC-02, ENC-03, ENC-06, EXP-04, FLS-05, LOG-06, MON-04 and VUL-06; from the high tier on BCR-06, LOC-05 and LOG-05.
 *
 * The identity of the server needs the directory role "Directory Readers" (or the rights User.Read.All, GroupMember.Read.All
 * and Application.Read.All) before groups can be made users of a database.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * const server = new SecureSqlServer('cases', {
 *   profile, resourceGroupName, location, network, logs, key: vault.key('cases'), alerts: contacts.id,
 *   administrators: { name: 'case-database-administrators', objectId: principalId, tenantId }, standbyLocation: 'northeurope',
 * });
 * const database = server.database('cases', { catalogue });
 */
export class SecureSqlServer extends SecureDatabase {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureSqlServer',
    'BCR-01',
    { control: 'BCR-03', from: 'moderate' },
    { control: 'BCR-06', from: 'high' },
    'DHC-01',
    { control: 'DHC-04', from: 'moderate' },
    'DHC-10',
    { control: 'DID-05', from: 'moderate' },
    'ENC-01',
    { control: 'ENC-02', from: 'moderate' },
    { control: 'ENC-03', from: 'moderate' },
    { control: 'ENC-06', from: 'moderate' },
    { control: 'EXP-04', from: 'moderate' },
    { control: 'FLS-05', from: 'moderate' },
    'IDA-01',
    { control: 'LOC-05', from: 'high' },
    { control: 'LOG-05', from: 'high' },
    { control: 'LOG-06', from: 'moderate' },
    'LPA-14',
    'MON-01',
    { control: 'MON-04', from: 'moderate' },
    'TLS-01',
    { control: 'VUL-06', from: 'moderate' },
    unclaimed('DHC-05', 'there is no firewall rule that could be judged: the server refuses every public network'),
    unclaimed('DID-01', 'a platform database stands in no subnet; that only private endpoints reach it is DID-05'),
    unclaimed('ENC-10', 'backups and copies follow the protector of the server; no resource shows it'),
    unclaimed('TLS-05', 'Azure SQL takes encrypted sessions only; there is no setting that could allow others'),
  );

  /** The server itself. */
  readonly server: sql.Server;
  /** The server in the second location, where there is one. */
  readonly standby: sql.Server | undefined;
  /** Resource id of the server. */
  readonly id: pulumi.Output<string>;
  /** Host that clients connect to. */
  readonly host: pulumi.Output<string>;
  readonly #args: SecureSqlServerArgs;
  readonly #copiesLeave: boolean;

  constructor(name: string, args: SecureSqlServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureSqlServer', PROMISES, name, args, opts);
    this.#args = args;
    if (!args.administrators)
      this.refuse('administrators is missing; name a group of the directory, nobody signs in by password (LPA-14, IDA-01)');
    const { standbyLocation } = args;
    if (!this.relaxes('LOC-05'))
      this.need(standbyLocation, 'standbyLocation', 'high', 'LOC-05', 'name a second location, such as the paired one');
    if (standbyLocation !== undefined) {
      this.staysResident('standbyLocation', standbyLocation);
      if (typeof this.location === 'string' && samePlace(standbyLocation, this.location))
        this.refuse(`standbyLocation is ${standbyLocation}, where the server itself is; name another location (LOC-05)`);
    }
    this.#copiesLeave = this.leaves(args.pairedLocation);

    const serverName = args.serverName ?? physicalName(name, 63, '-');
    this.server = this.#server('server', serverName, this.location);
    this.standby =
      standbyLocation === undefined ? undefined : this.#server('standby', `${serverName.slice(0, 55)}-standby`, standbyLocation);
    this.id = this.server.id;
    this.host = this.server.fullyQualifiedDomainName;
    const servers = this.standby ? [this.server, this.standby] : [this.server];
    this.watch(
      servers.map(({ id }) => id),
      WEAKENINGS,
    );
    this.waive('DHC-10', ...servers);
    this.waive('LOC-05', ...servers);
    this.registerOutputs({ id: this.id, host: this.host });
  }

  /**
   * A database of the server: encrypted, spread over zones, recoverable to any moment of the last 35 days, with long-term
   * copies at tier high, its columns labelled and masked.
   *
   * @throws RangeError where the tier needs an argument that is missing
   */
  database(name: string, args: SqlDatabaseArgs = {}): sql.Database {
    const { catalogue } = args;
    if (!this.relaxes('DHC-04'))
      this.need(
        catalogue,
        `database("${name}").catalogue`,
        'moderate',
        'DHC-04',
        'pass the field catalogue, from which columns are labelled',
      );
    const database = makeDatabase(
      {
        label: `${this.label}-${name}`,
        databaseName: name,
        resourceGroupName: this.#args.resourceGroupName,
        location: this.location,
        tags: this.tags,
        server: this.server,
        standby: this.standby,
        zones: this.reaches('moderate') && !this.relaxes('BCR-06'),
        copiesLeave: this.#copiesLeave,
        longTerm: this.reaches('high'),
        ledger: this.reaches('high') && !this.relaxes('LOG-05'),
        labels: !this.relaxes('DHC-04'),
        kept: this.kept,
        parent: this,
      },
      args,
      (what) => this.refuse(`database("${name}"): ${what}`),
    );
    this.record(`${name}-diagnostics`, database.id, { categories: DATABASE_CATEGORIES, metrics: DATABASE_METRICS });
    for (const control of ['BCR-03', 'BCR-06', 'DHC-04', 'LOG-05'] as const) this.waiveOn(name, control, database);
    if (!this.kept) this.waiveOn(name, 'DHC-10', database);
    return database;
  }

  /**
   * The T-SQL that gives each role the columns that the catalogue lists for it, and masks the rest: what the deployment runs
   * in a database, once its tables are made and whenever the catalogue changes. It can be run again and again.
   *
   * @throws RangeError for a role without a group, or a name that cannot be written safely
   */
  columnGrants<R extends string>(catalogue: FieldCatalogue<R>, args: ColumnGrantArgs<R>): string {
    return sqlServerColumnGrants(catalogue, args);
  }

  /** A server in one location, with everything that is of a server and not of its databases. */
  #server(part: 'server' | 'standby', serverName: string, location: pulumi.Input<string>): sql.Server {
    const { administrators, key, minimumTls = '1.2', outboundHosts = [], resourceGroupName } = this.#args;
    const name = `${this.label}-${part}`;
    const child = { parent: this };
    const { identity, ready } = this.identity(`${part}-identity`, key, location);
    const args: sql.ServerArgs = {
      serverName,
      resourceGroupName,
      location,
      version: '12.0',
      administrators: {
        administratorType: 'ActiveDirectory',
        azureADOnlyAuthentication: true,
        principalType: 'Group',
        login: administrators.name,
        sid: administrators.objectId,
        tenantId: administrators.tenantId,
      },
      identity: { type: 'UserAssigned', userAssignedIdentities: [identity.id] },
      primaryUserAssignedIdentityId: identity.id,
      ...(key ? { keyId: this.versioned('key', key) } : {}),
      isIPv6Enabled: 'Disabled',
      minimalTlsVersion: minimumTls,
      publicNetworkAccess: 'Disabled',
      restrictOutboundNetworkAccess: 'Enabled',
      tags: this.tags,
    };
    const opts = { parent: this, protect: this.kept, dependsOn: [...ready] };
    const server = new sql.Server(name, args, whole(name, args, ['administrators', 'identity'], opts));
    const of = { resourceGroupName, serverName: server.name };
    // What stands inside the server is read only when it is made; a change of the group reaches Azure through this one.
    new sql.ServerAzureADAdministrator(
      `${name}-administrator`,
      {
        ...of,
        administratorName: 'ActiveDirectory',
        administratorType: 'ActiveDirectory',
        login: administrators.name,
        sid: administrators.objectId,
        tenantId: administrators.tenantId,
      },
      // Without an administrator nobody gets in; it goes with the server.
      { parent: this, retainOnDelete: true },
    );
    if (key) {
      const serverKeyName = pulumi.output(this.versioned('key', key)).apply((uri) => serverKeyNameOf(this.where, uri));
      new sql.EncryptionProtector(
        `${name}-protector`,
        { ...of, encryptionProtectorName: 'current', serverKeyType: 'AzureKeyVault', serverKeyName, autoRotationEnabled: true },
        child,
      );
    }
    for (const [index, host] of outboundHosts.entries())
      new sql.OutboundFirewallRule(`${name}-outbound-${index + 1}`, { ...of, outboundRuleFqdn: host }, child);
    this.#guard(name, server);
    this.connect(part === 'server' ? 'endpoint' : 'standby-endpoint', server.id, 'sql');
    this.keep(part, server);
    return server;
  }

  /** Statements are audited, threats detected, settings assessed. */
  #guard(name: string, server: sql.Server): void {
    const { logs, resourceGroupName } = this.#args;
    const of = { resourceGroupName, serverName: server.name };
    const child = { parent: this };
    const detection = new sql.ServerSecurityAlertPolicy(
      `${name}-threats`,
      {
        ...of,
        securityAlertPolicyName: 'Default',
        state: 'Enabled',
        disabledAlerts: [],
        emailAccountAdmins: true,
        emailAddresses: [],
        retentionDays: 0,
      },
      child,
    );
    // Express assessments keep their results themselves; they are part of the same plan of Defender.
    new sql.SqlVulnerabilityAssessmentsSetting(
      `${name}-assessment`,
      { ...of, vulnerabilityAssessmentName: 'default', state: 'Enabled' },
      { parent: this, dependsOn: [detection] },
    );
    if (!logs) return;
    // Audits of the server arrive as records of its database master.
    const records = diagnosticSettings(
      `${name}-diagnostics`,
      {
        resourceId: pulumi.interpolate`${server.id}/databases/master`,
        logs,
        categories: ['SQLSecurityAuditEvents', 'DevOpsOperationsAudit'],
        metrics: ['Basic'],
      },
      child,
    );
    new sql.ExtendedServerBlobAuditingPolicy(
      `${name}-audit`,
      {
        ...of,
        blobAuditingPolicyName: 'default',
        state: 'Enabled',
        auditActionsAndGroups: [...auditGroups(this.tier)],
        isAzureMonitorTargetEnabled: true,
        isDevopsAuditEnabled: true,
        predicateExpression: '',
        queueDelayMs: 1000,
      },
      { parent: this, dependsOn: [records] },
    );
  }
}

const VERSIONED = /^https:\/\/([^./]+)\.[^/]+\/keys\/([^/]+)\/([0-9a-f]+)$/i;

/** `vault_key_version`, as the service names a key of a vault. In tests without a vault there is no uri to name it by. */
function serverKeyNameOf(where: string, uri: string | undefined): string {
  if (!uri) return '';
  const [, vault, key, version] = VERSIONED.exec(uri) ?? [];
  if (version === undefined)
    throw new RangeError(
      `${where}: versionedKeyUri of key is "${uri}"; write https://<vault>.vault.azure.net/keys/<key>/<version> (ENC-02)`,
    );
  return [vault, key, version].join('_');
}

const PROMISES: Promises = {
  claims: SecureSqlServer.claims,
  families: ['database'],
  relaxable: {
    'BCR-03': 'backups stay in the location of the server',
    'BCR-06': 'databases stand in one zone, in a region that has no more',
    'DHC-04': 'labels of columns as resources, until their tables are made; the script of columnGrants() labels them too',
    'DHC-10': 'the lock and the protection against deletion, for environments that come and go',
    'LOC-05': 'the second server in another location',
    'LOG-05': 'the ledger, where history must be deletable; statements are audited all the same',
  },
  firm: {
    'DID-05': 'without an endpoint nothing reaches the server at all',
    'ENC-02': 'a key of the platform cannot be revoked; pass `key`',
    'ENC-03': 'the server follows the versions of its key by itself',
    'LOG-06': 'who read and altered what must be answerable',
    'LPA-14': 'every supported driver signs in by the directory',
    'MON-01': 'the plan costs little and finds what nobody looks for',
    'TLS-01': 'no supported client needs an older protocol',
  },
};
