/** Firewalls for web requests: what they hold off, what they leave out, and before which doors they stand. */
import type { Plain, PlainMap } from '../../plain';
import { asList, asMap, asText, valueAt } from '../../reading';
import { compareFacts, type Doors, type Fact, type Found, type Item, type Level, type View } from './facts';
import { customRules } from './firewall-rules';

/** Kinds of managed sets, and of each the sets from the oldest family to the newest. */
const FAMILIES: readonly (readonly [what: string, sets: readonly string[]])[] = [
  ['the managed rules against attacks', ['owasp', 'defaultruleset', 'microsoft_defaultruleset']],
  ['the managed rules against bots', ['botprotection', 'microsoft_botmanagerruleset']],
  ['the managed rules against floods', ['microsoft_httpddosruleset']],
];

interface ManagedSet {
  readonly set: PlainMap;
  readonly type: string;
  readonly what: string;
  readonly rank: number;
  readonly words: string;
}

/** `2.1` comes before `2.10`. */
const versionOf = (text: string): number => {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number);
  return major + minor / 100 + patch / 10_000;
};

function setsIn(policy: PlainMap): readonly ManagedSet[] {
  return asList(valueAt(policy, 'managedRules.managedRuleSets')).map((item) => {
    const set = asMap(item);
    const [type, version] = [asText(set.ruleSetType) ?? '', asText(set.ruleSetVersion) ?? ''];
    const family = FAMILIES.find(([, sets]) => sets.includes(type.toLowerCase()));
    return {
      set,
      type,
      what: family?.[0] ?? `the managed rules ${type}`,
      rank: (family?.[1].indexOf(type.toLowerCase()) ?? 0) * 1000 + versionOf(version),
      words: `${type} ${version}`.trim(),
    };
  });
}

/** What a managed set does with what it finds; challenges and redirects hold less off than a block. */
const ACTIONS = ['log', 'redirect', 'block'];

// ── Single rules ───────────────────────────────────────────────────────────────────────────────────────────────────

function* softened({ set, what }: ManagedSet, regional: boolean): Iterable<Item> {
  for (const group of asList(set.ruleGroupOverrides)) {
    const { ruleGroupName, rules } = asMap(group);
    const name = asText(ruleGroupName) ?? '';
    // A group that names no rule is switched off as a whole.
    if (asList(rules).length === 0 && asList(asMap(group).exclusions).length === 0)
      yield { text: `${what} ${name}`, words: `all of the group ${name} is off`, severity: 'high' };
    for (const rule of asList(rules)) {
      const { action, enabledState, ruleId, state } = asMap(rule);
      const set = asText(enabledState) ?? asText(state) ?? (regional ? 'Disabled' : 'Enabled');
      const does = asText(action)?.toLowerCase();
      const how = /^disabled$/i.test(set)
        ? 'is off'
        : does === 'log'
          ? 'only logs'
          : does === 'allow'
            ? 'lets pass what it finds'
            : undefined;
      if (how !== undefined)
        yield { text: `${what} ${name} ${asText(ruleId)} ${how}`, words: `the rule ${asText(ruleId)} of ${name} ${how}` };
    }
  }
}

/** What is worse stands for what is milder: a rule that is off logs nothing either. */
const asBad = (wide: Item, narrow: Item): boolean =>
  wide.text.endsWith(' is off') && narrow.text === wide.text.replace(/ is off$/, ' only logs')
    ? true
    : narrow.text.startsWith(`${wide.text} `);

// ── Exclusions ─────────────────────────────────────────────────────────────────────────────────────────────────────

interface Exclusion {
  readonly variable: string;
  readonly operator: string;
  readonly selector: string;
  /** Set, group and rule that it is for; empty for all. */
  readonly scope: string;
}

const KINDS: Readonly<Record<string, string>> = {
  requestheadernames: 'headers',
  requestheadervalues: 'headers',
  requestheaderkeys: 'names of headers',
  requestcookienames: 'cookies',
  requestcookievalues: 'cookies',
  requestcookiekeys: 'names of cookies',
  querystringargnames: 'arguments of queries',
  requestargnames: 'arguments',
  requestargvalues: 'arguments',
  requestargkeys: 'names of arguments',
  requestbodypostargnames: 'arguments of bodies',
  requestbodyjsonargnames: 'fields of JSON bodies',
};

const exclusionOf = (item: PlainMap, scope: string): Exclusion => ({
  variable: asText(item.matchVariable) ?? '',
  operator: (asText(item.selectorMatchOperator) ?? asText(item.valueMatchOperator) ?? 'EqualsAny').toLowerCase(),
  selector: (
    asText(item.selector) ??
    asList(item.values)
      .map((one) => asText(one))
      .sort()
      .join(' ')
  ).toLowerCase(),
  scope,
});

