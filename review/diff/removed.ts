/**
 * What was taken out of the code of Azure, and is not taken out of Azure: a property that is no longer sent keeps the value that it
 * has, until somebody writes another one. Where the SDK then fills in a default of its own, that one is sent.
 */
import { SEVERITIES } from '../../controls';
import type { Finding } from '../../policies/finding';
import type { Resource } from '../../policies/resource';
import type { Value } from '../../policies/value';
import type { ReviewEvidence } from '../schema-review';
import { elsewhereIn } from './moved';
import { type Reader, readerOf } from './reading';
import { type Aspected, type Pairing, resourcesOf, type Side, type Told } from './side';

/** A property that the author wrote and writes no longer. */
export interface Removal {
  readonly path: string;
  /** As it was written. */
  readonly was: Value;
  /** What the SDK writes in its place; absent where nothing is sent any more. */
  readonly now?: Value;
}

/** Names and places are what a resource is found by: without them it is another one. Tags are sent as a whole. */
const IDENTIFYING = /^(\w*Name|location|tags)$/;

/**
 * Properties of a resource of Azure that were written before and are not now, the outermost of each. What only deployment tells is
 * no removal; lists are sent as a whole, so what leaves them is gone.
 *
 * @param before the resource as it was
 * @param after the same resource now
 * @example
 * removalsOf(before, after).map(({ path }) => path) // ['minimumTlsVersion']
 */
export function removalsOf(before: Resource, after: Resource): readonly Removal[] {
  if (before.cloud !== 'azure' || [before, after].some(({ options }) => options.external === true || options.component === true)) return [];
  return [...removedBelow(before.all, after.all)].filter(({ path }) => !IDENTIFYING.test(path));
}

function* removedBelow(was: Value, now: Value): Iterable<Removal> {
  // By name and not by path: names may hold dots.
  const beside = new Map(now.entries());
  for (const [key, value] of was.entries()) {
    const next = beside.get(key) ?? now.at(key);
    const { path } = value;
    if (value.isMap && next.isMap) {
      // Of another kind of the same thing, Azure keeps nothing.
      if (!isOtherKind(value, next)) yield* removedBelow(value, next);
    } else if (bySdk(value)) continue;
    else if (next.state === 'absent') yield { path, was: value };
    else if (bySdk(next) && next.shape !== value.shape) yield { path, was: value, now: next };
  }
}

/** `WebHook` in place of `StorageQueue`: whether the two say themselves that they are not of one kind. */
const isOtherKind = (was: Value, now: Value): boolean =>
  ['type', 'endpointType', 'odataType'].some((key) => {
    const [old, is] = [was.at(key).string, now.at(key).string];
    return old !== undefined && is !== undefined && old !== is;
  });

/** The SDK writes it, or may have written it: taking it out of the code then changes nothing. */
const bySdk = ({ path, resource }: Value): boolean => resource.sdkDefaults?.paths.has(path) === true;

/** Properties that were removed from code, and what they protected. */
export const removed: Aspected = (before, after, pairing) => {
  let broken: BrokenAt | undefined;
  const isSaid = elsewhereIn(after, readerOf(before, pairing), readerOf(after, pairing));
  const changes: Told[] = [];
  for (const resource of resourcesOf(before)) {
    const other = resource.cloud === 'azure' ? pairing.other(resource) : undefined;
    if (!other || other.type !== resource.type) continue;
    for (const removal of removalsOf(resource, other)) {
      if (!removal.now && isSaid(resource, removal.path, other)) continue;
      broken ??= brokenIn(before, after, pairing);
      changes.push(changeOf(removal, other, broken(other, removal.path), pairing, readerOf(before, pairing)));
    }
  }
  return changes;
};

type BrokenAt = (resource: Resource, path: string) => Finding | undefined;

/** The gravest finding about a property that was none before, judged as strictly as there is. */
function brokenIn(before: Side, after: Side, pairing: Pairing): BrokenAt {
  // A rule id may stand for several rules: a door that limits nobody is graver than one that lists networks.
  const keyOf = ({ at, resource, rule, severity }: Finding) => `${rule} ${severity} ${at} ${pairing.identity(resource)}`;
  const failing = ({ targets }: Side) => targets.flatMap(({ strictest }) => strictest.findings.filter(({ verdict }) => verdict === 'fail'));
  const known = new Set(failing(before).map(keyOf));
  const fresh = new Map<string, Finding[]>();
  for (const finding of failing(after)) {
    if (known.has(keyOf(finding))) continue;
    fresh.set(finding.resource.id, [...(fresh.get(finding.resource.id) ?? []), finding]);
  }
  return (resource, path) => {
    const about = (fresh.get(resource.id) ?? []).filter(({ at = '' }) => within(at, path) || within(path, at));
    return about.reduce<Finding | undefined>((worst, one) => (worst && rank(worst) >= rank(one) ? worst : one), undefined);
  };
}

const within = (inner: string, outer: string): boolean => outer !== '' && (inner === outer || inner.startsWith(`${outer}.`));
const rank = ({ severity }: Finding): number => SEVERITIES.indexOf(severity);

function changeOf({ now, path, was }: Removal, after: Resource, broken: Finding | undefined, pairing: Pairing, reader: Reader): Told {
  const subject = was.resource as Resource;
  const what = `${pairing.name(after)}: ${path}, which ${reader.named(past(was))}, was removed from code`;
  const then = now
    ? `the SDK now writes its own default, ${present(now)}`
    : 'Azure keeps the old value until somebody resets it: write it explicitly';
  return {
    aspect: 'controls',
    direction: broken ? 'weaker' : 'neutral',
    severity: broken?.severity ?? 'low',
    sentence: `${what}; ${then}`,
    subject: pairing.identity(subject),
    topic: `removed ${path}`,
    ...(broken ? { control: broken.control, approver: 'security' as const } : {}),
    evidence: [
      evidence(subject, 'before', path, was.describe()),
      evidence(after, 'after', path, now?.describe() ?? 'is not written', broken?.rule),
    ],
    causes: [{ resource: pairing.identity(after), path }],
  };
}

const contentOf = (value: Value): string => value.describe().slice(value.path.length + 1);
const past = (value: Value): string =>
  contentOf(value)
    .replace(/^is /, 'was ')
    .replace(/^has /, 'had ')
    .replace(/^depends /, 'depended ');
const present = (value: Value): string =>
  contentOf(value)
    .replace(/^is /, '')
    .replace(/ \(.*\)$/, '');

function evidence(resource: Resource, side: ReviewEvidence['side'], path: string, saw: string, rule?: string): ReviewEvidence {
  const location = resource.locate(path);
  return {
    resource: resource.path ?? resource.logicalId,
    side,
    ...(location ? { location: { file: location.file, ...(location.line === undefined ? {} : { line: location.line }) } } : {}),
    ...(rule ? { rule } : {}),
    saw,
  };
}
