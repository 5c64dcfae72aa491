/** What notices on Azure, whom it tells, and what silences it. */

import { hasHole } from '../access/text';
import type { Plain, PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';
import { AZURE_ALERTS } from './azure-alerts';
import { all, listAt, measured, none, numberAt, places, queries, steps, textsAt, whileOn } from './azure-parts';
import { AZURE_SENTINEL } from './azure-sentinel';
import { at, each, enabled, type Guard, meaning, ON, type Said, truth, turned } from './parts';

const UNLIMITED = Number.POSITIVE_INFINITY;
const gigabytes = (count: number): string => (Number.isFinite(count) ? `${count} GB` : 'everything');

export const AZURE_DETECTION: readonly Guard[] = [
  ...AZURE_ALERTS,
  ...AZURE_SENTINEL,
  {
    on: /^azure-native:security:Pricing$/,
    aspect: 'detection',
    severity: 'high',
    ends: 'the Defender plan is not asked for any more',
    parts: [
      each('extensions', 'what it looks at', enabled('name', 'isEnabled', ON)),
      meaning('subPlan', subPlans),
      turned(
        'enforce',
        (plan) => truth(plan.enforce, false),
        'what stands below it may turn the plan off now',
        'what stands below it cannot turn the plan off any more',
      ),
      whileOn(measured('extensions', 'how much of what is uploaded it scans in a month', 'less', scanned, gigabytes), (plan) =>
        asList(plan.extensions).some(isOn),
      ),
    ],
  },
  {
    on: /^azure-native:security:SecurityContact$/,
    aspect: 'detection',
    ends: 'nobody is told of alerts any more',
    parts: [
      all('emails', 'whom it tells', listAt('emails')),
      all('phone', 'whom it calls', textsAt('phone')),
      turned('isEnabled', isContacted, 'nobody is told of alerts any more', 'somebody is told of alerts now'),
      all('notificationsByRole', 'which roles it tells', rolesTold),
      meaning('notificationsSources', notifications),
    ],
  },
  {
    on: /^azure-native:security:Automation$/,
    aspect: 'detection',
    ends: 'what Defender finds is not passed on any more',
    parts: [
      turned(
        'isEnabled',
        (one) => truth(one.isEnabled, true),
        'what Defender finds is not passed on any more',
        'what Defender finds is passed on now',
      ),
      meaning('sources', passedOn),
      places('actions', 'where it passes findings on', (one) => asList(one.actions).flatMap((action) => targetOf(asMap(action)))),
      places('scopes', 'whose findings it passes on', textsAt('scopes', 'scopePath')),
    ],
  },
  {
    on: /^azure-native:security:(DefenderForStorage|AdvancedThreatProtection|SecurityConnector)$/,
    aspect: 'detection',
    severity: 'high',
    ends: 'threats are not detected any more',
    parts: [
      turned(
        'properties.malwareScanning.onUpload.isEnabled',
        switchAt('malwareScanning.onUpload.isEnabled'),
        'what is uploaded is not scanned any more',
        'what is uploaded is scanned now',
      ),
      turned(
        'properties.sensitiveDataDiscovery.isEnabled',
        switchAt('sensitiveDataDiscovery.isEnabled'),
        'sensitive data is not looked for any more',
        'sensitive data is looked for now',
      ),
      whileOn(
        measured(
          'properties.malwareScanning.onUpload.capGBPerMonth',
          'how much of what is uploaded it scans in a month',
          'less',
          capped,
          gigabytes,
        ),
        switchAt('malwareScanning.onUpload.isEnabled'),
      ),
    ],
  },
  {
    on: /^azure-native:sql:\w*(SecurityAlertPolicy|ThreatDetectionPolicy|ThreatProtection\w*)$/,
    aspect: 'detection',
    ends: 'threats to the database are not detected any more',
    parts: [
      none('disabledAlerts', 'which threats it does not look for', listAt('disabledAlerts')),
      all('emailAddresses', 'whom it tells', listAt('emailAddresses')),
      turned(
        'emailAccountAdmins',
        (one) => truthy(one.emailAccountAdmins),
        'administrators are not told of threats any more',
        'administrators are told of threats now',
      ),
    ],
  },
  {
    on: /^azure-native:sql:(\w*VulnerabilityAssessment|SqlVulnerabilityAssessmentsSetting)$/,
    aspect: 'detection',
    ends: 'weak points of the database are not looked for any more',
    parts: [
      turned(
        'recurringScans.isEnabled',
        (one) => truth(valueAt(one, 'recurringScans.isEnabled'), false),
        'it does not look for weak points by itself any more',
        'it looks for weak points by itself now',
      ),
      all('recurringScans.emails', 'whom it tells'),
      turned(
        'recurringScans.emailSubscriptionAdmins',
        (one) => truth(valueAt(one, 'recurringScans.emailSubscriptionAdmins'), true),
        'administrators are not told of weak points any more',
        'administrators are told of weak points now',
      ),
      steps('state', 'the search for weak points', ['Disabled', 'Enabled'], undefined),
    ],
  },
  {
    on: /^azure-native:sql:\w*VulnerabilityAssessmentRuleBaseline$/,
    aspect: 'detection',
    silences: 'weak points that it lists are taken for accepted',
    parts: [none('results', 'which weak points are taken for accepted', accepted)],
  },
  {
    on: /^azure-native:security:(AzureServersSetting|ServerVulnerabilityAssessment)$/,
    aspect: 'detection',
    ends: 'weak points of machines are not looked for any more',
    covers: ['VUL-04'],
    parts: [places('selectedProvider', 'who looks for weak points')],
  },
  {
    on: /^azure-native:sql:(ManagedDatabase)?SensitivityLabel$/,
    aspect: 'detection',
    severity: 'low',
    ends: 'its column is not known to hold sensitive data any more: audits and threats do not name it',
    parts: [steps('rank', 'how sensitive the column is', ['None', 'Low', 'Medium', 'High', 'Critical'], undefined)],
  },
  {
    on: /^azure-native:operationalinsights:SavedSearch$/,
    aspect: 'detection',
    severity: 'low',
    silences: 'queries that name the table of records read this function instead',
    when: shadows,
    parts: [
      meaning('query', (before, after) => queries('what stands for the table of records', asText(before.query), asText(after.query), true)),
    ],
  },
  {
    on: /^azure-native:security:AlertsSuppressionRule$/,
    aspect: 'detection',
    silences: 'alerts that match it are dismissed unseen',
    when: (one) => !/disabled/i.test(String(asMap(one).state ?? '')),
    parts: [
      places('alertType', 'which alerts are dismissed'),
      measured('expirationDateUtc', 'until when alerts are dismissed', 'more', expiry, (time) =>
        Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : 'no end',
      ),
      meaning('suppressionAlertsScope', dismissedWhere),
    ],
  },
];

// ── Plans ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** From the least, where one plan holds what the other has. */
const SUB_PLANS: readonly (readonly string[])[] = [
  ['p1', 'p2'],
  ['perstorageaccount', 'defenderforstoragev2'],
  ['pertransaction', 'defenderforstoragev2'],
];
function subPlans(before: PlainMap, after: PlainMap): readonly Said[] {
  const [was, is] = [asText(before.subPlan), asText(after.subPlan)];
  // Without one, the service takes its best.
  if (was?.toLowerCase() === is?.toLowerCase() || was === undefined || is === undefined) return [];
  if (hasHole(is) || hasHole(was)) return [{ direction: 'undecided', words: 'which plan it is depends on what only deployment tells' }];
  const order = SUB_PLANS.find((steps) => [was, is].every((one) => steps.includes(one.toLowerCase())));
  const words = `which plan it is: ${is} instead of ${was}`;
  if (!order) return [{ direction: 'undecided', words: `${words}: read whether that looks at as much as before` }];
  return [{ direction: order.indexOf(is.toLowerCase()) < order.indexOf(was.toLowerCase()) ? 'weaker' : 'stronger', words }];
}

const isOn = (extension: Plain): boolean => ON.test(at('isEnabled')(extension) ?? '');

/** The least cap of those that are on. */
function scanned(plan: PlainMap): number | undefined {
  const caps = asList(plan.extensions).flatMap((one) =>
    ON.test(at('isEnabled')(one) ?? '')
      ? [numberAt(valueAt(one, 'additionalExtensionProperties'), 'CapGBPerMonthPerStorageAccount', UNLIMITED)]
      : [],
  );
  return caps.includes(undefined) ? undefined : limit(Math.min(UNLIMITED, ...(caps as number[])));
}
/** Minus one means that there is none. */
const limit = (cap: number | undefined): number | undefined => (cap === -1 ? UNLIMITED : cap);

/** The properties of an older form stand at the top. */
function switchAt(path: string): (one: PlainMap) => boolean | undefined {
  return (one) => truth(valueAt(one, `properties.${path}`) ?? valueAt(one, path), false);
}
function capped(one: PlainMap): number | undefined {
  return limit(numberAt(one, 'properties.malwareScanning.onUpload.capGBPerMonth', UNLIMITED));
}

// ── Who is told ────────────────────────────────────────────────────────────────────────────────────────────────────

/** A word in older forms of the API, or an object with the word in it. */
function isContacted({ isEnabled }: PlainMap): boolean | undefined {
  return truthy(valueAt(isEnabled, 'state') ?? isEnabled, true);
}
const truthy = (value: Plain | undefined, absent = false): boolean | undefined => {
  const text = asText(value);
  if (text === undefined) return absent;
  return /^(on|enabled|true|1)$/i.test(text) ? true : /^(off|disabled|false|0)$/i.test(text) ? false : undefined;
};
function rolesTold(contact: PlainMap): readonly string[] {
  const { state, roles } = asMap(contact.notificationsByRole);
  return truthy(state, true) === false ? [] : textsAt('roles')({ roles: roles ?? [] });
}

const GRAVITY = ['low', 'medium', 'high', 'critical'];
const SOURCES: Readonly<Record<string, string>> = { alert: 'alerts', attackpath: 'paths of attack' };

/** From which severity on somebody is told, by what is told of. */
function notifications(before: PlainMap, after: PlainMap): readonly Said[] {
  const of = (contact: PlainMap) => {
    const written = asList(contact.notificationsSources).map(asMap);
    const older = asText(valueAt(contact.isEnabled, 'minimalSeverity')) ?? asText(valueAt(contact, 'alertNotifications.minimalSeverity'));
    const found = written.map(
      ({ minimalRiskLevel, minimalSeverity, sourceType }) =>
        [asText(sourceType) ?? 'Alert', asText(minimalSeverity ?? minimalRiskLevel)] as const,
    );
    return new Map(found.length > 0 || older === undefined ? found : [['Alert', older] as const]);
  };
  const [old, now] = [of(before), of(after)];
  const lines: Said[] = [];
  for (const [kind, was] of old) {
    const what = SOURCES[kind.toLowerCase()] ?? kind;
    if (!now.has(kind)) lines.push({ direction: 'weaker', words: `of what it tells: no longer ${what}` });
    const is = now.get(kind);
    if (is === undefined || was === undefined || is.toLowerCase() === was.toLowerCase()) continue;
    const [left, right] = [was, is].map((one) => GRAVITY.indexOf(one.toLowerCase())) as [number, number];
    const direction = left < 0 || right < 0 ? 'undecided' : right > left ? 'weaker' : 'stronger';
    lines.push({
      direction,
      words: `from which severity on it tells of ${what}: ${hasHole(is) ? 'what only deployment tells' : is} instead of ${hasHole(was) ? 'what only deployment tells' : was}`,
    });
  }
  for (const kind of now.keys())
    if (!old.has(kind) && old.size > 0)
      lines.push({ direction: 'stronger', words: `of what it tells: now ${SOURCES[kind.toLowerCase()] ?? kind}` });
  return lines;
}

// ── What is passed on ──────────────────────────────────────────────────────────────────────────────────────────────

/** Sources, each with the rules that let a finding through; without a rule, everything is. */
function passedOn(before: PlainMap, after: PlainMap): readonly Said[] {
  const of = (one: PlainMap) => {
    const found = new Map<string, ReadonlySet<string> | undefined>();
    for (const source of asList(one.sources)) {
      const kind = asText(asMap(source).eventSource) ?? '';
      const rules = asList(asMap(source).ruleSets).map((set) => asList(asMap(set).rules).map(rule).sort().join(' and '));
      const known = found.get(kind);
      found.set(kind, rules.length === 0 || (found.has(kind) && known === undefined) ? undefined : new Set([...(known ?? []), ...rules]));
    }
    return found;
  };
  const rule = (one: Plain) => `${at('propertyJPath')(one) ?? ''} ${at('operator')(one) ?? ''} ${at('expectedValue')(one) ?? ''}`.trim();
  const [old, now] = [of(before), of(after)];
  const lines: Said[] = [];
  for (const [kind, was] of old) {
    const is = now.get(kind);
    if (!now.has(kind)) lines.push({ direction: 'weaker', words: `what it passes on: no longer ${plural(kind)}` });
    else if (is !== undefined && (was === undefined || [...was].some((one) => !is.has(one)))) lines.push(narrowed(kind, was, is));
    else if (was !== undefined && (is === undefined || [...is].some((one) => !was.has(one))))
      lines.push({ direction: 'stronger', words: `what it passes on: more ${plural(kind)} than before` });
  }
  for (const kind of now.keys()) if (!old.has(kind)) lines.push({ direction: 'stronger', words: `what it passes on: now ${plural(kind)}` });
  return lines;
}
const plural = (kind: string): string => kind.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
function narrowed(kind: string, was: ReadonlySet<string> | undefined, is: ReadonlySet<string>): Said {
  const within = was === undefined || [...is].every((one) => was.has(one));
  return within
    ? { direction: 'weaker', words: `what it passes on: only some ${plural(kind)}` }
    : { direction: 'undecided', words: `which ${plural(kind)} it passes on changes: read whether those are as many as before` };
}

const targetOf = (action: PlainMap): readonly string[] =>
  [action.workspaceResourceId, action.eventHubResourceId, action.logicAppResourceId].flatMap((one) => asText(one) ?? []);

/** Tables that detection reads; a function of the same name comes before the table. */
const TABLES =
  /^(SigninLogs|AADNonInteractiveUserSignInLogs|AADServicePrincipalSignInLogs|AADManagedIdentitySignInLogs|AuditLogs|AzureActivity|AzureDiagnostics|AzureMetrics|SecurityEvent|SecurityAlert|SecurityIncident|Syslog|CommonSecurityLog|OfficeActivity|WindowsEvent|Event|Heartbeat|Storage(Blob|File|Queue|Table)Logs|AZKVAuditLogs|AZFWNetworkRule|AKSAudit(Admin)?|Device\w*Events|ThreatIntelligenceIndicator|BehaviorAnalytics)$/i;
function shadows(search: Plain): boolean {
  return TABLES.test(at('functionAlias')(search) ?? '');
}

// ── What is dismissed ──────────────────────────────────────────────────────────────────────────────────────────────

function accepted(baseline: PlainMap): readonly string[] {
  return [...asList(baseline.results), ...asList(baseline.baselineResults)].map((one) =>
    asList(Array.isArray(one) ? one : (asMap(one).result ?? one))
      .map((value) => asText(value) ?? '')
      .join(' '),
  );
}
function expiry({ expirationDateUtc }: PlainMap): number | undefined {
  const text = asText(expirationDateUtc);
  return text === undefined ? UNLIMITED : Date.parse(text);
}

/** All have to be met: one less dismisses more. */
function dismissedWhere(before: PlainMap, after: PlainMap): readonly Said[] {
  const of = (rule: PlainMap) =>
    new Map(
      asList(valueAt(rule, 'suppressionAlertsScope.allOf')).map(
        (one) => [at('field')(one) ?? '', new Set(textsAt('in')(asMap(one)))] as const,
      ),
    );
  const [old, now] = [of(before), of(after)];
  const within = (inner: typeof old, outer: typeof old) =>
    [...outer].every(([field, values]) => {
      const narrow = inner.get(field);
      return narrow !== undefined && [...narrow].every((value) => values.has(value));
    });
  const [narrower, wider] = [within(now, old), within(old, now)];
  if (narrower && wider) return [];
  const direction = narrower ? 'stronger' : wider ? 'weaker' : 'undecided';
  return [{ direction, words: `which alerts are dismissed: ${narrower ? 'fewer' : wider ? 'more' : 'others'} than before` }];
}
