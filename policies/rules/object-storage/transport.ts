import type { ControlId } from '../../../controls';
import { apiVersionOf } from '../../facts/azure';
import type { Statement } from '../../facts/iam';
import { type Condition, isPlainHttp } from '../../facts/iam-conditions';
import { BUCKET, coversBucket, STORAGE_ACCOUNT, statementsOn, statementsOnUnknownBuckets } from '../../facts/storage';
import type { Graph } from '../../graph';
import { allOf, every, fail, type Outcome, some, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';

/** API version from which accounts refuse plain HTTP unless told otherwise. */
const HTTPS_BY_DEFAULT = '2019-04-01';

const FILE_SERVICE = 'azure-native:storage:FileServiceProperties';

/**
 * Whether a policy denies everyone every action, on the bucket and on all its objects, whenever `condition` describes what is
 * refused. The two halves may stand in different statements. A statement with a further condition, or with `NotPrincipal`,
 * lets somebody through and does not count.
 */
function denies(bucket: Resource, graph: Graph, refused: string, describes: (condition: Condition) => Outcome): Outcome {
  const judge = (statements: readonly Statement[]) =>
    every(['', '/*'] as const, (part) =>
      some(
        statements,
        (statement) =>
          // In the order of what it costs to ask.
          every(
            [
              () => statement.denies(),
              () => every(statement.conditions(), describes),
              () => statement.namesEveryone(),
              () => statement.coversAction('s3:*'),
              () => coversBucket(statement, bucket, part),
            ],
            (ask) => ask(),
          ),
        'no statement does',
      ),
    );
  const statements = statementsOn(bucket, graph);
  const outcome = judge(statements);
  if (outcome.verdict !== 'fail') return outcome;
  const none = `no bucket policy denies ${refused} to everyone, on the bucket and on all of its objects`;
  if (statements.length > 0) return fail(nearest(statements, describes) ?? none);
  const loose = statementsOnUnknownBuckets(graph);
  return loose.length > 0 && judge(loose).verdict !== 'fail'
    ? unknown('whether a bucket policy applies: it names its bucket only on deployment')
    : fail(none);
}

/** Says what is missing in the statement that was meant to do it. */
function nearest(statements: readonly Statement[], describes: (condition: Condition) => Outcome): string | undefined {
  const meant = statements.find((statement) => statement.conditions().some((condition) => describes(condition).verdict === 'pass'));
  if (!meant) return undefined;
  if (meant.denies().verdict === 'fail') return `${meant.name} allows instead of denying; others may still be let in without the condition`;
  if (meant.namesEveryone().verdict === 'fail') return `${meant.name} does not deny everyone`;
  if (meant.coversAction('s3:*').verdict === 'fail') return `${meant.name} denies some actions only`;
  if (every(meant.conditions(), describes).verdict === 'fail') return `${meant.name} denies under a further condition only`;
  return `${meant.name} does not cover the bucket as well as all of its objects`;
}

/** The version is below 1.2, with whatever operator compares it. */
function isOldTls({ operator, key, values, value }: Condition): Outcome {
  if (operator === undefined) return value.asUnknown();
  if (key !== 's3:tlsversion') return value.asFailure();
  if (operator === 'numericlessthan') return some(values, (each) => each.isAtLeast(1.2), 'has no value');
  if (operator === 'numericlessthanequals') return some(values, (each) => each.isAtLeast(1.1), 'has no value');
  if (operator === 'numericnotequals') return every(values, (each) => each.isAtLeast(1.2));
  return value.asFailure();
}

const BOTH = [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, { 'Fn::Sub': '${Bucket.Arn}/*' }];
const HTTP = { Bool: { 'aws:SecureTransport': 'false' } };
const OLD = { NumericLessThan: { 's3:TlsVersion': '1.2' } };
const deny = (Condition: object, rest: object = {}) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: BOTH,
  Condition,
  ...rest,
});
const guarded = (...Statement: readonly object[]): Example['resources'] => ({
  Bucket: { Type: BUCKET },
  Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Statement } } },
});
const account = (properties: object) => ({ type: STORAGE_ACCOUNT, properties });
const smb = (settings: object) => ({ files: { type: FILE_SERVICE, properties: { protocolSettings: { smb: settings } } } });

