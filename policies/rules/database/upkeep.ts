import type { ControlId } from '../../../controls';
import { isAtLeastVersion } from '../../facts/database';
import { fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';

/** Where each type says that minor versions are installed, and what it does when nobody says so. */
const UPGRADES: Readonly<Record<string, string>> = {
  'AWS::RDS::DBInstance': 'AutoMinorVersionUpgrade',
  'AWS::RDS::DBCluster': 'AutoMinorVersionUpgrade',
  'AWS::Neptune::DBInstance': 'AutoMinorVersionUpgrade',
  'AWS::ElastiCache::ReplicationGroup': 'AutoMinorVersionUpgrade',
  'AWS::ElastiCache::CacheCluster': 'AutoMinorVersionUpgrade',
  'AWS::MemoryDB::Cluster': 'AutoMinorVersionUpgrade',
  'AWS::Redshift::Cluster': 'AllowVersionUpgrade',
  'AWS::DMS::ReplicationInstance': 'AutoMinorVersionUpgrade',
};
const UPGRADED = Object.keys(UPGRADES);

/** The oldest major versions that have not left support for good, by engine; from the release calendars of the services. */
const OLDEST: readonly (readonly [engine: RegExp, version: string])[] = [
  [/^postgres$/, '13'],
  [/^aurora-postgresql$/, '13'],
  [/^mysql$/, '8.0'],
  [/^aurora-mysql$/, '8.0'],
  [/^mariadb$/, '10.6'],
];

function isSupported(store: Resource): Outcome {
  const engine = store.at('Engine').string?.toLowerCase();
  if (engine === 'aurora') return fail('Engine is "aurora", the edition for MySQL 5.6, which is no longer supported', 'Engine');
  const oldest = OLDEST.find(([pattern]) => pattern.test(engine ?? ''));
  const version = store.at('EngineVersion');
  if (!oldest || version.state === 'absent') return notApplicable('names no version that has a known end');
  const answer = isAtLeastVersion(version.string, oldest[1]);
  if (answer === undefined) return version.state === 'known' ? notApplicable(version.describe()) : version.asUnknown();
  return answer ? pass() : fail(`${version.describe()}; ${engine} is supported from ${oldest[1]} on`, 'EngineVersion');
}

const store = (Type: string, Properties: object): Example['resources'] => ({ Store: { Type, Properties } });
const PARAMETER = { parameters: { P: { Type: 'String' } } } as const;
const DOMAIN = 'AWS::OpenSearchService::Domain';

export const UPKEEP = {
  'VUL-06': {
    aws: [
      rule({
        on: UPGRADED,
        from: 'moderate',
        check: (store) =>
          store
            .at(UPGRADES[store.type] as string)
            .orDefault(true)
            .isTrue(),
        fix: 'Remove AutoMinorVersionUpgrade: false (AllowVersionUpgrade on Redshift), so that fixes are installed in the maintenance window.',
        pass: [
          ...UPGRADED.map((type) => ({ resources: store(type, { [UPGRADES[type] as string]: true }) })),
          { resources: store('AWS::RDS::DBInstance', {}) },
        ],
        fail: UPGRADED.map((type) => ({ resources: store(type, { [UPGRADES[type] as string]: false }) })),
        unknown: [{ ...PARAMETER, resources: store('AWS::RDS::DBInstance', { AutoMinorVersionUpgrade: { Ref: 'P' } }) }],
      }),
      rule({
        on: DOMAIN,
        from: 'moderate',
        severity: 'low',
        check: (domain) => domain.at('SoftwareUpdateOptions.AutoSoftwareUpdateEnabled').orDefault(false).isTrue(),
        fix: 'Set SoftwareUpdateOptions.AutoSoftwareUpdateEnabled: true (enableAutoSoftwareUpdate in CDK).',
        pass: [{ resources: store(DOMAIN, { SoftwareUpdateOptions: { AutoSoftwareUpdateEnabled: true } }) }],
        fail: [
          { resources: store(DOMAIN, {}) },
          { resources: store(DOMAIN, { SoftwareUpdateOptions: { AutoSoftwareUpdateEnabled: false } }) },
        ],
        unknown: [{ ...PARAMETER, resources: store(DOMAIN, { SoftwareUpdateOptions: { AutoSoftwareUpdateEnabled: { Ref: 'P' } } }) }],
      }),
    ],
  },

  'VUL-10': {
    aws: rule({
      on: ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'],
      severity: 'medium',
      check: isSupported,
      fix: 'Upgrade to a supported major version of the engine.',
      pass: [
        { resources: store('AWS::RDS::DBInstance', { Engine: 'postgres', EngineVersion: '16.4' }) },
        { resources: store('AWS::RDS::DBCluster', { Engine: 'aurora-mysql', EngineVersion: '8.0.mysql_aurora.3.08.0' }) },
      ],
      fail: [
        { resources: store('AWS::RDS::DBInstance', { Engine: 'mysql', EngineVersion: '5.7.44' }) },
        { resources: store('AWS::RDS::DBInstance', { Engine: 'postgres', EngineVersion: '9.6' }) },
        { resources: store('AWS::RDS::DBCluster', { Engine: 'aurora' }) },
        { resources: store('AWS::RDS::DBCluster', { Engine: 'aurora-mysql', EngineVersion: '5.7.mysql_aurora.2.11.2' }) },
      ],
      unknown: [{ ...PARAMETER, resources: store('AWS::RDS::DBInstance', { Engine: 'mysql', EngineVersion: { Ref: 'P' } }) }],
      skip: [
        { resources: store('AWS::RDS::DBInstance', { Engine: 'postgres' }) },
        { resources: store('AWS::RDS::DBInstance', { Engine: 'sqlserver-se', EngineVersion: '15.0' }) },
      ],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
