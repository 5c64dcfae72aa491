/** Who may call a function: permissions, function URLs and shared layers. */
import type { ControlId } from '../../../controls';
import { namesForeigner } from '../../facts/accounts';
import { SAM_FUNCTION } from '../../facts/functions';
import type { Graph } from '../../graph';
import { allOf, every, fail, notApplicable, type Outcome, pass, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const PERMISSION = 'AWS::Lambda::Permission';
const LAYER_PERMISSION = 'AWS::Lambda::LayerVersionPermission';
const URL = 'AWS::Lambda::Url';

const SERVICE = /^[a-z0-9.-]+(\$\{[^}]*\}[a-z0-9.-]*)?\.(amazonaws|amazon)\.com(\.cn)?$/;

/** What calls on behalf of anybody unless it is bound: services of AWS. Accounts and roles are named by number or ARN. */
function isService(principal: Value): Outcome {
  const names = principal.state === 'reference' || principal.missing?.startsWith('AWS::AccountId') || /^arn:/.test(principal.shape ?? '');
  return names ? principal.asFailure() : principal.matches(SERVICE);
}

/** Not everyone, and nobody of an account that is not ours, unless the organisation confines them. */
function admitsOnlyOurs(permission: Resource, graph: Graph, organisation: string): Outcome {
  const principal = permission.at('Principal');
  if (permission.at(organisation).isSet().verdict === 'pass') return pass();
  if (principal.is('*').verdict === 'pass') {
    if (isUrlPermission(permission)) return notApplicable('who calls the URL is judged as DID-16');
    const source = permission.type === PERMISSION ? permission.at('SourceAccount').isSet() : fail('no source');
    return source.verdict === 'pass' ? source : fail('Principal is "*": anybody may use it', 'Principal');
  }
  if (isService(principal).verdict === 'pass') return notApplicable('admits a service, judged as LPA-16');
  const foreign = namesForeigner(principal, graph);
  if (foreign.verdict === 'pass') return fail(`lets in another account: ${principal.describe()}`, principal.path);
  return foreign.verdict === 'unknown' ? foreign : pass();
}

const isUrlPermission = (permission: Resource): boolean =>
  permission.type === PERMISSION && permission.at('FunctionUrlAuthType').state !== 'absent';

/** A grant to a service says on whose behalf: a resource, an account, the organisation, or the token of an Alexa skill. */
function bound(permission: Resource): Outcome {
  const principal = permission.at('Principal');
  return when(isService(principal), () => {
    const ways = ['SourceArn', 'SourceAccount', 'PrincipalOrgID', 'EventSourceToken'].map((name) => permission.at(name));
    const source = ways.find(({ state }) => state !== 'absent');
    if (!source) return fail(`${principal.string} may call on behalf of anybody: neither SourceArn nor SourceAccount is set`, 'Principal');
    return source.string === '*' ? source.asFailure() : pass();
  });
}

/** A bucket's ARN names no account, and a name that was given up can be taken by somebody else. */
function namesOwnerOfBucket(permission: Resource): Outcome {
  const source = permission.at('SourceArn');
  const isBucket = allOf(permission.at('Principal').is('s3.amazonaws.com'), source.isSet());
  return when(isBucket, () =>
    permission.at('SourceAccount').isSet().verdict === 'pass' || permission.at('PrincipalOrgID').isSet().verdict === 'pass'
      ? pass()
      : fail('SourceAccount is not set, and the ARN of a bucket names no account', 'SourceAccount'),
  );
}

const CALLS = ['lambda:invokefunction', 'lambda:invokefunctionurl', 'lambda:invokeasync', 'lambda:getlayerversion'];

/** Calls the function, and nothing else: neither a wildcard nor a change of it. */
function onlyCalls(permission: Resource): Outcome {
  const action = permission.at('Action');
  const shape = action.shape?.toLowerCase();
  if (shape === undefined || shape.includes('${')) return action.state === 'absent' ? notApplicable('names no action') : action.asUnknown();
  return CALLS.includes(shape) ? pass() : action.asFailure();
}

function urlAuthenticates(resource: Resource): Outcome {
  const type = resource.at(
    resource.type === URL ? 'AuthType' : resource.type === SAM_FUNCTION ? 'FunctionUrlConfig.AuthType' : 'FunctionUrlAuthType',
  );
  return type.state === 'absent' ? notApplicable('has no function URL') : type.is('AWS_IAM');
}

const WRITES = ['PUT', 'POST', 'PATCH', 'DELETE', '*'];

