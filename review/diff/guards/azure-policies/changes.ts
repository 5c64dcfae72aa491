/** What it means that a policy in force is another one than before. */
import { canonical, type Plain, type PlainMap } from '../../plain';
import type { Said } from '../parts';
import { unordered } from '../patterns';
import { conditionOf, fieldsOf, type Relation, relation } from './conditions';
import { inWords, sameValue, valueChange } from './parameters';
import { DOES, strengthOf, type Use } from './uses';

/** Empty where it asks as much as before. */
export function usesCompared(old: Use, now: Use): readonly Said[] {
  const [was, is] = [strengthOf(old.effect), strengthOf(now.effect)];
  // What does nothing may look for anything.
  if (was === 0 && is === 0) return [];
  const effect = effectChange(old, now);
  if (was === 0 || is === 0) return effect;
  return [...effect, ...lookedFor(old, now), ...versions(old, now), ...within(old, now)];
}

/** Single policies of a set that is not at hand, with another effect than before. */
function within(old: Use, now: Use): readonly Said[] {
  const [was, is] = [old.within ?? new Map<string, string>(), now.within ?? new Map<string, string>()];
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((reference) => {
    const [before, after] = [was, is].map((effects) => effects.get(reference) ?? effects.get('*'));
    const which = reference === '*' ? 'its policies' : `its policy ${reference}`;
    return effectChange({ ...old, effect: before }, { ...now, effect: after }).map(({ direction, words }) => ({
      direction,
      words: `${which}: ${words}`,
      path: 'overrides',
    }));
  });
}

const PATH = 'policyRule';

function effectChange({ effect: old }: Use, { effect: now }: Use): readonly Said[] {
  if (old === now) return [];
  const said = (effect: string | undefined): string =>
    effect === undefined ? 'what the policy does by itself' : `${effect} (${DOES[effect] ?? 'something else'})`;
  const words = `its effect is ${said(now)} instead of ${said(old)}`;
  const [was, is] = [strengthOf(old), strengthOf(now)];
  // The policy of somebody else may do anything by itself, but no less than nothing and no more than refuse.
  if (old === undefined || now === undefined) {
    const known = old ?? now;
    if (known === 'disabled') return [{ direction: old === known ? 'stronger' : 'weaker', words, path: PATH }];
    if (known === 'deny') return [{ direction: now === known ? 'stronger' : 'weaker', words, path: PATH }];
    return [{ direction: 'undecided', words: `${words}: read whether that is as much as before`, path: PATH }];
  }
  if (was < 0 || is < 0) return [{ direction: 'undecided', words: `${words}: read whether that is as much as before`, path: PATH }];
  return was === is ? [] : [{ direction: is < was ? 'weaker' : 'stronger', words, path: PATH }];
}

function lookedFor(old: Use, now: Use): readonly Said[] {
  const values = [...new Set([...old.values.keys(), ...now.values.keys()])].filter(
    (name) => !sameValue(old.values.get(name), now.values.get(name)),
  );
  if (!old.rule || !now.rule)
    return values
      .filter((name) => name !== 'effect')
      .sort()
      .flatMap((name) => ofParameter(name, old, now))
      .map((said) => ({ path: 'parameters', ...said }));
  const caught = relation(old.rule.catches, now.rule.catches);
  return [...ofCondition(caught, values, old, now), ...modes(old.rule.mode, now.rule.mode), ...details(old.rule.details, now.rule.details)];
}

