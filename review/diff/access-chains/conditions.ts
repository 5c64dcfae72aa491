/** Conditions of single steps: what is decided by who takes the step, and the rest as tests that name it. */
import { both, type Form, type FormTest, formWith } from '../access/condition-forms';
import { matches, textOf } from '../access/text';
import { anyOf, not, type Truth } from '../access/truth';

/** What is known of a request: keys in lower case, each with the ways to write its one value. */
export type Known = Readonly<Record<string, readonly string[]>>;

const TEXTUAL: readonly string[] = ['equals', 'like', 'arn', 'equals-ignoring-case'];

function holds({ key, operator, values }: FormTest, known: Known): Truth {
  const given = known[key];
  if (!operator || !given || !TEXTUAL.includes(operator.kind) || operator.quantifier === 'ForAllValues') return [key];
  const fold = operator.kind === 'equals-ignoring-case' ? (text: string) => text.toLowerCase() : (text: string) => text;
  const matched = anyOf(values.flatMap(({ symbols }) => given.map((text) => matches(symbols, textOf(fold(text))))));
  return operator.negated ? not(matched) : matched;
}

/** What is left to ask when so much is known; undefined where that already refuses. */
export function settled(form: Form, known: Known): Form | undefined {
  const truths = form.tests.map((test) => [test, holds(test, known)] as const);
  if (truths.some(([, truth]) => truth === false)) return undefined;
  const open = truths.filter(([, truth]) => truth !== true).map(([test]) => test);
  return open.length === form.tests.length ? form : formWith(open);
}

/** Keys that say something of what is asked for, not of who asks, from where and how he signed in. */
const OF_REQUEST = /^(?!aws:)|^aws:(resource|request|tagkeys|calledvia|viaawsservice|source(arn|account|org)|requested)/;

/** A condition of one step: what it asks of whoever takes it, and of what he asks for. */
export interface Asked {
  readonly caller: Form;
  readonly request: Form;
}

/** @param step what tells the step from others: each is a request of its own */
export const asked = (form: Form, step: string): Asked => ({
  caller: formWith(form.tests.filter(({ key, operator }) => operator && !OF_REQUEST.test(key))),
  request: tagged(formWith(form.tests.filter(({ key, operator }) => !operator || OF_REQUEST.test(key))), `for ${step}`),
});

/** One request does not answer what is asked of another; what cannot be read stays as it is. */
export const tagged = (form: Form, tag: string): Form =>
  form.tests.length === 0
    ? form
    : formWith(form.tests.map((test) => (test.operator ? { ...test, key: `${test.key} ${tag}`, text: `${test.text} ${tag}` } : test)));

export const all = (...forms: readonly Form[]): Form => forms.reduce(both);
