/** Every way from the rights of one identity to those of another, on one side. */
import { append } from '../../../policies/collect';
import type { Resource } from '../../../policies/resource';
import { type ActionSet, actionSet, holds, intersection, isEmpty, minus } from '../access/action-sets';
import { grantedRegions } from '../access/compare';
import type { Form } from '../access/condition-forms';
import { type PrincipalForm, principalText } from '../access/principal-forms';
import type { Region } from '../access/regions';
import { hole } from '../access/text';
import { accountOf, type Carried } from '../access-holders-parts';
import { asList, asText, type Reader } from '../reading';
import type { Side } from '../side';
import type { Actors } from './actors';
import { all, asked, type Known, settled } from './conditions';
import { type Actor, partitionOf, type Step, speaksOf, unbound } from './model';
import { ASSUME, BECOMING, MOVES, PASS, RIGHTS, type Right, rolesNamed, STARTS, WORKLOADS, type Workload } from './moves';

const ALWAYS: Form = { tests: [], text: '' };
const EVERY_RIGHT = { name: 'every right', document: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } };
/** As it stands in texts until names are put in. */
const called = (key: string): string => `\${${key}}`;

/** A statement that allows an action, and what it asks for. */
interface Permit {
  readonly at: string;
  readonly condition: Form;
}

/** A role that a service may be given. */
interface Trusted {
  readonly role: Actor;
  readonly service: string;
  readonly condition: Form;
}

interface Running {
  readonly workload: Workload;
  readonly resource: Resource;
  readonly role: Actor;
  readonly arns: readonly string[];
}

/** What steps are made of, the same for every side; read when first asked for, as it takes all known actions. */
let moving: ActionSet | undefined;
function moves(): ActionSet {
  moving ??= actionSet(MOVES);
  return moving;
}

/** All steps of a side. */
export class Steps {
  readonly #from = new Map<string, Step[]>();
  readonly #moving = new Map<Actor, readonly Region[]>();
  /** Roles that let in somebody who is none of the input, or who cannot be told. */
  readonly #open = new Set<string>();
  readonly #most = new Map<Actor, readonly Region[]>();

  constructor(
    readonly side: Side,
    readonly actors: Actors,
    readonly reader: Reader,
  ) {
    const identities = [...actors.all];
    const trusted = this.#trusts(identities);
    const running = this.#workloads();
    const policies = carried(identities, actors);
    const leave = (actor: Actor) => this.#leave(actor, identities, trusted, running, policies);
    for (const actor of identities) leave(actor);
    // What an identity becomes with every right may reach further where a boundary withholds something.
    const ruled = new Set([...this.#from.values()].flatMap((steps) => steps.flatMap(({ over }) => over ?? [])));
    for (const actor of identities) if (ruled.has(actor.key)) leave(actors.unboundOf(actor));
  }

  from(key: string): readonly Step[] {
    return this.#from.get(key) ?? [];
  }

  /** Whether nobody but identities of the input can become the role: neither a service nor somebody from elsewhere. */
  isClosed(key: string): boolean {
    return !this.#open.has(key);
  }

  get all(): Iterable<readonly Step[]> {
    return this.#from.values();
  }

  #add(step: Step): void {
    append(this.#from, step.from, step);
  }

  // ── Rights to do something ───────────────────────────────────────────────────────────────────────────────────────

  /** What of somebody's rights may be a part of a step; of policies of which nothing is known but the name, nothing. */
  #regions(actor: Actor): readonly Region[] {
    const known = this.#moving.get(actor);
    if (known) return known;
    const found = actor.regions.filter(({ actions, unsure }) => !unsure && !isEmpty(intersection(actions, moves())));
    this.#moving.set(actor, found);
    return found;
  }

  /** Ways in which the actor may do it, to one of the ARNs or to anything; none that asks for more than another. */
  #permits(regions: readonly Region[], action: string, arns: readonly string[] | undefined, known: Known = {}): readonly Permit[] {
    const found = new Map<string, Permit>();
    for (const { actions, at, condition, resource } of regions) {
      if (!holds(actions, action) || (arns && !speaksOf(resource, arns))) continue;
      const left = settled(condition, known);
      if (!left) continue;
      if (left.tests.length === 0) return [{ at, condition: left }];
      if (!found.has(left.text)) found.set(left.text, { at, condition: left });
    }
    return [...found.values()];
  }