export const TRANSPORT = {
  'TLS-01': {
    // The endpoints of S3 themselves have negotiated nothing below TLS 1.2 since 2024: the statement makes that a promise of
    // this bucket, on which evidence can rest. Hence a lower severity than the control's.
    aws: rule({
      on: BUCKET,
      check: (bucket, graph) => denies(bucket, graph, 'TLS versions below 1.2', isOldTls),
      severity: 'low',
      fix: 'Use SecureBucket, or add a statement to the bucket policy that denies everyone s3:* on the bucket and its objects if NumericLessThan s3:TlsVersion 1.2.',
      pass: [
        { resources: guarded(deny(OLD)) },
        {
          name: 'as a number, without effect for missing keys',
          resources: guarded(deny({ NumericLessThanIfExists: { 's3:TlsVersion': 1.3 } })),
        },
      ],
      fail: [
        { resources: { Bucket: { Type: BUCKET } } },
        { name: 'TLS is required, but not its version', resources: guarded(deny(HTTP)) },
        { name: 'TLS 1.1 is let through', resources: guarded(deny({ NumericLessThan: { 's3:TlsVersion': '1.1' } })) },
        { name: 'the objects only', resources: guarded(deny(OLD, { Resource: { 'Fn::Sub': '${Bucket.Arn}/*' } })) },
      ],
    }),
    azure: rule({
      on: STORAGE_ACCOUNT,
      check: (account) => account.at('minimumTlsVersion').orDefault('TLS1_0').isOneOf(['TLS1_2', 'TLS1_3']),
      fix: "Use SecureStorageAccount, or set minimumTlsVersion: 'TLS1_2'.",
      pass: [{ resources: { data: account({ minimumTlsVersion: 'TLS1_2' }) } }],
      fail: [{ resources: { data: account({}) } }, { resources: { data: account({ minimumTlsVersion: 'TLS1_1' }) } }],
      unknown: [{ resources: { data: account({ minimumTlsVersion: { $unknown: 'config value' } }) } }],
    }),
  },

  'TLS-03': {
    aws: rule({
      on: BUCKET,
      check: (bucket, graph) => denies(bucket, graph, 'requests over plain HTTP', isPlainHttp),
      fix: 'Use SecureBucket, or add a statement to the bucket policy that denies everyone s3:* on the bucket and its objects if Bool aws:SecureTransport false.',
      pass: [
        { resources: guarded(deny(HTTP)) },
        {
          name: 'a boolean, and AWS principals',
          resources: guarded(deny({ Bool: { 'aws:SecureTransport': false } }, { Principal: { AWS: '*' }, Action: '*' })),
        },
        {
          name: 'two statements, one for the objects',
          resources: guarded(
            deny(HTTP, { Resource: { 'Fn::Join': ['', ['arn:aws:s3:::', { Ref: 'Bucket' }, '/*']] } }),
            deny({ BoolIfExists: { 'AWS:securetransport': ['false'] } }, { Resource: { 'Fn::Sub': 'arn:aws:s3:::${Bucket}' } }),
          ),
        },
        {
          name: 'by the name of the bucket',
          resources: {
            Bucket: { Type: BUCKET, Properties: { BucketName: 'cases' } },
            Policy: {
              Type: 'AWS::S3::BucketPolicy',
              Properties: { Bucket: 'cases', PolicyDocument: { Statement: deny(HTTP, { Resource: 'arn:aws:s3:::cases*' }) } },
            },
          },
        },
      ],
      fail: [
        { resources: { Bucket: { Type: BUCKET } } },
        { name: 'the bucket without its objects', resources: guarded(deny(HTTP, { Resource: { 'Fn::GetAtt': ['Bucket', 'Arn'] } })) },
        { name: 'some actions', resources: guarded(deny(HTTP, { Action: ['s3:GetObject', 's3:PutObject'] })) },
        { name: 'some principals', resources: guarded(deny(HTTP, { Principal: { AWS: 'arn:aws:iam::111122223333:root' } })) },
        {
          name: 'all but some principals',
          resources: guarded(deny(HTTP, { Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::111122223333:root' } })),
        },
        {
          name: 'allowing only TLS denies nothing to those who are allowed elsewhere',
          resources: guarded(deny({ Bool: { 'aws:SecureTransport': 'true' } }, { Effect: 'Allow' })),
        },
        { name: 'under a further condition', resources: guarded(deny({ ...HTTP, StringEquals: { 'aws:PrincipalTag/team': 'x' } })) },
        { name: 'the wrong way round', resources: guarded(deny({ Bool: { 'aws:SecureTransport': 'true' } })) },
        { name: 'another bucket', resources: guarded(deny(HTTP, { Resource: ['arn:aws:s3:::other', 'arn:aws:s3:::other/*'] })) },
      ],
      unknown: [
        {
          name: 'a policy document that a parameter gives',
          parameters: { Document: { Type: 'String' } },
          resources: {
            Bucket: { Type: BUCKET },
            Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Ref: 'Document' } } },
          },
        },
        {
          name: 'a policy whose bucket a parameter names',
          parameters: { Name: { Type: 'String' } },
          resources: {
            Bucket: { Type: BUCKET },
            Policy: {
              Type: 'AWS::S3::BucketPolicy',
              Properties: { Bucket: { Ref: 'Name' }, PolicyDocument: { Statement: deny(HTTP, { Resource: '*' }) } },
            },
          },
        },
      ],
    }),
    azure: rule({
      on: STORAGE_ACCOUNT,
      check: (account) =>
        account
          .at('enableHttpsTrafficOnly')
          .orDefault((apiVersionOf(account) ?? HTTPS_BY_DEFAULT) >= HTTPS_BY_DEFAULT)
          .isTrue(),
      fix: 'Use SecureStorageAccount, or set enableHttpsTrafficOnly: true (supportsHttpsTrafficOnly in ARM).',
      pass: [{ resources: { data: account({ enableHttpsTrafficOnly: true }) } }],
      fail: [
        { resources: { data: account({ enableHttpsTrafficOnly: false }) } },
        { resources: { data: account({ enableHttpsTrafficOnly: 'false' }) } },
        { name: 'an API version of old', resources: { data: { ...account({}), options: { apiVersion: '2018-11-01' } } } },
      ],
      unknown: [{ resources: { data: account({ enableHttpsTrafficOnly: { $unknown: 'config value' } }) } }],
    }),
  },

  'TLS-06': {
    azure: rule({
      on: FILE_SERVICE,
      // Without listed versions the share speaks every dialect, also those that cannot encrypt.
      check: (service) =>
        allOf(
          service
            .at('protocolSettings.smb.versions')
            .orDefault('SMB2.1;SMB3.0;SMB3.1.1')
            .matches(/^SMB3\.1\.1;?$/i),
          service
            .at('protocolSettings.smb.channelEncryption')
            .orDefault('AES-128-CCM;AES-128-GCM;AES-256-GCM')
            .matches(/^AES-256-GCM;?$/i),
        ),
      fix: "Set protocolSettings.smb to versions 'SMB3.1.1' and channelEncryption 'AES-256-GCM'.",
      pass: [{ resources: smb({ versions: 'SMB3.1.1', channelEncryption: 'AES-256-GCM' }) }],
      fail: [
        { resources: smb({ versions: 'SMB2.1;SMB3.0;SMB3.1.1', channelEncryption: 'AES-256-GCM' }) },
        { resources: smb({ versions: 'SMB3.1.1;', channelEncryption: 'AES-128-GCM;AES-256-GCM' }) },
        { resources: { files: { type: FILE_SERVICE, properties: {} } } },
      ],
      unknown: [{ resources: smb({ versions: { $unknown: 'config value' }, channelEncryption: 'AES-256-GCM' }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
