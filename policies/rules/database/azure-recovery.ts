/** Databases on Azure come back: backups that reach far enough and lie elsewhere, and zones and regions that may fail. */
import type { ControlId } from '../../../controls';
import { belongingTo, isGuardedFromDeletion } from '../../facts/azure';
import {
  COSMOS,
  KUSTO,
  MANAGED_INSTANCE,
  MARIADB,
  MYSQL,
  MYSQL_SINGLE,
  POSTGRES,
  POSTGRES_SINGLE,
  REDIS,
  REDIS_ENTERPRISE,
  SEARCH,
  SQL,
  SQL_DATABASE,
  STORES,
} from '../../facts/azure-databases';
import type { Graph } from '../../graph';
import { allOf, anyOf, every, fail, notApplicable, type Outcome, pass, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, type RuleSpec, rule } from '../../rule';
import { unlessOnePlace } from '../azure-settings';
import { setting } from '../setting';

const SHORT_TERM = 'azure-native:sql:BackupShortTermRetentionPolicy';
const LONG_TERM = 'azure-native:sql:LongTermRetentionPolicy';
const SINGLE = [POSTGRES_SINGLE, MYSQL_SINGLE, MARIADB] as const;

/** Days in which a mistake is noticed: what Azure itself keeps where nobody says otherwise. */
const LEAST_DAYS = 7;

/** Where each type says how far back it can go. */
const WINDOWS: Readonly<Record<string, string>> = {
  [SHORT_TERM]: 'retentionDays',
  [POSTGRES]: 'backup.backupRetentionDays',
  [MYSQL]: 'backup.backupRetentionDays',
  ...Object.fromEntries(SINGLE.map((type) => [type, 'properties.storageProfile.backupRetentionDays'])),
};

const at = (path: string, value: unknown): object =>
  path
    .split('.')
    .reverse()
    .reduce<unknown>((inner, key) => ({ [key]: inner }), value) as object;
const it = (type: string, properties: object, rest: object = {}) => ({ resources: { it: { type, properties }, ...rest } });
const window = (type: string, days: unknown) => it(type, at(WINDOWS[type] as string, days));

// ── Long-term copies ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Durations as the service writes them; `PT0S` keeps nothing. */
const keepsSomething = (policy: Resource): Outcome =>
  anyOf(
    ['weeklyRetention', 'monthlyRetention', 'yearlyRetention'].map((path) => policy.at(path).matches(/^P(?!T0S$|0)\d+[DWMY]/)),
    'keeps nothing: each retention is PT0S or not set',
  );

/** Databases that only follow another, or stand where long-term copies do not exist. */
const isFollower = (database: Resource): boolean =>
  database.at('createMode').isOneOf(['Secondary', 'OnlineSecondary']).verdict === 'pass' ||
  database.at('databaseName').is('master').verdict === 'pass';

const hasLongTerm = (database: Resource, graph: Graph): Outcome =>
  isFollower(database)
    ? notApplicable('follows another database')
    : belongingTo(database, LONG_TERM, 'databaseName', graph).length > 0
      ? pass()
      : fail('no LongTermRetentionPolicy keeps copies beyond the weeks of point-in-time restore');

const longTerm = (properties: object) => it(LONG_TERM, { databaseName: 'cases', ...properties });
const database = (properties: object, rest: object = {}) => it(SQL_DATABASE, properties, rest);

// ── Zones and regions ────────────────────────────────────────────────────────────────────────────────────────────────

/** Kinds of databases that Azure can spread over zones. */
const zonable = (database: Resource): Outcome => {
  const tier = database.at('sku.tier');
  const name = database.at('sku.name');
  return tier.state === 'absent' && name.state === 'absent'
    ? notApplicable('its size is decided elsewhere')
    : allOf(tier.isNoneOf(['Basic', 'Standard']), name.isNoneOf(['Basic', 'ElasticPool', ...STANDARD]));
};
const STANDARD = ['Standard', ...[0, 1, 2, 3, 4, 6, 7, 9, 12].map((size) => `S${size}`)];

const zonesOf = (one: Resource): Outcome =>
  one.at('zones').state === 'unknown'
    ? one.at('zones').asUnknown()
    : one.at('zones').items().length >= 2
      ? pass()
      : fail(`${one.at('zones').describe()}: it stands in one zone`, 'zones');

/** Azure Managed Redis spans the zones of its region by itself, as long as it has a replica, and refuses to be told zones. */
const MANAGED_REDIS = /^(Balanced|MemoryOptimized|ComputeOptimized|FlashOptimized)_/i;

function cacheSurvivesZone(cluster: Resource): Outcome {
  const sku = cluster.at('sku.name');
  return sku.string !== undefined && MANAGED_REDIS.test(sku.string)
    ? cluster.at('highAvailability').orDefault('Enabled').is('Enabled')
    : sku.state === 'known' || sku.state === 'absent'
      ? zonesOf(cluster)
      : anyOf([zonesOf(cluster), sku.asUnknown()], sku.describe());
}

