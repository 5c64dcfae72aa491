import { CONTROLS } from '../../controls';
import type { ReviewChange, ReviewCounts, ReviewDocument, ReviewEvidence, ReviewSide } from '../schema-review';
import { enforcementWords } from './enforcement-words';
import { libraryWords } from './library-words';
import { STYLE, STYLE_HASH } from './review-html-style';
import { type EdgeState, type Picture, type PicturePath, pictureOf } from './review-picture';
import { escaped, STATE_WORDS, toReviewSvg } from './review-svg';
import { folded, MOST_LINES, needing, verdictWords } from './review-text';
import { counted, percent } from './words';

/**
 * One page that needs nothing else: the verdict, at most ten lines with their evidence, a picture of the paths before and after,
 * everything else folded. Its own policy (CSP) lets no script, no image and no connection in; only the style is let in, by its hash.
 */
export function toReviewHtml(document: ReviewDocument): string {
  const lines = needing(document);
  const [shown, more] = [lines.slice(0, MOST_LINES), lines.slice(MOST_LINES)];
  const better = folded(document);
  const libraries = libraryWords(document);
  const title = `Palisade review: ${verdictWords(document)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header class="verdict ${verdictClass(document)}">
<p class="dim">Palisade review</p>
<h1>${escaped(verdictWords(document))}</h1>
<p>${escaped(summaryWords(document))}</p>
${libraries === undefined ? '' : `<p>${escaped(libraries)}</p>`}
</header>
${section('What has to be approved', shown.length === 0 ? '<p>Nothing in what would be deployed needs anybody’s approval.</p>' : `<ol class="lines">${shown.map(line).join('')}</ol>`)}
${pictured(pictureOf(document))}
${section('Everything else', [detail(`${more.length} more that have to be approved`, list(more)), detail(`${counted(better.length, 'change')} that nobody has to approve`, list(better)), controls(document)].join('') || '<p class="dim">There is nothing else.</p>')}
${section('What was compared', compared(document))}
${section('Approvals', approvals(document))}
<footer>palisade ${escaped(document.tool.version)}, judged as of ${escaped(document.today)}. Drawn from the document of <code>palisade review --format json</code>.</footer>
</main>
</body>
</html>
`;
}

const section = (title: string, body: string): string => `<section><h2>${escaped(title)}</h2>${body}</section>`;
const detail = (title: string, body: string): string =>
  body === '' ? '' : `<details><summary>${escaped(title)}</summary>${body}</details>`;
const list = (changes: readonly ReviewChange[]): string =>
  changes.length === 0 ? '' : `<ul class="lines">${changes.map(line).join('')}</ul>`;

function verdictClass({ approved, verdict }: ReviewDocument): string {
  return verdict === 'blocked' ? 'blocked' : approved ? 'passes' : 'waits';
}

function summaryWords({ changes, head }: ReviewDocument): string {
  const count = (direction: ReviewChange['direction']) => changes.filter((change) => change.direction === direction).length;
  const told = `${count('weaker')} weaker, ${count('undecided')} that cannot be told, ${count('stronger')} stronger, ${counted(count('neutral'), 'note')}.`;
  return `${told} Of all verdicts on the state after, ${percent(head.undecided.share)} (${head.undecided.count}) cannot be told.`;
}

// ── Lines ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function line({ blocks, boundary, direction, evidence, sentence, severity }: ReviewChange): string {
  const [kind, label] = blocks
    ? ['blocks', 'blocks']
    : direction === 'undecided'
      ? ['undecided', 'cannot tell']
      : direction === 'weaker'
        ? [severity, severity]
        : direction === 'stronger'
          ? ['stronger', 'stronger']
          : ['neutral', 'note'];
  const crosses = boundary ? ` <strong class="crosses">crosses the boundary: ${escaped(boundary)}</strong>` : '';
  return `<li><span class="tag ${kind}">${label}</span><span class="sentence">${escaped(sentence)}</span>${crosses}${evidenceList(evidence)}</li>`;
}

/** As much evidence as stands open below one sentence. */
const MOST_EVIDENCE = 5;

function evidenceList(evidence: readonly ReviewEvidence[]): string {
  if (evidence.length === 0) return '';
  const items = (some: readonly ReviewEvidence[]) => `<ul class="evidence">${some.map(evidenceItem).join('')}</ul>`;
  const rest = evidence.slice(MOST_EVIDENCE);
  return `${items(evidence.slice(0, MOST_EVIDENCE))}${detail(`${rest.length} more places`, rest.length === 0 ? '' : items(rest))}`;
}

function evidenceItem({ chain = [], location, resource, rule, saw, side }: ReviewEvidence): string {
  const place = location ? `${location.file}${location.line === undefined ? '' : `:${location.line}`}` : '';
  const way = chain.length > 0 ? chain.join(' → ') : '';
  return `<li>${[
    `<code>${escaped(resource)}</code>${side === 'before' ? ' (before)' : ''}`,
    ...(place === '' ? [] : [`<code>${escaped(place)}</code>`]),
    ...(rule === undefined ? [] : [`<code>${escaped(rule)}</code>`]),
    ...(way === '' ? [] : [escaped(way)]),
    ...(saw === undefined || way.includes(saw) ? [] : [escaped(saw)]),
  ].join(' · ')}</li>`;
}

