import { Match, Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  AuroraMysqlEngineVersion,
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseClusterEngine,
  DatabaseInstanceEngine,
  MysqlEngineVersion,
  OracleEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { describe, expect, it } from 'vitest';
import {
  SecureDatabaseCluster,
  type SecureDatabaseClusterProps,
  SecureDatabaseInstance,
  type SecureDatabaseInstanceProps,
} from '../constructs/aws';
import type { Tier } from '../controls';
import { stackOf } from './support/aws-constructs';
import { makeStore } from './support/aws-databases';
import { brokenRules } from './support/broken';
import { relaxationOf } from './support/relaxation';

const cluster = (props: Partial<SecureDatabaseClusterProps> = {}, tier?: Tier) =>
  makeStore((stack, vpc) => new SecureDatabaseCluster(stack, 'Cases', { vpc, ...props }), tier);
const instance = (props: Partial<SecureDatabaseInstanceProps> = {}, tier?: Tier) =>
  makeStore((stack, vpc) => new SecureDatabaseInstance(stack, 'Cases', { vpc, ...props }), tier);

const CLUSTER = 'AWS::RDS::DBCluster';
const INSTANCE = 'AWS::RDS::DBInstance';

describe('a secure database cluster', () => {
  const { stack } = cluster();
  const template = Template.fromStack(stack);

  it('is encrypted, protected, backed up for 35 days, and signs in by IAM', () => {
    template.hasResource(CLUSTER, {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BackupRetentionPeriod: 35,
        CopyTagsToSnapshot: true,
        DeletionProtection: true,
        EnableIAMDatabaseAuthentication: true,
        Engine: 'aurora-postgresql',
        KmsKeyId: Match.anyValue(),
        StorageEncrypted: true,
      },
    });
  });

  it('has AWS make and rotate the password of its first user, who has no well-known name', () => {
    template.hasResourceProperties(CLUSTER, {
      ManageMasterUserPassword: true,
      MasterUsername: 'dbowner',
      MasterUserSecret: { KmsKeyId: Match.anyValue() },
      MasterUserPassword: Match.absent(),
    });
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
  });

  it('refuses clear text, and records statements but not the values in them', () => {
    template.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
      Parameters: {
        'rds.force_ssl': '1',
        shared_preload_libraries: 'pgaudit,pg_stat_statements',
        'pgaudit.log': 'ddl,read,role,write',
        'pgaudit.log_parameter': '0',
      },
    });
  });

  it('ships its records into a group that is there before it, and kept for as long as the tier asks', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/rds/cluster/cases-cases/postgresql',
      RetentionInDays: 731,
    });
    const [resource] = Object.values(template.findResources(CLUSTER));
    expect(resource?.Properties.DBClusterIdentifier).toBe('cases-cases');
    expect(resource?.DependsOn).toEqual(expect.arrayContaining([expect.stringContaining('postgresqlLogs')]));
  });

  it('has a reader in another zone, and no instance that is public', () => {
    const instances = Object.values(template.findResources(INSTANCE));
    expect(instances).toHaveLength(2);
    for (const { Properties } of instances)
      expect(Properties).toMatchObject({ PubliclyAccessible: false, AutoMinorVersionUpgrade: true, MonitoringInterval: 60 });
  });

  it('lets nobody in until it is opened', () => {
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Guards Cases/Cases',
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '127.0.0.1/32' })],
    });
  });

  it('brings no function of its own', () => {
    expect(Object.keys(template.findResources('AWS::Lambda::Function'))).toEqual([]);
  });

  it('has lighter obligations at low: the key of AWS, one instance, no statement records', () => {
    const low = Template.fromStack(cluster({}, 'low').stack);
    low.hasResourceProperties(CLUSTER, { StorageEncrypted: true, KmsKeyId: Match.absent(), DeletionProtection: true });
    low.resourceCountIs(INSTANCE, 1);
    low.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', { Parameters: { 'rds.force_ssl': '1', 'pgaudit.log': Match.absent() } });
  });

  it('grants the sign-in by IAM', () => {
    const { stack, store } = cluster();
    store.grantConnect(new Role(stack, 'Service', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }), 'case_service');
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: 'rds-db:connect' })] },
    });
  });

  it('keeps its floor under the parameters of the user', () => {
    const { stack } = cluster({ parameters: { shared_preload_libraries: 'pg_hint_plan', work_mem: '65536' } });
    Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
      Parameters: { shared_preload_libraries: 'pgaudit,pg_stat_statements,pg_hint_plan', work_mem: '65536', 'rds.force_ssl': '1' },
    });
  });

  it('does the same for MySQL', () => {
    const { stack } = cluster({ engine: DatabaseClusterEngine.auroraMysql({ version: AuroraMysqlEngineVersion.VER_3_08_0 }) });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
      Parameters: { require_secure_transport: 'ON', server_audit_logging: '1' },
    });
    template.hasResourceProperties(CLUSTER, { EnableCloudwatchLogsExports: ['audit', 'error'] });
    expect(brokenRules(stack, 'database')).toEqual([]);
  });

  it('cannot be weakened by props that the type does not have', () => {
    const loose = {
      storageEncrypted: false,
      deletionProtection: false,
      iamAuthentication: false,
      backup: {},
    } as Partial<SecureDatabaseClusterProps>;
    Template.fromStack(cluster(loose).stack).hasResourceProperties(CLUSTER, {
      StorageEncrypted: true,
      DeletionProtection: true,
      EnableIAMDatabaseAuthentication: true,
      BackupRetentionPeriod: 35,
    });
  });

  it('makes every instance private, whatever it was given', () => {
    const { stack } = cluster({
      writer: ClusterInstance.provisioned('Writer', { publiclyAccessible: true, autoMinorVersionUpgrade: false }),
    });
    for (const { Properties } of Object.values(Template.fromStack(stack).findResources(INSTANCE)))
      expect(Properties).toMatchObject({ PubliclyAccessible: false, AutoMinorVersionUpgrade: true });
  });

  it.each<[Partial<SecureDatabaseClusterProps>, RegExp]>([
    [{ parameters: { 'rds.force_ssl': '0' } }, /Cases\/Cases: parameters sets rds.force_ssl to "0"; it has to be "1" \(TLS-05, LOG-06\)/],
    [{ readers: [] }, /a cluster without readers breaks BCR-06.*ClusterInstance.serverlessV2.*relax: \[\{ control: 'BCR-06'/],
    [
      { relax: [relaxationOf('TLS-05')] },
      /TLS-05 cannot be relaxed on SecureDatabaseCluster: every driver speaks TLS; relaxable: BCR-06, DHC-10/,
    ],
    [{ vpc: undefined as never }, /Cases\/Cases: vpc is missing; name the network/],
  ])('refuses %#', (props, message) => {
    expect(() => cluster(props)).toThrow(message);
  });

  it('refuses public subnets', () => {
    const stack = stackOf('high');
    const vpc = new Vpc(stack, 'V', { natGateways: 0 });
    expect(() => new SecureDatabaseCluster(stack, 'Cases', { vpc, vpcSubnets: { subnetType: SubnetType.PUBLIC } })).toThrow(
      /Cases\/Cases: vpcSubnets names public subnets; a store stands in isolated ones \(DID-01\)/,
    );
  });

  it('goes with its stack, and stands in one zone, only with waivers', () => {
    const { stack } = cluster({ readers: [], relax: [relaxationOf('BCR-06'), relaxationOf('DHC-10')] });
    Template.fromStack(stack).hasResource(CLUSTER, { DeletionPolicy: 'Snapshot', Properties: { DeletionProtection: false } });
    expect(brokenRules(stack, 'database')).toEqual([]);
  });

  it.each<[string, string, string, unknown, readonly string[]]>([
    ['storage is not encrypted', CLUSTER, 'StorageEncrypted', false, ['ENC-01.database']],
    ['the key is that of AWS', CLUSTER, 'KmsKeyId', 'alias/aws/rds', ['ENC-02.database']],
    ['it can be deleted', CLUSTER, 'DeletionProtection', false, ['DHC-10.database']],
    ['backups are kept for a day', CLUSTER, 'BackupRetentionPeriod', 1, ['BCR-01.database']],
    ['it no longer signs in by IAM', CLUSTER, 'EnableIAMDatabaseAuthentication', false, ['LPA-14.database']],
    ['an instance is public', INSTANCE, 'PubliclyAccessible', true, ['DHC-05.database']],
    ['clear text is accepted', 'AWS::RDS::DBClusterParameterGroup', 'Parameters.rds\\.force_ssl', '0', ['TLS-05.database']],
    ['nothing is recorded', CLUSTER, 'EnableCloudwatchLogsExports', [], ['LOG-06.database']],
    ['it is no longer patched', INSTANCE, 'AutoMinorVersionUpgrade', false, ['VUL-06.database']],
  ])('is named when %s', (_, type, property, value, rules) => {
    const { stack, cfn } = cluster();
    cfn(type).addPropertyOverride(property, value);
    expect(brokenRules(stack, 'database')).toEqual(rules);
  });

  it('takes another version of the engine', () => {
    const { stack } = cluster({ engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_13 }) });
    Template.fromStack(stack).hasResourceProperties(CLUSTER, { EngineVersion: '16.13' });
  });
});

