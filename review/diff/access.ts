/** Who can newly do what, and who no longer can: principals and verbs, whatever the statements look like. */
import { SEVERITIES, type Severity } from '../../controls';
import type { Resource } from '../../policies/resource';
import type { Boundary } from '../schema-review';
import { servicesIn } from './access/action-sets';
import type { Verb } from './access/actions';
import { type AccessChange, actionNames, compareAccess, mayDo, type Rights } from './access/compare';
import type { Policy } from './access/documents';
import { byKey, type Holder, holdersOf } from './access-holders';
import { canonical, type Plain } from './plain';
import { type Aspected, type Cause, type Pairing, resourcesOf, type Side, type Told } from './side';

/** Access on AWS, by policies of identities, trust, resources, endpoints and the organisation. */
export const access: Aspected = (before, after, pairing) => {
  const [old, now] = [byKey(holdersOf(before, pairing)), byKey(holdersOf(after, pairing))];
  const speak = new Speaker(before, after, pairing);
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => compare(old.get(key), now.get(key), speak, now));
};

const NOTHING: Rights = { grants: [] };
/** Without an organisation's policy there is no limit. */
const UNLIMITED: Rights = { grants: [{ name: 'every right', document: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } }] };

function compare(before: Holder | undefined, after: Holder | undefined, speak: Speaker, all: ReadonlyMap<string, Holder>): readonly Told[] {
  const holder = after ?? before;
  if (!holder) return [];
  if (holder.lasting && !(before && after)) return [];
  const none = holder.kind === 'organisation' ? UNLIMITED : NOTHING;
  const [old, now] = [before?.rights ?? none, after?.rights ?? none];
  if (sameText(old, now)) return [];
  return compareAccess(old, now).flatMap((change) => speak.of(change, holder, all) ?? []);
}

const sameText = (old: Rights, now: Rights): boolean => canonical(textOf(old)) === canonical(textOf(now));
const textOf = ({ account = '', grants, limits = {} }: Rights): Plain => ({
  account,
  grants: grants.map(saying),
  limits: Object.fromEntries(Object.entries(limits).map(([name, policies]) => [name, policies.map(saying)])),
});
const saying = ({ document, id }: Policy): Plain => id ?? (document as Plain);

// ── In words ───────────────────────────────────────────────────────────────────────────────────────────────────────

const VERB_SEVERITY: Readonly<Record<Verb, Severity>> = {
  list: 'low',
  read: 'medium',
  write: 'medium',
  delete: 'high',
  decrypt: 'high',
  export: 'high',
  administer: 'critical',
};
const SERVICE = /^[\w-]+(\.[\w-]+)*\.amazonaws\.com(\.cn)?$/;
/** Conditions that keep everyone outside away: not those that name whom they keep out, nor those that hold where the key is absent. */
const FENCES =
  /(?<!ForAllValues:)\b(String(Equals|Like|EqualsIgnoreCase)|Arn(Equals|Like)|IpAddress) aws:(PrincipalOrgID|PrincipalOrgPaths|SourceAccount|SourceOrgID|SourceArn|SourceVpce|SourceVpc|PrincipalAccount|SourceIp)\b/i;

class Speaker {
  readonly #names = new Map<string, string>();
  /** Identities of what was not there before. */
  readonly #fresh = new Set<string>();
  readonly #accounts = new Set<string>();

  constructor(
    before: Side,
    after: Side,
    readonly pairing: Pairing,
  ) {
    for (const side of [before, after]) {
      for (const resource of resourcesOf(side)) {
        this.#names.set(pairing.identity(resource), pairing.name(resource));
        if (side === after && pairing.other(resource) === undefined) this.#fresh.add(pairing.identity(resource));
      }
      for (const { graph } of side.targets) for (const { account } of graph.units) if (account !== undefined) this.#accounts.add(account);
    }
  }