/** A wildcard origin is refused where credentials travel, or where a page of anybody may write. */
function namesOrigins(url: Resource): Outcome {
  const cors = url.at('Cors');
  if (cors.state === 'absent') return notApplicable('shares nothing across origins');
  const anyOrigin = some(cors.at('AllowOrigins').items(), (origin) => origin.isOneOf(['*', 'http://*', 'https://*']), 'names its origins');
  return when(
    anyOrigin,
    () => {
      if (cors.at('AllowCredentials').isTrue().verdict === 'pass') return fail('AllowOrigins is "*" with credentials', 'Cors.AllowOrigins');
      const methods = cors.at('AllowMethods').items();
      const writes = methods.find((method) => WRITES.includes(method.string ?? ''));
      return writes ? fail(`AllowOrigins is "*" and ${writes.describe()}`, 'Cors.AllowOrigins') : pass();
    },
    () => every(cors.at('AllowOrigins').items(), (origin) => (origin.state === 'unknown' ? origin.asUnknown() : pass())),
  );
}

const permission = (properties: object, rest: object = {}) => ({
  resources: {
    Permission: {
      Type: PERMISSION,
      Properties: { FunctionName: 'cases', Action: 'lambda:InvokeFunction', ...properties },
    },
    ...rest,
  },
});
const layer = (properties: object) => ({
  resources: {
    Shared: {
      Type: LAYER_PERMISSION,
      Properties: {
        Action: 'lambda:GetLayerVersion',
        LayerVersionArn: 'arn:aws:lambda:eu-west-1:111122223333:layer:tools:1',
        ...properties,
      },
    },
  },
});
const url = (properties: object) => ({ resources: { Url: { Type: URL, Properties: { TargetFunctionArn: 'cases', ...properties } } } });
const cors = (Cors: object) => url({ AuthType: 'AWS_IAM', Cors });
const OURS = { unit: { account: '111122223333' } };
const PRINCIPAL = { parameters: { Who: { Type: 'String' } } };

