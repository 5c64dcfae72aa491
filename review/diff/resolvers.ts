/** What the fields of a GraphQL API do with a call: the steps of their pipelines, and the source that they read and write. */
import type { Resource } from '../../policies/resource';
import { asList, asText, placeOf, type Reader, readerOf, shownAs, valueAt } from './reading';
import { type Aspected, type Pairing, resourcesOf, type Told } from './side';

const ON = /^AWS::AppSync::(Resolver|FunctionConfiguration)$/;

/** Steps that a field no longer takes, or takes in another order, and sources that are other ones. */
export const resolvers: Aspected = (before, after, pairing) => {
  const [old, now] = [readerOf(before, pairing), readerOf(after, pairing)];
  const changes: Told[] = [];
  for (const resource of resourcesOf(before)) {
    const other = ON.test(resource.type) ? pairing.other(resource) : undefined;
    if (!other || other.properties === resource.properties) continue;
    changes.push(...steps(resource, other, old, now, pairing), ...source(resource, other, old, now, pairing));
  }
  return changes;
};

interface Step {
  readonly key: string;
  readonly words: string;
}

/** A resource by its identity, whether it is referred to or named; else the text. */
function stepOf(text: string, reader: Reader): Step {
  const resource = reader.referred(text);
  return resource
    ? { key: reader.pairing.identity(resource), words: reader.pairing.name(resource) }
    : { key: text, words: reader.words(text) };
}

/** A step may be what asks whether the caller may: one that is gone is told, and so is another order. */
function steps(before: Resource, after: Resource, old: Reader, now: Reader, pairing: Pairing): readonly Told[] {
  const path = 'PipelineConfig.Functions';
  const [was, is] = [stepsOf(before, path, old), stepsOf(after, path, now)];
  const lost = was.filter(({ key }) => !is.some((step) => step.key === key));
  if (lost.length > 0) {
    const words = lost.map((step) => step.words).join(', ');
    return [told(after, path, pairing, 'weaker', 'high', `no longer runs ${words} before it answers`)];
  }
  const kept = is.filter(({ key }) => was.some((step) => step.key === key));
  return kept.map(({ key }) => key).join() === was.map(({ key }) => key).join()
    ? []
    : [told(after, path, pairing, 'undecided', 'medium', 'runs its steps in another order: read whether it still asks before it reads')];
}
const stepsOf = (resource: Resource, path: string, reader: Reader): readonly Step[] =>
  asList(valueAt(reader.of(resource), path)).flatMap((item) => {
    const text = asText(item);
    return text === undefined ? [] : [stepOf(text, reader)];
  });

function source(before: Resource, after: Resource, old: Reader, now: Reader, pairing: Pairing): readonly Told[] {
  const path = 'DataSourceName';
  const [was, is] = [asText(valueAt(old.of(before), path)), asText(valueAt(now.of(after), path))];
  if (was === undefined || is === undefined) return [];
  const [one, other] = [stepOf(was, old), stepOf(is, now)];
  if (one.key === other.key) return [];
  return [told(after, path, pairing, 'weaker', 'medium', `reads and writes by ${other.words} instead of ${one.words}`)];
}

function told(
  resource: Resource,
  path: string,
  pairing: Pairing,
  direction: 'weaker' | 'undecided',
  severity: 'high' | 'medium',
  words: string,
): Told {
  const [type, field] = [resource.at('TypeName').string, resource.at('FieldName').string];
  const name = type === undefined || field === undefined ? pairing.name(resource) : `the resolver of ${type}.${field}`;
  return {
    aspect: 'access',
    direction,
    severity,
    sentence: `${name} ${words}`,
    subject: pairing.identity(resource),
    topic: `resolver ${path} ${words}`,
    approver: 'security',
    evidence: [{ resource: shownAs(resource), side: 'after', ...placeOf(resource, path), saw: path }],
    causes: [{ resource: pairing.identity(resource), path }],
  };
}
