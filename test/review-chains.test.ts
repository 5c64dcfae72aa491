import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOfTemplates } from '../policies/gather/cloudformation';
import type { Node } from '../policies/node';
import { compareSides, type Side, type SideConfig, sideOf } from '../review/diff';
import { numberOf } from '../review/diff/access/actions';
import { MOVES } from '../review/diff/access-chains/moves';
import type { ReviewChange } from '../review/schema-review';

const occasion = { today: new Date('2026-11-22T00:00:00Z') };
const [HOME, OTHER, PARTNER] = ['111122223333', '222233334444', '444455556666'];
// biome-ignore lint/suspicious/noExplicitAny: templates of every shape
type Resources = Record<string, any>;
/** Resources by account. */
type Estate = Readonly<Record<string, Resources>>;

const side = (which: Side['which'], estate: Estate, config: SideConfig = {}): Side =>
  sideOf(
    which,
    [
      {
        path: 't',
        ...graphOfTemplates(
          Object.entries(estate).map(([account, Resources]) => ({
            id: `stack-${account}`,
            stackName: `stack-${account}`,
            account,
            region: 'eu-central-1',
            template: JSON.parse(JSON.stringify({ Resources })) as Record<string, Node>,
          })),
        ),
      },
    ],
    occasion,
    config,
  );

const allow = (Action: unknown, Resource: unknown = '*', Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition ? { Condition } : {}),
});
const inline = (...Statement: readonly object[]) => [{ PolicyName: 'rights', PolicyDocument: { Version: '2012-10-17', Statement } }];
const trust = (Principal: object | string, Condition?: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...(Condition ? { Condition } : {}) }],
});
const role = (RoleName: string, trusted: object, ...statements: readonly object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName, AssumeRolePolicyDocument: trusted, Policies: inline(...statements) },
});
const arn = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;
const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });
const service = (name: string) => trust({ Service: name });
const SAML = trust({ Federated: `arn:aws:iam::${HOME}:saml-provider/idp` });
const READS = allow('s3:GetObject', 'arn:aws:s3:::records/*');
const NOTHING = allow('cloudwatch:GetMetricData');
const BUCKET = { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', Properties: { BucketName: 'records' } };
const MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };

/** What is told of access, as weaker or undecided. */
function told(before: Estate, after: Estate, config: SideConfig = {}): readonly ReviewChange[] {
  return compareSides(side('before', before, config), side('after', after, config), occasion).filter(
    ({ aspect, direction, evidence }) =>
      aspect === 'access' && (direction === 'weaker' || direction === 'undecided') && evidence.some(({ chain }) => chain !== undefined),
  );
}
const sentences = (changes: readonly ReviewChange[]) => changes.map(({ sentence }) => sentence.replace(/; nothing keeps .*$/, ''));
const home = (resources: Resources): Estate => ({ [HOME]: resources });

describe('the actions of chains', () => {
  it('are all known to the reference', () => {
    expect(MOVES.filter((action) => numberOf(action.toLowerCase()) === undefined)).toEqual([]);
  });
});

describe('a role in another account', () => {
  const reader = role('reader', trust({ AWS: arn(HOME, 'dev') }), READS);
  const estate = (...statements: readonly object[]): Estate => ({
    [HOME]: { Dev: role('dev', SAML, ...statements) },
    [OTHER]: { Reader: reader, Records: BUCKET },
  });

  it('is become only where both sides allow it', () => {
    expect(sentences(told(estate(NOTHING), estate(NOTHING, allow('sts:AssumeRole', arn(OTHER, 'reader')))))).toEqual([
      'the role Dev can now become the role Reader, and through it read the bucket Records',
    ]);
    // Its trust alone gives nothing to a role that may not ask, and nothing is gained by those who could become that.
    const closed: Estate = { ...estate(NOTHING), [OTHER]: { Reader: role('reader', trust(root(OTHER)), READS), Records: BUCKET } };
    const changes = told(closed, estate(NOTHING));
    expect(changes.flatMap(({ evidence }) => evidence.map(({ chain = [] }) => chain[0]))).toEqual(['the role Dev']);
  });
});

