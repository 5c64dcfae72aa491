/** Rules of Azure Monitor that keep alerts quiet, or tell others besides. */
import type { Plain, PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';
import { subset } from './alert-conditions';
import { listed, measured, places, textsAt } from './azure-parts';
import { at, type Guard, type InBoth, meaning, type Said, truth } from './parts';

function isOn(rule: Plain): boolean {
  const { enabled, status } = asMap(valueAt(rule, 'properties'));
  return truth(enabled, true) !== false && !/^disabled$/i.test(asText(status) ?? '');
}
function isMute(rule: Plain): boolean {
  const properties = asMap(valueAt(rule, 'properties'));
  const removes = asList(properties.actions).some((action) => /^RemoveAllActionGroups$/i.test(at('actionType')(action) ?? ''));
  return isOn(rule) && (removes || /^Suppression$/i.test(asText(properties.type) ?? ''));
}

const scopeTexts = (rule: PlainMap): readonly string[] => [
  ...textsAt('properties.scopes')(rule),
  ...textsAt('properties.scope.values')(rule),
];
function mutedScopes(before: PlainMap, after: PlainMap, { places: of }: InBoth): readonly Said[] {
  const [old, now] = [
    new Set(scopeTexts(before).map((one) => of.before.key(one))),
    new Set(scopeTexts(after).map((one) => of.after.key(one))),
  ];
  const come = scopeTexts(after).filter((one) => !old.has(of.after.key(one)));
  const lost = scopeTexts(before).filter((one) => !now.has(of.before.key(one)));
  const [fresh, gone] = [listed(come.map((one) => of.after.name(one))), listed(lost.map((one) => of.before.name(one)))];
  // What is inside of what was quiet before is quiet no more than before.
  const inside = come.every((one) => [...old].some((outer) => of.after.key(one).startsWith(`${outer}/`)));
  if (come.length === 0 && lost.length === 0) return [];
  if (inside)
    return [{ direction: 'stronger', words: `where alerts tell nobody: no longer ${gone}${come.length > 0 ? `, only ${fresh}` : ''}` }];
  return [{ direction: 'weaker', words: `where alerts tell nobody: now ${fresh}${lost.length > 0 ? ` instead of ${gone}` : ''}` }];
}

/** All have to be met: one less, or more values, keeps more alerts quiet. */
function mutedConditions(before: PlainMap, after: PlainMap): readonly Said[] {
  const of = (rule: PlainMap) =>
    new Map(
      asList(valueAt(rule, 'properties.conditions')).map(
        (one) => [`${at('field')(one)} ${at('operator')(one)}`, new Set(textsAt('values')(asMap(one)))] as const,
      ),
    );
  const [old, now] = [of(before), of(after)];
  // Of what must not be so, fewer values are more alerts.
  const within = (inner: ReadonlyMap<string, Set<string>>, outer: ReadonlyMap<string, Set<string>>) =>
    [...outer].every(([key, values]) => {
      const narrow = inner.get(key);
      return narrow !== undefined && (/Not/.test(key) ? subset(values, narrow) : subset(narrow, values));
    });
  const [narrower, wider] = [within(now, old), within(old, now)];
  if (narrower && wider) return [];
  if (narrower) return [{ direction: 'stronger', words: 'which alerts tell nobody: fewer than before' }];
  if (wider) return [{ direction: 'weaker', words: 'which alerts tell nobody: more than before' }];
  return [{ direction: 'undecided', words: 'which alerts tell nobody changes: read whether that is more than before' }];
}

const endOf = (rule: PlainMap): number | undefined => {
  const text = asText(valueAt(rule, 'properties.schedule.effectiveUntil'));
  return text === undefined ? Number.POSITIVE_INFINITY : Date.parse(/Z$|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
};
const dayOf = (time: number): string => (Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : 'no end');

export const AZURE_MUTES: readonly Guard[] = [
  {
    on: /^azure-native:alertsmanagement:(AlertProcessingRule|ActionRule)(ByName)?$/,
    aspect: 'detection',
    severity: 'high',
    silences: 'alerts in its scope tell nobody',
    when: isMute,
    parts: [
      meaning('properties.scopes', mutedScopes),
      meaning('properties.conditions', mutedConditions),
      measured('properties.schedule.effectiveUntil', 'until when alerts tell nobody', 'more', endOf, dayOf),
    ],
  },
  {
    on: /^azure-native:alertsmanagement:(AlertProcessingRule|ActionRule)(ByName)?$/,
    aspect: 'detection',
    ends: 'whom it told besides is not told any more',
    when: (one) => !isMute(one) && isOn(one),
    parts: [
      places('properties.actions', 'whom it tells', (one) =>
        asList(valueAt(one, 'properties.actions')).flatMap((action) => textsAt('actionGroupIds')(asMap(action))),
      ),
      places('properties.scopes', 'whose alerts it tells'),
    ],
  },
];
