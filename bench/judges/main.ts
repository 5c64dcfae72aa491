/**
 * `npm run judges`: everything that we synthesise, judged by tools that we did not write. Ends with 0 when nothing is left
 * open, with 1 when something is or an exception matches nothing any more, and with 2 when a judge could not be heard.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { Command, Option } from 'commander';
import { cdkNag, cloudFormationValidate } from './cdk';
import { EXCEPTIONS } from './exceptions';
import { cfnGuard, cfnLint, checkov, pythonTools } from './programs';
import { type Synthesis, synthesiseAll } from './synthesis';
import { JUDGES, type Judge, type Judgement, type Settled, settle } from './verdict';

const program = new Command('judges')
  .description('Judges everything that we synthesise with tools that we did not write.')
  .addOption(new Option('--only <judge...>', 'ask only these judges').choices(JUDGES))
  .addOption(new Option('--excused', 'list what the exceptions excuse, too'));

interface Options {
  readonly only?: readonly Judge[];
  readonly excused?: true;
}

async function main({ only = JUDGES, excused }: Options): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'palisade-judged-'));
  try {
    const syntheses = synthesiseAll(join(__dirname, '..', '..'), folder);
    const judgements = await ask(syntheses, only);
    const settled = settle(judgements, EXCEPTIONS);
    const templates = syntheses.flatMap((synthesis) => synthesis.templates);
    const resources = templates.reduce((sum, template) => sum + template.resources, 0);
    process.stdout.write(`${templates.length} templates with ${resources} resources\n${report(judgements, settled, excused)}`);
    if (judgements.some(({ absent }) => absent !== undefined)) return 2;
    return settled.open.length + settled.stale.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Programs of their own run beside those that run in this process. */
async function ask(syntheses: readonly Synthesis[], only: readonly Judge[]): Promise<readonly Judgement[]> {
  const tools = pythonTools();
  const asked: Readonly<Record<Judge, () => Promise<Judgement>>> = {
    checkov: async () => checkov(await tools, syntheses),
    'cfn-lint': async () => cfnLint(await tools, syntheses),
    'cfn-guard': () => cfnGuard(syntheses),
    'cdk-nag': async () => cdkNag(syntheses),
    'cloudformation-validate': async () => cloudFormationValidate(syntheses),
  };
  const judgements = await Promise.all(
    Object.entries(asked).flatMap(([judge, judgement]) => (only.includes(judge as Judge) ? [judgement()] : [])),
  );
  return JUDGES.flatMap((judge) => judgements.filter((each) => each.judge === judge));
}

function report(judgements: readonly Judgement[], { open, excused, stale }: Settled, alsoExcused?: true): string {
  const table = new Table({ head: ['judge', 'version', 'open', 'excused'], style: { head: [], border: [] } });
  const count = (list: Settled['open'], judge: string) => list.filter((each) => each.judge === judge).length;
  for (const { judge, version, absent } of judgements)
    table.push(absent === undefined ? [judge, version, count(open, judge), count(excused, judge)] : [judge, 'not judged', '', '']);
  return [
    table.toString(),
    ...byRule(open),
    ...(alsoExcused ? ['', 'excused:', ...byRule(excused)] : []),
    ...stale.map(({ reason, judge }) => `\nexception matches nothing any more for ${judge}: ${reason}`),
    ...judgements.flatMap(({ judge, absent }) => (absent === undefined ? [] : [`\nnot judged by ${judge}: ${absent}`])),
    `\n${open.length} open, ${excused.length} excused by ${EXCEPTIONS.length} exceptions`,
    '',
  ].join('\n');
}

function byRule(list: Settled['open']): readonly string[] {
  const rules = new Map<string, string[]>();
  for (const { judge, rule, resource, message } of list) {
    const key = `${judge} ${rule}: ${message.slice(0, 160)}`;
    rules.set(key, [...(rules.get(key) ?? []), resource]);
  }
  return [...rules].flatMap(([rule, resources]) => ['', rule, ...resources.map((resource) => `  ${resource}`)]);
}

main(program.parse().opts()).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`judges: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
