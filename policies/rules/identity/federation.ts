import type { ControlId } from '../../../controls';
import type { Statement } from '../../facts/iam';
import { ROLE } from '../../facts/iam-permissions';
import { usersIn } from '../../facts/iam-principals';
import { demands, federationOf, type Openness, opennessOf, testsOf, trustsOf } from '../../facts/iam-trust';
import type { Graph } from '../../graph';
import { allOf, every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { BY_SAML, document, role, trust } from './samples';

const OIDC = 'AWS::IAM::OIDCProvider';
const CDK_OIDC = 'Custom::AWSCDKOpenIdConnectProvider';
const SAML = 'AWS::IAM::SAMLProvider';

/** Judges the statements that trust one of these kinds of provider. */
function eachTrust(held: Resource, kinds: readonly string[], judge: (statement: Statement) => Outcome): Outcome {
  const federated = trustsOf(held).filter((statement) => kinds.includes(federationOf(statement) ?? ''));
  return federated.length === 0 ? notApplicable('trusts no such provider') : every(federated, judge);
}

/** Names the audience, and whose tokens of that issuer are accepted. */
function pinsToken(statement: Statement, graph: Graph): Outcome {
  const tests = testsOf(statement, graph);
  const subject = demands(tests, /:sub$/);
  if (subject.verdict !== 'pass')
    return subject.verdict === 'fail' ? missing(statement, 'every subject of the issuer: no condition demands :sub') : subject;
  const open = leavesOpen(statement, graph, ['wide']);
  if (open.verdict !== 'pass') return open;
  const audience = demands(tests, /:aud$/);
  return audience.verdict === 'fail' ? missing(statement, 'tokens made for anybody: no condition demands :aud') : audience;
}

const missing = (statement: Statement, what: string): Outcome => fail(`${statement.name} accepts ${what}`, statement.at);

/** No subject that is compared as a pattern leaves so much open. */
function leavesOpen(statement: Statement, graph: Graph, refused: readonly Openness[]): Outcome {
  const patterns = testsOf(statement, graph).filter(
    ({ key, operator, negated }) => key.endsWith(':sub') && !negated && operator?.endsWith('like'),
  );
  return every(
    patterns.flatMap(({ values }) => values),
    (value) => {
      if (value.shape === undefined) return value.state === 'unknown' ? value.asUnknown() : pass();
      return refused.includes(opennessOf(value.shape)) ? value.asFailure() : pass();
    },
  );
}

/** An https address; the issuer of a cluster, by reference, is one. */
const issuedOverTls = (url: Value): Outcome => (url.state === 'reference' ? pass() : url.matches(/^https:\/\//));

/** The certificate authority, or what the certificate says of its holder. */
const CERTIFICATES = 'rolesanywhere.amazonaws.com';
const namesCertificate = /^aws:(sourcearn|principaltag\/x509)/;

const web = (Condition: object | undefined, issuer = 'token.actions.githubusercontent.com') => ({
  ...role({
    AssumeRolePolicyDocument: document({
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      ...(Condition ? { Condition } : {}),
    }),
  }),
});
const AUD = { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' };
const github = (operator: string, sub: unknown, aud: object = AUD) => {
  const subject = { 'token.actions.githubusercontent.com:sub': sub };
  return web(operator === 'StringEquals' ? { StringEquals: { ...aud, ...subject } } : { StringEquals: aud, [operator]: subject });
};
const cognito = (Condition: object | undefined) =>
  role({
    AssumeRolePolicyDocument: trust(
      { Federated: 'cognito-identity.amazonaws.com' },
      { Action: 'sts:AssumeRoleWithWebIdentity', ...(Condition ? { Condition } : {}) },
    ),
  });
const saml = (Condition: object) =>
  role({
    AssumeRolePolicyDocument: trust(
      { Federated: 'arn:aws:iam::111122223333:saml-provider/idp' },
      { Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'], Condition },
    ),
  });
const byUser = (rest: object = {}) => role({ AssumeRolePolicyDocument: trust({ AWS: 'arn:aws:iam::111122223333:user/ada' }, rest) });
const HOLE = { parameters: { Hole: { Type: 'String' } } };

export const FEDERATION = {
  'IDA-11': {
    aws: [
      rule({
        on: ROLE,
        check: (held, graph) => eachTrust(held, ['web'], (statement) => pinsToken(statement, graph)),
        fix: 'Demand StringEquals on <issuer>:aud and <issuer>:sub, for example repo:org/name:environment:production.',
        pass: [
          { resources: github('StringEquals', 'repo:org/name:ref:refs/heads/main') },
          { name: 'any branch is a finding of its own', resources: github('StringLike', 'repo:org/name:*') },
          {
            name: 'a service account of a cluster, as the CDK writes it',
            resources: {
              ...web({ StringEquals: { 'Fn::GetAtt': ['Json', 'Value'] } }, 'oidc.eks.eu-west-1.amazonaws.com/id/1'),
              Json: {
                Type: 'Custom::AWSCDKCfnJson',
                Properties: {
                  Value:
                    '{"oidc.eks.eu-west-1.amazonaws.com/id/1:aud":"sts.amazonaws.com","oidc.eks.eu-west-1.amazonaws.com/id/1:sub":"system:serviceaccount:app:api"}',
                },
              },
            },
          },
        ],
        fail: [
          { resources: web(undefined) },
          { resources: web({ StringEquals: AUD }) },
          { resources: github('StringEquals', 'repo:org/name:ref:refs/heads/main', {}) },
          { resources: github('StringLike', 'repo:org/*') },
          { resources: github('StringLike', 'repo:*:ref:refs/heads/main') },
          { resources: github('ForAllValues:StringLike', ['repo:org/name:environment:production']) },
          { resources: github('StringEqualsIfExists', ['repo:org/name:environment:production']) },
          { resources: github('StringLike', '*') },
          {
            resources: web(
              { StringLike: { 'gitlab.com:sub': 'project_path:group/*', 'gitlab.com:aud': 'https://gitlab.com' } },
              'gitlab.com',
            ),
          },
          {
            resources: web(
              { StringLike: { 'oidc.eks.x.com/id/1:sub': 'system:serviceaccount:*', 'oidc.eks.x.com/id/1:aud': 'sts.amazonaws.com' } },
              'oidc.eks.x.com/id/1',
            ),
          },
        ],
        unknown: [
          { ...HOLE, resources: github('StringLike', { Ref: 'Hole' }) },
          { ...HOLE, resources: web({ StringEquals: { Ref: 'Hole' } }) },
        ],
        skip: [{ resources: role({ AssumeRolePolicyDocument: BY_SAML }) }, { resources: cognito(undefined) }],
      }),
      rule({
        on: ROLE,
        check: (held, graph) => eachTrust(held, ['web'], (statement) => leavesOpen(statement, graph, ['part'])),
        severity: 'medium',
        fix: 'Name the branch or the environment: repo:org/name:environment:production.',
        pass: [{ resources: github('StringLike', 'repo:org/name:ref:refs/heads/main') }],
        fail: [{ resources: github('StringLike', 'repo:org/name:*') }],
        unknown: [{ ...HOLE, resources: github('StringLike', { Ref: 'Hole' }) }],
        skip: [{ resources: role({ AssumeRolePolicyDocument: BY_SAML }) }],
      }),
      rule({
        on: ROLE,
        check: (held, graph) =>
          eachTrust(held, ['login'], (statement) => {
            const audience = demands(testsOf(statement, graph), /:(aud|app_id)$/);
            return audience.verdict === 'fail'
              ? missing(statement, 'the users of every identity pool: no condition demands :aud')
              : audience;
          }),
        fix: 'Demand StringEquals cognito-identity.amazonaws.com:aud with the id of the identity pool.',
        pass: [{ resources: cognito({ StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:1' } }) }],
        fail: [
          { resources: cognito(undefined) },
          { resources: cognito({ 'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': ['authenticated'] } }) },
          { resources: cognito({ StringNotEquals: { 'cognito-identity.amazonaws.com:aud': ['eu-west-1:1'] } }) },
        ],
        unknown: [{ ...HOLE, resources: cognito({ Ref: 'Hole' }) }],
      }),
      rule({
        on: ROLE,
        check: (held, graph) =>
          eachTrust(held, ['saml'], (statement) => {
            const audience = demands(testsOf(statement, graph), /^saml:(aud|iss|sub|namequalifier)$/);
            return audience.verdict === 'fail'
              ? missing(statement, 'assertions made for anybody: no condition demands SAML:aud')
              : audience;
          }),
        severity: 'medium',
        fix: 'Demand StringEquals SAML:aud https://signin.aws.amazon.com/saml.',
        pass: [{ resources: role({ AssumeRolePolicyDocument: BY_SAML }) }],
        fail: [{ resources: saml({}) }, { resources: saml({ StringEquals: { 'SAML:aud': '*' } }) }],
        unknown: [{ ...HOLE, resources: saml({ Ref: 'Hole' }) }],
        skip: [{ resources: github('StringEquals', 'repo:org/name:ref:refs/heads/main') }],
      }),
      rule({
        on: ROLE,
        check: (held, graph) => {
          const trusts = trustsOf(held).filter((statement) => statement.services().some(({ shape }) => shape === CERTIFICATES));
          if (trusts.length === 0) return notApplicable('trusts no certificates');
          return every(trusts, (statement) => {
            const named = demands(testsOf(statement, graph), namesCertificate);
            return named.verdict === 'fail' ? missing(statement, 'every certificate of every trust anchor of the account') : named;
          });
        },
        severity: 'high',
        fix: 'Demand ArnEquals aws:SourceArn with the trust anchor, and aws:PrincipalTag/x509Subject/CN with the name in the certificate.',
        pass: [
          {
            resources: role({
              AssumeRolePolicyDocument: trust(
                { Service: CERTIFICATES },
                { Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:rolesanywhere:eu-west-1:111122223333:trust-anchor/1' } } },
              ),
            }),
          },
        ],
        fail: [{ resources: role({ AssumeRolePolicyDocument: trust({ Service: CERTIFICATES }) }) }],
        skip: [{ resources: role() }],
      }),
      rule({
        on: [OIDC, CDK_OIDC],
        check: (provider) =>
          allOf(provider.at(provider.type === OIDC ? 'ClientIdList' : 'ClientIDList').isSet(), issuedOverTls(provider.at('Url'))),
        severity: 'medium',
        fix: 'Set ClientIdList to the audience of the tokens, for example sts.amazonaws.com, and Url to the https address of the issuer.',
        pass: [
          { resources: { Provider: { Type: OIDC, Properties: { Url: 'https://gitlab.com', ClientIdList: ['https://gitlab.com'] } } } },
          {
            resources: {
              Provider: {
                Type: OIDC,
                Properties: { Url: { 'Fn::GetAtt': ['Cluster', 'OpenIdConnectIssuerUrl'] }, ClientIdList: ['sts.amazonaws.com'] },
              },
              Cluster: { Type: 'AWS::EKS::Cluster', Properties: {} },
            },
          },
        ],
        fail: [
          { resources: { Provider: { Type: OIDC, Properties: { Url: 'https://gitlab.com' } } } },
          { resources: { Provider: { Type: OIDC, Properties: { Url: 'http://gitlab.example', ClientIdList: ['a'] } } } },
          { resources: { Provider: { Type: CDK_OIDC, Properties: { Url: 'https://gitlab.com', ClientIDList: [] } } } },
          { resources: { Provider: { Type: CDK_OIDC, Properties: { Url: 'http://gitlab.example', ClientIDList: ['a'] } } } },
        ],
      }),
      rule({
        on: SAML,
        check: (provider) => {
          const mode = provider.at('AssertionEncryptionMode');
          return mode.state === 'absent' ? notApplicable('asks for no encrypted assertions') : mode.is('Required');
        },
        severity: 'low',
        fix: 'Set AssertionEncryptionMode to Required once the provider encrypts its assertions.',
        pass: [{ resources: { Provider: { Type: SAML, Properties: { AssertionEncryptionMode: 'Required' } } } }],
        fail: [{ resources: { Provider: { Type: SAML, Properties: { AssertionEncryptionMode: 'Allowed' } } } }],
        skip: [{ resources: { Provider: { Type: SAML, Properties: {} } } }],
      }),
    ],
  },

  'IDA-02': {
    aws: rule({
      on: ROLE,
      check: (held, graph) => {
        const trusts = trustsOf(held).filter((statement) => usersIn(statement).length > 0);
        if (trusts.length === 0) return notApplicable('trusts no users');
        return every(trusts, (statement) => {
          const second = demands(testsOf(statement, graph), /^aws:multifactorauth(present|age)$/);
          return second.verdict === 'fail' ? missing(statement, 'users who signed in with a password or a key alone') : second;
        });
      },
      fix: 'Add the condition Bool aws:MultiFactorAuthPresent true, or let people come in by federation.',
      pass: [{ resources: byUser({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }) }],
      fail: [{ resources: byUser() }, { resources: byUser({ Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': ['true'] } } }) }],
      unknown: [{ ...HOLE, resources: byUser({ Condition: { Ref: 'Hole' } }) }],
      skip: [{ resources: role() }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
