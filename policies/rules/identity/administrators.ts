import type { ControlId } from '../../../controls';
import { labelOf } from '../../facts/classification';
import { documentsOf, managedPoliciesOf, PERMISSION_SET, RIGHTS_TYPES, ROLE } from '../../facts/iam-permissions';
import { givesNoAdministration, isBoundary, isForPeople, isPrivileged } from '../../facts/iam-principals';
import type { Graph } from '../../graph';
import { fail, notApplicable, type Outcome, pass, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { allow, BY_SAML, deny, document, inline, permissionSet, policy, role, trust } from './samples';

const ASSIGNMENT = 'AWS::SSO::Assignment';

/** Seconds of an ISO 8601 duration of hours, minutes and seconds, days at most; undefined for anything else. */
function secondsOf(duration: string | undefined): number | undefined {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration ?? '') ?? [];
  const total = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return total === 0 ? undefined : total;
}

const HOUR = 3600;

/** Sessions of the privileged last an hour at most, those of others eight. */
function isShort(length: Value, seconds: number | undefined, holder: Resource, graph: Graph): Outcome {
  if (seconds === undefined) return length.state === 'known' ? length.asFailure() : length.asUnknown();
  if (seconds > 8 * HOUR) return fail(`${length.describe()}: sessions may last longer than eight hours`, length.path);
  if (seconds <= HOUR || !isForPeople(holder)) return pass();
  const privileged = isPrivileged(holder, graph);
  if (privileged.verdict !== 'pass') return privileged.verdict === 'unknown' ? privileged : pass();
  return fail(`${length.describe()}: privileged sessions may last longer than one hour (${privileged.saw})`, length.path);
}

const NOT_PRODUCTION = /^(dev|test|sandbox|staging|stage|qa|int|nonprod|non-prod|uat|lab)/i;

const assignment = (properties: object = {}) => ({
  Assignment: { Type: ASSIGNMENT, Properties: { PermissionSetArn: { 'Fn::GetAtt': ['Set', 'PermissionSetArn'] }, ...properties } },
});
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
const user = (properties: object) => ({ User: { Type: 'AWS::IAM::User', Properties: properties } });

