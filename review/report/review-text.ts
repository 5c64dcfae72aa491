import type { ReviewChange, ReviewDocument, ReviewEvidence } from '../schema-review';

/** Colours of the terminal, or functions that change nothing. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}

/** Lines of a page; everything else is folded. */
export const MOST_LINES = 10;

/** What a person must look at. */
export const needing = ({ changes }: ReviewDocument): readonly ReviewChange[] =>
  changes.filter(({ direction }) => direction === 'weaker' || direction === 'undecided');

/** What is worth a glance: nobody has to approve it. */
export const folded = ({ changes }: ReviewDocument): readonly ReviewChange[] =>
  changes.filter(({ direction }) => direction === 'stronger' || direction === 'neutral');

/** The verdict in words, with what approvals there are. */
export function verdictWords({ approvals, approved, needs, verdict }: ReviewDocument): string {
  if (verdict === 'blocked') return 'blocked: no approval lets it pass';
  if (needs.length === 0) return verdict;
  if (approved) return `approved by ${approvals.map(({ as, at, by }) => `${by} (${as}, ${at.slice(0, 10)})`).join(', ')}`;
  const missing = needs.filter((who) => !approvals.some(({ as }) => as === who));
  return `approve: ${missing.join(' and ')}`;
}

/** One page for the terminal. */
export function toReviewText(document: ReviewDocument, paint: Paint, { all = false } = {}): string {
  const lines = needing(document);
  const shown = all ? lines : lines.slice(0, MOST_LINES);
  const better = folded(document);
  const colour = document.verdict === 'blocked' ? paint.red : document.approved || document.needs.length === 0 ? paint.green : paint.yellow;
  const parts = [
    colour(paint.bold(verdictWords(document))),
    ...(document.onlyUpgrade ? [paint.dim('Only the versions of libraries differ; the source is the same.')] : []),
    '',
    ...shown.flatMap((change) => [
      mark(change, paint),
      ...change.evidence.slice(0, 3).map((one) => paint.dim(`    ${evidenceWords(one)}`)),
    ]),
    ...(lines.length > shown.length ? [paint.dim(`… and ${lines.length - shown.length} more: --all`)] : []),
    ...(shown.length > 0 ? [''] : []),
    ...(all ? better.map((change) => mark(change, paint)) : []),
    paint.dim(summary(document)),
    paint.dim(`base ${sideWords(document.base)}`),
    paint.dim(`head ${sideWords(document.head)}`),
  ];
  return `${parts.join('\n')}\n`;
}

function mark({ blocks, boundary, direction, sentence, severity }: ReviewChange, paint: Paint): string {
  if (direction === 'stronger') return `${paint.green('stronger')}  ${sentence}`;
  if (direction === 'neutral') return `${paint.dim('note')}      ${sentence}`;
  const label = blocks ? paint.red('blocks') : direction === 'undecided' ? paint.yellow('cannot tell') : severity;
  return `${label}  ${sentence}${boundary ? ` [${boundary}]` : ''}`;
}

/** Where to look, in one line. */
export function evidenceWords({ chain = [], location, resource, rule, saw }: ReviewEvidence): string {
  const place = location ? `${location.file}${location.line === undefined ? '' : `:${location.line}`}` : '';
  const way = chain.length > 0 ? chain.join(' → ') : (saw ?? '');
  return [resource, place, rule ?? '', way].filter(Boolean).join('  ');
}

function summary({ changes, head }: ReviewDocument): string {
  const count = (direction: ReviewChange['direction']) => changes.filter((change) => change.direction === direction).length;
  const share = (head.undecided.share * 100).toFixed(1);
  return `${count('weaker')} weaker, ${count('undecided')} cannot tell, ${count('stronger')} stronger, ${count('neutral')} notes; ${head.undecided.count} verdicts of the head (${share} %) cannot be told`;
}

function sideWords({ digest, ref, targets }: ReviewDocument['base']): string {
  const what = ref ? `${ref.name} (${ref.commit.slice(0, 12)})` : targets.map(({ path }) => path).join(', ');
  const resources = targets.reduce((sum, target) => sum + target.resources, 0);
  return `${what}, ${resources} resources, digest ${digest.slice(0, 16)}`;
}