// ── Picture ────────────────────────────────────────────────────────────────────────────────────────────────────────

function pictured(picture: Picture): string {
  if (picture.paths.length === 0) return '';
  const states = (['new', 'unsure', 'lost', 'same'] as const).filter((state) => picture.edges.some((edge) => edge.state === state));
  const legend = states.map(
    (state) =>
      `<li><svg width="44" height="10" aria-hidden="true"><path class="edge ${state}" d="M1 5H43"/></svg>${escaped(STATE_WORDS[state])}</li>`,
  );
  return section(
    'Paths before and after',
    [
      `<ul class="legend" aria-label="What the arrows mean">${legend.join('')}</ul>`,
      `<div class="picture" role="region" aria-label="Picture of the paths" tabindex="0">${toReviewSvg(picture)}</div>`,
      detail('The same in words', pathTable(picture.paths)),
      detail(`${counted(picture.more.length, 'more path')}, not drawn`, picture.more.length === 0 ? '' : pathTable(picture.more)),
    ].join(''),
  );
}

function pathTable(paths: readonly PicturePath[]): string {
  const word = (state: EdgeState): string => STATE_WORDS[state];
  const rows = paths.map(
    ({ hops, sentence, state }) =>
      `<tr><td>${escaped(word(state))}</td><td>${escaped(hops.join(' → '))}</td><td>${escaped(sentence)}</td></tr>`,
  );
  return `<div class="tables"><table><thead><tr><th scope="col">state</th><th scope="col">path</th><th scope="col">what it means</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

// ── Tables ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function controls({ controls: rows }: ReviewDocument): string {
  if (rows.length === 0) return '';
  const columns: readonly (readonly [string, keyof ReviewCounts])[] = [
    ['kept', 'pass'],
    ['broken', 'fail'],
    ['cannot tell', 'unknown'],
    ['waived', 'waived'],
  ];
  const cell = (before: number, after: number) =>
    `<td class="number">${before === after ? `<span class="dim">${after}</span>` : `${before} → ${after}`}</td>`;
  const body = rows.map((row) => {
    const { after, before, control } = row;
    return `<tr><th scope="row">${escaped(control)}</th><td>${escaped(CONTROLS[control]?.title ?? '')}</td>${columns.map(([, key]) => cell(before[key], after[key])).join('')}<td>${escaped(enforcementWords(row))}</td></tr>`;
  });
  const table = `<div class="tables"><table><caption class="dim">How many resources keep or break each control, before → after</caption><thead><tr><th scope="col">control</th><th scope="col">what it asks for</th>${columns.map(([name]) => `<th scope="col" class="number">${name}</th>`).join('')}<th scope="col">enforced by</th></tr></thead><tbody>${body.join('')}</tbody></table></div>`;
  return detail(`${counted(rows.length, 'control')} kept by more, by less or by others than before`, table);
}

function compared({ base, head }: ReviewDocument): string {
  const row = (name: string, of: (side: ReviewSide) => string) =>
    `<tr><th scope="row">${name}</th><td>${of(base)}</td><td>${of(head)}</td></tr>`;
  const targets = ({ ref, targets }: ReviewSide) =>
    [
      ...(ref ? [`<code>${escaped(ref.name)}</code> (<code>${escaped(ref.commit)}</code>)`] : []),
      ...targets.map(({ kind, path, resources }) => `<code>${escaped(path)}</code>: ${escaped(kind)}, ${counted(resources, 'resource')}`),
    ].join('<br>');
  const notes = (side: ReviewSide) =>
    side.targets.flatMap(({ notes = [], path }) => notes.map((note) => `<li>${escaped(`${path}: ${note}`)}</li>`));
  const told = [...new Set([...notes(base), ...notes(head)])];
  return `<div class="tables"><table><thead><tr><td></td><th scope="col">before</th><th scope="col">after</th></tr></thead><tbody>${[
    row('what', targets),
    row('digest', ({ digest }) => `<code>${escaped(digest)}</code>`),
    row('cannot be told', ({ undecided }) => `${counted(undecided.count, 'verdict')} (${percent(undecided.share)})`),
  ].join(
    '',
  )}</tbody></table></div>${detail(`${counted(told.length, 'note')} on how it was read`, told.length === 0 ? '' : `<ul>${told.join('')}</ul>`)}`;
}

function approvals({ approvals: given, needs, verdict }: ReviewDocument): string {
  const rows = given.map(
    ({ as, at, by }) => `<li>${escaped(by)}, as ${escaped(as)}, on <time datetime="${escaped(at)}">${escaped(at.slice(0, 10))}</time></li>`,
  );
  const missing = needs.filter((who) => !given.some(({ as }) => as === who));
  const wanted =
    verdict === 'blocked'
      ? 'No approval lets this change pass.'
      : missing.length > 0
        ? `Still needed: ${missing.join(' and ')}.`
        : needs.length === 0
          ? 'Nobody has to approve.'
          : 'Everybody who has to has approved exactly these two states.';
  return `${rows.length > 0 ? `<ul>${rows.join('')}</ul>` : ''}<p>${escaped(wanted)}</p>`;
}
