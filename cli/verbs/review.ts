import { createColors, isColorSupported } from 'picocolors';
import type { Tier } from '../../controls';
import { counted } from '../../review/report/words';
import type { Approver, ReviewDocument } from '../../review/schema-review';
import { APPROVALS_FILE, readApprovals, recordApproval, type Standing, standingOf } from '../approvals';
import { EXIT, UsageError } from '../problem';
import { digestOfTargets, review } from '../review';
import { writeAside } from '../write';

type Format = 'text' | 'json' | 'markdown' | 'html' | 'sarif';

interface Flags {
  readonly base?: readonly string[];
  readonly head?: readonly string[];
  readonly format: readonly Format[];
  readonly out: readonly string[];
  readonly config?: string;
  readonly tier?: Tier;
  readonly today?: Date;
  readonly stack?: string;
  readonly answers?: string;
  readonly timeout?: number;
  readonly prepare?: string;
  readonly attributeUpgrade?: boolean;
  readonly approvals?: string;
  readonly all?: boolean;
  readonly quiet?: boolean;
}

/** `palisade review`: 0 nothing to approve or approved, 1 approval needed or blocked. */
export async function runReview(targets: readonly string[], flags: Flags): Promise<number> {
  if (flags.out.length > 0 && flags.out.length !== flags.format.length)
    throw new UsageError(
      `${flags.format.length} formats but ${flags.out.length} --out: give one --out for each --format, in the same order`,
    );
  const approvals = readApprovals(flags.approvals ?? APPROVALS_FILE);
  const document = await review(flags.base ?? [], flags.head ?? [], {
    ...flags,
    targets,
    approvals,
    approvalsFile: flags.approvals,
    timeoutSeconds: flags.timeout,
  });
  for (const [index, format] of flags.format.entries()) {
    const file = flags.out[index];
    const text = await render(document, format, file === undefined, flags.all === true);
    if (file !== undefined) await writeAside(file, text);
    else if (!flags.quiet) process.stdout.write(text);
  }
  return document.approved ? EXIT.nothingToActOn : EXIT.findings;
}

async function render(document: ReviewDocument, format: Format, toTerminal: boolean, all: boolean): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('../../review/report/review-json.js')).toReviewJson(document);
    case 'markdown':
      return (await import('../../review/report/review-markdown.js')).toReviewMarkdown(document);
    case 'html':
      return (await import('../../review/report/review-html.js')).toReviewHtml(document);
    case 'sarif':
      return (await import('../../review/report/review-sarif.js')).toReviewSarif(document);
    case 'text': {
      const colors = createColors(toTerminal && isColorSupported && process.stdout.isTTY);
      return (await import('../../review/report/review-text.js')).toReviewText(document, colors, { all });
    }
  }
}

interface ApproveFlags extends Omit<Flags, 'format' | 'out'> {
  readonly by: string;
  readonly as: Approver;
}

/** `palisade review approve`: records who approves exactly this change. */
export async function runApprove(targets: readonly string[], flags: ApproveFlags): Promise<number> {
  const file = flags.approvals ?? APPROVALS_FILE;
  const document = await review(flags.base ?? [], flags.head ?? [], {
    ...flags,
    targets,
    approvals: undefined,
    approvalsFile: file,
    timeoutSeconds: flags.timeout,
  });
  if (document.verdict === 'blocked')
    throw new UsageError('the change is blocked: no approval lets it pass; run palisade review to see why');
  if (!document.needs.includes(flags.as))
    throw new UsageError(`nothing in this change needs the approval of ${flags.as}; needed: ${document.needs.join(', ') || 'nobody'}`);
  const at = new Date().toISOString();
  const [base, head] = [document.base.digest, document.head.digest];
  await recordApproval(file, { by: flags.by, as: flags.as, at, base, head, needs: document.needs, asked: document.asked });
  if (!flags.quiet)
    process.stdout.write(
      `${file}: ${flags.by} approves as ${flags.as}: ${base.slice(0, 16)} → ${head.slice(0, 16)}; commit the file with the change\n`,
    );
  return EXIT.nothingToActOn;
}

/** `palisade review verify`: whether what is there is a state that was approved. */
export async function runVerify(targets: readonly string[], flags: Omit<Flags, 'format' | 'out' | 'base' | 'head'>): Promise<number> {
  const file = flags.approvals ?? APPROVALS_FILE;
  const approvals = readApprovals(file);
  if (approvals.length === 0)
    throw new UsageError(`${file}: holds no approval; record one with palisade review approve, or name another file with --approvals`);
  const digest = await digestOfTargets(targets, {
    ...flags,
    approvals: undefined,
    approvalsFile: file,
    timeoutSeconds: flags.timeout,
  });
  const standing = standingOf(approvals, digest);
  if (!flags.quiet) process.stdout.write(`${digest.slice(0, 16)} ${standingWords(standing, approvals.length, file)}\n`);
  return standing?.missing.length === 0 ? EXIT.nothingToActOn : EXIT.findings;
}

function standingWords(standing: Standing | undefined, count: number, file: string): string {
  if (!standing) return `was never approved: ${file} holds ${counted(count, 'approval')}, none of this state`;
  const given = standing.approvals.map(({ as, at, by }) => `${by} approved as ${as} on ${at.slice(0, 10)}`).join(', and ');
  return standing.missing.length === 0 ? `is what ${given}` : `is what ${given}, but still needs ${standing.missing.join(' and ')}`;
}
