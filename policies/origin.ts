/** Who wrote the value that decided a finding. */
import { UNIT } from './graph';
import type { Origin, Outcome } from './outcome';
import type { Resource } from './resource';
import type { Value } from './value';

/**
 * The origin that the outcome tells of the value it is about, which may belong to another resource; else that of the property
 * that the outcome names. Undefined where it names none, where nobody can tell, and on AWS: templates do not tell the author
 * from the libraries of the CDK.
 */
export function originOf(outcome: Outcome, resource: Resource): Origin | undefined {
  // What a program as a whole owes is no property that somebody writes.
  if (resource.cloud !== 'azure' || resource.type === UNIT || !outcome.at) return undefined;
  if (outcome.origin !== undefined) return outcome.origin;
  // What cannot be told is written somewhere, not always in the resource that is judged.
  if (outcome.verdict !== 'fail') return undefined;
  const value = valueAt(resource.all, outcome.at);
  if (value.state !== 'absent') return value.origin;
  return resource.option(outcome.at).state === 'absent' ? 'nobody' : 'author';
}

/** Follows a path as findings print it: `rules[0].action`. */
function valueAt(value: Value, path: string): Value {
  return path.split('.').reduce((at, part) => {
    const [key = '', ...indices] = part.split(/[[\]]+/).filter((piece) => piece !== '');
    return indices.reduce((list, index) => list.items()[Number(index)] ?? list.at(index), at.at(key));
  }, value);
}