describe('a role in the same account', () => {
  const estate = (trusted: object, ...statements: readonly object[]) =>
    home({ Dev: role('dev', SAML, ...statements), Reader: role('reader', trusted, READS), Records: BUCKET });

  it('is become by whoever it names, and where it names the account by whoever may ask', () => {
    const closed = estate(service('ec2.amazonaws.com'), NOTHING);
    expect(sentences(told(closed, estate(trust({ AWS: arn(HOME, 'dev') }), NOTHING)))).toEqual([
      'the role Dev can now become the role Reader, and through it read the bucket Records',
    ]);
    const asks = estate(trust(root(HOME)), NOTHING, allow('sts:AssumeRole', arn(HOME, 'reader')));
    expect(sentences(told(estate(trust(root(HOME)), NOTHING), asks))).toEqual([
      'the role Dev can now become the role Reader, and through it read the bucket Records',
    ]);
  });

  it('is not become by whom its condition keeps out', () => {
    const only = (name: string) => trust(root(HOME), { ArnLike: { 'aws:PrincipalArn': arn(HOME, name) } });
    const may = allow('sts:AssumeRole', arn(HOME, 'reader'));
    expect(sentences(told(estate(only('ops-*'), NOTHING), estate(only('ops-*'), NOTHING, may)))).toEqual([
      'the role Dev can now administer the role Reader (sts:AssumeRole)',
    ]);
    expect(sentences(told(estate(only('d*'), NOTHING), estate(only('d*'), NOTHING, may)))).toEqual([
      'the role Dev can now become the role Reader, and through it read the bucket Records',
    ]);
  });

  it('is not become where a boundary withholds it, however it is named', () => {
    const bounded = (boundary: string) => ({
      ...(estate(trust({ AWS: arn(HOME, 'dev') }), NOTHING)[HOME] as Resources),
      Dev: {
        Type: 'AWS::IAM::Role',
        Properties: { RoleName: 'dev', AssumeRolePolicyDocument: SAML, PermissionsBoundary: { Ref: 'Limit' } },
      },
      Limit: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: [allow(boundary)] } } },
    });
    const [line, ...more] = told(home(bounded('cloudwatch:*')), home(bounded('*')));
    expect(more).toEqual([]);
    expect(
      line?.evidence.some(({ chain = [] }) => chain.join(' → ') === 'the role Dev → becoming the role Reader → read the bucket Records'),
    ).toBe(true);
  });

  it('is told with what somebody must do no longer', () => {
    const trusting = (Condition?: object) => estate(trust({ AWS: arn(HOME, 'dev') }, Condition), NOTHING);
    expect(sentences(told(trusting({ ...MFA, StringEquals: { 'sts:SourceIdentity': 'ann' } }), trusting(MFA)))).toEqual([
      'the role Dev can become the role Reader with fewer conditions: StringEquals sts:sourceidentity ann is no longer asked for, and through it read the bucket Records',
    ]);
  });
});

describe('a chain of roles', () => {
  const broker = (...statements: readonly object[]) =>
    role('broker', trust({ AWS: `arn:aws:iam::${PARTNER}:role/in` }, MFA), ...statements);
  const estate = (reader: object, stores: readonly string[] = ['records']) =>
    home({
      Broker: broker(NOTHING, allow('sts:AssumeRole', arn(HOME, 'reader'))),
      Reader: role('reader', reader, ...stores.map((name) => allow('s3:GetObject', `arn:aws:s3:::${name}/*`))),
      ...Object.fromEntries(stores.map((name) => [`Store${name}`, { ...BUCKET, Properties: { BucketName: name } }])),
    });

  it('tells who reaches what from outside, by which steps, and which condition in the middle is gone', () => {
    const [line] = told(estate(trust(root(HOME), MFA)), estate(trust(root(HOME))));
    expect(line?.boundary).toBe('organisation');
    expect(line?.sentence).toBe(
      `arn:aws:iam::${PARTNER}:role/in can read the bucket Storerecords with fewer conditions, by becoming the role Broker, then becoming the role Reader: Bool aws:multifactorauthpresent true as the role Broker is no longer asked for`,
    );
    expect(line?.evidence[0]?.chain).toEqual([
      `arn:aws:iam::${PARTNER}:role/in`,
      'becoming the role Broker',
      'becoming the role Reader',
      'read the bucket Storerecords',
    ]);
  });

  it('names the three gravest of many stores and counts the rest', () => {
    const stores = ['a', 'b', 'c', 'd', 'e'];
    const [line] = told(estate(service('ec2.amazonaws.com'), stores), estate(trust(root(HOME)), stores));
    expect(line?.sentence).toContain(
      'can now read the bucket Storea and read the bucket Storeb and read the bucket Storec and 2 more (when',
    );
  });

  it('is undecided where a condition on the way cannot be read', () => {
    const hidden = { 'Fn::ImportValue': 'conditions' };
    const before = estate(service('ec2.amazonaws.com'));
    const after = estate({ Statement: [{ Effect: 'Allow', Principal: root(HOME), Action: 'sts:AssumeRole', Condition: hidden }] });
    const lines = told(before, after);
    expect(
      lines.some(
        ({ direction, evidence }) =>
          direction === 'undecided' && evidence.some(({ chain = [] }) => chain.includes('becoming the role Reader')),
      ),
    ).toBe(true);
    expect(lines.filter(({ direction, sentence }) => direction === 'weaker' && sentence.includes(PARTNER))).toEqual([]);
  });

  it('tells nothing of stores and roles that came together', () => {
    const before = home({ Broker: broker(NOTHING, allow('lambda:UpdateFunctionCode')) });
    const after = home({
      ...(before[HOME] as Resources),
      New: role('new', service('lambda.amazonaws.com'), allow('s3:GetObject', { 'Fn::Sub': '${Store.Arn}/*' })),
      Store: { ...BUCKET, Properties: {} },
      Code: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['New', 'Arn'] }, Code: { ZipFile: '' } } },
    });
    expect(sentences(told(before, after)).filter((sentence) => sentence.includes(PARTNER))).toEqual([]);
  });
});