const regionsOf = (account: Resource) => account.at('locations').items();

/** One region says nothing of zones: it is only worth something where the account stands in zones or in several regions. */
function survivesZone(account: Resource): Outcome {
  const regions = regionsOf(account);
  if (regions.length === 0) return notApplicable('names no region of its own');
  return regions.length > 1 ? pass() : every(regions, (location) => location.at('isZoneRedundant').orDefault(false).isTrue());
}

const cosmos = (locations: readonly object[], more: object = {}) => it(COSMOS, { locations, ...more });
const WEST = { locationName: 'West Europe', failoverPriority: 0 };
const NORTH = { locationName: 'North Europe', failoverPriority: 1 };

/** Where each type says that its backups go to the paired region, and with which values. */
const GEO: readonly RuleSpec[] = [
  setting({
    on: [SQL_DATABASE, MANAGED_INSTANCE],
    at: 'requestedBackupStorageRedundancy',
    is: ['Geo', 'GeoZone'],
    not: 'Local',
    unset: 'Geo',
    fix: "Set requestedBackupStorageRedundancy: 'Geo' or 'GeoZone'.",
  }),
  setting({
    on: [POSTGRES, MYSQL],
    at: 'backup.geoRedundantBackup',
    is: ['Enabled'],
    not: 'Disabled',
    unset: 'Disabled',
    severity: 'low',
    fix: "Set backup.geoRedundantBackup: 'Enabled'; it can be set only when the server is made.",
  }),
  setting({
    on: SINGLE,
    at: 'properties.storageProfile.geoRedundantBackup',
    is: ['Enabled'],
    not: 'Disabled',
    unset: 'Disabled',
    severity: 'low',
    fix: "Set storageProfile.geoRedundantBackup: 'Enabled'; it can be set only when the server is made.",
  }),
  rule({
    on: COSMOS,
    severity: 'low',
    check: (account) =>
      when(account.at('backupPolicy.type').is('Periodic'), () =>
        account.at('backupPolicy.periodicModeProperties.backupStorageRedundancy').orDefault('Geo').is('Geo'),
      ),
    fix: "Set backupPolicy.periodicModeProperties.backupStorageRedundancy: 'Geo'.",
    pass: [
      it(COSMOS, { backupPolicy: { type: 'Periodic' } }),
      it(COSMOS, { backupPolicy: { type: 'Periodic', periodicModeProperties: { backupStorageRedundancy: 'Geo' } } }),
    ],
    fail: [it(COSMOS, { backupPolicy: { type: 'Periodic', periodicModeProperties: { backupStorageRedundancy: 'Local' } } })],
    skip: [it(COSMOS, { backupPolicy: { type: 'Continuous' } })],
  }),
];

