/**
 * Whether a request is allowed, by the documented evaluation logic of AWS, with all kinds of policies that take part. Pure,
 * over plain data; what is not known makes the verdict `unknown` unless the rest decides it.
 */

import { underResourceControl } from './actions';
import { accountIn, accountOf, type Caller, derivedKeys, hasIdentity, isServiceLinked } from './callers';
import { type Context, keysOf } from './conditions';
import { type Policy, type Statement, statementsOf } from './documents';
import { deniedTo, grantedTo, type Naming } from './principals';
import { type Asked, speaksOf } from './statements';
import { isHole, sameText } from './text';
import { allOf, anyOf, isUnknown, missingOf, type Truth } from './truth';

export interface Request {
  readonly caller: Caller;
  readonly action: string;
  /** The ARN of the resource; `*` for an action that has none. */
  readonly resource: string;
  /** Needed where the ARN does not say it (S3). */
  readonly resourceAccount?: string | undefined;
  readonly context?: Context | undefined;
}

/** What applies to a request. A kind that is left out does not exist; one that is not known is given as a hole. */
export interface Policies {
  /** Attached to the user, its groups, or the role. */
  readonly identity?: readonly Policy[] | undefined;
  readonly boundary?: Policy | undefined;
  /** Passed when the session was made. */
  readonly session?: readonly Policy[] | undefined;
  /** Service control policies, level by level from the root to the account: each level must allow. */
  readonly serviceControl?: readonly (readonly Policy[])[] | undefined;
  /** Resource control policies of all levels; that which allows everything cannot be detached and need not be given. */
  readonly resourceControl?: readonly Policy[] | undefined;
  /** The policy of the resource: bucket policy, key policy, trust policy of a role, and so on. */
  readonly resource?: readonly Policy[] | undefined;
  /** The policy of the VPC endpoint that the request takes. */
  readonly endpoint?: Policy | undefined;
}

export type Layer = 'identity' | 'boundary' | 'session' | 'service-control' | 'resource-control' | 'resource' | 'endpoint';

export interface Decision {
  readonly verdict: 'allow' | 'deny' | 'unknown';
  /** A statement denies; nothing allows. */
  readonly explicit: boolean;
  /** The kind of policy that decided a denial. */
  readonly layer: Layer | undefined;
  /** The statements that decided: the one that denies, or those that allow. */
  readonly by: readonly string[];
  /** What would have to be known for a verdict; empty unless it is `unknown`. */
  readonly missing: readonly string[];
}

/** What a layer says, and the statement by which it says yes. */
interface Answer {
  readonly truth: Truth;
  readonly by?: string | undefined;
}

/**
 * Decides a request.
 *
 * @example
 * evaluate(
 *   { caller: { kind: 'user', arn: 'arn:aws:iam::111122223333:user/ann' }, action: 's3:GetObject', resource: 'arn:aws:s3:::cases/1' },
 *   { identity: [{ name: 'Reader', document: { Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '*' } } }] },
 * ).verdict
 */
export function evaluate(request: Request, policies: Policies): Decision {
  // Granted to everyone, and even an explicit deny does not take it away.
  if (request.action.toLowerCase() === 'sts:getcalleridentity') return decision('allow');
  const { caller } = request;
  const asked = askedOf(request);
  const reach = applicable(request, policies);
  const denial = firstDenial(reach, caller, asked);
  if (denial.truth === true) return { ...decision('deny'), explicit: true, layer: denial.layer, by: [denial.by] };
  const limits = allOf(limitsOf(reach, caller, asked).map(({ answer }) => answer.truth));
  const granted = grantOf(request, reach, asked);
  const allowed = allOf([limits, granted.truth]);
  if (allowed === false) return { ...decision('deny'), layer: refusing(reach, request, asked) };
  if (allowed === true && denial.truth === false) return { ...decision('allow'), by: granted.by };
  return { ...decision('unknown'), missing: [...new Set([...missingOf(denial.truth), ...missingOf(allowed)])] };
}

const decision = (verdict: Decision['verdict']): Decision => ({ verdict, explicit: false, layer: undefined, by: [], missing: [] });

function askedOf({ action, resource, caller, context, resourceAccount }: Request): Asked {
  const owner = resourceAccount ?? accountIn(resource);
  const own = { ...derivedKeys(caller), ...(owner === undefined ? {} : { 'aws:ResourceAccount': owner }) };
  return { action, resource, keys: keysOf({ values: { ...own, ...context?.values }, complete: context?.complete }) };
}

// ── Which policies take part ─────────────────────────────────────────────────────────────────────────────────────

