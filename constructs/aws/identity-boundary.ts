import { Names, Stack } from 'aws-cdk-lib';
import { Effect, type IManagedPolicy, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import { claims, type Relaxation } from '../contract';
import { denyLogTampering } from './logging-guard';
import { profileOf } from './profile';
import { checkRelaxations, type Promises } from './relax';
import { sharedIn } from './shared';

/** Calls by which an identity gives itself, or others, rights that nobody granted it. */
const ESCALATION = [
  'iam:AddClientIDToOpenIDConnectProvider',
  'iam:AddUserToGroup',
  'iam:AttachGroupPolicy',
  'iam:AttachUserPolicy',
  'iam:CreateAccessKey',
  'iam:CreateLoginProfile',
  'iam:CreateOpenIDConnectProvider',
  'iam:CreatePolicyVersion',
  'iam:CreateSAMLProvider',
  'iam:CreateUser',
  'iam:DeactivateMFADevice',
  'iam:DeleteAccountPasswordPolicy',
  'iam:DeleteRolePermissionsBoundary',
  'iam:DeleteUserPermissionsBoundary',
  'iam:PutGroupPolicy',
  'iam:PutUserPolicy',
  'iam:SetDefaultPolicyVersion',
  'iam:UpdateAccountPasswordPolicy',
  'iam:UpdateAssumeRolePolicy',
  'iam:UpdateLoginProfile',
  'iam:UpdateSAMLProvider',
  'account:*',
  'organizations:*',
  'sso:*',
];

/** Calls that make or widen a role; allowed only where the role carries this same boundary. */
const ROLE_MAKING = ['iam:AttachRolePolicy', 'iam:CreateRole', 'iam:PutRolePermissionsBoundary', 'iam:PutRolePolicy'];

/** Calls that blind or mute the services that watch the account. */
const BLINDING = [
  'access-analyzer:DeleteAnalyzer',
  'guardduty:DeleteDetector',
  'guardduty:DisassociateFromAdministratorAccount',
  'guardduty:UpdateDetector',
  'inspector2:Disable',
  'macie2:DisableMacie',
  'securityhub:DisableSecurityHub',
  'securityhub:DisassociateFromAdministratorAccount',
];

/** Services whose calls have no region of the caller's choice. */
const GLOBAL = [
  ...['budgets:*', 'ce:*', 'cloudfront:*', 'globalaccelerator:*', 'health:*', 'iam:*', 'route53:*', 's3:ListAllMyBuckets', 'shield:*'],
  ...['sts:*', 'support:*', 'waf:*'],
];

/** Props of {@link PermissionBoundary}; every default is the hardened one. */
export interface PermissionBoundaryProps {
  /**
   * Name of the policy in the account; permission sets refer to their boundary by it.
   * @default made of the path of the construct and the region
   */
  readonly managedPolicyName?: string;
  /**
   * Regions in which those who carry the boundary may act.
   * @default the residency of the data profile, or the region of the stack where it promises none
   */
  readonly regions?: readonly string[];
  /**
   * ARNs, or patterns, of the roles that run the logging pipeline, which may change logs.
   * @default none
   */
  readonly loggingRoles?: readonly string[];
  /** No promise of a boundary can be relaxed: give whoever needs more another one. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims('PermissionBoundary', 'LOG-15');
const PROMISES: Promises = {
  claims: PROMISED,
  families: ['logging'],
  relaxable: {},
  firm: { 'LOG-15': 'name the roles of the pipeline in loggingRoles' },
};

/**
 * The outer limit of what a role can ever be granted: it grants nothing itself. Whoever carries it cannot give itself
 * or others more rights, make users, keys or roles without the same boundary, disable logs or the services that watch,
 * or act in other regions.
 *
 * Guarantees LOG-15, for those who carry it. It is an `iam.ManagedPolicy`.
 *
 * @throws Error when no region is named
 * @example
 * const boundary = new PermissionBoundary(stack, 'Boundary', { regions: ['eu-central-1'] });
 * const role = new FederatedRole(stack, 'Operators', { saml: provider, permissionsBoundary: boundary });
 */
export class PermissionBoundary extends ManagedPolicy {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  constructor(scope: Construct, id: string, props: PermissionBoundaryProps = {}) {
    const { residency = [] } = profileOf(scope).profile;
    checkRelaxations(scope, id, props.relax, PROMISES);
    const stack = Stack.of(scope);
    const regions = props.regions ?? (residency.length > 0 ? residency : [stack.region]);
    if (regions.length === 0)
      throw new Error(`${scope.node.path}/${id}: regions is empty; name the regions in which people may act (LOC-01)`);
    const managedPolicyName = props.managedPolicyName ?? `${Names.uniqueResourceName(scope, { maxLength: 60 })}-${id}-${stack.region}`;
    const self = stack.formatArn({ service: 'iam', region: '', resource: 'policy', resourceName: managedPolicyName });
    super(scope, id, {
      managedPolicyName,
      description: 'Permissions boundary: limits what others grant and grants nothing itself',
      statements: [
        new PolicyStatement({ sid: 'WhateverPoliciesGrant', actions: ['*'], resources: ['*'] }),
        deny('NoEscalation', ESCALATION),
        deny('RolesCarryThisBoundary', ROLE_MAKING, { StringNotEquals: { 'iam:PermissionsBoundary': self } }),
        deny('BoundaryStays', ['iam:CreatePolicyVersion', 'iam:DeletePolicy', 'iam:DeletePolicyVersion'], undefined, [self]),
        deny('NoBlinding', BLINDING),
        denyLogTampering(props.loggingRoles),
        new PolicyStatement({
          sid: 'ApprovedRegions',
          effect: Effect.DENY,
          notActions: GLOBAL,
          resources: ['*'],
          conditions: { StringNotEquals: { 'aws:RequestedRegion': [...regions] } },
        }),
      ],
    });
  }
}

const deny = (sid: string, actions: string[], conditions?: Record<string, object>, resources = ['*']): PolicyStatement =>
  new PolicyStatement({ sid, effect: Effect.DENY, actions, resources, ...(conditions ? { conditions } : {}) });

/** The boundary that a construct's props name, else the one shared nearest above, else one made for the stack. */
export const boundaryOf = (scope: IConstruct, given?: IManagedPolicy): IManagedPolicy =>
  given ?? sharedIn(scope, 'permission-boundary', (stack) => new PermissionBoundary(stack, 'PalisadeBoundary'));
