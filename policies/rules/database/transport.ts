import type { ControlId } from '../../../controls';
import { statementsOf } from '../../facts/database';
import { isPlainHttp } from '../../facts/iam-conditions';
import { allOf, every, fail, not, type Outcome, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';
import { isValkey } from './encryption';

const DOMAINS = ['AWS::OpenSearchService::Domain', 'AWS::Elasticsearch::Domain'];
const CACHE = 'AWS::ElastiCache::ReplicationGroup';
const NODE = 'AWS::ElastiCache::CacheCluster';
const MEMORY = ['AWS::MemoryDB::Cluster', 'AWS::MemoryDB::MultiRegionCluster'];
const FILES = 'AWS::EFS::FileSystem';

/** Valkey is encrypted in transit unless somebody says otherwise. `preferred` lets clear text in beside it. */
function isCacheTransitEncrypted(cache: Resource): Outcome {
  const on = cache
    .at('TransitEncryptionEnabled')
    .orDefault(cache.type === CACHE && isValkey(cache))
    .isTrue();
  return cache.type === CACHE
    ? allOf(on, not(cache.at('TransitEncryptionMode').is('preferred'), 'TransitEncryptionMode is preferred: clear text is accepted too'))
    : on;
}

/** Some statement denies everyone everything whenever the session is clear text. */
function refusesClearText(files: Resource): Outcome {
  return some(
    statementsOf(files),
    (statement) =>
      allOf(
        statement.denies(),
        statement.namesEveryone(),
        statement.coversAction('elasticfilesystem:*'),
        statement.conditions().length === 0 ? fail('denies everything') : every(statement.conditions(), isPlainHttp),
      ),
    'no statement of FileSystemPolicy denies everyone when aws:SecureTransport is false',
  );
}

/** Authorities whose certificates have lapsed. */
const LAPSED = ['rds-ca-2015', 'rds-ca-2019'];
const CERTIFIED = ['AWS::RDS::DBInstance', 'AWS::DocDB::DBInstance'];

const store = (Type: string, Properties: object): Example['resources'] => ({ Store: { Type, Properties } });
const PARAMETER = { parameters: { P: { Type: 'String' } } } as const;
const https = (type: string, DomainEndpointOptions: object) => store(type, { DomainEndpointOptions });
const mounted = (statement: object) =>
  store(FILES, {
    FileSystemPolicy: {
      Statement: [
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: '*',
          Resource: '*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          ...statement,
        },
      ],
    },
  });

