/** Rules of web firewalls, compared by what they hold off, and what stands in their logs. */

import { canonical, type Plain } from '../plain';
import { asList, asMap, asText } from '../reading';
import type { Compared, Said } from './parts';
import { unordered } from './patterns';

type What = 'filters' | 'lets pass' | 'counts';

interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly what: What;
  /** What it looks for, without what is compared by itself. */
  readonly body: string;
  /** Single rules of a group that do not hold off any more. */
  readonly softened: ReadonlyMap<string, string>;
  /** The part of the requests that it looks at; undefined for all of them. */
  readonly scope: string | undefined;
}

const GROUPS = ['ManagedRuleGroupStatement', 'RuleGroupReferenceStatement'] as const;

function ruleOf(item: Plain): Rule {
  const { Action, Name, OverrideAction, Priority, Statement } = asMap(item);
  const counts = [Action, OverrideAction].some((one) => asMap(one).Count !== undefined);
  const [kind = '', statement = {}] = Object.entries(asMap(Statement))[0] ?? [];
  const { ExcludedRules, Limit: _limit, RuleActionOverrides, ScopeDownStatement, ...rest } = asMap(statement);
  const group = (GROUPS as readonly string[]).includes(kind);
  return {
    name: asText(Name) ?? '',
    priority: Number(asText(Priority) ?? 0),
    what: counts ? 'counts' : asMap(Action).Allow !== undefined ? 'lets pass' : 'filters',
    body: unordered({ kind, rest }),
    softened: group ? softenedBy(RuleActionOverrides, ExcludedRules) : new Map(),
    scope: ScopeDownStatement === undefined ? undefined : unordered(ScopeDownStatement),
  };
}

function softenedBy(overrides: Plain | undefined, excluded: Plain | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const one of asList(excluded)) found.set(asText(asMap(one).Name) ?? '', 'only counts');
  for (const one of asList(overrides)) {
    const to = asMap(asMap(one).ActionToUse);
    const how = to.Count !== undefined ? 'only counts' : to.Allow !== undefined ? 'lets pass' : undefined;
    if (how !== undefined) found.set(asText(asMap(one).Name) ?? '', how);
  }
  return found;
}

/** Rules of a web ACL, or of a group of rules: which hold off, what gets past them, and at what they look. */
export const webRules: Compared = (before, after) => {
  const [old, now] = [asList(before.Rules).map(ruleOf), asList(after.Rules).map(ruleOf)];
  const byName = new Map(now.map((rule) => [rule.name, rule]));
  const wasByName = new Map(old.map((rule) => [rule.name, rule]));
  // A rule that is called otherwise is found by what it looks for.
  const heir = (rule: Rule) =>
    byName.get(rule.name) ?? now.find((one) => !wasByName.has(one.name) && one.body === rule.body && one.what === rule.what);
  const kept = old.flatMap((rule) => {
    const same = heir(rule);
    return same ? [[rule, same] as const] : [];
  });
  const filtering = (rules: readonly Rule[]) => rules.filter(({ what }) => what === 'filters');
  const heirs = new Set(kept.filter(([was]) => was.what === 'filters').map(([, is]) => is));
  const lost = filtering(old).filter((rule) => heir(rule)?.what !== 'filters');
  const come = filtering(now).filter((rule) => !heirs.has(rule));
  return [
    ...listed('the rules that filter', lost, come, filtering(now).length <= filtering(old).length),
    ...past(old, now, heir),
    ...kept.flatMap(([was, is]) => inside(was, is)),
    ...defaulted(before.DefaultAction, after.DefaultAction),
  ];
};

function listed(what: string, lost: readonly Rule[], come: readonly Rule[], fewer: boolean): readonly Said[] {
  const names = (rules: readonly Rule[]) => rules.map(({ name }) => name).join(', ');
  if (lost.length > 0 && come.length > 0 && fewer)
    return [{ direction: 'weaker', words: `${what}: ${names(come)} instead of ${names(lost)}` }];
  return [
    ...(lost.length > 0 ? [{ direction: 'weaker', words: `${what}: no longer ${names(lost)}` } as const] : []),
    ...(come.length > 0 ? [{ direction: 'stronger', words: `${what}: now ${names(come)}` } as const] : []),
  ];
}

