import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { review } from '../cli/review';
import { MARKER } from '../review/report/review-markdown';
import { toReviewText } from '../review/report/review-text';
import { folderWith, removeFolders } from './support/cli';

afterAll(removeFolders);

const root = join(__dirname, '..');
const FIXTURES = join(root, 'test', 'fixtures', 'review');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const plain = (text: string) => text;

/** Holds a generated part of a page against what it should be; `UPDATE_EXAMPLES=1` writes it. */
function expectPart(page: string, name: string, end: string, expected: string): void {
  const text = read(page);
  const [start, stop] = [`<!-- ${name} -->\n`, `<!-- end of ${end} -->`];
  const from = text.indexOf(start) + start.length;
  const to = text.indexOf(stop, from);
  expect(Math.min(text.indexOf(start), to), `${page} has a part "${name}"`).toBeGreaterThanOrEqual(0);
  if (process.env.UPDATE_EXAMPLES) writeFileSync(join(root, page), text.slice(0, from) + expected + text.slice(to));
  else expect(text.slice(from, to), `UPDATE_EXAMPLES=1 npx vitest run test/review-docs.test.ts writes it`).toBe(expected);
}

describe('the page about reviews', () => {
  let text: string;
  beforeAll(async () => {
    const [before, after] = [join(FIXTURES, 'before.yaml'), join(FIXTURES, 'after.yaml')];
    const document = await review([before], [after], { today: new Date('2026-01-15') });
    const paint = { bold: plain, dim: plain, green: plain, red: plain, yellow: plain };
    text = toReviewText(document, paint).replaceAll(`${FIXTURES}/`, '');
  });

  it.each(['docs/review.md', 'README.md'])('shows in %s what the command prints', (page) => {
    expectPart(page, 'example: text', 'example', `\n\`\`\`text\n${text}\`\`\`\n\n`);
  });

  it.each(['docs/ci/github-palisade-review.yml', 'docs/ci/gitlab-palisade-review.yml'])('shows %s as it is', (file) => {
    expectPart('docs/review.md', `file: ${file}`, 'file', `\n\`\`\`yaml\n${read(file)}\`\`\`\n\n`);
  });
});

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}
const github = parse(read('docs/ci/github-palisade-review.yml'));
const gitlab = parse(read('docs/ci/gitlab-palisade-review.yml'));
const stepsOf = (job: string) => github.jobs[job].steps as readonly Step[];

/** A repository whose last commit lets another account in, with the command in the place of the installed one. */
function repository(): string {
  const folder = folderWith({
    'palisade.yaml': 'targets: [template.yaml]\n',
    'template.yaml': readFileSync(join(FIXTURES, 'before.yaml')),
    'bin/npx': `#!/bin/sh\n[ "$1" = palisade ] || exit 127\nshift\nexec "${join(root, 'node_modules/.bin/tsx')}" "${join(root, 'cli/main.ts')}" "$@"\n`,
    'bin/npm': '#!/bin/sh\n[ "$*" = ci ]\n',
    'bin/gh': '#!/bin/sh\nprintf "%s\\n" "$*" >> "$CALLS"\ncase "$*" in *--paginate*) printf "%s" "$KNOWN";; esac\n',
    '.gitignore': 'bin\n',
  });
  for (const name of ['npx', 'npm', 'gh']) chmodSync(join(folder, 'bin', name), 0o755);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: folder, encoding: 'utf8' }).trim();
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '--message=before');
  writeFileSync(join(folder, 'template.yaml'), readFileSync(join(FIXTURES, 'after.yaml')));
  git('commit', '--quiet', '--all', '--message=after');
  return folder;
}

async function bash(script: string, folder: string, env: Readonly<Record<string, string>> = {}) {
  const path = `${join(folder, 'bin')}${delimiter}${process.env.PATH}`;
  try {
    const options = { cwd: folder, env: { ...process.env, ...env, PATH: path } };
    return { status: 0, ...(await promisify(execFile)('bash', ['-eo', 'pipefail', '-c', script], options)) };
  } catch (error) {
    const { code, stderr, stdout } = error as { code: number; stdout: string; stderr: string };
    return { status: code, stdout, stderr };
  }
}

