/** Answers that the user gives in place of a cloud: results of functions, outputs of other stacks. */
import { dirname, resolve } from 'node:path';
import { isMap as isYamlMap, LineCounter, parseDocument } from 'yaml';
import { readText } from '../source';
import { GatherError } from '../target';
import { HIDDEN, isMap, type Plain, SECRET, SIGNATURE } from './wire';

/** What a program is told when it asks. */
export interface Answers {
  /** The result of a function for these arguments; undefined where nobody says it. */
  result(token: string, args: Plain): Plain | undefined;
  /** All outputs of a stack, by its name as the program writes it. */
  outputs(stack: string): Plain | undefined;
}

export const NO_ANSWERS: Answers = { result: () => undefined, outputs: () => undefined };

const SECTIONS = ['functions', 'stacks'];
const HINT = 'write "functions:" (token → result, or a list of args and result) and "stacks:" (name → outputs, or a file of them)';

/**
 * Reads a file of answers, YAML or JSON:
 *
 * ```yaml
 * functions:
 *   azure-native:authorization:getClientConfig: { subscriptionId: 00000000-0000-0000-0000-000000000001 }
 *   azure-native:keyvault:getVault:
 *     - args: { vaultName: shared }
 *       result: { id: /subscriptions/… }
 * stacks:
 *   acme/network/prod: { networkId: /subscriptions/… }
 *   acme/logs/prod: ./logs.json        # what `pulumi stack output --json` printed
 * ```
 *
 * `args` need only name those that tell one question from another. Outputs that are printed as `[secret]` stay unknown.
 * @throws GatherError naming file and line
 */
export function readAnswers(file: string): Answers {
  const content = parsed(file);
  const sections = section(content.value, file, 1, 'the file');
  for (const key of Object.keys(sections))
    if (!SECTIONS.includes(key)) throw new GatherError(`unknown section "${key}": ${HINT}`, file, content.lineOf(key));
  const functions = section(sections.functions ?? {}, file, content.lineOf('functions'), '"functions"');
  const stacks = section(sections.stacks ?? {}, file, content.lineOf('stacks'), '"stacks"');
  const results = new Map(
    Object.entries(functions).map(([token, written]) => [unversioned(token), casesOf(token, written, file, content)]),
  );
  const outputs = new Map(Object.entries(stacks).map(([name, written]) => [name, outputsOf(name, written, file, content)]));
  return {
    result: (token, args) => results.get(unversioned(token))?.find((one) => covers(args, one.args))?.result,
    outputs: (stack) => outputs.get(stack),
  };
}

interface Case {
  readonly args: Plain;
  readonly result: Plain;
}

interface Content {
  readonly value: unknown;
  lineOf(...path: readonly string[]): number | undefined;
}

function casesOf(token: string, written: unknown, file: string, content: Content): readonly Case[] {
  if (isMap(written)) return [{ args: {}, result: written }];
  const cases = Array.isArray(written) ? written : [undefined];
  return cases.map((one) => {
    if (!isMap(one) || !isMap(one.result) || !(one.args === undefined || isMap(one.args)))
      throw new GatherError(
        `the answer of ${token} is neither a map nor a list of "args" and "result": ${HINT}`,
        file,
        content.lineOf('functions', token),
      );
    return { args: isMap(one.args) ? one.args : {}, result: one.result };
  });
}

function outputsOf(name: string, written: unknown, file: string, content: Content): Plain {
  const inFile = typeof written === 'string' ? resolve(dirname(file), written) : undefined;
  const outputs = inFile === undefined ? written : parsed(inFile).value;
  if (!isMap(outputs))
    throw new GatherError(
      `the outputs of the stack ${name} are no map: write them, or the file that "pulumi stack output --json" wrote`,
      inFile ?? file,
      inFile === undefined ? content.lineOf('stacks', name) : undefined,
    );
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => [key, value === '[secret]' ? { [SIGNATURE]: SECRET, value: HIDDEN } : value]),
  );
}

function section(value: unknown, file: string, line: number | undefined, what: string): Plain {
  if (isMap(value)) return value;
  throw new GatherError(`${what} is no map: ${HINT}`, file, line);
}

function parsed(file: string): Content {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) throw new GatherError('is neither YAML nor JSON', file, lines.linePos(error.pos[0]).line);
  return {
    value: document.toJS({ maxAliasCount: 100 }) ?? {},
    lineOf: (...path) => {
      const map = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
      const items = isYamlMap(map) ? map.items : [];
      const key = items.find((item) => String(item.key) === path.at(-1))?.key as { range?: readonly [number, number, number] } | undefined;
      return key?.range ? lines.linePos(key.range[0]).line : undefined;
    },
  };
}

/** `azure-native:storage/v20230101:listStorageAccountKeys` and `azure-native:storage:listStorageAccountKeys` ask the same. */
const unversioned = (token: string): string =>
  token.replace(/^([^:]+:[^:/]+)\/v\d{8}[a-z]*(?=:)/, '$1').replace(/^([^:]+:[^:/]+)\/[a-z]\w*(?=:)/, '$1');

/** Whether each argument that is named is there and equal. */
function covers(given: unknown, named: unknown): boolean {
  if (isMap(named)) return isMap(given) && Object.entries(named).every(([key, value]) => covers(given[key], value));
  if (Array.isArray(named))
    return Array.isArray(given) && named.length === given.length && named.every((value, at) => covers(given[at], value));
  return given === named;
}