/** Of the sets, groups and rules that an exclusion names. */
function scopesOf(sets: Plain | undefined): readonly string[] {
  const named = asList(sets);
  if (named.length === 0) return [''];
  return named.flatMap((one) => {
    const { ruleGroups, ruleSetType } = asMap(one);
    const set = `/${asText(ruleSetType) ?? ''}`;
    const groups = asList(ruleGroups);
    if (groups.length === 0) return [set];
    return groups.flatMap((group) => {
      const { ruleGroupName, rules } = asMap(group);
      const ids = asList(rules).map((rule) => asText(asMap(rule).ruleId) ?? '');
      const at = `${set}/${asText(ruleGroupName) ?? ''}`;
      return ids.length === 0 ? [at] : ids.map((id) => `${at}/${id}`);
    });
  });
}

function exclusionsIn(policy: PlainMap): readonly Exclusion[] {
  const managed = asMap(policy.managedRules);
  const whole = [
    ...asList(managed.exclusions).map((one) => [asMap(one), asMap(one).exclusionManagedRuleSets] as const),
    ...asList(managed.exceptions).map((one) => [asMap(one), asMap(one).exceptionManagedRuleSets] as const),
  ].flatMap(([item, sets]) => scopesOf(sets).map((scope) => exclusionOf(item, scope)));
  const inSets = setsIn(policy).flatMap(({ set, type }) => [
    ...asList(set.exclusions).map((one) => exclusionOf(asMap(one), `/${type}`)),
    ...asList(set.ruleGroupOverrides).flatMap((group) => {
      const { exclusions, ruleGroupName, rules } = asMap(group);
      const at = `/${type}/${asText(ruleGroupName) ?? ''}`;
      return [
        ...asList(exclusions).map((one) => exclusionOf(asMap(one), at)),
        ...asList(rules).flatMap((rule) =>
          asList(asMap(rule).exclusions).map((one) => exclusionOf(asMap(one), `${at}/${asText(asMap(rule).ruleId) ?? ''}`)),
        ),
      ];
    }),
  ]);
  return [...whole, ...inSets];
}

const isEverything = ({ operator, selector }: Exclusion): boolean =>
  operator === 'equalsany' || selector === '*' || (selector === '' && /^(contains|startswith|endswith)$/.test(operator));

function excluded(one: Exclusion): Item {
  const what = KINDS[one.variable.toLowerCase()] ?? one.variable;
  const every = isEverything(one);
  const which = every ? `all ${what}` : `${what} that ${HOW[one.operator] ?? one.operator} ${one.selector}`;
  const [, , group = '', rule = ''] = one.scope.split('/');
  const by = rule !== '' ? ` (by the rule ${rule})` : group !== '' ? ` (by the group ${group})` : '';
  return {
    text: JSON.stringify(one),
    words: `${which}${by}`,
    ...(every && rule === '' && group === '' ? { severity: 'high' as const } : {}),
  };
}
const HOW: Readonly<Record<string, string>> = {
  equals: 'are called',
  contains: 'hold',
  startswith: 'begin with',
  endswith: 'end with',
  ipmatch: 'come from',
};

function leavesOutAsMuch(wide: Item, narrow: Item): boolean {
  const [one, other] = [JSON.parse(wide.text) as Exclusion, JSON.parse(narrow.text) as Exclusion];
  if (one.variable !== other.variable || !(other.scope === one.scope || other.scope.startsWith(`${one.scope}/`))) return false;
  if (isEverything(one)) return true;
  switch (one.operator) {
    case 'startswith':
      return /^(startswith|equals)$/.test(other.operator) && other.selector.startsWith(one.selector);
    case 'endswith':
      return /^(endswith|equals)$/.test(other.operator) && other.selector.endsWith(one.selector);
    case 'contains':
      return other.operator !== 'equalsany' && other.selector.includes(one.selector);
    default:
      return one.operator === other.operator && one.selector === other.selector;
  }
}

// ── A policy ───────────────────────────────────────────────────────────────────────────────────────────────────────

const truth = (policy: PlainMap, path: string, absent: boolean): boolean | undefined => {
  const text = asText(valueAt(policy, path));
  return text === undefined ? absent : /^(true|enabled)$/i.test(text) ? true : /^(false|disabled)$/i.test(text) ? false : undefined;
};

function switches(policy: PlainMap): readonly Fact[] {
  const one = (path: string, turns: readonly [string, string], severity: 'high' | 'medium' = 'medium'): Level => {
    const holds = truth(policy, `policySettings.${path}`, true);
    return {
      kind: 'level',
      what: path,
      rank: holds === undefined ? undefined : Number(holds),
      words: 'a value of the deployment',
      turns,
      severity,
      path: `policySettings.${path}`,
    };
  };
  return [
    one('requestBodyCheck', ['bodies of requests are not looked at any more', 'bodies of requests are looked at now'], 'high'),
    one('requestBodyEnforcement', [
      'bodies that are too large to look at pass now',
      'bodies that are too large to look at are held off now',
    ]),
    one('fileUploadEnforcement', ['files that are too large pass now', 'files that are too large are held off now']),
  ];
}

