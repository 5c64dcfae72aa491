/**
 * `npm run detect -- <folder>`: judges a folder of labelled templates in one process, and prints what was found, what was
 * missed and where we cried wolf, beside what cdk-nag says of the same files. Ends with 2 when the folder cannot be read.
 */
import { join } from 'node:path';
import Table from 'cli-table3';
import { type Expectation, languageOf, readCorpus, serviceOf } from './corpus';
import { cdkNag, type Judged, palisade } from './judge';
import { type Scored, saysAnything, score, tally } from './score';

async function main(folder: string): Promise<void> {
  const expectations = readCorpus(folder);
  const files = [...new Set(expectations.map(({ file }) => file))];
  const ours = new Map<string, Judged>();
  const started = performance.now();
  for (const file of files) ours.set(file, await palisade(join(folder, file)));
  const seconds = (performance.now() - started) / 1000;
  const scored = expectations.map((expectation) => score(expectation, ours.get(expectation.file) as Judged));
  print(`${files.length} templates judged in ${seconds.toFixed(1)} s`);
  for (const [what, of] of [
    ['language', languageOf],
    ['corpus', ({ corpus }: Expectation) => corpus],
    ['category', ({ category }: Expectation) => category],
    ['service', serviceOf],
  ] as const)
    print(tableBy(what, scored, of));
  list('missed', scored);
  list('cannot tell', scored);
  list('false alarm', scored);
  list('unmapped', scored);
  list('refused', scored);
  outOfScope(scored);
  print(beside(folder, files, expectations, ours));
}

function tableBy(what: string, scored: readonly Scored[], of: (expectation: Expectation) => string): string {
  const groups = new Map<string, Scored[]>();
  for (const each of scored) groups.set(of(each.expectation), [...(groups.get(of(each.expectation)) ?? []), each]);
  const table = new Table({
    head: [what, 'in scope', 'found', 'recall', 'cannot tell', 'clean', 'false alarms', 'rate'],
    style: { head: [], border: [] },
  });
  const row = (name: string, part: readonly Scored[]) => {
    const { expected, found, cannotTell, quiet, alarms } = tally(part);
    table.push([name, expected, found, percent(found, expected), cannotTell, quiet + alarms, alarms, percent(alarms, quiet + alarms)]);
  };
  for (const [name, part] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) row(name, part);
  row('all', scored);
  return table.toString();
}

function list(wanted: Scored['score'], scored: readonly Scored[]): void {
  const matching = scored.filter((each) => each.score === wanted);
  print(`\n${wanted}: ${matching.length}`);
  for (const { expectation, because } of matching) {
    const { corpus, rule_id, rule_title, file, expected_resources } = expectation;
    print(
      `  ${file}  ${corpus} ${rule_id}  ${expected_resources.join(' ')}  ${rule_title.slice(0, 80)}${because ? `\n      ${because}` : ''}`,
    );
  }
}

function outOfScope(scored: readonly Scored[]): void {
  const reasons = new Map<string, Set<string>>();
  const left = scored.filter((each) => each.score === 'out of scope');
  for (const { expectation, because = '' } of left)
    reasons.set(because, (reasons.get(because) ?? new Set()).add(`${expectation.corpus} ${expectation.rule_id}`));
  print(`\nout of scope: ${left.length}`);
  for (const [because, rules] of reasons) print(`  ${[...rules].join(', ')}: ${because}`);
}

/** The same generous question to both: of the resources that the corpus names, is anything said at all? */
function beside(folder: string, files: readonly string[], expectations: readonly Expectation[], ours: ReadonlyMap<string, Judged>): string {
  const templates = new Set(expectations.filter((each) => languageOf(each) === 'CloudFormation').map(({ file }) => file));
  const started = performance.now();
  const theirs = new Map(files.filter((file) => templates.has(file)).map((file) => [file, cdkNag(join(folder, file))]));
  const seconds = (performance.now() - started) / 1000;
  const aws = expectations.filter(({ file }) => templates.has(file));
  const failing = aws.filter(({ expected }) => expected === 'fail');
  const row = (name: string, judged: ReadonlyMap<string, Judged>, took: string) => [
    name,
    took,
    [...theirs.keys()].filter((file) => 'refused' in (judged.get(file) as Judged)).length,
    failing.length,
    percent(failing.filter((each) => saysAnything(each, judged.get(each.file) as Judged)).length, failing.length),
  ];
  const table = new Table({
    head: ['CloudFormation only', 's', 'refused files', 'expected to fail', 'anything said of it'],
    style: { head: [], border: [] },
  });
  table.push(row('palisade', ours, ''), row('cdk-nag AwsSolutions + NIST 800-53 R5', theirs, seconds.toFixed(1)));
  return `\n${table.toString()}`;
}

const percent = (part: number, whole: number): string => (whole === 0 ? '' : `${((100 * part) / whole).toFixed(1)} %`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

const [folder] = process.argv.slice(2);
(folder === undefined
  ? Promise.reject(new Error('name the folder of labelled templates: npm run detect -- <folder>'))
  : main(folder)
).catch((error: unknown) => {
  process.stderr.write(`detect: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
