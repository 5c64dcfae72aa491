/** What checks a project, read from the files of a commit: steps of CI, packs of rules, lists of known findings, switches. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SEVERITIES, type Severity } from '../controls';
import { append } from '../policies/collect';
import type { CheckRun, Checks } from '../review/diff/side';

/** Files that run commands in CI, and scripts that they call. */
const RUNS =
  /(^|\/)(\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|\.gitlab\/[^\s]*\.ya?ml|azure-pipelines[^/]*\.ya?ml|\.azure-pipelines\/[^\s]*\.ya?ml|bitbucket-pipelines\.ya?ml|\.circleci\/config\.ya?ml|buildspec[^/]*\.ya?ml|\.buildkite\/[^\s]*\.ya?ml|Jenkinsfile|Makefile|justfile|Taskfile\.ya?ml|package\.json|\.pre-commit-config\.yaml|\.husky\/[^/]+)$/;
const SOURCE = /\.(ts|tsx|mts|cts|js|mjs|cjs|py|java|kt|cs|go)$/;
/** Larger files are made by programs. */
const LARGEST = 1024 * 1024;

/** Commands by the name of the tool. */
const COMMANDS: Readonly<Record<string, RegExp>> = {
  'palisade check': /\bpalisade(?:@[\w.-]+)?\s+check\b/,
  'palisade review': /\bpalisade(?:@[\w.-]+)?\s+review\b(?!\s+(?:approve|verify))/,
  'a policy pack of Pulumi': /--policy-pack\b/,
  checkov: /(?:^|[\s;&|"'/@])checkov(?:-action)?\b(?!\.)/,
  'cfn-guard': /\bcfn-guard\b/,
  cfn_nag: /\bcfn_nag(?:_scan)?\b/,
  'cfn-lint': /\bcfn-lint\b/,
  trivy: /\btrivy(?:-action)?\b/,
  kics: /\bkics(?:-github-action)?\b/,
  'Microsoft Security DevOps': /\bmicrosoft\/security-devops-action\b/i,
  PSRule: /\bps-rule\b|\bInvoke-PSRule\b|\bAssert-PSRule\b/i,
};
/** Packs by what source code must name to use them. */
const PACKS: Readonly<Record<string, RegExp>> = {
  'the pack PalisadeChecks': /\bPalisadeChecks\b/,
  'the policy pack of Palisade': /\bpalisade\/crossguard\b|\bpalisadePolicies\b/,
  'the pack AwsSolutionsChecks': /\bAwsSolutionsChecks\b/,
  'the pack HIPAASecurityChecks': /\bHIPAASecurityChecks\b/,
  'the pack NIST80053R4Checks': /\bNIST80053R4Checks\b/,
  'the pack NIST80053R5Checks': /\bNIST80053R5Checks\b/,
  'the pack PCIDSS321Checks': /\bPCIDSS321Checks\b/,
  'the pack ServerlessChecks': /\bServerlessChecks\b/,
  'the plugin CfnGuardValidator': /\bCfnGuardValidator\b/,
};
/** Switches of the CDK that check something at synthesis; what the others do stands in the templates. */
const SWITCHES = [
  '@aws-cdk/core:checkSecretUsage',
  '@aws-cdk/core:validateAgainstDefaultRules',
  '@aws-cdk/core:validateSnapshotRemovalPolicy',
];
const BASELINE = /"palisade\/baseline@\d+"/;

/** @param tree folder into which a commit was checked out, with `.git` */
export function checksIn(tree: string): Checks {
  const tools = new Map<string, string[]>();
  const runs: CheckRun[] = [];
  const baselines: Record<string, readonly string[]> = {};
  const switches: Record<string, boolean> = {};
  for (const file of filesOf(tree)) {
    const text = textOf(join(tree, file));
    if (text === undefined) continue;
    if (RUNS.test(file)) {
      const found = runsIn(file, text);
      runs.push(...found);
      for (const tool of new Set(found.map((run) => run.tool))) append(tools, tool, file);
    }
    if (SOURCE.test(file))
      for (const [pack, names] of Object.entries(PACKS)) if (names.test(withoutComments(text))) append(tools, pack, file);
    if (/(^|\/)PulumiPolicy\.ya?ml$/.test(file)) append(tools, 'a policy pack of Pulumi', file);
    if (file.endsWith('.json') && BASELINE.test(text)) baselines[file] = findingsIn(text);
    if (/(^|\/)cdk\.json$/.test(file))
      for (const name of SWITCHES) if (contextOf(text)[name] === true) switches[`${name} in ${file}`] = true;
  }
  return { tools: Object.fromEntries(tools), runs, baselines, switches };
}

/** Of the commit, not what a synthesis wrote beside it. */
function filesOf(tree: string): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: tree, encoding: 'utf8', maxBuffer: 1 << 28 });
  return listed
    .split('\0')
    .filter(
      (file) =>
        (RUNS.test(file) || SOURCE.test(file) || /\.json$|PulumiPolicy\.ya?ml$/.test(file)) &&
        !/(^|\/)(node_modules|test|tests|__tests__|docs)\//.test(file),
    );
}