/** Whoever a rule lets pass, the rules after it never see. */
function past(old: readonly Rule[], now: readonly Rule[], heir: (rule: Rule) => Rule | undefined): readonly Said[] {
  const behind = (rule: Rule | undefined, rules: readonly Rule[]) =>
    rules.filter(({ priority, what }) => rule?.what === 'lets pass' && what === 'filters' && priority > rule.priority);
  return now.flatMap((rule): readonly Said[] => {
    const was = old.find((one) => heir(one) === rule);
    const known = new Set(behind(was, old).map((one) => heir(one)?.name));
    const more = behind(rule, now).filter(({ name }) => !known.has(name));
    // A filter that is new itself takes nothing away.
    const lost = more.filter((one) => was === undefined || was.what !== 'lets pass' || old.some((other) => heir(other) === one));
    if (lost.length === 0) return [];
    return [
      {
        direction: 'weaker',
        words: `the rule ${rule.name} lets requests pass before ${lost.map(({ name }) => name).join(', ')} ${lost.length === 1 ? 'looks' : 'look'} at them`,
      },
    ];
  });
}

function inside(was: Rule, is: Rule): readonly Said[] {
  const said: Said[] = [];
  for (const [name, how] of is.softened)
    if (was.softened.get(name) !== how && !(how === 'only counts' && was.softened.has(name)))
      said.push({ direction: 'weaker', words: `the rule ${is.name} ${how} what its part ${name} finds` });
  for (const name of was.softened.keys())
    if (!is.softened.has(name)) said.push({ direction: 'stronger', words: `the rule ${is.name} holds off what its part ${name} finds` });
  if (was.scope === undefined && is.scope !== undefined)
    said.push({ direction: 'weaker', words: `the rule ${is.name} looks at a part of the requests only` });
  else if (was.scope !== undefined && is.scope === undefined)
    said.push({ direction: 'stronger', words: `the rule ${is.name} looks at all requests` });
  // What it looks for may be a secret, and is not shown.
  else if (was.body !== is.body || was.scope !== is.scope)
    said.push({ direction: 'undecided', words: `what the rule ${is.name} looks for changes: read whether that is as much as before` });
  return said;
}

function defaulted(was: Plain | undefined, is: Plain | undefined): readonly Said[] {
  const [old, now] = [was, is].map((action) => asMap(action).Block !== undefined);
  if (was === undefined || is === undefined || old === now) return [];
  return [
    old
      ? { path: 'DefaultAction', direction: 'weaker', words: 'what no rule matches passes now' }
      : { path: 'DefaultAction', direction: 'stronger', words: 'what no rule matches is blocked now' },
  ];
}

/** Headers and other parts of requests that are left out of a log, so that no secrets stand in it. */
export const redacted = (item: Plain): string | undefined => {
  const { Method, QueryString, SingleHeader, UriPath } = asMap(item);
  const header = asText(asMap(SingleHeader).Name) ?? asText(asMap(SingleHeader).name);
  if (header !== undefined) return `the header ${header.toLowerCase()}`;
  return [
    ['the method', Method],
    ['the query', QueryString],
    ['the path', UriPath],
  ].find(([, part]) => part !== undefined)?.[0] as string | undefined;
};

/** What a filter of a log leaves out: requests that match, or whatever none of its filters keeps. */
export const loggedRequests: Compared = (before, after) => {
  const [was, is] = [before.LoggingFilter, after.LoggingFilter];
  if (was === is || (was !== undefined && is !== undefined && unordered(was) === unordered(is))) return [];
  if (drops(is) && !drops(was)) return [{ direction: 'weaker', words: 'its log leaves requests out now' }];
  if (drops(was) && !drops(is)) return [{ direction: 'stronger', words: 'its log leaves no requests out any more' }];
  if (!drops(was) && !drops(is)) return [];
  return [{ direction: 'undecided', words: 'which requests its log leaves out changes: read whether it keeps as many as before' }];
};
const drops = (filter: Plain | undefined): boolean =>
  filter !== undefined &&
  (asMap(filter).DefaultBehavior === 'DROP' ||
    asList(asMap(filter).Filters).some((one) => canonical(asMap(one).Behavior ?? '') === '"DROP"'));
