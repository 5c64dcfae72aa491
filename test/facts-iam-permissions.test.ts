import { describe, expect, it } from 'vitest';
import { DATA_ACTIONS, EXPORT_ACTIONS, reachOfManaged, TAKEOVER_ACTIONS } from '../policies/facts/iam-actions';
import { documentsOf, type Grant, grantsOf, managedPoliciesOf, reachOf } from '../policies/facts/iam-permissions';
import { caseRoleOf, grantsHeldBy, isBoundary, isBreakGlass, isForPeople, isForSubcontractors } from '../policies/facts/iam-principals';
import { federationOf, opennessOf, trustsOf } from '../policies/facts/iam-trust';
import { awsGraphOf, named } from './support/examples';

const policyOf = (...Statement: readonly object[]) => ({ Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement } } });

function grant(statement: object): Grant {
  const graph = awsGraphOf({ P: policyOf({ Effect: 'Allow', ...statement }) }, { Hole: { Type: 'String' } });
  return grantsOf(documentsOf(named(graph, 'P'))[0] as never)[0] as Grant;
}
const reach = (Resource: unknown, service = 's3', rest: object = {}) =>
  grant({ Action: `${service}:*`, Resource, ...rest }).isWide(service).verdict;

describe('how far a grant reaches', () => {
  it.each([
    ['*', 's3'],
    ['arn:aws:s3:::*', 's3'],
    ['arn:aws:s3:::*/*', 's3'],
    ['arn:*:s3:::*', 's3'],
    ['arn:aws:dynamodb:*:*:table/*', 'dynamodb'],
    ['arn:aws:dynamodb:eu-west-1:111122223333:table/*/index/*', 'dynamodb'],
    ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:*', 'secretsmanager'],
    ['arn:aws:ssm:eu-west-1:111122223333:parameter*', 'ssm'],
    ['arn:aws:sqs:*', 'sqs'],
    ['arn:aws:iam::111122223333:role/*', 'sts'],
    [{ 'Fn::Sub': 'arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*' }, 'kms'],
  ])('%s is every resource of %s', (resource, service) => expect(reach(resource, service)).toBe('pass'));

  it.each([
    ['arn:aws:s3:::cases/*', 's3'],
    ['arn:aws:s3:::cases-*', 's3'],
    ['arn:aws:sqs:*:*:*', 's3'],
    ['arn:aws:dynamodb:*:*:table/cases-*', 'dynamodb'],
    ['arn:aws:ssm:*:*:parameter/app/*', 'ssm'],
    ['arn:aws:iam::*:user/${aws:username}', 'iam'],
    ['arn:aws:iam::111122223333:role/service-role/*', 'iam'],
    [{ 'Fn::Sub': 'arn:aws:s3:::${Hole}/*' }, 's3'],
    [{ 'Fn::GetAtt': ['P', 'Arn'] }, 's3'],
  ])('%s is not every resource of %s', (resource, service) => expect(reach(resource, service)).toBe('fail'));

  it('cannot be told where deployment decides the resource', () => expect(reach({ Ref: 'Hole' })).toBe('unknown'));

  it('ends where a condition picks the resources, and only there', () => {
    const under = (Condition: object, service = 's3') => reach('*', service, { Condition });
    expect(under({ StringEquals: { 'aws:ResourceTag/app': 'cases' } })).toBe('fail');
    expect(under({ StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } }, 'kms')).toBe('fail');
    expect(under({ StringEquals: { 'aws:PrincipalTag/app': 'cases' } })).toBe('pass');
    expect(under({ StringNotEquals: { 'aws:ResourceTag/app': 'cases' } })).toBe('pass');
    expect(under({ StringLike: { 'aws:ResourceTag/app': '*' } })).toBe('pass');
    expect(under({ Ref: 'Hole' })).toBe('unknown');
  });

  it('is everything but what NotResource names', () => {
    expect(grant({ Action: 's3:GetObject', NotResource: 'arn:aws:s3:::a' }).isWide('s3').verdict).toBe('pass');
  });
});

