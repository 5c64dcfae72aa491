import type { ControlId } from '../../../controls';
import { isMember, statementsOf } from '../../facts/database';
import type { Statement } from '../../facts/iam';
import { confines, limitKindOf } from '../../facts/iam-conditions';
import { allOf, anyOf, every, fail, not, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';

const INSTANCE = 'AWS::RDS::DBInstance';
const CLUSTER = 'AWS::RDS::DBCluster';
const NEPTUNE = 'AWS::Neptune::DBCluster';
const CACHE = 'AWS::ElastiCache::ReplicationGroup';
const NODE = 'AWS::ElastiCache::CacheCluster';
const SERVERLESS = 'AWS::ElastiCache::ServerlessCache';
const USER = 'AWS::ElastiCache::User';
const MEMORY = 'AWS::MemoryDB::Cluster';
const DOMAINS = ['AWS::OpenSearchService::Domain', 'AWS::Elasticsearch::Domain'];
const FILES = 'AWS::EFS::FileSystem';
const PROXY = 'AWS::RDS::DBProxy';
const LEDGER = 'AWS::QLDB::Ledger';

const IAM_ENGINES = /^(aurora|postgres|mysql|mariadb)/;

/** Sign-in by IAM, or by the directory where the engine knows no IAM. */
function takesDirectorySignIn(store: Resource): Outcome {
  if (isMember(store)) return notApplicable('its sign-in is that of its cluster');
  const iam = store.at('EnableIAMDatabaseAuthentication').isTrue();
  if (iam.verdict === 'pass') return iam;
  const engine = store.at('Engine');
  if (engine.state !== 'absent' && engine.string === undefined) return engine.asUnknown();
  if (engine.state === 'absent' || IAM_ENGINES.test(engine.string ?? '')) return iam;
  return anyOf(
    ['Domain', ...(store.type === INSTANCE ? ['DomainFqdn'] : [])].map((path) => store.at(path).isSet()),
    `${engine.string} takes no IAM sign-in, and no directory (Domain) is named`,
  );
}

/** Somebody has to show who they are before the cache answers. */
function asksWhoItIs(cache: Resource): Outcome {
  if (cache.at('Engine').matches(/^memcached$/i).verdict === 'pass') return notApplicable('Memcached knows no sign-in');
  if (cache.type === NODE) return fail('a CacheCluster of its own answers everyone who reaches it');
  if (cache.type === SERVERLESS) return cache.at('UserGroupId').isSet();
  return anyOf([cache.at('UserGroupIds').isSet(), cache.at('AuthToken').isSet()], 'neither UserGroupIds nor AuthToken is set');
}

const isLockedOut = (user: Resource): boolean => /(^|\s)off(\s|$)/.test(user.at('AccessString').string ?? '');

function needsPassword(user: Resource): Outcome {
  if (isLockedOut(user)) return notApplicable('the user is switched off');
  const mode = user.at('AuthenticationMode.Type');
  return allOf(
    not(user.at('NoPasswordRequired').isTrue(), 'NoPasswordRequired is true'),
    mode.state === 'absent' ? user.at('Passwords').isSet() : mode.isOneOf(['iam', 'password']),
  );
}

/** Lets in callers of whom nobody knows who they are: everyone, at most confined to some network. */
function admitsAnonymous(statement: Statement): Outcome {
  return allOf(
    statement.allows(),
    statement.reachesEveryone(),
    not(
      some(
        statement.conditions(),
        (condition) =>
          condition.operator === undefined
            ? condition.value.asUnknown()
            : limitKindOf(condition) === 'identity'
              ? confines(condition)
              : fail('does not say who it is'),
        'no condition on who it is',
      ),
      'names who it is',
    ),
  );
}

function answersTheKnownOnly(domain: Resource): Outcome {
  const open = domain.at('AdvancedSecurityOptions.AnonymousAuthEnabled').isTrue();
  if (open.verdict !== 'fail') return not(open, 'AdvancedSecurityOptions.AnonymousAuthEnabled is true');
  if (domain.at('AdvancedSecurityOptions.Enabled').isTrue().verdict === 'pass') return notApplicable('signs in everyone by itself');
  const statements = statementsOf(domain);
  if (statements.length === 0) return notApplicable('answers nobody without a policy');
  return every(statements, (statement) =>
    not(admitsAnonymous(statement), `${statement.name} lets in everyone unsigned, and fine-grained access control is off`),
  );
}

/** Without a policy, and under one that grants it to everyone, whoever reaches a mount target may mount. */
function refusesUnknownMounts(files: Resource): Outcome {
  if (files.at('FileSystemPolicy').state === 'absent')
    return fail('without FileSystemPolicy everyone in the network may mount', 'FileSystemPolicy');
  return every(statementsOf(files), (statement) =>
    not(
      allOf(admitsAnonymous(statement), statement.touchesAction('elasticfilesystem:ClientMount')),
      `${statement.name} lets everyone mount`,
    ),
  );
}

/** Names that attackers try first. Not secret, but one guess less. */
const WELL_KNOWN = ['admin', 'administrator', 'root', 'postgres', 'awsuser', 'sa', 'master', 'user', 'rdsadmin'];
const MASTERS: Readonly<Record<string, string>> = {
  [INSTANCE]: 'MasterUsername',
  [CLUSTER]: 'MasterUsername',
  'AWS::DocDB::DBCluster': 'MasterUsername',
  'AWS::DocDBElastic::Cluster': 'AdminUserName',
  'AWS::Redshift::Cluster': 'MasterUsername',
  'AWS::RedshiftServerless::Namespace': 'AdminUsername',
};
const MASTER_TYPES = Object.keys(MASTERS);

const store = (Type: string, Properties: object): Example['resources'] => ({ Store: { Type, Properties } });
const PARAMETER = { parameters: { P: { Type: 'String' } } } as const;
const domain = (AdvancedSecurityOptions: object | undefined, statement?: object) =>
  store('AWS::OpenSearchService::Domain', {
    ...(AdvancedSecurityOptions ? { AdvancedSecurityOptions } : {}),
    ...(statement ? { AccessPolicies: { Statement: [{ Effect: 'Allow', Action: 'es:ESHttpGet', Resource: '*', ...statement }] } } : {}),
  });
const mounts = (statement: object) =>
  store(FILES, {
    FileSystemPolicy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'elasticfilesystem:ClientMount', ...statement }] },
  });
