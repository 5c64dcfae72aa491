import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { reviewOf } from '../review/review-document';
import type { ReviewDocument } from '../review/schema-review';
import { awsWith, type Changes, GONE, PROFILE, type Resources, type State, sideOfState, TODAY } from './review/corpus/pair';

const BUCKET = (more: object = {}) => ({
  Type: 'AWS::S3::Bucket',
  DeletionPolicy: 'Delete',
  Properties: {
    VersioningConfiguration: { Status: 'Enabled' },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    ...more,
  },
});
const OFF = { Status: 'Suspended' };
const TOPIC = { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'news' } };
const SESSION = { Type: 'AWS::Macie::Session', Properties: { Status: 'ENABLED' } };

const documentOf = (base: Resources, changes: Changes, config: State['config'] = {}, before: Changes = {}): ReviewDocument => {
  const state = (which: 'before' | 'after', more: Changes, own: State['config']) => ({
    side: sideOfState(which, { ...awsWith(base, { ...before, ...more }), config: { profile: PROFILE, ...own } }),
    kinds: ['cloudformation'],
  });
  return reviewOf(state('before', {}, {}), state('after', changes, config), { today: TODAY, version: '1.0.0' });
};
const blocking = ({ changes }: ReviewDocument) => changes.filter(({ blocks }) => blocks).map(({ sentence }) => sentence);
const exposureControls = (sentences: readonly string[]) => sentences.filter((sentence) => /nothing keeps/.test(sentence));

describe('a control that loses its last enforcement', () => {
  it('blocks where what kept it breaks it now', () => {
    const document = documentOf({ Records: BUCKET(), Topic: TOPIC }, { 'Records.VersioningConfiguration': OFF });
    expect(document.verdict).toBe('blocked');
    expect(exposureControls(blocking(document))).not.toEqual([]);
  });

  it('blocks nothing where something else still keeps it', () => {
    const document = documentOf({ Records: BUCKET(), Others: BUCKET(), Topic: TOPIC }, { 'Records.VersioningConfiguration': OFF });
    expect(blocking(document).filter((sentence) => /BCR-07/.test(sentence))).toEqual([]);
    expect(document.needs).toContain('data owner');
  });

  it('blocks where it went and something new breaks it', () => {
    const document = documentOf(
      { Records: BUCKET(), Topic: TOPIC },
      { Records: GONE, Fresh: { ...BUCKET({ VersioningConfiguration: OFF, BucketName: 'fresh' }) } },
    );
    expect(document.verdict).toBe('blocked');
  });

  it('blocks nothing where it went together with what it protected', () => {
    const document = documentOf({ Records: BUCKET(), Topic: TOPIC }, { Records: GONE });
    expect(blocking(document)).toEqual([]);
    expect(document.needs).toEqual(['data owner']);
  });

  it('blocks nothing where only what was broken before is left', () => {
    const document = documentOf({ Records: BUCKET(), Others: BUCKET({ VersioningConfiguration: OFF }), Topic: TOPIC }, { Records: GONE });
    expect(blocking(document)).toEqual([]);
  });

  it('blocks where a guard goes and what it guarded stays', () => {
    const document = documentOf({ Records: BUCKET(), Macie: SESSION }, { Macie: GONE });
    expect(blocking(document)).toEqual([expect.stringMatching(/session Macie is gone.*nothing keeps .*any more$/)]);
  });

  it('blocks nothing where a guard is replaced by another', () => {
    const document = documentOf({ Records: BUCKET(), Macie: SESSION }, { Macie: GONE, Watch: SESSION });
    expect(blocking(document)).toEqual([]);
  });

  it('blocks nothing where a recorded exception stands for it, which has to be approved instead', () => {
    const base = { Records: BUCKET(), Topic: TOPIC };
    const change = { 'Records.VersioningConfiguration': OFF };
    const lost = [
      ...new Set(
        blocking(documentOf(base, change)).flatMap((sentence) => /nothing keeps ([^;]+) any more/.exec(sentence)?.[1]?.split(', ') ?? []),
      ),
    ];
    expect(lost).not.toEqual([]);
    const waivers = lost.map((rule) => ({
      rule,
      resource: 'cases/Records',
      reason: 'holds copies only',
      owner: 'cases@example.com',
      approver: 'security@example.com',
      ticket: 'SEC-1',
      expires: '2027-03-31',
      source: 'config' as const,
    }));
    const document = documentOf(base, change, { waivers });
    expect(blocking(document)).toEqual([]);
    expect(document.needs).toContain('security');
    expect(document.changes.filter(({ topic }) => topic.startsWith('waiver is new'))).toHaveLength(lost.length);
  });
});

describe('the document', () => {
  const document = documentOf(
    { Records: BUCKET(), Others: BUCKET({ BucketName: 'others' }), Topic: TOPIC },
    { 'Records.VersioningConfiguration': OFF },
  );

  it('lists per control the rules and resources that enforce it before and after', () => {
    const rows = document.controls.filter(({ after, before }) => after.pass < before.pass);
    expect(rows).not.toEqual([]);
    for (const { after, before, enforcedBy } of rows) {
      const names = (side: 'before' | 'after') => enforcedBy.flatMap((rule) => rule[side]);
      expect(names('before')).toHaveLength(before.pass);
      expect(names('after')).toHaveLength(after.pass);
      expect(names('after')).not.toContain('the bucket Records');
      for (const { rule } of enforcedBy) expect(rule).toMatch(/^[A-Z]{3}-\d{2}\.[\w-]+$/);
    }
  });

  it('lists a control that as many keep as before, but others', () => {
    const { controls } = documentOf(
      { Records: BUCKET(), Others: BUCKET({ BucketName: 'others', VersioningConfiguration: OFF }), Topic: TOPIC },
      { 'Records.VersioningConfiguration': OFF, 'Others.VersioningConfiguration': { Status: 'Enabled' } },
    );
    expect(controls.find(({ control }) => control === 'BCR-07')?.enforcedBy).toEqual([
      { rule: 'BCR-07.object-storage', before: ['the bucket Records'], after: ['the bucket Others'] },
    ]);
  });

  it('is described by the schema that ships', () => {
    const schema = JSON.parse(readFileSync(join(__dirname, '..', 'schema', 'review.schema.json'), 'utf8'));
    const valid = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    expect(valid(JSON.parse(JSON.stringify(document))), JSON.stringify(valid.errors)).toBe(true);
  });
});