describe('what a grant names', () => {
  it('finds actions by name and by pattern, whatever the case', () => {
    expect(grant({ Action: 'S3:getobject', Resource: '*' }).names(DATA_ACTIONS)).toBe('s3:GetObject');
    expect(grant({ Action: ['ec2:Describe*', 'dynamodb:Batch*'], Resource: '*' }).names(DATA_ACTIONS)).toBe('dynamodb:BatchGetItem');
    expect(grant({ Action: 'iam:Attach*', Resource: '*' }).names(TAKEOVER_ACTIONS)).toBe('iam:AttachRolePolicy');
    expect(grant({ Action: 's3:List*', Resource: '*' }).names(DATA_ACTIONS)).toBeUndefined();
  });

  it('keeps all of a service apart from single actions', () => {
    const whole = grant({ Action: ['s3:*', 'sqs:SendMessage'], Resource: '*' });
    expect(whole.wholeServices).toEqual(['s3']);
    expect(whole.names(DATA_ACTIONS)).toBe('sqs:SendMessage');
    expect(whole.everything).toBe(false);
    expect(grant({ Action: '*:*', Resource: '*' }).everything).toBe(true);
  });

  it('takes a pattern for an export only where it spells out more than a verb', () => {
    expect(grant({ Action: 'logs:Create*', Resource: '*' }).namesOutright(EXPORT_ACTIONS)).toBeUndefined();
    expect(grant({ Action: 'rds:StartExport*', Resource: '*' }).namesOutright(EXPORT_ACTIONS)).toBe('rds:StartExportTask');
  });
});

describe('where rights are written', () => {
  it('is read from every form', () => {
    const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }];
    const graph = awsGraphOf({
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [{ PolicyName: 'a', PolicyDocument: { Statement } }],
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
        },
      },
      Set: {
        Type: 'AWS::SSO::PermissionSet',
        Properties: {
          InlinePolicy: JSON.stringify({ Statement }),
          ManagedPolicies: ['arn:aws:iam::aws:policy/job-function/ViewOnlyAccess'],
        },
      },
      Function: {
        Type: 'AWS::Serverless::Function',
        Properties: { Policies: ['AmazonS3FullAccess', { S3ReadPolicy: { BucketName: 'b' } }, { Statement }] },
      },
      Empty: { Type: 'AWS::IAM::Group' },
    });
    const grants = (name: string) => documentsOf(named(graph, name)).flatMap(grantsOf).length;
    expect(['Role', 'Set', 'Function', 'Empty'].map(grants)).toEqual([1, 1, 1, 0]);
    const reaches = (name: string) => managedPoliciesOf(named(graph, name)).map(reachOf);
    expect(reaches('Role')).toEqual(['reading']);
    expect(reaches('Set')).toEqual([undefined]);
    expect(reaches('Function')).toEqual(['data']);
  });

  it('is joined for a principal from both ends, each policy once', () => {
    const graph = awsGraphOf({
      Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'app', ManagedPolicyArns: [{ Ref: 'Managed' }] } },
      Managed: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'a:B' }] } },
      },
      Inline: {
        ...policyOf({ Effect: 'Allow', Action: 'c:D' }),
        Properties: { Roles: ['app'], PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'c:D' }] } },
      },
      Own: {
        Type: 'AWS::IAM::RolePolicy',
        Properties: {
          RoleName: 'app',
          PolicyDocument: {
            Statement: [
              { Effect: 'Deny', Action: '*' },
              { Effect: 'Allow', Action: 'e:F' },
            ],
          },
        },
      },
    });
    const held = grantsHeldBy(named(graph, 'Role'), graph).flatMap(({ patterns }) => patterns.map(({ written }) => written));
    expect(held.sort()).toEqual(['a:B', 'c:D', 'e:F']);
  });

  it('grants nothing where it is only a boundary', () => {
    const boundary = (Properties: object) =>
      awsGraphOf({
        Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties },
        Role: { Type: 'AWS::IAM::Role', Properties: { PermissionsBoundary: { Ref: 'Boundary' } } },
      });
    const limits = (Properties: object) => {
      const graph = boundary(Properties);
      return isBoundary(named(graph, 'Boundary'), graph);
    };
    expect(limits({})).toBe(true);
    expect(limits({ Groups: ['admins'] })).toBe(false);
  });
});