  of(change: AccessChange, holder: Holder, all: ReadonlyMap<string, Holder>): Told | undefined {
    const { direction, missing, verbs } = change;
    if (verbs.length === 0) return undefined;
    const gained = direction === 'gained';
    const boundary = gained ? this.#boundary(change, holder) : undefined;
    const undecided =
      gained && missing.length > 0 && change.cause === 'granted' && (change.condition === '' || missing.includes(change.condition));
    const inside = gained && boundary === undefined && !undecided && this.#isWithinNew(change, holder);
    const name = this.pairing.name(holder.resource);
    const through = gained && holder.kind === 'trust' ? this.#through(holder, all) : [];
    const location = holder.resource.locate();
    return {
      aspect: 'access',
      direction: gained ? (undecided ? 'undecided' : inside ? 'neutral' : 'weaker') : 'stronger',
      severity: inside ? 'low' : boundary === undefined ? severityOf(verbs, change.resource) : 'critical',
      sentence: this.#sentence(change, holder, through),
      subject: this.pairing.identity(holder.resource),
      topic: ['access', holder.kind, change.principal, [...verbs].join(), change.resource, change.condition, change.cause].join(' '),
      ...(boundary === undefined ? {} : { boundary }),
      ...(gained && !inside ? { approver: 'security' as const } : {}),
      evidence: [
        {
          resource: holder.resource.path ?? holder.resource.logicalId,
          side: gained ? 'after' : 'before',
          ...(location ? { location: { file: location.file, ...(location.line === undefined ? {} : { line: location.line }) } } : {}),
          chain: [
            this.#who(change, holder),
            change.at,
            ...(holder.kind === 'trust' ? [name, ...through] : [this.#what(change.resource, holder)]),
          ],
          saw: [change.at, ...(change.condition === '' ? [] : [`when ${change.condition}`])].join(', '),
        },
      ],
      causes: this.#causes(holder),
    };
  }

  /** Whatever carries a policy of the holder: which of them decided does not matter to who tells it. */
  #causes({ resource, sources }: Holder): readonly Cause[] {
    return [resource, ...sources].map((one) => ({ resource: this.pairing.identity(one) }));
  }

  #sentence(change: AccessChange, holder: Holder, through: readonly string[]): string {
    const { cause, condition, direction, tests, verbs } = change;
    const gained = direction === 'gained';
    const who = this.#who(change, holder);
    const what = this.#what(change.resource, holder);
    const when = condition === '' ? '' : ` (when ${condition})`;
    const doing = holder.kind === 'trust' ? `become ${what}` : `${listed(verbs)} ${what}${actions(change, what)}`;
    if (!gained) return `${who} can no longer ${doing}${when}`;
    const via = through.length > 0 ? `, and through it ${through.join('; ')}` : '';
    switch (cause) {
      case 'granted':
        if (change.missing.includes(condition))
          return `what ${who} can now do besides cannot be told: it is what ${this.#named(condition)} allows`;
        if (holder.kind === 'limit') return `${who} may now be granted to ${doing}${when}`;
        return `${who} can now ${doing}${when}${byAws(change)}${via}`;
      case 'condition-loosened':
        return `${who} can ${doing} with fewer conditions: ${tests.join(' and ')} is no longer asked for${via}`;
      case 'denial-lifted':
        return `${who} is no longer refused to ${doing}${tests.length > 0 ? `: the refusal stands only when ${tests.join(' and ')}` : ''}${when}`;
      case 'limit-lifted':
        return holder.kind === 'organisation'
          ? `the organisation no longer withholds: ${doing}${when}`
          : `${who} can now ${doing}${when}: its boundary no longer withholds it`;
    }
  }

