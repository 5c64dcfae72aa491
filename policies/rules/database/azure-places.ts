/** Where databases on Azure and their backups stand: where the data profile promises, and not in one region alone. */
import type { ControlId } from '../../../controls';
import { belongingTo } from '../../facts/azure';
import { COSMOS, MANAGED_INSTANCE, MYSQL, POSTGRES, SQL, SQL_DATABASE } from '../../facts/azure-databases';
import { pairIsPromised } from '../../facts/azure-regions';
import { residencyOf } from '../../facts/classification';
import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';

const FAILOVER_GROUP = 'azure-native:sql:FailoverGroup';
const it = (type: string, properties: object, rest: object = {}) => ({ resources: { it: { type, properties }, ...rest } });
const regionsOf = (account: Resource) => account.at('locations').items();
const cosmos = (locations: readonly object[], more: object = {}) => it(COSMOS, { locations, ...more });
const WEST = { locationName: 'West Europe', failoverPriority: 0 };
const NORTH = { locationName: 'North Europe', failoverPriority: 1 };
const GERMANY = { profile: { residency: ['germanywestcentral'] } };
const EUROPE = { profile: { residency: ['westeurope', 'northeurope'] } };

const survivesRegion = (account: Resource): Outcome =>
  account.at('locations').state === 'unknown'
    ? account.at('locations').asUnknown()
    : regionsOf(account).length > 1
      ? account.at('enableAutomaticFailover').orDefault(false).isTrue()
      : fail('stands in one region', 'locations');

const plain = (place: string | undefined): string => (place ?? '').toLowerCase().replaceAll(' ', '');

function staysWherePromised(account: Resource): Outcome {
  const places = residencyOf(account);
  if (!places) return notApplicable('the data profile promises no place');
  if (regionsOf(account).length === 0) return notApplicable('names no region of its own');
  return every(regionsOf(account), (location) => {
    const name = location.at('locationName');
    if (name.string === undefined) return name.asUnknown();
    return places.includes(plain(name.string))
      ? pass()
      : fail(`${name.describe()}; the data profile promises ${places.join(', ')}`, name.path);
  });
}

/** Which backups stay in their region: the property, the values that keep them there, and what holds where nobody says otherwise. */
const STAYING: Readonly<Record<string, readonly [path: string, values: readonly string[], byDefault: string]>> = {
  [SQL_DATABASE]: ['requestedBackupStorageRedundancy', ['Local', 'Zone'], 'Geo'],
  [MANAGED_INSTANCE]: ['requestedBackupStorageRedundancy', ['Local', 'Zone'], 'Geo'],
  [POSTGRES]: ['backup.geoRedundantBackup', ['Disabled'], 'Disabled'],
  [MYSQL]: ['backup.geoRedundantBackup', ['Disabled'], 'Disabled'],
};

/** A geo-redundant backup is kept in the region that Azure pairs with its own. */
function backupsStay(store: Resource): Outcome {
  const places = residencyOf(store);
  if (!places) return notApplicable('the data profile promises no place');
  const [path, values, byDefault] = STAYING[store.type] as readonly [string, readonly string[], string];
  const value = store.at(path).orDefault(byDefault);
  const stays = value.isOneOf(values);
  if (stays.verdict !== 'fail') return stays;
  const leaves = `${value.describe()}: backups go to the paired region`;
  return pairIsPromised(leaves, store.at('location').string, places, path);
}

/** A group whose server only deployment names may be the one. */
function unknownOrFail(graph: Graph): Outcome {
  const open = graph.ofType(FAILOVER_GROUP).find((group) => group.at('serverName').state === 'unknown');
  return open
    ? unknown(open.at('serverName').describe(), 'serverName')
    : fail('no failover group pairs it with a server of another region');
}

