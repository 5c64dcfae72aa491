import { describe, expect, it } from 'vitest';
import { isAtLeastVersion, readFamily, written } from '../policies/facts/database';
import type { Example } from '../policies/rule';
import { RULES } from '../policies/rules';
import { findingsOf } from './support/examples';

/** Verdicts of one rule id on a small template, as `Store: fail`. */
function judge(id: string, resources: Example['resources'], rest: Partial<Example> = {}): readonly string[] {
  return RULES.filter((rule) => rule.id === id && rule.cloud === 'aws').flatMap((rule) =>
    findingsOf(rule, { resources, ...rest }).map(({ resource, verdict }) => `${resource.logicalId}: ${verdict}`),
  );
}

describe('versions and families of engines', () => {
  it('are compared number by number, not as text', () => {
    expect(isAtLeastVersion('9.6', '15')).toBe(false);
    expect(isAtLeastVersion('15', '15')).toBe(true);
    expect(isAtLeastVersion('11.10.2', '11.8')).toBe(true);
    expect(isAtLeastVersion('8.0.mysql_aurora.3.08.0', '8.0')).toBe(true);
  });

  it('stay undecided where the version is not written in full or not at all', () => {
    expect(isAtLeastVersion('11', '11.8')).toBeUndefined();
    expect(isAtLeastVersion(undefined, '15')).toBeUndefined();
    expect(isAtLeastVersion('latest', '15')).toBeUndefined();
  });

  it.each([
    ['aurora-postgresql16', 'aurora-postgresql', '16'],
    ['postgres15', 'postgres', '15'],
    ['mariadb10.11', 'mariadb', '10.11'],
    ['sqlserver-ex-15.0', 'sqlserver-ex', '15.0'],
    ['aurora-mysql8.0', 'aurora-mysql', '8.0'],
  ])('of %s are %s and %s', (family, engine, version) => {
    expect(readFamily(family)).toEqual({ engine, version });
  });

  it('are written into examples along paths with lists', () => {
    expect(written('Replicas[].DeletionProtectionEnabled', true)).toEqual({ Replicas: [{ DeletionProtectionEnabled: true }] });
  });
});

describe('the members of a cluster', () => {
  const CLUSTER = { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'aurora-postgresql', EngineVersion: '16.4' } };
  const MEMBER = { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'aurora-postgresql', DBClusterIdentifier: { Ref: 'Cluster' } } };

  it('are judged for what is theirs alone; storage, backups and parameters are those of the cluster', () => {
    const resources = { Cluster: CLUSTER, Member: MEMBER };
    expect(judge('ENC-01.database', resources)).toEqual(['Cluster: fail']);
    expect(judge('TLS-05.database', resources)).toEqual(['Cluster: fail']);
    expect(judge('BCR-01.database', resources)).toEqual(['Cluster: fail']);
    expect(judge('DHC-05.database', resources)).toEqual(['Member: fail']);
  });

  it('have the private subnets of their cluster', () => {
    const resources = {
      Cluster: { ...CLUSTER, Properties: { ...CLUSTER.Properties, DBSubnetGroupName: { Ref: 'Group' } } },
      Member: MEMBER,
      Group: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: [{ Ref: 'Subnet' }] } },
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Network' } } },
      Network: { Type: 'AWS::EC2::VPC', Properties: {} },
    };
    expect(judge('DHC-05.database', resources)).toEqual(['Member: pass']);
  });
});

describe('parameters that a condition or a deployment decides', () => {
  const grouped = (value: unknown) => ({
    Store: {
      Type: 'AWS::RDS::DBInstance',
      Properties: { Engine: 'postgres', EngineVersion: '14.2', DBParameterGroupName: { Ref: 'Group' } },
    },
    Group: { Type: 'AWS::RDS::DBParameterGroup', Properties: { Family: 'postgres14', Parameters: { 'rds.force_ssl': value } } },
  });
  const conditions = {
    parameters: { Env: { Type: 'String' } },
    conditions: { Production: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] } },
  } as const;

  it('must hold in every world', () => {
    expect(judge('TLS-05.database', grouped({ 'Fn::If': ['Production', '1', 1] }), conditions)).toEqual(['Store: pass']);
    expect(judge('TLS-05.database', grouped({ 'Fn::If': ['Production', '1', '0'] }), conditions)).toEqual(['Store: unknown']);
  });

  it('count as not written where nothing is left of them', () => {
    expect(judge('TLS-05.database', grouped({ Ref: 'AWS::NoValue' }))).toEqual(['Store: fail']);
  });
});

describe('a policy that lets in everyone of a network', () => {
  const domain = (rest: object) => ({
    Store: {
      Type: 'AWS::OpenSearchService::Domain',
      Properties: {
        AccessPolicies: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: '*' },
              Action: 'es:*',
              Resource: '*',
              Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
            },
          ],
        },
        ...rest,
      },
    },
  });

  it('is not public, but lets in callers of whom nobody knows who they are', () => {
    expect(judge('DHC-05.database', domain({}))).toEqual(['Store: pass']);
    expect(judge('LPA-14.database', domain({}), { tier: 'low' })).toEqual(['Store: fail']);
  });

  it('is a matter of the network alone where the domain signs in everyone by itself', () => {
    expect(judge('LPA-14.database', domain({ AdvancedSecurityOptions: { Enabled: true } }), { tier: 'low' })).toEqual([]);
  });
});
