import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { GatherError, LARGEST_FILE } from '../policies/gather/target';
import { gatherTemplate, looksLikeCloudFormation } from '../policies/gather/template';
import type { Resource } from '../policies/resource';

const FIXTURES = join(__dirname, 'fixtures/cloudformation');
const dir = mkdtempSync(join(tmpdir(), 'palisade-template-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  const file = join(dir, name);
  writeFileSync(file, content);
  return file;
}

/** The one line that is said about a file, without its path. */
async function complaint(file: string): Promise<string> {
  try {
    await gatherTemplate(file);
  } catch (error) {
    expect(error).toBeInstanceOf(GatherError);
    const { message } = error as GatherError;
    expect(message.startsWith(file)).toBe(true);
    expect(message).not.toMatch(/\n/);
    return message.slice(file.length);
  }
  throw new Error('it was read without complaint');
}

async function resourceIn(file: string, logicalId: string): Promise<Resource> {
  const { graph } = await gatherTemplate(file);
  const resource = graph.get(`${file}/${logicalId}`);
  if (!resource) throw new Error(`${logicalId} is not in the graph`);
  return resource;
}

const place = ({ line = 0, column = 0 }: { line?: number; column?: number } = {}) => `${line}:${column}`;

describe('a template in YAML', () => {
  const yaml = join(FIXTURES, 'store.yaml');

  it('is read with its short functions, as scalars, lists and blocks', async () => {
    const { graph } = await gatherTemplate(yaml);
    const [data] = graph.ofType('AWS::S3::Bucket');
    expect(data?.at('BucketName').shape).toBe('${parameter Env}-data');
    graph.worlds.reset([['parameter Env equals "prod"', true]]);
    expect(
      data?.at('BucketEncryption.ServerSideEncryptionConfiguration').items()[0]?.at('ServerSideEncryptionByDefault.KMSMasterKeyID').targets,
    ).toEqual([`${yaml}/Key`]);
    graph.worlds.reset([['parameter Env equals "prod"', false]]);
    expect(data?.at('BucketEncryption').state).toBe('absent');
    graph.worlds.reset();
    expect((await resourceIn(yaml, 'Database')).at('KmsKeyId').targets).toEqual([`${yaml}/Key`]);
  });

  it('has the scalars that CloudFormation sees: 1.1 booleans, dates and odd numbers as text', async () => {
    const key = await resourceIn(yaml, 'Key');
    expect(key.at('EnableKeyRotation').isTrue().verdict).toBe('pass');
    expect(key.at('KeyPolicy.Version').string).toBe('2012-10-17');
    const [statement] = key.at('KeyPolicy.Statement').items();
    expect(statement?.at('Principal.AWS').string).toBe('arn:aws:iam::012345678901:root');
    const database = await resourceIn(yaml, 'Database');
    expect(database.at('EngineVersion').string).toBe('16.10');
    expect(database.at('MultiAZ').boolean).toBe(true);
    expect(database.at('StorageEncrypted').string).toBe('yes');
    expect(database.at('PreferredMaintenanceWindow').string).toBe('12:30');
    expect(database.at('Region').string).toBe('eu-north-1');
    expect(database.at('MasterUserPassword').state).toBe('secret');
  });

  it('may repeat itself with anchors and merge keys; what is written out counts more', async () => {
    const merged = await resourceIn(yaml, 'Merged');
    expect(merged.at('EnableKeyRotation').boolean).toBe(false);
    expect(merged.at('Description').string).toBe('own');
    expect(merged.at('KeyPolicy.Statement').items()).toHaveLength(1);
  });

  it('tells where each property stands, through branches, lists, aliases and options', async () => {
    const data = await resourceIn(yaml, 'Data');
    expect(data.locate()).toEqual({ file: yaml, line: 28, column: 3 });
    expect(place(data.locate('BucketName'))).toBe('32:7');
    expect(place(data.locate('BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm'))).toBe(
      '37:17',
    );
    expect(place(data.locate('VersioningConfiguration.Status'))).toBe('31:5');
    expect(place(data.locate('DeletionPolicy'))).toBe('30:5');
    const merged = await resourceIn(yaml, 'Merged');
    expect(place(merged.locate('EnableKeyRotation'))).toBe('56:23');
    expect(place(merged.locate('KeyPolicy.Statement[0].Action'))).toBe('26:13');
  });

  it.each([
    ['true', true],
    ['Yes', true],
    ['ON', true],
    ['False', false],
    ['no', false],
    ['y', 'y'],
    ['~', null],
    ['12', 12],
    ['-1.5', -1.5],
    ['1.0', '1.0'],
    ['007', '007'],
    ['0x10', '0x10'],
    ['1_000', '1_000'],
    ['123456789012345678901', '123456789012345678901'],
    ['2020-01-01', '2020-01-01'],
    ['"12"', '12'],
    ['!!str 12', '12'],
    ['1e3', '1e3'],
  ])('reads the scalar %s', async (written, expected) => {
    const file = write('scalar.yaml', `Resources:\n  A:\n    Type: X::Y::Z\n    Properties:\n      P: ${written}\n`);
    const { graph } = await gatherTemplate(file);
    expect(graph.get(`${file}/A`)?.properties).toEqual({ P: expected });
  });

  it('leaves a tag that is no function of CloudFormation unknown, not guessed', async () => {
    const file = write('tag.yaml', 'Resources: {A: {Type: "X::Y::Z", Properties: {P: !Secret x}}}');
    expect((await resourceIn(file, 'A')).at('P').missing).toBe('Fn::Secret, which is no function of a resource');
  });

  it('may begin with a brace or a byte order mark', async () => {
    expect((await resourceIn(write('flow.yaml', '{Resources: {A: {Type: X::Y::Z}}}'), 'A')).type).toBe('X::Y::Z');
    expect((await resourceIn(write('bom.yaml', '\uFEFFResources: {A: {Type: X::Y::Z}}'), 'A')).type).toBe('X::Y::Z');
  });
});

describe('a template in JSON', () => {
  const json = join(FIXTURES, 'store.json');

  it('tells where each property stands', async () => {
    const data = await resourceIn(json, 'Data');
    expect(data.locate()).toEqual({ file: json, line: 4, column: 5 });
    expect(place(data.locate('BucketName'))).toBe('8:9');
    expect(place(data.locate('Tags[1].Value'))).toBe('16:13');
    expect(place(data.locate('DeletionPolicy'))).toBe('6:7');
    expect(place(data.locate('Nowhere'))).toBe('7:7');
    expect(place((await resourceIn(json, 'Other')).locate('KmsMasterKeyId'))).toBe('21:5');
  });

  it('may begin with a byte order mark and use any line ends', async () => {
    const file = write('crlf.json', '\uFEFF{\r\n"Resources": {\r\n"A": {"Type": "X::Y::Z"}}}');
    expect(place((await resourceIn(file, 'A')).locate())).toBe('3:1');
  });

  it('shows the loop for what a loop makes', async () => {
    const Resources = { B: { Type: 'X::Y::B' }, 'Fn::ForEach::L': ['N', ['x'], { 'R${N}': { Type: 'X::Y::Z' } }] };
    const file = write('loop.json', JSON.stringify({ Transform: 'AWS::LanguageExtensions', Resources }, undefined, 1));
    expect(place((await resourceIn(file, 'Rx')).locate('Any'))).toBe('7:3');
  });
});

describe('nested templates that are named by a relative path', () => {
  const host = (url: string) =>
    JSON.stringify({
      Resources: {
        Data: { Type: 'AWS::S3::Bucket' },
        Child: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url, Parameters: { Name: { Ref: 'Data' } } } },
      },
    });
  const child = {
    Parameters: { Name: { Type: 'String' } },
    Resources: { Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Name' } } } },
  };

  it('are read with their parent, and protect what is in it', async () => {
    mkdirSync(join(dir, 'parts'), { recursive: true });
    write('parts/child.json', JSON.stringify(child));
    const file = write('host.json', host('./parts/child.json'));
    const { graph } = await gatherTemplate(file);
    const data = graph.get(`${file}/Data`) as Resource;
    expect(graph.pointingAt(data, 'AWS::S3::BucketPolicy', 'Bucket').map(({ id }) => id)).toEqual([`${file}/Child/Policy`]);
    expect(graph.notes).toEqual([]);
  });
  it('are noted, not fetched, when they are elsewhere', async () => {
    for (const url of ['https://example.com/child.json', './missing.json', '/etc/child.json']) {
      const { graph } = await gatherTemplate(write('host.json', host(url)));
      expect(graph.notes).toHaveLength(1);
    }
  });
  it('that contain themselves end', async () => {
    const file = write('self.json', host('self.json'));
    expect((await gatherTemplate(file)).graph.notes[0]).toContain('is not among what was read');
  });
});

