import type { ControlId } from '../../../controls';
import { isForeignAccount } from '../../facts/accounts';
import { pairIsPromised } from '../../facts/azure-regions';
import { residencyOf } from '../../facts/classification';
import type { Statement } from '../../facts/iam';
import type { Condition } from '../../facts/iam-conditions';
import { activeReplications, BUCKET, coversBucket, STORAGE_ACCOUNT, statementsOn } from '../../facts/storage';
import type { Graph } from '../../graph';
import { allOf, every, fail, not, notApplicable, type Outcome, pass, some, unknown } from '../../outcome';
import { type Example, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

/** The destination of a replication rule is a bucket of ours. */
function staysWithUs(replication: Value, graph: Graph): Outcome {
  const account = replication.at('Destination.Account');
  if (account.missing?.startsWith('AWS::AccountId')) return pass();
  if (account.string !== undefined)
    return { ...not(isForeignAccount(account.string, graph), `replicates to account ${account.string}`), at: account.path };
  if (account.state !== 'absent') return account.asUnknown();
  const bucket = replication.at('Destination.Bucket');
  return graph.target(bucket, BUCKET) ? pass() : unknown(`whose bucket it is: ${bucket.describe()}`, bucket.path);
}

/** Region of a replica: that of the stack of its bucket, else that of the key with which it is encrypted. */
function regionOf(replication: Value, graph: Graph): string | undefined {
  const region = graph.target(replication.at('Destination.Bucket'), BUCKET)?.unit.region;
  if (region !== undefined) return region;
  const key = replication.at('Destination.EncryptionConfiguration.ReplicaKmsKeyID').shape ?? '';
  return /^arn:[^:]*:kms:([a-z0-9-]+):/.exec(key)?.[1];
}

/** One hour, in the milliseconds of `s3:signatureAge`. */
const ONE_HOUR_MS = 3_600_000;

/** Denies everyone the objects when the link was signed more than an hour ago; a test for links alone may stand beside. */
function refusesOldLinks(statement: Statement): Outcome {
  const conditions = statement.conditions();
  return allOf(
    statement.denies(),
    statement.namesEveryone(),
    statement.coversAction('s3:GetObject'),
    some(conditions, isOldSignature, 'tests no age'),
    every(conditions, (condition) => (condition.key === 's3:authtype' ? isLink(condition) : isOldSignature(condition))),
  );
}

function isOldSignature({ operator, key, values, value }: Condition): Outcome {
  if (operator === undefined) return value.asUnknown();
  if (key !== 's3:signatureage' || !operator.startsWith('numericgreaterthan')) return value.asFailure();
  return some(values, (age) => age.isAtMost(ONE_HOUR_MS), 'has no value');
}

function isLink({ operator, values }: Condition): Outcome {
  return operator?.startsWith('stringequals')
    ? some(values, (value) => value.is('REST-QUERY-STRING'), 'has no value')
    : fail('is no test for links');
}

/** Seconds of a period written as `DD.HH:MM:SS`; undefined for anything else. */
function secondsOf(period: string | undefined): number | undefined {
  const [, days, hours, minutes, seconds] = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})$/.exec(period ?? '') ?? [];
  if (hours === undefined) return undefined;
  return ((Number(days ?? 0) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
}

const replicated = (destination: object, status = 'Enabled') => ({
  Bucket: {
    Type: BUCKET,
    Properties: { ReplicationConfiguration: { Rules: [{ Status: status, Destination: { Bucket: 'arn:aws:s3:::copy', ...destination } }] } },
  },
});
const linked = (Condition: object, rest: object = {}): Example['resources'] => ({
  Bucket: { Type: BUCKET },
  Policy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Bucket' },
      PolicyDocument: {
        Statement: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: { 'Fn::Sub': '${Bucket.Arn}/*' }, Condition, ...rest },
      },
    },
  },
});
const account = (properties: object) => ({ data: { type: STORAGE_ACCOUNT, properties } });
const sas = (sasExpirationPeriod: unknown, expirationAction: unknown) => account({ sasPolicy: { sasExpirationPeriod, expirationAction } });
const EUROPE = { profile: { residency: ['eu-central-1', 'eu-west-1'] } };
const GERMANY = { profile: { residency: ['germanywestcentral'] } };
const TWO_PLACES = { profile: { residency: ['West Europe', 'North Europe'] } };
const OURS = { account: '111122223333' };

