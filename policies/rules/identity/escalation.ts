import type { ControlId } from '../../../controls';
import { REWRITING_ACTIONS, STARTERS, TAKEOVER_ACTIONS } from '../../facts/iam-actions';
import {
  GROUP,
  type Grant,
  grantsIn,
  HOLDER_TYPES,
  MANAGED_POLICY,
  managedPoliciesOf,
  PERMISSION_SET,
  RIGHTS_TYPES,
  ROLE,
  reachOf,
  USER,
} from '../../facts/iam-permissions';
import { attachedTo, comesFromOutside, grantsHeldBy, judgeGrants } from '../../facts/iam-principals';
import { demands } from '../../facts/iam-trust';
import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { allow, BY_SAML, document, inline, permissionSet, policy, role, trust } from './samples';

// ── What one statement is enough for ─────────────────────────────────────────────────────────────────────────────────

/** Actions that lift their holder on any resource, the passing of any role among them. */
function liftsNobody(grant: Grant): Outcome {
  if (grant.everything || grant.byException) return pass(); // LPA-01 and LPA-02 judge that.
  const whole = grant.wholeServices
    .filter((service) => ['iam', 'sts', 'sso', 'organizations'].includes(service))
    .map((service) => `${service}:*`)[0];
  const passes = grant.patterns.some(({ folded }) => folded.startsWith('iam:') && folded !== 'iam:*') && grant.speaksOf('iam:PassRole');
  const action = whole ?? grant.names(TAKEOVER_ACTIONS) ?? (passes ? 'iam:PassRole' : undefined);
  if (action === undefined) return pass();
  const wide = grant.isWide(action.slice(0, action.indexOf(':')));
  if (wide.verdict !== 'pass') return wide.verdict === 'fail' ? pass() : wide;
  return grant.allows.verdict === 'unknown'
    ? grant.allows
    : fail(`${grant.name} allows ${action} on every resource: whoever holds it can take other rights`, grant.at);
}

/** No rights of named principals are rewritten either, but within a boundary or to policies that are named. */
function rewritesNobody(grant: Grant): Outcome {
  const action = grant.names(REWRITING_ACTIONS);
  if (action === undefined) return pass();
  const wide = grant.reachesAll('iam');
  if (wide.verdict !== 'fail') return wide.verdict === 'pass' ? pass() : wide;
  const bound = demands(grant.statement.conditions(), /^iam:(permissionsboundary|policyarn)$/);
  if (bound.verdict !== 'fail') return bound;
  return grant.allows.verdict === 'unknown'
    ? grant.allows
    : fail(`${grant.name} allows ${action}: whoever holds it takes the rights of what it names`, grant.at);
}

// ── What several statements or policies add up to ────────────────────────────────────────────────────────────────────

/** Services to which any role can be passed. */
function passedTo(grant: Grant): readonly string[] {
  if (grant.everything || !grant.speaksOf('iam:PassRole') || grant.reachesAll('iam').verdict !== 'pass') return [];
  return grant.statement
    .conditions()
    .filter(({ key, negated }) => key === 'iam:passedtoservice' && !negated)
    .flatMap(({ values }) => values.flatMap(({ string }) => string ?? []));
}

/** A role passed, and what starts something with it. */
function pairIn(grants: readonly Grant[]): string | undefined {
  const services = new Set(grants.flatMap(passedTo));
  if (services.size === 0) return undefined;
  for (const [service, actions] of Object.entries(STARTERS)) {
    if (!services.has(service) && !services.has('*')) continue;
    const action = actions.find((one) => grants.some((grant) => !grant.everything && grant.speaksOf(one)));
    if (action) return `${action} and iam:PassRole of any role to ${service}`;
  }
  return undefined;
}

/** No role can be passed to what the same holder starts; what one document holds is told of that document alone. */
function addsUp(resource: Resource, graph: Graph): Outcome {
  const own = grantsIn(resource);
  const pair = pairIn(own);
  if (pair) return fail(`allows ${pair}: whoever holds it can act as that role`);
  if (![ROLE, USER, GROUP, PERMISSION_SET].includes(resource.type)) return own.length === 0 ? notApplicable('holds no policy') : pass();
  const attached = attachedTo(resource, graph);
  if (own.length === 0 && attached.length === 0) return notApplicable('holds no policy');
  if (attached.some((one) => pairIn(grantsIn(one)) !== undefined)) return notApplicable('is judged at the policy that holds both rights');
  const together = pairIn(grantsHeldBy(resource, graph));
  return together ? fail(`its policies together allow ${together}: it can act as that role`) : pass();
}