describe('a stack set', () => {
  const withBody = (TemplateBody: unknown) =>
    JSON.stringify(
      {
        Resources: {
          Set: {
            Type: 'AWS::CloudFormation::StackSet',
            Properties: { TemplateBody, Parameters: [{ ParameterKey: 'Acl', ParameterValue: 'PublicRead' }] },
          },
        },
      },
      undefined,
      1,
    );

  it('is judged by the template that it carries, at the line where that stands', async () => {
    const body = 'Parameters: {Acl: {Type: String}}\nResources: {Data: {Type: AWS::S3::Bucket, Properties: {AccessControl: !Ref Acl}}}';
    const file = write('set.json', withBody(body));
    const { graph } = await gatherTemplate(file);
    const data = graph.get(`${file}/Set/Data`);
    expect(data?.at('AccessControl').string).toBe('PublicRead');
    expect(data?.locate('AccessControl')).toMatchObject({ file, line: 6 });
    expect(graph.notes).toEqual([]);
  });

  it.each([['no: template'], ['Resources: ['], [{ 'Fn::Sub': 'Resources: {}' }]])(
    'is noted when its template cannot be read: %j',
    async (body) => {
      const { graph } = await gatherTemplate(write('set.json', withBody(body)));
      expect(graph.size).toBe(1);
      expect(graph.notes[0]).toContain('what a stack set deploys is not judged');
    },
  );
});

