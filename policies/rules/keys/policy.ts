import type { ControlId } from '../../../controls';
import { grantsNobodyPublicly, type Principal, type Statement, statementsOf } from '../../facts/iam';
import { type Condition, confines } from '../../facts/iam-conditions';
import { bindsServices, confinesSource, keepOutsidersOut } from '../../facts/iam-grants';
import { allOf, anyOf, every, fail, notApplicable, type Outcome, pass, some, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { gap, type PerCloud, rule } from '../../rule';

export const KEY = 'AWS::KMS::Key';
export const REPLICA = 'AWS::KMS::ReplicaKey';
const KEYS = [KEY, REPLICA] as const;

const statementsIn = (key: Resource): readonly Statement[] => statementsOf(key.at('KeyPolicy'));

/** The statements that grant something; a key without a policy gets the default one, which names the account root alone. */
const grantsIn = (key: Resource): readonly Statement[] => statementsIn(key).filter((statement) => statement.allows().verdict !== 'fail');

/** The root of an account: by ARN, or by the number alone. `pass` means yes. */
function isRoot({ kind, value }: Principal): Outcome {
  if (kind === undefined) return value.asUnknown();
  if (kind !== 'AWS') return value.asFailure();
  if (value.missing?.startsWith('AWS::AccountId')) return pass();
  const { shape } = value;
  if (shape === undefined) return value.asUnknown();
  return /^(arn:.*:root|\d{12})$/.test(shape) ? pass() : value.asFailure();
}

/** Rights over the key itself, and rights to read what it protects. */
const ADMINISTERS = ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:DisableKey'];
const USES = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom'];

/** Principals other than the root that a statement names, by the text that tells them apart. */
function namedBy(statement: Statement): readonly string[] {
  return statement
    .principals()
    .filter((principal) => isRoot(principal).verdict !== 'pass')
    .flatMap(({ kind, value }) => (value.shape === undefined ? [] : `${kind} ${value.shape}`));
}

/** Nobody but the account root holds every right. */
function grantsNobodyEverything(statement: Statement): Outcome {
  const everything = statement.grantsEvery('kms:*');
  if (everything.verdict === 'fail') return pass();
  if (statement.isPublic().verdict === 'pass') return notApplicable('the public policy is a finding of ENC-07');
  return every(statement.principals(), (principal) => {
    const root = isRoot(principal);
    if (root.verdict === 'pass') return root;
    if (root.verdict === 'unknown' || everything.verdict === 'unknown') return root.verdict === 'unknown' ? root : everything;
    return fail(
      `${statement.name} gives ${principal.value.shape ?? 'a principal'} every right over the key and its data`,
      principal.value.path,
    );
  });
}

/** No principal appears among those who administer and those who use. */
function separatesDuties(statements: readonly Statement[]): Outcome {
  const holders = (actions: readonly string[]) =>
    new Set(
      statements
        .filter((statement) => statement.coversAction('kms:*').verdict === 'fail')
        .filter((statement) => actions.some((action) => statement.coversAction(action).verdict === 'pass'))
        .flatMap(namedBy),
    );
  const users = holders(USES);
  const both = [...holders(ADMINISTERS)].find((holder) => users.has(holder));
  return both === undefined ? pass() : fail(`${both.replace(/^AWS /, '')} administers the key and decrypts with it`, 'KeyPolicy');
}

/** Services that encrypt under a context which names the resource: CloudWatch Logs and CloudTrail among them. */
function bindsByContext(condition: Condition): Outcome {
  if (!condition.key.startsWith('kms:encryptioncontext:')) return anyOf([confinesSource(condition), callsFromAccount(condition)]);
  // Fargate names the account of the cluster, and no resource.
  if (condition.key === 'kms:encryptioncontext:aws:ecs:clusteraccount') return confines({ ...condition, key: 'aws:sourceaccount' });
  const byArn = every(condition.values, ({ shape = '', path }) =>
    /^(arn:|\$\{)/.test(shape) ? pass() : fail(`${path} names no resource`, path),
  );
  return allOf(byArn, confines({ ...condition, key: 'aws:sourcearn' }));
}

const callsFromAccount = (condition: Condition): Outcome =>
  condition.key === 'kms:calleraccount' ? confines(condition) : fail(condition.value.describe(), condition.value.path);

/** Grants can be made only for services of the provider, or for one named holder. */
function scopesGrants(statement: Statement): Outcome {
  const named = some(statement.actions(), (action) => action.matches(/^kms:creategrant$/i), 'makes no grants');
  if (named.verdict === 'fail') return notApplicable('makes no grants');
  // A service that acts for our resources only makes grants for them only.
  const who = statement.value.at('Principal');
  const byService = who.at('Service').state !== 'absent' && who.at('AWS').state === 'absent';
  if (byService && bindsServices(statement, bindsByContext).verdict === 'pass') return pass();
  const scoped = some(
    statement.conditions(),
    ({ operator, negated, ifExists, key, values, value }) => {
      if (operator === undefined) return value.asUnknown();
      if (negated || ifExists) return value.asFailure();
      if (key === 'kms:grantisforawsresource') return operator === 'bool' ? every(values, (each) => each.isTrue()) : fail(value.describe());
      return key === 'kms:viaservice' || key === 'kms:granteeprincipal' ? pass() : value.asFailure();
    },
    'no condition scopes grants',
  );
  return scoped.verdict === 'fail'
    ? fail(`${statement.name} lets its principals pass the key on to anybody by a grant`, statement.at)
    : scoped;
}

const GRANT = 'kms:CreateGrant';

/** Everyone is refused grants: always, or but for services of the provider and what they keep with the key. */
function refusesGrants(key: Resource): Outcome {
  return some(
    statementsIn(key),
    (statement) =>
      allOf(statement.denies(), statement.coversAction(GRANT), statement.namesEveryone(), every(statement.conditions(), exceptsServices)),
    'nothing refuses grants',
  );
}

function exceptsServices({ operator, negated, ifExists, key, values, value }: Condition): Outcome {
  if (operator === undefined) return value.asUnknown();
  const excepts = key === 'aws:principalisawsservice' || (key === 'kms:grantisforawsresource' && ifExists);
  return operator === 'bool' && !negated && excepts ? every(values, (each) => each.isFalse()) : fail(value.describe());
}

/** The account root may make grants, and the root lets IAM policies decide who does. */
function leavesGrantsToPolicies(key: Resource): Outcome {
  const grants = grantsIn(key);
  if (key.at('KeyPolicy').state === 'absent') return fail('the default policy lets IAM policies decide who passes the key on by a grant');
  const byRoot = grants.find((statement) => statement.coversAction(GRANT).verdict === 'pass' && statement.principals().some(isTheRoot));
  return byRoot ? fail(`${byRoot.name} lets IAM policies decide who passes the key on by a grant`, byRoot.at) : pass();
}

const isTheRoot = (principal: Principal): boolean => isRoot(principal).verdict === 'pass';

/** Principals whom the policy lets in, each by the text that tells it apart; regions of service names do not count. */
function admitted(key: Resource): ReadonlyMap<string, Outcome> {
  const found = new Map<string, Outcome>();
  for (const statement of grantsIn(key)) {
    for (const { kind, value } of statement.principals()) {
      const name = value.shape?.replace(/\.[a-z]{2}(-[a-z]+)+-\d\./, '.');
      found.set(
        `${kind} ${name ?? value.path}`,
        name === undefined ? value.asUnknown() : fail(`lets in ${name}, whom the primary key does not`, value.path),
      );
    }
  }
  return found;
}

const key = (...Statement: readonly object[]) => ({ Key: { Type: KEY, Properties: { KeyPolicy: { Statement } } } });
const allow = (principal: object | string, action: unknown, rest: object = {}) => ({
  Effect: 'Allow',
  Principal: principal,
  Action: action,
  Resource: '*',
  ...rest,
});
const ROOT = allow({ AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } }, 'kms:*');
const refusedWhen = (Condition: object) => ({ ...allow({ AWS: '*' }, 'kms:CreateGrant', { Condition }), Effect: 'Deny' });
const REFUSED = refusedWhen({ BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } });
const AGENT = { AWS: 'arn:aws:iam::111122223333:role/agent' };
const ADMIN = { AWS: 'arn:aws:iam::111122223333:role/key-admin' };
const SERVICE = { Service: 'logs.eu-central-1.amazonaws.com' };
const BOUND = { Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } };
const replica = (...Statement: readonly object[]) => ({
  Replica: { Type: REPLICA, Properties: { PrimaryKeyArn: { 'Fn::GetAtt': ['Key', 'Arn'] }, KeyPolicy: { Statement } } },
});

