/**
 * Decides whether somebody gets a link to a file of a case, and records it. Knows nothing of AWS: what it looks up and
 * what it writes is given, so that every decision can be tested.
 */

/** Who asks, as the directory says. */
export interface Caller {
  readonly sub: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly sourceIp: string;
  readonly requestId: string;
}

/** What is asked for. */
export interface Wish {
  readonly action: 'read' | 'upload';
  readonly attachment: string;
  readonly purpose: string;
}

/** What is known of the file. */
export interface Attachment {
  readonly id: string;
  readonly caseId: string;
}

/** Somebody is let into a case for a while. */
export interface CaseGrant {
  readonly purpose: string;
  readonly expiresAt: number;
  readonly approvedBy: string;
}

/** What stands behind: tables and bucket. */
export interface Stores {
  attachment(id: string): Promise<Attachment | undefined>;
  /** Who is assigned to a case at this moment. */
  assignee(caseId: string): Promise<string | undefined>;
  /** Seconds since 1970 at which the current notice was acknowledged. */
  acknowledgedAt(sub: string): Promise<number | undefined>;
  grant(caseId: string, sub: string): Promise<CaseGrant | undefined>;
  /** Whether the malware scan of the object found nothing. */
  isClean(key: string): Promise<boolean>;
  /** @param deleteAfter seconds since 1970 */
  record(entry: Readonly<Record<string, string>>, caseId: string, deleteAfter: number): Promise<void>;
  link(action: Wish['action'], key: string, seconds: number): Promise<string>;
}

/** Seconds for which a link lives: long enough to begin a download, far below the hour of EXP-08. */
export const LINK_SECONDS = 300;
/** Seconds for which an audit record is kept, as the API keeps its own. */
export const AUDIT_SECONDS = 731 * 24 * 60 * 60;
/** Seconds for which an acknowledgement of the notice holds. */
export const ACKNOWLEDGED_SECONDS = 365 * 24 * 60 * 60;
const PURPOSE = 'resolveCase';

export type Answer =
  | { readonly status: 200; readonly body: { readonly url: string; readonly expiresIn: number } }
  | { readonly status: 400 | 403 | 404 | 409; readonly body: { readonly error: string } };

const refused = (status: 400 | 403 | 404 | 409, error: string): Answer => ({ status, body: { error } });

/**
 * Answers with a link, or with why there is none. What cannot be recorded is not handed out. A supervisor, who oversees
 * without content, gets none; nobody is told whether a file exists that is not theirs.
 *
 * @param now seconds since 1970
 */
export async function answer(wish: Wish, caller: Caller, stores: Stores, now: number): Promise<Answer> {
  const roles = caller.groups.filter((group) => ['agent', 'supportEngineer', 'supervisor'].includes(group));
  if (roles.length !== 1) return refused(403, 'You need exactly one role.');
  const role = roles[0] as string;
  if (wish.purpose !== PURPOSE) return refused(403, 'This purpose does not allow it.');
  const acknowledged = await stores.acknowledgedAt(caller.sub);
  if (acknowledged === undefined || acknowledged < now - ACKNOWLEDGED_SECONDS)
    return refused(403, 'Read and acknowledge the data-protection notice first.');
  const attachment = await stores.attachment(wish.attachment);
  const missing = refused(404, 'There is no such attachment among your cases.');
  if (attachment === undefined) return missing;
  let approvedBy = '';
  if (role === 'agent') {
    if ((await stores.assignee(attachment.caseId)) !== caller.sub) return missing;
  } else if (role === 'supportEngineer') {
    const grant = await stores.grant(attachment.caseId, caller.sub);
    if (grant === undefined || grant.expiresAt <= now || grant.purpose !== wish.purpose) return missing;
    if (grant.approvedBy === '' || grant.approvedBy === caller.sub) return missing;
    // An engineer looks; only whoever works on the case adds to it.
    if (wish.action === 'upload') return refused(403, 'Your role may not add files.');
    approvedBy = grant.approvedBy;
  } else return missing;
  const key = `cases/${attachment.caseId}/${attachment.id}`;
  if (wish.action === 'read' && !(await stores.isClean(key)))
    return refused(409, 'The file is not scanned yet, or was found to be harmful.');
  await stores.record(
    {
      at: new Date(now * 1000).toISOString(),
      who: caller.sub,
      name: caller.name,
      role,
      purpose: wish.purpose,
      from: caller.sourceIp,
      request: caller.requestId,
      action: wish.action === 'read' ? 'download' : 'upload',
      type: 'Attachment',
      record: attachment.id,
      approvedBy,
    },
    attachment.caseId,
    now + AUDIT_SECONDS,
  );
  return { status: 200, body: { url: await stores.link(wish.action, key, LINK_SECONDS), expiresIn: LINK_SECONDS } };
}
