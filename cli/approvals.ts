/** Approvals of reviewed changes: who, as what, when, of exactly which two states. Whatever changes afterwards voids them. */
import { existsSync, readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import type { RecordedApproval } from '../review/review-document';
import { UsageError } from './problem';
import { writeAside } from './write';

export const APPROVALS_FILE = 'palisade.approvals.yaml';

const DIGEST = /^[0-9a-f]{64}$/;
const ROLES: readonly string[] = ['security', 'data owner'];

/**
 * Reads the approvals; none where the file does not exist.
 * @throws UsageError naming the file, and the entry that is not whole
 */
export function readApprovals(file: string): readonly RecordedApproval[] {
  if (!existsSync(file)) return [];
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8')) ?? {};
  } catch {
    throw new UsageError(`${file}: is not valid YAML; mend it, or remove what is not an approval`);
  }
  const { approvals } = content as { readonly approvals?: unknown };
  if (!Array.isArray(approvals)) throw new UsageError(`${file}: has no list "approvals"; write one, or remove the file`);
  for (const [at, one] of approvals.entries()) {
    const { as, asked, at: when, base, by, head, needs } = (one ?? {}) as Partial<RecordedApproval>;
    const wrong =
      typeof by !== 'string' || by.trim() === ''
        ? 'by'
        : !ROLES.includes(String(as))
          ? 'as'
          : Number.isNaN(Date.parse(String(when)))
            ? 'at'
            : !DIGEST.test(String(base))
              ? 'base'
              : !DIGEST.test(String(head))
                ? 'head'
                : !Array.isArray(needs) || needs.length === 0 || needs.some((who) => !ROLES.includes(String(who)))
                  ? 'needs'
                  : asked !== undefined && !DIGEST.test(String(asked))
                    ? 'asked'
                    : undefined;
    if (wrong) throw new UsageError(`${file}: approvals[${at}] has no valid "${wrong}"; record approvals with palisade review approve`);
  }
  return approvals as RecordedApproval[];
}

/** Adds an approval; what is there stays. */
export async function recordApproval(file: string, approval: RecordedApproval): Promise<void> {
  const kept = readApprovals(file).filter(
    ({ as, asked, base, by, head }) =>
      !(as === approval.as && by === approval.by && base === approval.base && head === approval.head && asked === approval.asked),
  );
  await writeAside(file, stringify({ approvals: [...kept, approval] }));
}

/** What the approvals say of one state. */
export interface Standing {
  /** For one and the same change, enough to let it pass if `missing` is empty. */
  readonly approvals: readonly RecordedApproval[];
  readonly missing: readonly RecordedApproval['as'][];
}

/** The change towards a state that most of those who are needed have approved; undefined where nobody approved any. */
export function standingOf(approvals: readonly RecordedApproval[], head: string): Standing | undefined {
  const changes = new Map<string, RecordedApproval[]>();
  for (const one of approvals) if (one.head === head) changes.set(one.base, [...(changes.get(one.base) ?? []), one]);
  return [...changes.values()]
    .map((given) => ({
      approvals: given,
      missing: [...new Set(given.flatMap(({ needs }) => needs))].filter((who) => !given.some(({ as }) => as === who)),
    }))
    .sort((a, b) => a.missing.length - b.missing.length)[0];
}
