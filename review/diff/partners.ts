/** Who belongs to us, who works for us without being one of us, and who is somebody else. */
import { SEVERITIES, type Severity } from '../../controls';
import { isForPeople, isForSubcontractors } from '../../policies/facts/iam-principals';
import type { Resource } from '../../policies/resource';
import type { Boundary } from '../schema-review';
import type { Side } from './side';

/** Conditions that keep everyone outside away: not those that name whom they keep out, nor those that hold where the key is absent. */
const FENCES =
  /(?<!ForAllValues:)\b(String(Equals|Like|EqualsIgnoreCase)|Arn(Equals|Like)|IpAddress) aws:(PrincipalOrgID|PrincipalOrgPaths|SourceAccount|SourceOrgID|SourceArn|SourceVpce|SourceVpc|PrincipalAccount|SourceIp)\b/i;
const BY_ORGANISATION = /\bString(?:Equals|Like|EqualsIgnoreCase) aws:(?:PrincipalOrgID|SourceOrgID) (\S+(?:, \S+)*)/gi;

export class Circle {
  readonly #accounts = new Set<string>();
  readonly #subcontractors: ReadonlySet<string>;
  readonly #tenants: ReadonlySet<string>;
  readonly #organisation: string | undefined;

  /** What only one side calls ours is not yet agreed; what either calls a subcontractor's is one. */
  constructor(...sides: readonly Side[]) {
    for (const { targets } of sides)
      for (const { graph } of targets)
        for (const { account, cloud } of graph.units) if (account !== undefined && cloud === 'aws') this.#accounts.add(account);
    const said = sides.map(({ settings }) => settings?.partners ?? {});
    const agreed = (lists: readonly (readonly string[] | undefined)[]): readonly string[] =>
      (lists[0] ?? []).filter((one) => lists.every((list) => list?.includes(one)));
    for (const account of agreed(said.map(({ accounts }) => accounts))) this.#accounts.add(account);
    this.#tenants = new Set(agreed(said.map(({ tenants }) => tenants)).map((tenant) => tenant.toLowerCase()));
    this.#subcontractors = new Set(said.flatMap(({ subcontractors = [] }) => subcontractors.map((one) => one.toLowerCase())));
    const organisations = new Set(said.flatMap(({ organisation }) => organisation ?? []));
    // Where the sides do not agree on one, none is ours.
    this.#organisation = organisations.size > 1 ? '' : [...organisations][0];
  }

  /** Whether something of ours is deployed into the account, or it is agreed that it is ours. */
  isOurs(account: string): boolean {
    return this.#accounts.has(account);
  }

  isOurTenant(tenant: string): boolean {
    return this.#tenants.has(tenant.toLowerCase());
  }

  /** Whether a condition keeps everybody outside away. */
  fences(condition: string): boolean {
    const organisation = this.#organisation?.toLowerCase();
    const others = condition.replaceAll(BY_ORGANISATION, (whole, ids: string) =>
      organisation === undefined || ids.split(', ').every((id) => id.toLowerCase() === organisation) ? whole : '',
    );
    return FENCES.test(others);
  }

  /** Whether a principal, as a policy or an assignment names it, is a subcontractor's. */
  isSubcontractor(principal: string): boolean {
    if (this.#subcontractors.size === 0) return false;
    const text = principal.toLowerCase();
    const account = /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(text)?.[1];
    const domain = /@([^@\s]+)$/.exec(text)?.[1];
    return [text, account, domain].some((one) => one !== undefined && this.#subcontractors.has(one));
  }
}

/** How people who are not ours are called in a directory: groups, guests, and parameters that name them. */
const BY_NAME =
  /^(the (group|guest|user(?! assigned)|access package)|whoever) .*(sub-?contract(or|ed)|(?<![a-z])(contractors?|vendors?|third-?party)(?![a-z]))/;

/** Somebody of Azure, with whose he is. A tenant that is agreed to be ours is not outside. */
export function asPartner<T extends { readonly key: string; readonly name: string; readonly boundary?: Boundary }>(
  who: T,
  circle: Circle,
): T {
  const tenant = /\btenant ([0-9a-f-]{36})\b/i.exec(who.name)?.[1];
  const { boundary, ...rest } = who;
  const ours = boundary === 'tenant' && tenant !== undefined && circle.isOurTenant(tenant);
  const known = (ours ? rest : who) as T;
  const theirs =
    [who.key, who.name.replace(/^the \S+ /, ''), tenant ?? ''].some((text) => circle.isSubcontractor(text)) ||
    BY_NAME.test(who.name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase());
  return theirs ? { ...known, name: `${who.name}${OF_SUBCONTRACTOR}` } : known;
}

/** One step graver: people who are not ours are watched closer. */
export const raised = (severity: Severity): Severity =>
  SEVERITIES[Math.min(SEVERITIES.indexOf(severity) + 1, SEVERITIES.length - 1)] as Severity;

/** How sentences name whoever works for us without being one of us. */
export const OF_SUBCONTRACTOR = ' of a subcontractor';

/** Whether an identity of the input is for people of other companies: a role or set by its name, as rules read it; a user or group too. */
export const isOfSubcontractors = (resource: Resource): boolean =>
  isForSubcontractors(resource) && (isForPeople(resource) || /^AWS::IAM::(User|Group)$/.test(resource.type));
