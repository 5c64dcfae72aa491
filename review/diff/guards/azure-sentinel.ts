/** Microsoft Sentinel: what it detects, what it is fed with, and what is done with incidents. */
import type { Plain, PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';
import { all, hoursAt, inHours, listed, measured, none, numberAt, places, queries, steps, textsAt } from './azure-parts';
import { at, type Compared, type Guard, meaning, type Said, truth, turned } from './parts';
import { unordered } from './patterns';

const SEVERITIES = ['Informational', 'Low', 'Medium', 'High'];

export const AZURE_SENTINEL: readonly Guard[] = [
  {
    on: /^(azure-native:securityinsights:(\w*AlertRule|SentinelOnboardingState|Ueba|EntityAnalytics|Anomalies)|Microsoft\.SecurityInsights\/alertRules)$/i,
    aspect: 'detection',
    severity: 'high',
    ends: 'what it detected is not detected any more',
    parts: [
      steps('severity', 'how grave its alerts are', SEVERITIES, undefined),
      measured('suppressionDuration', 'how long it stays quiet after an alert', 'more', quietFor, inHours),
      measured(
        'queryFrequency',
        'how often it looks',
        'more',
        (rule) => hoursAt(rule, 'queryFrequency', 0),
        (hours) => `every ${inHours(hours)}`,
      ),
      measured('queryPeriod', 'how far back it looks', 'less', (rule) => hoursAt(rule, 'queryPeriod', 0), inHours),
      meaning('triggerThreshold', triggers),
      meaning('query', (before, after) =>
        queries(
          'what it looks for',
          asText(before.query),
          asText(after.query),
          /^greater/i.test(asText(after.triggerOperator) ?? 'greater'),
        ),
      ),
      turned(
        'incidentConfiguration.createIncident',
        (rule) => truth(valueAt(rule, 'incidentConfiguration.createIncident'), true),
        'its alerts make no incidents any more',
        'its alerts make incidents now',
      ),
      // Without a list, all of them count.
      all('severitiesFilter', 'whose alerts make incidents', (rule) => listOr(rule, 'severitiesFilter', SEVERITIES)),
      meaning('displayNamesFilter', narrowedTo('displayNamesFilter', 'which alerts make incidents')),
      none('displayNamesExcludeFilter', 'which alerts make no incidents'),
      places('productFilter', 'whose alerts make incidents'),
    ],
  },
  {
    on: /^(azure-native:securityinsights:\w*DataConnector|Microsoft\.SecurityInsights\/dataConnectors)$/i,
    aspect: 'detection',
    severity: 'high',
    ends: 'what it brought in is not looked at any more',
    parts: [
      all('dataTypes', 'what it brings in', (connector) =>
        Object.entries(asMap(connector.dataTypes)).flatMap(([kind, one]) => (/^disabled$/i.test(at('state')(one) ?? '') ? [] : [kind])),
      ),
      places('tenantId', 'whose records it brings in'),
      places('subscriptionId', 'whose alerts it brings in'),
      places('awsRoleArn', 'by which role it reads'),
    ],
  },
  {
    on: /^azure-native:securityinsights:AutomationRule$/,
    aspect: 'detection',
    silences: 'incidents that match it are closed, or marked as harmless, by themselves',
    when: (rule) => isOn(rule) && hides(rule),
    parts: [meaning('triggeringLogic.conditions', conditions)],
  },
  {
    on: /^azure-native:securityinsights:AutomationRule$/,
    aspect: 'detection',
    ends: 'what it started for incidents is not started by itself any more',
    when: (rule) => isOn(rule) && playbooks(rule).length > 0,
    parts: [places('actions', 'what it starts for incidents', (rule) => playbooks(rule))],
  },
  {
    on: /^azure-native:securityinsights:AutomationRule$/,
    aspect: 'detection',
    parts: [
      turned(
        'triggeringLogic.isEnabled',
        (rule) => hides(rule) || playbooks(rule).length === 0 || isOn(rule),
        'nothing is started for incidents by itself any more: the rule is off',
        'the rule is on now',
      ),
    ],
  },
  {
    on: /^azure-native:securityinsights:Watchlist$/,
    aspect: 'detection',
    ends: 'queries that look into it find nothing there any more',
    when: (list) => !leavesOut(asMap(list)),
    parts: [meaning('rawContent', entries)],
  },
  {
    on: /^azure-native:securityinsights:Watchlist$/,
    aspect: 'detection',
    silences: 'detection leaves out what it lists',
    when: (list) => leavesOut(asMap(list)),
    parts: [meaning('rawContent', entries)],
  },
  {
    on: /^azure-native:securityinsights:AnomalySecurityMLAnalyticsSettings$/,
    aspect: 'detection',
    ends: 'the anomaly is not looked for any more',
    parts: [
      turned('enabled', (one) => truth(one.enabled, true), 'the anomaly is not looked for any more', 'the anomaly is looked for now'),
      steps('settingsStatus', 'how its findings are used', ['Flighting', 'Production'], undefined),
    ],
  },
  {
    on: /^azure-native:securityinsights:WatchlistItem$/,
    aspect: 'detection',
    ends: 'queries that look into the list do not find it any more',
  },
];

function quietFor(rule: PlainMap): number | undefined {
  const on = truth(rule.suppressionEnabled, false);
  return on === undefined ? undefined : on ? hoursAt(rule, 'suppressionDuration', 0) : 0;
}
const listOr = (properties: PlainMap, path: string, whole: readonly string[]): readonly string[] => {
  const written = textsAt(path)(properties);
  return written.length === 0 ? whole : written;
};

const OPERATORS: Readonly<Record<string, string>> = {
  greaterthan: 'more than',
  lessthan: 'less than',
  equal: 'exactly',
  notequal: 'any number but',
};

/** How many results make an alert. */
function triggers(before: PlainMap, after: PlainMap): readonly Said[] {
  const of = (rule: PlainMap) =>
    [(asText(rule.triggerOperator) ?? 'GreaterThan').toLowerCase(), numberAt(rule, 'triggerThreshold', 0)] as const;
  const [[was, old], [is, now]] = [of(before), of(after)];
  if (was === is && old === now) return [];
  const said = (operator: string, count: number | undefined) => `${OPERATORS[operator] ?? operator} ${count ?? 'some number of'} results`;
  const words = `when it goes off: at ${said(is, now)} instead of ${said(was, old)}`;
  const comparable = was === is && /^(greater|less)than$/.test(was) && old !== undefined && now !== undefined;
  if (!comparable) return [{ direction: 'undecided', words: `${words}: read whether that notices as much as before` }];
  return [{ direction: (was === 'greaterthan') === now > old ? 'weaker' : 'stronger', words }];
}

/** A list that narrows; without one, nothing is left out. */
function narrowedTo(path: string, what: string): Compared {
  return (before, after) => {
    const [old, now] = [new Set(textsAt(path)(before)), new Set(textsAt(path)(after))];
    const within = (inner: ReadonlySet<string>, outer: ReadonlySet<string>) =>
      outer.size === 0 || (inner.size > 0 && [...inner].every((one) => outer.has(one)));
    const [narrower, wider] = [within(now, old), within(old, now)];
    if (narrower && wider) return [];
    if (wider) return [{ direction: 'stronger', words: `${what}: more than before` }];
    return [{ direction: narrower ? 'weaker' : 'undecided', words: `${what}: only ${listed([...now])}` }];
  };
}

// ── Incidents ──────────────────────────────────────────────────────────────────────────────────────────────────────

const isOn = (rule: Plain): boolean => truth(valueAt(rule, 'triggeringLogic.isEnabled'), true) !== false;
const actionsOf = (rule: Plain): readonly PlainMap[] =>
  asList(asMap(rule).actions).map((action) => asMap(asMap(action).actionConfiguration));
const hides = (rule: Plain): boolean =>
  actionsOf(rule).some(({ severity, status }) => /^closed$/i.test(asText(status) ?? '') || /^informational$/i.test(asText(severity) ?? ''));
const playbooks = (rule: Plain): readonly string[] => actionsOf(rule).flatMap(({ logicAppResourceId }) => asText(logicAppResourceId) ?? []);

/** All have to be met: one less closes more. */
function conditions(before: PlainMap, after: PlainMap): readonly Said[] {
  const of = (rule: PlainMap) => new Set(asList(valueAt(rule, 'triggeringLogic.conditions')).map(unordered));
  const [old, now] = [of(before), of(after)];
  const [fewer, more] = [[...now].every((one) => old.has(one)), [...old].every((one) => now.has(one))];
  if (fewer && more) return [];
  if (more) return [{ direction: 'stronger', words: 'which incidents it closes: only those that meet more conditions' }];
  return [
    {
      direction: fewer ? 'weaker' : 'undecided',
      words: fewer
        ? 'which incidents it closes: those that meet fewer conditions'
        : 'which incidents it closes changes: read whether those are more',
    },
  ];
}

// ── Lists that queries read ────────────────────────────────────────────────────────────────────────────────────────

/** Named for what they leave out. */
const LEAVES_OUT = /allow|white|exclu|except|ignor|trust|known.?good|benign|suppress/i;

const leavesOut = ({ displayName, watchlistAlias }: PlainMap): boolean =>
  [watchlistAlias, displayName].some((one) => LEAVES_OUT.test(asText(one) ?? ''));

function entries(before: PlainMap, after: PlainMap): readonly Said[] {
  const of = (list: PlainMap) =>
    new Set(
      (asText(list.rawContent) ?? '')
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    );
  const [old, now] = [of(before), of(after)];
  const [come, lost] = [[...now].filter((one) => !old.has(one)).length, [...old].filter((one) => !now.has(one)).length];
  if (come === 0 && lost === 0) return [];
  const named = leavesOut(after);
  const entriesOf = (count: number) => `${count} ${count === 1 ? 'entry' : 'entries'}`;
  const change = [come > 0 ? `${entriesOf(come)} more` : '', lost > 0 ? `${entriesOf(lost)} less` : '']
    .filter((one) => one !== '')
    .join(', ');
  if (named) return [{ direction: come > 0 ? 'weaker' : 'stronger', words: `what detection leaves out: ${change}` }];
  return [
    { direction: 'undecided', words: `the entries that detection compares with: ${change}: read whether that notices as much as before` },
  ];
}