function sizes(policy: PlainMap): readonly Fact[] {
  const one = (path: string, what: string, unit: string, more: 'stronger' | 'weaker'): readonly Fact[] => {
    const number = Number(asText(valueAt(policy, `policySettings.${path}`)) ?? Number.NaN);
    if (Number.isNaN(number)) return [];
    return [
      { kind: 'level', what, rank: more === 'stronger' ? number : -number, words: `${number} ${unit}`, path: `policySettings.${path}` },
    ];
  };
  return [
    ...one('requestBodyInspectLimitInKB', 'how much of a body is looked at', 'KB', 'stronger'),
    ...one('maxRequestBodySizeInKb', 'the largest body that passes', 'KB', 'weaker'),
    ...one('fileUploadLimitInMb', 'the largest file that passes', 'MB', 'weaker'),
    ...one('jsChallengeCookieExpirationInMins', 'how long a passed challenge counts', 'minutes', 'weaker'),
    ...one('javascriptChallengeExpirationInMinutes', 'how long a passed challenge counts', 'minutes', 'weaker'),
    ...one('captchaExpirationInMinutes', 'how long a passed captcha counts', 'minutes', 'weaker'),
  ];
}

function managed(policy: PlainMap, regional: boolean): readonly Fact[] {
  const sets = setsIn(policy);
  const path = 'managedRules';
  return [
    { kind: 'keeps', what: 'what it holds off', severity: 'high', path, items: sets.map(({ what }) => ({ text: what })) },
    ...sets.flatMap(({ rank, set, what, words }, at): readonly Fact[] => {
      const path = `managedRules.managedRuleSets[${at}]`;
      const action = ACTIONS.indexOf((asText(set.ruleSetAction) ?? 'Block').toLowerCase());
      return [
        { kind: 'level', what: `the version of ${what}`, rank, words, path: `${path}.ruleSetVersion`, severity: 'medium' },
        ...(action < 0
          ? []
          : [
              {
                kind: 'level',
                what: `what ${what} do with what they find`,
                rank: action,
                words: asText(set.ruleSetAction) ?? 'Block',
                path,
                severity: 'high',
              } as const,
            ]),
      ];
    }),
    {
      kind: 'lets',
      what: 'single managed rules',
      severity: 'medium',
      path,
      items: sets.flatMap((one) => [...softened(one, regional)]),
      covers: asBad,
    },
    {
      kind: 'lets',
      what: 'what the managed rules do not look at',
      severity: 'medium',
      path,
      items: exclusionsIn(policy).map(excluded),
      covers: leavesOutAsMuch,
    },
  ];
}

/** Whether it stops anything; told by what turns it on and off, and compared here where another takes its place. */
export function inForce(policy: PlainMap, regional: boolean): Level {
  const { enabledState, mode, state } = asMap(policy.policySettings);
  const off = /^disabled$/i.test(asText(regional ? state : enabledState) ?? '');
  const detects = /^detection$/i.test(asText(mode) ?? (regional ? 'Detection' : 'Prevention'));
  const words = off ? 'is off' : detects ? 'only writes down what it finds' : 'holds off what it finds';
  return { kind: 'level', what: 'the firewall', rank: off ? 0 : detects ? 1 : 2, words, severity: 'high' };
}

/** What two firewalls hold off, compared; without whether they are in force. */
export function comparedFirewalls(before: PlainMap, after: PlainMap, regional: boolean, old: View, now: View): readonly Found[] {
  const facts = (policy: PlainMap) => [...managed(policy, regional), ...switches(policy), ...sizes(policy)];
  return [
    ...compareFacts(facts(before), facts(after), old, now),
    ...customRules(before, after).map(
      (told): Found => ({ ...told, what: 'custom rules', path: 'customRules', severity: told.direction === 'stronger' ? 'low' : 'high' }),
    ),
  ];
}

export const GATEWAY_FIREWALL = 'azure-native:network:WebApplicationFirewallPolicy';
export const FRONT_DOOR_FIREWALLS = ['azure-native:frontdoor:Policy', 'azure-native:cdn:Policy'] as const;

export const FIREWALLS: readonly Doors[] = [
  {
    on: [GATEWAY_FIREWALL, ...FRONT_DOOR_FIREWALLS],
    compare: (old, now) =>
      comparedFirewalls(old.view.of(old.resource), now.view.of(now.resource), now.resource.type === GATEWAY_FIREWALL, old.view, now.view),
  },
];
