import type { ControlId } from '../../../controls';
import { namesForeigner } from '../../facts/accounts';
import { sensitivityOf } from '../../facts/classification';
import { type Statement, statementsOf } from '../../facts/iam';
import { bindsServices, keepOutsidersOut } from '../../facts/iam-grants';
import { BUCKET, coversBucket, deliveredInto, onlyDelivers, receivesRecords, STORAGE_ACCOUNT, statementsOn } from '../../facts/storage';
import type { Graph } from '../../graph';
import { allOf, every, fail, not, notApplicable, type Outcome, pass, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, gap, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { hasPublicAcl } from './exposure';

/** Where each kind of resource policy is written. */
const POLICIES: Readonly<Record<string, string>> = {
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::S3Express::BucketPolicy': 'PolicyDocument',
  'AWS::S3::AccessPoint': 'Policy',
  'AWS::S3Express::AccessPoint': 'Policy',
  'AWS::S3::MultiRegionAccessPointPolicy': 'Policy',
  'AWS::S3ObjectLambda::AccessPointPolicy': 'PolicyDocument',
  'AWS::S3Tables::TableBucketPolicy': 'ResourcePolicy',
  'AWS::S3Tables::TablePolicy': 'ResourcePolicy',
  'AWS::S3Vectors::VectorBucketPolicy': 'Policy',
};
const POLICY_TYPES = Object.keys(POLICIES);
const LOCAL_USER = 'azure-native:storage:LocalUser';

/** The statements that grant something. */
function grantsOf(policy: Resource): readonly Statement[] {
  return statementsOf(policy.at(POLICIES[policy.type] as string)).filter((statement) => statement.allows().verdict !== 'fail');
}

/** Some statement denies everybody but a closed set, on the bucket's objects. */
function deniesEveryoneElse(bucket: Resource, graph: Graph): Outcome {
  return some(
    statementsOn(bucket, graph),
    (statement) => allOf(statement.fencesOff('s3:*'), coversBucket(statement, bucket, '/*')),
    'no bucket policy denies everyone but a closed set of principals',
  );
}

const policy = (...Statement: readonly object[]) => ({
  Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'cases', PolicyDocument: { Statement } } },
});
const read = (principal: object, rest: object = {}) =>
  policy({ Effect: 'Allow', Principal: principal, Action: 's3:GetObject', Resource: '*', ...rest });
const deliver = (Service: string, rest: object) =>
  policy({ Effect: 'Allow', Principal: { Service }, Action: 's3:PutObject', Resource: '*', ...rest });
