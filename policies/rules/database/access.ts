import type { ControlId } from '../../../controls';
import { isForeignAccount, namesForeigner } from '../../facts/accounts';
import { sensitivityOf } from '../../facts/classification';
import { policiesOf, STORES_WITH_POLICIES, statementsOf } from '../../facts/database';
import { grantsNobodyPublicly, type Statement } from '../../facts/iam';
import { keepOutsidersOut } from '../../facts/iam-grants';
import { every, fail, not, notApplicable, type Outcome, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';

const TABLE = 'AWS::DynamoDB::Table';
const GLOBAL_TABLE = 'AWS::DynamoDB::GlobalTable';
const DOMAIN = 'AWS::OpenSearchService::Domain';
const DSQL = 'AWS::DSQL::Cluster';
/** Whoever may mount a file system has to be in its network: who that is, is LPA-14. */
const REACHED_BY_INTERNET = STORES_WITH_POLICIES.filter((type) => type !== 'AWS::EFS::FileSystem');

/** Prefix of the actions of each service. */
const ACTIONS: Readonly<Record<string, string>> = {
  [TABLE]: 'dynamodb:*',
  [GLOBAL_TABLE]: 'dynamodb:*',
  [DOMAIN]: 'es:*',
  'AWS::Elasticsearch::Domain': 'es:*',
  [DSQL]: 'dsql:*',
  'AWS::Redshift::Cluster': 'redshift:*',
  'AWS::RedshiftServerless::Namespace': 'redshift-serverless:*',
};

function isPrivate(store: Resource): Outcome {
  const policies = policiesOf(store);
  if (policies.length === 0) return notApplicable('has no policy of its own');
  if (store.type.endsWith('::Domain') && store.at('VPCOptions.SubnetIds').isSet().verdict === 'pass')
    return notApplicable('stands in a network; who may use it there is LPA-14');
  return every(policies, (policy) => grantsNobodyPublicly(policy, ACTIONS[store.type] as string));
}

const grantsOf = (store: Resource): readonly Statement[] =>
  statementsOf(store).filter((statement) => statement.allows().verdict !== 'fail');

/** A grant names what it grants. To whom it may go at all is DHC-05 and LPA-10. */
function namesActions(statement: Statement, actions: string): Outcome {
  if (statement.isPublic().verdict !== 'fail') return notApplicable('whom it lets in is the finding');
  const excepted = statement.value.at('NotAction');
  if (excepted.state !== 'absent') return not(statement.allows(), `${statement.name} allows every action but some (NotAction)`);
  return not(statement.grantsEvery(actions), `${statement.name} allows every action`);
}

function deniesEveryoneElse(table: Resource): Outcome {
  const sensitivity = sensitivityOf(table);
  if (sensitivity !== 'confidential' && sensitivity !== 'restricted') return notApplicable('does not say that it holds customer data');
  return some(
    statementsOf(table),
    (statement) => statement.fencesOff('dynamodb:*'),
    'no resource policy denies everyone but a closed set of principals',
  );
}

const store = (Type: string, Properties: object, rest: object = {}): Example['resources'] => ({ Store: { Type, Properties }, ...rest });
const PARAMETER = { parameters: { P: { Type: 'String' } } } as const;
const AGENT = { AWS: 'arn:aws:iam::111122223333:role/agent' };
const READ = { Effect: 'Allow', Principal: AGENT, Action: 'dynamodb:GetItem', Resource: '*' };
const table = (statement: object, rest: object = {}) =>
  store(TABLE, { ResourcePolicy: { PolicyDocument: { Statement: [{ ...READ, ...statement }] } }, ...rest });
const domain = (statement: object, rest: object = {}) =>
  store(DOMAIN, {
    AccessPolicies: { Statement: [{ Effect: 'Allow', Principal: AGENT, Action: 'es:ESHttpGet', Resource: '*', ...statement }] },
    ...rest,
  });
const OURS = { account: '111122223333' };
const CASES = { Tags: [{ Key: 'palisade:sensitivity', Value: 'confidential' }] };
const FENCE = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'dynamodb:*',
  Resource: '*',
  Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/agent' } },
};
const fence = (statement: object) => table({ ...FENCE, ...statement }, CASES);
const replica = (Statement: readonly object[]) =>
  store(GLOBAL_TABLE, { Replicas: [{ Region: 'eu-central-1', ResourcePolicy: { PolicyDocument: { Statement } } }] });
