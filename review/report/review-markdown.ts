import type { ReviewChange, ReviewDocument } from '../schema-review';
import { evidenceWords, folded, MOST_LINES, needing, verdictWords } from './review-text';

/** Characters that a comment on GitHub may have; GitLab takes more. */
const MOST_CHARACTERS = 65_536;
/** Left for what stands around the folded parts. */
const RESERVE = 1_024;

/** Found again by whoever updates the comment instead of adding one. */
export const MARKER = '<!-- palisade review -->';

/**
 * A comment for a pull request: the verdict, at most ten lines, everything else folded. What does not fit is left out from the end,
 * and said so.
 */
export function toReviewMarkdown(document: ReviewDocument): string {
  const lines = needing(document);
  const [shown, more] = [lines.slice(0, MOST_LINES), lines.slice(MOST_LINES)];
  const head = [
    MARKER,
    `### ${icon(document)} Palisade review: ${text(verdictWords(document))}`,
    ...(document.onlyUpgrade ? ['Only the versions of libraries differ; the source is the same.'] : []),
    ...(lines.length === 0 ? ['Nothing in what would be deployed needs anybody’s approval.'] : []),
    shown.map((change) => item(change)).join('\n'),
  ].filter(Boolean);
  const better = folded(document);
  const parts = [
    details(
      'Evidence',
      shown.flatMap((change) => [`**${text(change.sentence)}**`, ...change.evidence.map((one) => `- ${text(evidenceWords(one))}`), '']),
    ),
    details(
      `${more.length} more that need approval`,
      more.map((change) => item(change)),
    ),
    details(
      `${better.length} that need nobody`,
      better.map((change) => item(change)),
    ),
    details(
      `${document.controls.length} controls are kept by more or by less than before`,
      document.controls.length === 0
        ? []
        : [
            '| control | kept | broken | cannot tell |',
            '|---|--:|--:|--:|',
            ...document.controls.map(
              ({ after, before, control }) =>
                `| ${control} | ${before.pass} → ${after.pass} | ${before.fail} → ${after.fail} | ${before.unknown} → ${after.unknown} |`,
            ),
          ],
    ),
  ].filter((part) => part !== '');
  const foot = `<sub>base \`${document.base.digest.slice(0, 16)}\` · head \`${document.head.digest.slice(0, 16)}\` · ${(document.head.undecided.share * 100).toFixed(1)} % of all verdicts cannot be told · palisade ${document.tool.version}</sub>`;
  return `${fitted([...head, ''].join('\n\n'), parts, foot)}\n`;
}

/** Leaves folded parts out, the last first, until it fits; cuts the lines themselves only when nothing else is left. */
function fitted(head: string, parts: readonly string[], foot: string): string {
  for (let kept = parts.length; kept >= 0; kept -= 1) {
    const left =
      kept === parts.length ? '' : '\n\n_Left out because a comment may not be longer; the whole is in the JSON and HTML reports._';
    const whole = [head.trimEnd(), ...parts.slice(0, kept), `${left}${left ? '\n\n' : ''}${foot}`].join('\n\n');
    if (whole.length <= MOST_CHARACTERS) return whole;
  }
  return `${head.slice(0, MOST_CHARACTERS - RESERVE)}…\n\n_Cut because a comment may not be longer; the whole is in the JSON and HTML reports._\n\n${foot}`;
}

const icon = ({ approved, verdict }: ReviewDocument): string => (verdict === 'blocked' ? '⛔' : approved ? '✅' : '⚠️');

function item({ blocks, boundary, direction, sentence, severity }: ReviewChange): string {
  const label = blocks
    ? '**blocks**'
    : direction === 'undecided'
      ? 'cannot tell'
      : direction === 'weaker'
        ? severity
        : direction === 'stronger'
          ? 'stronger'
          : 'note';
  return `- ${label}: ${text(sentence)}${boundary ? ` — crosses the boundary of the **${boundary}**` : ''}`;
}

const details = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `<details><summary>${title}</summary>\n\n${lines.join('\n')}\n\n</details>`;

/** Names come from templates: nothing of them may become markup, a mention or a link. */
const text = (words: string): string =>
  words
    .replaceAll(/[\\`*_{}[\]<>#|~]/g, (found) => (found === '<' ? '&lt;' : found === '>' ? '&gt;' : `\\${found}`))
    .replaceAll('@', '@\u200b');
