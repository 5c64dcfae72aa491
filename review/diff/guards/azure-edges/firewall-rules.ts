/** Rules that somebody wrote for a web firewall, compared by what they hold off and what they let pass. */
import type { Plain, PlainMap } from '../../plain';
import { asList, asMap, asText, valueAt } from '../../reading';
import { type Condition, conditionOf, covers, matchesAll } from './conditions';
import { type Found, listed } from './facts';

interface Rate {
  readonly requests: number;
  readonly minutes: number;
  /** By what callers are told apart. */
  readonly by: string;
}

/** From the weakest: what only logs holds nothing off. */
const STRENGTH: Readonly<Record<string, number>> = { log: 0, redirect: 1, captcha: 1, jschallenge: 1, block: 2 };

interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly lets: boolean;
  readonly strength: number;
  readonly conditions: readonly Condition[];
  readonly rate: Rate | undefined;
}

const MINUTES: Readonly<Record<string, number>> = { onemin: 1, fivemins: 5 };

function rateOf(rule: PlainMap, limits: boolean): Rate | undefined {
  if (!limits && !/^RateLimitRule$/i.test(asText(rule.ruleType) ?? '')) return undefined;
  const group = asList(rule.groupBy ?? asList(rule.groupByUserSession).flatMap((one) => asList(asMap(one).groupByVariables)));
  const duration = asText(rule.rateLimitDuration)?.toLowerCase();
  return {
    requests: Number(asText(rule.rateLimitThreshold) ?? Number.NaN),
    minutes: duration === undefined ? Number(asText(rule.rateLimitDurationInMinutes) ?? 1) : (MINUTES[duration] ?? Number.NaN),
    by: group
      .map((one) => asText(asMap(one).variableName) ?? '')
      .sort()
      .join(' '),
  };
}

/** Rules in force; what is switched off, or matches nothing, is none. */
function rulesIn(policy: PlainMap): readonly Rule[] {
  const written: readonly (readonly [Plain, boolean])[] = [
    ...asList(Array.isArray(policy.customRules) ? policy.customRules : valueAt(policy.customRules, 'rules')).map(
      (one) => [one, false] as const,
    ),
    ...asList(valueAt(policy.rateLimitRules, 'rules')).map((one) => [one, true] as const),
  ];
  return written.flatMap(([item, limits]): readonly Rule[] => {
    const rule = asMap(item);
    if (/^disabled$/i.test(asText(rule.enabledState) ?? asText(rule.state) ?? '')) return [];
    const action = asText(rule.action)?.toLowerCase() ?? '';
    return [
      {
        name: asText(rule.name) ?? '',
        priority: Number(asText(rule.priority) ?? 0),
        lets: action === 'allow',
        strength: STRENGTH[action] ?? 0,
        conditions: asList(rule.matchConditions)
          .map(conditionOf)
          .filter((one) => !matchesAll(one)),
        rate: rateOf(rule, limits),
      },
    ];
  });
}

/** Whether one rule does all that another does. */
function doesAll(one: Rule, other: Rule): boolean {
  return (
    one.lets === other.lets &&
    one.strength >= other.strength &&
    covers(one.conditions, other.conditions) &&
    limitsAsMuch(one.rate, other.rate)
  );
}
function limitsAsMuch(one: Rate | undefined, other: Rate | undefined): boolean {
  if (one === undefined) return true;
  if (other === undefined || one.by !== other.by) return false;
  return one.requests <= other.requests && one.minutes >= other.minutes;
}

const ofRate = ({ minutes, requests }: Rate): string => `${requests} requests in ${minutes === 1 ? '1 minute' : `${minutes} minutes`}`;
const NOW = ['only logs', 'challenges or redirects', 'blocks'] as const;
const THEN = ['logged', 'challenged or redirected', 'blocked'] as const;

type Told = Pick<Found, 'direction' | 'words'>;

