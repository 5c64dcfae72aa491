import { Effect, PolicyDocument, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { denyLogTampering } from '../../constructs/aws';
import type { LandingZoneSettings } from './landing-zone-settings';

/** Most characters of a policy of AWS Organizations, white space left out. */
export const LONGEST_GUARDRAIL = 5120;

type Conditions = Record<string, Record<string, string | readonly string[]>>;

const deny = (sid: string, actions: readonly string[], conditions?: Conditions): PolicyStatement =>
  new PolicyStatement({ sid, effect: Effect.DENY, actions: [...actions], resources: ['*'], ...(conditions ? { conditions } : {}) });

/** Calls that blind the services that watch the accounts, or open what is closed for an account as a whole. */
const BLINDING = [
  'access-analyzer:DeleteAnalyzer',
  'detective:DeleteGraph',
  'detective:DisassociateMembership',
  'ec2:ModifyVpcBlockPublicAccessOptions',
  'guardduty:DeleteDetector',
  'guardduty:DisassociateFromAdministratorAccount',
  'guardduty:StopMonitoringMembers',
  'guardduty:UpdateDetector',
  'inspector2:Disable',
  'macie2:DisableMacie',
  'macie2:DisassociateFromAdministratorAccount',
  'securityhub:BatchDisableStandards',
  'securityhub:DisableSecurityHub',
  'securityhub:DisassociateFromAdministratorAccount',
];
/** Calls that make a role, or change what it may do and who may take it. */
const ROLE_CHANGES = [
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:DeleteRole',
  'iam:DeleteRolePolicy',
  'iam:DetachRolePolicy',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
  'iam:UpdateAssumeRolePolicy',
];
/** Calls that let a network reach, or be reached from, elsewhere. */
const GATEWAYS = [
  'ec2:AcceptVpcPeeringConnection',
  'ec2:AttachInternetGateway',
  'ec2:CreateCarrierGateway',
  'ec2:CreateEgressOnlyInternetGateway',
  'ec2:CreateInternetGateway',
  'ec2:CreateNatGateway',
  'ec2:CreateVpcPeeringConnection',
];
/** Calls that carry stores away whole, or let others copy them; those of AWS Backup to the recovery vault are left out. */
const EXPORTS = [
  'dynamodb:ExportTableToPointInTime',
  'ec2:CreateInstanceExportTask',
  'ec2:ExportImage',
  'ec2:ModifyImageAttribute',
  'ec2:ModifySnapshotAttribute',
  'elasticache:ExportServerlessCacheSnapshot',
  'importexport:*',
  'logs:CreateExportTask',
  'rds:ModifyDBClusterSnapshotAttribute',
  'rds:ModifyDBSnapshotAttribute',
  'rds:StartExportTask',
  'redshift:AuthorizeDataShare',
  'redshift:AuthorizeSnapshotAccess',
  'snowball:*',
];
/** Services whose calls have no region of the caller's choice. */
const GLOBAL = [
  ...['account', 'budgets', 'ce', 'cloudfront', 'globalaccelerator', 'health', 'iam', 'importexport', 'organizations', 'route53'],
  ...['s3:ListAllMyBuckets', 'shield', 'sts', 'support', 'trustedadvisor', 'wafv2'],
];
/** CloudFront, its certificates and its firewall are managed there. */
const EDGE_REGION = 'us-east-1';
/** Services whose resources a resource control policy guards. */
const GUARDED = ['s3:*', 'sqs:*', 'kms:*', 'secretsmanager:*', 'sts:AssumeRole'];

/** What nobody in the accounts may do, whatever IAM grants; at most four, beside the one that AWS attaches itself. */
export function serviceControls(settings: LandingZoneSettings): Readonly<Record<string, PolicyDocument>> {
  const { accounts, deployers, recoveryRegion, region, services } = settings;
  const unlessDeployer: Conditions = { ArnNotLike: { 'aws:PrincipalArn': deployers } };
  const unlessNetwork: Conditions = { StringNotEquals: { 'aws:PrincipalAccount': accounts.network } };
  const of = (...statements: PolicyStatement[]) => new PolicyDocument({ statements });
  return {
    Membership: of(
      deny('StayInTheOrganisation', ['account:CloseAccount', 'organizations:LeaveOrganization']),
      deny('NoRootUser', ['*'], { ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::*:root' } }),
      deny('PeopleComeByFederation', ['iam:CreateAccessKey', 'iam:CreateLoginProfile', 'iam:CreateUser']),
      deny(
        'StacksAreDeployedByPipelines',
        [
          'cloudformation:CreateChangeSet',
          'cloudformation:CreateStack',
          'cloudformation:DeleteStack',
          'cloudformation:ExecuteChangeSet',
          'cloudformation:UpdateStack',
        ],
        unlessDeployer,
      ),
      new PolicyStatement({
        sid: 'DeployersStayWhatTheyAre',
        effect: Effect.DENY,
        actions: ROLE_CHANGES,
        resources: [...deployers],
        conditions: unlessDeployer,
      }),
    ),
    Records: of(denyLogTampering(deployers), deny('KeepWatching', BLINDING, unlessDeployer)),
    Export: of(deny('OneWayOut', GATEWAYS, unlessNetwork), deny('NothingLeavesWhole', EXPORTS)),
    Places: of(
      new PolicyStatement({
        sid: 'ApprovedRegions',
        effect: Effect.DENY,
        notActions: GLOBAL.map((name) => (name.includes(':') ? name : `${name}:*`)),
        resources: ['*'],
        conditions: { StringNotEquals: { 'aws:RequestedRegion': [...new Set([region, recoveryRegion, EDGE_REGION])] } },
      }),
      new PolicyStatement({
        sid: 'ApprovedServices',
        effect: Effect.DENY,
        notActions: services.map((service) => `${service}:*`),
        resources: ['*'],
      }),
    ),
  };
}

/** Stores, keys and roles of the accounts serve the organisation, and services that act for it. */
export function resourceControls({ organisationId }: LandingZoneSettings): PolicyDocument {
  // A resource control policy takes "*" for everybody, and no other way to write it.
  const refuse = (sid: string, conditions: Conditions) =>
    new PolicyStatement({ sid, effect: Effect.DENY, principals: [new StarPrincipal()], actions: GUARDED, resources: ['*'], conditions });
  return new PolicyDocument({
    statements: [
      refuse('OrganisationOnly', {
        StringNotEqualsIfExists: { 'aws:PrincipalOrgID': organisationId },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      }),
      refuse('ServicesActForTheOrganisation', {
        StringNotEqualsIfExists: { 'aws:SourceOrgID': organisationId },
        Null: { 'aws:SourceAccount': 'false' },
        Bool: { 'aws:PrincipalIsAWSService': 'true' },
      }),
    ],
  });
}

/** Services with artificial intelligence keep nothing of what they are given. */
export const AI_OPT_OUT = { services: { default: { opt_out_policy: { '@@assign': 'optOut' } } } };