describe('managed policies of AWS', () => {
  it.each([
    ['AdministratorAccess', 'administration'],
    ['IAMFullAccess', 'takeover'],
    ['AmazonS3FullAccess', 'data'],
    ['AmazonEC2FullAccess', 'service'],
    ['SomethingNewFullAccess', 'service'],
    ['ReadOnlyAccess', 'reading'],
    ['AWSLambdaExecute', 'convenience'],
    ['AWSLambdaBasicExecutionRole', undefined],
    ['AmazonSSMManagedInstanceCore', undefined],
    ['ViewOnlyAccess', undefined],
    ['SecurityAudit', undefined],
    ['CloudWatchLogsFullAccess', undefined],
  ])('%s: %s', (name, wanted) => expect(reachOfManaged(name)).toBe(wanted));
});

describe('people and workloads', () => {
  const role = (RoleName: string, AssumeRolePolicyDocument: object = {}) => ({
    Type: 'AWS::IAM::Role',
    Properties: { RoleName, AssumeRolePolicyDocument },
  });
  const set = (Name: string) => ({ Type: 'AWS::SSO::PermissionSet', Properties: { Name } });

  it('are told apart by who assumes the role', () => {
    const saml = {
      Statement: { Effect: 'Allow', Principal: { Federated: 'arn:aws:iam::1:saml-provider/x' }, Action: 'sts:AssumeRoleWithSAML' },
    };
    const graph = awsGraphOf({
      Person: role('a', saml),
      Workload: role('b', { Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' } }),
      Set: set('c'),
    });
    expect(['Person', 'Workload', 'Set'].map((name) => isForPeople(named(graph, name)))).toEqual([true, false, true]);
  });

  it('have the closed roles only where at least two of them stand together', () => {
    const together = awsGraphOf({ A: set('CaseAgent'), E: role('support-engineer-role'), S: set('Supervisor'), O: set('operators') });
    expect(['A', 'E', 'S', 'O'].map((name) => caseRoleOf(named(together, name), together))).toEqual([
      'agent',
      'support engineer',
      'supervisor',
      undefined,
    ]);
    const alone = awsGraphOf({ A: role('build-agent'), B: role('monitoring-agent') });
    expect(caseRoleOf(named(alone, 'A'), alone)).toBeUndefined();
  });

  it('are known as sealed or as of other companies by their names', () => {
    const graph = awsGraphOf({
      G: set('BreakGlass'),
      E: set('emergency-access'),
      S: set('SupportSubcontractors'),
      V: set('vendor_read'),
      N: set('inventory'),
    });
    expect(['G', 'E', 'N'].map((name) => isBreakGlass(named(graph, name)))).toEqual([true, true, false]);
    expect(['S', 'V', 'N'].map((name) => isForSubcontractors(named(graph, name)))).toEqual([true, true, false]);
  });
});

describe('federation', () => {
  it.each([
    ['repo:org/name:environment:production', 'exact'],
    ['repo:org/name:*', 'part'],
    ['repo:org/name:ref:refs/heads/*', 'part'],
    ['repo:org/*', 'wide'],
    ['repo:*/name:ref:refs/heads/main', 'wide'],
    ['project_path:group/project:ref_type:branch:ref:*', 'part'],
    ['system:serviceaccount:app:*', 'part'],
    ['system:serviceaccount:*', 'wide'],
    ['*', 'wide'],
    ['repo:${Org}/${Name}:*', 'part'],
  ])('%s leaves open: %s', (subject, wanted) => expect(opennessOf(subject)).toBe(wanted));

  it('is told by provider and action', () => {
    const kind = (Federated: unknown, Action: string) => {
      const graph = awsGraphOf({
        R: {
          Type: 'AWS::IAM::Role',
          Properties: { AssumeRolePolicyDocument: { Statement: { Effect: 'Allow', Principal: { Federated }, Action } } },
        },
      });
      return trustsOf(named(graph, 'R')).map(federationOf);
    };
    expect(kind('cognito-identity.amazonaws.com', 'sts:AssumeRoleWithWebIdentity')).toEqual(['login']);
    expect(kind('arn:aws:iam::1:saml-provider/x', 'sts:AssumeRoleWithSAML')).toEqual(['saml']);
    expect(kind({ Ref: 'Provider' }, 'sts:AssumeRoleWithWebIdentity')).toEqual(['web']);
  });
});