describe('a file that cannot be read', () => {
  const resource = (properties: string) => `Resources:\n  A:\n    Type: X::Y::Z\n    Properties:\n      P: ${properties}\n`;
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...[...'bcdefg'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[index]}`).join(', ')}]`),
  ].join('\n');

  it.each<[string, string, string | Uint8Array, string]>([
    ['an empty file', 'a.json', '', ': is empty: name a file that holds something'],
    ['only white space', 'a.yaml', ' \n\n\t', ': is empty: name a file that holds something'],
    ['only a comment', 'a.yaml', '# nothing\n', ':1: is no CloudFormation template: it is not a map with a section Resources'],
    [
      'a truncated file',
      'a.json',
      '{"Resources": {\n"A": {"Type": "X::Y',
      ':2: is not valid JSON: it ends in the middle; it may be cut off',
    ],
    [
      'a trailing comma',
      'a.json',
      '{"Resources": {\n"A": {"Type": "X::Y::Z",}}}',
      ':2: is not valid JSON: a property name in double quotes is expected here',
    ],
    ['a missing comma', 'a.json', '{"A": 1\n"B": 2}', ':2: is not valid JSON: a comma is expected here'],
    ['a wrong indentation', 'a.yaml', 'Resources:\n  A: {Type: X\n  B: 1\n', ':3: is not valid YAML: '],
    ['a tab', 'a.yaml', 'Resources:\n\tA: 1\n', ':2: is not valid YAML: '],
    ['several documents', 'a.yaml', 'Resources: {}\n---\nResources: {}\n', ':2: holds more than one document: keep one to a file'],
    [
      'a key that is written twice',
      'a.yaml',
      'Resources:\n  A: {Type: X::Y::Z}\n  A: {Type: X::Y::Z}\n',
      ':3: has the key "A" twice in one map: keep one',
    ],
    ['an alias of nothing', 'a.yaml', resource('*nowhere'), ':5: '],
    ['a list', 'a.json', '[1]', ':1: is no CloudFormation template: it is not a map with a section Resources'],
    ['a text', 'a.yaml', 'hello', ':1: is no CloudFormation template: it is not a map with a section Resources'],
    [
      'some other document',
      'a.yaml',
      'apiVersion: v1\nkind: Pod\n',
      ':1: is no CloudFormation template: there is no section Resources (it has apiVersion, kind)',
    ],
    [
      'resources that are a list',
      'a.json',
      '{\n"Resources": []}',
      ':2: has a section Resources that is not a map: write one entry for each resource',
    ],
    [
      'a resource that is a text',
      'a.yaml',
      'Resources:\n  A: text\n',
      ':2: has a resource A that is not a map: give it a Type and Properties',
    ],
    [
      'a resource without a type',
      'a.json',
      '{"Resources": {\n"A": {}}}',
      ':2: has a resource A without a Type: write one, such as AWS::S3::Bucket',
    ],
    ['a binary file', 'a.json', Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 1, 2, 3]), ': is a binary file: name a template in JSON or YAML'],
    ['another encoding', 'a.yaml', Buffer.from('Resources:\n  "caf\u00e9": 1', 'latin1'), ':2: is not valid UTF-8: save it as UTF-8'],
    ['UTF-16', 'a.yaml', Buffer.from('\uFEFFResources: {}', 'utf16le'), ': is written in UTF-16: save it as UTF-8'],
    [
      'deep nesting in JSON',
      'a.json',
      `{"Resources": {"A": {"Type": "X::Y::Z", "P": ${'['.repeat(100_000)}${']'.repeat(100_000)}}}}`,
      ': is nested deeper than 200 levels: flatten it',
    ],
    ['deep nesting in YAML', 'a.yaml', resource('['.repeat(3000) + ']'.repeat(3000)), ':5: is nested deeper than 200 levels: flatten it'],
    [
      'deep nesting that is not even closed',
      'a.json',
      '{"a":'.repeat(50_000),
      ':1: is not valid JSON: it ends in the middle; it may be cut off',
    ],
    ['aliases that multiply', 'a.yaml', `${bomb}\n`, ':6: has aliases that repeat more than 100000 values: write them out, or repeat less'],
    [
      'an alias within itself',
      'a.yaml',
      'Resources: &r\n  A:\n    Type: X::Y::Z\n    Properties: *r\n',
      ':3: is nested deeper than 200 levels: flatten it',
    ],
  ])('gives one clear line for %s', async (_, name, content, expected) => {
    const said = await complaint(write(name, content));
    expect(expected.endsWith(': ') ? said.slice(0, expected.length) : said).toBe(expected);
  });

  it('gives one clear line for a folder, a missing file and a path through a file', async () => {
    expect(await complaint(dir)).toBe(': is a folder: name a file in it, or a cdk.out folder');
    expect(await complaint(join(dir, 'nowhere.json'))).toBe(': does not exist: check the path');
    expect(await complaint(join(write('plain.json', '{}'), 'x.json'))).toBe(': does not exist: check the path');
  });

  it('gives one clear line for a file that is too large, without reading it', async () => {
    const file = write('large.json', '');
    truncateSync(file, LARGEST_FILE + 1);
    expect(await complaint(file)).toBe(': has 257 MiB, more than 256 MiB: split it');
  });

  it.skipIf(process.getuid?.() === 0)('gives one clear line for a file without permission', async () => {
    const file = write('private.json', '{}');
    chmodSync(file, 0o000);
    expect(await complaint(file)).toBe(': may not be read: check its permissions');
  });

  it('never fails in another way, whatever the bytes', async () => {
    const valid = JSON.stringify({ Resources: { A: { Type: 'X::Y::Z', Properties: { P: [1, { Ref: 'A' }] } } } });
    const damaged = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string().map((text) => Buffer.from(text)),
      fc.nat(valid.length).map((end) => Buffer.from(valid.slice(0, end))),
      fc
        .tuple(fc.nat(valid.length), fc.constantFrom('{', '}', ']', '"', ':', '\\', '&a', '*a', '!If', '- '))
        .map(([at, mark]) => Buffer.from(valid.slice(0, at) + mark + valid.slice(at))),
    );
    await fc.assert(
      fc.asyncProperty(damaged, fc.constantFrom('fuzz.json', 'fuzz.yaml'), async (bytes, name) => {
        const file = write(name, bytes);
        const error = await gatherTemplate(file).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (error !== undefined) {
          expect(error).toBeInstanceOf(GatherError);
          expect((error as GatherError).message).not.toContain('\n');
        }
      }),
      { numRuns: 600 },
    );
  });
});

describe('a document', () => {
  it.each([
    [{ AWSTemplateFormatVersion: '2010-09-09' }, true],
    [{ Resources: { A: { Type: 'AWS::S3::Bucket' } } }, true],
    [{ Resources: { A: { Type: 'Custom::Thing' } } }, true],
    [{ Resources: {} }, false],
    [{ $schema: 'deploymentTemplate.json#', resources: [] }, false],
    [[], false],
    [null, false],
  ])('looks like CloudFormation or not: %j', (parsed, expected) => {
    expect(looksLikeCloudFormation(parsed)).toBe(expected);
  });
});