function textOf(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return text.length > LARGEST ? undefined : text;
  } catch {
    // A submodule, or a link that leads nowhere.
    return undefined;
  }
}

const IGNORED = /\|\|\s*(true|:|exit\s+0)\b|(?:^|\s)set\s+\+e\b|--soft-fail\b/;
const TOLERATED = /^\s*-?\s*(continue-on-error|allow_failure|continueOnError)\s*:\s*(true|'true'|"true")\s*$/;

function runsIn(file: string, text: string): readonly CheckRun[] {
  const lines = joinedLines(text);
  return lines.flatMap(({ at, words }, index) =>
    Object.entries(COMMANDS)
      .filter(([, command]) => !/^\s*(#|\/\/)/.test(words) && command.test(words))
      .map(([tool]): CheckRun => {
        const gate = /--gate[=\s]+(\w+)/.exec(words)?.[1];
        return {
          tool,
          file,
          line: at,
          ...(SEVERITIES.includes(gate as Severity) ? { gate: gate as Severity } : {}),
          strict: /--strict\b/.test(words),
          ignored: IGNORED.test(words) || isTolerated(lines, index),
        };
      }),
  );
}

interface Line {
  /** From 1. */
  readonly at: number;
  readonly words: string;
}

/** Lines that end in a backslash go on in the next. */
function joinedLines(text: string): readonly Line[] {
  const found: { at: number; words: string }[] = [];
  let goesOn = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const last = found[found.length - 1];
    if (goesOn && last) last.words = `${last.words.replace(/\\\s*$/, '')} ${line.trim()}`;
    else found.push({ at: index + 1, words: line });
    goesOn = /\\\s*$/.test(line);
  }
  return found;
}

/** Whether the step, or the job, that a command stands in may fail: a setting of a block that encloses it. */
function isTolerated(lines: readonly Line[], index: number): boolean {
  return [-1, 1].some((direction) => {
    const own = lines[index]?.words ?? '';
    let enclosing = depth(own);
    let inOwnStep = direction === 1 || !startsItem(own);
    for (let at = index + direction; at >= 0 && at < lines.length; at += direction) {
      const words = lines[at]?.words ?? '';
      if (words.trim() === '' || depth(words) > enclosing) continue;
      enclosing = depth(words);
      // Another step of the same list, above the own or below it.
      const isOther = startsItem(words) && (direction === 1 || !inOwnStep);
      if (TOLERATED.test(words) && !isOther) return true;
      if (startsItem(words)) inOwnStep = false;
    }
    return false;
  });
}
const depth = (words: string): number => /^\s*/.exec(words)?.[0].length ?? 0;
const startsItem = (words: string): boolean => /^\s*- /.test(words);

const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*(\/\/|#).*$|\s\/\/ .*$/gm, '');

function findingsIn(text: string): readonly string[] {
  const { findings } = mapOf(text);
  return Array.isArray(findings) ? findings.filter((one): one is string => typeof one === 'string') : [];
}

function contextOf(text: string): Readonly<Record<string, unknown>> {
  const { context } = mapOf(text);
  return typeof context === 'object' && context !== null ? (context as Readonly<Record<string, unknown>>) : {};
}

function mapOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
