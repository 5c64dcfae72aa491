import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatherAssembly, NEWEST_SCHEMA } from '../policies/gather/assembly';
import { createdNear } from '../policies/gather/cloudformation/cdk-metadata';
import { GatherError, type Gathered } from '../policies/gather/target';
import { APP_FILE, describeApp, makeApp, policiesOf, resource } from './support/cross-stack-app';

const root = mkdtempSync(join(tmpdir(), 'palisade-assembly-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a cdk.out folder', () => {
  let gathered: Gathered;
  beforeAll(async () => {
    const app = makeApp(join(root, 'cdk.out'));
    app.synth();
    gathered = await gatherAssembly(join(root, 'cdk.out'));
  });
  describeApp(() => gathered);

  it('points at the template where the program is not there', async () => {
    const dir = join(root, 'moved');
    cpSync(join(root, 'cdk.out'), dir, { recursive: true });
    const metadata = join(dir, 'Data.metadata.json');
    writeFileSync(metadata, readFileSync(metadata, 'utf8').replaceAll(APP_FILE, '/nowhere/app.ts'));
    const location = resource((await gatherAssembly(dir)).graph, 'Data/Bucket').locate('VersioningConfiguration.Status');
    expect(location?.file).toBe(join(dir, 'Data.template.json'));
    expect(readFileSync(location?.file ?? '', 'utf8').split('\n')[(location?.line ?? 0) - 1]).toContain('"Status": "Enabled"');
  });

  it('as the command line of the CDK writes it, with paths in the templates, reads the same', async () => {
    const dir = join(root, 'cli.out');
    makeApp(dir, {
      'aws:cdk:enable-path-metadata': true,
      'aws:cdk:enable-asset-metadata': true,
      'aws:cdk:disable-stack-trace': true,
    }).synth();
    const { graph } = await gatherAssembly(dir);
    expect(policiesOf(graph, 'Data/Bucket').sort()).toEqual(['Access/Policy', 'Data/Outer/Inner/Deep']);
  });

  it('of an older library, with metadata in the manifest, reads the same', async () => {
    const dir = join(root, 'older.out');
    cpSync(join(root, 'cdk.out'), dir, { recursive: true });
    const file = join(dir, 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    for (const id of ['Data', 'Access']) {
      const artifact = manifest.artifacts[id];
      artifact.metadata = JSON.parse(readFileSync(join(dir, artifact.additionalMetadataFile), 'utf8'));
      delete artifact.additionalMetadataFile;
    }
    writeFileSync(file, JSON.stringify({ ...manifest, version: '36.0.0' }));
    const { graph, waivers } = await gatherAssembly(dir);
    expect(policiesOf(graph, 'Data/Bucket').sort()).toEqual(['Access/Policy', 'Data/Outer/Inner/Deep']);
    expect(waivers).toHaveLength(1);
  });

  it('without metadata takes construct paths from the tree', async () => {
    const dir = join(root, 'bare.out');
    cpSync(join(root, 'cdk.out'), dir, { recursive: true });
    writeFileSync(join(dir, 'Access.metadata.json'), '{}');
    expect(resource((await gatherAssembly(dir)).graph, 'Access/Policy').unit.id).toBe('Access');
  });

  it('of stacks without resources has nothing to judge', async () => {
    const dir = join(root, 'empty.out');
    const app = new App({ outdir: dir });
    new Stack(app, 'Empty');
    app.synth();
    expect((await gatherAssembly(dir)).graph.size).toBe(0);
  });
});

describe('a damaged cdk.out folder', () => {
  const damage = async (work: (dir: string) => void): Promise<string> => {
    const dir = mkdtempSync(join(root, 'damaged-'));
    cpSync(join(root, 'cdk.out'), dir, { recursive: true });
    work(dir);
    const error = await gatherAssembly(dir).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(GatherError);
    expect((error as GatherError).message).not.toContain('\n');
    return (error as GatherError).message.replace(dir, '');
  };
  const edit = (name: string, change: (text: string) => string) => (dir: string) =>
    writeFileSync(join(dir, name), change(readFileSync(join(dir, name), 'utf8')));

  it.each<[string, (dir: string) => void, string]>([
    [
      'no manifest',
      (dir) => rmSync(join(dir, 'manifest.json')),
      ': is no cloud assembly: it has no manifest.json; run "cdk synth" and name its output folder',
    ],
    [
      'a manifest that is cut off',
      edit('manifest.json', (text) => text.slice(0, 30)),
      '/manifest.json:3: is not valid JSON: it ends in the middle; it may be cut off',
    ],
    [
      'a manifest of something else',
      edit('manifest.json', () => '{"name": "x"}'),
      '/manifest.json: is no manifest of a cloud assembly: it has no version; name the output folder of "cdk synth"',
    ],
    [
      'a newer schema',
      edit('manifest.json', (text) => text.replace(/"version": "[^"]+"/, `"version": "${NEWEST_SCHEMA + 1}.0.0"`)),
      `/manifest.json: is written in schema ${NEWEST_SCHEMA + 1}.0.0, newer than ${NEWEST_SCHEMA}.x, the newest that is understood: update palisade`,
    ],
    [
      'artifacts that are a list',
      edit('manifest.json', () => '{"version": "55.0.0", "artifacts": []}'),
      '/manifest.json: has artifacts that are not a map: synthesise again',
    ],
    [
      'a missing template',
      (dir) => rmSync(join(dir, 'Data.template.json')),
      '/manifest.json: names a file for the stack Data that does not exist: Data.template.json; synthesise again',
    ],
    [
      'a missing stage',
      (dir) => rmSync(join(dir, 'assembly-Prod'), { recursive: true }),
      '/manifest.json: names a file for the stage assembly-Prod that does not exist: assembly-Prod; synthesise again',
    ],
    [
      'a template that is no JSON',
      edit('Data.template.json', () => '{"Resources": {,}}'),
      '/Data.template.json:1: is not valid JSON: a value is expected here',
    ],
    ['an empty template', edit('Data.template.json', () => ''), '/Data.template.json: is empty: name a file that holds something'],
    [
      'a template outside',
      edit('manifest.json', (text) => text.replace('"Data.template.json"', '"../Data.template.json"')),
      '/manifest.json: names a file outside of the assembly for the stack Data: ../Data.template.json',
    ],
    [
      'a stack without a template',
      edit('manifest.json', (text) => text.replace('"templateFile": "Data.template.json"', '"templateFile": 1')),
      '/manifest.json: names no file for the stack Data: synthesise again',
    ],
  ])('gives one clear line for %s', async (_, work, expected) => {
    expect(await damage(work)).toBe(expected);
  });

  it('gives one clear line for a missing nested template', async () => {
    const said = await damage((dir) => {
      const { files } = JSON.parse(readFileSync(join(dir, 'Data.assets.json'), 'utf8'));
      const assets = Object.values(files as { [hash: string]: { source: { path: string } } }).map(({ source }) => source.path);
      for (const path of assets) if (path.includes('.nested.')) rmSync(join(dir, path));
    });
    expect(said).toMatch(
      /^\/Data\.template\.json: names a file for the nested stack \w+ that does not exist: \w+\.nested\.template\.json; synthesise again$/,
    );
  });
});

describe('the place of a resource', () => {
  const created = (line: number) => [
    { type: 'aws:cdk:creationStack', data: ['new Vpc (/app/node_modules/x.js:1:1)', `main (/app/main.ts:${line}:5)`] },
  ];
  const inside = [{ type: 'aws:cdk:creationStack', data: ['...new Vpc2 in aws-cdk-lib...'] }];
  const metadata = new Map([
    ['S', created(1)],
    ['S/Net/Resource', created(7)],
    ['S/Net/Public1/Subnet', inside],
    ['S/Lone', inside],
  ]);
  const near = (path: string) => createdNear(path, 'S', (at) => metadata.get(at));

  it('is where the user created it', () => {
    expect(near('S/Net/Resource')).toEqual({ file: '/app/main.ts', line: 7, column: 5 });
  });

  it('is that of the construct around it, when a library created it', () => {
    expect(near('S/Net/Public1/Subnet')).toEqual({ file: '/app/main.ts', line: 7, column: 5 });
  });

  it('is not that of the stack', () => {
    expect(near('S/Lone')).toBeUndefined();
  });
});
