/** What identity policies grant, in whatever form they are written: the documents, their grants, how far each grant reaches. */
import { fail, type Outcome, pass, some } from '../outcome';
import type { Resource } from '../resource';
import type { Value } from '../value';
import { globCovers, globsOverlap, hasWildcard } from './glob';
import { type Statement, statementsOf } from './iam';
import { type ActionTable, type ManagedReach, reachOfManaged } from './iam-actions';
import type { Condition } from './iam-conditions';

export const ROLE = 'AWS::IAM::Role';
export const USER = 'AWS::IAM::User';
export const GROUP = 'AWS::IAM::Group';
export const PERMISSION_SET = 'AWS::SSO::PermissionSet';
export const MANAGED_POLICY = 'AWS::IAM::ManagedPolicy';
export const POLICY = 'AWS::IAM::Policy';
const FUNCTION = 'AWS::Serverless::Function';
const STATE_MACHINE = 'AWS::Serverless::StateMachine';

/** Types that are one policy document. */
export const POLICY_TYPES = [
  POLICY,
  MANAGED_POLICY,
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
  'AWS::IAM::GroupPolicy',
  'AWS::IoT::Policy',
] as const;

/** Types that carry policies in themselves: documents, or the names of managed policies. */
export const HOLDER_TYPES = [ROLE, USER, GROUP, PERMISSION_SET, FUNCTION, STATE_MACHINE] as const;

/** Everywhere that rights of an identity are written. */
export const RIGHTS_TYPES = [...POLICY_TYPES, ...HOLDER_TYPES] as const;

/** The policy documents that are written in a resource. */
export function documentsOf(resource: Resource): readonly Value[] {
  return resource.all.once(documentsOf, () => readDocuments(resource));
}

function readDocuments(resource: Resource): readonly Value[] {
  switch (resource.type) {
    case ROLE:
    case USER:
    case GROUP:
      return resource
        .at('Policies')
        .items()
        .map((policy) => policy.at('PolicyDocument'));
    case PERMISSION_SET: {
      const policy = resource.at('InlinePolicy');
      return policy.state === 'absent' ? [] : [policy];
    }
    case FUNCTION:
    case STATE_MACHINE:
      return samPolicies(resource).filter((policy) => policy.at('Statement').state !== 'absent');
    default: {
      const document = resource.at('PolicyDocument');
      return document.state === 'absent' ? [] : [document];
    }
  }
}

/** SAM takes names, documents and its own templates in one list; a list is also what a single one counts as. */
const samPolicies = (resource: Resource): readonly Value[] =>
  resource
    .at('Policies')
    .items()
    .filter(({ state }) => state !== 'unknown');

/** The managed policies that a resource names, as written. */
export function managedPoliciesOf(resource: Resource): readonly Value[] {
  switch (resource.type) {
    case PERMISSION_SET:
      return resource.at('ManagedPolicies').items();
    case FUNCTION:
    case STATE_MACHINE:
      return samPolicies(resource).filter((policy) => !policy.isMap);
    case ROLE:
    case USER:
    case GROUP:
      return resource.at('ManagedPolicyArns').items();
    default:
      return [];
  }
}

/** What a named managed policy of AWS gives; undefined for a narrow one and for one of the customer's. */
export function reachOf(policy: Value): ManagedReach | undefined {
  const shape = policy.shape;
  if (shape === undefined) return undefined;
  const [, name] = /^(?:arn:.*?:iam::aws:policy\/(?:[\w-]+\/)*)?([\w.@=,+-]+)$/.exec(shape) ?? [];
  return name === undefined ? undefined : reachOfManaged(name);
}

/** One entry of `Action`. */
interface ActionPattern {
  /** As written. */
  readonly written: string;
  /** Lower case. */
  readonly folded: string;
  /** `s3`; `*` where the pattern spans services. */
  readonly service: string;
  /** Stands for every action of the service. */
  readonly whole: boolean;
}

/** A statement that allows something, read once for all rules. */
export class Grant {
  readonly patterns: readonly ActionPattern[];
  /** Services of which every action is granted, by `service:*`. */
  readonly wholeServices: readonly string[];
  /** Allows everything but what it names. */
  readonly byException: boolean;
  readonly #wide = new Map<string, Outcome>();
  #bounded: Outcome | undefined;

  constructor(
    readonly statement: Statement,
    /** Whether it is an Allow at all. */
    readonly allows: Outcome,
  ) {
    this.byException = statement.value.at('NotAction').state !== 'absent';
    this.patterns = statement.actions().flatMap((action) => (action.shape === undefined ? [] : patternOf(action.shape)));
    this.wholeServices = this.patterns.flatMap(({ service, whole }) => (whole && service !== '*' ? service : []));
  }

  get name(): string {
    return this.statement.name;
  }

  get at(): string {
    return this.statement.at;
  }

  /** Names every action of every service. */
  get everything(): boolean {
    return this.patterns.some(({ service }) => service === '*');
  }

  /** An entry of `Action` that only deployment tells. */
  get hidden(): Value | undefined {
    return (
      this.statement.actions().find(({ state }) => state === 'unknown') ??
      (this.statement.value.state === 'unknown' ? this.statement.value : undefined)
    );
  }

  /** The first action of a table that is named, other than by all of a service or all of everything. */
  names(table: ActionTable): string | undefined {
    for (const { service, folded, whole } of this.patterns) {
      if (whole || service === '*') continue;
      const found = table.get(service)?.find((action) => globCovers(folded, action.folded));
      if (found) return found.name;
    }
    return undefined;
  }

