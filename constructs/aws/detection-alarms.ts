import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { claims } from '../contract';
import { alarmsOf } from './detection';
import { profileOf } from './profile';

const calls = (...names: readonly string[]): string => `{ ${names.map((name) => `($.eventName = ${name})`).join(' || ')} }`;
const callsOf = (service: string, ...names: readonly string[]): string =>
  `{ ($.eventSource = ${service}.amazonaws.com) && (${names.map((name) => `($.eventName = ${name})`).join(' || ')}) }`;

/** What deserves a look whenever it happens: the monitoring section of CIS AWS Foundations, on records of CloudTrail. */
const SIGNALS: Readonly<Record<string, { readonly what: string; readonly pattern: string; readonly times?: number }>> = {
  RootUse: {
    what: 'The root user did something',
    pattern: '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
  },
  SignInWithoutMfa: {
    what: 'Somebody signed in to the console without a second factor',
    pattern:
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
  },
  SignInFailures: {
    what: 'Sign-in failed repeatedly',
    pattern: '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
    times: 5,
  },
  Unauthorised: {
    what: 'Calls were refused repeatedly',
    pattern: '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    times: 20,
  },
  Policies: {
    what: 'A policy or who carries it changed',
    pattern: callsOf(
      'iam',
      'AttachGroupPolicy',
      'AttachRolePolicy',
      'AttachUserPolicy',
      'CreatePolicyVersion',
      'DeleteRolePermissionsBoundary',
      'DeleteUserPermissionsBoundary',
      'PutGroupPolicy',
      'PutRolePolicy',
      'PutUserPolicy',
      'SetDefaultPolicyVersion',
      'UpdateAssumeRolePolicy',
    ),
  },
  Trails: { what: 'A trail changed', pattern: calls('CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging') },
  Keys: {
    what: 'A key was disabled or scheduled for deletion',
    pattern: callsOf('kms', 'DisableKey', 'ScheduleKeyDeletion'),
  },
  BucketPolicies: {
    what: 'Who may reach a bucket changed',
    pattern: callsOf(
      's3',
      'DeleteBucketCors',
      'DeleteBucketLifecycle',
      'DeleteBucketPolicy',
      'DeleteBucketReplication',
      'DeletePublicAccessBlock',
      'PutBucketAcl',
      'PutBucketCors',
      'PutBucketLifecycle',
      'PutBucketPolicy',
      'PutBucketReplication',
    ),
  },
  Recorder: {
    what: 'The recording of configuration changed',
    pattern: callsOf('config', 'DeleteDeliveryChannel', 'PutConfigurationRecorder', 'PutDeliveryChannel', 'StopConfigurationRecorder'),
  },
  SecurityGroups: {
    what: 'A security group changed',
    pattern: calls(
      'AuthorizeSecurityGroupEgress',
      'AuthorizeSecurityGroupIngress',
      'CreateSecurityGroup',
      'DeleteSecurityGroup',
      'ModifySecurityGroupRules',
      'RevokeSecurityGroupEgress',
      'RevokeSecurityGroupIngress',
    ),
  },
  NetworkAcls: {
    what: 'A network ACL changed',
    pattern: calls(
      'CreateNetworkAcl',
      'CreateNetworkAclEntry',
      'DeleteNetworkAcl',
      'DeleteNetworkAclEntry',
      'ReplaceNetworkAclAssociation',
      'ReplaceNetworkAclEntry',
    ),
  },
  Gateways: {
    what: 'A way out of a network changed',
    pattern: calls(
      'AttachInternetGateway',
      'CreateCustomerGateway',
      'CreateInternetGateway',
      'DeleteCustomerGateway',
      'DeleteInternetGateway',
      'DetachInternetGateway',
    ),
  },
  Routes: {
    what: 'A route changed',
    pattern: callsOf(
      'ec2',
      'CreateRoute',
      'CreateRouteTable',
      'DeleteRoute',
      'DeleteRouteTable',
      'DisassociateRouteTable',
      'ReplaceRoute',
      'ReplaceRouteTableAssociation',
    ),
  },
  Networks: {
    what: 'A network was made, joined to another or removed',
    pattern: calls(
      'AcceptVpcPeeringConnection',
      'CreateVpc',
      'CreateVpcPeeringConnection',
      'DeleteVpc',
      'DeleteVpcPeeringConnection',
      'ModifyVpcAttribute',
      'RejectVpcPeeringConnection',
    ),
  },
  Organisation: {
    what: 'The organisation changed',
    pattern: callsOf(
      'organizations',
      'AcceptHandshake',
      'AttachPolicy',
      'CreateAccount',
      'CreatePolicy',
      'DeleteOrganization',
      'DeletePolicy',
      'DetachPolicy',
      'DisablePolicyType',
      'LeaveOrganization',
      'MoveAccount',
      'RemoveAccountFromOrganization',
      'UpdatePolicy',
    ),
  },
  Regions: { what: 'A region was switched on', pattern: callsOf('account', 'EnableRegion') },
};

/** Props of {@link SecurityAlarms}. */
export interface SecurityAlarmsProps {
  /** Log group that receives the records of CloudTrail: `trail.logGroup`. */
  readonly records: ILogGroup;
  /** Where alarms go. @default the alarm topic shared nearest above, else one made for the stack */
  readonly alarms?: ITopic;
}

/**
 * An alarm for each event that deserves a look whenever it happens: use of the root user, sign-in without a second
 * factor, refused calls in numbers, and changes to policies, trails, keys, bucket policies, the recorder, security
 * groups, network ACLs, gateways, routes, networks, the organisation and its regions.
 *
 * Guarantees MON-04 and MON-05. Nothing of it can be relaxed.
 *
 * @example
 * const trail = new SecureTrail(stack, 'Trail');
 * new SecurityAlarms(stack, 'SecurityAlarms', { records: trail.logGroup });
 */
export class SecurityAlarms extends Construct {
  /** The controls that it makes true. */
  static readonly claims = claims('SecurityAlarms', 'MON-04', 'MON-05');

  constructor(scope: Construct, id: string, props: SecurityAlarmsProps) {
    profileOf(scope);
    super(scope, id);
    const alarms = alarmsOf(this, props.alarms);
    for (const [name, { what, pattern, times = 1 }] of Object.entries(SIGNALS)) {
      const filter = new MetricFilter(this, name, {
        logGroup: props.records,
        filterPattern: FilterPattern.literal(pattern),
        metricNamespace: `Palisade/${this.node.path}`,
        metricName: name,
        metricValue: '1',
      });
      filter
        .metric({ statistic: 'Sum' })
        .createAlarm(filter, 'Alarm', {
          alarmDescription: what,
          comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
          threshold: times,
          evaluationPeriods: 1,
          treatMissingData: TreatMissingData.NOT_BREACHING,
        })
        .addAlarmAction(new SnsAction(alarms));
    }
  }
}