describe('a secure database instance', () => {
  it('keeps what the cluster keeps, with a standby in another zone', () => {
    const { stack } = instance();
    const template = Template.fromStack(stack);
    template.hasResource(INSTANCE, {
      DeletionPolicy: 'Retain',
      Properties: {
        AutoMinorVersionUpgrade: true,
        BackupRetentionPeriod: 35,
        DeletionProtection: true,
        EnableIAMDatabaseAuthentication: true,
        KmsKeyId: Match.anyValue(),
        ManageMasterUserPassword: true,
        MonitoringInterval: 60,
        MultiAZ: true,
        PubliclyAccessible: false,
        StorageEncrypted: true,
      },
    });
    template.hasResourceProperties('AWS::RDS::DBParameterGroup', {
      Parameters: { 'rds.force_ssl': '1', 'pgaudit.log': 'ddl,read,role,write' },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/aws/rds/instance/cases-cases/postgresql' });
    expect(brokenRules(stack, 'database')).toEqual([]);
  });

  it('stands in one zone, and under the key of AWS, at low', () => {
    Template.fromStack(instance({}, 'low').stack).hasResourceProperties(INSTANCE, {
      MultiAZ: false,
      KmsKeyId: Match.absent(),
      StorageEncrypted: true,
    });
  });

  it('records statements of MySQL by the audit plugin', () => {
    const { stack } = instance({ engine: DatabaseInstanceEngine.mysql({ version: MysqlEngineVersion.VER_8_4_5 }) });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::RDS::OptionGroup', {
      OptionConfigurations: [Match.objectLike({ OptionName: 'MARIADB_AUDIT_PLUGIN' })],
    });
    template.hasResourceProperties('AWS::RDS::DBParameterGroup', { Parameters: { require_secure_transport: '1' } });
    expect(brokenRules(stack, 'database')).toEqual([]);
  });

  it.each<[Partial<SecureDatabaseInstanceProps>, RegExp]>([
    [{ multiAz: false }, /Cases\/Cases: multiAz: false breaks BCR-06/],
    [
      { engine: DatabaseInstanceEngine.oracleSe2({ version: OracleEngineVersion.VER_19 }) },
      /engine oracle-se2 is not among those that are hardened: aurora-postgresql, postgres/,
    ],
  ])('refuses %#', (props, message) => {
    expect(() => instance(props)).toThrow(message);
  });

  it.each<[string, string, string, unknown, readonly string[]]>([
    ['storage is not encrypted', INSTANCE, 'StorageEncrypted', false, ['ENC-01.database']],
    ['it is public', INSTANCE, 'PubliclyAccessible', true, ['DHC-05.database']],
    ['it loses its standby', INSTANCE, 'MultiAZ', false, ['BCR-06.database']],
    ['it can be deleted', INSTANCE, 'DeletionProtection', false, ['DHC-10.database']],
    ['clear text is accepted', 'AWS::RDS::DBParameterGroup', 'Parameters.rds\\.force_ssl', '0', ['TLS-05.database']],
    [
      'statements are not recorded',
      'AWS::RDS::DBParameterGroup',
      'Parameters.shared_preload_libraries',
      'pg_stat_statements',
      ['LOG-06.database'],
    ],
  ])('is named when %s', (_, type, property, value, rules) => {
    const { stack, cfn } = instance();
    cfn(type).addPropertyOverride(property, value);
    expect(brokenRules(stack, 'database')).toEqual(rules);
  });
});
