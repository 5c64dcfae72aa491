import { Duration } from 'aws-cdk-lib';
import { CfnGraph } from 'aws-cdk-lib/aws-detective';
import type { CfnRule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, type IManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { claims } from '../contract';
import { alarmsOf } from './detection';
import { tellOf, watchCalls } from './detection-alerts';
import { boundaryOf } from './identity-boundary';
import { organisationOf, profileOf } from './profile';

/** What investigators look at: how things are set up, and what was done. Neither data nor secrets are among it. */
const LOOKS = [
  'access-analyzer:ListFindings',
  'cloudtrail:DescribeTrails',
  'cloudtrail:GetEventSelectors',
  'cloudtrail:GetTrailStatus',
  'cloudtrail:LookupEvents',
  'cloudwatch:DescribeAlarmHistory',
  'cloudwatch:DescribeAlarms',
  'config:DescribeConfigurationRecorderStatus',
  'config:GetResourceConfigHistory',
  'config:ListDiscoveredResources',
  'config:SelectResourceConfig',
  'dynamodb:DescribeTable',
  'ec2:DescribeFlowLogs',
  'ec2:DescribeInstances',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeRouteTables',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSnapshots',
  'ec2:DescribeSubnets',
  'ec2:DescribeVolumes',
  'ec2:DescribeVpcEndpoints',
  'ec2:DescribeVpcs',
  'guardduty:GetFindings',
  'guardduty:ListDetectors',
  'guardduty:ListFindings',
  'iam:GenerateCredentialReport',
  'iam:GetAccountAuthorizationDetails',
  'iam:GetCredentialReport',
  'iam:GetPolicyVersion',
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:GetUser',
  'iam:ListAccessKeys',
  'iam:ListAttachedRolePolicies',
  'iam:ListRoles',
  'iam:ListUsers',
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  'kms:ListGrants',
  'lambda:GetFunctionConfiguration',
  'lambda:ListFunctions',
  'logs:DescribeLogGroups',
  'logs:GetQueryResults',
  'logs:StartQuery',
  'rds:DescribeDBClusters',
  'rds:DescribeDBInstances',
  'rds:DescribeDBSnapshots',
  's3:GetBucketLogging',
  's3:GetBucketPolicy',
  's3:GetEncryptionConfiguration',
  's3:ListAllMyBuckets',
  'securityhub:GetFindings',
  'ssm:DescribeAutomationExecutions',
  'ssm:GetAutomationExecution',
];

/** Props of {@link InvestigationRole}; every default is the hardened one. */
export interface InvestigationRoleProps {
  /** Account of the organisation from which investigators come; needs `declareOrganisation`. */
  readonly securityAccount: string;
  /**
   * Name of the role, the same in every account, so that investigators find it.
   * @default 'palisade-investigation'
   */
  readonly roleName?: string;
  /**
   * Longest session: at most one hour.
   * @default Duration.hours(1)
   */
  readonly maxSessionDuration?: Duration;
  /**
   * What the role can at most be granted.
   * @default the boundary shared nearest above, else one made for the stack
   */
  readonly permissionsBoundary?: IManagedPolicy;
  /** Where each use is told. @default the alarm topic shared nearest above, else one made for the stack */
  readonly alarms?: ITopic;
}

/**
 * The way in for investigators: a role that sees how everything is set up and what was done, and neither changes
 * anything nor reads data. Only people of the security account take it, with a second factor, for an hour at most, and
 * each time raises an alarm.
 *
 * Guarantees INC-11 and IDA-14; from the high tier on LPA-03. Nothing of it can be relaxed. The session has to carry
 * proof of the second factor (`aws:MultiFactorAuthPresent`), which sessions of Identity Center do not: give people who
 * come from there a {@link PermissionSet} of their own.
 *
 * @throws Error when the account is none, no organisation is declared, or a session lasts longer than an hour
 * @example
 * new InvestigationRole(workloadStack, 'Investigators', { securityAccount: '444455556666' });
 */
export class InvestigationRole extends Role {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('InvestigationRole', 'INC-11', 'IDA-14', { control: 'LPA-03', from: 'high' });

  /** Name of the role where nobody says otherwise. */
  static readonly NAME = 'palisade-investigation';

  constructor(scope: Construct, id: string, props: InvestigationRoleProps) {
    profileOf(scope);
    const { securityAccount, roleName = InvestigationRole.NAME, maxSessionDuration = Duration.hours(1) } = props;
    const where = `${scope.node.path}/${id}`;
    if (!/^\d{12}$/.test(securityAccount))
      throw new Error(`${where}: securityAccount is "${securityAccount}"; write the twelve digits of an account (INC-11)`);
    if (maxSessionDuration.toSeconds() > 3600)
      throw new Error(`${where}: maxSessionDuration is ${maxSessionDuration.toHumanString()}; investigators stay at most an hour (IDA-14)`);
    const organisation = organisationOf(scope);
    if (!organisation)
      throw new Error(
        `${where}: investigators come from an account of the organisation, which nothing names; call declareOrganisation first (LPA-10)`,
      );
    super(scope, id, {
      roleName,
      description: 'Investigators of incidents look, and change nothing; bound by the confidentiality agreement for investigations',
      assumedBy: new AccountPrincipal(securityAccount).withConditions({
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
        StringEquals: { 'aws:PrincipalOrgID': organisation },
      }),
      maxSessionDuration,
      permissionsBoundary: boundaryOf(scope, props.permissionsBoundary),
    });
    this.addToPolicy(new PolicyStatement({ sid: 'Look', actions: LOOKS, resources: ['*'] }));
    const taken = tellOf(alarmsOf(this, props.alarms), `Investigation${this.node.addr.slice(-8)}`, `Somebody takes the role ${roleName}`, {
      source: ['aws.sts'],
      detailType: ['AWS API Call via CloudTrail'],
      detail: { eventSource: ['sts.amazonaws.com'], eventName: ['AssumeRole'], requestParameters: { roleArn: [this.roleArn] } },
    });
    // CloudTrail counts it among the events that only read, of which rules are told when they ask.
    (taken.node.defaultChild as CfnRule).state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  }
}

/** Props of {@link InvestigationGraph}. */
export interface InvestigationGraphProps {
  /**
   * Accounts that join the organisation come in by themselves; the stack then belongs into the account that administers
   * Detective for it.
   * @default false: the account alone, and members that are invited
   */
  readonly organisation?: boolean;
  /** Where alarms go. @default the alarm topic shared nearest above, else one made for the stack */
  readonly alarms?: ITopic;
}

/**
 * Detective: a year of what identities, hosts and stores did and with whom, ready to be looked through. Whoever deletes
 * it, or leaves members out, raises an alarm.
 *
 * Guarantees from the moderate tier on INC-13. Nothing of it can be relaxed.
 *
 * @example
 * new InvestigationGraph(securityStack, 'Graph', { organisation: true });
 */
export class InvestigationGraph extends Construct {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('InvestigationGraph', { control: 'INC-13', from: 'moderate' });

  /** ARN of the graph. */
  readonly graphArn: string;

  constructor(scope: Construct, id: string, props: InvestigationGraphProps = {}) {
    profileOf(scope);
    super(scope, id);
    const graph = new CfnGraph(this, 'Resource', props.organisation ? { autoEnableMembers: true } : {});
    this.graphArn = graph.attrArn;
    watchCalls(alarmsOf(this, props.alarms), 'InvestigationGraphOff', 'The behaviour graph of Detective is deleted, or loses members', {
      'detective.amazonaws.com': ['DeleteGraph', 'DeleteMembers', 'DisassociateMembership', 'UpdateOrganizationConfiguration'],
    });
  }
}