export const AZURE_PLACES = {
  'LOC-02': {
    azure: [
      rule({
        on: Object.keys(STAYING),
        check: backupsStay,
        fix: "Set requestedBackupStorageRedundancy: 'Zone' or 'Local' (backup.geoRedundantBackup: 'Disabled'), and copy to a region that the data profile promises.",
        pass: [
          { unit: GERMANY, ...it(SQL_DATABASE, { requestedBackupStorageRedundancy: 'Zone' }) },
          { unit: GERMANY, ...it(MANAGED_INSTANCE, { requestedBackupStorageRedundancy: 'Local' }) },
          { unit: GERMANY, ...it(POSTGRES, { backup: { geoRedundantBackup: 'Disabled' } }) },
          { name: 'the paired region is promised too', unit: EUROPE, ...it(SQL_DATABASE, { location: 'West Europe' }) },
        ],
        fail: [
          { unit: GERMANY, ...it(SQL_DATABASE, {}) },
          { unit: GERMANY, ...it(MANAGED_INSTANCE, { requestedBackupStorageRedundancy: 'GeoZone' }) },
          { unit: GERMANY, ...it(MYSQL, { backup: { geoRedundantBackup: 'Enabled' } }) },
          {
            name: 'the paired region is none of several promised ones',
            unit: EUROPE,
            ...it(POSTGRES, { location: 'uksouth', backup: { geoRedundantBackup: 'Enabled' } }),
          },
        ],
        unknown: [
          { unit: EUROPE, ...it(SQL_DATABASE, {}) },
          { unit: GERMANY, ...it(SQL_DATABASE, { requestedBackupStorageRedundancy: { $unknown: 'config value' } }) },
        ],
        skip: [it(SQL_DATABASE, {})],
      }),
      rule({
        on: COSMOS,
        check: staysWherePromised,
        fix: 'Name only regions in locations that the data profile promises (residency).',
        pass: [{ unit: GERMANY, ...cosmos([{ locationName: 'Germany West Central' }]) }],
        fail: [{ unit: GERMANY, ...cosmos([{ locationName: 'germanywestcentral' }, { locationName: 'East US' }]) }],
        unknown: [{ unit: GERMANY, ...cosmos([{ locationName: { $unknown: 'config value' } }]) }],
        skip: [cosmos([{ locationName: 'East US' }]), { unit: GERMANY, ...cosmos([]) }],
      }),
    ],
  },
  'LOC-05': {
    azure: [
      rule({
        on: COSMOS,
        check: survivesRegion,
        fix: 'Name a second region in locations, and set enableAutomaticFailover: true.',
        pass: [cosmos([WEST, NORTH], { enableAutomaticFailover: true })],
        fail: [cosmos([WEST], { enableAutomaticFailover: true }), cosmos([WEST, NORTH])],
        unknown: [it(COSMOS, { locations: { $unknown: 'config value' } })],
      }),
      rule({
        on: SQL,
        severity: 'low',
        check: (server, graph) =>
          [FAILOVER_GROUP].some((type) => belongingTo(server, type, 'serverName', graph).length > 0)
            ? pass()
            : graph.ofType(FAILOVER_GROUP).some((group) =>
                  group
                    .at('partnerServers')
                    .items()
                    .some((partner) => partner.at('id').refersTo(server).verdict === 'pass'),
                )
              ? pass()
              : unknownOrFail(graph),
        fix: 'Add a FailoverGroup with a server of another region as partner.',
        pass: [
          it(
            SQL,
            {},
            { group: { type: FAILOVER_GROUP, properties: { serverName: { $ref: 'it.name' }, partnerServers: [{ id: '/partner' }] } } },
          ),
          it(SQL, {}, { group: { type: FAILOVER_GROUP, properties: { partnerServers: [{ id: { $ref: 'it.id' } }] } } }),
        ],
        fail: [it(SQL, {})],
        unknown: [it(SQL, {}, { group: { type: FAILOVER_GROUP, properties: { serverName: { $unknown: 'config value' } } } })],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