// ── Who creates roles ────────────────────────────────────────────────────────────────────────────────────────────────

const CREATES = ['iam:CreateRole', 'iam:CreateUser'] as const;

/** Roles and users are created only with a boundary. */
function bindsWhatItCreates(grant: Grant): Outcome {
  if (grant.everything || grant.byException) return notApplicable('is judged as LPA-01 and LPA-02');
  const created = CREATES.find((action) => grant.speaksOf(action));
  if (created === undefined) return notApplicable('creates no roles');
  const bound = grant.statement
    .conditions()
    .some(({ key, negated, ifExists, operator }) => key === 'iam:permissionsboundary' && !negated && !ifExists && operator !== 'null');
  if (bound) return pass();
  const hidden = grant.statement.conditions().find(({ operator }) => operator === undefined);
  if (hidden) return hidden.value.asUnknown();
  return grant.allows.verdict === 'unknown'
    ? grant.allows
    : fail(`${grant.name} allows ${created} without a permissions boundary`, grant.at);
}

const PASS_TO_LAMBDA = allow('iam:PassRole', '*', { Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } } });
const WHERE = { parameters: { Where: { Type: 'String' } } };
const BOUNDARY = { 'iam:PermissionsBoundary': ['arn:aws:iam::111122223333:policy/boundary'] };
const BOUND = { Condition: { StringEquals: BOUNDARY } };

