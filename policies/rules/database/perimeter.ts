import type { ControlId } from '../../../controls';
import { isMember, isReplica, valuesAt } from '../../facts/database';
import { peerOf } from '../../facts/network';
import { every, fail, not, notApplicable, type Outcome, pass, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

/** Where each type names the subnets that it stands in; without them it stands in the default network, whose subnets are public. */
const SUBNETS: Readonly<Record<string, string>> = {
  'AWS::RDS::DBInstance': 'DBSubnetGroupName',
  'AWS::RDS::DBCluster': 'DBSubnetGroupName',
  'AWS::DocDB::DBCluster': 'DBSubnetGroupName',
  'AWS::Neptune::DBCluster': 'DBSubnetGroupName',
  'AWS::Redshift::Cluster': 'ClusterSubnetGroupName',
  'AWS::RedshiftServerless::Workgroup': 'SubnetIds',
  'AWS::ElastiCache::ReplicationGroup': 'CacheSubnetGroupName',
  'AWS::ElastiCache::CacheCluster': 'CacheSubnetGroupName',
  'AWS::ElastiCache::ServerlessCache': 'SubnetIds',
  'AWS::DAX::Cluster': 'SubnetGroupName',
  'AWS::DMS::ReplicationInstance': 'ReplicationSubnetGroupIdentifier',
};
const PLACED = Object.keys(SUBNETS);

function namesSubnets(store: Resource): Outcome {
  if (isMember(store)) return notApplicable('stands where its cluster stands');
  if (isReplica(store)) return notApplicable('stands where its source stands, unless it says otherwise');
  const path = SUBNETS[store.type] as string;
  const named = store.at(path).isSet();
  return named.verdict === 'fail' ? fail(`${path} is not set: it stands in the public subnets of the default network`, path) : named;
}

/** Rules of the older kind, which name addresses themselves. */
const ADDRESSES: Readonly<Record<string, string>> = {
  'AWS::RDS::DBSecurityGroup': 'DBSecurityGroupIngress[].CIDRIP',
  'AWS::RDS::DBSecurityGroupIngress': 'CIDRIP',
  'AWS::Redshift::ClusterSecurityGroupIngress': 'CIDRIP',
};
const LEGACY = Object.keys(ADDRESSES);

function namesPeers(group: Resource): Outcome {
  const addresses = valuesAt(group, ADDRESSES[group.type] as string).filter(({ state }) => state !== 'absent');
  if (addresses.length === 0) return notApplicable('names no addresses');
  return every(addresses, (address) => {
    if (address.string === undefined) return address.asUnknown();
    return peerOf(address.string).kind === 'anyone' ? fail(`${address.describe()}: the whole internet`, address.path) : pass();
  });
}

/** The rules of a network policy, which is a list of rules or one. */
function staysPrivate(policy: Value): Outcome {
  const read = policy.json();
  if (read.state === 'known' && !read.isList && !read.isMap) return policy.asUnknown();
  return every(read.items(), (entry) => not(entry.at('AllowFromPublic').isTrue(), `${entry.path} lets the internet reach the collections`));
}

const store = (Type: string, Properties: object, rest: object = {}): Example['resources'] => ({ Store: { Type, Properties }, ...rest });
const PARAMETER = { parameters: { P: { Type: 'String' } } } as const;
const DOMAINS = ['AWS::OpenSearchService::Domain', 'AWS::Elasticsearch::Domain'];
const POLICY = 'AWS::OpenSearchServerless::SecurityPolicy';
const network = (policy: unknown) => store(POLICY, { Type: 'network', Policy: policy });
const ROUTED = ['AWS::Redshift::Cluster', 'AWS::RedshiftServerless::Workgroup'];

export const PERIMETER = {
  'DID-01': {
    aws: rule({
      on: PLACED,
      severity: 'medium',
      check: namesSubnets,
      fix: 'Name a subnet group of isolated subnets (SecureVpc has them): DBSubnetGroupName, ClusterSubnetGroupName, CacheSubnetGroupName, SubnetGroupName, ReplicationSubnetGroupIdentifier or SubnetIds.',
      pass: PLACED.map((type) => ({
        resources: store(type, { [SUBNETS[type] as string]: type.includes('erverless') ? ['subnet-1'] : 'isolated' }),
      })),
      fail: PLACED.map((type) => ({ resources: store(type, {}) })),
      skip: [
        { resources: store('AWS::RDS::DBInstance', { DBClusterIdentifier: 'cases' }) },
        { resources: store('AWS::RDS::DBInstance', { SourceDBInstanceIdentifier: 'cases' }) },
      ],
    }),
  },

  'DID-02': {
    aws: rule({
      on: LEGACY,
      check: namesPeers,
      fix: 'Name the addresses or the security group that may connect; better, put the database into a VPC and use VPC security groups.',
      pass: [
        { resources: store('AWS::RDS::DBSecurityGroup', { DBSecurityGroupIngress: [{ CIDRIP: '192.0.2.0/24' }] }) },
        { resources: store('AWS::RDS::DBSecurityGroupIngress', { CIDRIP: '10.0.0.0/16' }) },
        { resources: store('AWS::Redshift::ClusterSecurityGroupIngress', { CIDRIP: '192.0.2.1/32' }) },
      ],
      fail: [
        {
          resources: store('AWS::RDS::DBSecurityGroup', { DBSecurityGroupIngress: [{ CIDRIP: '192.0.2.0/24' }, { CIDRIP: '0.0.0.0/0' }] }),
        },
        {
          name: 'one rule, not in a list',
          resources: store('AWS::RDS::DBSecurityGroup', { DBSecurityGroupIngress: { CIDRIP: '0.0.0.0/0' } }),
        },
        { resources: store('AWS::RDS::DBSecurityGroupIngress', { CIDRIP: '0.0.0.0/0' }) },
        { resources: store('AWS::Redshift::ClusterSecurityGroupIngress', { CIDRIP: '0.0.0.0/1' }) },
      ],
      unknown: [{ ...PARAMETER, resources: store('AWS::RDS::DBSecurityGroupIngress', { CIDRIP: { Ref: 'P' } }) }],
      skip: [{ resources: store('AWS::RDS::DBSecurityGroup', { DBSecurityGroupIngress: [{ EC2SecurityGroupId: 'sg-1' }] }) }],
    }),
  },

  'DID-05': {
    aws: [
      rule({
        on: DOMAINS,
        check: (domain) => domain.at('VPCOptions.SubnetIds').isSet(),
        fix: 'Use SecureSearchDomain, or set VPCOptions.SubnetIds and SecurityGroupIds (vpc in CDK); a domain is put into a network only when it is made.',
        pass: DOMAINS.map((type) => ({ resources: store(type, { VPCOptions: { SubnetIds: ['subnet-1'] } }) })),
        fail: [
          ...DOMAINS.map((type) => ({ resources: store(type, {}) })),
          { resources: store('AWS::OpenSearchService::Domain', { VPCOptions: { SecurityGroupIds: ['sg-1'] } }) },
        ],
        skip: [{ tier: 'low', resources: store('AWS::OpenSearchService::Domain', {}) }],
      }),
      rule({
        on: POLICY,
        check: (policy) => when(policy.at('Type').is('network'), () => staysPrivate(policy.at('Policy'))),
        fix: 'Write "AllowFromPublic": false with SourceVPCEs or SourceServices into the network policy.',
        pass: [{ resources: network(JSON.stringify([{ Rules: [], AllowFromPublic: false, SourceVPCEs: ['vpce-1'] }])) }],
        fail: [
          { resources: network(JSON.stringify([{ Rules: [], AllowFromPublic: true }])) },
          { name: 'one of two rules', resources: network('[{"AllowFromPublic":false},{"AllowFromPublic":true}]') },
        ],
        unknown: [{ ...PARAMETER, resources: network({ Ref: 'P' }) }],
        skip: [{ resources: store(POLICY, { Type: 'encryption', Policy: '{"AWSOwnedKey":true}' }) }],
      }),
      rule({
        on: ROUTED,
        severity: 'medium',
        check: (store) => store.at('EnhancedVpcRouting').isTrue(),
        fix: 'Use SecureWarehouse, or set EnhancedVpcRouting: true, so that COPY and UNLOAD go through the network and its endpoints.',
        pass: ROUTED.map((type) => ({ resources: store(type, { EnhancedVpcRouting: true }) })),
        fail: [
          ...ROUTED.map((type) => ({ resources: store(type, {}) })),
          { resources: store('AWS::Redshift::Cluster', { EnhancedVpcRouting: false }) },
        ],
        unknown: [{ ...PARAMETER, resources: store('AWS::Redshift::Cluster', { EnhancedVpcRouting: { Ref: 'P' } }) }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
