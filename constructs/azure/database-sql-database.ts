/** One database of a hardened server of Azure SQL: its copies, its encryption, the labels and masks of its columns. */
import * as sql from '@pulumi/azure-native/sql';
import type * as pulumi from '@pulumi/pulumi';
import type { Sensitivity } from '../../controls';
import { RECOVERY_DAYS } from '../contract';
import type { FieldCatalogue, FieldType } from '../fields';
import { physicalName } from './naming';
import { whole } from './whole';

/** How long copies beyond the weeks of point-in-time restore are kept, as ISO 8601 durations; each one weekly, monthly, yearly. */
export interface LongTermCopies {
  /** @default 'P12W' */
  readonly weekly?: string;
  /** @default 'P12M' */
  readonly monthly?: string;
  /** @default 'PT0S': none */
  readonly yearly?: string;
}

/** What a database of a {@link SecureSqlServer} is made from. */
export interface SqlDatabaseArgs {
  /**
   * The fields that its tables hold; a record is a table, a field a column. Obligatory from tier moderate, unless DHC-04 is
   * relaxed: each column is labelled by the sensitivity of its field.
   * @default none
   */
  readonly catalogue?: FieldCatalogue<string>;
  /** Schema of the tables. @default 'dbo' */
  readonly schema?: string;
  /** Size; of the kinds General Purpose, Business Critical or Hyperscale. @default two virtual cores, General Purpose */
  readonly sku?: { readonly name: string; readonly tier: 'GeneralPurpose' | 'BusinessCritical' | 'Hyperscale'; readonly capacity?: number };
  /** How its text is compared and sorted. @default 'SQL_Latin1_General_CP1_CI_AS' */
  readonly collation?: string;
  /** Largest size, in bytes. @default 34359738368, 32 GiB */
  readonly maxSizeBytes?: number;
  /** Whether readers that say so are sent to a replica; Business Critical and Hyperscale only. @default 'Disabled' */
  readonly readScale?: 'Enabled' | 'Disabled';
  /** Whether each alteration can be proven: tables are ledger tables. It cannot be changed. @default true at tier high */
  readonly ledger?: boolean;
  /** Copies beyond the 35 days of point-in-time restore. @default weekly and monthly ones at tier high, otherwise none */
  readonly longTermCopies?: LongTermCopies;
}

/** What the server decides for its databases. */
export interface DatabaseSurroundings {
  readonly label: string;
  readonly databaseName: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
  readonly server: sql.Server;
  readonly standby: sql.Server | undefined;
  readonly zones: boolean;
  readonly copiesLeave: boolean;
  readonly longTerm: boolean;
  readonly ledger: boolean;
  readonly labels: boolean;
  readonly kept: boolean;
  readonly parent: pulumi.Resource;
}

const DEFAULT_SKU = { name: 'GP_Gen5', tier: 'GeneralPurpose', capacity: 2 } as const;
const DEFAULT_SIZE = 32 * 2 ** 30;
/** Hours between differential copies: the shorter of the two that the service offers. */
const DIFFERENTIAL_HOURS = 12;
/** Kinds that keep point-in-time copies for 35 days and can span zones. */
const KINDS = ['GeneralPurpose', 'BusinessCritical', 'Hyperscale'];

/** Where backups are kept: copied to the paired location, over zones where the database spans them. */
const redundancyOf = ({ copiesLeave, zones }: DatabaseSurroundings): 'Geo' | 'GeoZone' | 'Local' | 'Zone' =>
  copiesLeave ? (zones ? 'GeoZone' : 'Geo') : zones ? 'Zone' : 'Local';

/** Makes the database and what belongs to it. */
export function makeDatabase(around: DatabaseSurroundings, args: SqlDatabaseArgs, refuse: (what: string) => never): sql.Database {
  const { databaseName, label, location, parent, resourceGroupName, server, tags, zones } = around;
  const sku = args.sku ?? DEFAULT_SKU;
  if (!KINDS.includes(sku.tier)) refuse(`sku.tier is "${sku.tier}"; write one of ${KINDS.join(', ')}: others keep too few copies (BCR-01)`);
  if (args.ledger === false && around.ledger) refuse('ledger: false breaks LOG-05 at tier high; leave it out, or relax LOG-05');
  const databaseArgs: sql.DatabaseArgs = {
    databaseName,
    resourceGroupName,
    location,
    serverName: server.name,
    sku: { ...sku },
    collation: args.collation ?? 'SQL_Latin1_General_CP1_CI_AS',
    createMode: 'Default',
    isLedgerOn: args.ledger ?? around.ledger,
    maxSizeBytes: args.maxSizeBytes ?? DEFAULT_SIZE,
    readScale: args.readScale ?? 'Disabled',
    requestedBackupStorageRedundancy: redundancyOf(around),
    zoneRedundant: zones,
    tags,
  };
  const name = `${label}-database`;
  const database = new sql.Database(name, databaseArgs, whole(name, databaseArgs, ['sku'], { parent, protect: around.kept }));
  const of = { resourceGroupName, serverName: server.name, databaseName: database.name };
  const child = { parent };
  new sql.TransparentDataEncryption(`${label}-encryption`, { ...of, tdeName: 'current', state: 'Enabled' }, child);
  new sql.BackupShortTermRetentionPolicy(
    `${label}-recovery`,
    {
      ...of,
      policyName: 'default',
      retentionDays: RECOVERY_DAYS,
      // Hyperscale copies continuously, and takes no interval.
      ...(sku.tier === 'Hyperscale' ? {} : { diffBackupIntervalInHours: DIFFERENTIAL_HOURS }),
    },
    child,
  );
  const copies = args.longTermCopies ?? (around.longTerm ? {} : undefined);
  if (copies) longTermCopies(label, of, copies, refuse, child);
  new sql.DataMaskingPolicy(
    `${label}-masking`,
    { ...of, dataMaskingPolicyName: 'Default', dataMaskingState: 'Enabled', exemptPrincipals: '' },
    child,
  );
  if (around.labels && args.catalogue) labelColumns(label, of, args.catalogue, args.schema ?? 'dbo', child);
  if (around.standby) failover(around, around.standby, database);
  return database;
}