export const EXPORT = {
  'EXP-03': {
    aws: rule({
      on: BUCKET,
      check: (bucket, graph) => {
        const replications = activeReplications(bucket);
        return replications.length === 0 ? notApplicable('is not replicated') : every(replications, (each) => staysWithUs(each, graph));
      },
      fix: 'Replicate to a bucket of your own accounts, or record the destination as a waiver that expires.',
      pass: [
        { unit: OURS, resources: replicated({ Account: '111122223333' }) },
        { resources: { ...replicated({ Bucket: { 'Fn::GetAtt': ['Copy', 'Arn'] } }), Copy: { Type: BUCKET } } },
      ],
      fail: [{ unit: OURS, resources: replicated({ Account: '444455556666' }) }],
      unknown: [
        { name: 'a name does not tell whose bucket it is', resources: replicated({}) },
        { name: 'nothing says which account is ours', resources: replicated({ Account: '444455556666' }) },
      ],
      skip: [{ resources: replicated({ Account: '444455556666' }, 'Disabled') }, { resources: { Bucket: { Type: BUCKET } } }],
    }),
    azure: rule({
      // Accounts made since December 2023 refuse by default.
      on: STORAGE_ACCOUNT,
      check: (account) => account.at('allowCrossTenantReplication').orDefault(false).isFalse(),
      fix: 'Use SecureStorageAccount, or set allowCrossTenantReplication: false.',
      pass: [{ resources: account({ allowCrossTenantReplication: false }) }],
      fail: [{ resources: account({ allowCrossTenantReplication: true }) }],
      unknown: [{ resources: account({ allowCrossTenantReplication: { $unknown: 'config value' } }) }],
    }),
  },

  'EXP-08': {
    aws: rule({
      // Links live up to seven days unless the bucket's policy says less. Asked where the data is worth it, the high tier.
      on: BUCKET,
      check: (bucket, graph) =>
        some(
          statementsOn(bucket, graph),
          (statement) => every([() => refusesOldLinks(statement), () => coversBucket(statement, bucket, '/*')], (ask) => ask()),
          'no bucket policy refuses links that were signed more than an hour ago',
        ),
      from: 'high',
      severity: 'medium',
      fix: 'Use SecureBucket, or deny everyone s3:* on the objects if NumericGreaterThan s3:signatureAge 3600000 (milliseconds).',
      pass: [
        { resources: linked({ NumericGreaterThan: { 's3:signatureAge': '3600000' } }) },
        {
          resources: linked({
            NumericGreaterThanIfExists: { 's3:signatureAge': 600000 },
            StringEquals: { 's3:authType': 'REST-QUERY-STRING' },
          }),
        },
      ],
      fail: [
        { resources: { Bucket: { Type: BUCKET } } },
        { name: 'a day', resources: linked({ NumericGreaterThan: { 's3:signatureAge': 86400000 } }) },
        { name: 'uploads only', resources: linked({ NumericGreaterThan: { 's3:signatureAge': 3600000 } }, { Action: 's3:PutObject' }) },
        { name: 'every link, also those that are young', resources: linked({ StringEquals: { 's3:authType': 'REST-QUERY-STRING' } }) },
      ],
      skip: [{ tier: 'moderate', resources: { Bucket: { Type: BUCKET } } }],
    }),
    azure: rule({
      // The policy holds for links that an account key or a user delegation key signs.
      on: STORAGE_ACCOUNT,
      check: (account) => {
        const period = account.at('sasPolicy.sasExpirationPeriod');
        const seconds = secondsOf(period.string);
        const short = seconds !== undefined && seconds > 0 && seconds <= 3600;
        if (period.state === 'absent') return fail('links may live as long as their maker likes: sasPolicy is not set', 'sasPolicy');
        if (period.string === undefined) return period.asUnknown();
        return short ? account.at('sasPolicy.expirationAction').orDefault('Log').is('Block') : period.asFailure();
      },
      severity: 'medium',
      fix: "Use SecureStorageAccount, or set sasPolicy to sasExpirationPeriod '00.01:00:00' and expirationAction 'Block'.",
      pass: [{ resources: sas('00.01:00:00', 'Block') }, { resources: sas('0.00:15:00', 'Block') }],
      fail: [
        { resources: account({}) },
        { resources: sas('01.00:00:00', 'Block') },
        { name: 'only written down', resources: sas('00.01:00:00', 'Log') },
        { name: 'no period at all', resources: sas('1h', 'Block') },
      ],
      unknown: [{ resources: sas({ $unknown: 'config value' }, 'Block') }],
    }),
  },

  'LOC-02': {
    aws: rule({
      on: BUCKET,
      check: (bucket, graph) => {
        const places = residencyOf(bucket);
        if (!places) return notApplicable('the data profile promises no place');
        const replications = activeReplications(bucket);
        if (replications.length === 0) return notApplicable('is not replicated');
        return every(replications, (replication) => {
          const region = regionOf(replication, graph);
          const at = `${replication.path}.Destination.Bucket`;
          if (region === undefined) return unknown(`the region of the replica: ${replication.at('Destination.Bucket').describe()}`, at);
          return places.includes(region) ? pass() : fail(`is replicated to ${region}; the data profile promises ${places.join(', ')}`, at);
        });
      },
      fix: 'Replicate within the regions that the data profile promises (residency), or have the promise changed by the owner of the data.',
      pass: [
        {
          unit: EUROPE,
          resources: replicated({ EncryptionConfiguration: { ReplicaKmsKeyID: 'arn:aws:kms:eu-west-1:111122223333:key/1' } }),
        },
        {
          unit: { ...EUROPE, region: 'eu-central-1' },
          resources: { ...replicated({ Bucket: { 'Fn::GetAtt': ['Copy', 'Arn'] } }), Copy: { Type: BUCKET } },
        },
      ],
      fail: [
        {
          unit: EUROPE,
          resources: replicated({ EncryptionConfiguration: { ReplicaKmsKeyID: 'arn:aws:kms:us-east-1:111122223333:key/1' } }),
        },
      ],
      unknown: [{ unit: EUROPE, resources: replicated({}) }],
      skip: [{ resources: replicated({}) }],
    }),
    azure: rule({
      // A geo-redundant account is copied to the region that Azure pairs with its own.
      on: STORAGE_ACCOUNT,
      check: (account) => {
        const places = residencyOf(account);
        if (!places) return notApplicable('the data profile promises no place');
        const sku = account.at('sku.name');
        const local = sku.matches(/_[LZ]RS$/i);
        if (local.verdict !== 'fail') return local;
        const leaves = `${local.saw}: a copy goes to the paired region`;
        return pairIsPromised(leaves, account.at('location').string, places, 'sku.name');
      },
      fix: "Use sku.name 'Standard_ZRS', and copy to a region that the data profile promises with object replication.",
      pass: [
        { unit: GERMANY, resources: account({ sku: { name: 'Standard_ZRS' } }) },
        {
          name: 'the paired region is promised too',
          unit: TWO_PLACES,
          resources: account({ location: 'West Europe', sku: { name: 'Standard_GZRS' } }),
        },
      ],
      fail: [
        { unit: GERMANY, resources: account({ sku: { name: 'Standard_GRS' } }) },
        { unit: GERMANY, resources: account({ sku: { name: 'standard_ragzrs' } }) },
        {
          name: 'the paired region is none of several promised ones',
          unit: TWO_PLACES,
          resources: account({ location: 'uksouth', sku: { name: 'Standard_GRS' } }),
        },
      ],
      unknown: [{ unit: TWO_PLACES, resources: account({ sku: { name: 'Standard_GZRS' } }) }],
      skip: [{ resources: account({ sku: { name: 'Standard_GRS' } }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