  // ── Becoming a role that lets one in ─────────────────────────────────────────────────────────────────────────────

  /** Steps by trust; what trusts services is returned. */
  #trusts(identities: readonly Actor[]): readonly Trusted[] {
    const asking = new Map<string, Actor[]>();
    for (const actor of identities)
      if (this.#regions(actor).some(({ actions }) => holds(actions, ASSUME))) append(asking, accountFor(actor), actor);
    const trusted: Trusted[] = [];
    const becomes = actionSet(BECOMING);
    for (const role of identities) {
      const trust = this.actors.holders.get(`trust ${role.key}`);
      if (role.kind !== 'role' || !trust) continue;
      for (const region of grantedRegions(trust.rights)) {
        if (isEmpty(intersection(region.actions, becomes))) continue;
        const { principal, unsure } = region;
        if (unsure || principal.kind !== 'entry' || !(principal.entry.kind === 'AWS' && this.actors.named(principal.entry.value)))
          this.#open.add(role.key);
        if (unsure) continue;
        if (principal.kind === 'entry' && principal.entry.kind === 'Service')
          trusted.push({ role, service: principal.entry.value, condition: region.condition });
        else this.#admit(role, region, principal, asking);
      }
    }
    return trusted;
  }

  #admit(role: Actor, region: Region, principal: PrincipalForm, asking: ReadonlyMap<string, readonly Actor[]>): void {
    const text = principalText(principal);
    const isArn = principal.kind === 'entry' && principal.entry.kind === 'AWS';
    const named = isArn ? this.actors.named(principal.entry.value) : undefined;
    if (named) {
      const enough = named.account === role.account;
      for (const permit of this.#permits(enough ? this.#mostOf(named) : this.#regions(named), ASSUME, role.arns))
        this.#become(named, role, region, permit, enough);
      return;
    }
    const account = isArn && !principal.entry.value.includes(':') ? principal.entry.value : undefined;
    if (account !== undefined)
      for (const actor of [...(asking.get(account) ?? []), ...(asking.get(ANY_ACCOUNT) ?? [])])
        for (const permit of this.#permits(this.#regions(actor), ASSUME, role.arns)) this.#become(actor, role, region, permit, false);
    // To name the own account only lets it decide.
    if (account === role.account) return;
    const outside = this.actors.outside({
      key: `outside ${text}`,
      kind: 'outside',
      named: principal,
      account: account ?? '',
      arns: [],
      regions: [],
      carriers: [],
    });
    this.#become(outside, role, region, { at: '', condition: ALWAYS }, true);
  }

  /** What the actor could do at most: everything that neither its boundary withholds nor its policies deny. */
  #mostOf(actor: Actor): readonly Region[] {
    const known = this.#most.get(actor);
    if (known) return known;
    const { grants = [], limits } = this.actors.holders.get(`identity ${actor.key}`)?.rights ?? {};
    // A boundary does not limit what a policy of a resource grants to a user.
    const most = grantedRegions({ grants: [EVERY_RIGHT, ...grants], limits: actor.kind === 'user' ? {} : limits });
    this.#most.set(actor, most);
    return most;
  }

