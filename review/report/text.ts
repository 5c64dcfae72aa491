import Table from 'cli-table3';
import type { Colors } from 'picocolors/types';
import { STANDARDS } from '../../controls';
import type { CheckDocument, CheckFinding, Cloud, ControlRow } from '../schema';

export interface TextOptions {
  readonly colors: Colors;
  /** Rows printed of each verdict before the rest is only counted. @default all */
  readonly most?: number;
  /** Give every standard a line, also where nothing of it was assessed. @default false */
  readonly whole?: boolean;
}

const CLOUD_NAMES: Readonly<Record<Cloud, string>> = { aws: 'AWS', azure: 'Azure' };

/** Stands for a stack, template or program where a finding concerns all of it. */
const WHOLE_UNIT = 'Palisade::Unit';

/** For people at a terminal: what is wrong first, then how the standards stand, then the one line to remember. */
export function toText(document: CheckDocument, { colors, most = Number.POSITIVE_INFINITY, whole = false }: TextOptions): string {
  const shown = document.findings.filter(({ verdict, waiver, known }) => verdict !== 'pass' && !waiver && !known);
  const blocks = [
    ...findingBlocks(shown.slice(0, most), colors),
    shown.length > most ? colors.dim(`… and ${shown.length - most} more; --all prints them, --out keeps them`) : '',
    document.waivers
      .map(
        ({ level, message, location }) =>
          `${level === 'error' ? colors.red('waiver') : colors.yellow('waiver')} ${location ? `${location.file}:${location.line}: ` : ''}${message}`,
      )
      .join('\n'),
    standardsTable(document, colors, whole),
    targetLines(document, colors),
    verdictLine(document, colors),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** Findings of one resource stand together: that is where the mending is done. */
function findingBlocks(findings: readonly CheckFinding[], colors: Colors): readonly string[] {
  const byResource = new Map<string, CheckFinding[]>();
  for (const finding of findings) {
    const key = `${finding.target}\n${finding.resource.id}`;
    const list = byResource.get(key);
    if (list) list.push(finding);
    else byResource.set(key, [finding]);
  }
  return [...byResource.values()].map((list) => {
    const [{ resource, location, target }] = list as [CheckFinding];
    const place = location ? [location.file, location.line].filter((part) => part !== undefined).join(':') : target;
    const what = resource.type === WHOLE_UNIT ? 'as a whole' : resource.type;
    const head = `${colors.bold(resource.path ?? resource.logicalId)} ${colors.dim(`${what}  ${place}`)}`;
    return [head, ...list.map((finding) => findingLines(finding, colors))].join('\n');
  });
}

/** How messages say that nobody wrote a value; those of values that the SDK wrote always do. */
const SAYS_SO = /is not set|service default/;

function findingLines(finding: CheckFinding, colors: Colors): string {
  const paint = finding.verdict === 'unknown' ? colors.yellow : finding.severity === 'low' ? colors.cyan : colors.red;
  const label = finding.verdict === 'unknown' ? 'cannot tell' : finding.verdict === 'error' ? 'error' : finding.severity;
  const nobody = finding.origin === 'nobody' && !SAYS_SO.test(finding.message) ? colors.dim(' (nobody wrote it)') : '';
  return `  ${paint(label.padEnd(11))} ${finding.rule}  ${finding.message}${nobody}\n  ${' '.repeat(11)} ${colors.dim(finding.fix)}`;
}

/** How the controls of each standard stand on each cloud; a column that would be empty is left out. */
function standardsTable({ controls }: CheckDocument, colors: Colors, whole: boolean): string {
  const clouds = [...new Set(controls.map(({ cloud }) => cloud))];
  if (clouds.length === 0) return '';
  const columns = COLUMNS.filter(({ always, statuses }) => always || controls.some(({ status }) => statuses.includes(status)));
  const table = new Table({
    style: { head: [], border: [], compact: true, 'padding-left': 1, 'padding-right': 1 },
    colAligns: ['left', ...clouds.flatMap(() => columns.map(() => 'right' as const))],
    chars: NO_BORDERS,
  });
  table.push([
    '',
    ...clouds.map((cloud) => ({ content: colors.bold(CLOUD_NAMES[cloud]), colSpan: columns.length, hAlign: 'center' as const })),
  ]);
  table.push(['', ...clouds.flatMap(() => columns.map(({ title }) => colors.dim(title)))]);
  const row = (title: string, belongs: (row: ControlRow) => boolean) => [
    title,
    ...clouds.flatMap((cloud) =>
      columns.map(({ statuses, paint }) => {
        const count = controls.filter((each) => each.cloud === cloud && belongs(each) && statuses.includes(each.status)).length;
        return count === 0 ? colors.dim('·') : colors[paint](String(count));
      }),
    ),
  ];
  const silent = whole
    ? []
    : STANDARDS.filter(({ id }) => controls.every(({ control, status }) => !control.startsWith(`${id}-`) || status === 'not-assessed'));
  for (const standard of STANDARDS) {
    const { id, title } = standard;
    if (!silent.includes(standard)) table.push(row(`${id}  ${title}`, ({ control }) => control.startsWith(`${id}-`)));
  }
  table.push(row(colors.bold('all controls'), () => true));
  const rest = silent.length > 0 ? `\n${colors.dim(` nothing assessed of ${silent.map(({ id }) => id).join(', ')}`)}` : '';
  return `${table.toString()}${rest}`;
}

const COLUMNS: readonly {
  readonly title: string;
  readonly statuses: readonly ControlRow['status'][];
  readonly paint: 'green' | 'red' | 'yellow' | 'dim';
  readonly always: boolean;
}[] = [
  { title: 'kept', statuses: ['pass', 'attested'], paint: 'green', always: true },
  { title: 'broken', statuses: ['fail', 'error'], paint: 'red', always: true },
  { title: 'unsure', statuses: ['unknown'], paint: 'yellow', always: false },
  { title: 'waived', statuses: ['waived'], paint: 'yellow', always: false },
  { title: 'not assessed', statuses: ['not-assessed'], paint: 'dim', always: true },
];

const NO_BORDERS = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);

function targetLines({ targets }: CheckDocument, colors: Colors): string {
  const failed = targets.filter(({ status }) => status === 'failed');
  const skipped = targets.filter(({ status }) => status === 'skipped');
  const judged = targets.filter(({ status }) => status === 'ok');
  const lines =
    judged.length <= 5
      ? judged.map(({ path, kind, resources, tiers }) => `${path}: ${kind}, ${resources} resources, ${tierWords(tiers)}`)
      : [`${judged.length} targets judged`];
  const notes = judged.flatMap(({ path, notes = [] }) => notes.map((note) => colors.dim(`${path}: ${note}`)));
  return [
    ...lines,
    ...notes.slice(0, 20),
    ...(notes.length > 20 ? [colors.dim(`… and ${notes.length - 20} more notes`)] : []),
    ...(skipped.length > 0 ? [colors.dim(skippedLine(skipped))] : []),
    ...failed.flatMap(({ error, trace = [] }) => [
      colors.red(error ?? ''),
      ...(trace.length > 1 ? trace.map((frame) => colors.dim(`  at ${frame}`)) : []),
    ]),
  ].join('\n');
}

/** Programs first: whoever reads this may want to name them. */
function skippedLine(skipped: CheckDocument['targets']): string {
  const names = skipped.filter(({ notes: [why] = [] }) => why !== 'is no template').map(({ path, notes: [why] = [] }) => `${path} ${why}`);
  const others = skipped.length - names.length;
  return [...names, ...(others > 0 ? [`${others} other ${others === 1 ? 'file' : 'files'} found, no templates`] : [])].join('\n');
}

function tierWords(tiers: CheckDocument['targets'][number]['tiers'] = []): string {
  const words = [
    ...new Set(tiers.map(({ tier, declared }) => (declared ? `${tier} tier` : `judged as ${tier} tier: no data profile declared`))),
  ];
  return words.join(', ') || 'no unit';
}

function verdictLine({ summary, targets }: CheckDocument, colors: Colors): string {
  const parts = [`${summary.pass} passed`, `${summary.fail} failed`, `${summary.unknown} cannot tell`];
  if (summary.waived > 0) parts.push(`${summary.waived} waived`);
  if (summary.known > 0) parts.push(`${summary.known} of them known from the baseline`);
  if (summary.error > 0) parts.push(`${summary.error} errors`);
  const failed = targets.filter(({ status }) => status === 'failed').length;
  if (failed > 0) parts.push(`${failed} of ${targets.length} targets could not be read`);
  const gate = summary.gate === 'passed' ? colors.green('gate passed') : colors.red('gate failed');
  return `${gate} (${summary.threshold} and above${summary.strict ? ', strict' : ''}): ${parts.join(', ')}`;
}