export const access = {
  'LPA-10': {
    aws: [
      rule({
        on: PERMISSION,
        check: (one, graph) => admitsOnlyOurs(one, graph, 'PrincipalOrgID'),
        fix: 'Name the role or account as Principal, or confine the grant with PrincipalOrgID.',
        pass: [
          { ...permission({ Principal: '111122223333' }), ...OURS },
          permission({ Principal: '*', PrincipalOrgID: 'o-exampleorgid' }),
          permission({ Principal: '*', SourceAccount: { Ref: 'AWS::AccountId' } }),
          permission({ Principal: { Ref: 'AWS::AccountId' } }),
        ],
        fail: [
          permission({ Principal: '*' }),
          { ...permission({ Principal: '444455556666' }), ...OURS },
          { ...permission({ Principal: 'arn:aws:iam::444455556666:root' }), ...OURS },
        ],
        unknown: [{ ...permission({ Principal: { Ref: 'Who' } }), ...PRINCIPAL }, permission({ Principal: '444455556666' })],
        skip: [
          permission({ Principal: 's3.amazonaws.com' }),
          { name: 'of a function URL', ...permission({ Principal: '*', FunctionUrlAuthType: 'NONE' }) },
        ],
      }),
      rule({
        on: LAYER_PERMISSION,
        check: (one, graph) => admitsOnlyOurs(one, graph, 'OrganizationId'),
        fix: "Name an account of yours as Principal, or write Principal '*' together with OrganizationId.",
        pass: [layer({ Principal: '*', OrganizationId: 'o-exampleorgid' }), { ...layer({ Principal: '111122223333' }), ...OURS }],
        fail: [layer({ Principal: '*' }), { ...layer({ Principal: '444455556666' }), ...OURS }],
      }),
    ],
  },

  'LPA-16': {
    aws: [
      rule({
        on: PERMISSION,
        check: bound,
        fix: 'Set SourceArn to the resource that calls, and SourceAccount where its ARN names no account; SecureFunction.addPermission asks for one.',
        pass: [
          permission({ Principal: 'events.amazonaws.com', SourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/cases' }),
          permission({ Principal: 'config.amazonaws.com', SourceAccount: '111122223333' }),
          permission({ Principal: { 'Fn::Sub': 'logs.${AWS::Region}.amazonaws.com' }, PrincipalOrgID: 'o-exampleorgid' }),
          permission({ Principal: 'alexa-appkit.amazon.com', EventSourceToken: 'amzn1.ask.skill.1' }),
        ],
        fail: [
          permission({ Principal: 's3.amazonaws.com' }),
          permission({ Principal: 'secretsmanager.amazonaws.com' }),
          permission({ Principal: 'sns.amazonaws.com', SourceArn: '*' }),
        ],
        unknown: [{ ...permission({ Principal: { Ref: 'Who' } }), ...PRINCIPAL }],
        skip: [
          permission({ Principal: '111122223333' }),
          permission({ Principal: { Ref: 'AWS::AccountId' } }),
          permission({ Principal: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' } }),
        ],
      }),
      rule({
        // Only services carry a source account: whichever it is, it acts for the account named.
        on: PERMISSION,
        severity: 'low',
        check: (one) =>
          one.at('SourceAccount').isSet().verdict === 'pass' && one.at('PrincipalOrgID').state === 'absent'
            ? one.at('Principal').isNoneOf(['*'])
            : notApplicable('names no source account'),
        fix: 'Name the one service that calls as Principal.',
        pass: [permission({ Principal: 'config.amazonaws.com', SourceAccount: '111122223333' })],
        fail: [permission({ Principal: '*', SourceAccount: '111122223333' })],
        skip: [
          permission({ Principal: '*' }),
          permission({ Principal: '*', SourceAccount: '111122223333', PrincipalOrgID: 'o-exampleorgid' }),
        ],
      }),
      rule({
        on: PERMISSION,
        severity: 'low',
        check: namesOwnerOfBucket,
        fix: 'Set SourceAccount to the account that owns the bucket.',
        pass: [
          permission({ Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::attachments', SourceAccount: '111122223333' }),
          permission({ Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::attachments', PrincipalOrgID: 'o-exampleorgid' }),
        ],
        fail: [permission({ Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::attachments' })],
        skip: [permission({ Principal: 'sns.amazonaws.com', SourceArn: 'arn:aws:sns:eu-west-1:111122223333:cases' })],
      }),
    ],
  },

  'LPA-02': {
    aws: rule({
      on: [PERMISSION, LAYER_PERMISSION],
      severity: 'medium',
      check: onlyCalls,
      fix: "Set Action to 'lambda:InvokeFunction' ('lambda:InvokeFunctionUrl' for a function URL): a permission for others is for calls only.",
      pass: [permission({ Principal: '111122223333' }), layer({ Principal: '111122223333' })],
      fail: [
        permission({ Principal: '111122223333', Action: 'lambda:*' }),
        permission({ Principal: '111122223333', Action: 'lambda:DeleteAlias' }),
      ],
      unknown: [{ parameters: { Action: { Type: 'String' } }, ...permission({ Principal: '111122223333', Action: { Ref: 'Action' } }) }],
    }),
  },

  'DID-16': {
    aws: rule({
      on: [URL, PERMISSION, SAM_FUNCTION],
      check: urlAuthenticates,
      fix: "Set AuthType to 'AWS_IAM', or put the function behind an API that authenticates; SecureFunction refuses public URLs.",
      pass: [
        url({ AuthType: 'AWS_IAM' }),
        permission({ Principal: '111122223333', FunctionUrlAuthType: 'AWS_IAM' }),
        { resources: { Fn: { Type: SAM_FUNCTION, Properties: { FunctionUrlConfig: { AuthType: 'AWS_IAM' } } } } },
      ],
      fail: [
        url({ AuthType: 'NONE' }),
        permission({ Principal: '*', FunctionUrlAuthType: 'NONE' }),
        { resources: { Fn: { Type: SAM_FUNCTION, Properties: { FunctionUrlConfig: { AuthType: 'NONE' } } } } },
      ],
      unknown: [{ parameters: { Auth: { Type: 'String' } }, ...url({ AuthType: { Ref: 'Auth' } }) }],
      skip: [permission({ Principal: '111122223333' }), { resources: { Fn: { Type: SAM_FUNCTION, Properties: {} } } }],
    }),
  },

  'DID-21': {
    aws: rule({
      on: URL,
      check: namesOrigins,
      fix: 'List the exact origins in Cors.AllowOrigins.',
      pass: [
        cors({ AllowOrigins: ['https://cases.example.com'], AllowMethods: ['POST'], AllowCredentials: true }),
        { name: 'anybody may read what holds no credentials', ...cors({ AllowOrigins: ['*'], AllowMethods: ['GET'] }) },
      ],
      fail: [
        cors({ AllowOrigins: ['*'], AllowMethods: ['GET'], AllowCredentials: true }),
        cors({ AllowOrigins: ['https://*'], AllowMethods: ['*'] }),
        cors({ AllowOrigins: ['*'], AllowMethods: ['GET', 'DELETE'] }),
      ],
      unknown: [{ parameters: { Origin: { Type: 'String' } }, ...cors({ AllowOrigins: [{ Ref: 'Origin' }], AllowMethods: ['POST'] }) }],
      skip: [url({ AuthType: 'AWS_IAM' })],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