/** What the rules hold off no longer, or let pass now. */
export function customRules(before: PlainMap, after: PlainMap): readonly Told[] {
  const [old, now] = [rulesIn(before), rulesIn(after)];
  const same = (rule: Rule, among: readonly Rule[]) => among.find(({ name }) => name.toLowerCase() === rule.name.toLowerCase());
  const filtering = ({ lets, strength }: Rule) => !lets && strength > 0;
  const heir = (rule: Rule) =>
    same(rule, now) ?? now.find((one) => same(one, old) === undefined && doesAll(one, rule) && doesAll(rule, one));
  const lost = old.filter((rule) => filtering(rule) && !now.some((one) => filtering(one) && doesAll(one, rule)));
  const come = now.filter((rule) => filtering(rule) && !old.some((one) => filtering(one) && doesAll(one, rule)));
  const told = lost.flatMap((rule) => weakened(rule, heir(rule)));
  const spoken = new Set(lost.flatMap((rule) => heir(rule) ?? []));
  const better = come.filter((rule) => !spoken.has(rule)).map(({ name }) => name);
  return [
    ...told,
    ...(better.length > 0 ? [{ direction: 'stronger' as const, words: `the rules that hold off requests: now ${listed(better)}` }] : []),
    ...passing(old, now, heir),
  ];
}

function weakened(was: Rule, is: Rule | undefined): readonly Told[] {
  const name = `the rule ${was.name}`;
  const limit = was.rate === undefined ? '' : `, which held off more than ${ofRate(was.rate)}`;
  if (is === undefined)
    return [{ direction: 'weaker', words: `${name} is gone${limit === '' ? ': what it held off is not held off any more' : limit}` }];
  if (is.lets) return [{ direction: 'weaker', words: `${name} lets pass what it held off` }];
  if (is.strength < was.strength)
    return [{ direction: 'weaker', words: `${name} ${NOW[is.strength]} what it ${THEN[was.strength]} before` }];
  if (was.rate && is.rate && was.rate.by === is.rate.by && !limitsAsMuch(is.rate, was.rate) && limitsAsMuch(was.rate, is.rate))
    return [{ direction: 'weaker', words: `${name} lets ${ofRate(is.rate)} pass instead of ${ofRate(was.rate)}` }];
  if (covers(was.conditions, is.conditions) && !covers(is.conditions, was.conditions))
    return [{ direction: 'weaker', words: `${name} looks at fewer requests than before` }];
  return [{ direction: 'undecided', words: `what ${name} looks for changes: read whether that is as much as before` }];
}

/** Whoever a rule lets pass, the rules after it never see; the managed ones always come after. */
function passing(old: readonly Rule[], now: readonly Rule[], heir: (rule: Rule) => Rule | undefined): readonly Told[] {
  const [lets, let_] = [now.filter((rule) => rule.lets), old.filter((rule) => rule.lets)];
  const earlier = (rule: Rule) => let_.find((one) => heir(one) === rule);
  const more = lets.flatMap((rule): readonly Told[] => {
    if (let_.some((one) => covers(one.conditions, rule.conditions))) return jumped(rule, earlier(rule), old, now, heir);
    const was = earlier(rule);
    if (was === undefined)
      return [{ direction: 'weaker', words: `the new rule ${rule.name} lets requests pass that no other rule looks at then` }];
    return covers(rule.conditions, was.conditions)
      ? [{ direction: 'weaker', words: `the rule ${rule.name} lets more requests pass than before` }]
      : [{ direction: 'undecided', words: `what the rule ${rule.name} lets pass changes: read whether that is more than before` }];
  });
  const fewer = let_.filter((rule) => heir(rule)?.lets !== true && !lets.some((one) => covers(one.conditions, rule.conditions)));
  return [...more, ...fewer.map(({ name }): Told => ({ direction: 'stronger', words: `the rule ${name} lets nothing pass any more` }))];
}

/** Rules that looked at a request before another let it pass, and look at it after that now. */
function jumped(
  rule: Rule,
  was: Rule | undefined,
  old: readonly Rule[],
  now: readonly Rule[],
  heir: (rule: Rule) => Rule | undefined,
): readonly Told[] {
  if (was === undefined) return [];
  const behind = old.flatMap((one) => {
    const is = heir(one);
    const looks = is !== undefined && !one.lets && one.strength > 0 && now.includes(is);
    return looks && one.priority < was.priority && is.priority > rule.priority ? [one.name] : [];
  });
  return behind.length === 0
    ? []
    : [{ direction: 'weaker', words: `the rule ${rule.name} lets requests pass before ${listed(behind)} look at them` }];
}
