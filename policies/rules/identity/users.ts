import type { ControlId } from '../../../controls';
import { ROLE, USER } from '../../facts/iam-permissions';
import { isBreakGlass } from '../../facts/iam-principals';
import type { Graph } from '../../graph';
import { fail, notApplicable, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { role } from './samples';

const ACCESS_KEY = 'AWS::IAM::AccessKey';
const WORKLOADS: readonly (readonly [type: string, path: string])[] = [
  ['AWS::Lambda::Function', 'Role'],
  ['AWS::Serverless::Function', 'Role'],
  ['AWS::ECS::TaskDefinition', 'TaskRoleArn'],
  ['AWS::IAM::InstanceProfile', 'Roles'],
];

/** The workloads that run as a role. */
const workloadsOf = (held: Resource, graph: Graph): readonly Resource[] =>
  WORKLOADS.flatMap(([type, path]) => graph.pointingAt(held, type, path));

const user = (properties: object = {}) => ({ User: { Type: USER, Properties: properties } });
const login = (profile: object, UserName = 'ada') =>
  user({ UserName, LoginProfile: { Password: '{{resolve:secretsmanager:first:SecretString:password}}', ...profile } });
const key = (Status?: unknown) => ({
  Key: { Type: ACCESS_KEY, Properties: { UserName: 'deployer', ...(Status === undefined ? {} : { Status }) } },
});
const runs = (name: string, type: string, properties: object) => ({ [name]: { Type: type, Properties: properties } });
const RUN_AS = { 'Fn::GetAtt': ['Role', 'Arn'] };

export const USERS = {
  'IDA-01': {
    aws: [
      rule({
        on: USER,
        check: (person) =>
          person.at('LoginProfile').state === 'absent' || isBreakGlass(person)
            ? pass()
            : fail(`${person.logicalId} signs in with a password of the account instead of by federation`, 'LoginProfile'),
        fix: 'Remove the LoginProfile; people come in through IAM Identity Center or another identity provider.',
        pass: [{ resources: user() }, { resources: login({}, 'break-glass-1') }],
        fail: [{ resources: login({}) }],
      }),
      rule({
        on: USER,
        check: (person) =>
          isBreakGlass(person) ? pass() : fail(`${person.logicalId} is an identity of its own, with credentials that last`),
        severity: 'medium',
        fix: 'Replace the user by a role: people assume it by federation, workloads by the service that runs them.',
        pass: [{ resources: user({ UserName: 'BreakGlassTwo' }) }],
        fail: [{ resources: user({ UserName: 'ci' }) }],
      }),
    ],
  },

  'IDA-05': {
    aws: rule({
      on: USER,
      check: (person) =>
        person.at('LoginProfile').state === 'absent'
          ? notApplicable('has no password')
          : person.at('LoginProfile.PasswordResetRequired').orDefault(false).isTrue(),
      fix: 'Set LoginProfile.PasswordResetRequired to true, so that the first password is known to nobody else after the first sign-in.',
      pass: [{ resources: login({ PasswordResetRequired: 'true' }) }],
      fail: [{ resources: login({}) }, { resources: login({ PasswordResetRequired: false }) }],
      unknown: [{ parameters: { Reset: { Type: 'String' } }, resources: login({ PasswordResetRequired: { Ref: 'Reset' } }) }],
      skip: [{ resources: user() }],
    }),
  },

  'IDA-10': {
    aws: rule({
      on: ACCESS_KEY,
      check: (made) => {
        const status = made.at('Status').orDefault('Active');
        const off = status.is('Inactive');
        return off.verdict === 'fail' ? fail('makes a long-lived key; its secret stays in the stack', 'Status') : off;
      },
      fix: 'Remove the key and let the workload assume a role: an instance profile, a task role, a function role, or IAM Roles Anywhere outside AWS.',
      pass: [{ resources: key('Inactive') }],
      fail: [{ resources: key() }, { resources: key('Active') }],
      unknown: [{ parameters: { Status: { Type: 'String' } }, resources: key({ Ref: 'Status' }) }],
    }),
  },

  'LPA-15': {
    aws: rule({
      on: ROLE,
      check: (held, graph) => {
        const workloads = workloadsOf(held, graph);
        if (workloads.length === 0) return notApplicable('no workload here runs as it');
        return workloads.length === 1 ? pass() : fail(`${workloads.map(({ logicalId }) => logicalId).join(', ')} run as the same role`);
      },
      from: 'moderate',
      fix: 'Give each function, task definition and instance profile a role of its own; leave role out and the CDK makes one.',
      pass: [{ resources: { ...role(), ...runs('One', 'AWS::Lambda::Function', { Role: RUN_AS }) } }],
      fail: [
        {
          resources: {
            ...role(),
            ...runs('One', 'AWS::Lambda::Function', { Role: RUN_AS }),
            ...runs('Two', 'AWS::Lambda::Function', { Role: RUN_AS }),
          },
        },
        {
          resources: {
            ...role({ RoleName: 'app' }),
            ...runs('One', 'AWS::ECS::TaskDefinition', { TaskRoleArn: RUN_AS }),
            ...runs('Two', 'AWS::IAM::InstanceProfile', { Roles: ['app'] }),
          },
        },
      ],
      skip: [{ resources: role() }, { resources: { ...role(), ...runs('One', 'AWS::ECS::TaskDefinition', { ExecutionRoleArn: RUN_AS }) } }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