/** Ids are compared by what they name: what is deployed into the subscription of somebody else goes there. */
function ofParameter(name: string, old: Use, now: Use): readonly Said[] {
  const label = now.labels.get(name) ?? old.labels.get(name) ?? name;
  const [was, is] = [old.values.get(name), now.values.get(name)];
  if (!isId(is) || (was !== undefined && !isId(was))) return valueChange(label, was, is);
  if (was !== undefined && old.places.key(was) === now.places.key(is)) return [];
  const outside = now.places.isForeign(is);
  const words = `${inWords(label)}: ${now.places.name(is)} instead of ${was === undefined ? 'nothing' : old.places.name(was)}`;
  return [outside ? { direction: 'weaker', words, outside } : { direction: 'undecided', words: `${words}: ${READ}` }];
}
const isId = (value: Plain | undefined): value is string => typeof value === 'string' && /^\/?subscriptions\/|^\$\{/i.test(value);

/** Which resources it catches, in the words of the parameter that decides it where that is one. */
function ofCondition(caught: Relation, values: readonly string[], old: Use, now: Use): readonly Said[] {
  if (caught === 'same') return [];
  const direction = caught === 'less' ? 'weaker' : caught === 'more' ? 'stronger' : 'undecided';
  const [only, ...others] = values.filter((name) => name !== 'effect');
  if (only !== undefined && others.length === 0) {
    const said = valueChange(now.labels.get(only) ?? old.labels.get(only) ?? only, old.values.get(only), now.values.get(only));
    const parts = said.map(({ words }) => words.replace(/: read whether .*$/, '')).join('; ');
    return [{ direction, words: `${caught === 'unknown' ? `${parts}: ${READ}` : parts}`, path: 'parameters' }];
  }
  const words = {
    less: `it catches less than before${asksAbout(old, now)}`,
    more: 'it catches more than before',
    unknown: `it looks for something else: ${READ}`,
  }[caught];
  return [{ direction, words, path: PATH }];
}

/** Fields that it did not look at before. */
function asksAbout(old: Use, now: Use): string {
  const [known, fields] = [old, now].map(({ rule }) => new Set(rule ? fieldsOf(rule.catches) : []));
  const come = [...(fields ?? [])].filter((field) => !known?.has(field)).sort();
  return come.length === 0 ? '' : `: it looks at ${come.join(', ')} as well`;
}

const READ = 'read whether that is as much as before';

/** Only what has a place and tags, or everything. */
function modes(old: string, now: string): readonly Said[] {
  if (old === now) return [];
  if (old === 'all' && now === 'indexed')
    return [{ direction: 'weaker', words: 'it looks only at resources that have tags and a location now', path: 'mode' }];
  if (old === 'indexed' && now === 'all')
    return [{ direction: 'stronger', words: 'it looks at resources of every kind now', path: 'mode' }];
  return [{ direction: 'undecided', words: `it looks at resources of ${now} instead of ${old}: ${READ}`, path: 'mode' }];
}

/** What has to exist beside a resource: asking for more of it catches more resources. */
function details({ existenceCondition: was, ...old }: PlainMap, { existenceCondition: is, ...now }: PlainMap): readonly Said[] {
  const lines: Said[] = [];
  if (was === undefined ? is !== undefined : is === undefined || canonical(was) !== canonical(is)) {
    const kept = relation(conditionOf(was ?? EVERYTHING), conditionOf(is ?? EVERYTHING));
    if (kept === 'more') lines.push({ direction: 'weaker', words: 'what it wants to exist may be more than before', path: PATH });
    if (kept === 'less') lines.push({ direction: 'stronger', words: 'what it wants to exist may be less than before', path: PATH });
    if (kept === 'unknown') lines.push({ direction: 'undecided', words: `it wants something else to exist: ${READ}`, path: PATH });
  }
  if (unordered(old) !== unordered(now))
    lines.push({ direction: 'undecided', words: `what it changes or deploys is something else: ${READ}`, path: PATH });
  return lines;
}
const EVERYTHING = { allOf: [] };

/** A version that is pinned elsewhere may ask for something else; a pattern that holds the other is the same as far as one can tell. */
function versions({ version: old }: Use, { version: now }: Use): readonly Said[] {
  if (old === now || old === undefined || now === undefined) return [];
  const [major, other] = [old, now].map((version) => version.split('.')[0]);
  return major === other
    ? []
    : [{ direction: 'undecided', words: `it is taken in version ${now} instead of ${old}: ${READ}`, path: 'definitionVersion' }];
}