const domains = (...Statement: readonly object[]) => store(DOMAIN, { AccessPolicies: { Statement } });
const shared = (Account: unknown) => store('AWS::Redshift::EndpointAuthorization', { Account, ClusterIdentifier: 'cases' });
const granted = (DataLakePrincipalIdentifier: unknown) =>
  store('AWS::LakeFormation::PrincipalPermissions', { Principal: { DataLakePrincipalIdentifier } });

export const ACCESS = {
  'DHC-05': {
    aws: rule({
      on: REACHED_BY_INTERNET,
      check: isPrivate,
      fix: 'Name the principals in the policy of the store instead of *, or confine them with aws:PrincipalOrgID; put search domains into a network (VPCOptions).',
      pass: [
        { resources: table({}) },
        { name: 'fenced', resources: replica([{ ...READ, Principal: '*' }, FENCE]) },
        { resources: store(TABLE, { ResourcePolicy: { PolicyDocument: { Statement: [{ ...READ, Principal: '*' }, FENCE] } } }) },
        { resources: domains({ Effect: 'Allow', Principal: '*', Action: 'es:ESHttpGet', Resource: '*' }, { ...FENCE, Action: 'es:*' }) },
        { resources: domain({}) },
        { resources: domain({ Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }) },
        {
          name: 'as text',
          resources: store(DSQL, {
            PolicyDocument: JSON.stringify({ Statement: { Effect: 'Allow', Principal: AGENT, Action: 'dsql:DbConnect', Resource: '*' } }),
          }),
        },
      ],
      fail: [
        { resources: table({ Principal: '*' }) },
        { resources: domain({ Principal: '*' }) },
        { name: 'one replica', resources: replica([{ ...READ, Principal: '*' }]) },
        {
          name: 'a fence around writes only',
          resources: replica([
            { ...READ, Principal: '*' },
            { ...FENCE, Action: 'dynamodb:PutItem' },
          ]),
        },
      ],
      unknown: [{ ...PARAMETER, resources: table({ Principal: { AWS: { Ref: 'P' } } }) }],
      skip: [
        { resources: store(TABLE, {}) },
        { name: 'in a network', resources: domain({ Principal: '*' }, { VPCOptions: { SubnetIds: ['subnet-1'] } }) },
      ],
    }),
  },

  'LPA-02': {
    aws: rule({
      on: [TABLE, GLOBAL_TABLE, DSQL],
      check: (store) => {
        const grants = grantsOf(store);
        if (grants.length === 0) return notApplicable('its policy grants nothing');
        return every(grants, (statement) => namesActions(statement, ACTIONS[store.type] as string));
      },
      severity: 'medium',
      fix: 'Name the actions that the principal needs, such as dynamodb:GetItem and dynamodb:Query, instead of dynamodb:* or NotAction.',
      pass: [{ resources: table({}) }],
      fail: [
        { resources: table({ Action: 'dynamodb:*' }) },
        { resources: table({ Action: '*' }) },
        { resources: table({ Action: undefined, NotAction: 'dynamodb:DeleteTable' }) },
      ],
      unknown: [{ ...PARAMETER, resources: table({ Action: { Ref: 'P' } }) }],
      skip: [
        { resources: store(TABLE, {}) },
        { name: 'everyone is the finding of DHC-05', resources: table({ Principal: '*', Action: 'dynamodb:*' }) },
      ],
    }),
  },

  'LPA-09': {
    aws: rule({
      on: [TABLE, GLOBAL_TABLE],
      check: deniesEveryoneElse,
      fix: 'Add a statement to ResourcePolicy that denies everyone dynamodb:* unless aws:PrincipalArn (ArnNotLike) or aws:PrincipalOrgID (StringNotEquals) is one of a closed list.',
      pass: [{ resources: fence({}) }, { resources: fence({ Principal: undefined, NotPrincipal: AGENT, Condition: undefined }) }],
      fail: [
        { resources: store(TABLE, CASES) },
        { name: 'reads stay open', resources: fence({ Action: 'dynamodb:PutItem' }) },
        { resources: fence({ Condition: { ArnNotLike: { 'aws:PrincipalArn': '*' } } }) },
      ],
      unknown: [{ ...PARAMETER, resources: fence({ Condition: { ArnNotLike: { 'aws:PrincipalArn': { Ref: 'P' } } } }) }],
      skip: [{ tier: 'low', resources: store(TABLE, CASES) }, { resources: store(TABLE, {}) }],
    }),
  },

  'LPA-10': {
    aws: [
      rule({
        on: STORES_WITH_POLICIES,
        check: (store, graph) => {
          const grants = grantsOf(store);
          return grants.length === 0 ? notApplicable('its policy grants nothing') : keepOutsidersOut(grants, graph, 'DHC-05 or LPA-14');
        },
        fix: 'Remove the account, add a condition StringEquals aws:PrincipalOrgID with your organisation, or record the sharing as a waiver that expires.',
        pass: [
          { unit: OURS, resources: table({}) },
          {
            resources: table({ Principal: { AWS: '444455556666' }, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }),
          },
        ],
        fail: [
          { unit: OURS, resources: table({ Principal: { AWS: '444455556666' } }) },
          { unit: OURS, resources: domain({ Principal: { AWS: 'arn:aws:iam::444455556666:root' } }) },
        ],
        unknown: [{ name: 'the account is named, but not whose it is', resources: table({ Principal: { AWS: '444455556666' } }) }],
        skip: [{ resources: store(TABLE, {}) }, { name: 'everyone: DHC-05 judges that', resources: table({ Principal: '*' }) }],
      }),
      rule({
        on: 'AWS::Redshift::EndpointAuthorization',
        check: (authorization, graph) => {
          const account = authorization.at('Account');
          if (account.missing?.startsWith('AWS::AccountId')) return notApplicable('is our own account');
          if (account.string === undefined) return account.state === 'absent' ? fail('names no account', 'Account') : account.asUnknown();
          return { ...not(isForeignAccount(account.string, graph), `lets account ${account.string} make endpoints`), at: 'Account' };
        },
        fix: 'Authorise accounts of your own only, or record the sharing as a waiver that expires.',
        pass: [{ unit: OURS, resources: shared('111122223333') }],
        fail: [{ unit: OURS, resources: shared('444455556666') }, { resources: shared(undefined) }],
        unknown: [{ resources: shared('444455556666') }, { ...PARAMETER, resources: shared({ Ref: 'P' }) }],
        skip: [{ resources: shared({ Ref: 'AWS::AccountId' }) }],
      }),
      rule({
        on: ['AWS::LakeFormation::PrincipalPermissions', 'AWS::LakeFormation::Permissions'],
        check: (grant, graph) => {
          const path = grant.type.endsWith('::Permissions') ? 'DataLakePrincipal' : 'Principal';
          const principal = grant.at(`${path}.DataLakePrincipalIdentifier`);
          return not(namesForeigner(principal, graph), `${principal.describe()}, which is another account`);
        },
        fix: 'Grant to principals of your own accounts, or record the sharing as a waiver that expires.',
        pass: [{ unit: OURS, resources: granted('arn:aws:iam::111122223333:role/analyst') }],
        fail: [
          { unit: OURS, resources: granted('444455556666') },
          {
            unit: OURS,
            resources: store('AWS::LakeFormation::Permissions', {
              DataLakePrincipal: { DataLakePrincipalIdentifier: 'arn:aws:iam::444455556666:role/analyst' },
            }),
          },
        ],
        unknown: [{ resources: granted('444455556666') }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
