/** Whether one statement speaks of a request. */
import { conditionsHold, filler, type Keys } from './conditions';
import type { Listed, Statement } from './documents';
import { type Fill, foldText, matches, patternOf, textOf } from './text';
import { allOf, anyOf, not, type Truth } from './truth';

/** What a statement is asked about, but for the caller. */
export interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly keys: Keys;
}

/**
 * Whether action, resource and conditions of the statement fit; whom it names is asked apart. A policy that is `attached` to
 * a resource speaks of that one where it names none.
 */
export const speaksOf = (statement: Statement, asked: Asked, attached: boolean): Truth => allOf(questions(statement, asked, attached));

/** Lazy: what does not speak of the action needs no further question. */
function* questions(statement: Statement, { action, resource, keys }: Asked, attached: boolean): Generator<Truth> {
  if (statement.missing.length > 0) yield statement.missing;
  yield inList(statement.actions, (entry) => matches(patternOf(foldText(entry)), textOf(foldText(action))));
  if (!statement.resources && !attached) yield [`Resource of ${statement.at}`];
  if (statement.resources) yield inList(statement.resources, (entry) => matchesResource(entry, statement, resource, keys));
  yield conditionsHold(statement.tests, keys, statement.variables);
}

const inList = ({ entries, except }: Listed, matched: (entry: string) => Truth): Truth => {
  const truth = anyOf(entries.map(matched));
  return except ? not(truth) : truth;
};

function matchesResource(entry: string, statement: Statement, resource: string, keys: Keys): Truth {
  const filled = statement.variables ? filler(keys) : undefined;
  const fill: Fill | undefined = filled?.fill;
  const truth = matches(patternOf(entry, fill), textOf(resource));
  const absent = filled?.absent() ?? [];
  if (absent.length === 0) return truth;
  return statement.resources?.except ? absent : false;
}
