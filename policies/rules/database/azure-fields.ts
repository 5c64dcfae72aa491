/** What databases on Azure say of their data, and how single fields are kept from those who do not need them. */
import type { ControlId } from '../../../controls';
import { belongingTo } from '../../facts/azure';
import { COSMOS, MARIADB, MYSQL, MYSQL_SINGLE, POSTGRES, POSTGRES_SINGLE, REDIS, SQL_DATABASE, STORES } from '../../facts/azure-databases';
import { isClassified } from '../../facts/classification';
import { isAtLeastVersion } from '../../facts/database';
import { allOf, every, fail, not, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { gap, type PerCloud, rule } from '../../rule';
import { setting } from '../setting';

const LABEL = 'azure-native:sql:SensitivityLabel';
const MASKING = 'azure-native:sql:DataMaskingPolicy';
const CONTAINER = 'azure-native:cosmosdb:SqlResourceSqlContainer';

const LABELLED = {
  'palisade:sensitivity': 'confidential',
  'palisade:tier': 'moderate',
  'palisade:owner': 'team@example.com',
  'palisade:volume': 'few',
};

const it = (type: string, properties: object, rest: object = {}) => ({ resources: { it: { type, properties }, ...rest } });

/** Engines by the first version that still gets patches from its makers, and where each type says its version. */
const SUPPORTED: Readonly<Record<string, readonly [path: string, least: string]>> = {
  [POSTGRES]: ['version', '14'],
  [MYSQL]: ['version', '8.0'],
  [REDIS]: ['redisVersion', '6'],
};
/** Services that Azure has retired; single servers of MySQL and MariaDB in 2024 and 2025, of PostgreSQL in March 2025. */
const RETIRED = [POSTGRES_SINGLE, MYSQL_SINGLE, MARIADB];

function isSupported(server: Resource): Outcome {
  if (RETIRED.includes(server.type)) return fail('single servers are retired, and get no more patches');
  const [path, least] = SUPPORTED[server.type] as readonly [string, string];
  const version = server.at(path);
  if (version.state === 'absent') return notApplicable('Azure takes a current version');
  if (version.string === undefined) return version.asUnknown();
  return isAtLeastVersion(version.string.includes('.') || !least.includes('.') ? version.string : `${version.string}.0`, least) === false
    ? fail(`${version.describe()}, which its makers no longer patch`, path)
    : pass();
}

/** Fields are encrypted by the client before they reach the account. */
const encryptsFields = (container: Resource): Outcome =>
  some(
    container.at('resource.clientEncryptionPolicy.includedPaths').items(),
    (path) => path.at('clientEncryptionKeyId').isSet(),
    'no path is encrypted by the client: clientEncryptionPolicy is not set',
  );

const policyOf = (properties: object) => ({ policy: { type: MASKING, properties: { databaseName: { $ref: 'it.name' }, ...properties } } });
const label = (properties: object) => it(LABEL, { tableName: 'cases', columnName: 'email', ...properties });

/** Whoever is exempted sees everything. */
const exemptsFew = (policy: Resource): Outcome => {
  const exempt = policy.at('exemptPrincipals');
  if (exempt.state === 'absent') return notApplicable('exempts nobody');
  return not(exempt.matches(/(^|;)\s*(public|guest)\s*(;|$)/i), `${exempt.describe()}: everybody sees the values`);
};

export const AZURE_FIELDS = {
  'DHC-01': {
    azure: rule({
      on: STORES,
      check: isClassified,
      fix: 'Set the tags palisade:sensitivity, palisade:tier, palisade:owner and palisade:volume, or declare the data profile of the program.',
      pass: STORES.map((type) => it(type, { tags: LABELLED })),
      fail: [...STORES.map((type) => it(type, {})), it(COSMOS, { tags: { ...LABELLED, 'palisade:owner': '' } })],
      unknown: [it(COSMOS, { tags: { $unknown: 'tags of the project' } })],
    }),
  },
  'DHC-04': {
    azure: [
      rule({
        on: LABEL,
        check: (one) => allOf(one.at('labelName').isSet(), one.at('informationType').isSet()),
        fix: 'Set labelName and informationType on the column.',
        pass: [label({ labelName: 'Confidential', informationType: 'Contact Info' })],
        fail: [label({ labelName: 'Confidential' }), label({ informationType: 'Contact Info' })],
      }),
      rule({
        on: SQL_DATABASE,
        check: (database, graph) =>
          belongingTo(database, LABEL, 'databaseName', graph).length > 0
            ? pass()
            : fail('no column of the database carries a sensitivity label'),
        fix: 'Add a SensitivityLabel for each column that holds personal data.',
        pass: [
          it(SQL_DATABASE, {}, { label: { type: LABEL, properties: { databaseName: { $ref: 'it.name' }, labelName: 'Confidential' } } }),
        ],
        fail: [it(SQL_DATABASE, {})],
      }),
    ],
  },
  'DHC-06': {
    azure: rule({
      on: CONTAINER,
      severity: 'low',
      from: 'moderate',
      check: (container) =>
        not(container.at('resource.defaultTtl').orDefault(-1).is(-1), 'items are kept for ever: defaultTtl is not set or -1'),
      fix: 'Set resource.defaultTtl to the seconds for which items are kept.',
      pass: [it(CONTAINER, { resource: { defaultTtl: 31536000 } })],
      fail: [it(CONTAINER, { resource: {} }), it(CONTAINER, { resource: { defaultTtl: -1 } })],
      unknown: [it(CONTAINER, { resource: { defaultTtl: { $unknown: 'config value' } } })],
    }),
  },
  'DID-21': {
    azure: rule({
      on: COSMOS,
      check: (account) =>
        account.at('cors').items().length === 0
          ? notApplicable('answers no other origin')
          : every(account.at('cors').items(), (entry) =>
              not(entry.at('allowedOrigins').matches(/(^|,)\s*\*\s*(,|$)/), 'every origin may read'),
            ),
      fix: 'List the origins of your applications in cors.allowedOrigins.',
      pass: [it(COSMOS, { cors: [{ allowedOrigins: 'https://cases.example.com' }] })],
      fail: [it(COSMOS, { cors: [{ allowedOrigins: 'https://cases.example.com,*' }] })],
      unknown: [it(COSMOS, { cors: [{ allowedOrigins: { $unknown: 'config value' } }] })],
      skip: [it(COSMOS, {})],
    }),
  },
  'FLS-04': {
    azure: gap('Row filters and column grants are written in T-SQL; no resource of Azure shows them.'),
  },
  'FLS-05': {
    azure: [
      setting({
        on: MASKING,
        at: 'dataMaskingState',
        is: ['Enabled'],
        not: 'Disabled',
        fix: "Set dataMaskingState: 'Enabled', and write the masks of the columns in T-SQL.",
      }),
      rule({
        on: MASKING,
        check: exemptsFew,
        fix: 'List only the principals in exemptPrincipals that need the clear values.',
        pass: [it(MASKING, { exemptPrincipals: 'case-supervisors' })],
        fail: [it(MASKING, { exemptPrincipals: 'case-supervisors;public' })],
        unknown: [it(MASKING, { exemptPrincipals: { $unknown: 'config value' } })],
      }),
      rule({
        on: SQL_DATABASE,
        severity: 'low',
        check: (database, graph) =>
          belongingTo(database, MASKING, 'databaseName', graph).length > 0 ? pass() : fail('no DataMaskingPolicy masks its columns'),
        fix: "Add a DataMaskingPolicy with dataMaskingState 'Enabled'.",
        pass: [it(SQL_DATABASE, {}, policyOf({ dataMaskingState: 'Enabled' }))],
        fail: [it(SQL_DATABASE, {})],
      }),
    ],
  },
  'FLS-06': {
    azure: rule({
      on: CONTAINER,
      severity: 'low',
      check: encryptsFields,
      fix: 'Set resource.clientEncryptionPolicy.includedPaths with the paths of the most sensitive fields and their client encryption key.',
      pass: [
        it(CONTAINER, { resource: { clientEncryptionPolicy: { includedPaths: [{ path: '/ssn', clientEncryptionKeyId: 'fields' }] } } }),
      ],
      fail: [it(CONTAINER, { resource: {} })],
    }),
  },
  'VUL-10': {
    azure: rule({
      on: [...Object.keys(SUPPORTED), ...RETIRED],
      severity: 'medium',
      check: isSupported,
      fix: 'Move to a flexible server with a supported version (PostgreSQL 14, MySQL 8.0, Redis 6 or later).',
      pass: [it(POSTGRES, { version: '16' }), it(MYSQL, { version: '8.0.21' }), it(REDIS, { redisVersion: '6' })],
      fail: [
        it(POSTGRES, { version: '11' }),
        it(MYSQL, { version: '5.7' }),
        it(REDIS, { redisVersion: '4' }),
        ...RETIRED.map((type) => it(type, {})),
      ],
      unknown: [it(POSTGRES, { version: { $unknown: 'config value' } })],
      skip: [it(POSTGRES, {})],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
