/**
 * `npm run judges`: everything that we synthesise, judged by tools that we did not write. Ends with 0 when nothing is left
 * open, with 1 when something is or an exception matches nothing any more, and with 2 when a judge could not be heard.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { cdkNag, cloudFormationValidate } from './cdk';
import { EXCEPTIONS } from './exceptions';
import { cfnGuard, pythonJudges } from './programs';
import { synthesiseAll } from './synthesis';
import { type Judgement, type Settled, settle } from './verdict';

async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'palisade-judged-'));
  try {
    const syntheses = synthesiseAll(join(__dirname, '..', '..'), folder);
    const programs = Promise.all([cfnGuard(syntheses), pythonJudges(syntheses)]);
    const ours = [cdkNag(syntheses), cloudFormationValidate(syntheses)];
    const [guard, python] = await programs;
    const judgements = [...ours, guard, ...python];
    const settled = settle(judgements, EXCEPTIONS);
    const templates = syntheses.flatMap((synthesis) => synthesis.templates);
    const resources = templates.reduce((sum, template) => sum + template.resources, 0);
    process.stdout.write(`${templates.length} templates with ${resources} resources\n${report(judgements, settled)}`);
    if (judgements.some(({ absent }) => absent !== undefined)) return 2;
    return settled.open.length + settled.stale.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(judgements: readonly Judgement[], { open, excused, stale }: Settled): string {
  const table = new Table({ head: ['judge', 'version', 'open', 'excused'], style: { head: [], border: [] } });
  const count = (list: Settled['open'], judge: string) => list.filter((each) => each.judge === judge).length;
  for (const { judge, version, absent } of judgements)
    table.push(absent === undefined ? [judge, version, count(open, judge), count(excused, judge)] : [judge, 'not judged', '', '']);
  const rules = new Map<string, string[]>();
  for (const { judge, rule, resource, message } of open) {
    const key = `${judge} ${rule}: ${message.slice(0, 160)}`;
    rules.set(key, [...(rules.get(key) ?? []), resource]);
  }
  return [
    table.toString(),
    ...[...rules].flatMap(([rule, resources]) => ['', rule, ...resources.map((resource) => `  ${resource}`)]),
    ...stale.map(({ judge, rule, resource }) => `\nexception matches nothing any more: ${judge} ${rule} on ${resource}`),
    ...judgements.flatMap(({ judge, absent }) => (absent === undefined ? [] : [`\nnot judged by ${judge}: ${absent}`])),
    `\n${open.length} open, ${excused.length} excused by ${EXCEPTIONS.length - stale.length} exceptions`,
    '',
  ].join('\n');
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`judges: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