interface Reach {
  readonly identity: readonly Policy[];
  readonly boundary: readonly Policy[] | undefined;
  readonly session: readonly Policy[] | undefined;
  readonly 'service-control': readonly (readonly Policy[])[];
  readonly 'resource-control': readonly Policy[];
  readonly resource: readonly Policy[];
  readonly endpoint: readonly Policy[] | undefined;
}

function applicable({ caller, action }: Request, policies: Policies): Reach {
  const identity = hasIdentity(caller);
  const linked = isServiceLinked(caller);
  const attached = identity && caller.kind !== 'root';
  const session = policies.session && policies.session.length > 0 ? policies.session : undefined;
  return {
    identity: attached ? (policies.identity ?? []) : [],
    boundary: attached && !linked && policies.boundary ? [policies.boundary] : undefined,
    // A federated user holds nothing that its session was not given.
    session: attached ? (session ?? (caller.kind === 'federated-user' ? [] : undefined)) : undefined,
    'service-control': identity && !linked ? (policies.serviceControl ?? []) : [],
    'resource-control': !linked && underResourceControl(action) ? (policies.resourceControl ?? []) : [],
    resource: policies.resource ?? [],
    endpoint: policies.endpoint ? [policies.endpoint] : undefined,
  };
}

// ── Explicit denial ──────────────────────────────────────────────────────────────────────────────────────────────

/** Which layers name principals; in the others, the principal is whoever they are attached to. */
const NAMING: ReadonlySet<Layer> = new Set(['resource', 'resource-control', 'endpoint']);
const LAYERS: readonly Layer[] = ['service-control', 'resource-control', 'resource', 'endpoint', 'boundary', 'session', 'identity'];

function firstDenial(reach: Reach, caller: Caller, asked: Asked): { truth: Truth; layer: Layer; by: string } {
  const open: Truth[] = [];
  for (const layer of LAYERS) {
    for (const statement of statementsIn(reach[layer])) {
      const truth = deniesBy(statement, layer, caller, asked);
      if (truth === true) return { truth, layer, by: statement.at };
      open.push(truth);
    }
  }
  return { truth: anyOf(open), layer: 'identity', by: '' };
}

const statementsIn = (policies: readonly (Policy | readonly Policy[])[] | undefined): readonly Statement[] =>
  (policies ?? []).flat().flatMap((policy) => statementsOf(policy as Policy));

function deniesBy(statement: Statement, layer: Layer, caller: Caller, asked: Asked): Truth {
  if (statement.effect === 'Allow') return false;
  const named = NAMING.has(layer) && statement.principals ? deniedTo(statement.principals, caller) : true;
  return named === false ? false : allOf([speaksOf(statement, asked, NAMING.has(layer)), named]);
}

// ── Limits ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** What must allow beside the grant, whatever the grant: each level of service control, and the endpoint. */
function limitsOf(reach: Reach, caller: Caller, asked: Asked): readonly { layer: Layer; answer: Answer }[] {
  return [
    ...reach['service-control'].map((level) => ({ layer: 'service-control' as const, answer: allows(level, asked) })),
    ...(reach.endpoint ? [{ layer: 'endpoint' as const, answer: allows(reach.endpoint, asked, caller) }] : []),
  ];
}

/** Whether a statement of the policies allows; with a caller, one that names him. */
function allows(policies: readonly Policy[], asked: Asked, caller?: Caller): Answer {
  const open: Truth[] = [];
  for (const statement of statementsIn(policies)) {
    if (statement.effect === 'Deny') continue;
    const named = caller && statement.principals ? grantedTo(statement.principals, caller) : undefined;
    const truth = allOf([named ? anyOf(Object.values(named)) : true, speaksOf(statement, asked, caller !== undefined)]);
    if (truth === true) return { truth, by: statement.at };
    open.push(truth);
  }
  return { truth: anyOf(open) };
}

// ── The grant ────────────────────────────────────────────────────────────────────────────────────────────────────

interface Grant {
  readonly truth: Truth;
  readonly by: readonly string[];
}

function grantOf(request: Request, reach: Reach, asked: Asked): Grant {
  const { caller } = request;
  const byResource = resourceGrants(reach.resource, caller, asked);
  if (!hasIdentity(caller)) return { truth: allOf([acceptsUnsigned(request), byResource.itself.truth]), by: byOf(byResource.itself) };
  const held: Answer = caller.kind === 'root' ? { truth: true } : allows(reach.identity, asked);
  const within = allOf([
    reach.boundary ? allows(reach.boundary, asked).truth : true,
    reach.session ? allows(reach.session, asked).truth : true,
  ]);
  const same = withinOneAccount(request);
  const here = same === false ? false : sameAccount(byResource, held, within, request);
  const across = same === true ? false : acrossAccounts(byResource, held, within);
  const truth =
    same === true
      ? here
      : same === false
        ? across
        : here === across
          ? here
          : [...missingOf(same), ...missingOf(here), ...missingOf(across)];
  return { truth, by: byOf(byResource.itself, byResource.role, byResource.account, held) };
}