  /** As {@link names}, by a pattern that spells out more than a verb: `rds:StartExport*`, not `rds:Start*`. */
  namesOutright(table: ActionTable): string | undefined {
    for (const { service, written, folded } of this.patterns) {
      if (hasWildcard(written) && !/^[\w-]+:[A-Z][a-z]+[A-Z]/.test(written)) continue;
      const found = table.get(service)?.find((action) => globCovers(folded, action.folded));
      if (found) return found.name;
    }
    return undefined;
  }

  /** Grants the action, in whatever way; resources are another question. */
  speaksOf(action: string): boolean {
    const goal = action.toLowerCase();
    if (this.byException) return this.statement.touchesAction(action).verdict === 'pass';
    const owner = goal.slice(0, goal.indexOf(':'));
    return this.patterns.some(({ service, folded }) => (service === owner || service === '*') && globCovers(folded, goal));
  }

  /** Reaches every resource that a service has, and no condition picks some of them. */
  isWide(service: string): Outcome {
    const found = this.reachesAll(service);
    if (found.verdict === 'fail') return found;
    this.#bounded ??= some(this.statement.conditions(), picksResources, 'no condition picks resources');
    if (this.#bounded.verdict === 'pass') return fail('a condition picks the resources');
    return this.#bounded.verdict === 'unknown' ? this.#bounded : found;
  }

  /** `Resource` stands for every resource that a service has, whatever the conditions say. */
  reachesAll(service: string): Outcome {
    let found = this.#wide.get(service);
    if (!found) {
      found = this.#reach(service);
      this.#wide.set(service, found);
    }
    return found;
  }

  #reach(service: string): Outcome {
    if (this.statement.value.at('NotResource').state !== 'absent') return pass();
    return some(this.statement.resources(), (resource) => isAll(resource, service), 'names its resources');
  }
}

function patternOf(written: string): ActionPattern {
  const folded = written.replace(/\$\{[^}]*\}/g, '0').toLowerCase();
  const service = folded.slice(0, Math.max(folded.indexOf(':'), 0));
  return { written, folded, service: service === '' || hasWildcard(service) ? '*' : service, whole: /:\*+$/.test(folded) };
}

/** The grants of a document; a statement that may turn out to allow something counts. */
export function grantsOf(document: Value): readonly Grant[] {
  return document.once(grantsOf, () =>
    statementsOf(document).flatMap((statement) => {
      const allows = statement.allows();
      return allows.verdict === 'fail' ? [] : new Grant(statement, allows);
    }),
  );
}

/** The grants of every document in a resource. */
export const grantsIn = (resource: Resource): readonly Grant[] => documentsOf(resource).flatMap(grantsOf);

/** Services whose actions are granted on resources that bear another service's name. */
const RESOURCES_OF: Readonly<Record<string, string>> = {
  sts: 'iam',
  ebs: 'ec2',
  'rds-data': 'rds',
  'kafka-cluster': 'kafka',
};

/** Kinds of resources whose names follow without a separator when a pattern is short of one: `parameter*`. */
const WHOLE_KIND = /^(table|parameter|secret|key|role|user|policy|group|function|bucket|domain|stream|cluster|db)[/:]?\*+$/;

/** Whether an entry of `Resource` stands for every resource of a service; `pass` means yes. */
function isAll(resource: Value, service: string): Outcome {
  const shape = resource.shape;
  if (shape === undefined) return resource.state === 'unknown' ? resource.asUnknown() : resource.asFailure();
  // A part that deployment fills in is a name, not a wildcard.
  const plain = shape.replace(/\$\{[^}]*\}/g, '0');
  return isAllOf(plain, RESOURCES_OF[service] ?? service) ? pass() : resource.asFailure();
}

function isAllOf(arn: string, service: string): boolean {
  if (/^\*+$/.test(arn)) return true;
  const parts = arn.split(':');
  if (parts.length < 3) return false;
  const owner = parts[2] as string;
  if (service !== '*' && !globsOverlap(owner, service)) return false;
  // A wildcard reaches over the separators that are not written any more.
  if (parts.length < 6) return parts[parts.length - 1] === '*';
  const rest = parts.slice(5).join(':');
  if (owner !== 's3' && WHOLE_KIND.test(rest)) return true;
  const name = owner === 's3' ? rest : rest.replace(/^[A-Za-z][\w-]*[/:]/, '');
  return /^[*?]+$/.test(name.split(/[/:]/)[0] as string);
}

/** Conditions that hold for some resources only, whatever `Resource` says. */
function picksResources({ operator, negated, ifExists, quantifier, key, value, values }: Condition): Outcome {
  if (operator === undefined) return value.asUnknown();
  // Who passes a role always says to which service, so that the key is never missing.
  const optional = ifExists && key !== 'iam:passedtoservice';
  if (negated || optional || (quantifier === 'forallvalues' && !key.startsWith('dynamodb:'))) return fail('picks no resources');
  const picks =
    /(^|[:/])resourcetag\//.test(key) ||
    key.startsWith('kms:encryptioncontext') ||
    [
      'kms:viaservice',
      'kms:resourcealiases',
      'dynamodb:leadingkeys',
      'iam:passedtoservice',
      'iam:permissionsboundary',
      'iam:policyarn',
    ].includes(key);
  return picks && values.some((each) => each.string !== '*') ? pass() : fail('picks no resources');
}
