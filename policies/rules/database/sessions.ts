import type { ControlId } from '../../../controls';
import { askParameter, familyOf, isAtLeastVersion, isMember, parameterIn, readFamily, sourceOf, usersOf } from '../../facts/database';
import type { Graph } from '../../graph';
import { fail, not, notApplicable, type Outcome, pass, some, unknown, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const INSTANCE = 'AWS::RDS::DBInstance';
const CLUSTER = 'AWS::RDS::DBCluster';
const DOCDB = 'AWS::DocDB::DBCluster';
const REDSHIFT = 'AWS::Redshift::Cluster';
const WORKGROUP = 'AWS::RedshiftServerless::Workgroup';
const PROXY = 'AWS::RDS::DBProxy';
const ENDPOINT = 'AWS::DMS::Endpoint';
const OPTIONS = 'AWS::RDS::OptionGroup';

/** How an engine is told to refuse clear text, and from which version on it does so unless told otherwise. */
interface Switch {
  readonly parameter: string;
  readonly on: readonly string[];
  /** First version whose default refuses clear text; undefined where none does. */
  readonly defaultFrom?: string;
}

const ON = ['1', 'on', 'ON', 'true', 'TRUE'];
const FORCE: Switch = { parameter: 'rds.force_ssl', on: ON };
const REQUIRE: Switch = { parameter: 'require_secure_transport', on: ON };

/** By engine, as the engines and the families of parameter groups name it. The versions are those of the RDS user guides. */
const SWITCHES: Readonly<Record<string, Switch>> = {
  postgres: { ...FORCE, defaultFrom: '15' },
  'aurora-postgresql': { ...FORCE, defaultFrom: '17' },
  mysql: REQUIRE,
  'aurora-mysql': REQUIRE,
  aurora: REQUIRE,
  mariadb: { ...REQUIRE, defaultFrom: '11.8' },
  db2: { parameter: 'DB2COMM', on: ['SSL'] },
};

function switchOf(engine: string): Switch | undefined {
  if (engine.startsWith('sqlserver') || engine.startsWith('custom-sqlserver')) return FORCE;
  return SWITCHES[engine.startsWith('db2') ? 'db2' : engine.replace(/(\d.*)$/, '')];
}

function isOn({ parameter, on }: Switch, value: Value): Outcome {
  const outcome = value.isOneOf(on);
  return outcome.verdict === 'fail'
    ? fail(`${parameter} is ${value.string ?? 'not readable'}: clear text is accepted`, value.path)
    : outcome;
}

/** What holds where no group says anything. */
function byDefault(which: Switch, version: () => string | undefined): Outcome {
  const { parameter, defaultFrom } = which;
  if (defaultFrom === undefined) return fail(`no parameter group sets ${parameter}, which is off by default`);
  const refuses = isAtLeastVersion(version(), defaultFrom);
  if (refuses === undefined) return unknown(`the version: ${parameter} is on by default from ${defaultFrom} on`, 'EngineVersion');
  return refuses ? pass() : fail(`no parameter group sets ${parameter}, which is on by default from ${defaultFrom} on only`);
}

/** An instance or cluster of RDS refuses sessions in clear text. */
function refusesClearText(store: Resource, graph: Graph): Outcome {
  if (isMember(store)) return notApplicable('its parameters are those of its cluster');
  const engine = store.at('Engine');
  if (engine.state === 'absent') {
    const from = sourceOf(store);
    return from ? unknown(`the engine: ${from.describe()}`, from.path) : fail('no engine is named', 'Engine');
  }
  const name = engine.string?.toLowerCase();
  if (name === undefined) return engine.asUnknown();
  if (/^(custom-)?oracle/.test(name)) return encryptsOracle(store, graph);
  const which = switchOf(name);
  if (!which) return unknown(`how ${name} refuses clear text`, 'Engine');
  return askParameter(store, which.parameter, graph, {
    written: (value) => isOn(which, value),
    byDefault: (family) =>
      byDefault(which, () => {
        const named = family();
        return (named === undefined ? undefined : readFamily(named).version) ?? store.at('EngineVersion').string;
      }),
  });
}

/** Oracle is told by its option group: native encryption can be required; a TLS listener stands beside the clear one. */
function encryptsOracle(instance: Resource, graph: Graph): Outcome {
  const named = instance.at('OptionGroupName');
  const group = graph.target(named, OPTIONS);
  if (!group)
    return named.state === 'absent' || /^default[.:]/.test(named.string ?? '')
      ? fail('no option group requires NATIVE_NETWORK_ENCRYPTION', 'OptionGroupName')
      : unknown(`the options of the group: ${named.describe()}`, 'OptionGroupName');
  return some(group.at('OptionConfigurations').items(), oracleOption, 'no option of the group requires encryption');
}

function oracleOption(option: Value): Outcome {
  const name = option.at('OptionName');
  if (name.is('SSL').verdict === 'pass')
    return unknown('whether the security group closes the clear-text port: the SSL option opens a second one', name.path);
  return when(
    name.is('NATIVE_NETWORK_ENCRYPTION'),
    () =>
      some(
        option.at('OptionSettings').items(),
        (setting) =>
          setting.at('Name').is('SQLNET.ENCRYPTION_SERVER').verdict === 'pass'
            ? setting.at('Value').isOneOf(['REQUIRED', 'required'])
            : fail('is another'),
        'SQLNET.ENCRYPTION_SERVER is not REQUIRED',
      ),
    () => name.asFailure(),
  );
}

/** A parameter group that nothing in the input uses yet, and that switches encryption off in so many words. */
function leavesEncryptionOn(group: Resource, graph: Graph): Outcome {
  if (usersOf(group, graph).length > 0) return notApplicable('the databases that use it are judged');
  if (group.type === 'AWS::DocDB::DBClusterParameterGroup') {
    const tls = parameterIn(group, 'tls');
    return tls ? not(tls.is('disabled'), 'tls is disabled: clear text is accepted') : notApplicable('leaves tls as it is');
  }
  const redshift = group.type === 'AWS::Redshift::ClusterParameterGroup';
  const which = redshift ? REDSHIFT_SWITCH : switchOf(readFamily(familyOf(group).string ?? '').engine);
  const value = which ? parameterIn(group, which.parameter) : undefined;
  return which && value ? isOn(which, value) : notApplicable('says nothing of encrypted sessions');
}

const REDSHIFT_SWITCH: Switch = { parameter: 'require_ssl', on: ON };

/** Groups of the family redshift-2.0 require TLS; clusters that name no group were given one of either family. */
function redshiftRequires(cluster: Resource, graph: Graph): Outcome {
  return askParameter(cluster, 'require_ssl', graph, {
    written: (value) => isOn(REDSHIFT_SWITCH, value),
    byDefault: (family) =>
      family() === 'redshift-2.0'
        ? pass()
        : fail('no parameter group sets require_ssl; the older default group accepts clear text', 'ClusterParameterGroupName'),
  });
}

/** The value of one configuration parameter of a workgroup. */
function workgroupRequires(workgroup: Resource): Outcome {
  const parameters = workgroup.at('ConfigParameters');
  if (parameters.state === 'unknown') return parameters.asUnknown();
  const entry = parameters.items().find((each) => each.at('ParameterKey').string === 'require_ssl');
  return entry ? isOn(REDSHIFT_SWITCH, entry.at('ParameterValue')) : fail('ConfigParameters do not set require_ssl', 'ConfigParameters');
}

/** Engines to which DMS opens sessions that can be clear text, and the setting that says so where it is not SslMode. */
const SSL_MODES = /^(mysql|aurora|aurora-postgresql|postgres|mariadb|sqlserver|oracle|db2|db2-zos|sybase|azuredb|mongodb|docdb|azure-.*)$/;

function migratesEncrypted(endpoint: Resource): Outcome {
  const engine = endpoint.at('EngineName');
  const name = engine.string?.toLowerCase();
  if (name === undefined) return engine.asUnknown();
  if (name === 'redis')
    return not(
      endpoint.at('RedisSettings.SslSecurityProtocol').orDefault('ssl-encryption').is('plaintext'),
      'Redis is spoken to in clear text',
    );
  if (name === 'kafka')
    return endpoint
      .at('KafkaSettings.SecurityProtocol')
      .orDefault('plaintext')
      .isOneOf(['ssl-encryption', 'ssl-authentication', 'sasl-ssl']);
  if (!SSL_MODES.test(name)) return notApplicable(`${name} is spoken to by HTTPS`);
  return not(endpoint.at('SslMode').orDefault('none').is('none'), 'SslMode is none: the session is clear text');
}

const store = (Type: string, Properties: object, rest: object = {}): Example['resources'] => ({ Store: { Type, Properties }, ...rest });
const group = (Type: string, Family: string | undefined, Parameters: unknown) => ({
  Group: { Type, Properties: { ...(Family ? { Family } : {}), Parameters } },
});
const INSTANCE_GROUP = 'AWS::RDS::DBParameterGroup';
const CLUSTER_GROUP = 'AWS::RDS::DBClusterParameterGroup';
const NAMES = { Ref: 'Group' };
const instance = (engine: string, family: string, parameters: unknown) =>
  store(INSTANCE, { Engine: engine, DBParameterGroupName: NAMES }, group(INSTANCE_GROUP, family, parameters));
const cluster = (engine: string, family: string, parameters: unknown) =>
  store(CLUSTER, { Engine: engine, DBClusterParameterGroupName: NAMES }, group(CLUSTER_GROUP, family, parameters));
const docdb = (parameters: unknown) =>
  store(DOCDB, { DBClusterParameterGroupName: NAMES }, group('AWS::DocDB::DBClusterParameterGroup', 'docdb5.0', parameters));
const redshift = (ParameterGroupFamily: string, Parameters: unknown) =>
  store(
    REDSHIFT,
    { ClusterParameterGroupName: NAMES },
    { Group: { Type: 'AWS::Redshift::ClusterParameterGroup', Properties: { ParameterGroupFamily, Parameters } } },
  );
const requireSsl = (ParameterValue: unknown) => [{ ParameterName: 'require_ssl', ParameterValue }];
const oracle = (...OptionConfigurations: readonly object[]) =>
  store(
    INSTANCE,
    { Engine: 'oracle-ee', OptionGroupName: { Ref: 'Options' } },
    { Options: { Type: OPTIONS, Properties: { OptionConfigurations } } },
  );
const nativeEncryption = (Value: string, Name = 'SQLNET.ENCRYPTION_SERVER') => ({
  OptionName: 'NATIVE_NETWORK_ENCRYPTION',
  OptionSettings: [{ Name, Value }],
});
const workgroup = (ParameterValue: unknown) => store(WORKGROUP, { ConfigParameters: [{ ParameterKey: 'require_ssl', ParameterValue }] });
const PARAMETER = { parameters: { P: { Type: 'String' } } } as const;

export const SESSIONS = {
  'TLS-05': {
    aws: [
      rule({
        on: [INSTANCE, CLUSTER],
        check: refusesClearText,
        fix: "Use SecureDatabaseCluster or SecureDatabaseInstance, or name a parameter group with 'rds.force_ssl': '1' (PostgreSQL, SQL Server), require_secure_transport: 'ON' (MySQL, MariaDB) or DB2COMM: SSL; on Oracle an option group with NATIVE_NETWORK_ENCRYPTION and SQLNET.ENCRYPTION_SERVER REQUIRED.",
        pass: [
          { resources: instance('postgres', 'postgres14', { 'rds.force_ssl': '1' }) },
          { resources: cluster('aurora-mysql', 'aurora-mysql8.0', { require_secure_transport: 'ON' }) },
          { name: 'on by default', resources: store(INSTANCE, { Engine: 'postgres', EngineVersion: '16.4' }) },
          { resources: store(CLUSTER, { Engine: 'aurora-postgresql', EngineVersion: '17.4' }) },
          { name: 'the group leaves the default', resources: instance('mariadb', 'mariadb11.8', {}) },
          {
            name: 'the default group of a version',
            resources: store(INSTANCE, { Engine: 'postgres', DBParameterGroupName: 'default.postgres15' }),
          },
          { resources: instance('sqlserver-ex', 'sqlserver-ex-15.0', { 'rds.force_ssl': 1 }) },
          { resources: instance('db2-se', 'db2-se-11.5', { DB2COMM: 'SSL' }) },
          { resources: oracle(nativeEncryption('REQUIRED')) },
        ],
        fail: [
          { resources: instance('postgres', 'postgres15', { 'rds.force_ssl': '0' }) },
          { resources: store(INSTANCE, { Engine: 'mysql', EngineVersion: '8.4.3' }) },
          { resources: store(INSTANCE, { Engine: 'postgres', EngineVersion: '14' }) },
          { resources: store(CLUSTER, { Engine: 'aurora-postgresql', EngineVersion: '16.4' }) },
          { resources: cluster('aurora-mysql', 'aurora-mysql8.0', {}) },
          { resources: store(INSTANCE, {}) },
          { resources: store(INSTANCE, { Engine: 'oracle-se2' }) },
          { resources: oracle(nativeEncryption('REQUESTED')) },
          { resources: oracle(nativeEncryption('REQUIRED', 'SQLNET.ENCRYPTION_CLIENT')) },
          { resources: oracle({ OptionName: 'TDE' }) },
        ],
        unknown: [
          { name: 'a group from elsewhere', resources: store(INSTANCE, { Engine: 'postgres', DBParameterGroupName: 'ours' }) },
          { name: 'no version', resources: store(CLUSTER, { Engine: 'aurora-postgresql' }) },
          { ...PARAMETER, resources: store(INSTANCE, { Engine: { Ref: 'P' } }) },
          { ...PARAMETER, resources: instance('postgres', 'postgres14', { 'rds.force_ssl': { Ref: 'P' } }) },
          { name: 'the engine of a snapshot', resources: store(CLUSTER, { SnapshotIdentifier: 'nightly' }) },
          { name: 'a second, encrypted port', resources: oracle({ OptionName: 'SSL' }) },
          { resources: store(INSTANCE, { Engine: 'oracle-ee', OptionGroupName: 'ours' }) },
          { resources: store(INSTANCE, { Engine: 'informix' }) },
        ],
        skip: [{ resources: store(INSTANCE, { DBClusterIdentifier: 'cases' }) }],
      }),
      rule({
        on: [INSTANCE_GROUP, CLUSTER_GROUP, 'AWS::DocDB::DBClusterParameterGroup', 'AWS::Redshift::ClusterParameterGroup'],
        check: leavesEncryptionOn,
        fix: 'Set the parameter to what requires TLS: rds.force_ssl 1, require_secure_transport ON, tls enabled, require_ssl true.',
        pass: [
          { resources: group(INSTANCE_GROUP, 'postgres15', { 'rds.force_ssl': '1' }) },
          { resources: group('AWS::DocDB::DBClusterParameterGroup', 'docdb5.0', { tls: 'enabled' }) },
          {
            resources: {
              Group: {
                Type: 'AWS::Redshift::ClusterParameterGroup',
                Properties: { ParameterGroupFamily: 'redshift-1.0', Parameters: requireSsl('true') },
              },
            },
          },
        ],
        fail: [
          { resources: group(CLUSTER_GROUP, 'aurora-mysql8.0', { require_secure_transport: 'OFF' }) },
          { resources: group('AWS::DocDB::DBClusterParameterGroup', 'docdb5.0', { tls: 'disabled' }) },
        ],
        unknown: [{ ...PARAMETER, resources: group(INSTANCE_GROUP, 'postgres15', { Ref: 'P' }) }],
        skip: [
          { resources: group(INSTANCE_GROUP, 'postgres15', {}) },
          { name: 'the database is judged', resources: instance('postgres', 'postgres14', { 'rds.force_ssl': '0' }) },
        ],
      }),
      rule({
        on: DOCDB,
        check: (cluster, graph) =>
          askParameter(cluster, 'tls', graph, {
            written: (value) => not(value.is('disabled'), 'tls is disabled: clear text is accepted'),
            byDefault: () => pass(),
          }),
        fix: "Remove tls: 'disabled' from the cluster's parameter group.",
        pass: [{ resources: docdb({ tls: 'enabled' }) }, { resources: docdb({}) }, { resources: store(DOCDB, {}) }],
        fail: [{ resources: docdb({ tls: 'disabled' }) }],
        unknown: [
          { resources: store(DOCDB, { DBClusterParameterGroupName: 'ours' }) },
          { ...PARAMETER, resources: docdb({ tls: { Ref: 'P' } }) },
        ],
      }),
      rule({
        on: REDSHIFT,
        check: redshiftRequires,
        fix: 'Use SecureWarehouse, or name a ClusterParameterGroup in which require_ssl is true.',
        pass: [{ resources: redshift('redshift-1.0', requireSsl('true')) }, { resources: redshift('redshift-2.0', []) }],
        fail: [
          { resources: store(REDSHIFT, {}) },
          { resources: redshift('redshift-1.0', requireSsl('false')) },
          { resources: redshift('redshift-1.0', [{ ParameterName: 'auto_analyze', ParameterValue: 'true' }]) },
        ],
        unknown: [
          { resources: store(REDSHIFT, { ClusterParameterGroupName: 'ours' }) },
          { ...PARAMETER, resources: redshift('redshift-1.0', requireSsl({ Ref: 'P' })) },
        ],
      }),
      rule({
        on: WORKGROUP,
        check: workgroupRequires,
        severity: 'medium',
        fix: 'Set ConfigParameters: [{ ParameterKey: require_ssl, ParameterValue: true }].',
        pass: [{ resources: workgroup('true') }],
        fail: [{ resources: workgroup('false') }, { resources: store(WORKGROUP, {}) }],
        unknown: [{ ...PARAMETER, resources: store(WORKGROUP, { ConfigParameters: { Ref: 'P' } }) }],
      }),
      rule({
        on: PROXY,
        check: (proxy) => proxy.at('RequireTLS').isTrue(),
        fix: 'Set RequireTLS: true (requireTLS in CDK).',
        pass: [{ resources: store(PROXY, { RequireTLS: true }) }],
        fail: [{ resources: store(PROXY, {}) }, { resources: store(PROXY, { RequireTLS: false }) }],
        unknown: [{ ...PARAMETER, resources: store(PROXY, { RequireTLS: { Ref: 'P' } }) }],
      }),
      rule({
        on: ENDPOINT,
        check: migratesEncrypted,
        fix: 'Set SslMode: verify-full (require where the server has no certificate of its own), KafkaSettings.SecurityProtocol or RedisSettings.SslSecurityProtocol to an encrypted one.',
        pass: [
          { resources: store(ENDPOINT, { EngineName: 'postgres', SslMode: 'verify-full' }) },
          { resources: store(ENDPOINT, { EngineName: 'redis', RedisSettings: { SslSecurityProtocol: 'ssl-encryption' } }) },
          { resources: store(ENDPOINT, { EngineName: 'kafka', KafkaSettings: { SecurityProtocol: 'sasl-ssl' } }) },
        ],
        fail: [
          { resources: store(ENDPOINT, { EngineName: 'mysql' }) },
          { resources: store(ENDPOINT, { EngineName: 'oracle', SslMode: 'none' }) },
          { resources: store(ENDPOINT, { EngineName: 'redis', RedisSettings: { SslSecurityProtocol: 'plaintext' } }) },
          { resources: store(ENDPOINT, { EngineName: 'kafka' }) },
        ],
        unknown: [
          { ...PARAMETER, resources: store(ENDPOINT, { EngineName: 'mysql', SslMode: { Ref: 'P' } }) },
          { ...PARAMETER, resources: store(ENDPOINT, { EngineName: { Ref: 'P' } }) },
        ],
        skip: [{ resources: store(ENDPOINT, { EngineName: 's3' }) }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
