import type { ControlId } from '../../../controls';
import { askParameter, isMember, isReplica } from '../../facts/database';
import type { Graph } from '../../graph';
import { allOf, anyOf, every, fail, notApplicable, type Outcome, pass, some, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const INSTANCE = 'AWS::RDS::DBInstance';
const CLUSTER = 'AWS::RDS::DBCluster';
const DOCDB = 'AWS::DocDB::DBCluster';
const NEPTUNE = 'AWS::Neptune::DBCluster';
const REDSHIFT = 'AWS::Redshift::Cluster';
const NAMESPACE = 'AWS::RedshiftServerless::Namespace';
const OPTIONS = 'AWS::RDS::OptionGroup';

/** The log that holds the audit records of each engine, as EnableCloudwatchLogsExports names it. */
function auditLogOf(engine: string): string | undefined {
  if (/postgres/.test(engine)) return 'postgresql';
  if (/^(aurora|mysql|mariadb|oracle|custom-oracle)/.test(engine)) return 'audit';
  return engine.startsWith('db2') ? 'diag.log' : undefined;
}

/** Records leave the host: the log in which the engine writes them is exported to CloudWatch. */
function shipsRecords(store: Resource): Outcome {
  if (isMember(store)) return notApplicable('its cluster exports the logs');
  const exports = store.at('EnableCloudwatchLogsExports').items();
  const wanted = wantedLog(store);
  if (typeof wanted !== 'string') return wanted;
  return some(exports, (log) => log.is(wanted), `EnableCloudwatchLogsExports does not name ${wanted}`);
}

function wantedLog(store: Resource): string | Outcome {
  if (store.type === DOCDB || store.type === NEPTUNE) return 'audit';
  const engine = store.at('Engine');
  const name = engine.string?.toLowerCase();
  if (name === undefined)
    return engine.state === 'absent'
      ? fail('no engine is named, and no log is exported', 'EnableCloudwatchLogsExports')
      : engine.asUnknown();
  return auditLogOf(name) ?? notApplicable(`${name} writes its audit records to S3, by an option`);
}

/** The parameters by which each engine starts to write records of statements. */
interface Audit {
  readonly parameter: string;
  readonly says: (value: Value) => Outcome;
}
const ON = ['1', 'on', 'ON', 'true', 'enabled'];
const PGAUDIT: readonly Audit[] = [
  { parameter: 'shared_preload_libraries', says: (value) => value.matches(/(^|,)\s*pgaudit\s*(,|$)/) },
  { parameter: 'pgaudit.log', says: (value) => value.matches(/\b(all|write|read|ddl|role)\b/i) },
];
const SERVER_AUDIT: readonly Audit[] = [{ parameter: 'server_audit_logging', says: (value) => value.isOneOf(ON) }];

function auditsStatements(store: Resource, graph: Graph): Outcome {
  if (isMember(store)) return notApplicable('its parameters are those of its cluster');
  if (isReplica(store)) return notApplicable('is audited as its source is');
  if (store.type === DOCDB)
    return asks(store, graph, [
      { parameter: 'audit_logs', says: (value) => value.isOneOf(['enabled', 'all', 'dml_read', 'dml_write', 'ddl']) },
    ]);
  if (store.type === NEPTUNE) return asks(store, graph, [{ parameter: 'neptune_enable_audit_log', says: (value) => value.isOneOf(ON) }]);
  const engine = store.at('Engine').string?.toLowerCase();
  if (engine === undefined) return unknown(`the engine: ${store.at('Engine').describe()}`, 'Engine');
  if (/postgres/.test(engine)) return asks(store, graph, PGAUDIT);
  if (engine.startsWith('aurora')) return asks(store, graph, SERVER_AUDIT);
  if (engine === 'mysql' || engine === 'mariadb') return hasOption(store, graph, 'MARIADB_AUDIT_PLUGIN');
  if (engine.startsWith('sqlserver')) return hasOption(store, graph, 'SQLSERVER_AUDIT');
  return notApplicable(`${engine} is audited by policies in the database`);
}

const asks = (store: Resource, graph: Graph, audits: readonly Audit[]): Outcome =>
  allOf(
    ...audits.map(({ parameter, says }) =>
      askParameter(store, parameter, graph, {
        written: says,
        byDefault: () => fail(`no parameter group sets ${parameter}`),
      }),
    ),
  );

function hasOption(store: Resource, graph: Graph, option: string): Outcome {
  if (store.type !== INSTANCE) return notApplicable('multi-zone clusters take no options');
  const named = store.at('OptionGroupName');
  const group = graph.target(named, OPTIONS);
  if (group) return some(group.at('OptionConfigurations').items(), (each) => each.at('OptionName').is(option), `no option ${option}`);
  return named.state === 'absent' || /^default[.:]/.test(named.string ?? '')
    ? fail(`no option group adds ${option}`, 'OptionGroupName')
    : unknown(`the options of the group: ${named.describe()}`, 'OptionGroupName');
}

/** Connections, users and, by a parameter, every statement. */
function warehouseShips(cluster: Resource): Outcome {
  const logging = cluster.at('LoggingProperties');
  return anyOf(
    [logging.at('BucketName').isSet(), logging.at('LogDestinationType').is('cloudwatch')],
    'LoggingProperties name no destination',
  );
}

const SERVERLESS_LOGS = ['userlog', 'connectionlog', 'useractivitylog'];

/** The named kind of log of a search domain goes to a log group. */
const publishes = (domain: Resource, kind: string): Outcome => {
  const log = domain.at(`LogPublishingOptions.${kind}`);
  return allOf(log.at('CloudWatchLogsLogGroupArn').isSet(), log.at('Enabled').orDefault(true).isTrue());
};
const DOMAINS = ['AWS::OpenSearchService::Domain', 'AWS::Elasticsearch::Domain'];

const store = (Type: string, Properties: object, rest: object = {}): Example['resources'] => ({ Store: { Type, Properties }, ...rest });
const PARAMETER = { parameters: { P: { Type: 'String' } } } as const;
const audited = (type: string, engine: string | undefined, Parameters: unknown, groupType: string) =>
  store(
    type,
    {
      ...(engine ? { Engine: engine } : {}),
      [type === INSTANCE ? 'DBParameterGroupName' : 'DBClusterParameterGroupName']: { Ref: 'Group' },
    },
    { Group: { Type: groupType, Properties: { Parameters } } },
  );
const CLUSTER_GROUP = 'AWS::RDS::DBClusterParameterGroup';
const pgaudit = (rest: object) =>
  audited(
    CLUSTER,
    'aurora-postgresql',
    { shared_preload_libraries: 'pg_stat_statements,pgaudit', 'pgaudit.log': 'all', ...rest },
    CLUSTER_GROUP,
  );
const optioned = (OptionName: string, engine = 'mysql') =>
  store(
    INSTANCE,
    { Engine: engine, OptionGroupName: { Ref: 'Options' } },
    { Options: { Type: OPTIONS, Properties: { OptionConfigurations: [{ OptionName }] } } },
  );
const logs = (type: string, kind: string, log: object) => store(type, { LogPublishingOptions: { [kind]: log } });
const GROUP_ARN = 'arn:aws:logs:eu-central-1:111122223333:log-group:search';
const warehouse = (Parameters: unknown) =>
  store(
    REDSHIFT,
    { ClusterParameterGroupName: { Ref: 'Group' } },
    { Group: { Type: 'AWS::Redshift::ClusterParameterGroup', Properties: { Parameters } } },
  );

export const AUDIT = {
  'LOG-06': {
    aws: [
      rule({
        on: [INSTANCE, CLUSTER, DOCDB, NEPTUNE],
        severity: 'medium',
        check: shipsRecords,
        fix: "Use SecureDatabaseCluster, or name the audit log in EnableCloudwatchLogsExports: 'postgresql' on PostgreSQL, 'audit' on MySQL, MariaDB, Oracle, DocumentDB and Neptune (cloudwatchLogsExports in CDK).",
        pass: [
          { resources: store(INSTANCE, { Engine: 'postgres', EnableCloudwatchLogsExports: ['postgresql', 'upgrade'] }) },
          { resources: store(CLUSTER, { Engine: 'aurora-mysql', EnableCloudwatchLogsExports: ['audit'] }) },
          { resources: store(INSTANCE, { Engine: 'db2-se', EnableCloudwatchLogsExports: ['diag.log'] }) },
          { resources: store(DOCDB, { EnableCloudwatchLogsExports: ['audit'] }) },
          { resources: store(NEPTUNE, { EnableCloudwatchLogsExports: ['audit'] }) },
        ],
        fail: [
          { resources: store(INSTANCE, { Engine: 'postgres' }) },
          { resources: store(CLUSTER, { Engine: 'aurora-mysql', EnableCloudwatchLogsExports: ['error', 'slowquery'] }) },
          { resources: store(INSTANCE, {}) },
          { resources: store(DOCDB, { EnableCloudwatchLogsExports: ['profiler'] }) },
          { resources: store(NEPTUNE, {}) },
        ],
        unknown: [
          { ...PARAMETER, resources: store(INSTANCE, { Engine: { Ref: 'P' } }) },
          { ...PARAMETER, resources: store(DOCDB, { EnableCloudwatchLogsExports: { Ref: 'P' } }) },
        ],
        skip: [
          { resources: store(INSTANCE, { DBClusterIdentifier: 'cases' }) },
          { resources: store(INSTANCE, { Engine: 'aurora-mysql' }) },
          { resources: store(INSTANCE, { Engine: 'sqlserver-se' }) },
          { tier: 'low', resources: store(NEPTUNE, {}) },
        ],
      }),
      rule({
        // Until an extension or a parameter starts them, the exported logs hold errors and connections, not who asked what.
        on: [INSTANCE, CLUSTER, DOCDB, NEPTUNE],
        from: 'high',
        check: auditsStatements,
        fix: "Use SecureDatabaseCluster, or name a parameter group with shared_preload_libraries 'pgaudit' and pgaudit.log 'all' (PostgreSQL), server_audit_logging 1 (Aurora MySQL), audit_logs enabled (DocumentDB), neptune_enable_audit_log 1 (Neptune); an option group with MARIADB_AUDIT_PLUGIN (MySQL, MariaDB) or SQLSERVER_AUDIT.",
        pass: [
          { resources: pgaudit({}) },
          { resources: audited(CLUSTER, 'aurora-mysql', { server_audit_logging: '1' }, CLUSTER_GROUP) },
          { resources: audited(DOCDB, undefined, { audit_logs: 'enabled' }, 'AWS::DocDB::DBClusterParameterGroup') },
          { resources: audited(NEPTUNE, undefined, { neptune_enable_audit_log: '1' }, 'AWS::Neptune::DBClusterParameterGroup') },
          { resources: optioned('MARIADB_AUDIT_PLUGIN') },
          { resources: optioned('SQLSERVER_AUDIT', 'sqlserver-se') },
        ],
        fail: [
          { resources: store(CLUSTER, { Engine: 'aurora-postgresql' }) },
          { resources: pgaudit({ shared_preload_libraries: 'pg_stat_statements' }) },
          { resources: pgaudit({ 'pgaudit.log': 'none' }) },
          { resources: audited(CLUSTER, 'aurora-mysql', { server_audit_logging: '0' }, CLUSTER_GROUP) },
          { resources: store(DOCDB, {}) },
          { resources: optioned('MEMCACHED') },
          { resources: store(INSTANCE, { Engine: 'mariadb' }) },
        ],
        unknown: [
          { resources: store(CLUSTER, { Engine: 'aurora-postgresql', DBClusterParameterGroupName: 'ours' }) },
          { resources: store(INSTANCE, { Engine: 'mysql', OptionGroupName: 'ours' }) },
          { ...PARAMETER, resources: store(CLUSTER, { Engine: { Ref: 'P' } }) },
        ],
        skip: [
          { resources: store(INSTANCE, { DBClusterIdentifier: 'cases' }) },
          { resources: store(INSTANCE, { SourceDBInstanceIdentifier: 'cases' }) },
          { resources: store(INSTANCE, { Engine: 'oracle-ee' }) },
          { resources: store(CLUSTER, { Engine: 'mysql' }) },
          { tier: 'moderate', resources: store(DOCDB, {}) },
        ],
      }),
      rule({
        on: REDSHIFT,
        severity: 'medium',
        check: warehouseShips,
        fix: 'Use SecureWarehouse, or write LoggingProperties with LogDestinationType: cloudwatch and LogExports, or with BucketName.',
        pass: [
          { resources: store(REDSHIFT, { LoggingProperties: { BucketName: 'audit' } }) },
          { resources: store(REDSHIFT, { LoggingProperties: { LogDestinationType: 'cloudwatch' } }) },
        ],
        fail: [{ resources: store(REDSHIFT, {}) }, { resources: store(REDSHIFT, { LoggingProperties: { LogDestinationType: 's3' } }) }],
      }),
      rule({
        on: REDSHIFT,
        from: 'high',
        check: (cluster, graph) =>
          asks(cluster, graph, [{ parameter: 'enable_user_activity_logging', says: (value) => value.isOneOf(ON) }]),
        fix: 'Name a ClusterParameterGroup in which enable_user_activity_logging is true.',
        pass: [{ resources: warehouse([{ ParameterName: 'enable_user_activity_logging', ParameterValue: 'true' }]) }],
        fail: [
          { resources: store(REDSHIFT, {}) },
          { resources: warehouse([{ ParameterName: 'enable_user_activity_logging', ParameterValue: 'false' }]) },
        ],
        unknown: [{ resources: store(REDSHIFT, { ClusterParameterGroupName: 'ours' }) }],
        skip: [{ tier: 'moderate', resources: store(REDSHIFT, {}) }],
      }),
      rule({
        on: NAMESPACE,
        severity: 'medium',
        check: (namespace) =>
          every(SERVERLESS_LOGS, (wanted) =>
            some(namespace.at('LogExports').items(), (log) => log.is(wanted), `LogExports does not name ${wanted}`),
          ),
        fix: 'Set LogExports: [userlog, connectionlog, useractivitylog].',
        pass: [{ resources: store(NAMESPACE, { LogExports: SERVERLESS_LOGS }) }],
        fail: [{ resources: store(NAMESPACE, {}) }, { resources: store(NAMESPACE, { LogExports: ['userlog'] }) }],
        unknown: [{ ...PARAMETER, resources: store(NAMESPACE, { LogExports: { Ref: 'P' } }) }],
      }),
    ],
  },

  'LOG-04': {
    aws: [
      rule({
        on: DOMAINS,
        severity: 'medium',
        check: (domain) => publishes(domain, 'AUDIT_LOGS'),
        fix: 'Use SecureSearchDomain, or publish AUDIT_LOGS to a log group: LogPublishingOptions.AUDIT_LOGS with CloudWatchLogsLogGroupArn and Enabled: true (logging.auditLogEnabled in CDK); it needs fine-grained access control.',
        pass: DOMAINS.map((type) => ({ resources: logs(type, 'AUDIT_LOGS', { CloudWatchLogsLogGroupArn: GROUP_ARN, Enabled: true }) })),
        fail: [
          ...DOMAINS.map((type) => ({ resources: store(type, {}) })),
          { resources: logs('AWS::OpenSearchService::Domain', 'AUDIT_LOGS', { CloudWatchLogsLogGroupArn: GROUP_ARN, Enabled: false }) },
          {
            resources: logs('AWS::OpenSearchService::Domain', 'SEARCH_SLOW_LOGS', { CloudWatchLogsLogGroupArn: GROUP_ARN, Enabled: true }),
          },
        ],
        unknown: [
          {
            ...PARAMETER,
            resources: logs('AWS::OpenSearchService::Domain', 'AUDIT_LOGS', {
              CloudWatchLogsLogGroupArn: GROUP_ARN,
              Enabled: { Ref: 'P' },
            }),
          },
        ],
        skip: [{ tier: 'low', resources: store('AWS::OpenSearchService::Domain', {}) }],
      }),
      rule({
        on: 'AWS::FSx::FileSystem',
        severity: 'medium',
        check: (files) =>
          files.at('FileSystemType').is('WINDOWS').verdict !== 'pass'
            ? notApplicable('only file systems for Windows audit accesses')
            : files
                .at('WindowsConfiguration.AuditLogConfiguration.FileAccessAuditLogLevel')
                .orDefault('DISABLED')
                .is('SUCCESS_AND_FAILURE'),
        fix: 'Set WindowsConfiguration.AuditLogConfiguration.FileAccessAuditLogLevel: SUCCESS_AND_FAILURE with an AuditLogDestination.',
        pass: [{ resources: windows({ FileAccessAuditLogLevel: 'SUCCESS_AND_FAILURE' }) }],
        fail: [{ resources: windows({ FileAccessAuditLogLevel: 'FAILURE_ONLY' }) }, { resources: windows(undefined) }],
        unknown: [{ ...PARAMETER, resources: windows({ FileAccessAuditLogLevel: { Ref: 'P' } }) }],
        skip: [{ resources: store('AWS::FSx::FileSystem', { FileSystemType: 'OPENZFS' }) }],
      }),
    ],
  },

  'LOG-05': {
    aws: rule({
      // Who altered what is in the trail; what stood there before, only in the stream.
      on: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
      from: 'high',
      severity: 'low',
      check: (table) =>
        anyOf(
          [
            table.at('StreamSpecification.StreamViewType').is('NEW_AND_OLD_IMAGES'),
            ...(table.type === 'AWS::DynamoDB::Table' ? [table.at('KinesisStreamSpecification.StreamArn').isSet()] : []),
          ],
          'no stream carries the images before and after a change',
        ),
      fix: 'Set StreamSpecification.StreamViewType: NEW_AND_OLD_IMAGES (stream in CDK), and keep what it carries.',
      pass: [
        { resources: store('AWS::DynamoDB::Table', { StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' } }) },
        { resources: store('AWS::DynamoDB::Table', { KinesisStreamSpecification: { StreamArn: 'arn:aws:kinesis:x' } }) },
        { resources: store('AWS::DynamoDB::GlobalTable', { StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' } }) },
      ],
      fail: [
        { resources: store('AWS::DynamoDB::Table', {}) },
        { resources: store('AWS::DynamoDB::Table', { StreamSpecification: { StreamViewType: 'KEYS_ONLY' } }) },
      ],
      unknown: [{ ...PARAMETER, resources: store('AWS::DynamoDB::Table', { StreamSpecification: { StreamViewType: { Ref: 'P' } } }) }],
      skip: [{ tier: 'moderate', resources: store('AWS::DynamoDB::Table', {}) }],
    }),
  },

  'LOG-13': {
    aws: [
      rule({
        on: DOMAINS,
        severity: 'low',
        check: (domain) => publishes(domain, 'ES_APPLICATION_LOGS'),
        fix: 'Publish ES_APPLICATION_LOGS to a log group (logging.appLogEnabled in CDK).',
        pass: DOMAINS.map((type) => ({
          resources: logs(type, 'ES_APPLICATION_LOGS', { CloudWatchLogsLogGroupArn: GROUP_ARN, Enabled: true }),
        })),
        fail: DOMAINS.map((type) => ({
          resources: logs(type, 'ES_APPLICATION_LOGS', { CloudWatchLogsLogGroupArn: GROUP_ARN, Enabled: false }),
        })),
      }),
      rule({
        on: ['AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::CacheCluster'],
        from: 'moderate',
        severity: 'low',
        check: (cache) =>
          cache.at('Engine').is('memcached').verdict === 'pass'
            ? notApplicable('Memcached delivers no logs')
            : some(
                cache.at('LogDeliveryConfigurations').items(),
                (log) => log.at('LogType').isOneOf(['engine-log', 'slow-log']),
                'no log is delivered',
              ),
        fix: 'Deliver engine-log with LogDeliveryConfigurations.',
        pass: [
          { resources: store('AWS::ElastiCache::ReplicationGroup', { LogDeliveryConfigurations: [{ LogType: 'engine-log' }] }) },
          { resources: store('AWS::ElastiCache::CacheCluster', { LogDeliveryConfigurations: [{ LogType: 'slow-log' }] }) },
        ],
        fail: [{ resources: store('AWS::ElastiCache::ReplicationGroup', {}) }, { resources: store('AWS::ElastiCache::CacheCluster', {}) }],
        skip: [{ resources: store('AWS::ElastiCache::CacheCluster', { Engine: 'memcached' }) }],
      }),
    ],
  },

  'LOG-18': {
    aws: rule({
      on: INSTANCE,
      from: 'moderate',
      severity: 'low',
      check: (instance) => instance.at('MonitoringInterval').orDefault(0).isAtLeast(1),
      fix: 'Set MonitoringInterval to 60 or less and MonitoringRoleArn (monitoringInterval in CDK): the agent on the host then ships its processes and load.',
      pass: [{ resources: store(INSTANCE, { MonitoringInterval: 60 }) }],
      fail: [{ resources: store(INSTANCE, {}) }, { resources: store(INSTANCE, { MonitoringInterval: 0 }) }],
      unknown: [{ ...PARAMETER, resources: store(INSTANCE, { MonitoringInterval: { Ref: 'P' } }) }],
    }),
  },

  'PRV-07': {
    aws: rule({
      on: 'AWS::RDS::DBProxy',
      severity: 'low',
      check: (proxy) => (proxy.at('DebugLogging').state === 'absent' ? pass() : proxy.at('DebugLogging').isFalse()),
      fix: 'Remove DebugLogging: true: it writes the text of statements into the log.',
      pass: [{ resources: store('AWS::RDS::DBProxy', { DebugLogging: false }) }, { resources: store('AWS::RDS::DBProxy', {}) }],
      fail: [{ resources: store('AWS::RDS::DBProxy', { DebugLogging: true }) }],
      unknown: [{ ...PARAMETER, resources: store('AWS::RDS::DBProxy', { DebugLogging: { Ref: 'P' } }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };

function windows(AuditLogConfiguration: object | undefined): Example['resources'] {
  return store('AWS::FSx::FileSystem', {
    FileSystemType: 'WINDOWS',
    WindowsConfiguration: AuditLogConfiguration ? { AuditLogConfiguration } : {},
  });
}
