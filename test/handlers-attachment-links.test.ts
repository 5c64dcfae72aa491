import { afterEach, describe, expect, it, vi } from 'vitest';
import { AUDIT_SECONDS as OF_THE_API } from '../constructs/aws/edge-graphql-knowledge';
import { handler, type Sdk, storesOf, wishOf } from '../handlers/attachment-links';
import {
  ACKNOWLEDGED_SECONDS,
  type Attachment,
  AUDIT_SECONDS,
  answer,
  type Caller,
  type CaseGrant,
  LINK_SECONDS,
  type Stores,
  type Wish,
} from '../handlers/attachment-links/link';

const NOW = 1_800_000_000;
const caller = (...groups: string[]): Caller => ({ sub: 'ada', name: 'Ada', groups, sourceIp: '10.0.0.7', requestId: 'r-1' });
const read: Wish = { action: 'read', attachment: 'f1', purpose: 'resolveCase' };

/** Stores that hold one file of one case, with what they were asked to write. */
function stores(
  change: { attachment?: Attachment; assignee?: string; acknowledged?: number; grant?: CaseGrant; clean?: boolean; full?: boolean } = {},
) {
  const records: Readonly<Record<string, string>>[] = [];
  const links: string[] = [];
  const made: Stores = {
    attachment: async (id) => (id === 'f1' ? (change.attachment ?? { id: 'f1', caseId: 'c1' }) : undefined),
    assignee: async (caseId) => (caseId === 'c1' && 'assignee' in change ? change.assignee : caseId === 'c1' ? 'ada' : undefined),
    acknowledgedAt: async () => ('acknowledged' in change ? change.acknowledged : NOW - 60),
    grant: async (caseId, sub) => (caseId === 'c1' && sub === 'ada' ? change.grant : undefined),
    isClean: async () => change.clean ?? true,
    record: async (entry, caseId, deleteAfter) => {
      if (change.full) throw new Error('the table is not reachable');
      records.push({ ...entry, caseId, days: String((deleteAfter - NOW) / 86_400) });
    },
    link: async (action, key, seconds) => {
      links.push(`${action} ${key} ${seconds}`);
      return 'https://files.example.com/signed';
    },
  };
  return { made, records, links };
}
const live: CaseGrant = { purpose: 'resolveCase', expiresAt: NOW + 60, approvedBy: 'sup' };

describe('a link to an attachment', () => {
  it('goes to the agent of the case, lives for minutes, and is recorded first', async () => {
    const { made, records, links } = stores();
    expect(await answer(read, caller('agent'), made, NOW)).toEqual({
      status: 200,
      body: { url: 'https://files.example.com/signed', expiresIn: LINK_SECONDS },
    });
    expect(links).toEqual([`read cases/c1/f1 ${LINK_SECONDS}`]);
    expect(records).toEqual([
      expect.objectContaining({
        who: 'ada',
        role: 'agent',
        action: 'download',
        record: 'f1',
        purpose: 'resolveCase',
        from: '10.0.0.7',
        request: 'r-1',
        caseId: 'c1',
        days: String(AUDIT_SECONDS / 86_400),
      }),
    ]);
    expect(LINK_SECONDS).toBeLessThanOrEqual(3600);
  });

  it('goes to a support engineer while the grant for the case lives, with who approved it', async () => {
    const { made, records } = stores({ assignee: 'bob', grant: live });
    expect((await answer(read, caller('supportEngineer'), made, NOW)).status).toBe(200);
    expect(records[0]).toMatchObject({ role: 'supportEngineer', approvedBy: 'sup' });
  });

  it.each([
    ['a case of somebody else', caller('agent'), { assignee: 'bob' }, 404],
    ['a case of nobody', caller('agent'), { assignee: undefined }, 404],
    ['a case that is gone', caller('agent'), { attachment: { id: 'f1', caseId: 'c2' } }, 404],
    ['a supervisor, who sees no content', caller('supervisor'), {}, 404],
    ['an engineer without a grant', caller('supportEngineer'), {}, 404],
    ['an engineer whose grant has ended', caller('supportEngineer'), { grant: { ...live, expiresAt: NOW } }, 404],
    ['an engineer let in for something else', caller('supportEngineer'), { grant: { ...live, purpose: 'overseeWork' } }, 404],
    ['an engineer who let herself in', caller('supportEngineer'), { grant: { ...live, approvedBy: 'ada' } }, 404],
    ['an engineer whom nobody let in', caller('supportEngineer'), { grant: { ...live, approvedBy: '' } }, 404],
    ['nobody with a role', caller('admins'), {}, 403],
    ['somebody with two roles', caller('agent', 'supervisor'), {}, 403],
    ['whoever never saw the notice', caller('agent'), { acknowledged: undefined }, 403],
    ['whoever saw it too long ago', caller('agent'), { acknowledged: NOW - ACKNOWLEDGED_SECONDS - 1 }, 403],
    ['a file that is not scanned, or harmful', caller('agent'), { clean: false }, 409],
  ] as const)('does not go to %s', async (_, who, change, status) => {
    const { made, records, links } = stores(change);
    expect((await answer(read, who, made, NOW)).status).toBe(status);
    expect([records, links]).toEqual([[], []]);
  });

  it('does not go out for another purpose, nor for a file that there is not', async () => {
    expect((await answer({ ...read, purpose: 'curiosity' }, caller('agent'), stores().made, NOW)).status).toBe(403);
    expect((await answer({ ...read, attachment: 'f2' }, caller('agent'), stores().made, NOW)).status).toBe(404);
  });

  it('is not handed out where it cannot be recorded', async () => {
    const { made, links } = stores({ full: true });
    await expect(answer(read, caller('agent'), made, NOW)).rejects.toThrow('not reachable');
    expect(links).toEqual([]);
  });

  it('lets the agent upload what nobody has scanned yet, and no engineer', async () => {
    const upload: Wish = { ...read, action: 'upload' };
    const { made, records } = stores({ clean: false, grant: live });
    expect((await answer(upload, caller('agent'), made, NOW)).status).toBe(200);
    expect(records[0]).toMatchObject({ action: 'upload' });
    expect((await answer(upload, caller('supportEngineer'), made, NOW)).status).toBe(403);
  });
});