const CASES = { Type: BUCKET, Properties: { Tags: [{ Key: 'palisade:sensitivity', Value: 'confidential' }] } };
const fenced = (statement: object): Example['resources'] => ({
  Bucket: CASES,
  Policy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Bucket' },
      PolicyDocument: { Statement: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', ...statement } },
    },
  },
});
const AGENTS = { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/agent' } };
const owned = (ObjectOwnership: unknown, rest: object = {}) => ({
  Bucket: { Type: BUCKET, Properties: { OwnershipControls: { Rules: [{ ObjectOwnership }] }, ...rest } },
});
const account = (properties: object) => ({ data: { type: STORAGE_ACCOUNT, properties } });
const user = (properties: object) => ({ partner: { type: LOCAL_USER, properties } });

const BIND = 'Add a condition on aws:SourceAccount, aws:SourceArn or aws:SourceOrgID to every statement that lets a service in.';

/** Load balancers send no source; they write below `AWSLogs/<account>/` of their own account, so that the path binds them. */
function bindsDeliverer(statement: Statement): Outcome {
  const balancers = statement.services().every((service) => service.string === 'logdelivery.elasticloadbalancing.amazonaws.com');
  const bound = statement.resources().every((resource) => /\/AWSLogs\/(\d{12}|\$\{AWS::AccountId[^}]*\})\//.test(resource.shape ?? ''));
  return balancers && bound ? pass() : bindsServices(statement);
}

/** A grant names what it grants. To whom it may go at all is DHC-05 and LPA-10. */
function namesActions(statement: Statement): Outcome {
  if (statement.isPublic().verdict !== 'fail') return notApplicable('whom it lets in is the finding');
  const excepted = statement.value.at('NotAction');
  if (excepted.state !== 'absent') return not(statement.allows(), `${statement.name} allows every action but some (NotAction)`);
  return not(statement.grantsEvery('s3:*'), `${statement.name} allows every action`);
}

function trustsNoService(bypass: Value): Outcome {
  const trusts = bypass.matches(/AzureServices/i);
  const saw = 'networkRuleSet.bypass lets in every trusted service of Azure';
  return trusts.verdict === 'pass' ? fail(saw, bypass) : not(trusts, saw);
}

export const ACCESS = {
  'LPA-02': {
    aws: rule({
      on: ['AWS::S3::BucketPolicy', 'AWS::S3::AccessPoint', 'AWS::S3::MultiRegionAccessPointPolicy'],
      check: (policy) => every(grantsOf(policy), namesActions),
      severity: 'medium',
      fix: 'Name the actions that the principal needs, such as s3:GetObject and s3:ListBucket, instead of s3:* or NotAction.',
      pass: [{ resources: read({ AWS: 'arn:aws:iam::111122223333:role/agent' }) }],
      fail: [
        { resources: read({ AWS: 'arn:aws:iam::111122223333:role/agent' }, { Action: ['s3:GetObject', 's3:*'] }) },
        { resources: read({ AWS: 'arn:aws:iam::111122223333:role/agent' }, { Action: '*' }) },
        { resources: read({ AWS: 'arn:aws:iam::111122223333:role/agent' }, { Action: undefined, NotAction: 's3:Put*' }) },
      ],
      unknown: [
        {
          parameters: { What: { Type: 'String' } },
          resources: read({ AWS: 'arn:aws:iam::111122223333:role/agent' }, { Action: { Ref: 'What' } }),
        },
      ],
      skip: [{ name: 'everyone is the finding of DHC-05', resources: read({ AWS: '*' }, { Action: 's3:*' }) }],
    }),
  },

  'LPA-09': {
    aws: rule({
      on: BUCKET,
      check: (bucket, graph) => {
        const sensitivity = sensitivityOf(bucket);
        if (sensitivity !== 'confidential' && sensitivity !== 'restricted')
          return notApplicable('does not say that it holds customer data');
        if (deliveredInto(bucket, graph).size > 0) return notApplicable('holds logs, not cases');
        return deniesEveryoneElse(bucket, graph);
      },
      fix: 'Add a statement that denies everyone s3:* unless aws:PrincipalArn (ArnNotLike) or aws:PrincipalOrgID (StringNotEquals) is one of a closed list.',
      pass: [
        { resources: fenced({ Condition: AGENTS }) },
        { resources: fenced({ Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::111122223333:role/agent' } }) },
      ],
      fail: [
        { resources: { Bucket: CASES } },
        {
          name: 'any agent of any account',
          resources: fenced({ Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/agent' } } }),
        },
        { name: 'reads stay open', resources: fenced({ Action: 's3:PutObject', Condition: AGENTS }) },
        { name: 'another bucket', resources: fenced({ Resource: 'arn:aws:s3:::other/*', Condition: AGENTS }) },
      ],
      unknown: [
        {
          parameters: { Who: { Type: 'String' } },
          resources: fenced({ Condition: { ArnNotLike: { 'aws:PrincipalArn': { Ref: 'Who' } } } }),
        },
      ],
      skip: [
        { tier: 'low', resources: { Bucket: CASES } },
        { resources: { Bucket: { Type: BUCKET, Properties: { Tags: [{ Key: 'classification', Value: 'internal' }] } } } },
      ],
    }),
    azure: gap(
      'A storage account has no policy of its own: role assignments only add rights. Denials come from deployment stacks and role conditions (identity).',
    ),
  },

  'LPA-10': {
    aws: [
      rule({
        on: POLICY_TYPES,
        check: (policy, graph) => keepOutsidersOut(grantsOf(policy), graph, 'DHC-05'),
        fix: 'Remove the account, add a condition StringEquals aws:PrincipalOrgID with your organisation, or record the sharing as a waiver that expires.',
        pass: [
          { resources: read({ AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/agent' } }) },
          { resources: read({ AWS: '444455556666' }, { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }) },
        ],
        fail: [
          {
            unit: { account: '111122223333' },
            resources: read({ AWS: 'arn:aws:iam::444455556666:root' }),
          },
          {
            name: 'everyone of another account',
            unit: { account: '111122223333' },
            resources: read({ AWS: '*' }, { Condition: { StringEquals: { 'aws:PrincipalAccount': '444455556666' } } }),
          },
          {
            name: 'another account, from a known network',
            unit: { account: '111122223333' },
            resources: read({ AWS: '444455556666' }, { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }),
          },
        ],
        unknown: [
          { name: 'the account is named, but not whose it is', resources: read({ AWS: 'arn:aws:iam::444455556666:root' }) },
          {
            parameters: { Partner: { Type: 'String' } },
            resources: read({ AWS: { 'Fn::Sub': 'arn:aws:iam::${Partner}:root' } }),
          },
        ],
        skip: [
          { name: 'everyone: DHC-05 judges that', resources: read({ AWS: '*' }) },
          { name: 'everyone, whatever their id', resources: read({ AWS: '*' }, { Condition: { StringLike: { 'aws:userid': '*' } } }) },
        ],
      }),
      rule({
        on: 'AWS::S3::AccessGrant',
        check: (grant, graph) => {
          const grantee = grant.at('Grantee.GranteeIdentifier');
          return when(grant.at('Grantee.GranteeType').is('IAM'), () =>
            not(namesForeigner(grantee, graph), `${grantee.describe()}, which is another account`),
          );
        },
        fix: 'Grant to a principal of your own accounts, or record the sharing as a waiver that expires.',
        pass: [{ unit: { account: '111122223333' }, resources: granted('arn:aws:iam::111122223333:role/agent') }],
        fail: [{ unit: { account: '111122223333' }, resources: granted('arn:aws:iam::444455556666:role/agent') }],
        unknown: [{ resources: granted('arn:aws:iam::444455556666:role/agent') }],
        skip: [{ name: 'a person or group of the directory', resources: granted('a1b2c3d4-5678', 'DIRECTORY_USER') }],
      }),
    ],
    azure: gap(
      'Azure grants rights on an account by role assignments, never in the account: foreign principals are judged with them (identity), replication across tenants under EXP-03.',
    ),
  },

  'LPA-14': {
    aws: rule({
      // New buckets have had ACLs switched off since April 2023; what is written can switch them on again.
      on: BUCKET,
      check: (bucket, graph) => {
        if (hasPublicAcl(bucket).verdict === 'pass') return notApplicable('the public ACL is a finding of DHC-05');
        if (graph.pointingAt(bucket, 'AWS::CloudFront::Distribution', 'DistributionConfig.Logging.Bucket').length > 0)
          return notApplicable('standard logs of CloudFront can only be delivered by ACL');
        return allOf(
          every(bucket.at('OwnershipControls.Rules').items(), (entry) => entry.at('ObjectOwnership').is('BucketOwnerEnforced')),
          bucket.at('AccessControl').orDefault('Private').is('Private'),
        );
      },
      severity: 'medium',
      fix: 'Set OwnershipControls to BucketOwnerEnforced, remove AccessControl, and grant by bucket policy (log delivery included).',
      pass: [{ resources: owned('BucketOwnerEnforced') }],
      fail: [
        { resources: owned('BucketOwnerPreferred') },
        { resources: owned('ObjectWriter') },
        { resources: { Bucket: { Type: BUCKET, Properties: { AccessControl: 'LogDeliveryWrite' } } } },
      ],
      unknown: [{ parameters: { Owner: { Type: 'String' } }, resources: owned({ Ref: 'Owner' }) }],
      skip: [
        {
          resources: {
            ...owned('ObjectWriter'),
            Site: {
              Type: 'AWS::CloudFront::Distribution',
              Properties: { DistributionConfig: { Logging: { Bucket: { 'Fn::GetAtt': ['Bucket', 'RegionalDomainName'] } } } },
            },
          },
        },
      ],
    }),
    azure: [
      rule({
        on: STORAGE_ACCOUNT,
        check: (account) => account.at('allowSharedKeyAccess').orDefault(true).isFalse(),
        fix: 'Use SecureStorageAccount, or set allowSharedKeyAccess: false and give workloads a role on the account.',
        pass: [{ resources: account({ allowSharedKeyAccess: false }) }],
        fail: [{ resources: account({}) }, { resources: account({ allowSharedKeyAccess: 'True' }) }],
        unknown: [{ resources: account({ allowSharedKeyAccess: { $unknown: 'config value' } }) }],
      }),
      rule({
        on: LOCAL_USER,
        check: (user) => allOf(user.at('hasSshPassword').orDefault(false).isFalse(), user.at('hasSharedKey').orDefault(false).isFalse()),
        fix: 'Let the user sign in with an SSH key of its own (hasSshKey): hasSshPassword: false and hasSharedKey: false.',
        pass: [{ resources: user({ hasSshKey: true, hasSshPassword: false }) }],
        fail: [{ resources: user({ hasSshPassword: true }) }, { resources: user({ hasSshKey: true, hasSharedKey: true }) }],
      }),
    ],
  },

  'LPA-16': {
    aws: [
      rule({
        on: POLICY_TYPES,
        check: (policy) =>
          every(grantsOf(policy), (statement) =>
            onlyDelivers(statement) ? notApplicable('only delivers records') : bindsServices(statement),
          ),
        fix: BIND,
        pass: [
          {
            resources: read({ Service: 'sns.amazonaws.com' }, { Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }),
          },
          {
            resources: read(
              { Service: ['logging.s3.amazonaws.com'] },
              { Condition: { ArnLike: { 'aws:SourceArn': { 'Fn::Sub': 'arn:aws:s3:::${AWS::StackName}-*' } } } },
            ),
          },
        ],
        fail: [
          { name: 'a deliverer of records that may read', resources: read({ Service: 'cloudtrail.amazonaws.com' }) },
          { resources: read({ Service: 'sns.amazonaws.com' }, { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:topic' } } }) },
          {
            resources: read(
              { Service: 'sns.amazonaws.com' },
              { Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '111122223333' } } },
            ),
          },
        ],
        unknown: [
          {
            parameters: { Source: { Type: 'String' } },
            resources: read({ Service: 'sns.amazonaws.com' }, { Condition: { ArnLike: { 'aws:SourceArn': { Ref: 'Source' } } } }),
          },
        ],
        skip: [{ resources: read({ AWS: 'arn:aws:iam::111122223333:role/agent' }) }],
      }),
      rule({
        // Deliverers of records write and never read: what an unbound grant lets in is records of somebody else, no loss of data.
        on: POLICY_TYPES,
        check: (policy) =>
          every(grantsOf(policy), (statement) =>
            onlyDelivers(statement) ? bindsDeliverer(statement) : notApplicable('delivers no records'),
          ),
        severity: 'low',
        fix: BIND,
        pass: [
          {
            resources: deliver('cloudtrail.amazonaws.com', {
              Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': '111122223333' } },
            }),
          },
          {
            name: 'load balancers write below the number of their account, and take no condition',
            resources: deliver('logdelivery.elasticloadbalancing.amazonaws.com', {
              Resource: { 'Fn::Sub': 'arn:aws:s3:::logs/AWSLogs/${AWS::AccountId}/*' },
            }),
          },
        ],
        fail: [
          {
            resources: deliver('cloudtrail.amazonaws.com', {
              Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
            }),
          },
          { resources: deliver('logdelivery.elasticloadbalancing.amazonaws.com', { Resource: 'arn:aws:s3:::logs/AWSLogs/*' }) },
        ],
        skip: [{ resources: read({ Service: 'sns.amazonaws.com' }) }],
      }),
    ],
    azure: rule({
      // CIS asks for the exception where services need it, so that a finding here is advice: name the instances instead.
      on: STORAGE_ACCOUNT,
      check: (account, graph) =>
        when(account.at('networkRuleSet.defaultAction').is('Deny'), () =>
          receivesRecords(account, graph)
            ? notApplicable('Azure Monitor and flow logs, which write records into it, cannot be named as single instances')
            : trustsNoService(account.at('networkRuleSet.bypass').orDefault('AzureServices')),
        ),
      severity: 'low',
      fix: "Set networkRuleSet.bypass: 'None' (or 'Logging, Metrics') and list single instances in networkRuleSet.resourceAccessRules.",
      pass: [
        { resources: account({ networkRuleSet: { defaultAction: 'Deny', bypass: 'None' } }) },
        { resources: account({ networkRuleSet: { defaultAction: 'Deny', bypass: 'Logging, Metrics' } }) },
      ],
      fail: [
        { resources: account({ networkRuleSet: { defaultAction: 'Deny' } }) },
        { resources: account({ networkRuleSet: { defaultAction: 'Deny', bypass: 'Logging, AzureServices' } }) },
      ],
      skip: [
        { resources: account({ networkRuleSet: { defaultAction: 'Allow', bypass: 'AzureServices' } }) },
        {
          name: 'the destination of a diagnostic setting',
          resources: {
            ...account({ networkRuleSet: { defaultAction: 'Deny', bypass: 'AzureServices' } }),
            setting: { type: 'azure-native:monitor:DiagnosticSetting', properties: { storageAccountId: { $ref: 'data' } } },
          },
        },
      ],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };

function granted(GranteeIdentifier: string, GranteeType = 'IAM') {
  return { Grant: { Type: 'AWS::S3::AccessGrant', Properties: { Permission: 'READ', Grantee: { GranteeType, GranteeIdentifier } } } };
}
