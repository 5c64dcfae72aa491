/** Functions of providers, in the child: nobody is there to answer, so the answer is unknown, in every form it is asked for. */
import { isUnknown, outputClass, tagged } from './preload-output';
import { answerMark } from './wire';

const CALLED = new Set(
  [
    'map filter flatMap flat forEach concat slice splice find at pop shift sort reverse reduce keys values entries',
    'split join replace replaceAll trim toLowerCase toUpperCase substring substr padStart padEnd toFixed',
  ].flatMap((names) => names.split(' ')),
);
const ASKED = new Set(['some', 'every', 'includes', 'startsWith', 'endsWith', 'hasOwnProperty']);

/**
 * Stands for an answer that the program looks into without an output around it. Used as an input it is unknown, put into a text
 * it leaves a mark, and whatever is asked of it is unknown again, so that the program goes on.
 */
export function deepUnknown(what: string): unknown {
  return unknownOver(tagged({ answer: what }), what);
}

function unknownOver(target: object, what: string, called?: unknown): unknown {
  const text = () => answerMark(what);
  return new Proxy(target, {
    get(_, key) {
      if (key === Symbol.toPrimitive || key === 'toString' || key === 'valueOf' || key === 'toJSON') return text;
      if (key === Symbol.iterator) return () => [][Symbol.iterator]();
      if (typeof key === 'symbol' || key in target || key.startsWith('__')) return Reflect.get(target, key);
      if (key === 'then') return undefined;
      if (key === 'length') return 0;
      const deeper = `${what}.${key}`;
      // `answer.keys[0]` as well as `answer.keys()`.
      if (CALLED.has(key)) return unknownOver(callable(deeper), deeper, deepUnknown(what));
      return ASKED.has(key) ? unknownOver(callable(deeper), deeper, false) : deepUnknown(deeper);
    },
    apply: () => called,
    ownKeys: () => [],
  });
}

/** A function that is taken for an unknown value wherever it is not called. */
const callable = (what: string): object => Object.assign(() => undefined, tagged({ answer: what }));

type Invoke = (token: string, ...rest: unknown[]) => unknown;

/** Asks the monitor all the same, which takes note of the question, and makes the answer unknown. */
export function patchInvoke(exports: Record<string, Invoke>): void {
  const wrap = (name: string, answer: (token: string, asked: unknown) => unknown) => {
    const original = exports[name];
    if (typeof original === 'function') exports[name] = (token, ...rest) => answer(token, original(token, ...rest));
  };
  const plain = (token: string, asked: unknown) => (asked as Promise<unknown>).then((told) => answered(told) ?? deepUnknown(token));
  const output = (token: string, asked: unknown) => unknownOutput(token, asked as Answered);
  wrap('invoke', plain);
  wrap('invokeSingle', plain);
  wrap('invokeOutput', output);
  wrap('invokeSingleOutput', output);
  wrap('call', output);
  wrap('callSingle', output);
}

interface Answered {
  promise(withUnknowns: boolean): Promise<unknown>;
  resources(): unknown;
  isSecret: Promise<boolean>;
  allResources(): Promise<unknown>;
}

function unknownOutput(token: string, asked: Answered): unknown {
  const told = asked.promise(true).then(answered);
  const value = told.then((result) => result ?? tagged({ answer: token }));
  const known = told.then((result) => result !== undefined);
  return new (outputClass())(asked.resources(), value, known, asked.isSecret, asked.allResources());
}

/** What somebody answered: nobody answers with nothing. */
function answered(told: unknown): unknown {
  if (typeof told !== 'object' || told === null) return told;
  return isUnknown(told) || Object.keys(told).length === 0 ? undefined : told;
}