describe('rights over rights', () => {
  const bounded = (boundary: string, ...statements: readonly object[]) =>
    home({
      Dev: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'dev',
          AssumeRolePolicyDocument: SAML,
          Policies: inline(...statements),
          PermissionsBoundary: { Ref: 'Limit' },
        },
      },
      Limit: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { PolicyDocument: { Statement: [allow([boundary, 'iam:PutRolePolicy', 'cloudwatch:*'])] } },
      },
    });

  it('reach as far as the boundary lets them', () => {
    const puts = allow('iam:PutRolePolicy', arn(HOME, 'dev'));
    expect(sentences(told(bounded('sqs:*', NOTHING), bounded('sqs:*', NOTHING, puts)))).toEqual([
      'the role Dev can now administer the role Dev (iam:PutRolePolicy), and through it read, write, delete and administer everything',
    ]);
  });

  it('over somebody whom one cannot become give nothing through him', () => {
    const estate = (...statements: readonly object[]) =>
      home({ Dev: role('dev', SAML, ...statements), Ops: role('ops', service('ec2.amazonaws.com'), NOTHING) });
    expect(sentences(told(estate(NOTHING), estate(NOTHING, allow('iam:PutRolePolicy', arn(HOME, 'ops')))))).toEqual([
      'the role Dev can now administer the role Ops (iam:PutRolePolicy)',
    ]);
  });
});