export const AZURE_RECOVERY = {
  'BCR-01': {
    azure: [
      rule({
        on: Object.keys(WINDOWS),
        check: (one) =>
          one
            .at(WINDOWS[one.type] as string)
            .orDefault(LEAST_DAYS)
            .isAtLeast(LEAST_DAYS),
        fix: `Set the retention of backups to at least ${LEAST_DAYS} days.`,
        pass: [...Object.keys(WINDOWS).map((type) => window(type, LEAST_DAYS)), it(POSTGRES, {})],
        fail: Object.keys(WINDOWS).map((type) => window(type, 1)),
        unknown: [window(POSTGRES, { $unknown: 'config value' })],
      }),
      setting({
        on: COSMOS,
        at: 'backupPolicy.type',
        is: ['Continuous'],
        not: 'Periodic',
        unset: 'Periodic',
        from: 'moderate',
        severity: 'low',
        fix: "Set backupPolicy.type: 'Continuous', so that the account comes back to any moment of the last days.",
      }),
      rule({
        on: LONG_TERM,
        severity: 'low',
        check: keepsSomething,
        fix: "Set weeklyRetention, monthlyRetention or yearlyRetention to a duration such as 'P4W' or 'P12M'.",
        pass: [
          longTerm({ weeklyRetention: 'P4W', monthlyRetention: 'PT0S' }),
          longTerm({ yearlyRetention: 'P5Y' }),
          longTerm({ monthlyRetention: 'P12M' }),
        ],
        fail: [longTerm({ weeklyRetention: 'PT0S', monthlyRetention: 'PT0S', yearlyRetention: 'PT0S' }), longTerm({})],
        unknown: [longTerm({ weeklyRetention: { $unknown: 'config value' } })],
      }),
      rule({
        on: SQL_DATABASE,
        severity: 'low',
        from: 'high',
        check: hasLongTerm,
        fix: 'Add a LongTermRetentionPolicy for the database.',
        pass: [database({}, { copies: { type: LONG_TERM, properties: { databaseName: { $ref: 'it.name' }, weeklyRetention: 'P4W' } } })],
        fail: [database({})],
        skip: [database({ createMode: 'Secondary' }), database({ databaseName: 'master' })],
      }),
    ],
  },
  'BCR-03': { azure: GEO.map(unlessOnePlace) },
  'BCR-06': {
    azure: [
      rule({
        on: SQL_DATABASE,
        severity: 'medium',
        from: 'high',
        check: (one) => when(zonable(one), () => one.at('zoneRedundant').orDefault(false).isTrue()),
        fix: 'Set zoneRedundant: true.',
        pass: [database({ sku: { name: 'GP_Gen5_2', tier: 'GeneralPurpose' }, zoneRedundant: true })],
        fail: [database({ sku: { name: 'BC_Gen5_2' } }), database({ sku: { name: 'P1', tier: 'Premium' }, zoneRedundant: false })],
        unknown: [database({ sku: { name: 'P1' }, zoneRedundant: { $unknown: 'config value' } })],
        skip: [database({ sku: { name: 'S0' } }), database({ sku: { tier: 'Basic' } }), database({})],
      }),
      setting({
        on: MANAGED_INSTANCE,
        at: 'zoneRedundant',
        is: [true],
        not: false,
        unset: false,
        from: 'high',
        severity: 'low',
        fix: 'Set zoneRedundant: true.',
      }),
      setting({
        on: [POSTGRES, MYSQL],
        at: 'highAvailability.mode',
        is: ['ZoneRedundant'],
        not: 'SameZone',
        unset: 'Disabled',
        from: 'high',
        fix: "Set highAvailability.mode: 'ZoneRedundant'.",
      }),
      rule({
        on: COSMOS,
        severity: 'medium',
        from: 'high',
        check: survivesZone,
        fix: 'Set isZoneRedundant: true on each of locations, or name a second region.',
        pass: [cosmos([{ ...WEST, isZoneRedundant: true }]), cosmos([WEST, NORTH])],
        fail: [cosmos([WEST]), cosmos([{ ...WEST, isZoneRedundant: false }])],
        unknown: [cosmos([{ ...WEST, isZoneRedundant: { $unknown: 'config value' } }])],
      }),
      rule({
        on: [REDIS, KUSTO],
        severity: 'low',
        from: 'high',
        check: zonesOf,
        fix: "Name several zones: zones: ['1', '2', '3'].",
        pass: [it(REDIS, { zones: ['1', '2'] }), it(KUSTO, { zones: ['1', '2'] })],
        fail: [it(REDIS, {}), it(KUSTO, { zones: ['1'] })],
        unknown: [it(REDIS, { zones: { $unknown: 'config value' } })],
      }),
      rule({
        on: REDIS_ENTERPRISE,
        severity: 'low',
        from: 'high',
        check: cacheSurvivesZone,
        fix: "Set highAvailability: 'Enabled' on Azure Managed Redis; name several zones where the kind is Enterprise.",
        pass: [
          it(REDIS_ENTERPRISE, { sku: { name: 'Enterprise_E10' }, zones: ['1', '2', '3'] }),
          it(REDIS_ENTERPRISE, { sku: { name: 'Balanced_B5' }, highAvailability: 'Enabled' }),
          it(REDIS_ENTERPRISE, { sku: { name: 'MemoryOptimized_M10' } }),
        ],
        fail: [
          it(REDIS_ENTERPRISE, { sku: { name: 'Enterprise_E10' } }),
          it(REDIS_ENTERPRISE, { sku: { name: 'Balanced_B5' }, highAvailability: 'Disabled' }),
        ],
        unknown: [
          it(REDIS_ENTERPRISE, { sku: { name: { $unknown: 'config value' } } }),
          it(REDIS_ENTERPRISE, { sku: { name: 'Balanced_B5' }, highAvailability: { $unknown: 'config value' } }),
        ],
      }),
      rule({
        on: SEARCH,
        severity: 'low',
        check: (one) => one.at('replicaCount').orDefault(1).isAtLeast(2),
        from: 'high',
        fix: 'Set replicaCount: 3 (2 for reading only); replicas stand in different zones.',
        pass: [it(SEARCH, { replicaCount: 2 })],
        fail: [it(SEARCH, { replicaCount: 1 }), it(SEARCH, {})],
        unknown: [it(SEARCH, { replicaCount: { $unknown: 'config value' } })],
      }),
    ],
  },
  'DHC-10': {
    azure: rule({
      on: STORES,
      check: isGuardedFromDeletion,
      fix: "Put a ManagementLockByScope with level 'CanNotDelete' on it or on its resource group, or set the resource option protect: true.",
      pass: [
        ...STORES.map((type) => ({ resources: { it: { type, options: { protect: true } } } })),
        it(
          SQL,
          {},
          {
            lock: {
              type: 'azure-native:authorization:ManagementLockByScope',
              properties: { level: 'CanNotDelete', scope: { $ref: 'it' } },
            },
          },
        ),
      ],
      fail: [
        ...STORES.map((type) => it(type, {})),
        it(
          SQL,
          {},
          {
            lock: {
              type: 'azure-native:authorization:ManagementLockByScope',
              properties: { level: 'NotSpecified', scope: { $ref: 'it' } },
            },
          },
        ),
      ],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