  #become(actor: Actor, role: Actor, region: Region, permit: Permit, enough: boolean): void {
    const left = settled(region.condition, knownOf(actor));
    if (!left || actor.key === role.key) return;
    const by = `becoming ${called(role.key)}`;
    this.#add({
      from: actor.key,
      to: role.key,
      by,
      at: enough ? [region.at] : [permit.at, region.at],
      asked: asked(all(left, permit.condition), by),
      needs: enough ? [] : [{ action: ASSUME, on: role.arns }],
      carriers: [...(role.resource ? [role.resource] : []), ...actor.carriers],
    });
  }

  // ── Everything else that an identity may do ──────────────────────────────────────────────────────────────────────

  #leave(
    actor: Actor,
    identities: readonly Actor[],
    trusted: readonly Trusted[],
    running: readonly Running[],
    policies: ReadonlyMap<Resource, readonly Actor[]>,
  ): void {
    const regions = this.#regions(actor);
    // Whoever may do everything gains nothing.
    if (regions.length === 0 || regions.some(isEverything)) return;
    const has = (action: string) => regions.some(({ actions }) => holds(actions, action));
    if (has(PASS)) this.#pass(actor, regions, trusted);
    for (const one of running) if (one.workload.actions.some(has)) this.#run(actor, regions, one);
    for (const right of RIGHTS) if (has(right.action)) this.#rule(actor, regions, right, identities, policies);
  }

  #pass(actor: Actor, regions: readonly Region[], trusted: readonly Trusted[]): void {
    const starts = new Map<string, { readonly actions: readonly string[]; readonly permits: readonly Permit[] } | undefined>();
    for (const { condition, role, service } of trusted) {
      if (!starts.has(service)) starts.set(service, this.#starts(regions, service));
      const start = starts.get(service);
      if (!start || role.key === actor.key) continue;
      for (const permit of this.#permits(regions, PASS, role.arns, { 'iam:passedtoservice': [service] })) {
        const by = `passing ${called(role.key)} to ${service} (${start.actions.join(', ')})`;
        this.#add({
          from: actor.key,
          to: role.key,
          by,
          at: [permit.at, ...start.permits.map(({ at }) => at)],
          asked: asked(all(condition, permit.condition, ...start.permits.map((one) => one.condition)), by),
          needs: [{ action: PASS, on: role.arns }, ...start.actions.map((action) => ({ action }))],
          carriers: [...actor.carriers, ...(role.resource ? [role.resource] : [])],
        });
      }
    }
  }

  /** The first way to start something in the service that asks for the least. */
  #starts(
    regions: readonly Region[],
    service: string,
  ): { readonly actions: readonly string[]; readonly permits: readonly Permit[] } | undefined {
    const found = (STARTS.get(service) ?? []).flatMap((actions) => {
      const permits = actions.map((action) => this.#permits(regions, action, undefined)[0]);
      return permits.every((permit) => permit !== undefined) ? [{ actions, permits: permits as readonly Permit[] }] : [];
    });
    const tests = ({ permits }: { readonly permits: readonly Permit[] }) =>
      permits.reduce((sum, { condition }) => sum + condition.tests.length, 0);
    return found.sort((a, b) => tests(a) - tests(b))[0];
  }

  #run(actor: Actor, regions: readonly Region[], { arns, resource, role, workload }: Running): void {
    if (role.key === actor.key) return;
    for (const action of workload.actions)
      for (const permit of this.#permits(regions, action, arns)) {
        const by = `${workload.by} ${called(this.reader.pairing.identity(resource))} (${action})`;
        this.#add({
          from: actor.key,
          to: role.key,
          by,
          at: [permit.at],
          asked: asked(permit.condition, by),
          needs: [{ action, on: arns }],
          carriers: [resource, ...actor.carriers],
        });
      }
  }

  #rule(
    actor: Actor,
    regions: readonly Region[],
    right: Right,
    identities: readonly Actor[],
    policies: ReadonlyMap<Resource, readonly Actor[]>,
  ): void {
    // Only a user joins a group; others can send somebody there.
    if (right.on === 'group' && right.effect === 'becomes' && actor.kind !== 'user') return;
    const targets: Iterable<readonly [readonly string[], readonly Actor[]]> =
      right.on === 'policy'
        ? [...policies].map(([policy, holders]) => [policyArns(policy, holders, this.reader), holders] as const)
        : identities.flatMap((target) => (target.kind === right.on ? [[target.arns, [target]] as const] : []));
    for (const [arns, held] of targets)
      for (const permit of this.#permits(regions, right.action, arns))
        for (const target of held) {
          const over = right.effect === 'rules';
          if (!over && target.key === actor.key) continue;
          const by = `${right.by} ${target.key === actor.key ? 'itself' : called(target.key)} (${right.action})`;
          this.#add({
            from: actor.key,
            to: over ? unbound(target.key) : target.key,
            by,
            at: [permit.at],
            asked: asked(permit.condition, by),
            needs: [{ action: right.action, on: arns }],
            carriers: [...actor.carriers, ...(target.resource ? [target.resource] : [])],
            ...(over ? { over: target.key } : {}),
          });
        }
  }

  // ── What runs ────────────────────────────────────────────────────────────────────────────────────────────────────

  #workloads(): readonly Running[] {
    const found: Running[] = [];
    for (const { graph } of this.side.targets)
      for (const workload of WORKLOADS)
        for (const resource of graph.ofType(workload.type)) {
          const properties = this.reader.of(resource);
          if (workload.when?.(properties) === false) continue;
          const holder = workload.through === undefined ? resource : this.reader.referred(asText(properties[workload.through]) ?? '');
          if (!holder) continue;
          const roles = rolesNamed(workload, this.reader.of(holder)).flatMap((text) => this.#rolesBy(text));
          for (const role of new Set(roles)) found.push({ workload, resource, role, arns: arnsOf(workload, resource, this.reader) });
        }
    return found;
  }

  /** A role by its name or ARN, or those of an instance profile. */
  #rolesBy(text: string): readonly Actor[] {
    const known = this.actors.named(text);
    if (known) return [known];
    const target = this.reader.referred(text);
    if (!target) return [];
    if (target.type !== 'AWS::IAM::InstanceProfile') {
      const role = this.actors.get(this.reader.pairing.identity(target));
      return role ? [role] : [];
    }
    return asList(this.reader.of(target).Roles).flatMap((role) => {
      const held = this.reader.referred(asText(role) ?? '');
      return (held && this.actors.get(this.reader.pairing.identity(held))) ?? [];
    });
  }
}