  #who({ principal }: AccessChange, { kind, resource, who }: Holder): string {
    if (who !== undefined) return this.#named(who);
    if (principal === '' && kind === 'limit') return `whoever ${this.pairing.name(resource)} limits`;
    if (principal === '') return kind === 'organisation' ? 'every identity of the organisation' : this.pairing.name(resource);
    if (principal === 'everyone') return kind === 'endpoint' ? `whoever comes through ${this.pairing.name(resource)}` : 'everyone';
    if (/^\d{12}$/.test(principal)) return `the account ${principal}`;
    return SERVICE.test(principal) ? `the service ${principal}` : this.#named(principal);
  }

  /**
   * Whether what is new only works with what is new: the own account and services may use a new store, services may become a new
   * role, a new role may use new stores. What it may do with what was there before is told by who may.
   */
  #isWithinNew({ principal, resource: pattern }: AccessChange, { account, kind, resource }: Holder): boolean {
    const fresh = (identity: string) => this.#fresh.has(identity);
    if (!fresh(this.pairing.identity(resource))) return false;
    const own = principal === account || SERVICE.test(principal);
    if (kind === 'trust') return SERVICE.test(principal);
    if (kind === 'resource') return own || shownHoles(principal).length > 0;
    const [named, ...more] = shownHoles(pattern);
    return kind === 'identity' && named !== undefined && more.length === 0 && (fresh(named) || fresh(named.replace(/\.[\w.]+$/, '')));
  }

  /** A pattern in words: the resource that it is, and what of it. */
  #what(pattern: string, { kind, resource }: Holder): string {
    if (kind === 'trust') return this.pairing.name(resource);
    if (kind === 'resource' && (pattern === '*' || this.#isOwn(pattern, resource))) return this.pairing.name(resource);
    if (pattern === '*') return 'everything';
    return this.#named(pattern);
  }

  #isOwn(pattern: string, resource: Resource): boolean {
    return pattern.startsWith(`\${${this.pairing.identity(resource)}`);
  }

  /** `${identity.Arn}/*` becomes the name and the rest. */
  #named(text: string): string {
    return text.replaceAll(/\$\{([^}]+)\}(?:\/\*)?/g, (whole, hole: string) => {
      const known = this.#names.get(hole) ?? this.#names.get(hole.replace(/\.[\w.]+$/, ''));
      return known ?? whole;
    });
  }

  /** Crossing from outside: everyone, or an account that is none of ours. */
  #boundary({ condition, principal }: AccessChange, { account, kind }: Holder): Boundary | undefined {
    if (kind !== 'resource' && kind !== 'trust') return undefined;
    if (FENCES.test(condition)) return undefined;
    if (principal === 'everyone' || principal.startsWith('everyone but')) return 'internet';
    const named = /^(\d{12})$/.exec(principal)?.[1] ?? /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1];
    if (named === undefined || named === account || this.#accounts.has(named)) return undefined;
    return 'organisation';
  }

  /** What a role may do, in a few words: whoever becomes it may do that. */
  #through({ key }: Holder, all: ReadonlyMap<string, Holder>): readonly string[] {
    const role = all.get(key.replace(/^trust /, 'identity '));
    if (!role) return [];
    return mayDo(role.rights)
      .map(({ resource, verbs }) => ({ verbs, what: this.#what(resource, role) }))
      .sort((a, b) => heaviest(b.verbs) - heaviest(a.verbs))
      .slice(0, 3)
      .map(({ verbs, what }) => `${listed(verbs)} ${what}`);
  }
}

/** Names of the references in a text for people. */
const shownHoles = (text: string): readonly string[] => [...text.matchAll(/\$\{([^}]+)\}/g)].flatMap(([, name]) => name ?? []);

const heaviest = (verbs: readonly Verb[]): number => Math.max(...verbs.map((verb) => SEVERITIES.indexOf(VERB_SEVERITY[verb])));

function severityOf(verbs: readonly Verb[], resource: string): Severity {
  const rank = heaviest(verbs) + (resource === '*' ? 1 : 0);
  return SEVERITIES[Math.min(rank, SEVERITIES.length - 1)] as Severity;
}

/** As many actions as are named in a sentence. */
const FEW = 2;

/** A few actions are named; of many, the verbs say enough, and the services where everything is of few. */
function actions(change: AccessChange, what: string): string {
  const names = actionNames(change, FEW + 1);
  if (names.length > 0 && names.length <= FEW) return ` (${names.join(', ')})`;
  const services = what === 'everything' ? servicesIn(change.actions) : undefined;
  return services && services.length <= FEW + 1 ? ` in ${listed(services)}` : '';
}

/** What AWS wrote is named: its name says more than its statements. */
const byAws = ({ at }: AccessChange): string => {
  const [named] = /^the AWS managed policy [^\s,]+/.exec(at) ?? [];
  return named === undefined ? '' : `, by ${named}`;
};

/** `read, write and delete`. */
const listed = (verbs: readonly string[]): string =>
  verbs.length < 2 ? (verbs[0] ?? '') : `${verbs.slice(0, -1).join(', ')} and ${verbs[verbs.length - 1]}`;