const byOf = (...answers: readonly Answer[]): readonly string[] =>
  answers.flatMap(({ truth, by }) => (truth === true && by !== undefined ? [by] : []));

type ResourceGrants = Readonly<Record<Naming, Answer>>;

function resourceGrants(policies: readonly Policy[], caller: Caller, asked: Asked): ResourceGrants {
  const found: Record<Naming, { truths: Truth[]; by?: string }> = { itself: { truths: [] }, role: { truths: [] }, account: { truths: [] } };
  for (const statement of statementsIn(policies)) {
    if (statement.effect === 'Deny') continue;
    const named = statement.principals
      ? grantedTo(statement.principals, caller)
      : { itself: [`the Principal of ${statement.at}`], role: false, account: false };
    for (const naming of ['itself', 'role', 'account'] as const) {
      if (named[naming] === false) continue;
      const truth = allOf([named[naming], speaksOf(statement, asked, true)]);
      found[naming].truths.push(truth);
      if (truth === true) found[naming].by ??= statement.at;
    }
  }
  const answer = (naming: Naming): Answer => ({ truth: anyOf(found[naming].truths), by: found[naming].by });
  return { itself: answer('itself'), role: answer('role'), account: answer('account') };
}

/** Either side grants; what limits the caller does not limit a grant to the very session, user or everyone. */
function sameAccount(resource: ResourceGrants, held: Answer, within: Truth, request: Request): Truth {
  const byIdentity = decidesAlone(request) ? allOf([resource.account.truth, held.truth]) : held.truth;
  const root = request.caller.kind === 'root';
  if (root && isTrust(request.action)) return false;
  return anyOf([resource.itself.truth, allOf([within, resource.role.truth]), allOf([within, byIdentity])]);
}

/** Both sides grant. */
const acrossAccounts = (resource: ResourceGrants, held: Answer, within: Truth): Truth =>
  allOf([held.truth, within, anyOf(Object.values(resource).map(({ truth }) => truth))]);

const isTrust = (action: string): boolean =>
  /^sts:(assumerole|assumerolewithsaml|assumerolewithwebidentity|tagsession|setsourceidentity)$/i.test(action);

/** Resources whose own policy must allow: keys and roles. Identity policies count where it leaves the decision to the account. */
const decidesAlone = ({ action, resource }: Request): boolean =>
  isTrust(action) || (/^kms:/i.test(action) && resource !== '*' && !/:(alias|custom-key-store)\//.test(resource));

/** Whether caller and resource belong to one account. */
function withinOneAccount({ caller, resource, resourceAccount }: Request): Truth {
  if (resource === '*') return true;
  const own = accountOf(caller);
  const owner = resourceAccount ?? accountIn(resource);
  if (own === undefined || own === null) return ['the account of the caller'];
  return owner === undefined || (isHole(resource) && resourceAccount === undefined)
    ? [`the account of the resource`]
    : sameText(own, owner);
}

/** Services that take unsigned requests, and some that never do; of the others it is not known. */
const UNSIGNED = /^(s3|sqs|sns|execute-api|es|lambda:invokefunctionurl)(:|$)/;
const SIGNED = /^(kms|sts|iam|secretsmanager|ssm|dynamodb|ecr|events|kinesis|organizations|backup|rds|ec2|logs|lambda):/;

function acceptsUnsigned({ caller, action }: Request): Truth {
  if (caller.kind !== 'anonymous') return true;
  const folded = action.toLowerCase();
  if (UNSIGNED.test(folded)) return true;
  return SIGNED.test(folded) ? false : [`whether ${action} can be called without signature`];
}

/** Which layer refused, in the order of the documented logic. */
function refusing(reach: Reach, request: Request, asked: Asked): Layer {
  const { caller } = request;
  const limit = limitsOf(reach, caller, asked).find(({ answer }) => answer.truth === false);
  if (limit) return limit.layer;
  if (!hasIdentity(caller)) return 'resource';
  const resource = resourceGrants(reach.resource, caller, asked);
  const everyone = anyOf(Object.values(resource).map(({ truth }) => truth));
  const needed = decidesAlone(request) || withinOneAccount(request) === false;
  if (needed && everyone === false) return 'resource';
  if (caller.kind !== 'root' && allows(reach.identity, asked).truth === false && resource.role.truth !== true) return 'identity';
  if (reach.boundary && allows(reach.boundary, asked).truth === false) return 'boundary';
  if (reach.session && allows(reach.session, asked).truth === false) return 'session';
  return isUnknown(everyone) || everyone ? 'identity' : 'resource';
}
