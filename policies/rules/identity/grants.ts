import type { ControlId } from '../../../controls';
import { statementsOf } from '../../facts/iam';
import { DATA_ACTIONS, type ManagedReach, TELEMETRY, WORKLOAD_ACTIONS } from '../../facts/iam-actions';
import { documentsOf, type Grant, HOLDER_TYPES, managedPoliciesOf, RIGHTS_TYPES, ROLE, reachOf, USER } from '../../facts/iam-permissions';
import { judgeGrants } from '../../facts/iam-principals';
import { every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { allow, deny, document, inline, permissionSet, policy, role, trust } from './samples';

const serviceOf = (action: string): string => action.slice(0, action.indexOf(':'));

/** A failure where the grant certainly allows what it names; unknown where that, or its reach, is not known. */
function granted(grant: Grant, reach: Outcome, saw: string): Outcome {
  if (reach.verdict === 'fail') return pass();
  if (reach.verdict === 'unknown') return reach;
  return grant.allows.verdict === 'unknown' ? grant.allows : fail(saw, grant.at);
}

/** No data of every store at once, nothing by exception. */
function namesData(grant: Grant): Outcome {
  if (grant.byException) return granted(grant, pass(), `${grant.name} allows every action but those of NotAction`);
  if (grant.statement.value.at('NotResource').state !== 'absent')
    return granted(grant, pass(), `${grant.name} allows its actions on every resource but those of NotResource`);
  const { hidden } = grant;
  if (hidden && grant.reachesAll('*').verdict !== 'fail') return hidden.asUnknown();
  const action =
    grant.names(DATA_ACTIONS) ?? grant.wholeServices.filter((service) => DATA_ACTIONS.has(service)).map((service) => `${service}:*`)[0];
  return action === undefined
    ? pass()
    : granted(grant, grant.isWide(serviceOf(action)), `${grant.name} allows ${action} on every resource`);
}

/** No service as a whole: on named stores where it holds data, on every resource where it does not. */
function namesActions(grant: Grant): Outcome {
  if (grant.everything && grant.reachesAll('*').verdict === 'fail')
    return granted(grant, pass(), `${grant.name} allows every action on its resources`);
  return every(grant.wholeServices, (service) => {
    const wide = grant.isWide(service);
    if (DATA_ACTIONS.has(service)) {
      // The same on every resource is the graver finding of the rule for data.
      return wide.verdict === 'fail' ? granted(grant, pass(), `${grant.name} allows ${service}:*, whatever the action`) : pass();
    }
    return TELEMETRY.has(service) ? pass() : granted(grant, wide, `${grant.name} allows ${service}:* on every resource`);
  });
}

/** No operation on every workload at once. */
function namesWorkloads(grant: Grant): Outcome {
  const action =
    grant.names(WORKLOAD_ACTIONS) ?? grant.wholeServices.filter((service) => TELEMETRY.has(service)).map((service) => `${service}:*`)[0];
  return action === undefined
    ? pass()
    : granted(grant, grant.isWide(serviceOf(action)), `${grant.name} allows ${action} on every resource`);
}

/** IAM refuses a policy of an identity that names principals: whoever wrote it meant a resource's own policy. */
function namesNoPrincipal(holder: Resource): Outcome {
  const statements = documentsOf(holder).flatMap((document) => statementsOf(document));
  if (statements.length === 0) return notApplicable('holds no policy document');
  return every(statements, (statement) => {
    const named = ['Principal', 'NotPrincipal'].map((key) => statement.value.at(key)).find(({ state }) => state !== 'absent');
    return named
      ? fail(
          `${statement.name} names a ${named.path.split('.').at(-1)}, which the policy of a resource may, and that of an identity may not`,
          named.path,
        )
      : pass();
  });
}

/** None of the managed policies of AWS reaches so far. */
const noneReaches = (reaches: readonly ManagedReach[]) => (holder: Resource) => {
  const policies = managedPoliciesOf(holder);
  if (policies.length === 0) return notApplicable('names no managed policy');
  return every(policies, (managed) => {
    const reach = reachOf(managed);
    return reach !== undefined && reaches.includes(reach)
      ? fail(`${managed.shape} reaches every resource of the account`, managed.path)
      : pass();
  });
};

const ATTACHED_TO_USERS = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::UserPolicy', USER] as const;

/** Rights come by role or group, so that they can be reviewed and withdrawn together. */
function comesByRole(holder: Resource): Outcome {
  if (holder.type === 'AWS::IAM::UserPolicy') return fail('the policy belongs to one user', 'UserName');
  if (holder.type !== USER) {
    const users = holder.at('Users');
    return users.isSet().verdict === 'pass' ? fail('the policy is attached to users', users.path) : pass();
  }
  const own = ['Policies', 'ManagedPolicyArns'].map((path) => holder.at(path)).find((list) => list.isSet().verdict === 'pass');
  return own ? fail(`the user has policies of his own: ${own.describe()}`, own.path) : pass();
}

const INTO_BY_ACTION = /^sts:(assumerole(with(saml|webidentity))?|tagsession|setsourceidentity|setcontext)$/;

/** A trust policy names how the role is assumed. */
function namesItsTrust(held: Resource): Outcome {
  const statements = statementsOf(held.at('AssumeRolePolicyDocument')).filter((statement) => statement.allows().verdict !== 'fail');
  return every(statements, (statement) => {
    if (statement.value.at('NotAction').state !== 'absent')
      return fail(`${statement.name} trusts with every action but those of NotAction`, statement.at);
    return every(statement.actions(), (action) => {
      if (action.string === undefined) return action.asUnknown();
      return INTO_BY_ACTION.test(action.string.toLowerCase()) || !action.string.includes('*') ? pass() : action.asFailure();
    });
  });
}

const CASES = 'arn:aws:s3:::cases/*';
const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table/cases';
const BY_TAG = { Condition: { StringEquals: { 'aws:ResourceTag/system': 'cases' } } };
const WHERE = { parameters: { Where: { Type: 'String' } } };
const managed = (name: string) => role({ ManagedPolicyArns: [`arn:aws:iam::aws:policy/${name}`] });
const attached = (type: string, properties: object) => ({
  Policy: { Type: type, Properties: { PolicyDocument: document(), ...properties } },
});
const user = (properties: object) => ({ User: { Type: USER, Properties: properties } });

export const GRANTS = {
  'LPA-10': {
    aws: rule({
      on: RIGHTS_TYPES,
      severity: 'medium',
      check: namesNoPrincipal,
      fix: 'Leave out Principal: the policy holds for whom it is attached to. Who may reach a resource stands in the policy of that resource.',
      pass: [{ resources: policy(allow('s3:GetObject', CASES)) }],
      fail: [
        { resources: policy({ ...allow('s3:GetObject', CASES), Principal: '*' }) },
        { resources: policy({ ...allow('s3:GetObject', CASES), NotPrincipal: { AWS: '*' } }) },
      ],
      skip: [{ resources: role({}) }],
    }),
  },

  'LPA-02': {
    aws: [
      rule({
        on: RIGHTS_TYPES,
        check: (holder, graph) => judgeGrants(holder, graph, namesData),
        fix: 'Name the stores in Resource and the actions in Action, or use the grant* methods of the store; where the service takes no resource, add a condition on aws:ResourceTag.',
        pass: [
          { resources: policy(allow('s3:GetObject*', CASES), deny('s3:*')) },
          {
            name: 'actions that take no resource',
            resources: policy(
              allow(['ec2:DescribeInstances', 'xray:PutTraceSegments', 's3:ListAllMyBuckets']),
              allow('s3:GetObject', CASES),
            ),
          },
          { resources: policy(allow('secretsmanager:GetSecretValue', '*', BY_TAG)) },
          {
            resources: policy(
              allow('dynamodb:GetItem', { 'Fn::Sub': 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/cases-*' }),
              allow('s3:GetObject', CASES),
            ),
          },
          {
            name: "another service's resources",
            resources: policy(allow(['s3:PutObject', 'sqs:SendMessage'], [CASES, 'arn:aws:sqs:*:*:jobs'])),
          },
        ],
        fail: [
          { resources: policy(allow('s3:GetObject')) },
          { resources: policy(allow('s3:*', 'arn:aws:s3:::*')) },
          { resources: policy(allow(['DynamoDB:batchget*'], 'arn:aws:dynamodb:*:*:table/*')) },
          { resources: policy(allow('kms:Decrypt', 'arn:aws:kms:eu-west-1:111122223333:key/*')) },
          { resources: policy(allow('ssm:GetParameter', 'arn:aws:ssm:eu-west-1:111122223333:parameter*')) },
          { resources: policy(allow('sqs:ReceiveMessage', 'arn:aws:sqs:*')) },
          {
            name: 'a condition that tells no resources apart',
            resources: policy(allow('s3:GetObject', '*', { Condition: { Bool: { 'aws:SecureTransport': ['true'] } } })),
          },
          {
            name: 'a condition that holds for what has no tag',
            resources: policy(allow('s3:GetObject', '*', { Condition: { StringEqualsIfExists: { 'aws:ResourceTag/system': ['cases'] } } })),
          },
          { resources: policy({ ...allow(undefined, CASES), NotAction: 's3:DeleteObject' }) },
          { resources: policy({ ...allow('s3:ListBucket', undefined), NotResource: CASES }) },
          { resources: role({ Policies: inline(allow('secretsmanager:*')) }) },
          { resources: permissionSet({ InlinePolicy: JSON.stringify(document(allow('dynamodb:Scan'))) }) },
          { resources: { Policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyDocument: document(allow('iot:Publish')) } } } },
          {
            resources: {
              Machine: { Type: 'AWS::Serverless::StateMachine', Properties: { Policies: { Statement: allow('s3:GetObject') } } },
            },
          },
        ],
        unknown: [
          { ...WHERE, resources: policy(allow('s3:GetObject', { Ref: 'Where' })) },
          { ...WHERE, resources: policy({ ...allow('s3:GetObject'), Condition: { Ref: 'Where' } }) },
          { ...WHERE, resources: policy(allow({ Ref: 'Where' })) },
        ],
        skip: [{ resources: role() }, { tier: 'low', resources: policy(allow('s3:GetObject')) }],
      }),
      rule({
        on: RIGHTS_TYPES,
        check: (holder, graph) => judgeGrants(holder, graph, namesActions),
        severity: 'medium',
        fix: 'Name the actions: grantRead, grantWrite and their like instead of service:*.',
        pass: [
          { resources: policy(allow(['s3:GetObject', 's3:List*'], CASES)) },
          { name: 'judged by the rule for data', resources: policy(allow('s3:*', 'arn:aws:s3:::*')) },
          { resources: policy(allow('lambda:*', 'arn:aws:lambda:eu-west-1:111122223333:function:app')) },
          { name: 'LPA-01 judges this', resources: policy(allow('*', '*')) },
        ],
        fail: [
          { resources: policy(allow('dynamodb:*', TABLE)) },
          { resources: policy(allow('*', CASES)) },
          { resources: policy(allow('ec2:*')) },
          { resources: policy(allow('lambda:**', 'arn:aws:lambda:*:*:function:*')) },
        ],
        unknown: [{ ...WHERE, resources: policy(allow('lambda:*', { Ref: 'Where' })) }],
        skip: [{ resources: role() }],
      }),
      rule({
        on: RIGHTS_TYPES,
        check: (holder, graph) => judgeGrants(holder, graph, namesWorkloads),
        severity: 'low',
        fix: 'Name the functions, instances, stacks or log groups in Resource, or pick them by a condition on aws:ResourceTag.',
        pass: [
          { resources: policy(allow('lambda:InvokeFunction', 'arn:aws:lambda:eu-west-1:111122223333:function:app')) },
          { resources: policy(allow('ec2:TerminateInstances', '*', BY_TAG)) },
        ],
        fail: [{ resources: policy(allow('lambda:InvokeFunction')) }, { resources: policy(allow('logs:*', 'arn:aws:logs:*:*:*')) }],
        unknown: [{ ...WHERE, resources: policy(allow('ecs:RunTask', { Ref: 'Where' })) }],
      }),
      rule({
        on: HOLDER_TYPES,
        check: noneReaches(['data']),
        fix: 'Replace the managed policy by grants for the stores that are needed (grantRead, grantReadWrite).',
        pass: [{ resources: managed('service-role/AWSLambdaBasicExecutionRole') }],
        fail: [
          { resources: managed('AmazonS3FullAccess') },
          { resources: managed('PowerUserAccess') },
          { resources: permissionSet({ ManagedPolicies: ['arn:aws:iam::aws:policy/job-function/DataScientist'] }) },
          {
            resources: {
              Group: { Type: 'AWS::IAM::Group', Properties: { ManagedPolicyArns: ['arn:aws-us-gov:iam::aws:policy/AmazonRDSFullAccess'] } },
            },
          },
          { resources: { Function: { Type: 'AWS::Serverless::Function', Properties: { Policies: ['AmazonDynamoDBFullAccess'] } } } },
        ],
        skip: [{ resources: role() }],
      }),
      rule({
        on: HOLDER_TYPES,
        check: noneReaches(['reading', 'service']),
        severity: 'medium',
        fix: 'Replace the managed policy by grants of the actions and resources that are needed; ViewOnlyAccess and SecurityAudit show no content.',
        pass: [{ resources: managed('job-function/ViewOnlyAccess') }, { resources: managed('CloudWatchLogsFullAccess') }],
        fail: [{ resources: managed('ReadOnlyAccess') }, { resources: managed('AmazonEC2FullAccess') }],
        skip: [{ resources: role() }],
      }),
      rule({
        on: HOLDER_TYPES,
        check: noneReaches(['convenience']),
        severity: 'low',
        fix: 'Grant what the function needs on its own store: an event source mapping and grantRead do so by themselves.',
        pass: [{ resources: managed('service-role/AWSLambdaVPCAccessExecutionRole') }],
        fail: [{ resources: managed('AWSLambdaExecute') }],
        skip: [{ resources: role() }],
      }),
      rule({
        on: ATTACHED_TO_USERS,
        check: comesByRole,
        severity: 'medium',
        fix: 'Attach the policy to a role that people assume by federation, or at least to a group.',
        pass: [{ resources: attached('AWS::IAM::Policy', { Users: [] }) }, { resources: user({ Groups: ['support'] }) }],
        fail: [
          { resources: attached('AWS::IAM::Policy', { Users: ['ada'] }) },
          { resources: attached('AWS::IAM::ManagedPolicy', { Users: [{ Ref: 'User' }] }) },
          { resources: { Policy: { Type: 'AWS::IAM::UserPolicy', Properties: {} } } },
          { resources: user({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }) },
          { resources: user({ Policies: inline(allow('s3:ListBucket')) }) },
        ],
      }),
      rule({
        on: ROLE,
        check: namesItsTrust,
        severity: 'medium',
        fix: 'Name the action by which the role is assumed: sts:AssumeRole, sts:AssumeRoleWithSAML or sts:AssumeRoleWithWebIdentity.',
        pass: [{ resources: role() }],
        fail: [
          { resources: role({ AssumeRolePolicyDocument: trust({ Service: 'ec2.amazonaws.com' }, { Action: '*' }) }) },
          { resources: role({ AssumeRolePolicyDocument: trust({ Service: 'ec2.amazonaws.com' }, { Action: ['sts:*'] }) }) },
          {
            resources: role({
              AssumeRolePolicyDocument: trust({ Service: 'ec2.amazonaws.com' }, { Action: undefined, NotAction: 'sts:GetFederationToken' }),
            }),
          },
        ],
        unknown: [
          {
            ...WHERE,
            resources: role({ AssumeRolePolicyDocument: trust({ Service: 'ec2.amazonaws.com' }, { Action: { Ref: 'Where' } }) }),
          },
        ],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
