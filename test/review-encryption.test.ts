import { describe, expect, it } from 'vitest';
import { reviewOf } from '../review/review-document';
import { compared, lineOf, type Resources, type State, sideOfState, TODAY } from './review/corpus/pair';

const key = { 'Fn::GetAtt': ['Key', 'Arn'] };
const is = (Type: string, Properties: object = {}) => ({ Type, Properties, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
const KEY = is('AWS::KMS::Key', { EnableKeyRotation: true });
const stacks = (resources: Resources): State => ({ stacks: { cases: { Key: KEY, ...resources } } });
const told = (before: Resources, after: Resources): readonly string[] =>
  compared({ before: stacks(before), after: stacks(after) })
    .filter(({ topic }) => topic === 'encryption at rest')
    .map(lineOf);
const files = (properties: object) => ({ Files: is('AWS::EFS::FileSystem', properties) });

describe('encryption at rest', () => {
  it('is told in one line of its own, whether all of it goes or only the key', () => {
    const whole = files({ Encrypted: true, KmsKeyId: key });
    expect(told(whole, files({ Encrypted: false }))).toEqual([
      'encryption, high, blocks: the file system Files is no longer encrypted; nothing keeps ENC-01, ENC-02 any more',
    ]);
    expect(told(whole, files({ Encrypted: true }))).toEqual([
      'encryption, medium, blocks: the file system Files is no longer encrypted with a customer key; nothing keeps ENC-02 any more',
    ]);
    expect(told(files({ Encrypted: true }), whole)).toEqual([
      'stronger encryption, medium: the file system Files is encrypted with a customer key now',
    ]);
  });

  it('has what still protects the store as evidence', () => {
    const [line] = compared({
      before: stacks(files({ Encrypted: true, KmsKeyId: key })),
      after: stacks(files({ Encrypted: true })),
    }).filter(({ topic }) => topic === 'encryption at rest');
    expect(line?.evidence.some(({ saw = '' }) => saw.includes('a key of its own: no'))).toBe(true);
    expect(line?.evidence.some(({ rule }) => rule === 'ENC-02.database')).toBe(true);
  });

  it('of a bucket is never lost whole: the service encrypts whatever nobody asks for', () => {
    const bucket = (...rules: readonly object[]) => ({
      Records: is('AWS::S3::Bucket', rules.length === 0 ? {} : { BucketEncryption: { ServerSideEncryptionConfiguration: rules } }),
    });
    const own = { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key } };
    expect(told(bucket(own), bucket()).join()).toContain('the bucket Records is no longer encrypted with a customer key');
    expect(told(bucket(own), bucket({ ...own, BucketKeyEnabled: true }))).toEqual([]);
  });

  it('does not hide what is lost in transit', () => {
    const search = (at: boolean, https: boolean) => ({
      Search: is('AWS::OpenSearchService::Domain', {
        EncryptionAtRestOptions: at ? { Enabled: true, KmsKeyId: key } : { Enabled: false },
        DomainEndpointOptions: { EnforceHTTPS: https },
      }),
    });
    const lines = compared({ before: stacks(search(true, true)), after: stacks(search(false, false)) }).map(lineOf);
    expect(lines.filter((line) => line.includes('no longer encrypted'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('TLS-03') || line.includes('https'))).toHaveLength(1);
  });
});

describe('whoever has to approve', () => {
  const queue = (policy: object) => ({
    Jobs: is('AWS::SQS::Queue', { KmsMasterKeyId: key }),
    Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Jobs' }], PolicyDocument: { Statement: [policy] } } },
  });
  const allow = (Principal: unknown) => ({ Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource: '*' });

  it('is asked also where what he has to approve is told by the line of another', () => {
    const [before, after] = [stacks(queue(allow({ AWS: 'arn:aws:iam::111122223333:role/app' }))), stacks(queue(allow('*')))];
    const lines = compared({ before, after }).filter(({ direction }) => direction === 'weaker');
    expect(lines.map(({ alsoNeeds, approver }) => [approver, alsoNeeds])).toContainEqual(['security', 'data owner']);
    const { needs, verdict } = reviewOf(
      { side: sideOfState('before', before), kinds: ['CloudFormation'] },
      { side: sideOfState('after', after), kinds: ['CloudFormation'] },
      { today: TODAY, version: '0.0.0' },
    );
    expect(needs).toEqual(['security', 'data owner']);
    expect(['approve: security', 'blocked']).toContain(verdict);
  });
});