describe('the workflow for GitHub', () => {
  it('gives each job the least: who runs code of the change cannot write, who writes runs none of it', () => {
    expect(github.permissions).toEqual({});
    expect(github.on).toEqual({ pull_request: null });
    expect(github.jobs.review.permissions).toEqual({ contents: 'read' });
    expect(stepsOf('review')[0]).toMatchObject({ with: { 'persist-credentials': false } });
    expect(github.jobs.tell.permissions).toEqual({ contents: 'read', 'pull-requests': 'write', 'security-events': 'write' });
    expect(stepsOf('tell').some(({ run = '', uses = '' }) => /checkout|setup-node/.test(uses) || /\bnp[mx]\b/.test(run))).toBe(false);
    expect(github.jobs.tell.if).toContain('github.event.pull_request.head.repo.full_name == github.repository');
  });

  it('pins every action by its commit, and puts nothing of an event into a script', () => {
    const steps = [...stepsOf('review'), ...stepsOf('tell')];
    for (const { run, uses } of steps) {
      if (uses) expect(uses).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/);
      if (run) expect(run).not.toContain('${{');
    }
  });

  it('runs as it is written: reports, summary and output are there, and the job fails until somebody approves', async () => {
    const folder = repository();
    const step = stepsOf('review').find(({ id }) => id === 'review');
    const env = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
    const { status, stderr } = await bash(step?.run ?? '', folder, env);
    expect([status, stderr]).toEqual([1, '']);
    expect(readFileSync(env.GITHUB_OUTPUT, 'utf8')).toBe('written=true\n');
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8').startsWith(MARKER)).toBe(true);
    for (const file of ['comment.md', 'review.html', 'review.sarif', 'review.json'])
      expect(existsSync(join(folder, 'palisade-review', file)), file).toBe(true);
  }, 60_000);

  it.each([
    ['adds a comment where there is none', '', ['api --silent --method POST C --field body=@comment.md']],
    ['updates the one that is there', '17\n', ['api --silent --method PATCH I/17 --field body=@comment.md']],
  ])('%s', async (_, known, expected) => {
    const folder = repository();
    const step = stepsOf('tell').find(({ name }) => name === 'keep one comment updated');
    const { status } = await bash(step?.run ?? '', folder, { COMMENTS: 'C', COMMENT: 'I', CALLS: join(folder, 'calls'), KNOWN: known });
    const [find = '', ...calls] = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
    expect(status).toBe(0);
    expect(find).toContain(`startswith("${MARKER}")`);
    expect(calls).toEqual(expected);
  });
});

describe('the job for GitLab', () => {
  it('runs as it is written', async () => {
    const folder = repository();
    const env = { CI_MERGE_REQUEST_DIFF_BASE_SHA: 'HEAD~1', CI_COMMIT_SHA: 'HEAD' };
    const { status, stderr } = await bash(gitlab['palisade-review'].script.join('\n'), folder, env);
    expect([status, stderr]).toEqual([1, '']);
    expect(readFileSync(join(folder, 'palisade-review', 'comment.md'), 'utf8').startsWith(MARKER)).toBe(true);
  }, 60_000);

  const NOTE = (id: number, author: number, body: string) => ({ id, author: { id: author }, body });
  it.each([
    ['adds a note where there is none', [[NOTE(1, 7, 'hello')]], 'POST /projects/5/merge_requests/3/notes'],
    [
      'updates its own on whatever page it is',
      [[NOTE(1, 7, 'hello')], [NOTE(2, 7, `${MARKER}\nold`)]],
      'PUT /projects/5/merge_requests/3/notes/2',
    ],
    ['leaves alone what somebody else wrote', [[NOTE(1, 8, `${MARKER}\nforged`)]], 'POST /projects/5/merge_requests/3/notes'],
  ])('%s', async (_, pages, expected) => {
    const seen: string[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      const url = new URL(request.url ?? '', 'http://localhost');
      const page = Number(url.searchParams.get('page') ?? 1);
      if (request.method !== 'GET')
        seen.push(`${request.method} ${url.pathname} ${JSON.parse(body).body} ${request.headers['private-token']}`);
      response.setHeader('x-next-page', page < pages.length ? `${page + 1}` : '');
      response.end(JSON.stringify(url.pathname === '/user' ? { id: 7 } : request.method === 'GET' ? pages[page - 1] : {}));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      const folder = folderWith({ 'palisade-review/comment.md': `${MARKER}\nnew` });
      mkdirSync(join(folder, 'bin'));
      const { status, stderr } = await bash(gitlab['palisade-review-note'].script.join('\n'), folder, {
        CI_API_V4_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        CI_PROJECT_ID: '5',
        CI_MERGE_REQUEST_IID: '3',
        PALISADE_TOKEN: 'token',
      });
      expect([status, stderr]).toEqual([0, '']);
      expect(seen).toEqual([`${expected} ${MARKER}\nnew token`]);
    } finally {
      server.close();
    }
  });

  it('keeps the token from the job that runs code of the change', () => {
    expect(JSON.stringify(gitlab['palisade-review'])).not.toContain('PALISADE_TOKEN');
    expect(gitlab['palisade-review-note']).toMatchObject({ environment: { name: 'palisade-review' }, variables: { GIT_STRATEGY: 'none' } });
    expect(gitlab['palisade-review-note'].script.join('\n')).not.toMatch(/\bnp[mx]\b/);
  });
});