export const ESCALATION = {
  'LPA-03': {
    aws: [
      rule({
        on: RIGHTS_TYPES,
        check: (holder, graph) => judgeGrants(holder, graph, bindsWhatItCreates),
        fix: 'Add the condition StringEquals iam:PermissionsBoundary with the ARN of the boundary to what allows iam:CreateRole and iam:CreateUser.',
        pass: [{ resources: policy(allow(['iam:CreateRole', 'iam:PutRolePolicy'], '*', BOUND)) }],
        fail: [
          { resources: policy(allow('iam:CreateRole', 'arn:aws:iam::111122223333:role/app-*')) },
          { resources: policy(allow('iam:*')) },
          { resources: policy(allow('iam:CreateUser', '*', { Condition: { StringEqualsIfExists: BOUNDARY } })) },
          { resources: policy(allow('iam:CreateRole', '*', { Condition: { StringNotEquals: BOUNDARY } })) },
          { resources: policy(allow('iam:CreateRole', '*', { Condition: { Null: { 'iam:PermissionsBoundary': ['false'] } } })) },
        ],
        unknown: [{ ...WHERE, resources: policy({ ...allow('iam:CreateRole'), Condition: { Ref: 'Where' } }) }],
        skip: [{ resources: policy(allow('iam:CreateServiceLinkedRole')) }],
      }),
      rule({
        // Roles of workloads are bounded by what assumes them; those that people and pipelines assume, by a boundary.
        on: [ROLE, PERMISSION_SET],
        check: (held) => {
          if (!comesFromOutside(held)) return notApplicable('only services and roles of the same system assume it');
          return held.at('PermissionsBoundary').isSet();
        },
        from: 'high',
        severity: 'medium',
        fix: 'Set PermissionsBoundary to a managed policy that ends where the work of these people ends.',
        pass: [
          { resources: role({ AssumeRolePolicyDocument: BY_SAML, PermissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary' }) },
          { resources: permissionSet({ PermissionsBoundary: { CustomerManagedPolicyReference: { Name: 'boundary' } } }) },
        ],
        fail: [
          { resources: role({ AssumeRolePolicyDocument: BY_SAML }) },
          { resources: role({ AssumeRolePolicyDocument: trust({ AWS: '111122223333' }) }) },
          { resources: permissionSet({}) },
        ],
        skip: [
          { resources: role() },
          { tier: 'moderate', resources: permissionSet({}) },
          {
            name: 'assumed by a role beside it',
            resources: {
              Action: { Type: ROLE, Properties: { AssumeRolePolicyDocument: trust({ AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } }) } },
              ...role(),
            },
          },
        ],
      }),
    ],
  },

  'LPA-04': {
    aws: [
      rule({
        on: RIGHTS_TYPES,
        check: (holder, graph) => judgeGrants(holder, graph, liftsNobody),
        fix: 'Name the roles and policies in Resource; pass only roles made for the purpose, with the condition iam:PassedToService.',
        pass: [
          { resources: policy(allow(['iam:PassRole', 'iam:AttachRolePolicy'], 'arn:aws:iam::111122223333:role/app')) },
          { resources: policy(allow('iam:CreateAccessKey', 'arn:aws:iam::*:user/${aws:username}')) },
          { resources: policy(allow('sts:AssumeRole', 'arn:aws:iam::*:role/cdk-deploy-*')) },
          { resources: policy(PASS_TO_LAMBDA) },
          {
            resources: policy(
              allow('iam:PassRole', '*', { Condition: { StringEqualsIfExists: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } }),
            ),
          },
          { resources: policy(allow(['iam:GetRole', 'iam:List*']), allow('iam:PassRole', 'arn:aws:iam::111122223333:role/app')) },
          { resources: policy(allow('iam:AttachRolePolicy', '*', BOUND)) },
        ],
        fail: [
          { resources: policy(allow('iam:PassRole')) },
          { resources: policy(allow('iam:Pass*', 'arn:aws:iam::111122223333:role/*')) },
          { resources: policy(allow('IAM:CREATEPOLICYVERSION', 'arn:aws:iam::111122223333:policy/*')) },
          { resources: policy(allow('iam:*')) },
          { resources: policy(allow('sts:AssumeRole', 'arn:aws:iam::*:role/*')) },
          { resources: policy(allow('lambda:UpdateFunctionCode')) },
          { resources: permissionSet({ InlinePolicy: document(allow('iam:PutUserPolicy')) }) },
        ],
        unknown: [{ ...WHERE, resources: policy(allow('iam:PassRole', { Ref: 'Where' })) }],
        skip: [{ resources: role() }],
      }),
      rule({
        on: RIGHTS_TYPES,
        check: (holder, graph) => judgeGrants(holder, graph, rewritesNobody),
        severity: 'medium',
        fix: 'Add the condition iam:PermissionsBoundary or ArnEquals iam:PolicyARN, or leave changes of rights to the pipeline.',
        pass: [
          { resources: policy(allow('iam:AttachRolePolicy', 'arn:aws:iam::111122223333:role/app', BOUND)) },
          { name: 'any role is the graver finding', resources: policy(allow('iam:PutRolePolicy', '*')) },
        ],
        fail: [
          { resources: policy(allow('iam:UpdateAssumeRolePolicy', 'arn:aws:iam::111122223333:role/infra')) },
          { resources: policy(allow('iam:Put*Policy', 'arn:aws:iam::111122223333:role/app-*')) },
        ],
        unknown: [
          { ...WHERE, resources: policy(allow('iam:PutRolePolicy', { Ref: 'Where' })) },
          {
            ...WHERE,
            resources: policy({ ...allow('iam:PutRolePolicy', 'arn:aws:iam::111122223333:role/a'), Condition: { Ref: 'Where' } }),
          },
        ],
        skip: [{ resources: role() }],
      }),
      rule({
        on: RIGHTS_TYPES,
        check: addsUp,
        fix: 'Name the one role that may be passed in the Resource of iam:PassRole.',
        pass: [
          { resources: policy(PASS_TO_LAMBDA, allow('ecs:RunTask')) },
          { resources: policy(allow('iam:PassRole', 'arn:aws:iam::111122223333:role/app'), allow('lambda:CreateFunction')) },
        ],
        fail: [
          { resources: policy(PASS_TO_LAMBDA, allow('lambda:CreateFunction', 'arn:aws:lambda:eu-west-1:111122223333:function:a')) },
          {
            name: 'by two policies of one role',
            resources: {
              ...role({ Policies: inline(PASS_TO_LAMBDA), ManagedPolicyArns: [{ Ref: 'More' }] }),
              More: { Type: MANAGED_POLICY, Properties: { PolicyDocument: document(allow('lambda:*')) } },
            },
          },
          {
            name: 'attached from the other end',
            resources: {
              ...role({ Policies: inline(allow('lambda:Create*')) }),
              More: { Type: 'AWS::IAM::Policy', Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: document(PASS_TO_LAMBDA) } },
            },
          },
        ],
        skip: [{ resources: role() }],
      }),
      rule({
        on: HOLDER_TYPES,
        check: (holder) => {
          const policies = managedPoliciesOf(holder);
          if (policies.length === 0) return notApplicable('names no managed policy');
          return every(policies, (managed) =>
            reachOf(managed) === 'takeover' ? fail(`${managed.shape} lets its holder take any other right`, managed.path) : pass(),
          );
        },
        fix: 'Remove the managed policy and grant the few actions that are needed on named roles.',
        pass: [{ resources: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/IAMReadOnlyAccess'] }) }],
        fail: [
          { resources: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/IAMFullAccess'] }) },
          { resources: permissionSet({ ManagedPolicies: ['arn:aws:iam::aws:policy/AWSLambda_FullAccess'] }) },
        ],
        skip: [{ resources: role() }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