export const ADMINISTRATORS = {
  'LPA-01': {
    aws: rule({
      on: RIGHTS_TYPES,
      check: (holder, graph) => {
        if (documentsOf(holder).length === 0 && managedPoliciesOf(holder).length === 0) return notApplicable('holds no policy');
        return isBoundary(holder, graph) ? notApplicable('is a permissions boundary, which grants nothing') : givesNoAdministration(holder);
      },
      fix: 'Grant the actions that are needed on the resources that are needed (grant* methods of the constructs); remove AdministratorAccess.',
      pass: [
        { resources: policy(allow('s3:GetObject'), deny('*')) },
        { name: 'every action on one resource is judged as LPA-02', resources: policy(allow('*', 'arn:aws:s3:::cases/*')) },
        { resources: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'] }) },
      ],
      fail: [
        { resources: policy(allow('*')) },
        { name: 'as text', resources: { Set: { ...permissionSet({ InlinePolicy: JSON.stringify(document(allow('*'))) }).Set } } },
        {
          name: 'as an object',
          resources: permissionSet({ InlinePolicy: document(allow(['s3:GetObject', '*:*'], ['arn:aws:s3:::a', '*'])) }),
        },
        {
          name: 'with a condition',
          resources: policy(allow('*', '*', { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } })),
        },
        { resources: role({ Policies: inline(allow('*')) }) },
        { resources: role({ ManagedPolicyArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess' }] }) },
        { resources: permissionSet({ ManagedPolicies: [ADMIN] }) },
        { resources: user({ Policies: inline(allow('*')) }) },
        { resources: { Function: { Type: 'AWS::Serverless::Function', Properties: { Policies: [{ Statement: [allow('*')] }] } } } },
        { resources: { Function: { Type: 'AWS::Serverless::Function', Properties: { Policies: 'AdministratorAccess' } } } },
        {
          name: 'attached to a group',
          resources: { Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { Groups: ['ops'], PolicyDocument: document(allow('*')) } } },
        },
      ],
      unknown: [
        { parameters: { What: { Type: 'String' } }, resources: policy(allow({ Ref: 'What' })) },
        { parameters: { Where: { Type: 'String' } }, resources: policy(allow('*', { Ref: 'Where' })) },
        {
          parameters: { All: { Type: 'String' } },
          resources: { Policy: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Ref: 'All' } } } },
        },
      ],
      skip: [
        { resources: role() },
        {
          name: 'a boundary',
          resources: {
            Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(allow('*'), deny('iam:*')) } },
            ...role({ PermissionsBoundary: { Ref: 'Boundary' } }),
          },
        },
      ],
    }),
  },

  'LPA-11': {
    aws: rule({
      on: ASSIGNMENT,
      check: (assigned, graph) => {
        const written = assigned.at('PermissionSetArn');
        const set = graph.target(written, PERMISSION_SET);
        if (!set) return unknown(`what the permission set grants: ${written.describe()}`, written.path);
        if (NOT_PRODUCTION.test(labelOf(set, 'environment')?.string ?? '')) return notApplicable('is no production');
        const privileged = isPrivileged(set, graph);
        if (privileged.verdict === 'unknown') return privileged;
        return privileged.verdict === 'pass'
          ? fail(`assigns ${set.logicalId} for good, which is privileged (${privileged.saw})`, written.path)
          : pass();
      },
      fix: 'Remove the assignment and grant the privileged permission set for hours, on approval; keep standing assignments to narrow sets.',
      pass: [{ resources: { ...assignment(), ...permissionSet({ InlinePolicy: document(allow('ec2:DescribeInstances')) }) } }],
      fail: [
        { resources: { ...assignment(), ...permissionSet({ ManagedPolicies: [ADMIN] }) } },
        { resources: { ...assignment(), ...permissionSet({ ManagedPolicies: ['arn:aws:iam::aws:policy/IAMFullAccess'] }) } },
        { resources: { ...assignment(), ...permissionSet({ InlinePolicy: document(allow('*')) }) } },
        {
          name: 'by a policy of the customer',
          resources: {
            ...assignment(),
            ...permissionSet({ CustomerManagedPolicyReferences: [{ Name: 'everything' }] }),
            Everything: {
              Type: 'AWS::IAM::ManagedPolicy',
              Properties: { ManagedPolicyName: 'everything', PolicyDocument: document(allow('*')) },
            },
          },
        },
      ],
      unknown: [
        { parameters: { Set: { Type: 'String' } }, resources: assignment({ PermissionSetArn: { Ref: 'Set' } }) },
        {
          parameters: { What: { Type: 'String' } },
          resources: { ...assignment(), ...permissionSet({ InlinePolicy: document(allow({ Ref: 'What' })) }) },
        },
      ],
      skip: [
        {
          resources: {
            ...assignment(),
            ...permissionSet({ ManagedPolicies: [ADMIN], Tags: [{ Key: 'environment', Value: 'sandbox' }] }),
          },
        },
      ],
    }),
  },

  'IDA-14': {
    aws: [
      rule({
        on: PERMISSION_SET,
        check: (set, graph) => {
          // One hour is what the service takes when nothing is written.
          const length = set.at('SessionDuration').orDefault('PT1H');
          return isShort(length, secondsOf(length.string), set, graph);
        },
        fix: 'Set SessionDuration to PT8H or less, and to PT1H for privileged permission sets.',
        pass: [
          { resources: permissionSet({ SessionDuration: 'PT8H', InlinePolicy: document(allow('ec2:DescribeInstances')) }) },
          { resources: permissionSet({ SessionDuration: 'PT60M', ManagedPolicies: [ADMIN] }) },
        ],
        fail: [
          { resources: permissionSet({ SessionDuration: 'PT12H' }) },
          { resources: permissionSet({ SessionDuration: 'P1D' }) },
          { resources: permissionSet({ SessionDuration: 'PT4H', ManagedPolicies: [ADMIN] }) },
          { resources: permissionSet({ SessionDuration: 'PT4H', InlinePolicy: document(allow('*')) }) },
          { resources: permissionSet({ SessionDuration: 'PT8H30M' }) },
        ],
        unknown: [{ parameters: { Length: { Type: 'String' } }, resources: permissionSet({ SessionDuration: { Ref: 'Length' } }) }],
      }),
      rule({
        on: ROLE,
        check: (held, graph) => {
          const length = held.at('MaxSessionDuration');
          if (length.state === 'absent') return notApplicable('sessions last one hour, the default of the service');
          return isShort(length, length.number, held, graph);
        },
        fix: 'Set MaxSessionDuration to 28800 seconds or less, and to 3600 for privileged roles of people.',
        pass: [
          { resources: role({ MaxSessionDuration: 3600 }) },
          { name: 'a workload renews its session anyway', resources: role({ MaxSessionDuration: '14400', ManagedPolicyArns: [ADMIN] }) },
        ],
        fail: [
          { resources: role({ MaxSessionDuration: 43200 }) },
          { resources: role({ MaxSessionDuration: 7200, AssumeRolePolicyDocument: BY_SAML, ManagedPolicyArns: [ADMIN] }) },
          {
            resources: role({
              MaxSessionDuration: 7200,
              AssumeRolePolicyDocument: trust({ AWS: 'arn:aws:iam::111122223333:user/admin' }),
              Policies: inline(allow('*')),
            }),
          },
        ],
        unknown: [{ parameters: { Length: { Type: 'Number' } }, resources: role({ MaxSessionDuration: { Ref: 'Length' } }) }],
        skip: [{ resources: role() }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