export const POLICY = {
  'ENC-04': {
    aws: rule({
      on: KEYS,
      check: (key) => {
        const grants = grantsIn(key);
        if (grants.length === 0) return notApplicable('has the default policy, which names the account root alone');
        return allOf(every(grants, grantsNobodyEverything), separatesDuties(grants));
      },
      fix: 'Use SecureKey, or give administration (kms:Put*, kms:ScheduleKeyDeletion …) and use (kms:Decrypt, kms:GenerateDataKey*) to different roles; kms:* to the account root only.',
      pass: [
        {
          resources: key(
            ROOT,
            allow(ADMIN, ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion']),
            allow(AGENT, ['kms:Decrypt', 'kms:GenerateDataKey*']),
          ),
        },
      ],
      fail: [
        { resources: key(ROOT, allow(AGENT, 'kms:*')) },
        { name: 'everything but one action', resources: key(ROOT, { ...allow(AGENT, undefined), NotAction: 'iam:PassRole' }) },
        { name: 'in two statements', resources: key(ROOT, allow(AGENT, ['kms:Put*', 'kms:Describe*']), allow(AGENT, 'kms:Decrypt')) },
        { name: 'a service', resources: key(ROOT, allow(SERVICE, 'kms:*')) },
        { name: 'a user of the account', resources: key(allow({ AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:user/x' } }, 'kms:*')) },
      ],
      unknown: [{ parameters: { Who: { Type: 'String' } }, resources: key(allow({ AWS: { Ref: 'Who' } }, 'kms:*')) }],
      skip: [{ resources: { Key: { Type: KEY } } }],
    }),
  },

  'ENC-06': {
    aws: [
      rule({
        on: KEYS,
        check: (key) => {
          const refused = refusesGrants(key);
          return refused.verdict === 'pass' ? refused : every(grantsIn(key), scopesGrants);
        },
        fix: 'Use SecureKey, or add the condition Bool kms:GrantIsForAWSResource true to the statement that allows kms:CreateGrant.',
        pass: [
          { name: 'a grant that another statement refuses', resources: key(allow(AGENT, 'kms:CreateGrant'), REFUSED) },
          { resources: key(allow(AGENT, 'kms:CreateGrant', { Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } })) },
          {
            resources: key(
              allow(AGENT, ['kms:Decrypt', 'kms:CreateGrant'], {
                Condition: { StringEquals: { 'kms:ViaService': 'ec2.eu-central-1.amazonaws.com' } },
              }),
            ),
          },
          {
            name: 'a service that names the account for which it runs',
            resources: key(
              allow(SERVICE, 'kms:CreateGrant', {
                Condition: { StringEquals: { 'kms:EncryptionContext:aws:ecs:clusterAccount': '111122223333' } },
              }),
            ),
          },
        ],
        fail: [
          { name: 'a service on behalf of anybody', resources: key(allow(SERVICE, 'kms:CreateGrant')) },
          { resources: key(allow(AGENT, ['kms:CreateGrant', 'kms:ListGrants'])) },
          { resources: key(allow(AGENT, 'kms:CreateGrant', { Condition: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'true' } } })) },
        ],
        skip: [{ resources: key(ROOT) }],
      }),
      rule({
        on: KEYS,
        from: 'high',
        severity: 'low',
        check: (key) => {
          const refused = refusesGrants(key);
          return refused.verdict === 'fail' ? leavesGrantsToPolicies(key) : refused;
        },
        fix: 'Use SecureKey, or deny kms:CreateGrant to everyone under BoolIfExists kms:GrantIsForAWSResource false and aws:PrincipalIsAWSService false.',
        pass: [
          { resources: key(ROOT, REFUSED) },
          { name: 'to everyone, always', resources: key(ROOT, { ...allow('*', 'kms:CreateGrant'), Effect: 'Deny' }) },
          { name: 'no delegation to IAM', resources: key(allow(AGENT, 'kms:Decrypt')) },
        ],
        fail: [
          { resources: key(ROOT) },
          { name: 'the default policy', resources: { Key: { Type: KEY } } },
          { name: 'a statement that refuses only some', resources: key(ROOT, { ...REFUSED, Principal: AGENT }) },
          {
            name: 'where the key of the condition may be missing',
            resources: key(ROOT, refusedWhen({ Bool: { 'kms:GrantIsForAWSResource': 'false' } })),
          },
          { name: 'the other way round', resources: key(ROOT, refusedWhen({ BoolIfExists: { 'kms:GrantIsForAWSResource': 'true' } })) },
          {
            name: 'under another condition',
            resources: key(ROOT, refusedWhen({ StringEquals: { 'aws:PrincipalAccount': '111122223333' } })),
          },
        ],
        unknown: [
          {
            parameters: { When: { Type: 'String' } },
            resources: key(ROOT, refusedWhen({ BoolIfExists: { 'kms:GrantIsForAWSResource': { Ref: 'When' } } })),
          },
        ],
      }),
    ],
  },

  'ENC-07': {
    aws: rule({
      on: KEYS,
      check: (key) => {
        const policy = key.at('KeyPolicy');
        return policy.state === 'absent'
          ? notApplicable('has the default policy, which names the account root alone')
          : grantsNobodyPublicly(policy, 'kms:*');
      },
      severity: 'critical',
      fix: 'Name the principals; beside kms:ViaService, everyone must be confined with kms:CallerAccount or aws:PrincipalOrgID.',
      pass: [
        { resources: key(allow(AGENT, 'kms:Decrypt')) },
        {
          resources: key(
            allow('*', 'kms:Decrypt', {
              Condition: { StringEquals: { 'kms:CallerAccount': '111122223333', 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } },
            }),
          ),
        },
      ],
      fail: [
        { resources: key(allow('*', 'kms:*')) },
        { resources: key(allow({ AWS: '*' }, 'kms:Decrypt')) },
        {
          name: 'any account that goes through the service',
          resources: key(allow('*', 'kms:Decrypt', { Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } } })),
        },
      ],
      unknown: [
        { parameters: { Policy: { Type: 'String' } }, resources: { Key: { Type: KEY, Properties: { KeyPolicy: { Ref: 'Policy' } } } } },
      ],
    }),
  },

  'ENC-10': {
    aws: rule({
      on: REPLICA,
      check: (copy, graph) => {
        const primary = graph.target(copy.at('PrimaryKeyArn'), KEY);
        if (!primary) return unknown(`the policy of the primary key: ${copy.at('PrimaryKeyArn').describe()}`, 'PrimaryKeyArn');
        const known = admitted(primary);
        return every(admitted(copy), ([name, outcome]) => (known.has(name) || /^AWS arn:.*:root$/.test(name) ? pass() : outcome));
      },
      fix: 'Give the replica the same key policy as its primary key.',
      pass: [{ resources: { ...replica(ROOT, allow(AGENT, 'kms:Decrypt')), ...key(ROOT, allow(AGENT, 'kms:Decrypt')) } }],
      fail: [{ resources: { ...replica(ROOT, allow(AGENT, 'kms:Decrypt')), ...key(ROOT) } }],
      unknown: [
        {
          resources: {
            Replica: {
              Type: REPLICA,
              Properties: { PrimaryKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/mrk-1', KeyPolicy: { Statement: [ROOT] } },
            },
          },
        },
      ],
    }),
    azure: gap(
      'Azure copies no key to another place under a policy of its own: a managed HSM pool spans its regions, and a vault is replicated by the service.',
    ),
  },

  'LPA-10': {
    aws: rule({
      on: KEYS,
      check: (key, graph) => keepOutsidersOut(grantsIn(key), graph, 'ENC-07'),
      fix: 'Remove the account, add a condition StringEquals aws:PrincipalOrgID with your organisation, or record the sharing as a waiver that expires.',
      pass: [
        { resources: key(ROOT) },
        {
          resources: key(
            allow({ AWS: '444455556666' }, 'kms:Decrypt', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }),
          ),
        },
      ],
      fail: [{ unit: { account: '111122223333' }, resources: key(allow({ AWS: 'arn:aws:iam::444455556666:root' }, 'kms:Decrypt')) }],
      unknown: [{ resources: key(allow({ AWS: 'arn:aws:iam::444455556666:root' }, 'kms:Decrypt')) }],
      skip: [{ name: 'everyone: ENC-07 judges that', resources: key(allow('*', 'kms:*')) }],
    }),
  },

  'LPA-16': {
    aws: rule({
      on: KEYS,
      check: (key) => every(grantsIn(key), (statement) => bindsServices(statement, bindsByContext)),
      fix: 'Add a condition on aws:SourceAccount or aws:SourceArn; for CloudWatch Logs, on kms:EncryptionContext:aws:logs:arn.',
      pass: [
        { resources: key(allow(SERVICE, 'kms:Decrypt', BOUND)) },
        {
          resources: key(
            allow(SERVICE, 'kms:Encrypt*', {
              Condition: {
                ArnLike: {
                  'kms:EncryptionContext:aws:logs:arn': { 'Fn::Sub': 'arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:*' },
                },
              },
            }),
          ),
        },
        {
          name: 'the account of a cluster',
          resources: key(
            allow(SERVICE, 'kms:GenerateDataKeyWithoutPlaintext', {
              Condition: { StringEquals: { 'kms:EncryptionContext:aws:ecs:clusterAccount': [{ Ref: 'AWS::AccountId' }] } },
            }),
          ),
        },
      ],
      fail: [
        { resources: key(allow(SERVICE, 'kms:Decrypt')) },
        {
          resources: key(
            allow(SERVICE, 'kms:Decrypt', {
              Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:*:*:log-group:*' } },
            }),
          ),
        },
        { resources: key(allow(SERVICE, 'kms:Decrypt', { Condition: { StringEquals: { 'kms:EncryptionContext:service': 'logs' } } })) },
      ],
      skip: [{ resources: key(ROOT) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