interface Owner {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly serverName: pulumi.Input<string>;
  readonly databaseName: pulumi.Input<string>;
}

const DURATION = /^P(?:T0S|[1-9]\d*[DWMY])$/;

function longTermCopies(
  label: string,
  of: Owner,
  { weekly = 'P12W', monthly = 'P12M', yearly = 'PT0S' }: LongTermCopies,
  refuse: (what: string) => never,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const [name, duration] of Object.entries({ weekly, monthly, yearly }))
    if (!DURATION.test(duration))
      refuse(`longTermCopies.${name} is "${duration}"; write a duration such as P12W or P12M, or PT0S for none (BCR-01)`);
  if ([weekly, monthly, yearly].every((duration) => duration === 'PT0S'))
    refuse('longTermCopies keeps nothing; leave it out, or write a duration such as P12W (BCR-01)');
  new sql.LongTermRetentionPolicy(
    `${label}-copies`,
    // The week whose copy is kept for years is the first one.
    { ...of, policyName: 'default', weeklyRetention: weekly, monthlyRetention: monthly, yearlyRetention: yearly, weekOfYear: 1 },
    opts,
  );
}

/** Keeps a copy in the second location, and lets it take over. */
function failover(
  { databaseName, label, parent, resourceGroupName, server, tags }: DatabaseSurroundings,
  standby: sql.Server,
  database: sql.Database,
): void {
  const name = `${label}-failover`;
  const args: sql.FailoverGroupArgs = {
    resourceGroupName,
    serverName: server.name,
    failoverGroupName: physicalName(`${label}-${databaseName}`, 63, '-'),
    databases: [database.id],
    partnerServers: [{ id: standby.id }],
    // Losing the last seconds is the choice of a person, who knows whether the region comes back.
    readWriteEndpoint: { failoverPolicy: 'Manual' },
    readOnlyEndpoint: { failoverPolicy: 'Disabled' },
    secondaryType: 'Geo',
    tags,
  };
  new sql.FailoverGroup(name, args, whole(name, args, ['readWriteEndpoint', 'readOnlyEndpoint'], { parent }));
}

// ── Labels ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** How much harm a column does, in the words of the service. */
export const RANKS = { public: 'None', internal: 'Low', confidential: 'High', restricted: 'Critical' } as const satisfies Readonly<
  Record<Sensitivity, string>
>;

/** What kind of information a type of field is, in the words of the service. */
const KINDS_OF_INFORMATION: Readonly<Partial<Record<FieldType, string>>> = {
  email: 'Contact Info',
  phone: 'Contact Info',
  address: 'Networking',
};

/** The label of a column. */
export interface ColumnLabel {
  readonly table: string;
  readonly column: string;
  readonly label: string;
  readonly information: string;
  readonly rank: (typeof RANKS)[Sensitivity];
}

/** The labels of every column that is more than public (DHC-04). */
export function columnLabels(catalogue: FieldCatalogue<string>): readonly ColumnLabel[] {
  return Object.entries(catalogue.records).flatMap(([table, { fields }]) =>
    Object.entries(fields)
      .filter(([, { sensitivity }]) => sensitivity !== 'public')
      .map(([column, { sensitivity, type = 'text' }]) => ({
        table,
        column,
        label: sensitivity[0]?.toUpperCase() + sensitivity.slice(1),
        information: KINDS_OF_INFORMATION[type] ?? 'Other',
        rank: RANKS[sensitivity],
      })),
  );
}

function labelColumns(
  label: string,
  of: Owner,
  catalogue: FieldCatalogue<string>,
  schemaName: string,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const { column, information, label: labelName, rank, table } of columnLabels(catalogue))
    new sql.SensitivityLabel(
      `${label}-label-${table}-${column}`,
      {
        ...of,
        schemaName,
        tableName: table,
        columnName: column,
        sensitivityLabelSource: 'current',
        labelName,
        informationType: information,
        rank,
      },
      opts,
    );
}