describe('what stands behind', () => {
  afterEach(() => vi.unstubAllEnvs());
  const asked: { name: string; input: Record<string, unknown> }[] = [];
  const command = (name: string) =>
    class {
      readonly input: object;
      constructor(input: object) {
        this.input = input;
        asked.push({ name, input: input as Record<string, unknown> });
      }
    };
  /** An SDK that answers what it is told to, and remembers what it was asked. */
  const behind = (reply: unknown) => {
    for (const name of ['CASES', 'ATTACHMENTS', 'ACCESS', 'AUDIT', 'BUCKET', 'NOTICE']) vi.stubEnv(name, name.toLowerCase());
    vi.stubEnv('NOTICE_VERSION', '1');
    asked.length = 0;
    const client = (name: string) =>
      class {
        constructor(options: object) {
          asked.push({ name, input: options as Record<string, unknown> });
        }
        async send() {
          if (reply instanceof Error) throw reply;
          return reply;
        }
      };
    return storesOf({
      DynamoDBClient: client('DynamoDBClient'),
      S3Client: client('S3Client'),
      ...Object.fromEntries(
        ['GetItem', 'PutItem', 'GetObject', 'PutObject', 'GetObjectTagging'].map((name) => [`${name}Command`, command(name)]),
      ),
      getSignedUrl: async () => 'https://files.example.com/signed',
    } as unknown as Sdk);
  };
  const error = (name: string) => Object.assign(new Error(name), { name });

  it('signs links without the checksum of a file that it does not have, and lets browsers save only', async () => {
    const made = behind({});
    await made.link('upload', 'cases/c1/f1', 60);
    await made.link('read', 'cases/c1/f1', 60);
    expect(asked.find(({ name }) => name === 'S3Client')?.input).toEqual({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    expect(asked.filter(({ name }) => /Object$/.test(name)).map(({ name, input }) => [name, input.ResponseContentDisposition])).toEqual([
      ['PutObject', undefined],
      ['GetObject', 'attachment'],
    ]);
  });

  it.each([
    ['found clean', { TagSet: [{ Key: 'GuardDutyMalwareScanStatus', Value: 'NO_THREATS_FOUND' }] }, true],
    ['found harmful', { TagSet: [{ Key: 'GuardDutyMalwareScanStatus', Value: 'THREATS_FOUND' }] }, false],
    ['not scanned', {}, false],
    ['not there', error('NoSuchKey'), false],
    ['not there, as S3 tells those who may not list', error('AccessDenied'), false],
  ])('knows of a file that it is %s', async (_, reply, clean) => {
    expect(await behind(reply).isClean('cases/c1/f1')).toBe(clean);
  });

  it('does not take a failing store for a missing file', async () => {
    await expect(behind(error('SlowDown')).isClean('cases/c1/f1')).rejects.toThrow('SlowDown');
  });

  it('asks the case, not the file, who is assigned', async () => {
    expect(await behind({ Item: { id: { S: 'c1' }, assignee: { S: 'ada' } } }).assignee('c1')).toBe('ada');
    expect(asked.at(-1)?.input).toMatchObject({ TableName: 'cases', Key: { id: { S: 'c1' } }, ConsistentRead: true });
    expect(await behind({}).assignee('c1')).toBeUndefined();
  });

  it('takes an acknowledgement of the current version only', async () => {
    const of = (version: string) => ({ Item: { version: { S: version }, acknowledgedAt: { N: '7' } } });
    expect(await behind(of('1')).acknowledgedAt('ada')).toBe(7);
    expect(await behind(of('0')).acknowledgedAt('ada')).toBeUndefined();
  });
});

it('keeps its records as long as the API keeps its own', () => {
  expect(AUDIT_SECONDS).toBe(OF_THE_API);
});

describe('what is asked for', () => {
  const event = (body: string | null, id?: string) => ({
    pathParameters: id === undefined ? null : { id },
    body,
    requestContext: { requestId: 'r', identity: { sourceIp: '10.0.0.7' } },
  });

  it('is read from the path and the body', () => {
    expect(wishOf(event('{"action":"read","purpose":"resolveCase"}', 'f1'))).toEqual(read);
  });

  it.each([null, '', '{', '[]', 'null', '{"action":"delete","purpose":"x"}', '{"action":"read"}'])('is not understood from %j', (body) => {
    expect(wishOf(event(body, 'f1'))).toBeUndefined();
  });

  it('is answered so that the page of the client may read it', async () => {
    vi.stubEnv('ORIGIN', 'https://cases.example.com');
    const answered = await handler(event('{', 'f1'));
    expect(answered).toMatchObject({ statusCode: 400, headers: { 'access-control-allow-origin': 'https://cases.example.com' } });
    vi.unstubAllEnvs();
  });

  it.each(['../../secrets', 'a/b', '', undefined])('never leads to another key: %j', (id) => {
    expect(wishOf(event('{"action":"read","purpose":"resolveCase"}', id))).toBeUndefined();
  });
});
