import Table from 'cli-table3';
import type { Colors } from 'picocolors/types';
import { STANDARDS } from '../../controls';
import type { CheckDocument, CheckFinding, Cloud, ControlRow } from '../schema';

export interface TextOptions {
  readonly colors: Colors;
  /** Rows printed of each verdict before the rest is only counted. @default all */
  readonly most?: number;
  /** Leave out the table per standard. @default false */
  readonly brief?: boolean;
}

const CLOUD_NAMES: Readonly<Record<Cloud, string>> = { aws: 'AWS', azure: 'Azure' };

/** For people at a terminal: what is wrong first, then how the standards stand, then the one line to remember. */
export function toText(document: CheckDocument, { colors, most = Number.POSITIVE_INFINITY, brief = false }: TextOptions): string {
  const shown = document.findings.filter(({ verdict, waiver }) => verdict !== 'pass' && !waiver);
  const blocks = [
    ...findingBlocks(shown.slice(0, most), colors),
    shown.length > most ? colors.dim(`… and ${shown.length - most} more`) : '',
    document.waivers
      .map(
        ({ level, message, location }) =>
          `${level === 'error' ? colors.red('waiver') : colors.yellow('waiver')} ${location ? `${location.file}:${location.line}: ` : ''}${message}`,
      )
      .join('\n'),
    brief ? '' : standardsTable(document, colors),
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
    const head = `${colors.bold(resource.path ?? resource.logicalId)} ${colors.dim(`${resource.type}  ${place}`)}`;
    return [head, ...list.map((finding) => findingLines(finding, colors))].join('\n');
  });
}

function findingLines(finding: CheckFinding, colors: Colors): string {
  const paint = finding.verdict === 'unknown' ? colors.yellow : finding.severity === 'low' ? colors.cyan : colors.red;
  const label = finding.verdict === 'unknown' ? 'cannot tell' : finding.verdict === 'error' ? 'error' : finding.severity;
  return `  ${paint(label.padEnd(11))} ${finding.rule}  ${finding.message}\n  ${' '.repeat(11)} ${colors.dim(finding.fix)}`;
}

/** Controls kept, broken, undecided and not assessed, by standard and cloud. */
function standardsTable({ controls }: CheckDocument, colors: Colors): string {
  const clouds = [...new Set(controls.map(({ cloud }) => cloud))];
  if (clouds.length === 0) return '';
  const table = new Table({
    head: ['standard', ...clouds.flatMap((cloud) => [`${CLOUD_NAMES[cloud]} kept`, 'broken', 'cannot tell', 'waived', 'not assessed'])],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...clouds.flatMap(() => ['right', 'right', 'right', 'right', 'right'] as const)],
    chars: {
      mid: '',
      'left-mid': '',
      'mid-mid': '',
      'right-mid': '',
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      right: '',
      middle: '  ',
    },
  });
  for (const { id, title } of STANDARDS) {
    table.push([
      `${id}  ${title}`,
      ...clouds.flatMap((cloud) => {
        const rows = controls.filter((row) => row.cloud === cloud && row.control.startsWith(`${id}-`));
        const count = (...statuses: readonly ControlRow['status'][]) => rows.filter(({ status }) => statuses.includes(status)).length;
        return [
          number(count('pass', 'attested'), colors.green),
          number(count('fail', 'error'), colors.red),
          number(count('unknown'), colors.yellow),
          number(count('waived'), colors.yellow),
          number(count('not-assessed'), colors.dim),
        ];
      }),
    ]);
  }
  return table.toString();
}

const number = (count: number, paint: (text: string) => string): string => (count === 0 ? '·' : paint(String(count)));

function targetLines({ targets }: CheckDocument, colors: Colors): string {
  const failed = targets.filter(({ status }) => status === 'failed');
  const lines =
    targets.length <= 5
      ? targets
          .filter(({ status }) => status === 'ok')
          .map(({ path, kind, resources, tiers }) => `${path}: ${kind}, ${resources} resources, ${tierWords(tiers)}`)
      : [`${targets.length - failed.length} targets judged`];
  const notes = targets.flatMap(({ path, notes = [] }) => notes.map((note) => colors.dim(`${path}: ${note}`)));
  return [
    ...lines,
    ...notes.slice(0, 20),
    ...(notes.length > 20 ? [colors.dim(`… and ${notes.length - 20} more notes`)] : []),
    ...failed.map(({ error }) => colors.red(error ?? '')),
  ].join('\n');
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
  if (summary.error > 0) parts.push(`${summary.error} errors`);
  const failed = targets.filter(({ status }) => status === 'failed').length;
  if (failed > 0) parts.push(`${failed} of ${targets.length} targets could not be read`);
  const gate = summary.gate === 'passed' ? colors.green('gate passed') : colors.red('gate failed');
  return `${gate} (${summary.threshold} and above${summary.strict ? ', strict' : ''}): ${parts.join(', ')}`;
}
