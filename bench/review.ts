/**
 * What a review finds, beside what `cdk diff --security-only` finds on the same pairs in the same run; and what a review of a large
 * environment costs, by how much of it changed. Each part in a process of its own; prints one JSON line.
 */
import { fullDiff } from '@aws-cdk/cloudformation-diff';
import { graphOfTemplates, type TemplateInput } from '../policies/gather/cloudformation';
import type { Node } from '../policies/node';
import { compareSides, type Side, sideOf } from '../review/diff';
import { AWS_HARMLESS, AWS_WEAKENINGS } from '../test/review/corpus';
import { asking, compared, type Harmless, type State, templatesOf, type Weakening } from '../test/review/corpus/pair';
import type { Cost, Found } from './review-results';

const MIB = 1024;
const occasion = { today: new Date('2026-11-22T00:00:00Z') };

// ── Recall and false alarms ────────────────────────────────────────────────────────────────────────────────────────

const isTold = (pair: Weakening): boolean =>
  asking(compared(pair)).some(
    ({ aspect, boundary, sentence }) =>
      pair.about.includes(aspect) &&
      pair.naming.split('|').some((word) => sentence.includes(word)) &&
      (pair.boundary === undefined || boundary === pair.boundary),
  );

/** As the command decides whether it shows anything and asks: stack by stack, where permissions or rules of security groups widen. */
function cdkDiffAsks({ after, before }: Harmless): boolean {
  const byStack = (state: State) => new Map(templatesOf(state).map(({ id, template }) => [id, template]));
  const [old, now] = [byStack(before), byStack(after)];
  return [...new Set([...old.keys(), ...now.keys()])].some((id) => fullDiff(old.get(id) ?? {}, now.get(id) ?? {}).permissionsBroadened);
}

function found(): Found {
  const [weakenings, harmless] = [Object.values(AWS_WEAKENINGS), Object.values(AWS_HARMLESS)];
  return {
    weakenings: weakenings.length,
    harmless: harmless.length,
    review: { told: weakenings.filter(isTold).length, alarms: harmless.filter((pair) => asking(compared(pair)).length > 0).length },
    cdkDiff: { told: weakenings.filter(cdkDiffAsks).length, alarms: harmless.filter(cdkDiffAsks).length },
  };
}

// ── Cost ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const PRINCIPALS = 500;
const STORES = 400;
const PER_STACK = 400;
const ref = (id: string) => ({ Ref: id });
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const policy = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });

/** A stack of one kind: roles with their policies and functions, or stores with their keys and policies, or what surrounds them. */
function resourcesOf(size: number, changed: number): Readonly<Record<string, object>>[] {
  const resources: [string, object][] = [];
  const add = (id: string, Type: string, Properties: object, more: object = {}) => resources.push([id, { Type, ...more, Properties }]);
  const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
  for (let n = 0; n < STORES; n += 1) {
    if (n % 2 === 0) {
      add(
        `Bucket${n}`,
        'AWS::S3::Bucket',
        {
          BucketName: `store-${n}`,
          VersioningConfiguration: { Status: 'Enabled' },
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
        },
        kept,
      );
      add(`BucketPolicy${n}`, 'AWS::S3::BucketPolicy', {
        Bucket: ref(`Bucket${n}`),
        PolicyDocument: policy({
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [arn(`Bucket${n}`)],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      });
    } else
      add(
        `Table${n}`,
        'AWS::DynamoDB::Table',
        {
          TableName: `store-${n}`,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        },
        kept,
      );
  }
  for (let n = 0; n < PRINCIPALS; n += 1) {
    const wider = n < changed / 2 ? ['s3:DeleteObject'] : [];
    add(`Role${n}`, 'AWS::IAM::Role', {
      RoleName: `role-${n}`,
      AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }),
    });
    add(`Rights${n}`, 'AWS::IAM::Policy', {
      PolicyName: `rights-${n}`,
      Roles: [ref(`Role${n}`)],
      PolicyDocument: policy(
        { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject', ...wider], Resource: `arn:aws:s3:::store-${n % STORES}/*` },
        {
          Effect: 'Allow',
          Action: ['dynamodb:GetItem', 'dynamodb:Query'],
          Resource: `arn:aws:dynamodb:eu-central-1:111122223333:table/store-${(n * 7) % STORES}`,
        },
        { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
      ),
    });
  }
  for (let n = 0; resources.length < size; n += 1) {
    const shorter = n < changed - Math.min(changed / 2, PRINCIPALS);
    add(`Logs${n}`, 'AWS::Logs::LogGroup', { RetentionInDays: shorter ? 30 : 731 }, kept);
    add(`Alarm${n}`, 'AWS::CloudWatch::Alarm', {
      Namespace: 'App',
      MetricName: `errors-${n}`,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      AlarmActions: ['arn:aws:sns:eu-central-1:111122223333:oncall'],
    });
    add(`Function${n}`, 'AWS::Lambda::Function', {
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Role: `arn:aws:iam::111122223333:role/role-${n % PRINCIPALS}`,
      Code: { S3Bucket: 'code', S3Key: `${n}.zip` },
      Environment: { Variables: { TABLE: `store-${n % STORES}` } },
    });
    add(`Queue${n}`, 'AWS::SQS::Queue', { QueueName: `jobs-${n}`, SqsManagedSseEnabled: true });
    add(`Group${n}`, 'AWS::EC2::SecurityGroup', {
      GroupDescription: 'app',
      VpcId: 'vpc-1',
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16' }],
    });
  }
  const stacks: Record<string, object>[] = [];
  for (let at = 0; at < resources.length; at += PER_STACK) stacks.push(Object.fromEntries(resources.slice(at, at + PER_STACK)));
  return stacks;
}

const inputs = (size: number, changed: number): readonly TemplateInput[] =>
  resourcesOf(size, changed).map((Resources, at) => ({
    id: `stack-${at}`,
    stackName: `stack-${at}`,
    region: 'eu-central-1',
    account: '111122223333',
    template: JSON.parse(JSON.stringify({ Resources })) as Record<string, Node>,
  }));

function cost(size: number, changed: number): Cost {
  const [before, after] = [inputs(size, 0), inputs(size, changed)];
  const start = performance.now();
  const side = (which: Side['which'], templates: readonly TemplateInput[]): Side =>
    sideOf(which, [{ path: 'estate', ...graphOfTemplates(templates) }], occasion);
  const sides = [side('before', before), side('after', after)] as const;
  const judged = performance.now();
  const lines = compareSides(...sides, occasion);
  const end = performance.now();
  const resources = [...(sides[1].targets[0]?.graph.resources() ?? [])].length;
  return {
    resources,
    changed,
    seconds: (end - start) / 1000,
    comparing: (end - judged) / 1000,
    peak: process.resourceUsage().maxRSS / MIB,
    lines: lines.length,
  };
}

const [part, size, changed] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(part === 'found' ? found() : cost(Number(size), Number(changed)))}\n`);
