import { describe, expect, it } from 'vitest';
import { AUDIT_SECONDS as OF_THE_API } from '../constructs/aws/edge-graphql-knowledge';
import { wishOf } from '../handlers/attachment-links';
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
function stores(change: { attachment?: Attachment; acknowledged?: number; grant?: CaseGrant; clean?: boolean; full?: boolean } = {}) {
  const records: Readonly<Record<string, string>>[] = [];
  const links: string[] = [];
  const made: Stores = {
    attachment: async (id) => (id === 'f1' ? (change.attachment ?? { id: 'f1', caseId: 'c1', assignee: 'ada' }) : undefined),
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
    const { made, records } = stores({ attachment: { id: 'f1', caseId: 'c1', assignee: 'bob' }, grant: live });
    expect((await answer(read, caller('supportEngineer'), made, NOW)).status).toBe(200);
    expect(records[0]).toMatchObject({ role: 'supportEngineer', approvedBy: 'sup' });
  });

  it.each([
    ['a case of somebody else', caller('agent'), { attachment: { id: 'f1', caseId: 'c1', assignee: 'bob' } }, 404],
    ['a case of nobody', caller('agent'), { attachment: { id: 'f1', caseId: 'c1' } }, 404],
    ['a supervisor, who sees no content', caller('supervisor'), {}, 404],
    ['an engineer without a grant', caller('supportEngineer'), {}, 404],
    ['an engineer whose grant has ended', caller('supportEngineer'), { grant: { ...live, expiresAt: NOW } }, 404],
    ['an engineer let in for something else', caller('supportEngineer'), { grant: { ...live, purpose: 'overseeWork' } }, 404],
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

  it.each(['../../secrets', 'a/b', '', undefined])('never leads to another key: %j', (id) => {
    expect(wishOf(event('{"action":"read","purpose":"resolveCase"}', id))).toBeUndefined();
  });
});