describe('whatever the roles', () => {
  const ROLES = 5;
  /** Who asks for whom, who lets whom in by name, who lets the account decide, who runs as a function, what each reads. */
  const links = (max: number) => fc.uniqueArray(fc.tuple(fc.nat(ROLES - 1), fc.nat(ROLES - 1)), { maxLength: max, selector: String });
  const world = fc.record({
    asks: links(8),
    names: links(4),
    decides: fc.uniqueArray(fc.nat(ROLES - 1), { maxLength: 3 }),
    changes: links(1),
    reads: fc.uniqueArray(fc.tuple(fc.nat(ROLES - 1), fc.constantFrom('a', 'b')), { maxLength: 4, selector: String }),
  });
  type World = typeof world extends fc.Arbitrary<infer Value> ? Value : never;
  const targets = (pairs: World['asks'], from: number) => pairs.flatMap(([one, other]) => (one === from ? [other] : []));

  /** The partner comes in as the first role. */
  const estate = ({ asks, changes, decides, names, reads }: World): Estate =>
    home(
      Object.fromEntries(
        Array.from({ length: ROLES }, (_, n) => n).flatMap((n) => [
          [
            `Role${n}`,
            role(
              `role-${n}`,
              {
                Statement: [
                  { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
                  ...(n === 0
                    ? [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${PARTNER}:role/in` }, Action: 'sts:AssumeRole' }]
                    : []),
                  ...(decides.includes(n) ? [{ Effect: 'Allow', Principal: root(HOME), Action: 'sts:AssumeRole' }] : []),
                  ...names.flatMap(([one, other]) =>
                    other === n ? [{ Effect: 'Allow', Principal: { AWS: arn(HOME, `role-${one}`) }, Action: 'sts:AssumeRole' }] : [],
                  ),
                ],
              },
              NOTHING,
              ...targets(asks, n).map((other) => allow('sts:AssumeRole', arn(HOME, `role-${other}`))),
              ...targets(changes, n).map((other) =>
                allow('lambda:UpdateFunctionCode', `arn:aws:lambda:eu-central-1:${HOME}:function:code-${other}`),
              ),
              ...reads.flatMap(([one, store]) => (one === n ? [allow('s3:GetObject', `arn:aws:s3:::${store}/*`)] : [])),
            ),
          ],
          [
            `Code${n}`,
            { Type: 'AWS::Lambda::Function', Properties: { FunctionName: `code-${n}`, Role: { 'Fn::GetAtt': [`Role${n}`, 'Arn'] } } },
          ],
        ]),
      ),
    );

  /** The stores that the partner reads, found by trying. */
  function read({ asks, changes, decides, names, reads }: World): ReadonlySet<string> {
    const become = new Set([0]);
    for (const from of become)
      for (const to of [...targets(names, from), ...targets(asks, from).filter((one) => decides.includes(one)), ...targets(changes, from)])
        become.add(to);
    return new Set(reads.flatMap(([one, store]) => (become.has(one) ? [store] : [])));
  }

  it('tells the partner where, and only where, he newly reads a store', () => {
    fc.assert(
      fc.property(world, world, (one, other) => {
        const [was, is] = [read(one), read(other)];
        const gained = [...is].filter((store) => !was.has(store)).map((store) => `arn:aws:s3:::${store}/*`);
        const lines = told(estate(one), estate(other)).filter(({ boundary }) => boundary === 'organisation');
        const chains = lines.flatMap(({ evidence }) =>
          evidence.flatMap(({ chain = [] }) => (chain[0]?.includes(PARTNER) && chain.at(-1)?.startsWith('read ') ? [chain.at(-1)] : [])),
        );
        expect([...new Set(chains)].sort()).toEqual(gained.map((store) => `read ${store}`).sort());
      }),
      { numRuns: 60 },
    );
  });
});

describe('cost', () => {
  it('stays small where five hundred roles may become each other', () => {
    const estate = (wider: boolean): Estate =>
      home(
        Object.fromEntries(
          Array.from({ length: 500 }, (_, n) => [
            `Role${n}`,
            role(
              `role-${n}`,
              trust(n % 10 === 0 ? root(HOME) : { Service: 'lambda.amazonaws.com' }),
              allow('s3:GetObject', `arn:aws:s3:::store-${n}/*`),
              allow('sts:AssumeRole', `arn:aws:iam::${HOME}:role/role-*`),
              ...(wider && n === 0 ? [allow('s3:DeleteObject', 'arn:aws:s3:::store-0/*')] : []),
            ),
          ]),
        ),
      );
    const [before, after] = [side('before', estate(false)), side('after', estate(true))];
    const start = process.cpuUsage();
    const lines = compareSides(before, after, occasion).filter(({ direction }) => direction === 'weaker');
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(5000);
    expect(lines.map(({ sentence }) => sentence)).toEqual(['the role Role0 can now delete arn:aws:s3:::store-0/* (s3:DeleteObject)']);
    expect(lines[0]?.evidence.at(-1)?.saw).toBe('489 more gain by it through others');
  });
});

describe('chains that are lost', () => {
  /** What is told of access as stronger. */
  const lost = (before: Estate, after: Estate): readonly string[] =>
    compareSides(side('before', before), side('after', after), occasion)
      .filter(({ aspect, direction }) => aspect === 'access' && direction === 'stronger')
      .map(({ sentence }) => sentence);
  const start = (...more: readonly object[]) => role('Start', SAML, allow('sts:AssumeRole', arn(HOME, 'Middle')), ...more);
  const chained = (first: object, middle: object): Estate =>
    home({ Bucket: BUCKET, Start: first, Middle: middle, End: role('End', trust(root(HOME)), READS) });
  const middle = (...statements: readonly object[]) => role('Middle', trust({ AWS: arn(HOME, 'Start') }), ...statements);
  const TO_END = allow('sts:AssumeRole', arn(HOME, 'End'));

  it('are told of whoever went through them, and ask nobody', () => {
    const open = role('Middle', trust({ AWS: [arn(HOME, 'Start'), arn(HOME, 'Other')] }), TO_END);
    const before = chained(start(), open);
    const after = chained(start(), role('Middle', trust({ AWS: arn(HOME, 'Other') }), TO_END));
    expect(lost(before, after).join('\n')).toMatch(/the role Start can no longer .*(become|by becoming) .*the role Middle/);
    expect(told(before, after).map(({ sentence }) => sentence)).toEqual([]);
  });

  it('mirror chains that are gained', () => {
    const [without, having] = [chained(start(), middle(NOTHING)), chained(start(), middle(NOTHING, TO_END))];
    expect(sentences(told(without, having)).length).toBeGreaterThan(0);
    expect(lost(having, without).length).toBeGreaterThan(0);
    expect(lost(without, having)).toEqual([]);
    // Whoever came through it is the evidence of the line that tells the step.
    const chains = compareSides(side('before', having), side('after', without), occasion).flatMap(({ evidence }) => evidence);
    expect(chains.some(({ chain }) => chain?.[0] === 'the role Start' && chain.join().includes('read the bucket Bucket'))).toBe(true);
  });

  it('are not told where a shorter one leads to as much', () => {
    const before = chained(start(), middle(TO_END));
    const after = home({
      Bucket: BUCKET,
      Start: role('Start', SAML, TO_END),
      End: role('End', trust({ AWS: [arn(HOME, 'Middle'), arn(HOME, 'Start')] }), READS),
    });
    expect(lost(before, after).filter((one) => /Start can no longer read/.test(one))).toEqual([]);
  });
});
