import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { review } from '../cli/review';

const folder = mkdtempSync(join(tmpdir(), 'palisade-witness-'));
afterAll(() => rmSync(folder, { recursive: true }));

const RECORDS = `  Records:
    Type: AWS::S3::Bucket
`;
const role = (more = '', principals = '{ Service: lambda.amazonaws.com }') => `  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - { Effect: Allow, Principal: ${principals}, Action: 'sts:AssumeRole' }
${more}`;
const STATEMENTS = `            - { Effect: Allow, Action: 's3:ListBucket', Resource: !GetAtt Records.Arn }
            - Sid: Letters
              Effect: Allow
              Action: 's3:GetObject'
              Resource: !Sub '\${Records.Arn}/letters/*'
`;
const INLINE = `      Policies:
        - PolicyName: nothing
          PolicyDocument: { Statement: [{ Effect: Deny, Action: 's3:DeleteBucket', Resource: '*' }] }
        - PolicyName: letters
          PolicyDocument:
            Statement:
${STATEMENTS.replaceAll('            -', '              -').replaceAll('              E', '                E').replaceAll('              A', '                A').replaceAll('              R', '                R')}`;
const SEPARATE = `  Letters:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Ref Role]
      PolicyDocument:
        Statement:
${STATEMENTS.replaceAll('            -', '          -').replaceAll('              E', '            E').replaceAll('              A', '            A').replaceAll('              R', '            R')}`;
const ON_BUCKET = `  Lets:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Records
      PolicyDocument:
        Statement:
          Effect: Allow
          Principal: { AWS: 'arn:aws:iam::999988887777:root' }
          Action: 's3:GetObject'
          Resource: !Sub '\${Records.Arn}/*'
`;

let files = 0;
function written(text: string): string {
  files += 1;
  const path = join(folder, `${files}.yaml`);
  writeFileSync(path, `Resources:\n${text}`);
  return path;
}

/** What the first line of a text is about that is told of a right, and where its evidence points. */
async function evidenceOf(before: string, after: string, sentence: RegExp) {
  const [base, head] = [written(before), written(after)];
  const { changes } = await review([base], [head], { today: new Date('2026-11-22') });
  const found = changes.find((change) => sentence.test(change.sentence));
  return (found?.evidence ?? [])
    .filter(({ rule }) => rule === undefined)
    .map(({ location, resource, saw, side }) => {
      const text = (side === 'before' ? before : after).split('\n')[(location?.line ?? 0) - 2]?.trim();
      return { resource, saw, text };
    });
}

describe('the evidence of a right', () => {
  it('points at the statement of an inline policy', async () => {
    expect(await evidenceOf(RECORDS + role(), RECORDS + role(INLINE), /can now read/)).toEqual([
      { resource: 'Role', saw: 'letters, statement "Letters"', text: '- Sid: Letters' },
    ]);
  });

  it('points at the statement of a policy of its own, and then at whose right it is', async () => {
    expect(await evidenceOf(RECORDS + role(), RECORDS + role() + SEPARATE, /can now read/)).toEqual([
      { resource: 'Letters', saw: 'Letters, statement "Letters"', text: '- Sid: Letters' },
      { resource: 'Role', saw: 'holds it', text: 'Role:' },
    ]);
    expect((await evidenceOf(RECORDS + role(), RECORDS + role() + SEPARATE, /can now list/))[0]).toEqual({
      resource: 'Letters',
      saw: 'Letters, statement 1',
      text: "- { Effect: Allow, Action: 's3:ListBucket', Resource: !GetAtt Records.Arn }",
    });
  });

  it('points at the one statement of a policy on a resource', async () => {
    expect(await evidenceOf(RECORDS, RECORDS + ON_BUCKET, /999988887777 can now read/)).toEqual([
      { resource: 'Lets', saw: 'the policy of Records, statement 1', text: 'Statement:' },
      { resource: 'Records', saw: 'is what it is put on', text: 'Records:' },
    ]);
  });

  it('points at who is trusted', async () => {
    const found = await evidenceOf(RECORDS + role(), RECORDS + role('', "{ AWS: '999988887777' }"), /can now become/);
    expect(found).toEqual([
      {
        resource: 'Role',
        saw: 'the trust policy, statement 1',
        text: "- { Effect: Allow, Principal: { AWS: '999988887777' }, Action: 'sts:AssumeRole' }",
      },
    ]);
  });

  it('points at what granted a right that is gone', async () => {
    expect((await evidenceOf(RECORDS + role() + SEPARATE, RECORDS + role(), /can no longer read/))[0]).toEqual({
      resource: 'Letters',
      saw: 'Letters, statement "Letters"',
      text: '- Sid: Letters',
    });
  });
});
