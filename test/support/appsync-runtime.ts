/** Runs resolver code in node with what AppSync gives it: `util`, `runtime` and a context. */
import { randomBytes } from 'node:crypto';

/** Whatever JSON can hold; tests look into it. */
export type Loose = ReturnType<typeof JSON.parse>;

/** What a resolver or a function answered: a request for the store, an early return, or a refusal. */
export type Answer =
  | { readonly kind: 'value'; readonly value: Loose }
  | { readonly kind: 'early'; readonly value: Loose }
  | { readonly kind: 'error'; readonly type: string; readonly message: string };

class Stop extends Error {
  constructor(readonly answer: Answer) {
    super('stopped');
  }
}

/** A value in the typed form of DynamoDB, and back. */
export const typed = (value: unknown): unknown => {
  if (value === null || value === undefined) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(typed) };
  return { M: Object.fromEntries(Object.entries(value).map(([key, each]) => [key, typed(each)])) };
};

export interface Runtime {
  /** Seconds since 1970. */
  readonly now: number;
}

/** What AppSync's JavaScript does not know; code that uses it is refused on deployment. */
const UNSUPPORTED: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['try', /\btry\s*\{/],
  ['throw', /\bthrow\b/],
  ['while', /\bwhile\s*\(/],
  ['counting loops', /\bfor\s*\([^)]*;/],
  ['continue', /\bcontinue\b/],
  ['++ and --', /\+\+|--/],
  ['regular expressions', /(?<![\w)\]'"*/])\/(?![/*\s])[^/\n]+\/[gimsuy]*/],
  ['async', /\b(async|await|Promise)\b/],
  ['classes', /\b(class|this|new)\b/],
  ['in', /['"\w]\s+in\s+\w/],
  ['clock, console and the like', /\b(Date|Math\.random|process|require|globalThis|eval|Function)\b/],
];

/** Names of what a piece of code uses that AppSync does not have. Texts for people do not count. */
export const unsupportedIn = (code: string): readonly string[] => {
  const bare = code
    .replace(/^import .*$/gm, '')
    .replace(/^const KNOWS = .*$/gm, '')
    .replace(/'(?:[^'\\]|\\.)*'/g, "''");
  return UNSUPPORTED.filter(([, pattern]) => pattern.test(bare)).map(([name]) => name);
};

/** Loads a piece of code, as AppSync would. */
export function load(code: string, { now }: Runtime) {
  const stop = (answer: Answer): never => {
    throw new Stop(answer);
  };
  const util = {
    error: (message: string, type = 'Error') => stop({ kind: 'error', type, message }),
    unauthorized: () => stop({ kind: 'error', type: 'Unauthorized', message: 'Unauthorized' }),
    autoUlid: () => randomBytes(8).toString('hex'),
    time: { nowEpochSeconds: () => now, nowISO8601: () => new Date(now * 1000).toISOString() },
    dynamodb: { toMapValues: (values: object) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, typed(value)])) },
  };
  const runtime = { earlyReturn: (value: unknown) => stop({ kind: 'early', value }) };
  const body = code.replace(/^import .*$/m, '').replaceAll(/^export function /gm, 'function ');
  const module = new Function('util', 'runtime', `'use strict';${body}\nreturn { request, response };`)(util, runtime);
  const run =
    (handler: (context: Loose) => unknown) =>
    (context: object): Answer => {
      try {
        return { kind: 'value', value: handler(context) };
      } catch (error) {
        if (error instanceof Stop) return error.answer;
        throw error;
      }
    };
  return { request: run(module.request), response: run(module.response) };
}
