import { describe, expect, it } from 'vitest';
import { graphOfTemplates } from '../policies/gather/cloudformation';
import type { Node } from '../policies/node';
import { compareSides, type Side, sideOf } from '../review/diff';

const occasion = { today: new Date('2026-11-22T00:00:00Z') };
type Resources = Readonly<Record<string, object>>;
const side = (which: Side['which'], Resources: Resources): Side =>
  sideOf(
    which,
    [{ path: 't', graph: graphOfTemplates([{ id: 't', template: { Resources } as unknown as Record<string, Node> }]).graph, waivers: [] }],
    occasion,
  );
const bucket = (properties: object = {}, more: object = {}) => ({ Type: 'AWS::S3::Bucket', ...more, Properties: properties });
const TOPIC = { Type: 'AWS::SNS::Topic', Properties: {} };

/** What is said of data when the first becomes the second. */
const said = (before: Resources, after: Resources): readonly string[] =>
  compareSides(side('before', before), side('after', after), occasion)
    .filter(({ topic }) => topic === 'gone' || topic === 'replaced')
    .map(({ approver, aspect, sentence, severity }) => `${aspect} ${severity} ${approver}: ${sentence}`);

describe('a store', () => {
  it('that leaves is deleted, kept or copied once more, as its policy says', () => {
    const left = (more: object) => said({ Topic: TOPIC, Records: bucket({}, more) }, { Topic: TOPIC });
    expect(left({})).toEqual(['data critical data owner: the bucket Records is no longer there: it is deleted with what it holds']);
    expect(left({ DeletionPolicy: 'Retain' })).toEqual([
      'data medium data owner: the bucket Records is no longer there: it stays, and nothing manages it any more',
    ]);
    expect(left({ DeletionPolicy: 'Snapshot' })).toEqual([
      'data high data owner: the bucket Records is no longer there: it is deleted, and a last snapshot of it is kept',
    ]);
  });

  it('whose name changes is replaced by an empty one', () => {
    expect(said({ Records: bucket({ BucketName: 'a' }) }, { Records: bucket({ BucketName: 'b' }) })).toEqual([
      'data critical data owner: the bucket Records is replaced by a new, empty one (BucketName changes): of the old one, it is deleted with what it holds',
    ]);
  });

  it('whose logical id changes is another one to CloudFormation', () => {
    expect(said({ Records: bucket({ BucketName: 'a' }) }, { Files: bucket({ BucketName: 'a' }) })).toEqual([
      'data critical data owner: the bucket Files is replaced by a new, empty one (its logical id is Files now): of the old one, it is deleted with what it holds',
    ]);
  });

  it('that is kept and named is taken over under another logical id', () => {
    const kept = { DeletionPolicy: 'Retain' };
    expect(said({ Records: bucket({ BucketName: 'a' }, kept) }, { Files: bucket({ BucketName: 'a' }, kept) })).toEqual([]);
  });

  it('that changes otherwise stays', () => {
    expect(said({ Records: bucket() }, { Records: bucket({ VersioningConfiguration: { Status: 'Enabled' } }) })).toEqual([]);
  });
});

it('records that leave are for security to approve', () => {
  const group = { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 731 } };
  expect(said({ Topic: TOPIC, Logs: group }, { Topic: TOPIC })).toEqual([
    'logging critical security: the log group Logs is no longer there: it is deleted with what it holds',
  ]);
});

it('what is no store may come and go', () => {
  expect(said({ Topic: TOPIC, Records: bucket() }, { Records: bucket() })).toEqual([]);
});