/** Permission sets become roles in every account that they are assigned in. */
const ANY_ACCOUNT = 'any account';
const accountFor = ({ account, kind }: Actor): string => (kind === 'permission set' ? ANY_ACCOUNT : account);

const isEverything = ({ actions, condition, resource }: Region): boolean =>
  condition.tests.length === 0 && resource.text === '*' && isEmpty(minus(EVERY_ACTION, actions));
const EVERY_ACTION = actionSet(['*']);

/** What a request says of who makes it. */
function knownOf({ account, arns, kind }: Actor): Known {
  if (kind === 'outside') return {};
  const [exact = ''] = arns;
  const own = kind === 'permission set' ? arns.filter((arn) => arn.includes(':role/')) : [exact];
  return { 'aws:principalarn': own, ...(kind === 'permission set' ? {} : { 'aws:principalaccount': [account] }) };
}

/** Identities by the managed policies that grant them something. */
function carried(identities: readonly Actor[], { holders }: Actors): ReadonlyMap<Resource, readonly Actor[]> {
  const found = new Map<Resource, Actor[]>();
  for (const actor of identities)
    for (const { source } of (holders.get(`identity ${actor.key}`)?.rights.grants ?? []) as readonly Carried[])
      if (source?.type === 'AWS::IAM::ManagedPolicy' && !found.get(source)?.includes(actor)) append(found, source, actor);
  return found;
}

function policyArns(policy: Resource, [holder]: readonly Actor[], reader: Reader): readonly string[] {
  const identity = reader.pairing.identity(policy);
  const { ManagedPolicyName, Path } = reader.of(policy);
  const name = `${asText(Path) ?? '/'}${asText(ManagedPolicyName) ?? hole(identity)}`;
  return [hole(identity), hole(`${identity}.PolicyArn`), `arn:${partitionOf(policy)}:iam::${holder?.account ?? ''}:policy${name}`];
}

function arnsOf({ arn: [service, rest], name }: Workload, resource: Resource, reader: Reader): readonly string[] {
  const identity = reader.pairing.identity(resource);
  const called = (name === undefined ? undefined : asText(reader.of(resource)[name])) ?? hole(identity);
  const region = resource.unit.region ?? hole('AWS::Region');
  const place = `arn:${partitionOf(resource)}:${service}:${region}:${accountOf(resource, reader)}:`;
  return [hole(identity), hole(`${identity}.Arn`), `${place}${rest.replace('*', called)}`];
}
