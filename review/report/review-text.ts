import type { ReviewChange, ReviewControl, ReviewDocument, ReviewEvidence } from '../schema-review';
import { enforcementWords } from './enforcement-words';
import { libraryWords } from './library-words';
import { counted, percent, plainLine } from './words';

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

/** Places that stand below a line. */
const MOST_PLACES = 3;

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
  if (approved) return `approved by ${approvals.map(({ as, at, by }) => `${plainLine(by)} (${as}, ${at.slice(0, 10)})`).join(', ')}`;
  const missing = needs.filter((who) => !approvals.some(({ as }) => as === who));
  return `approve: ${missing.join(' and ')}`;
}

/** One page for the terminal. */
export function toReviewText(document: ReviewDocument, paint: Paint, { all = false } = {}): string {
  const lines = needing(document);
  const shown = all ? lines : lines.slice(0, MOST_LINES);
  const better = folded(document);
  const libraries = libraryWords(document);
  const colour = document.verdict === 'blocked' ? paint.red : document.approved || document.needs.length === 0 ? paint.green : paint.yellow;
  const parts = [
    colour(paint.bold(verdictWords(document))),
    ...(libraries === undefined ? [] : [paint.dim(plainLine(libraries))]),
    '',
    ...shown.flatMap((change) => [
      mark(change, paint),
      ...change.evidence.slice(0, all ? undefined : MOST_PLACES).map((one) => paint.dim(`${INDENT}${evidenceWords(one)}`)),
      ...(!all && change.evidence.length > MOST_PLACES ? [paint.dim(`${INDENT}… and ${change.evidence.length - MOST_PLACES} more`)] : []),
    ]),
    ...(lines.length > shown.length ? [paint.dim(`… and ${lines.length - shown.length} more to approve: --all prints them`)] : []),
    ...(shown.length > 0 ? [''] : []),
    ...(all ? better.map((change) => mark(change, paint)) : []),
    ...(all && better.length > 0 ? [''] : []),
    ...(all ? document.controls.map((row) => paint.dim(controlWords(row))) : []),
    ...(all && document.controls.length > 0 ? [''] : []),
    paint.dim(summary(document)),
    paint.dim(`base ${sideWords(document.base)}`),
    paint.dim(`head ${sideWords(document.head)}`),
  ];
  return `${parts.join('\n')}\n`;
}

/** How many keep, break or leave a control open, and by what that changed. */
function controlWords(row: ReviewControl): string {
  const counts = (['pass', 'fail', 'unknown'] as const)
    .filter((key) => row.before[key] !== row.after[key])
    .map((key) => `${COUNTED[key]} ${row.before[key]} → ${row.after[key]}`);
  const by = enforcementWords(row);
  return `${plainLine(row.control).padEnd(WIDEST)}  ${plainLine([...counts, ...(by === '' ? [] : [by])].join('; '))}`;
}
const COUNTED = { pass: 'kept', fail: 'broken', unknown: 'cannot tell' } as const;

/** Longest of the words before a sentence. */
const WIDEST = 'cannot tell'.length;
const INDENT = ' '.repeat(WIDEST + 2);

function mark({ blocks, boundary, direction, sentence, severity }: ReviewChange, paint: Paint): string {
  const [label, colour] = blocks
    ? ['blocks', paint.red]
    : direction === 'undecided'
      ? ['cannot tell', paint.yellow]
      : direction === 'stronger'
        ? ['stronger', paint.green]
        : direction === 'neutral'
          ? ['note', paint.dim]
          : [severity, severity === 'low' || severity === 'medium' ? paint.yellow : paint.red];
  return `${colour(label.padEnd(WIDEST))}  ${plainLine(sentence)}${boundary ? paint.red(` [crosses: ${boundary}]`) : ''}`;
}

/** How one comes there, or what was seen; a way of one step says nothing. */
export const wayOf = (chain: readonly string[], saw: string | undefined): string =>
  chain.length > 1 ? chain.join(' → ') : (saw ?? chain[0] ?? '');

/** Where to look, in one line. */
export function evidenceWords({ chain = [], location, resource, rule, saw }: ReviewEvidence): string {
  const place = location ? `${location.file}${location.line === undefined ? '' : `:${location.line}`}` : '';
  const way = wayOf(chain, saw);
  return [resource, place, rule ?? '', way]
    .filter(Boolean)
    .map((part) => plainLine(part))
    .join('  ');
}

function summary({ changes, head }: ReviewDocument): string {
  const count = (direction: ReviewChange['direction']) => changes.filter((change) => change.direction === direction).length;
  const told = `${count('weaker')} weaker, ${count('undecided')} cannot tell, ${count('stronger')} stronger, ${counted(count('neutral'), 'note')}`;
  return `${told}; of all verdicts on the head ${percent(head.undecided.share)} (${head.undecided.count}) cannot be told`;
}

function sideWords({ digest, ref, targets }: ReviewDocument['base']): string {
  const what = ref ? `${ref.name} (${ref.commit.slice(0, 12)})` : targets.map(({ path }) => path).join(', ');
  const resources = targets.reduce((sum, target) => sum + target.resources, 0);
  return `${plainLine(what)}, ${counted(resources, 'resource')}, digest ${digest.slice(0, 16)}`;
}
