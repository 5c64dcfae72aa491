import type { ControlId } from '../../../controls';
import { isClosedOrSelective, isClosedToNetworks, type NetworkShape, refusesUnlistedNetworks } from '../../facts/azure';
import { grantsNobodyPublicly } from '../../facts/iam';
import { accountOf, BUCKET, STORAGE_ACCOUNT } from '../../facts/storage';
import { allOf, anyOf, every, fail, not, notApplicable, type Outcome, unknown, when } from '../../outcome';
import type { Resource } from '../../resource';
import { gap, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const SWITCHES = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const;
const PUBLIC_ACLS: Readonly<Record<string, string>> = {
  PublicRead: 'anybody can read',
  PublicReadWrite: 'anybody can read and write',
  AuthenticatedRead: 'everybody with an AWS account can read',
};
const BLOCKED = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

/** A public canned ACL that nothing makes ineffective. `pass` means yes. */
export function hasPublicAcl(bucket: Resource): Outcome {
  const acl = bucket.at('AccessControl');
  return allOf(
    acl.isOneOf(Object.keys(PUBLIC_ACLS)),
    not(bucket.at('PublicAccessBlockConfiguration.IgnorePublicAcls').isTrue(), 'public ACLs are ignored'),
  );
}

/** Every switch of a block that is written; what is left out of a written block is off. */
function isBlocked(block: Value): Outcome {
  return every(SWITCHES, (name) => block.at(name).isTrue());
}

/** Where each kind of resource policy is written, and the actions that a fence in it must deny. */
const POLICIES: Readonly<Record<string, readonly [path: string, actions: string]>> = {
  'AWS::S3::BucketPolicy': ['PolicyDocument', 's3:*'],
  'AWS::S3Express::BucketPolicy': ['PolicyDocument', 's3express:*'],
  'AWS::S3::MultiRegionAccessPointPolicy': ['Policy', 's3:*'],
  'AWS::S3ObjectLambda::AccessPointPolicy': ['PolicyDocument', 's3-object-lambda:*'],
  'AWS::S3Tables::TableBucketPolicy': ['ResourcePolicy', 's3tables:*'],
  'AWS::S3Tables::TablePolicy': ['ResourcePolicy', 's3tables:*'],
  'AWS::S3Vectors::VectorBucketPolicy': ['Policy', 's3vectors:*'],
};
const ACCESS_POINTS = ['AWS::S3::AccessPoint', 'AWS::S3Express::AccessPoint', 'AWS::S3::MultiRegionAccessPoint'] as const;

const CONTAINER = 'azure-native:storage:BlobContainer';
const WEBSITE = 'azure-native:storage:StorageAccountStaticWebsite';
const NETWORK: NetworkShape = { access: 'publicNetworkAccess', rules: 'networkRuleSet', range: 'iPAddressOrRange' };

const bucket = (Properties: object) => ({ Bucket: { Type: BUCKET, Properties } });
const policy = (...Statement: readonly object[]) => ({
  Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'cases', PolicyDocument: { Statement } } },
});
const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::cases/*' };
const account = (properties: object) => ({ type: STORAGE_ACCOUNT, properties });
const rules = (networkRuleSet: object) => ({ data: account({ networkRuleSet }) });
const container = (publicAccess: unknown, accountName: unknown = { $ref: 'data' }) => ({
  type: CONTAINER,
  properties: { accountName, publicAccess },
});

export const EXPOSURE = {
  // Anonymous access is judged here, on both clouds. From which networks a store can be reached is DID-05.
  'DHC-05': {
    aws: [
      rule({
        on: BUCKET,
        check: (bucket) => {
          const acl = bucket.at('AccessControl');
          return when(acl.isSet(), () => not(hasPublicAcl(bucket), `${acl.describe()}: ${PUBLIC_ACLS[acl.string ?? '']}`));
        },
        fix: 'Remove AccessControl, and set all four switches of PublicAccessBlockConfiguration to true.',
        pass: [{ resources: bucket({ AccessControl: 'Private' }) }],
        fail: [
          { resources: bucket({ AccessControl: 'PublicRead' }) },
          {
            resources: bucket({
              AccessControl: 'PublicReadWrite',
              PublicAccessBlockConfiguration: { ...BLOCKED, IgnorePublicAcls: 'false' },
            }),
          },
          { name: 'every AWS account in the world', resources: bucket({ AccessControl: 'AuthenticatedRead' }) },
        ],
        unknown: [{ parameters: { Acl: { Type: 'String' } }, resources: bucket({ AccessControl: { Ref: 'Acl' } }) }],
        skip: [{ resources: bucket({ BucketName: 'cases' }) }],
      }),
      rule({
        on: BUCKET,
        check: (bucket) => {
          const block = bucket.at('PublicAccessBlockConfiguration');
          if (block.state === 'absent') return notApplicable('no block is written');
          return when(not(hasPublicAcl(bucket), 'has a public ACL'), () => isBlocked(block));
        },
        severity: 'high',
        fix: 'Set all four switches of PublicAccessBlockConfiguration to true; a switch that is left out is off.',
        pass: [{ resources: bucket({ PublicAccessBlockConfiguration: BLOCKED }) }],
        fail: [
          { resources: bucket({ PublicAccessBlockConfiguration: { ...BLOCKED, RestrictPublicBuckets: false } }) },
          { resources: bucket({ PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true } }) },
        ],
        unknown: [
          {
            parameters: { Block: { Type: 'String' } },
            resources: bucket({ PublicAccessBlockConfiguration: { ...BLOCKED, BlockPublicPolicy: { Ref: 'Block' } } }),
          },
        ],
      }),
      rule({
        // Buckets made since April 2023 start out blocked, but only a written block survives the next update of the stack.
        on: BUCKET,
        check: (bucket) => when(not(hasPublicAcl(bucket), 'has a public ACL'), () => bucket.at('PublicAccessBlockConfiguration').isSet()),
        severity: 'medium',
        fix: 'Use SecureBucket, or write PublicAccessBlockConfiguration with all four switches true.',
        pass: [{ resources: bucket({ PublicAccessBlockConfiguration: BLOCKED }) }],
        fail: [{ resources: bucket({}) }],
        skip: [{ name: 'the public ACL is the finding', resources: bucket({ AccessControl: 'PublicRead' }) }],
      }),
      rule({
        on: ACCESS_POINTS,
        check: (point) => {
          // An access point is born blocked and cannot be changed later: only what is written can open it.
          const written = SWITCHES.map((name) => point.at(`PublicAccessBlockConfiguration.${name}`)).filter(
            ({ state }) => state !== 'absent',
          );
          if (written.length === 0) return notApplicable('the service blocks public access, and nothing here says otherwise');
          return every(written, (value) => value.isTrue());
        },
        severity: 'high',
        fix: 'Remove PublicAccessBlockConfiguration of the access point, or set all four switches to true.',
        pass: [
          {
            resources: {
              Point: { Type: 'AWS::S3::AccessPoint', Properties: { PublicAccessBlockConfiguration: { BlockPublicPolicy: true } } },
            },
          },
        ],
        fail: [
          {
            resources: {
              Point: {
                Type: 'AWS::S3::AccessPoint',
                Properties: { PublicAccessBlockConfiguration: { ...BLOCKED, BlockPublicPolicy: false } },
              },
            },
          },
          {
            resources: {
              Point: {
                Type: 'AWS::S3::MultiRegionAccessPoint',
                Properties: { PublicAccessBlockConfiguration: { RestrictPublicBuckets: 'false' } },
              },
            },
          },
        ],
      }),
      rule({
        on: Object.keys(POLICIES),
        check: (policy) => {
          const [path, actions] = POLICIES[policy.type] as readonly [string, string];
          return grantsNobodyPublicly(policy.at(path), actions);
        },
        fix: 'Name the principals, or confine them with a condition on aws:PrincipalOrgID, aws:SourceAccount or aws:SourceVpce that has no wildcard.',
        pass: [
          { resources: policy({ ...READ, Principal: { AWS: 'arn:aws:iam::111122223333:role/agent' } }) },
          { resources: policy({ ...READ, Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }) },
        ],
        fail: [
          { resources: policy({ ...READ, Principal: '*' }) },
          {
            resources: policy({
              ...READ,
              Principal: { AWS: ['*'] },
              Condition: { StringLike: { 'aws:Referer': 'https://example.com/*' } },
            }),
          },
          { resources: policy({ ...READ, Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }) },
          { resources: policy({ ...READ, NotPrincipal: { AWS: 'arn:aws:iam::111122223333:role/agent' } }) },
          {
            name: 'as text, on a table bucket',
            resources: {
              Policy: {
                Type: 'AWS::S3Tables::TableBucketPolicy',
                Properties: { ResourcePolicy: '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3tables:*","Resource":"*"}]}' },
              },
            },
          },
        ],
        unknown: [{ parameters: { Who: { Type: 'String' } }, resources: policy({ ...READ, Principal: { AWS: { Ref: 'Who' } } }) }],
      }),
      rule({
        on: ['AWS::S3::AccessPoint', 'AWS::S3Express::AccessPoint'],
        check: (point) => {
          if (point.at('Policy').state === 'absent') return notApplicable('has no policy');
          const actions = point.type === 'AWS::S3Express::AccessPoint' ? 's3express:*' : 's3:*';
          const closed = grantsNobodyPublicly(point.at('Policy'), actions);
          return anyOf([point.at('VpcConfiguration.VpcId').isSet(), closed], closed.saw);
        },
        fix: 'Name the principals, or bind the access point to a network with VpcConfiguration.VpcId.',
        pass: [
          { resources: { Point: accessPoint({ Principal: { AWS: 'arn:aws:iam::111122223333:role/agent' } }) } },
          {
            name: 'reachable from one network only',
            resources: { Point: accessPoint({ Principal: '*' }, { VpcConfiguration: { VpcId: 'vpc-1' } }) },
          },
        ],
        fail: [{ resources: { Point: accessPoint({ Principal: '*' }) } }],
        skip: [{ resources: { Point: { Type: 'AWS::S3::AccessPoint', Properties: { Bucket: 'cases' } } } }],
      }),
    ],
    azure: [
      rule({
        on: CONTAINER,
        check: (container, graph) => {
          const isPrivate = container.at('publicAccess').orDefault('None').is('None');
          const account = accountOf(container, graph);
          if (!account || isPrivate.verdict === 'pass') return isPrivate;
          return anyOf([isPrivate, account.at('allowBlobPublicAccess').isFalse()], isPrivate.saw);
        },
        fix: "Set publicAccess: 'None', and allowBlobPublicAccess: false on the account.",
        pass: [
          { resources: { cases: container('None', 'casedata') } },
          { name: 'the account refuses', resources: { cases: container('Blob'), data: account({ allowBlobPublicAccess: false }) } },
        ],
        fail: [
          { resources: { cases: container('Blob', 'casedata') } },
          { resources: { cases: container('container'), data: account({ allowBlobPublicAccess: true }) } },
        ],
        unknown: [{ resources: { cases: container({ $unknown: 'config value' }, 'casedata') } }],
      }),
      rule({
        on: STORAGE_ACCOUNT,
        check: (account) => {
          const allowed = account.at('allowBlobPublicAccess');
          return allowed.state === 'absent' ? notApplicable('says nothing') : allowed.isFalse();
        },
        severity: 'high',
        fix: 'Use SecureStorageAccount, or set allowBlobPublicAccess: false.',
        pass: [{ resources: { data: account({ allowBlobPublicAccess: false }) } }],
        fail: [{ resources: { data: account({ allowBlobPublicAccess: true }) } }],
        unknown: [{ resources: { data: account({ allowBlobPublicAccess: { $unknown: 'config value' } }) } }],
      }),
      rule({
        // Accounts made since November 2023 refuse by default, older ones allow; Azure keeps what is not written as it was.
        on: STORAGE_ACCOUNT,
        check: (account) => account.at('allowBlobPublicAccess').isSet(),
        severity: 'medium',
        fix: 'Use SecureStorageAccount, or set allowBlobPublicAccess: false.',
        pass: [{ resources: { data: account({ allowBlobPublicAccess: false }) } }],
        fail: [{ resources: { data: account({}) } }],
      }),
      rule({
        on: WEBSITE,
        check: (site, graph) => {
          const account = accountOf(site, graph);
          if (!account) return unknown('the storage account is not among what was read', 'accountName');
          const closed = anyOf([isClosedToNetworks(account, NETWORK), refusesUnlistedNetworks(account, NETWORK)]);
          return closed.verdict === 'fail' ? fail('a static website is served to anybody, whatever allowBlobPublicAccess says') : closed;
        },
        severity: 'high',
        fix: "Serve the site from a CDN over a private endpoint: publicNetworkAccess: 'Disabled' on the account.",
        pass: [
          {
            resources: {
              site: { type: WEBSITE, properties: { accountName: { $ref: 'data' } } },
              data: account({ publicNetworkAccess: 'Disabled' }),
            },
          },
        ],
        fail: [
          {
            resources: {
              site: { type: WEBSITE, properties: { accountName: { $ref: 'data' } } },
              data: account({ networkRuleSet: { defaultAction: 'Allow' } }),
            },
          },
        ],
        unknown: [{ resources: { site: { type: WEBSITE, properties: { accountName: 'casedata' } } } }],
      }),
    ],
  },

  'DID-05': {
    aws: gap('S3 has no network switch: reachability is decided by bucket policies (DHC-05, LPA-09) and by endpoint policies (EXP-04).'),
    azure: [
      rule({
        on: STORAGE_ACCOUNT,
        check: (account) => isClosedOrSelective(account, NETWORK),
        fix: "Use SecureStorageAccount, or set publicNetworkAccess: 'Disabled' and networkRuleSet.defaultAction: 'Deny', and add a private endpoint.",
        pass: [
          { resources: { data: account({ publicNetworkAccess: 'Disabled' }) } },
          { resources: { data: account({ publicNetworkAccess: 'SecuredByPerimeter' }) } },
          { resources: rules({ defaultAction: 'Deny' }) },
        ],
        fail: [
          { resources: { data: account({}) } },
          { resources: rules({ defaultAction: 'Allow' }) },
          { resources: rules({ defaultAction: 'Deny', ipRules: [{ iPAddressOrRange: '0.0.0.0/0' }] }) },
        ],
        unknown: [{ resources: { data: account({ publicNetworkAccess: { $unknown: 'config value' } }) } }],
        skip: [{ tier: 'low', resources: { data: account({}) } }],
      }),
      rule({
        on: STORAGE_ACCOUNT,
        check: (account) => when(refusesUnlistedNetworks(account, NETWORK), () => isClosedToNetworks(account, NETWORK)),
        severity: 'medium',
        fix: "Set publicNetworkAccess: 'Disabled' and let the listed networks in through private endpoints.",
        pass: [{ resources: { data: account({ publicNetworkAccess: 'Disabled', networkRuleSet: { defaultAction: 'Deny' } }) } }],
        fail: [
          {
            resources: {
              data: account({ publicNetworkAccess: 'Enabled', networkRuleSet: { defaultAction: 'Deny', virtualNetworkRules: [{}] } }),
            },
          },
        ],
        skip: [{ name: 'open to everybody is another finding', resources: { data: account({ publicNetworkAccess: 'Enabled' }) } }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };

function accessPoint(statement: object, rest: object = {}) {
  const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...statement }];
  return { Type: 'AWS::S3::AccessPoint', Properties: { Bucket: 'cases', Policy: { Statement }, ...rest } };
}