const proxy = (IAMAuth: unknown) => store(PROXY, { Auth: [{ AuthScheme: 'SECRETS', IAMAuth }] });

export const SIGN_IN = {
  'LPA-14': {
    aws: [
      rule({
        // The switch allows sign-in by IAM, and refuses no password: advice.
        on: [INSTANCE, CLUSTER],
        from: 'moderate',
        severity: 'low',
        check: takesDirectorySignIn,
        fix: 'Use SecureDatabaseCluster, or set EnableIAMDatabaseAuthentication: true (iamAuthentication in CDK); on SQL Server and Oracle join a directory (Domain).',
        pass: [
          { resources: store(INSTANCE, { Engine: 'postgres', EnableIAMDatabaseAuthentication: true }) },
          { resources: store(CLUSTER, { Engine: 'aurora-mysql', EnableIAMDatabaseAuthentication: 'true' }) },
          { name: 'by the directory', resources: store(INSTANCE, { Engine: 'sqlserver-se', Domain: 'd-1' }) },
        ],
        fail: [
          { resources: store(INSTANCE, { Engine: 'postgres' }) },
          { resources: store(CLUSTER, { Engine: 'aurora-postgresql', EnableIAMDatabaseAuthentication: false }) },
          { resources: store(INSTANCE, { Engine: 'oracle-ee' }) },
          { resources: store(INSTANCE, {}) },
        ],
        unknown: [
          { ...PARAMETER, resources: store(INSTANCE, { Engine: { Ref: 'P' } }) },
          { ...PARAMETER, resources: store(CLUSTER, { Engine: 'aurora-mysql', EnableIAMDatabaseAuthentication: { Ref: 'P' } }) },
        ],
        skip: [{ resources: store(INSTANCE, { DBClusterIdentifier: 'cases' }) }, { tier: 'low', resources: store(INSTANCE, {}) }],
      }),
      rule({
        // Neptune knows no other sign-in: without it everyone who reaches the cluster may ask it anything.
        on: NEPTUNE,
        check: (cluster) => cluster.at('IamAuthEnabled').isTrue(),
        fix: 'Use SecureGraphDatabase, or set IamAuthEnabled: true (iamAuthentication in CDK).',
        pass: [{ resources: store(NEPTUNE, { IamAuthEnabled: true }) }],
        fail: [{ resources: store(NEPTUNE, {}) }, { resources: store(NEPTUNE, { IamAuthEnabled: false }) }],
        unknown: [{ ...PARAMETER, resources: store(NEPTUNE, { IamAuthEnabled: { Ref: 'P' } }) }],
      }),
      rule({
        on: [CACHE, NODE, SERVERLESS],
        check: asksWhoItIs,
        severity: 'medium',
        fix: 'Use SecureCache, or name a user group (UserGroupIds, UserGroupId on serverless caches) whose users sign in by IAM, or an AuthToken from Secrets Manager.',
        pass: [
          { resources: store(CACHE, { UserGroupIds: ['agents'] }) },
          { resources: store(CACHE, { AuthToken: '{{resolve:secretsmanager:cache}}' }) },
          { resources: store(SERVERLESS, { Engine: 'valkey', UserGroupId: 'agents' }) },
        ],
        fail: [
          { resources: store(CACHE, {}) },
          { resources: store(NODE, { Engine: 'redis' }) },
          { resources: store(SERVERLESS, { Engine: 'valkey' }) },
        ],
        skip: [{ resources: store(NODE, { Engine: 'memcached' }) }, { resources: store(SERVERLESS, { Engine: 'memcached' }) }],
      }),
      rule({
        on: USER,
        check: needsPassword,
        fix: 'Set AuthenticationMode.Type: iam, and remove NoPasswordRequired; switch the user default off (AccessString "off -@all").',
        pass: [
          { resources: store(USER, { AuthenticationMode: { Type: 'iam' } }) },
          { resources: store(USER, { NoPasswordRequired: false, Passwords: ['{{resolve:secretsmanager:cache}}'] }) },
        ],
        fail: [
          { resources: store(USER, { NoPasswordRequired: true }) },
          { resources: store(USER, { AuthenticationMode: { Type: 'no-password-required' }, AccessString: 'on ~* +@all' }) },
        ],
        unknown: [{ ...PARAMETER, resources: store(USER, { AuthenticationMode: { Type: { Ref: 'P' } } }) }],
        skip: [{ resources: store(USER, { NoPasswordRequired: true, AccessString: 'off -@all' }) }],
      }),
      rule({
        on: MEMORY,
        check: (cluster) =>
          allOf(
            cluster.at('ACLName').isSet(),
            not(cluster.at('ACLName').is('open-access'), 'ACLName is "open-access": nobody has to sign in'),
          ),
        fix: 'Name an ACL of your own whose users sign in by IAM or password.',
        pass: [{ resources: store(MEMORY, { ACLName: 'agents' }) }],
        fail: [{ resources: store(MEMORY, { ACLName: 'open-access' }) }],
        unknown: [{ ...PARAMETER, resources: store(MEMORY, { ACLName: { Ref: 'P' } }) }],
      }),
      rule({
        on: DOMAINS,
        check: answersTheKnownOnly,
        fix: 'Name the principals in AccessPolicies, remove AnonymousAuthEnabled, or set AdvancedSecurityOptions.Enabled: true (fineGrainedAccessControl in CDK).',
        pass: [{ resources: domain(undefined, { Principal: { AWS: 'arn:aws:iam::111122223333:role/agent' } }) }],
        fail: [
          { resources: domain({ Enabled: false }, { Principal: { AWS: '*' } }) },
          { resources: domain({ Enabled: true, AnonymousAuthEnabled: true }) },
        ],
        unknown: [{ ...PARAMETER, resources: domain({ Enabled: true, AnonymousAuthEnabled: { Ref: 'P' } }) }],
        skip: [
          { resources: domain(undefined) },
          { name: 'open to the network, but with its own sign-in', resources: domain({ Enabled: true }, { Principal: { AWS: '*' } }) },
        ],
      }),
      rule({
        on: DOMAINS,
        from: 'moderate',
        severity: 'medium',
        check: (domain) => domain.at('AdvancedSecurityOptions.Enabled').isTrue(),
        fix: 'Use SecureSearchDomain, or set AdvancedSecurityOptions.Enabled: true with a master user (fineGrainedAccessControl in CDK): indexes, documents and fields are then granted by role.',
        pass: [
          { resources: domain({ Enabled: true }) },
          { resources: store('AWS::Elasticsearch::Domain', { AdvancedSecurityOptions: { Enabled: true } }) },
        ],
        fail: [{ resources: domain(undefined) }, { resources: domain({ Enabled: false }) }],
        unknown: [{ ...PARAMETER, resources: domain({ Enabled: { Ref: 'P' } }) }],
      }),
      rule({
        on: FILES,
        from: 'moderate',
        severity: 'medium',
        check: refusesUnknownMounts,
        fix: 'Use SecureFileSystem, or write a FileSystemPolicy that grants elasticfilesystem:ClientMount to named roles only (allowAnonymousAccess: false in CDK).',
        pass: [
          { resources: mounts({ Principal: { AWS: 'arn:aws:iam::111122223333:role/agent' } }) },
          { resources: mounts({ Action: ['elasticfilesystem:ClientWrite', 'elasticfilesystem:ClientRootAccess'] }) },
          { resources: mounts({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }) },
        ],
        fail: [{ resources: store(FILES, {}) }, { resources: mounts({}) }],
        unknown: [{ ...PARAMETER, resources: store(FILES, { FileSystemPolicy: { Ref: 'P' } }) }],
        skip: [{ tier: 'low', resources: store(FILES, {}) }],
      }),
      rule({
        on: LEDGER,
        check: (ledger) => ledger.at('PermissionsMode').is('STANDARD'),
        fix: 'Set PermissionsMode: STANDARD.',
        pass: [{ resources: store(LEDGER, { PermissionsMode: 'STANDARD' }) }],
        fail: [{ resources: store(LEDGER, { PermissionsMode: 'ALLOW_ALL' }) }],
        unknown: [{ ...PARAMETER, resources: store(LEDGER, { PermissionsMode: { Ref: 'P' } }) }],
      }),
      rule({
        on: PROXY,
        from: 'moderate',
        severity: 'low',
        check: (proxy) => {
          if (proxy.at('DefaultAuthScheme').is('IAM_AUTH').verdict === 'pass') return pass();
          const schemes = proxy.at('Auth').items();
          return schemes.length === 0 ? fail('names no sign-in', 'Auth') : every(schemes, (scheme) => scheme.at('IAMAuth').is('REQUIRED'));
        },
        fix: 'Set IAMAuth: REQUIRED in every entry of Auth (iamAuth in CDK), or DefaultAuthScheme: IAM_AUTH.',
        pass: [{ resources: proxy('REQUIRED') }, { resources: store(PROXY, { DefaultAuthScheme: 'IAM_AUTH' }) }],
        fail: [{ resources: proxy('DISABLED') }, { resources: store(PROXY, {}) }],
        unknown: [{ ...PARAMETER, resources: proxy({ Ref: 'P' }) }],
      }),
      rule({
        on: MASTER_TYPES,
        from: 'moderate',
        severity: 'low',
        check: (store) => {
          const name = store.at(MASTERS[store.type] as string);
          if (name.state !== 'known') return notApplicable('the template does not say the name');
          return not(name.isOneOf(WELL_KNOWN), `${name.describe()}, which attackers try first`);
        },
        fix: 'Choose another name for the master user, and use it for administration only.',
        pass: MASTER_TYPES.map((type) => ({ resources: store(type, { [MASTERS[type] as string]: 'steward' }) })),
        fail: MASTER_TYPES.map((type) => ({ resources: store(type, { [MASTERS[type] as string]: 'admin' }) })),
        skip: [{ resources: store(INSTANCE, {}) }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