export const TRANSPORT = {
  'TLS-01': {
    aws: rule({
      on: DOMAINS,
      check: (domain) => domain.at('DomainEndpointOptions.TLSSecurityPolicy').matches(/^Policy-Min-TLS-1-[2-9]/),
      severity: 'medium',
      fix: 'Use SecureSearchDomain, or set DomainEndpointOptions.TLSSecurityPolicy: Policy-Min-TLS-1-2-PFS-2023-10 (tlsSecurityPolicy in CDK).',
      pass: [
        { resources: https('AWS::OpenSearchService::Domain', { TLSSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' }) },
        { resources: https('AWS::Elasticsearch::Domain', { TLSSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07' }) },
      ],
      fail: [
        { resources: https('AWS::OpenSearchService::Domain', { TLSSecurityPolicy: 'Policy-Min-TLS-1-0-2019-07' }) },
        { resources: store('AWS::Elasticsearch::Domain', {}) },
      ],
      unknown: [{ ...PARAMETER, resources: https('AWS::OpenSearchService::Domain', { TLSSecurityPolicy: { Ref: 'P' } }) }],
    }),
  },

  'TLS-03': {
    aws: [
      rule({
        on: DOMAINS,
        check: (domain) => domain.at('DomainEndpointOptions.EnforceHTTPS').isTrue(),
        fix: 'Use SecureSearchDomain, or set DomainEndpointOptions.EnforceHTTPS: true (enforceHttps in CDK).',
        pass: DOMAINS.map((type) => ({ resources: https(type, { EnforceHTTPS: true }) })),
        fail: [
          ...DOMAINS.map((type) => ({ resources: store(type, {}) })),
          { resources: https('AWS::Elasticsearch::Domain', { EnforceHTTPS: false }) },
        ],
        unknown: [{ ...PARAMETER, resources: https('AWS::OpenSearchService::Domain', { EnforceHTTPS: { Ref: 'P' } }) }],
      }),
      rule({
        // NFS itself is clear text; only the policy of the file system makes clients use TLS.
        on: FILES,
        check: refusesClearText,
        severity: 'medium',
        fix: 'Use SecureFileSystem, or add a statement to FileSystemPolicy that denies everyone * if Bool aws:SecureTransport is false.',
        pass: [{ resources: mounted({}) }, { resources: mounted({ Action: ['elasticfilesystem:*'], Principal: '*' }) }],
        fail: [
          { resources: store(FILES, {}) },
          { resources: mounted({ Effect: 'Allow' }) },
          { resources: mounted({ Principal: { AWS: '111122223333' } }) },
          { resources: mounted({ Action: 'elasticfilesystem:ClientWrite' }) },
          { resources: mounted({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }) },
          { resources: mounted({ Condition: undefined }) },
        ],
        unknown: [{ ...PARAMETER, resources: store(FILES, { FileSystemPolicy: { Ref: 'P' } }) }],
      }),
    ],
  },

  'TLS-06': {
    aws: [
      rule({
        on: DOMAINS,
        check: (domain) => domain.at('NodeToNodeEncryptionOptions.Enabled').isTrue(),
        fix: 'Use SecureSearchDomain, or set NodeToNodeEncryptionOptions.Enabled: true (nodeToNodeEncryption in CDK).',
        pass: DOMAINS.map((type) => ({ resources: store(type, { NodeToNodeEncryptionOptions: { Enabled: true } }) })),
        fail: [
          ...DOMAINS.map((type) => ({ resources: store(type, {}) })),
          { resources: store('AWS::OpenSearchService::Domain', { NodeToNodeEncryptionOptions: { Enabled: false } }) },
        ],
        unknown: [
          { ...PARAMETER, resources: store('AWS::OpenSearchService::Domain', { NodeToNodeEncryptionOptions: { Enabled: { Ref: 'P' } } }) },
        ],
      }),
      rule({
        on: [CACHE, NODE],
        check: isCacheTransitEncrypted,
        fix: 'Use SecureCache, or set TransitEncryptionEnabled: true and TransitEncryptionMode: required. Redis OSS needs a ReplicationGroup for it, Memcached a version from 1.6.12 on.',
        pass: [
          { resources: store(CACHE, { TransitEncryptionEnabled: true }) },
          { resources: store(CACHE, { TransitEncryptionEnabled: true, TransitEncryptionMode: 'required' }) },
          { name: 'Valkey by default', resources: store(CACHE, { Engine: 'valkey' }) },
          { resources: store(NODE, { TransitEncryptionEnabled: true }) },
        ],
        fail: [
          { resources: store(CACHE, {}) },
          { resources: store(CACHE, { TransitEncryptionEnabled: true, TransitEncryptionMode: 'preferred' }) },
          { resources: store(CACHE, { Engine: 'valkey', TransitEncryptionEnabled: false }) },
          { resources: store(NODE, {}) },
        ],
        unknown: [{ ...PARAMETER, resources: store(CACHE, { TransitEncryptionEnabled: { Ref: 'P' } }) }],
      }),
      rule({
        on: MEMORY,
        check: (cluster) => cluster.at('TLSEnabled').orDefault(true).isTrue(),
        fix: 'Remove TLSEnabled: false; it is on by default.',
        pass: [
          ...MEMORY.map((type) => ({ resources: store(type, { TLSEnabled: true }) })),
          { resources: store('AWS::MemoryDB::Cluster', {}) },
        ],
        fail: MEMORY.map((type) => ({ resources: store(type, { TLSEnabled: false }) })),
        unknown: [{ ...PARAMETER, resources: store('AWS::MemoryDB::Cluster', { TLSEnabled: { Ref: 'P' } }) }],
      }),
      rule({
        on: 'AWS::DAX::Cluster',
        check: (cluster) => cluster.at('ClusterEndpointEncryptionType').orDefault('NONE').is('TLS'),
        fix: 'Set ClusterEndpointEncryptionType: TLS; it can be set only when the cluster is made.',
        pass: [{ resources: store('AWS::DAX::Cluster', { ClusterEndpointEncryptionType: 'TLS' }) }],
        fail: [
          { resources: store('AWS::DAX::Cluster', {}) },
          { resources: store('AWS::DAX::Cluster', { ClusterEndpointEncryptionType: 'NONE' }) },
        ],
        unknown: [{ ...PARAMETER, resources: store('AWS::DAX::Cluster', { ClusterEndpointEncryptionType: { Ref: 'P' } }) }],
      }),
    ],
  },

  'TLS-08': {
    aws: rule({
      on: CERTIFIED,
      check: (instance) =>
        when(instance.at('CACertificateIdentifier').isSet(), () => instance.at('CACertificateIdentifier').isNoneOf(LAPSED)),
      fix: 'Set CACertificateIdentifier: rds-ca-rsa2048-g1 (caCertificate in CDK), or leave it out.',
      pass: CERTIFIED.map((type) => ({ resources: store(type, { CACertificateIdentifier: 'rds-ca-rsa2048-g1' }) })),
      fail: CERTIFIED.map((type) => ({ resources: store(type, { CACertificateIdentifier: 'rds-ca-2019' }) })),
      unknown: [{ ...PARAMETER, resources: store('AWS::RDS::DBInstance', { CACertificateIdentifier: { Ref: 'P' } }) }],
      skip: [{ resources: store('AWS::RDS::DBInstance', {}) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
