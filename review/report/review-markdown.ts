import type { ReviewChange, ReviewDocument, ReviewEvidence } from '../schema-review';
import { enforcementWords } from './enforcement-words';
import { libraryWords } from './library-words';
import { folded, MOST_LINES, needing, verdictWords, wayOf } from './review-text';
import { counted, percent, plainLine } from './words';

/** Characters that a comment on GitHub may have; GitLab takes more. */
const MOST_CHARACTERS = 65_536;
/** Kept for the line below everything and for what says that something was left out. */
const RESERVE = 1_024;
/** Longest sentence, and longest name or chain below it. */
const LONG = 600;
/** Where the ten lines alone would not leave room for the rest. */
const SHORTER = [200, 60] as const;

/** First line of the comment: whoever posts it finds the one to update by it. */
export const MARKER = '<!-- palisade review -->';

/**
 * A comment for a pull request: the verdict, at most ten lines with their evidence, everything else folded. It always fits: of what
 * is folded, as much stands in it as there is room for, the gravest first, and how much was left out is said.
 */
export function toReviewMarkdown(document: ReviewDocument): string {
  let { foot, head, parts } = comment(document, new Words(LONG));
  for (const most of SHORTER) if (head.length > MOST_CHARACTERS / 2) ({ foot, head, parts } = comment(document, new Words(most)));
  return `${[head, ...fitting(parts, MOST_CHARACTERS - RESERVE - head.length), foot].join('\n\n')}\n`;
}

interface Comment {
  readonly head: string;
  readonly parts: readonly Part[];
  readonly foot: string;
}

function comment(document: ReviewDocument, words: Words): Comment {
  const lines = needing(document);
  const [shown, more] = [lines.slice(0, MOST_LINES), lines.slice(MOST_LINES)];
  const better = folded(document);
  const libraries = libraryWords(document);
  const head = [
    `${MARKER}\n### ${icon(document)} Palisade review: ${words.text(verdictWords(document))}`,
    ...(libraries === undefined ? [] : [words.text(libraries)]),
    shown.length === 0
      ? 'Nothing in what would be deployed needs anybody’s approval.'
      : shown.map((change) => words.withEvidence(change)).join('\n'),
  ].join('\n\n');
  const parts: readonly Part[] = [
    {
      title: `${counted(more.length, 'more line')} that ${more.length === 1 ? 'has' : 'have'} to be approved`,
      lines: more.map((change) => words.withEvidence(change)),
    },
    {
      title: 'All evidence of the lines above',
      lines: shown
        .filter((change) => change.evidence.length > 1)
        .flatMap((change) => [`- ${words.text(change.sentence)}`, ...change.evidence.map((one) => `  - ${words.evidence(one)}`)]),
    },
    {
      title: `${counted(better.length, 'change')} that nobody has to approve`,
      lines: better.map((change) => words.item(change)),
    },
    {
      title: `${counted(document.controls.length, 'control')} kept by more, by less or by others than before`,
      lead: ['| control | kept | broken | cannot tell | enforced by |', '|---|--:|--:|--:|---|'],
      lines: document.controls.map((row) => {
        const { after, before, control } = row;
        return `| ${control} | ${before.pass} → ${after.pass} | ${before.fail} → ${after.fail} | ${before.unknown} → ${after.unknown} | ${words.text(enforcementWords(row))} |`;
      }),
    },
  ];
  const foot = `<sub>before <code>${document.base.digest.slice(0, 16)}</code> · after <code>${document.head.digest.slice(0, 16)}</code> · ${percent(document.head.undecided.share)} of all verdicts (${document.head.undecided.count}) cannot be told · palisade ${words.text(document.tool.version)}</sub>`;
  return { head, parts, foot };
}

interface Part {
  readonly title: string;
  /** Stands before the lines, and belongs to them. */
  readonly lead?: readonly string[];
  readonly lines: readonly string[];
}

/** Each part with as many of its lines as there is room for; the next part gets what is left. */
function fitting(parts: readonly Part[], room: number): readonly string[] {
  let left = room;
  return parts.flatMap(({ lead = [], lines, title }) => {
    if (lines.length === 0) return [];
    const frame = folding(title, [...lead, '', leftOut(lines.length)]).length + '\n\n'.length;
    if (frame > left) return [];
    left -= frame;
    const kept: string[] = [];
    for (const line of lines) {
      if (line.length + 1 > left) break;
      kept.push(line);
      left -= line.length + 1;
    }
    const missing = lines.length - kept.length;
    return [folding(title, [...(kept.length > 0 ? lead : []), ...kept, ...(missing > 0 ? ['', leftOut(missing)] : [])])];
  });
}

const leftOut = (count: number): string =>
  `_${counted(count, 'line')} left out: a comment may not be longer. The HTML and JSON reports hold all._`;

const folding = (title: string, lines: readonly string[]): string =>
  `<details><summary>${title}</summary>\n\n${lines.join('\n')}\n\n</details>`;

const icon = ({ approved, verdict }: ReviewDocument): string => (verdict === 'blocked' ? '⛔' : approved ? '✅' : '⚠️');

/** Unseen, and breaks what GitHub would make a mention, a link, a reference or an emoji of. */
const BREAK = '\u200b';

class Words {
  constructor(private readonly most: number) {}

  /** Names come from templates: nothing of them may become markup, a mention, a link or a second line. */
  text(words: string): string {
    return plainLine(words, this.most)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/[\\`*_{}[\]()|~!$]/g, '\\$&')
      .replaceAll(/[@#]/g, `$&${BREAK}`)
      .replaceAll(/:(?=\/\/)|:(?=[\w+-]+:)|\bGH-(?=\d)|\bwww\.|\bmailto:/gi, `$&${BREAK}`);
  }

  item({ blocks, boundary, direction, sentence, severity }: ReviewChange): string {
    const label = blocks
      ? '**blocks**'
      : direction === 'undecided'
        ? 'cannot tell'
        : direction === 'weaker'
          ? severity
          : direction === 'stronger'
            ? 'stronger'
            : 'note';
    return `- ${label}: ${this.text(sentence)}${boundary ? ` — crosses the boundary: **${boundary}**` : ''}`;
  }

  /** With the first place to look; the others are folded. */
  withEvidence(change: ReviewChange): string {
    const [first, ...others] = change.evidence;
    if (!first) return this.item(change);
    return `${this.item(change)}<br><sub>${this.evidence(first)}${others.length > 0 ? ` · and ${others.length} more` : ''}</sub>`;
  }

  /** Names stand as code, where GitHub makes nothing of them. */
  evidence({ chain = [], location, resource, rule, saw }: ReviewEvidence): string {
    const place = location ? `${location.file}${location.line === undefined ? '' : `:${location.line}`}` : '';
    const way = wayOf(chain, saw);
    const names = [resource, place, rule ?? ''].filter(Boolean).map((name) => `<code>${this.text(name)}</code>`);
    return [...names, ...(way === '' ? [] : [this.text(way)])].join(' · ');
  }
}
