/** Who may become a role: what its trust policy says of identity providers, accounts and services. */
import type { Graph } from '../graph';
import { fail, type Outcome, pass, some } from '../outcome';
import type { Resource } from '../resource';
import { type Statement, statementsOf } from './iam';
import type { Condition } from './iam-conditions';

/** A construct of the CDK that carries a condition block whose keys are known only on deployment. */
const CDK_JSON = 'Custom::AWSCDKCfnJson';

/** The statements of a trust policy that may let somebody in. */
export const trustsOf = (role: Resource): readonly Statement[] =>
  statementsOf(role.at('AssumeRolePolicyDocument')).filter((statement) => statement.allows().verdict !== 'fail');

/** How people and workloads come in from an identity provider. */
export type Federation = 'saml' | 'web' | 'login';

/** Providers of sign-in for end users, who differ by subject and share an audience. */
const LOGINS = /^(cognito-identity\.amazonaws\.com|accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com)$/;

/** What kind of provider a statement trusts; undefined where it trusts none. */
export function federationOf(statement: Statement): Federation | undefined {
  const providers = statement.value.at('Principal.Federated').items();
  if (providers.length === 0) return undefined;
  if (providers.every(({ shape }) => LOGINS.test(shape ?? ''))) return 'login';
  const saml =
    statement.coversAction('sts:AssumeRoleWithSAML').verdict === 'pass' &&
    statement.coversAction('sts:AssumeRoleWithWebIdentity').verdict !== 'pass';
  return saml ? 'saml' : 'web';
}

/** The tests of a trust statement; a block that the CDK fills in on deployment is read where it is written. */
export function testsOf(statement: Statement, graph: Graph): readonly Condition[] {
  return statement.conditions().flatMap((condition) => (condition.operator === undefined ? filledIn(condition, graph) : condition));
}

function filledIn(condition: Condition, graph: Graph): readonly Condition[] {
  const { value } = condition;
  const source = value.targets.map((id) => graph.get(id)).find((resource) => resource?.type === CDK_JSON);
  const block = source?.at('Value').json();
  if (!block?.isMap) return [condition];
  const operator = value.path.slice(value.path.lastIndexOf('.') + 1).toLowerCase();
  return block.entries().map(([key, tested]) => ({
    operator,
    negated: operator.startsWith('stringnot'),
    ifExists: operator.endsWith('ifexists'),
    quantifier: undefined,
    key: key.toLowerCase(),
    values: tested.items(),
    value: tested,
  }));
}

/** Some test demands a key that ends like this, with a value: `:sub`, `SAML:aud`. */
export function demands(tests: readonly Condition[], keys: RegExp): Outcome {
  return some(
    tests,
    ({ operator, negated, ifExists, quantifier, key, values, value }) => {
      if (operator === undefined) return value.asUnknown();
      if (!keys.test(key) || negated || ifExists || quantifier === 'forallvalues' || operator === 'null')
        return fail('demands something else');
      return values.length > 0 && values.every(({ string }) => string !== '*' && string !== '') ? pass() : value.asFailure();
    },
    'demands no such key',
  );
}

/** How much of a subject a pattern leaves open: nothing, a branch or a job, or whole repositories and projects. */
export type Openness = 'exact' | 'part' | 'wide';

/** @param subject a pattern in which `*` and `?` are wildcards; parts that deployment fills in stand as `${…}` */
export function opennessOf(subject: string): Openness {
  const plain = subject.replace(/\$\{[^}]*\}/g, '0');
  const wildcard = plain.search(/[*?]/);
  if (wildcard < 0) return 'exact';
  const before = plain.slice(0, wildcard);
  if (/^(repo|project_path):/.test(before)) return /^[a-z_]+:[^:]+:/.test(before) ? 'part' : 'wide';
  return before.split(':').length > 3 ? 'part' : 'wide';
}
